/**
 * The names of roots and keys in the document: the mirror of `document/layout.rs`.
 *
 * Nothing else in the client spells one of them.
 */

export const ROWS = "rows";
export const COLUMNS = "columns";
export const META = "meta";

/** What an import or a rebuild brought: `[slots, value, value, …]`. The server's alone. */
export const BASE = "~base";
/** Where the row stands: a fractional key. */
export const ORDER = "~order";
/** Any value but null: the row is in the bin. */
export const DELETED = "~deleted";
/** After a column's id: the contributor's own words. */
export const SAID = "~said";

/** In `meta`: which keys the slots of a `~base` list stand for. */
export const slotsKey = (slots: number): string => `slots/${slots}`;
export const EPOCH = "epoch";

/** A place in a row that a key names. */
export type Place =
  | { readonly at: "base" }
  | { readonly at: "order" }
  | { readonly at: "deleted" }
  | { readonly at: "cell"; readonly column: string }
  | { readonly at: "item"; readonly column: string; readonly item: string }
  | { readonly at: "said"; readonly column: string };

const WORD = /^[a-z0-9_]{1,64}$/;

export const isWord = (text: string): boolean => WORD.test(text);

/** What a key of a row's map names; undefined for what is no key of ours. */
export function parseKey(key: string): Place | undefined {
  if (key === BASE) return { at: "base" };
  if (key === ORDER) return { at: "order" };
  if (key === DELETED) return { at: "deleted" };
  if (key.endsWith(SAID)) {
    const column = key.slice(0, -SAID.length);
    return isWord(column) ? { at: "said", column } : undefined;
  }
  const slash = key.indexOf("/");
  if (slash < 0) return isWord(key) ? { at: "cell", column: key } : undefined;
  const [column, item] = [key.slice(0, slash), key.slice(slash + 1)];
  return isWord(column) && isWord(item) ? { at: "item", column, item } : undefined;
}

export function keyOf(place: Place): string {
  switch (place.at) {
    case "base":
      return BASE;
    case "order":
      return ORDER;
    case "deleted":
      return DELETED;
    case "cell":
      return place.column;
    case "item":
      return itemKey(place.column, place.item);
    case "said":
      return saidKey(place.column);
  }
}

export const itemKey = (column: string, item: string): string => `${column}/${item}`;
export const saidKey = (column: string): string => column + SAID;

/** The column that a key belongs to; undefined for the row's own keys. */
export function columnOf(key: string): string | undefined {
  const place = parseKey(key);
  return place !== undefined && "column" in place ? place.column : undefined;
}
