/** Who wrote what stands under a key, read off the items of Yjs: the values alone do not say it. */
import * as Y from "yjs";
import { ROWS } from "../model/layout";
import type { CellRef, Plain } from "../model/types";

/** Steps back through what a value replaced: nobody overwrites more often within one round trip. */
const FARTHEST = 200;

/** The item that says what a key of a row says, be it deleted; undefined where nothing was ever written. */
export function itemAt(doc: Y.Doc, row: string, key: string): Y.Item | undefined {
  const map: unknown = doc.getMap(ROWS).get(row);
  return map instanceof Y.Map ? map._map.get(key) : undefined;
}

/** The letters of a cell's text but for some; undefined where it has no text of its own. */
export function lettersOf(
  doc: Y.Doc,
  row: string,
  column: string,
  without: (id: Y.ID) => boolean,
): string | undefined {
  const item = itemAt(doc, row, column);
  const text = item?.content instanceof Y.ContentType ? item.content.type : undefined;
  if (!(text instanceof Y.Text)) return undefined;
  let letters = "";
  for (let part = text._start; part !== null; part = part.right) {
    if (part.deleted || !(part.content instanceof Y.ContentString)) continue;
    const { client, clock } = part.id;
    const { str } = part.content;
    for (let at = 0; at < str.length; at += 1) {
      if (!without(Y.createID(client, clock + at))) letters += str.charAt(at);
    }
  }
  return letters;
}

/** Whether whoever wrote an item had seen something by one of these writers in its place. */
export function replacesKnown(doc: Y.Doc, item: Y.Item, known: (id: Y.ID) => boolean): boolean {
  let origin = item.origin;
  for (let steps = 0; origin !== null && steps < FARTHEST; steps += 1) {
    if (known(origin)) return true;
    const before = structAt(doc, origin);
    origin = before instanceof Y.Item ? before.origin : null;
  }
  return false;
}

/** What an update that is already in the document brought to the rows, and by whom. */
export interface Brought {
  /** Values by `row key`, as they are on the other side. */
  readonly values: ReadonlyMap<string, Plain>;
  /** Who wrote, by `row key`; letters taken out have no author. */
  readonly writers: ReadonlyMap<string, ReadonlySet<number>>;
}

export function broughtBy(update: Uint8Array, doc: Y.Doc): Brought {
  const values = new Map<string, Plain>();
  const writers = new Map<string, Set<number>>();
  for (const struct of Y.decodeUpdate(update).structs) {
    // Where a value lost, ours has forgotten what it said, but knows where it belongs.
    const here = struct instanceof Y.Item ? structAt(doc, struct.id) : undefined;
    const place = here instanceof Y.Item ? placeOfItem(here) : undefined;
    if (place === undefined || !(struct instanceof Y.Item)) continue;
    const name = `${place.row} ${place.column}`;
    writers.set(name, (writers.get(name) ?? new Set()).add(struct.id.client));
    if (struct.content instanceof Y.ContentAny)
      values.set(name, (struct.content.arr.at(-1) ?? null) as Plain);
  }
  return { values, writers };
}

/** The key of a row that an item stands under, or whose text it is a part of. */
function placeOfItem(item: Y.Item): CellRef | undefined {
  const parent = item.parent;
  if (parent instanceof Y.Text) return parent._item === null ? undefined : placeOfItem(parent._item);
  if (!(parent instanceof Y.Map) || item.parentSub === null) return undefined;
  const row = parent._item?.parentSub;
  return row === undefined || row === null ? undefined : { row, column: item.parentSub };
}

function structAt(doc: Y.Doc, id: Y.ID): Y.Item | Y.GC | undefined {
  if (id.clock >= Y.getState(doc.store, id.client)) return undefined;
  return Y.getItem(doc.store, id) as Y.Item | Y.GC;
}
