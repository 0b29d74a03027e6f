import type { Key, Translate } from "../i18n/t";
import type { CellRef, Table } from "../model/types";
import type { SortKey } from "../view/sort";

/** Where the keyboard stands: a cell, or the header of a column (`row` is null). */
export interface Spot {
  readonly row: string | null;
  readonly column: string;
}

/** The cells that a gesture is about: a rectangle of the rows and columns shown. */
export interface Selection {
  /** The cell that has the focus, null when a header has it. */
  readonly active: CellRef | null;
  readonly at: Spot | null;
  /** Whether it is one cell and no more. */
  readonly single: boolean;
  /** Row ids, top to bottom. */
  rows(): readonly string[];
  /** The cells, row by row. */
  lines(): readonly (readonly CellRef[])[];
  /** The cells, column by column. */
  columns(): readonly (readonly CellRef[])[];
}

export type Direction = "up" | "down" | "left" | "right";

/** How far a move goes: one cell, to the edge of the table, to the end of the row, one screen, or cell after cell as Tab does. */
export type Step =
  | { readonly by: "cell" | "edge"; readonly direction: Direction }
  | { readonly by: "page"; readonly direction: "up" | "down" }
  | { readonly by: "row-end" | "table-end"; readonly direction: "left" | "right" }
  | { readonly by: "tab"; readonly direction: "left" | "right" };

/** How a cell opens: with its content and the caret at its end, or empty for what is being typed. */
export type EditMode = "full" | "replace";

/** What a command may reach. The grid provides it; a test can too. */
export interface Desk {
  readonly table: Table;
  readonly t: Translate;
  readonly selection: Selection;
  readonly sort: readonly SortKey[];
  /** Returns false where there is nowhere to go. */
  go(step: Step, extend: boolean): boolean;
  goTo(row: string, column?: string): boolean;
  selectWhole(what: "all" | "rows" | "columns"): void;
  edit(mode: EditMode): void;
  sortBy(keys: readonly SortKey[]): void;
  /** Takes back the last step and goes to its place; false where there was nothing to take back. */
  undo(): boolean;
  redo(): boolean;
  copy(how: "copy" | "cut"): void;
  paste(): Promise<void>;
  openRow(row: string): void;
  openHistory(cell: CellRef): void;
  openMenu(): void;
  openHelp(): void;
  /** Returns false where the browser's own search must open. */
  openSearch(): boolean;
  /** One press of Escape: gives up what is pending, a second one in a row leaves the grid. */
  escape(): void;
  leave(direction: "forward" | "backward"): void;
  say(words: string): void;
  /** Says something to the eye too. */
  notice(words: string): void;
  confirm(question: string, yes: string): Promise<boolean>;
}

/** One thing a person can do, whichever key, menu or button asks for it. */
export interface Command {
  readonly name: string;
  /** What menus and the list of shortcuts call it. */
  readonly label: Key;
  readonly section: Section;
  /** `Mod` is Ctrl, or ⌘ on a Mac. The first is the one shown. */
  readonly keys: readonly string[];
  /** Who hears the keys: the grid, or the browser, which answers with an event of its own. */
  readonly heard?: "browser";
  /** Whether the menu of a cell offers it. */
  readonly inMenu?: boolean;
  isAllowed(desk: Desk): boolean;
  /** Returns false where the key must do what the browser does with it. */
  run(desk: Desk): boolean | undefined | Promise<void>;
}

export type Section = "move" | "select" | "edit" | "clipboard" | "rows" | "view" | "help";

export const always = (): boolean => true;

/** Whether the person may write at least one of the selected cells. */
export function mayWriteSome({ selection, table }: Desk): boolean {
  return selection.lines().some((line) => line.some(({ row, column }) => table.mayWrite(row, column)));
}
