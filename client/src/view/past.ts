import { parseKey } from "../model/layout";
import { isEmpty, isMap, samePlain } from "../model/plain";
import type { Column, Plain, Table } from "../model/types";
import { type Language, wordsOfValue } from "./words";

/** What stands now at a key of a row, as history writes it. */
export function standingAt(table: Table, row: string, key: string): Plain {
  const place = parseKey(key);
  if (place?.at === "deleted") return table.binnedRowIds().includes(row) ? true : null;
  if (place === undefined || !("column" in place)) return null;
  const { value, said } = table.cell(row, place.column);
  if (place.at === "said") return said;
  if (place.at === "cell") return value;
  return isMap(value) ? (value[place.item] ?? null) : null;
}

/** Whether a value of the past is what stands at this key; nothing is nothing, however it is written. */
export function stands(table: Table, row: string, key: string, then: Plain): boolean {
  const now = standingAt(table, row, key);
  if (parseKey(key)?.at === "deleted") return isEmpty(now) === isEmpty(then);
  return samePlain(now, then) || (isNothing(key, now) && isNothing(key, then));
}

/** A value of the past in words; empty for nothing. */
export function wordsOfPast(
  key: string,
  then: Plain,
  column: Column | undefined,
  language: Language,
): string {
  const place = parseKey(key);
  if (isNothing(key, then)) return "";
  if (column === undefined || place === undefined || place.at === "said") return plainWords(then);
  return wordsOfValue(place.at === "item" ? { [place.item]: then } : then, column, language);
}

const plainWords = (value: Plain): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Nothing, however it is written: an option that is not ticked is none. */
export const isNothing = (key: string, value: Plain): boolean =>
  isEmpty(value) || (value === false && parseKey(key)?.at === "item");
