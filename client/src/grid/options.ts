import type { Command } from "../commands/command";
import type { Translate } from "../i18n/t";
import type { CellRef, Column, Presence, Table } from "../model/types";

/** What the grid is given by the page it stands in. */
export interface GridOptions {
  readonly table: Table;
  readonly presence: Presence;
  readonly t: Translate;
  /** The accessible name of the grid. */
  readonly label: string;
  /** Columns to show, in order; by default those that say so (`shown`). */
  readonly columns?: (all: readonly Column[]) => readonly Column[];
  /** Opens the panel of a row (Space, the button in the title cell, the menu). */
  readonly onOpenRow: (row: string) => void;
  /** Opens the history of a cell (Shift+F2, the menu). */
  readonly onOpenHistory?: (cell: CellRef) => void;
  /** Opens the list of shortcuts (Ctrl+/, F1). */
  readonly onHelp: () => void;
  /** Goes to the search box (Ctrl+F). Without it, the browser's own search opens. */
  readonly onSearch?: () => void;
  /** Says something to the eye as well as to the screen reader, such as how many cells were refused. */
  readonly onNotice?: (words: string, kind?: "plain" | "warn") => void;
  /** Told after every change of selection, query or undo: buttons may have to be enabled or not. */
  readonly onState?: () => void;
  /** More things to do with cells, offered in the menu of a cell (history, comments…). */
  readonly commands?: readonly Command[];
}
