import { clearCells, editCell, fillDown, fillRight, sortToo } from "./cells";
import { copy, cut, paste } from "./clipboard";
import type { Command } from "./command";
import { giveUp, leave, leaveBack, openHelp, openMenu, openSearch } from "./help";
import { redo, undo } from "./history";
import { openLink } from "./links";
import { moves, selects } from "./move";
import { openHistory } from "./past";
import { addRow, binRows, openRow } from "./rows";

/** Everything a person can do in the grid, in the order in which menus and the list of shortcuts show it. */
export const COMMANDS: readonly Command[] = [
  ...moves,
  ...selects,
  editCell,
  clearCells,
  fillDown,
  fillRight,
  undo,
  redo,
  copy,
  cut,
  paste,
  openLink,
  openRow,
  openHistory,
  addRow,
  binRows,
  sortToo,
  openSearch,
  openMenu,
  openHelp,
  leave,
  leaveBack,
  giveUp,
];

export function commandNamed(name: string, more: readonly Command[] = []): Command | undefined {
  return [...more, ...COMMANDS].find((command) => command.name === name);
}
