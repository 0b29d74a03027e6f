import type { Plain } from "./types";

export type PlainMap = { readonly [key: string]: Plain };

export function isMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether nothing is there: null, no characters, no items. `0` and `false` are something. */
export function isEmpty(value: Plain | undefined): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

export function samePlain(a: Plain | undefined, b: Plain | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, at) => samePlain(value, b[at]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const [own, other] = [Object.keys(a), Object.keys(b)];
  return own.length === other.length && own.every((key) => key in b && samePlain(a[key], b[key]));
}

/**
 * The value as the document may hold it: no U+0000 (PostgreSQL cannot store it), no NaN, no infinity.
 * The server refuses the rest, and a refusal would cost the person the whole edit.
 */
export function storable(value: Plain): Plain {
  if (typeof value === "string") return storableText(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(storable);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, storable(inside)]));
}

const HALF_A_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Letters that survive every encoding: no U+0000, no half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll("\0", "").replace(HALF_A_PAIR, "\ufffd");
}
