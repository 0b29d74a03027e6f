/** The reader that `reader.ts` loads after the table: all that may be done with words. */

import type { Hand, Typed } from "./reader";
import { cellsOf, doubtWords, lineOf, outcome } from "./saying";
import { copyCell, giveCell, put, putAlso, saidBesideText, understood, wordsToEdit } from "./understand";

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
  if (told === null) return;
  if (told.isDoubt) notice(told.words);
  else notice(told.words, "plain");
}

/** Fills what words in a text say of other columns, in the step of undo that wrote them. */
export function writeBeside({ table, t, notice }: Hand, typed: Typed): void {
  const column = table.column(typed.ref.column);
  const also = column === undefined ? [] : saidBesideText(table, column, typed);
  if (also.length === 0) return;
  table.joinStep();
  table.transact(() => putAlso(table, typed.ref.row, also));
  notice(t("reading.alsoFilled", { cells: cellsOf(t, also) }), "plain");
}

export { paste, planPaste, readClipboard } from "./copying/paste";
export { copyCell, doubtWords, giveCell, lineOf, wordsToEdit };
