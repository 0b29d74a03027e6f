import * as Y from "yjs";
import { BASE, DELETED, itemKey, META, ORDER, parseKey, SAID, saidKey, slotsKey } from "./layout";
import { isEmpty, isMap, type PlainMap } from "./plain";
import type { Plain } from "./types";

/** Which key each slot of a `~base` list stands for, by the list's number. */
export class Slots {
  readonly #doc: Y.Doc;
  readonly #known = new Map<number, ReadonlyMap<string, number>>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** Where each key stands in lists of this number. */
  of(number: number): ReadonlyMap<string, number> {
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    const keys = this.#doc.getMap(META).get(slotsKey(number));
    if (!Array.isArray(keys)) return new Map();
    const slots = new Map(keys.map((key, at) => [String(key), at + 1]));
    this.#known.set(number, slots);
    return slots;
  }
}

/** A text of the document, and what it said when we last looked: an edit must know what it started from. */
interface TextNow {
  readonly text: Y.Text;
  shown: string;
}

/**
 * One row as it stands. Most rows are what an import brought, so what was set since is made only where there
 * is some: at 50,000 rows that is the difference between a light page and a heavy one.
 */
export class Row {
  readonly id: string;
  readonly map: Y.Map<unknown>;
  order = "";
  binned = false;
  #base: readonly Plain[] = [];
  #slots: ReadonlyMap<string, number> = new Map();
  #set: Map<string, Plain> | null = null;
  #texts: Map<string, TextNow> | null = null;

  constructor(id: string, map: Y.Map<unknown>, slots: Slots) {
    this.id = id;
    this.map = map;
    map.forEach((_, key) => {
      this.take(key, slots);
    });
  }

  /** Looks again at one key of the document. */
  take(key: string, slots: Slots): void {
    const stored = this.map.get(key);
    if (key === ORDER) this.order = typeof stored === "string" ? stored : "";
    else if (key === DELETED) this.binned = stored !== undefined && stored !== null;
    else if (key === BASE) this.#takeBase(stored, slots);
    else if (stored instanceof Y.Text) this.#takeText(key, stored);
    else this.#takeValue(key, stored);
  }

  /** Looks again at a text, and says what it was before. */
  takeLetters(column: string): string {
    const now = this.#texts?.get(column);
    if (now === undefined) return "";
    const before = now.shown;
    now.shown = now.text.toString();
    return before;
  }

  text(column: string): Y.Text | undefined {
    return this.#texts?.get(column)?.text;
  }

  /** What stands under a key: what was set since, or else what the import brought. */
  plain(key: string): Plain {
    const text = this.#texts?.get(key);
    if (text !== undefined) return text.shown;
    const since = this.#set?.get(key);
    return since === undefined ? this.#baseAt(key) : since;
  }

  said(column: string): string | null {
    const words = this.plain(saidKey(column));
    return typeof words === "string" && words !== "" ? words : null;
  }

  /** The items of a list cell: those of the import, and item by item what was set since. Null when none is left. */
  list(column: string): PlainMap | null {
    const base = this.#baseAt(column);
    const items: Record<string, Plain> = isMap(base) ? { ...base } : {};
    const prefix = itemKey(column, "");
    for (const [key, value] of this.#set ?? []) {
      if (!key.startsWith(prefix)) continue;
      if (value === null) delete items[key.slice(prefix.length)];
      else items[key.slice(prefix.length)] = value;
    }
    for (const [item, value] of Object.entries(items))
      if (value === null || value === false) delete items[item];
    return isEmpty(items) ? null : items;
  }

  /** The value under the key of one item, or of a cell, before any list is put together. */
  stored(key: string): Plain {
    const place = parseKey(key);
    if (place?.at !== "item") return this.plain(key);
    const since = this.#set?.get(key);
    if (since !== undefined) return since;
    const base = this.#baseAt(place.column);
    return isMap(base) ? (base[place.item] ?? null) : null;
  }

  /** Columns of which something stands in this row. */
  columns(): string[] {
    const found = new Set<string>();
    for (const key of this.#slots.keys()) found.add(key.endsWith(SAID) ? key.slice(0, -SAID.length) : key);
    for (const key of [...(this.#set?.keys() ?? []), ...(this.#texts?.keys() ?? [])]) {
      const place = parseKey(key);
      if (place !== undefined && "column" in place) found.add(place.column);
    }
    return [...found];
  }

  #takeBase(stored: unknown, slots: Slots): void {
    const list: readonly Plain[] = Array.isArray(stored) ? stored : [];
    this.#base = list;
    this.#slots = slots.of(typeof list[0] === "number" ? list[0] : -1);
  }

  #takeText(key: string, text: Y.Text): void {
    this.#set?.delete(key);
    this.#texts ??= new Map();
    if (this.#texts.get(key)?.text !== text) this.#texts.set(key, { text, shown: text.toString() });
  }

  #takeValue(key: string, stored: unknown): void {
    this.#texts?.delete(key);
    if (stored === undefined) this.#set?.delete(key);
    else {
      this.#set ??= new Map();
      this.#set.set(key, stored as Plain);
    }
  }

  #baseAt(key: string): Plain {
    const slot = this.#slots.get(key);
    return slot === undefined ? null : (this.#base[slot] ?? null);
  }
}
