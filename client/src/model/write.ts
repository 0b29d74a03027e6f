import * as Y from "yjs";
import { type Splice, spliceBetween } from "../lib/splice";
import { splices } from "./diff";
import { DELETED, ORDER } from "./layout";
import type { Plain } from "./types";
import { MAKE } from "./undo";
import type { KnownRows } from "./watch";

/** One write at one place, before it is done: several are gathered into one transaction. */
export type Write =
  | { readonly write: "add-row"; readonly row: string; readonly order: string }
  | { readonly write: "move"; readonly row: string; readonly order: string }
  | { readonly write: "bin"; readonly row: string; readonly mark: Plain }
  | { readonly write: "set"; readonly row: string; readonly key: string; readonly value: Plain }
  | { readonly write: "unset"; readonly row: string; readonly key: string }
  | {
      readonly write: "text";
      readonly row: string;
      readonly column: string;
      readonly to: string;
      /** Where the hand stands after the change, if it is known. */
      readonly caret?: number | undefined;
      /** The words come from elsewhere (a merge): they may differ in many places. */
      readonly fine?: boolean;
    };

/**
 * Does the writes; `onMade` hears which rows were made before anything is put in them.
 *
 * Rows and texts are made first, in a transaction of their own with an origin that undo does not know: a row
 * or a text that others may be writing in by now is never unmade.
 */
export function perform(
  doc: Y.Doc,
  rows: KnownRows,
  writes: readonly Write[],
  origin: unknown,
  onMade: (rows: readonly string[]) => void = () => {},
): void {
  const made: string[] = [];
  doc.transact(() => {
    for (const write of writes) {
      if (write.write === "add-row" && makeRow(rows, write.row, write.order)) made.push(write.row);
      if (write.write === "text") makeText(rows, write.row, write.column);
    }
  }, MAKE);
  if (made.length > 0) onMade(made);
  doc.transact(() => {
    for (const write of writes) put(rows, write);
  }, origin);
}

/** Makes the text of a cell out of the words that stand there, unless there is one. */
export function makeText(rows: KnownRows, row: string, column: string): void {
  const map = rows.map.get(row);
  if (!(map instanceof Y.Map) || map.get(column) instanceof Y.Text) return;
  const words = rows.get(row)?.plain(column);
  map.set(column, new Y.Text(typeof words === "string" ? words : ""));
}

function makeRow(rows: KnownRows, row: string, order: string): boolean {
  if (rows.map.has(row)) return false;
  const map = new Y.Map();
  map.set(ORDER, order);
  rows.map.set(row, map);
  return true;
}

function put(rows: KnownRows, write: Write): void {
  const map = rows.map.get(write.row);
  if (!(map instanceof Y.Map)) return;
  switch (write.write) {
    case "add-row":
      return;
    case "move":
      map.set(ORDER, write.order);
      return;
    case "bin":
      map.set(DELETED, write.mark);
      return;
    case "set":
      map.set(write.key, write.value);
      return;
    case "unset":
      map.delete(write.key);
      return;
    case "text": {
      const text: unknown = map.get(write.column);
      if (text instanceof Y.Text) rewrite(text, write.to, write.caret, write.fine === true);
    }
  }
}

function rewrite(text: Y.Text, to: string, caret: number | undefined, fine: boolean): void {
  const from = text.toString();
  if (fine) {
    // From the end, so that the places of the earlier changes stay right.
    for (const change of splices(from, to).reverse()) splice(text, change);
    return;
  }
  const change = spliceBetween(from, to, caret);
  if (change !== null) splice(text, change);
}

function splice(text: Y.Text, { at, removed, inserted }: Splice): void {
  if (removed > 0) text.delete(at, removed);
  if (inserted !== "") text.insert(at, inserted);
}
