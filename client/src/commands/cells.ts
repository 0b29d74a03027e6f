import type { CellRef } from "../model/types";
import { type Command, type Desk, mayWriteSome } from "./command";
import { withReader } from "./reader";
import { clearCell, writeCells } from "./write";

export const editCell: Command = {
  name: "edit",
  label: "grid.command.edit",
  section: "edit",
  keys: ["Enter", "F2"],
  inMenu: true,
  isAllowed: ({ selection }) => selection.at !== null,
  run: (desk) => {
    const { at } = desk.selection;
    if (at === null) return false;
    if (at.row === null) desk.sortBy(turned(desk, at.column, false));
    else desk.edit("full");
    return true;
  },
};

/** Sorts by one more column, on a header. */
export const sortToo: Command = {
  name: "sort-too",
  label: "grid.command.sortToo",
  section: "view",
  keys: ["Shift+Enter"],
  isAllowed: ({ selection }) => selection.at?.row === null,
  run: (desk) => {
    const { at } = desk.selection;
    if (at === null) return false;
    desk.sortBy(turned(desk, at.column, true));
    return true;
  },
};

/** What a press on a header makes of the sort: ascending, descending, none. */
export function turned({ sort }: Pick<Desk, "sort">, column: string, add: boolean): Desk["sort"] {
  const now = sort.find((key) => key.column === column);
  const others = add ? sort.filter((key) => key.column !== column) : [];
  if (now === undefined) return [...others, { column, direction: "ascending" }];
  if (now.direction === "ascending") return [...others, { column, direction: "descending" }];
  return others;
}

export const clearCells: Command = {
  name: "clear",
  label: "grid.command.clear",
  section: "edit",
  keys: ["Delete", "Backspace"],
  inMenu: true,
  isAllowed: mayWriteSome,
  run: (desk) => {
    const cells = desk.selection.lines().flat();
    report(
      desk,
      writeCells(desk.table, cells, (cell) => clearCell(desk.table, cell)),
    );
    return true;
  },
};

/** Copies the top cell of each selected column into the cells below it. */
export const fillDown: Command = {
  name: "fill-down",
  label: "grid.command.fillDown",
  section: "edit",
  keys: ["Mod+D"],
  inMenu: true,
  isAllowed: (desk) => desk.selection.rows().length > 1 && mayWriteSome(desk),
  run: (desk) => {
    fill(desk, desk.selection.columns());
    return true;
  },
};

/** Copies the first cell of each selected row into the cells to its right. */
export const fillRight: Command = {
  name: "fill-right",
  label: "grid.command.fillRight",
  section: "edit",
  keys: ["Mod+R"],
  inMenu: true,
  isAllowed: (desk) => desk.selection.columns().length > 1 && mayWriteSome(desk),
  run: (desk) => {
    fill(desk, desk.selection.lines());
    return true;
  },
};

function fill(desk: Desk, runs: readonly (readonly CellRef[])[]): void {
  const sources = new Map<CellRef, CellRef>();
  for (const [first, ...rest] of runs) {
    if (first !== undefined) for (const cell of rest) sources.set(cell, first);
  }
  void withReader(desk, ({ copyCell }) => {
    const done = writeCells(desk.table, [...sources.keys()], (cell) => {
      const source = sources.get(cell);
      if (source !== undefined) copyCell(desk.table, source, cell, desk.t.lang);
    });
    report(desk, done);
  });
}

function report(desk: Desk, { written, refused }: { written: number; refused: number }): void {
  const words = [desk.t("grid.said.written", { n: written })];
  if (refused > 0) words.push(desk.t("grid.said.refused", { n: refused }));
  desk.say(words.join(" "));
}
