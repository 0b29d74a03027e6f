import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import type { LocalEdit } from "../../src/model/intent";
import type { TableChange } from "../../src/model/types";
import { copyOf, DEBAT, EAU, inventory, Pair, tableOn } from "./inventory";

const titleOf = (table: Pair["lea"], row = EAU) => table.cell(row, "intitule").value;

describe("a table read from a document", () => {
  it("shows what an import brought, by the slots of its base", () => {
    const table = tableOn(inventory());

    expect(table.rowIds()).toEqual([EAU, DEBAT]);
    expect(table.cell(EAU, "duree_jours")).toEqual({ value: 2.5, said: "2 jours et demi" });
    expect(table.cell(EAU, "themes").value).toEqual({ eau: true });
    expect(table.cell(DEBAT, "themes").value).toBeNull();
    expect(table.columns().map(({ id }) => id)).toContain("intitule");
  });

  it("shows what was set since over the base, also when it was cleared", () => {
    const table = tableOn(inventory());

    table.setValue(EAU, "duree_jours", 3);
    table.setValue(DEBAT, "url", null);
    table.setSaid(EAU, "duree_jours", null);

    expect(table.cell(EAU, "duree_jours")).toEqual({ value: 3, said: null });
    expect(table.cell(DEBAT, "url").value).toBeNull();
  });

  it("never writes a half character or a NUL, which the server would refuse", () => {
    const table = tableOn(inventory());

    table.setText(EAU, "intitule", "a\0b\ud800");

    expect(titleOf(table)).toBe("ab\ufffd");
  });
});

describe("words that wait to be read", () => {
  it("are shown, and gone without a trace once they are let go", () => {
    const pair = new Pair();

    const release = pair.lea.holdWords(EAU, "duree_jours", "3,5 j");

    expect(pair.lea.cell(EAU, "duree_jours")).toEqual({ value: null, said: "3,5 j" });
    expect(pair.lea.isWaiting).toBe(true);
    expect(release()).toBe(true);
    expect(pair.lea.cell(EAU, "duree_jours").value).toBe(2.5);
    expect(pair.lea.canUndo()).toBe(false);
  });

  it("are kept as they are where the page goes first, and not read after all", () => {
    const pair = new Pair();
    const release = pair.lea.holdWords(EAU, "duree_jours", "3,5 j");

    pair.lea.flush();

    expect(release()).toBe(false);
    pair.meet();
    expect(pair.nour.cell(EAU, "duree_jours")).toEqual({ value: null, said: "3,5 j" });
  });

  it("of several in one cell, the last are shown", () => {
    const table = tableOn(inventory());
    const first = table.holdWords(EAU, "duree_jours", "3");
    table.holdWords(EAU, "duree_jours", "4");

    first();

    expect(table.cell(EAU, "duree_jours").said).toBe("4");
  });
});

describe("two people in one table", () => {
  it("keep both their words in one cell that was never edited before, once the server made its text", () => {
    const pair = new Pair();
    pair.lea.setText(EAU, "intitule", "Eau et débat");
    pair.lea.doc.transact(() => {
      const row = pair.lea.doc.getMap("rows").get(EAU) as Y.Map<unknown>;
      row.set("intitule", new Y.Text("Eau et débat"));
    }, "server");
    pair.meet();

    pair.lea.setText(EAU, "intitule", "L’eau et débat");
    pair.nour.setText(EAU, "intitule", "Eau et débat public");
    pair.meet();

    expect(titleOf(pair.lea)).toContain("L’");
    expect(titleOf(pair.lea)).toContain("public");
    expect(titleOf(pair.nour)).toBe(titleOf(pair.lea));
  });

  it("change different items of one list without losing one", () => {
    const pair = new Pair();

    pair.lea.setValue(EAU, "themes", { eau: true, debat: true });
    pair.nour.setValue(EAU, "themes", null);
    pair.meet();

    expect(pair.lea.cell(EAU, "themes").value).toEqual({ debat: true });
    expect(pair.nour.cell(EAU, "themes").value).toEqual({ debat: true });
  });

  it("change different cells of one row without losing one", () => {
    const pair = new Pair();

    pair.lea.setValue(EAU, "duree_jours", 4);
    pair.nour.setValue(EAU, "url", "https://exemple.fr/eau");
    pair.meet();

    expect(pair.lea.cell(EAU, "url").value).toBe("https://exemple.fr/eau");
    expect(pair.nour.cell(EAU, "duree_jours").value).toBe(4);
  });

  it("are told what changed, and by whom", () => {
    const pair = new Pair();
    const heard: TableChange[] = [];
    pair.nour.onChange((change) => heard.push(change));

    pair.lea.setValue(EAU, "duree_jours", 4);
    pair.meet();
    pair.nour.addRow(null);

    expect(heard[0]).toEqual({
      cells: [{ row: EAU, column: "duree_jours" }],
      rows: false,
      columns: false,
      local: false,
    });
    expect(heard[1]).toMatchObject({ rows: true, local: true });
  });
});

describe("undo", () => {
  it("takes back only mine, and lets the imported value show again", () => {
    const pair = new Pair();
    pair.lea.setValue(EAU, "duree_jours", 4);
    pair.nour.setValue(DEBAT, "duree_jours", 5);
    pair.meet();

    expect(pair.lea.undo()).toBe(true);
    pair.meet();

    expect(pair.nour.cell(EAU, "duree_jours").value).toBe(2.5);
    expect(pair.nour.cell(DEBAT, "duree_jours").value).toBe(5);
    expect(pair.lea.canUndo()).toBe(false);
  });

  it("says when nothing of mine is left to take back", () => {
    const pair = new Pair();
    pair.lea.setValue(EAU, "duree_jours", 4);
    pair.meet();
    pair.nour.setValue(EAU, "duree_jours", 5);
    pair.meet();

    expect(pair.lea.undo()).toBe(false);
    expect(pair.lea.cell(EAU, "duree_jours").value).toBe(5);
  });

  it("takes back my letters and leaves the text and the others' letters", () => {
    const pair = new Pair();
    pair.lea.setText(EAU, "intitule", "Eau et grand débat");
    pair.meet();
    pair.nour.setText(EAU, "intitule", "Eau et grand débat public");
    pair.meet();

    pair.lea.undo();
    pair.meet();

    expect(titleOf(pair.nour)).toBe("Eau et débat public");
    expect((pair.lea.doc.getMap("rows").get(EAU) as Y.Map<unknown>).get("intitule")).toBeInstanceOf(Y.Text);
  });

  it("puts a row that I added in the bin, where it can be restored, and redo takes it out", () => {
    const table = tableOn(inventory());
    const row = table.addRow(EAU);
    table.setText(row, "intitule", "Neuve");
    expect(table.rowIds()).toEqual([EAU, row, DEBAT]);

    expect(table.undo()).toBe(true);
    expect(table.rowIds()).toEqual([EAU, DEBAT]);
    expect(table.binnedRowIds()).toEqual([row]);
    expect(table.canUndo()).toBe(false);

    expect(table.redo()).toBe(true);
    expect(table.rowIds()).toEqual([EAU, row, DEBAT]);
    expect(table.cell(row, "intitule").value).toBe("Neuve");
  });

  it("keeps adding a row and filling it apart when the step was ended between", () => {
    const table = tableOn(inventory());
    const row = table.addRow(null);
    table.endStep();
    table.setValue(row, "duree_jours", 2);

    table.undo();
    expect(table.rowIds()).toContain(row);
    table.undo();

    expect(table.rowIds()).not.toContain(row);
    expect(table.canRedo()).toBe(true);
  });

  it("treats a whole paste as one step, rows and texts included", () => {
    const table = tableOn(inventory());
    let row = "";
    table.transact(() => {
      row = table.addRow(DEBAT);
      table.setText(row, "intitule", "Collée");
      table.setText(EAU, "intitule", "Eau");
      table.setValue(EAU, "duree_jours", 9);
    });
    expect(table.cell(row, "intitule").value).toBe("Collée");

    table.undo();

    expect(table.rowIds()).toEqual([EAU, DEBAT]);
    expect(titleOf(table)).toBe("Eau et débat");
    expect(table.cell(EAU, "duree_jours").value).toBe(2.5);
  });
});

describe("a transaction", () => {
  it("reads its own writes, and adds rows in the order in which they were asked for", () => {
    const table = tableOn(inventory());
    const rows: string[] = [];

    table.transact(() => {
      rows.push(table.addRow(EAU));
      rows.push(table.addRow(rows[0] ?? null));
      table.setValue(EAU, "duree_jours", 7);
      expect(table.cell(EAU, "duree_jours").value).toBe(7);
    });

    expect(table.rowIds()).toEqual([EAU, ...rows, DEBAT]);
  });

  it("sends what it made and what it wrote as two updates, however many cells", () => {
    const table = tableOn(inventory());
    const edits: LocalEdit[] = [];
    table.edits.on((edit) => edits.push(edit));

    table.transact(() => {
      for (const row of [EAU, DEBAT]) {
        table.setText(row, "intitule", `${row} bis`);
        table.setValue(row, "duree_jours", 8);
      }
    });

    expect(edits.length).toBe(2);
    expect(edits[1]?.intents).toContainEqual({
      what: "text",
      row: EAU,
      column: "intitule",
      from: "Eau et débat",
      to: `${EAU} bis`,
    });
  });
});

describe("the intents of what was done", () => {
  it("say what it was before, by hand and by undo", () => {
    const table = tableOn(inventory());
    const intents: unknown[] = [];
    table.edits.on((edit) => intents.push(...edit.intents));

    table.setValue(EAU, "duree_jours", 4);
    table.undo();

    expect(intents).toEqual([
      { what: "set", row: EAU, key: "duree_jours", value: 4, before: 2.5 },
      { what: "unset", row: EAU, key: "duree_jours", before: 4 },
    ]);
  });

  it("do the same in another document, merged with what others wrote there", () => {
    const table = tableOn(inventory());
    const intents: LocalEdit["intents"][number][] = [];
    table.edits.on((edit) => intents.push(...edit.intents));
    table.setText(EAU, "intitule", "Eau et grand débat");
    const row = table.addRow(null);
    table.setValue(row, "themes", { eau: true });
    table.setBinned([DEBAT], true);
    const other = tableOn(inventory());
    other.setText(EAU, "intitule", "L’eau et débat");

    table.adopt(copyOf(other.doc));
    const meant = [...intents];
    for (const intent of meant) table.replay(intent);

    expect(titleOf(table)).toBe("L’eau et grand débat");
    expect(table.cell(row, "themes").value).toEqual({ eau: true });
    expect(table.binnedRowIds()).toEqual([DEBAT]);
    expect(meant.filter((intent) => table.replay(intent))).toEqual([]);
  });
});

describe("an open text", () => {
  it("is made by the server when it can be asked, and holds what is written meanwhile", async () => {
    const pair = new Pair();
    let made: () => void = () => {};
    pair.lea.askForText = () => new Promise((resolve) => (made = resolve));

    const opening = pair.lea.openText(EAU, "intitule");
    pair.lea.setText(EAU, "intitule", "Eau et débat !");
    expect(titleOf(pair.lea)).toBe("Eau et débat !");
    expect(pair.lea.isWaiting).toBe(true);
    const texts = pair.nour.doc.getMap("rows").get(EAU) as Y.Map<unknown>;
    texts.set("intitule", new Y.Text("Eau et débat"));
    pair.meet();
    made();
    const text = await opening;

    expect(text.toString()).toBe("Eau et débat !");
    expect(pair.lea.isWaiting).toBe(false);
    pair.meet();
    expect(titleOf(pair.nour)).toBe("Eau et débat !");
  });

  it("keeps what others wrote while words of ours waited for it", async () => {
    const pair = new Pair();
    let made: () => void = () => {};
    pair.lea.askForText = () => new Promise((resolve) => (made = resolve));

    const opening = pair.lea.openText(EAU, "intitule");
    pair.lea.setText(EAU, "intitule", "Eau et débat !");
    pair.nour.setText(EAU, "intitule", "L’eau et débat");
    pair.meet();
    pair.lea.setText(EAU, "intitule", "Eau et débat ! Oui");
    made();
    await opening;
    pair.meet();

    expect(titleOf(pair.lea)).toBe("L’eau et débat ! Oui");
    expect(titleOf(pair.nour)).toBe("L’eau et débat ! Oui");
  });

  it("tells what others write, and not what its own hand wrote", async () => {
    const pair = new Pair();
    const mine = await pair.lea.openText(EAU, "intitule");
    pair.meet();
    const heard: unknown[] = [];
    mine.observe((delta) => heard.push(delta));

    mine.replace("Eau et débats");
    pair.meet();
    pair.nour.setText(EAU, "intitule", "L’Eau et débats");
    pair.meet();

    expect(heard).toEqual([[{ insert: "L’" }]]);
    expect(mine.toString()).toBe("L’Eau et débats");
  });

  it("goes on in another document, and tells the difference", async () => {
    const table = tableOn(inventory());
    const text = await table.openText(EAU, "intitule");
    const heard: unknown[] = [];
    text.observe((delta) => heard.push(delta));
    text.replace("Eau");

    table.adopt(inventory());

    expect(text.toString()).toBe("Eau et débat");
    expect(heard).toEqual([[{ retain: 3 }, { insert: " et débat" }]]);
    text.replace("Eaux et débat");
    expect(titleOf(table)).toBe("Eaux et débat");
  });

  it("is refused with its reason, and the words that waited are not lost", async () => {
    const table = tableOn(inventory());
    const { TextRefused } = await import("../../src/model/table");
    let refuse: (reason: Error) => void = () => {};
    table.askForText = () => new Promise((_, reject) => (refuse = reject));
    const lost: unknown[] = [];
    table.lost.on(({ intent, reason }) => lost.push([intent, reason]));

    const opening = table.openText(EAU, "intitule");
    table.setText(EAU, "intitule", "Mes mots");
    refuse(new TextRefused("not-own-row"));

    await expect(opening).rejects.toThrow("not-own-row");
    expect(lost).toEqual([
      [{ what: "text", row: EAU, column: "intitule", from: "Eau et débat", to: "Mes mots" }, "not-own-row"],
    ]);
    expect(titleOf(table)).toBe("Eau et débat");
  });
});

describe("who may what, as far as the tab knows", () => {
  it("keeps curated columns for pilots and binning for the maker of a row", () => {
    const table = tableOn(inventory(), "member");
    const row = table.addRow(null);

    expect(table.mayWrite(EAU, "intitule")).toBe(true);
    expect(table.mayWrite(EAU, "etat")).toBe(false);
    expect(table.mayBin(EAU)).toBe(false);
    expect(table.mayBin(row)).toBe(true);

    table.role = "pilot";
    expect(table.mayWrite(EAU, "etat")).toBe(true);
    expect(table.mayBin(EAU)).toBe(true);
  });
});
