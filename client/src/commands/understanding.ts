/** The reader that `reader.ts` loads after the table: all that may be done with words. */

import type { Hand, Typed } from "./reader";
import { lineOf, outcome, whyUnread } from "./saying";
import { copyCell, giveCell, put, putAlso, understood, wordsToEdit } from "./understand";

/** Writes what was typed, as one step of undo, and says what it became where that is not what one sees. */
export function write({ table, t, notice }: Hand, typed: Typed): void {
  const column = table.column(typed.ref.column);
  if (column === undefined) return;
  const found = understood(table, column, typed);
  table.endStep();
  table.transact(() => {
    put(table, typed.ref, found);
    putAlso(table, typed.ref.row, found.also);
  });
  table.endStep();
  const told = outcome(t, found);
  if (told !== null) notice(told);
}

export { paste, planPaste, readClipboard } from "./copying/paste";
export { copyCell, giveCell, lineOf, whyUnread, wordsToEdit };
