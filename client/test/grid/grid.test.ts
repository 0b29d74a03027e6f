// @vitest-environment happy-dom
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { loadReader } from "../../src/commands/reader";
import { Grid } from "../../src/grid/grid";
import { translator } from "../../src/i18n/t";
import type { Plain } from "../../src/model/types";
import { column, FakePresence, FakeTable, option } from "./support/fakeTable";
import { type Field, press, settled, type } from "./support/typing";

const columns = [
  column("intitule", "text"),
  column("etat", "choice", { options: [option("brouillon", "brouillon"), option("publiee", "publiée")] }),
  column("themes", "choices", {
    options: [option("eau", "Eau"), option("terre", "Terre"), option("air", "Air")],
  }),
  column("jours", "duration"),
  column("debut", "date"),
  column("tarifs", "prices"),
  column("url", "url"),
];
let table: FakeTable;
let presence: FakePresence;
let grid: Grid;
let opened: string[];
let notices: string[];

const frame = () => vi.advanceTimersByTime(50);
const active = () => document.activeElement as HTMLElement;
const place = () => {
  const cell = active().closest<HTMLElement>(".cell");
  return cell === null
    ? active().id
    : `${cell.parentElement?.dataset.row ?? "header"} ${cell.dataset.column}`;
};
const cellOf = (row: string, column: string) =>
  grid.element.querySelector<HTMLElement>(`[data-row="${row}"] > [data-column="${column}"]`);
const value = (row: string, column: string) => table.cell(row, column).value;
const keys = (...names: string[]) => {
  for (const name of names) {
    const parts = name.split("+");
    press(active(), parts.at(-1) ?? "", {
      ctrlKey: parts.includes("Ctrl"),
      shiftKey: parts.includes("Shift"),
      altKey: parts.includes("Alt"),
    });
  }
};
/** Begins to write over a cell: the browser puts the first letter into the field that opened. */
const write = (words: string) => {
  press(active(), words[0] ?? "");
  type(active() as Field, words);
};
const said = () => {
  vi.advanceTimersByTime(1_000);
  return grid.element.parentElement?.querySelector(".grid-said")?.textContent ?? "";
};

function start(rows: readonly Readonly<Record<string, Plain>>[]): void {
  document.body.innerHTML =
    '<a href="#a" id="before">a</a><main id="host"></main><a href="#b" id="after">b</a>';
  // Nothing has a place in a document that is not laid out: for the focus, everything is seen.
  vi.spyOn(HTMLElement.prototype, "getClientRects").mockReturnValue([{}] as unknown as DOMRectList);
  table = new FakeTable(columns, rows);
  presence = new FakePresence();
  [opened, notices] = [[], []];
  grid = new Grid(document.querySelector<HTMLElement>("#host") ?? document.body, {
    table,
    presence,
    t: translator("fr"),
    label: "Formations",
    onOpenRow: (row) => opened.push(row),
    onHelp: () => opened.push("help"),
    onNotice: (words) => notices.push(words),
  });
  grid.focus();
}

beforeAll(async () => {
  await loadReader(translator("fr"));
});

beforeEach(() => {
  vi.useFakeTimers();
  start([
    { intitule: "Concertation", etat: "brouillon", jours: 3 },
    { intitule: "Animation", etat: "publiee", jours: 1 },
    { intitule: "Médiation", etat: "brouillon", jours: 2 },
  ]);
});
afterEach(() => {
  grid.end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what a screen reader is told", () => {
  it("is a labelled grid with its true size, its headers and the names of its rows", () => {
    const { element } = grid;

    expect(element.getAttribute("role")).toBe("grid");
    expect(element.getAttribute("aria-label")).toBe("Formations");
    expect(element.getAttribute("aria-rowcount")).toBe("4");
    expect(element.getAttribute("aria-colcount")).toBe("7");
    expect(element.querySelectorAll("[role=columnheader]")).toHaveLength(7);
    expect(cellOf("r0", "intitule")?.getAttribute("role")).toBe("rowheader");
    expect(cellOf("r0", "etat")?.getAttribute("aria-colindex")).toBe("2");
    expect(cellOf("r2", "etat")?.parentElement?.getAttribute("aria-rowindex")).toBe("4");
  });

  it("is one stop of the Tab key", () => {
    keys("ArrowDown", "ArrowRight");

    expect(grid.element.querySelectorAll('.cell[tabindex="0"]')).toHaveLength(1);
    expect(active().tabIndex).toBe(0);
  });

  it("is which cells are locked, doubtful, or being written by others", () => {
    table.locked.add("etat");
    table.byAnother(() => table.setValue("r0", "url", "exemple"));
    table.byAnother(() => table.setValue("r0", "etat", "publiee"));
    presence.put({ name: "Léa", at: { row: "r1", column: "intitule", editing: true } });
    frame();

    expect(cellOf("r0", "etat")?.getAttribute("aria-readonly")).toBe("true");
    expect(cellOf("r0", "url")?.getAttribute("aria-invalid")).toBe("true");
    expect(cellOf("r1", "intitule")?.getAttribute("aria-description")).toBe("Léa modifie");
    expect(said()).toBe("");
  });

  it("draws only a window of many rows, and still says how many there are", () => {
    grid.end();
    start(Array.from({ length: 5_000 }, (_, at) => ({ intitule: `n° ${at}` })));

    expect(grid.element.querySelectorAll(".grid-body [role=row]").length).toBeLessThan(40);
    expect(grid.element.getAttribute("aria-rowcount")).toBe("5001");
    keys("Ctrl+End");
    expect(place()).toBe("r4999 url");
    expect(active().parentElement?.getAttribute("aria-rowindex")).toBe("5001");
  });
});

describe("the keyboard", () => {
  it("sorts on a header and stays there", () => {
    keys("ArrowUp", "Enter");

    expect(place()).toBe("header intitule");
    expect(active().getAttribute("aria-sort")).toBe("ascending");
    expect(grid.rows).toEqual(["r1", "r0", "r2"]);
    expect(said()).toContain("Trié par intitule, croissant");
    keys("Enter", "Enter");
    expect(grid.rows).toEqual(["r0", "r1", "r2"]);
  });

  it("goes back, after Enter, to the column where a run of Tabs began", () => {
    write("Un");
    keys("Tab");
    expect(place()).toBe("r0 etat");
    keys("Tab", "Tab");
    write("5");
    keys("Enter");

    expect(place()).toBe("r1 intitule");
    expect(value("r0", "jours")).toBe(5);
  });

  it("moves on with arrows from a quick edit, and inside the words in a full one", async () => {
    write("Z");
    keys("ArrowDown");
    await settled();
    expect([place(), value("r0", "intitule")]).toEqual(["r1 intitule", "Z"]);

    keys("F2", "ArrowLeft");
    expect(active().tagName).toBe("TEXTAREA");
  });

  it("leaves the grid with F6, and with a second Escape", () => {
    keys("F6");
    expect(active().id).toBe("after");
    grid.focus();
    keys("Shift+ArrowDown", "Escape");
    expect(grid.desk.selection.single).toBe(true);
    keys("Escape");
    expect(active().id).toBe("after");
  });

  it("does not count an Escape that came before something else", () => {
    keys("Escape", "ArrowDown", "Escape");

    expect(place()).toBe("r1 intitule");
  });

  it("opens the row with Space and the help with Ctrl+/", () => {
    keys("ArrowDown", " ", "Ctrl+/");

    expect(opened).toEqual(["r1", "help"]);
  });

  it("clears, fills and undoes as single steps, and goes where it undid", () => {
    keys("ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Ctrl+d");
    expect(["r0", "r1", "r2"].map((row) => value(row, "etat"))).toEqual([
      "brouillon",
      "brouillon",
      "brouillon",
    ]);
    keys("Delete");
    expect(["r0", "r1", "r2"].map((row) => value(row, "etat"))).toEqual([null, null, null]);

    keys("Ctrl+Home", "Ctrl+z");
    expect(place()).toBe("r0 etat");
    keys("Ctrl+Home", "Ctrl+z");
    expect([place(), value("r1", "etat")]).toEqual(["r1 etat", "publiee"]);
    keys("Ctrl+z");
    expect(said()).toContain("Rien à annuler");
  });

  it("adds a row below and bins the rows selected", () => {
    keys("Ctrl+Alt+=");
    expect(place()).toBe("r3 intitule");
    expect(grid.rows).toEqual(["r0", "r3", "r1", "r2"]);

    keys("Ctrl+Delete");
    expect(grid.rows).toEqual(["r0", "r1", "r2"]);
    expect(place()).toBe("r1 intitule");
    expect(notices).toEqual([expect.stringContaining("1 ligne mise à la corbeille")]);
  });

  it("cannot open what the person may not write, and says so", () => {
    table.locked.add("etat");
    keys("ArrowRight", "Enter");

    expect(active().classList.contains("cell")).toBe(true);
    expect(notices).toEqual(["Vous ne pouvez pas modifier cette cellule."]);
  });
});

describe("editors", () => {
  it("of numbers and dates keep what they cannot read, and say so", () => {
    grid.goTo("r0", "jours");
    write("bientôt");
    keys("Tab");
    write("09/2026");
    keys("Enter");

    expect(table.cell("r0", "jours")).toEqual({ value: null, said: "bientôt" });
    expect(notices).toEqual(["Ce n’est pas une durée\u00a0: rien n’est rempli, vos mots sont gardés"]);
    expect(value("r0", "debut")).toBe("2026-09");
    expect(cellOf("r0", "jours")?.textContent).toBe("bientôt");
  });

  it("of a value changed by another keep both in sight", () => {
    grid.goTo("r0", "jours");
    keys("Enter");
    type(active() as Field, "0");
    table.byAnother(() => table.setValue("r0", "jours", 7));

    expect(grid.element.querySelector(".editor-note")?.textContent).toContain("Changé entre-temps\u00a0: 7");
    keys("Escape");
    expect(value("r0", "jours")).toBe(7);
  });

  it("that nobody wrote in follow what others write, and leave it alone", () => {
    grid.goTo("r0", "jours");
    keys("Enter");
    table.byAnother(() => table.setValue("r0", "jours", 7));

    expect((active() as Field).value).toBe("7");
    keys("Enter");
    expect(value("r0", "jours")).toBe(7);
    expect(table.canUndo()).toBe(false);
  });

  it("that nobody wrote in leave the person's own words alone", () => {
    table.setSaid("r0", "jours", "environ 3");
    table.endStep();
    grid.goTo("r0", "jours");
    keys("Enter");

    expect((active() as Field).value).toBe("3");
    expect(grid.element.querySelector(".editor-note")?.textContent).toContain("environ 3");
    keys("Enter");
    expect(table.cell("r0", "jours")).toEqual({ value: 3, said: "environ 3" });
  });

  it("say what will be understood of what is being written, and Escape gives it up", () => {
    grid.goTo("r0", "jours");
    write("2,5 j");

    const note = grid.element.querySelector(".editor-note");
    expect(note?.textContent).toBe("2,5 j → 2,5 jours");
    expect([note?.getAttribute("aria-live"), note?.id]).toEqual([
      "polite",
      active().getAttribute("aria-describedby"),
    ]);
    keys("Escape");
    expect(table.cell("r0", "jours")).toEqual({ value: 3, said: null });
  });

  it("of prices edit them as words, and make items of these", () => {
    table.setValue("r0", "tarifs", { a: { montant: 300, devise: "EUR" } });
    grid.goTo("r0", "tarifs");
    keys("Enter");
    type(active() as Field, " par personne");
    keys("Enter");

    expect(table.cell("r0", "tarifs")).toEqual({
      value: { a: { montant: 300, devise: "EUR", unite: "personne" } },
      said: "300 € par personne",
    });
  });

  it("of a choice find an option by its letters, and tell which one by aria-activedescendant", () => {
    grid.goTo("r0", "etat");
    write("publi");

    const stands = document.querySelector(`#${active().getAttribute("aria-activedescendant")}`);
    expect(stands?.textContent).toBe("publiée");
    keys("Enter");
    expect([value("r0", "etat"), place()]).toEqual(["publiee", "r1 etat"]);
  });

  it("of a choice empty it when its words are", () => {
    grid.goTo("r0", "etat");
    keys("Enter");
    const field = active() as Field;
    field.value = "";
    field.dispatchEvent(new Event("input"));
    keys("Enter");

    expect(value("r0", "etat")).toBeNull();
  });

  it("of several choices leave alone what others ticked meanwhile", () => {
    grid.goTo("r0", "themes");
    keys("Enter", " ");
    table.byAnother(() => table.setValue("r0", "themes", { air: true }));
    keys("ArrowDown", " ", "Enter");

    expect(value("r0", "themes")).toEqual({ air: true, eau: true, terre: true });
  });

  it("keep the cell they were opened in when rows move, and the row when it is binned", async () => {
    keys("ArrowDown", "Enter");
    await settled();
    const field = active() as Field;
    table.byAnother(() => table.addRow("r0"));
    frame();
    type(field, "!");
    expect([active(), value("r1", "intitule")]).toEqual([field, "Animation!"]);

    table.byAnother(() => table.setBinned(["r1"], true));
    frame();
    type(field, "?");
    expect([active(), value("r1", "intitule")]).toEqual([field, "Animation!?"]);
    expect(notices.join()).toContain("corbeille");
    keys("Enter");
    expect(grid.rows).toEqual(["r0", "r3", "r2"]);
    expect(active().classList.contains("cell")).toBe(true);
  });

  it("hold their row in a sorted list until it is left", () => {
    grid.setQuery({ sort: [{ column: "jours", direction: "ascending" }] });
    grid.goTo("r1", "jours");
    write("9");
    keys("Tab");
    vi.advanceTimersByTime(500);
    expect(grid.rows).toEqual(["r1", "r2", "r0"]);

    keys("ArrowDown");
    expect(grid.rows).toEqual(["r2", "r0", "r1"]);
    expect(place()).toBe("r2 debut");
  });
});

describe("the others", () => {
  it("change what is seen without taking the focus", () => {
    keys("ArrowDown");
    table.byAnother(() => table.setText("r0", "intitule", "Concertations"));
    frame();

    expect(cellOf("r0", "intitule")?.textContent).toContain("Concertations");
    expect(place()).toBe("r1 intitule");
  });

  it("may bin the row one stands on: one stands on the next, and hears it", () => {
    keys("ArrowDown");
    table.byAnother(() => table.setBinned(["r1"], true));
    frame();

    expect(place()).toBe("r2 intitule");
    expect(said()).toContain("mise à la corbeille");
  });

  it("are told where one is, whether one writes, and when one is gone", () => {
    keys("ArrowDown", "ArrowRight");
    expect(presence.told).toEqual({ row: "r1", column: "etat", editing: false });
    keys("Enter");
    expect(presence.told).toEqual({ row: "r1", column: "etat", editing: true });
    keys("Escape");
    expect(presence.told).toEqual({ row: "r1", column: "etat", editing: false });
    keys("F6");
    expect(presence.told).toBeNull();
  });

  it("are shown with their names, not by colour alone", () => {
    presence.put(
      { name: "Léa", at: { row: "r0", column: "etat", editing: false } },
      { name: "Moi", self: true, at: { row: "r1", column: "etat", editing: false } },
    );

    expect(cellOf("r0", "etat")?.querySelector(".peer-tag")?.textContent).toBe("Léa");
    expect(cellOf("r1", "etat")?.querySelector(".peer-tag")).toBeNull();
    presence.put();
    expect(cellOf("r0", "etat")?.querySelector(".peer-tag")).toBeNull();
  });
});

describe("searching", () => {
  it("shows what is found and says how many", () => {
    grid.setQuery({ search: "mediation" });

    expect(grid.rows).toEqual(["r2"]);
    expect(grid.count).toEqual({ shown: 1, total: 3 });
    expect(said()).toBe("1 ligne trouvée.");
  });

  it("does not hide the row that one just added, until it is left", () => {
    grid.setQuery({ search: "concertation" });
    grid.run("add-row");
    expect([place(), grid.rows]).toEqual(["r3 intitule", ["r0", "r3"]]);

    keys("ArrowUp");
    expect(grid.rows).toEqual(["r0"]);
  });

  it("that finds nothing leaves the keyboard on the headers, until there is a row again", () => {
    grid.setQuery({ search: "zzz" });

    expect(place()).toBe("header intitule");
    expect(document.querySelector(".grid-empty")?.textContent).toBe("Aucune ligne à montrer.");
    grid.setQuery({ search: "" });
    expect(place()).toBe("r0 intitule");
  });
});
