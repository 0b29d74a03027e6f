import { describe, expect, it } from "vitest";
import { webAddress } from "../../src/view/address";
import { doubtOf } from "../../src/view/doubt";
import { fold } from "../../src/view/fold";
import { EVERYTHING, Shown } from "../../src/view/shown";
import { sortRows } from "../../src/view/sort";
import { column, FakeTable, option } from "../grid/support/fakeTable";

const columns = [
  column("intitule", "text"),
  column("jours", "duration"),
  column("etat", "choice", { options: [option("brouillon", "brouillon"), option("archivee", "archivée")] }),
];
const titles = (table: FakeTable, rows: readonly string[]) =>
  rows.map((row) => table.cell(row, "intitule").value);
const sorted = (table: FakeTable, column: string, direction: "ascending" | "descending" = "ascending") =>
  titles(table, sortRows(table.rowIds(), [{ column, direction }], table, "fr"));

describe("folding", () => {
  it.each([
    ["Élu·es", "elues"],
    ["Œuvre", "oeuvre"],
    ["L’Orage", "l'orage"],
    ["E\u0301te\u0301", "ete"],
    ["ﬁn", "fin"],
  ])("%s is %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe("search", () => {
  const table = new FakeTable(columns, [
    { intitule: "L’élu·e et l'eau", jours: 2.5, etat: "brouillon" },
    { intitule: "Œuvrer ensemble", jours: 12, etat: "archivee" },
  ]);
  const found = (search: string) => {
    const shown = new Shown(table, "fr");
    shown.ask({ ...EVERYTHING, search });
    shown.refresh(null);
    return shown.rows;
  };

  it("finds all the words in any column and order, without accents", () => {
    expect(found("EAU elue")).toEqual(["r0"]);
    expect(found("archivee oeuvrer")).toEqual(["r1"]);
    expect(found("2,5")).toEqual(["r0"]);
    expect(found("l’eau")).toEqual(["r0"]);
  });

  it("finds nothing where one word is missing", () => {
    expect(found("eau forêt")).toEqual([]);
  });

  it("lets everything through when nothing is asked", () => {
    expect(found("  ")).toEqual(["r0", "r1"]);
  });

  it("sees what was written since", () => {
    const other = new FakeTable(columns, [{ intitule: "Avant" }]);
    const shown = new Shown(other, "fr");
    other.onChange((change) => shown.concerns(change));
    shown.ask({ ...EVERYTHING, search: "après" });
    shown.refresh(null);

    other.setText("r0", "intitule", "Après");
    shown.refresh(null);

    expect(shown.rows).toEqual(["r0"]);
  });
});

describe("sorting", () => {
  it("is French, and counts numbers in words", () => {
    const words = ["Zoo", "été 10", "Été 9", "côte", "coté", "œuf", ""].map((intitule) => ({ intitule }));

    expect(sorted(new FakeTable(columns, words), "intitule")).toEqual([
      "côte",
      "coté",
      "Été 9",
      "été 10",
      "œuf",
      "Zoo",
      "",
    ]);
  });

  it("puts empty cells last both ways, and keeps the shared order among equals", () => {
    const table = new FakeTable(columns, [
      { intitule: "a", jours: null },
      { intitule: "b", jours: 10 },
      { intitule: "c", jours: 9 },
      { intitule: "d", jours: 10 },
    ]);

    expect(sorted(table, "jours")).toEqual(["c", "b", "d", "a"]);
    expect(sorted(table, "jours", "descending")).toEqual(["b", "d", "c", "a"]);
  });

  it("puts options in the order in which they are offered", () => {
    const table = new FakeTable(columns, [
      { intitule: "a", etat: "archivee" },
      { intitule: "b", etat: "brouillon" },
    ]);

    expect(sorted(table, "etat")).toEqual(["b", "a"]);
  });
});

describe("the row one is in", () => {
  const make = () => {
    const table = new FakeTable(
      columns,
      ["a", "b", "c", "d"].map((intitule) => ({ intitule })),
    );
    const shown = new Shown(table, "fr");
    shown.ask({ ...EVERYTHING, sort: [{ column: "intitule", direction: "ascending" }] });
    shown.refresh(null);
    return { table, shown };
  };

  it("stays in its place while it is held, and goes to its own when it is left", () => {
    const { table, shown } = make();

    table.setText("r1", "intitule", "zzz");
    shown.refresh("r1");

    expect(shown.rows).toEqual(["r0", "r1", "r2", "r3"]);
    shown.refresh(null);
    expect(shown.rows).toEqual(["r0", "r2", "r3", "r1"]);
  });

  it("stays behind its neighbour when rows come and go above", () => {
    const { table, shown } = make();

    table.setText("r2", "intitule", "zzz");
    table.setBinned(["r1"], true);
    table.setText(table.addRow(null), "intitule", "aa");
    shown.refresh("r2");

    expect(shown.rows).toEqual(["r0", "r2", "r4", "r3"]);
  });

  it("stays in spite of the search, and says that it strayed", () => {
    const { table, shown } = make();
    shown.ask({ ...shown.query, search: "b" });
    shown.refresh(null);

    table.setText("r1", "intitule", "zzz");
    shown.concerns({ cells: [{ row: "r1", column: "intitule" }], rows: false, columns: false, local: true });
    shown.refresh("r1");

    expect(shown.rows).toEqual(["r1"]);
    expect(shown.strayed).toBe("r1");
    expect(shown.matching).toBe(0);
  });
});

describe("doubts", () => {
  const doubt = (kind: "url" | "email" | "phone" | "code", value: string, id = "x") =>
    doubtOf({ value, said: null }, column(id, kind));

  it("are raised for what does not look like its kind", () => {
    expect(doubt("url", "exemple")).toBe("not-a-url");
    expect(doubt("email", "léa chez icpc")).toBe("not-an-email");
    expect(doubt("phone", "demander")).toBe("not-a-phone");
    expect(doubt("code", "73282932000075", "siret")).toBe("not-a-siret");
    expect(doubtOf({ value: null, said: "bientôt" }, column("debut", "date"))).toBe("unread");
  });

  it("are not raised for what does", () => {
    expect(doubt("url", "https://icpc.fr/formations?a=1")).toBeNull();
    expect(doubt("email", "formation@icpc.fr")).toBeNull();
    expect(doubt("phone", "+33 (0)1 23 45 67 89")).toBeNull();
    expect(doubt("code", "732 829 320 00074", "siret")).toBeNull();
    expect(doubt("code", "RNCP25266", "code_rncp")).toBeNull();
  });

  it("never let a script become a link", () => {
    expect(webAddress("javascript:alert(1)")).toBeNull();
    expect(webAddress("data:text/html,x")).toBeNull();
    expect(webAddress(" https://x.fr")).toBeNull();
  });
});
