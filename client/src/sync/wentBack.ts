import * as Y from "yjs";
import { differences } from "../model/compare";
import { mergeTexts } from "../model/diff";
import { type Intent, placeOf } from "../model/intent";
import { columnOf, DELETED, ORDER, ROWS } from "../model/layout";
import { Slots } from "../model/row";
import type { TableModel } from "../model/table";
import type { Plain } from "../model/types";
import { KnownRows } from "../model/watch";
import { itemAt, lettersOf } from "./winner";

type TextIntent = Extract<Intent, { what: "text" }>;

/** A cell, or a row as such, that this device knew otherwise than the server that went back has it now. */
export interface Difference {
  readonly row: string;
  /** Empty for the row itself. */
  readonly column: string;
  /** The key in the row, as `model/layout.ts` names it; `~order` for a row that the server does not have, or elsewhere. */
  readonly key: string;
  /** What this device has. */
  readonly mine: Plain;
  /** What the server has; null for nothing. */
  readonly theirs: Plain;
}

/** The server was put back to something older than what it had told this device. Nothing is sent until somebody chooses. */
export interface WentBack {
  readonly cells: readonly Difference[];
}

/**
 * `keep-mine` writes the cells again, in my name; what others wrote since the server went back stands all the same,
 * and mine is put aside. `keep-server` puts all of mine aside. Unsaved edits are brought either way.
 */
export type WentBackChoice = "keep-mine" | "keep-server";

/** Something that the server lost. */
export interface Lost {
  /** From what the server has to what this device has. */
  readonly difference: Intent;
  /** What brings it back and takes nothing of what others wrote since; null where they wrote at the very place. */
  readonly again: Intent | null;
}

/** What a server that went back lost, as far as this document knows. */
export function lostBy(fresh: Y.Doc, mine: Y.Doc, table: TableModel): Lost[] {
  const clocks = Y.decodeStateVector(Y.encodeStateVector(mine));
  // What this document never heard of was written since.
  const since = ({ client, clock }: Y.ID) => clock >= (clocks.get(client) ?? 0);
  const all = differences(rowsOf(mine), rowsOf(fresh), (id) => table.column(id));
  return all.flatMap((difference): Lost[] => {
    if (difference.what === "add-row") return [{ difference, again: difference }];
    if (difference.what === "text") return lostWords(difference, fresh, since);
    const item = itemAt(fresh, difference.row, keyOf(difference));
    if (item === undefined || !since(item.id)) return [{ difference, again: difference }];
    return isNothing(difference) ? [] : [{ difference, again: null }];
  });
}

function lostWords(difference: TextIntent, fresh: Y.Doc, since: (id: Y.ID) => boolean): Lost[] {
  const { row, column, from: theirs, to: mine } = difference;
  const from = lettersOf(fresh, row, column, since) ?? theirs;
  if (mergeTexts(from, mine, theirs) === theirs) return [];
  return [{ difference, again: { ...difference, from } }];
}

/** Whether nothing of mine would be lost with it. */
const isNothing = (intent: Intent): boolean =>
  (intent.what === "set" && (intent.value === null || intent.value === false)) ||
  (intent.what === "bin" && !intent.binned) ||
  intent.what === "move";

function keyOf(intent: Exclude<Intent, TextIntent>): string {
  switch (intent.what) {
    case "add-row":
    case "move":
      return ORDER;
    case "bin":
      return DELETED;
    case "set":
    case "unset":
      return intent.key;
  }
}

/**
 * Says, of a document that gives way to the table's, what is done again and what goes aside. `unsaved` is what
 * would be done again anyway.
 */
export type Settle = (
  old: Y.Doc,
  table: TableModel,
  unsaved: readonly Intent[],
) => { readonly again: readonly Intent[]; readonly aside: readonly Intent[] };

export function settle(choice: WentBackChoice): Settle {
  return (old, table, unsaved) => {
    const lost = lostBy(table.doc, old, table);
    const own = new Set(unsaved.map(placeOf));
    if (choice === "keep-server") {
      // A text is aside as it was here, though what was not saved of it is brought.
      const aside = lost.filter(
        ({ difference }) => difference.what === "text" || !own.has(placeOf(difference)),
      );
      return { again: unsaved, aside: aside.map(({ difference }) => difference) };
    }
    const again = lost.flatMap((one) => one.again ?? []);
    // What was not saved is in the words already that are brought back, and may not be said twice.
    const brought = new Set(again.filter(({ what }) => what === "text").map(placeOf));
    const rest = unsaved.filter((intent) => intent.what !== "text" || !brought.has(placeOf(intent)));
    const aside = lost.filter((one) => one.again === null && !own.has(placeOf(one.difference)));
    return { again: [...again, ...rest], aside: aside.map(({ difference }) => difference) };
  };
}

/** What a person is asked about: all that was lost, but for what they have not saved, which is brought anyway. */
export function asked(lost: readonly Lost[], unsaved: readonly Intent[]): WentBack {
  const own = new Map<string, Intent[]>();
  for (const intent of unsaved) own.set(placeOf(intent), [...(own.get(placeOf(intent)) ?? []), intent]);
  const explained = (intent: Intent): boolean => {
    if (own.has(`${intent.row} `)) return true;
    const mine = own.get(placeOf(intent)) ?? [];
    if (intent.what !== "text") return mine.length > 0;
    const merged = mine.reduce(
      (words, one) => (one.what === "text" ? mergeTexts(one.from, one.to, words) : words),
      intent.from,
    );
    return merged === intent.to;
  };
  const differing = lost.map(({ difference }) => difference);
  return { cells: differing.filter((intent) => !explained(intent)).map(inWords) };
}

function inWords(intent: Intent): Difference {
  const { row } = intent;
  switch (intent.what) {
    case "add-row":
      return { row, column: "", key: ORDER, mine: intent.order, theirs: null };
    case "move":
      return { row, column: "", key: ORDER, mine: intent.order, theirs: null };
    case "bin":
      return { row, column: "", key: DELETED, mine: intent.binned, theirs: !intent.binned };
    case "text":
      return { row, column: intent.column, key: intent.column, mine: intent.to, theirs: intent.from };
    case "set":
      return place(intent.row, intent.key, intent.value, intent.before);
    case "unset":
      return place(intent.row, intent.key, null, intent.before);
  }
}

const place = (row: string, key: string, mine: Plain, theirs: Plain): Difference => ({
  row,
  column: columnOf(key) ?? "",
  key,
  mine,
  theirs,
});

const rowsOf = (doc: Y.Doc): KnownRows => new KnownRows(doc.getMap(ROWS), new Slots(doc));
