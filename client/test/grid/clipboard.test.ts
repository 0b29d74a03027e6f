// @vitest-environment happy-dom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyOf } from "../../src/commands/copying/copy";
import { fromHtml } from "../../src/commands/copying/htmlTable";
import { paste, planPaste, readClipboard } from "../../src/commands/copying/paste";
import { fromTsv, toTsv } from "../../src/commands/copying/tsv";
import type { CellRef, Plain } from "../../src/model/types";
import { column, FakeTable, option } from "./support/fakeTable";

const WORDS = [
  "",
  " avant et après ",
  '"',
  'a"b',
  '"a""b"',
  "a\tb",
  "a\nb",
  "=1+1",
  "007",
  "1 234,50 €",
  "2026-11-21",
  "21/11/2026",
  "🌳👩‍🌾",
  "é",
  "e\u0301",
  "un\ndeux\ntrois",
  "https://exemple.org/?a=1&b=<2>",
  "Eau ; Terre",
  "<b>gras</b> &amp;",
];

describe("lines of words", () => {
  // Two cells that are a lone quote look like one quoted cell: only the table flavour can tell them apart.
  it.each(WORDS.filter((words) => words !== '"'))("come back: %j", (words) => {
    expect(
      fromTsv(
        toTsv([
          [words, "x"],
          ["y", words],
        ]),
      ),
    ).toEqual([
      [words, "x"],
      ["y", words],
    ]);
  });

  it("come back whatever they hold, for what does not begin with a quote", () => {
    const cell = fc
      .string({ unit: fc.constantFrom("a", "\t", "\n", '"', " ", "é") })
      .filter((words) => !words.startsWith('"'));
    const block = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([height, width]) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: height,
          maxLength: height,
        }),
      );

    fc.assert(
      fc.property(block, (lines) => {
        expect(fromTsv(`${toTsv(lines)}\r\n`)).toEqual(lines);
      }),
    );
  });

  it("lose exactly one final line end, and no empty cell", () => {
    expect(fromTsv("a\tb\t\r\nc\t\t\r\n")).toEqual([
      ["a", "b", ""],
      ["c", "", ""],
    ]);
    expect(fromTsv("a\n\n")).toEqual([["a"], [""]]);
  });

  it("are read with any line end, a mark of order, and bare quotes", () => {
    expect(fromTsv('\ufeffa\rb\n"c"\td "e"')).toEqual([
      ["a", ""],
      ["b", ""],
      ['"c"', 'd "e"'],
    ]);
  });
});

describe("tables of other programs", () => {
  const words = (html: string) => fromHtml(html, 1000)?.map((line) => line.map((cell) => cell.words));

  it("keep the lines of a cell in the cell", () => {
    expect(words("<table><tr><td>un<br>deux</td><td><p>a</p><p>b</p></td></tr></table>")).toEqual([
      ["un\ndeux", "a\nb"],
    ]);
  });

  it("have their source's line ends and spaces folded", () => {
    expect(words("<table>\n<tr>\n <td>\n  un\n   deux&nbsp;trois\n</td></tr></table>")).toEqual([
      ["un deux trois"],
    ]);
  });

  it("have their spans opened", () => {
    const html =
      "<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr></table>";

    expect(words(html)).toEqual([
      ["a", "b", ""],
      ["", "c", "d"],
    ]);
  });

  it("cannot claim more cells than we take", () => {
    const row = "<tr><td rowspan=9999 colspan=9999>x</td></tr>";

    const cells = fromHtml(`<table>${row.repeat(20)}</table>`, 1000)?.flat() ?? [];

    expect(cells.length).toBeLessThan(60_000);
  });

  it("are not looked for where there are none", () => {
    expect(fromHtml("<p>mots</p>", 10)).toBeNull();
  });
});

const columns = [
  column("intitule", "text"),
  column("themes", "choices", { options: [option("eau", "Eau"), option("terre", "Terre")] }),
  column("jours", "duration"),
  column("debut", "date"),
  column("tarifs", "prices"),
  column("url", "url"),
  column("cpf", "boolean"),
];
const ids = columns.map(({ id }) => id);
const lines = (table: FakeTable): CellRef[][] =>
  table.rowIds().map((row) => ids.map((column) => ({ row, column })));

describe("our own cells", () => {
  const rows: Record<string, Plain>[] = WORDS.map((intitule, at) => ({
    intitule,
    themes: at % 2 === 0 ? { eau: true, terre: true } : null,
    jours: 1234.5,
    debut: "2026-09",
    tarifs: { a: { montant: 12500, devise: "EUR" } },
    url: "https://exemple.org",
    cpf: false,
  }));

  // Items get ids of their new cell.
  const itemsOf = (table: FakeTable, row: string, id: string) => {
    const value = table.cell(row, id).value ?? "";
    return id === "tarifs" ? Object.values(value) : value;
  };

  it("come back as they were, through the table that keeps what they are", () => {
    const source = new FakeTable(columns, rows);
    const target = new FakeTable(
      columns,
      rows.map(() => ({})),
    );
    const { html, text } = copyOf(lines(source), source, "fr");

    const plan = planPaste(
      readClipboard(html, text),
      { top: 0, bottom: 0, left: 0, right: 0 },
      {
        rows: target.rowIds(),
        columns: ids,
      },
    );
    paste(target, plan);

    for (const { row, column } of lines(source).flat()) {
      expect(itemsOf(target, row, column)).toEqual(itemsOf(source, row, column));
    }
  });

  it("come back by their words alone, but for items of lists", () => {
    const source = new FakeTable(columns, rows);
    const target = new FakeTable(
      columns,
      rows.map(() => ({})),
    );
    const { text } = copyOf(lines(source), source, "fr");

    const plan = planPaste(
      readClipboard("", text),
      { top: 0, bottom: 0, left: 0, right: 0 },
      {
        rows: target.rowIds(),
        columns: ids,
      },
    );
    const done = paste(target, plan);

    expect(done.unread).toBe(0);
    for (const { row, column } of lines(source).flat()) {
      if (column === "tarifs") expect(target.cell(row, column).said).toBe("12500 €");
      else expect(target.cell(row, column).value ?? "").toEqual(source.cell(row, column).value ?? "");
    }
  });

  it("are read by their words where somebody forged them", () => {
    const target = new FakeTable(columns, [{}]);
    const forged = JSON.stringify({ value: { hack: true }, said: null }).replaceAll('"', "&quot;");
    const html = `<table data-tablee="1"><tr><td data-tablee-kind="choices" data-tablee-cell="${forged}">Eau</td></tr></table>`;

    const plan = planPaste(
      readClipboard(html, "Eau"),
      { top: 0, bottom: 0, left: 1, right: 1 },
      {
        rows: target.rowIds(),
        columns: ids,
      },
    );
    paste(target, plan);

    expect(target.cell("r0", "themes")).toEqual({ value: { eau: true }, said: null });
  });
});

describe("where a block goes", () => {
  const field = { rows: ["r0", "r1", "r2", "r3"], columns: ["a", "b", "c"] };
  const block = (...rows: string[][]) => rows.map((row) => row.map((words) => ({ words })));
  const places = (plan: ReturnType<typeof planPaste>) =>
    plan.cells.map(({ row, column, copied }) => `${row}${column}=${copied.words}`);

  it("one cell fills the selection", () => {
    const plan = planPaste(block(["x"]), { top: 1, bottom: 2, left: 0, right: 1 }, field);

    expect(places(plan)).toEqual(["r1a=x", "r1b=x", "r2a=x", "r2b=x"]);
  });

  it("a block repeats in a multiple of itself, else starts top left", () => {
    const two = block(["x"], ["y"]);

    expect(places(planPaste(two, { top: 0, bottom: 3, left: 0, right: 0 }, field))).toEqual([
      "r0a=x",
      "r1a=y",
      "r2a=x",
      "r3a=y",
    ]);
    expect(places(planPaste(two, { top: 0, bottom: 2, left: 0, right: 0 }, field))).toEqual([
      "r0a=x",
      "r1a=y",
    ]);
  });

  it("goes into new rows past the end, and stops at the last column", () => {
    const plan = planPaste(block(["x", "y"], ["z", "w"]), { top: 3, bottom: 3, left: 2, right: 2 }, field);

    expect(places(plan)).toEqual(["r3c=x", "0c=z"]);
    expect(plan).toMatchObject({ newRows: 1, cutOff: 1 });
  });
});

describe("a paste", () => {
  const at = { top: 0, bottom: 0, left: 0, right: 0 };

  it("is one step of undo, new rows included", () => {
    const table = new FakeTable(columns, [{ intitule: "avant" }]);
    const plan = planPaste(readClipboard("", "un\ndeux"), at, { rows: table.rowIds(), columns: ids });

    paste(table, plan);

    expect(table.rowIds().map((row) => table.cell(row, "intitule").value)).toEqual(["un", "deux"]);
    table.undo();
    expect(table.cell("r0", "intitule").value).toBe("avant");
    expect(table.rowIds()).toEqual(["r0"]);
  });

  it("writes what it may and counts what it may not", () => {
    const table = new FakeTable(columns, [{}, {}]);
    table.locked.add("r1/intitule");
    const plan = planPaste(readClipboard("", "un\ndeux"), at, { rows: table.rowIds(), columns: ids });

    expect(paste(table, plan)).toMatchObject({ written: 1, refused: 1 });
    expect(table.cell("r1", "intitule").value).toBeNull();
  });

  it("keeps the words that a column cannot read, and counts them", () => {
    const table = new FakeTable(columns, [{ jours: 3 }]);
    const plan = planPaste(
      readClipboard("", "bientôt"),
      { ...at, left: 2, right: 2 },
      {
        rows: table.rowIds(),
        columns: ids,
      },
    );

    expect(paste(table, plan).unread).toBe(1);
    expect(table.cell("r0", "jours")).toEqual({ value: null, said: "bientôt" });
  });

  it("goes before what the words of another cell say of its own", () => {
    const days = [column("duree_jours", "duration"), column("duree_heures", "duration")];
    const table = new FakeTable(days, [{}, {}]);
    const plan = planPaste(
      readClipboard("", "1 jour (7 heures)\t14\n1 jour (7 heures)"),
      { top: 0, bottom: 0, left: 0, right: 0 },
      { rows: table.rowIds(), columns: ["duree_jours", "duree_heures"] },
    );

    expect(paste(table, plan)).toMatchObject({ written: 4, unread: 0 });
    expect(table.cell("r0", "duree_heures").value).toBe(14);
    table.undo();
    expect(table.cell("r0", "duree_jours").value).toBeNull();
  });

  it("fills empty cells beside it by the same words, and counts them", () => {
    const days = [column("duree_jours", "duration"), column("duree_heures", "duration")];
    const table = new FakeTable(days, [{}]);
    const plan = planPaste(
      readClipboard("", "1 jour (7 heures)"),
      { top: 0, bottom: 0, left: 0, right: 0 },
      { rows: table.rowIds(), columns: ["duree_jours", "duree_heures"] },
    );

    expect(paste(table, plan)).toMatchObject({ written: 1, also: 1 });
    expect(table.cell("r0", "duree_heures").value).toBe(7);
  });
});
