import { loadAskedTexts, type Translate } from "../i18n/t";
import { Emitter } from "../lib/emitter";
import type { Cell, CellRef, Column, Plain, Table } from "../model/types";

/** What understands words. It comes after the table, which must be there first (see `understand.ts`). */
export type Reader = typeof import("./understanding");

/** A hand that writes words into cells, and how it is told what became of them. */
export interface Hand {
  readonly table: Table;
  readonly t: Translate;
  /** Says something to the eye and to the screen reader; `plain` where there is nothing to look at again. */
  notice(words: string, kind?: "plain" | "warn"): void;
}

/** Words that were written into a cell, over the value `from`. */
export interface Typed {
  readonly ref: CellRef;
  readonly words: string;
  readonly from: Plain;
}

/** Told once, when the reader has come. */
export const arrived = new Emitter<void>();

let here: Reader | null = null;
let coming: Promise<Reader> | null = null;
/** What waits for the reader, by cell. */
const waiting = new Map<string, { readonly from: Plain; readonly release: () => boolean }>();

/** The reader, where it has come. */
export const readerNow = (): Reader | null => here;

/** Fetches the reader and its texts once; after a failure it can be asked for again. */
export async function loadReader({ lang }: Pick<Translate, "lang">): Promise<Reader> {
  coming ??= Promise.all([import("./understanding"), loadAskedTexts(lang)]).then(([reader]) => reader);
  try {
    const reader = await coming;
    if (here === null) {
      here = reader;
      arrived.emit();
    }
    return reader;
  } catch (cause) {
    coming = null;
    throw cause;
  }
}

/** Does something with the reader, at once where it has come; where it cannot come, says so. */
export async function withReader(
  { t, notice }: Pick<Hand, "t" | "notice">,
  run: (reader: Reader) => void,
): Promise<void> {
  const reader = here ?? (await loadReader(t).catch(() => null));
  if (reader === null) notice(t("load.part"));
  else run(reader);
}

/**
 * Writes what was typed as it is understood, as one step of undo. Where the reader is still on its way the cell shows
 * the words until it comes; where it cannot come they are kept as they are, with a flag.
 */
export function typeWords(hand: Hand, typed: Typed): void {
  if (here !== null) {
    here.write(hand, typed);
    return;
  }
  void wait(hand, typed);
}

async function wait(hand: Hand, { ref, words, from: seen }: Typed): Promise<void> {
  const { table, t } = hand;
  const { row, column } = ref;
  const name = `${row}/${column}`;
  const earlier = waiting.get(name);
  earlier?.release();
  // Who writes over words that wait writes over the value that they were written over.
  const from = earlier === undefined ? seen : earlier.from;
  const release = table.holdWords(row, column, words);
  waiting.set(name, { from, release });
  hand.notice(t("grid.said.reading"), "plain");
  const reader = await loadReader(t).catch(() => null);
  if (waiting.get(name)?.release === release) waiting.delete(name);
  if (!release()) return;
  if (reader !== null) reader.write(hand, { ref, words, from });
  else {
    table.endStep();
    table.transact(() => {
      table.setValue(row, column, null);
      table.setSaid(row, column, words);
    });
    table.endStep();
    hand.notice(t("grid.said.unread", { n: 1 }));
  }
}

/** Fills the empty cells that the words of a text speak of, where it was written in. */
export function fillBeside(hand: Hand, typed: Typed): void {
  if (here !== null) here.writeBeside(hand, typed);
  else
    void loadReader(hand.t).then(
      (reader) => reader.writeBeside(hand, typed),
      () => {},
    );
}

/** What seems wrong in a cell, in words: as soon as the reader has come. */
export const doubtWords = (t: Translate, cell: Cell, column: Column): string | null =>
  here?.doubtWords(t, cell, column) ?? null;
