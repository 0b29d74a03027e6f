import type * as Y from "yjs";
import { differences } from "../model/compare";
import { mergeTexts } from "../model/diff";
import { type Intent, placeOf } from "../model/intent";
import { columnOf, DELETED, ORDER, ROWS } from "../model/layout";
import { Slots } from "../model/row";
import type { TableModel } from "../model/table";
import type { Plain } from "../model/types";
import { KnownRows } from "../model/watch";

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

/** `keep-mine` writes the cells again, in my name; `keep-server` puts them aside. Unsaved edits are brought either way. */
export type WentBackChoice = "keep-mine" | "keep-server";

/** What it would take to make one document say what another says. */
export function toSay(mine: Y.Doc, theirs: Y.Doc, table: TableModel): Intent[] {
  return differences(rowsOf(mine), rowsOf(theirs), (id) => table.column(id));
}

/** What a person is asked about: all that differs, but for what they have not saved, which is brought anyway. */
export function asked(differing: readonly Intent[], unsaved: readonly Intent[]): WentBack {
  const own = new Map<string, Intent[]>();
  for (const intent of unsaved) own.set(placeOf(intent), [...(own.get(placeOf(intent)) ?? []), intent]);
  const explained = (intent: Intent): boolean => {
    if (own.get(`${intent.row} `)?.length) return true;
    const mine = own.get(placeOf(intent)) ?? [];
    if (intent.what !== "text") return mine.length > 0;
    const merged = mine.reduce(
      (words, one) => (one.what === "text" ? mergeTexts(one.from, one.to, words) : words),
      intent.from,
    );
    return merged === intent.to;
  };
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
