// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { Board } from "../../src/grid/clipboard/board";
import { GridField } from "../../src/grid/field";
import { GridSelection } from "../../src/grid/selection";
import { translator } from "../../src/i18n/t";
import { Shown } from "../../src/view/shown";
import { column, FakeTable } from "./support/fakeTable";

let table: FakeTable;
let board: Board;
let selection: GridSelection;
let shown: Shown;
let said: string[];
let asked: string[];
let answer: boolean;
const titles = () => table.rowIds().map((row) => table.cell(row, "intitule").value ?? "");

class Clipboard {
  readonly flavours = new Map<string, string>();
  setData(type: string, words: string) {
    this.flavours.set(type, words);
  }
}
let clipboard: Clipboard;
const copy = (how: "copy" | "cut") => board.copy(clipboard as unknown as DataTransfer, how);
const paste = () =>
  board.paste(clipboard.flavours.get("text/html") ?? "", clipboard.flavours.get("text/plain") ?? "");
const stand = (row: string, to = row) => {
  selection.stand({ row, column: "intitule" });
  selection.stand({ row: to, column: "intitule" }, true);
};

beforeEach(() => {
  table = new FakeTable(
    [column("intitule", "text"), column("jours", "duration")],
    ["a", "b", "c", "d"].map((intitule) => ({ intitule })),
  );
  shown = new Shown(table, "fr");
  table.onChange(() => shown.refresh(null));
  const field = new GridField(table, shown, (all) => all);
  selection = new GridSelection(field);
  [said, asked, answer] = [[], [], true];
  clipboard = new Clipboard();
  board = new Board({
    table,
    t: translator("fr"),
    field,
    selection,
    say: (words) => said.push(words),
    notice: (words) => said.push(words),
    confirm: async (question) => {
      asked.push(question);
      return answer;
    },
    onCut: () => {},
    onPasted: () => {},
  });
});

describe("cut cells", () => {
  it("stay until they are pasted, then move, in one step of undo", async () => {
    stand("r0", "r1");
    copy("cut");
    expect(titles()).toEqual(["a", "b", "c", "d"]);

    stand("r2");
    await paste();

    expect(titles()).toEqual(["", "", "a", "b"]);
    table.undo();
    expect(titles()).toEqual(["a", "b", "c", "d"]);
  });

  it("move only once", async () => {
    stand("r0");
    copy("cut");
    stand("r2");
    await paste();
    table.setText("r0", "intitule", "new");

    stand("r3");
    await paste();

    expect(titles()).toEqual(["new", "b", "a", "a"]);
  });

  it("stay where they are when something else is pasted, or when one gives up", async () => {
    stand("r0");
    copy("cut");
    stand("r2");
    await board.paste("", "z");
    expect(titles()).toEqual(["a", "b", "z", "d"]);

    board.forgetCut();
    expect(board.isCut("r0", "intitule")).toBe(false);
    await paste();
    expect(titles()).toEqual(["a", "b", "a", "d"]);
  });
});

describe("a large paste", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `n° ${at}`).join("\n");

  it("adds a few rows without asking, and asks before it adds many", async () => {
    stand("r3");
    await board.paste("", lines(51));
    expect([asked, table.rowIds().length]).toEqual([[], 54]);

    stand("r0");
    answer = false;
    await board.paste("", lines(105));
    expect([asked.length, table.rowIds().length]).toEqual([1, 54]);

    answer = true;
    await board.paste("", lines(105));
    expect(table.rowIds().length).toBe(105);
  });

  it("is refused whole above the limit, and says so", async () => {
    stand("r0");
    await board.paste("", lines(50_001));

    expect(titles()).toEqual(["a", "b", "c", "d"]);
    expect(said.join()).toContain("Rien n’a été fait");
  });

  it("says what it did not understand and what found no place", async () => {
    selection.stand({ row: "r0", column: "jours" });
    await board.paste("", "bientôt\tx");

    expect(said).toEqual([
      "1 cellule collée. 1 n’a pas été comprise\u00a0: vos mots sont gardés, à vérifier. 1 colonne en trop n’a pas été collée.",
    ]);
  });
});
