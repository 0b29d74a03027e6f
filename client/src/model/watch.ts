import * as Y from "yjs";
import type { Intent } from "./intent";
import { BASE, DELETED, ORDER, parseKey } from "./layout";
import { Row, type Slots } from "./row";
import type { CellRef, TextDelta } from "./types";

/** A shared text that changed in a transaction. */
export interface TextSeen extends CellRef {
  readonly before: string;
  readonly delta: readonly TextDelta[];
}

/** What one transaction did, in words of the table. */
export class Seen {
  readonly cells: CellRef[] = [];
  readonly texts: TextSeen[] = [];
  readonly intents: Intent[] = [];
  rows = false;
  columns = false;

  get isEmpty(): boolean {
    return this.cells.length === 0 && !this.rows && !this.columns;
  }
}

/** The rows of one document as they stand, brought up to date by the events of Yjs. */
export class KnownRows {
  readonly map: Y.Map<unknown>;
  readonly #slots: Slots;
  readonly #rows = new Map<string, Row>();

  constructor(map: Y.Map<unknown>, slots: Slots) {
    this.map = map;
    this.#slots = slots;
    map.forEach((stored, id) => {
      this.#take(id, stored);
    });
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  all(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** Takes in what a transaction did, and adds it to `seen`. */
  watch(events: readonly Y.YEvent<Y.AbstractType<unknown>>[], seen: Seen): void {
    for (const event of events) {
      if (event.target === this.map) this.#watchRows(event, seen);
      else if (event instanceof Y.YTextEvent) this.#watchText(event, seen);
      else this.#watchRow(event, seen);
    }
  }

  #watchRows(event: Y.YEvent<Y.AbstractType<unknown>>, seen: Seen): void {
    seen.rows = true;
    for (const [id, { action }] of event.changes.keys) {
      const row = action === "delete" ? undefined : this.#take(id, this.map.get(id));
      if (row === undefined) this.#rows.delete(id);
      else if (action === "add") seen.intents.push(...madeRow(row));
    }
  }

  #watchRow(event: Y.YEvent<Y.AbstractType<unknown>>, seen: Seen): void {
    const row = this.#rows.get(String(event.path[0]));
    if (row === undefined) return;
    for (const [key] of event.changes.keys) this.#watchKey(row, key, seen);
  }

  #watchKey(row: Row, key: string, seen: Seen): void {
    const before = row.stored(key);
    row.take(key, this.#slots);
    const place = parseKey(key);
    if (place === undefined) return;
    if (!("column" in place)) {
      seen.rows = true;
      if (key === ORDER) seen.intents.push({ what: "move", row: row.id, order: row.order });
      if (key === DELETED) seen.intents.push({ what: "bin", row: row.id, binned: row.binned });
      return;
    }
    seen.cells.push({ row: row.id, column: place.column });
    const text = row.text(key);
    if (text !== undefined) {
      const from = typeof before === "string" ? before : "";
      const to = text.toString();
      seen.intents.push({ what: "text", row: row.id, column: place.column, from, to });
      seen.texts.push({ row: row.id, column: place.column, before: from, delta: [] });
    } else if (row.map.has(key)) {
      seen.intents.push({ what: "set", row: row.id, key, value: row.stored(key), before });
    } else {
      seen.intents.push({ what: "unset", row: row.id, key, before });
    }
  }

  #watchText(event: Y.YTextEvent, seen: Seen): void {
    const [id, column] = event.path.map(String);
    const row = id === undefined ? undefined : this.#rows.get(id);
    if (row === undefined || column === undefined) return;
    const before = row.takeLetters(column);
    const to = String(row.plain(column) ?? "");
    seen.cells.push({ row: row.id, column });
    seen.texts.push({ row: row.id, column, before, delta: deltaOf(event) });
    seen.intents.push({ what: "text", row: row.id, column, from: before, to });
  }

  #take(id: string, stored: unknown): Row | undefined {
    if (!(stored instanceof Y.Map)) return undefined;
    const row = new Row(id, stored, this.#slots);
    this.#rows.set(id, row);
    return row;
  }
}

/** What it takes to make a row again, with what stood in it from the start. */
function madeRow(row: Row): Intent[] {
  const intents: Intent[] = [{ what: "add-row", row: row.id, order: row.order }];
  for (const key of row.map.keys()) {
    if (key === ORDER || key === BASE) continue;
    if (key === DELETED) intents.push({ what: "bin", row: row.id, binned: row.binned });
    else if (row.text(key) !== undefined) {
      intents.push({ what: "text", row: row.id, column: key, from: "", to: String(row.plain(key)) });
    } else intents.push({ what: "set", row: row.id, key, value: row.stored(key), before: null });
  }
  return intents;
}

/** The change of a text in our words; formats and embeds are not admitted, so none is expected. */
function deltaOf(event: Y.YTextEvent): TextDelta[] {
  return event.delta.flatMap((step): TextDelta[] => {
    if (step.retain !== undefined) return [{ retain: step.retain }];
    if (step.delete !== undefined) return [{ delete: step.delete }];
    return typeof step.insert === "string" ? [{ insert: step.insert }] : [];
  });
}
