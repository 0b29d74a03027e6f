/** How much of the words a value says. The mirror of `domain::reading::precision`. */
import type { Kind, Plain } from "../model/types";
import type { Why } from "./doubt";
import { asItem, isEmpty, itemsIn, type Reading } from "./reading";

export type Precision = "none" | "exact" | "part" | "approximate" | "computed" | "day" | "month" | "year";

/** The precision of a reading of a kind. Dates are as precise as their vaguest end. */
export function precisionOf(kind: Kind, reading: Reading): Precision {
  if (isEmpty(reading.value)) return "none";
  const doubted = (...whys: readonly Why[]): boolean => reading.doubts.some(({ why }) => whys.includes(why));
  const ofDates = vaguest(datesIn(kind, reading.value));
  if (ofDates !== null) return ofDates;
  if (doubted("computed")) return "computed";
  if (doubted("approximate", "bound", "range")) return "approximate";
  return doubted("unknown-words", "no-amount", "place-in-words") ? "part" : "exact";
}

function datesIn(kind: Kind, value: Plain): string[] {
  if (kind === "date" && typeof value === "string") return [value];
  const sessions = kind === "sessions" ? itemsIn(value).map(asItem) : [];
  const ends = sessions.flatMap((session) => [session?.debut, session?.fin]);
  return ends.filter((end): end is string => typeof end === "string");
}

function vaguest(dates: readonly string[]): "day" | "month" | "year" | null {
  if (dates.length === 0) return null;
  if (dates.some(({ length }) => length === 4)) return "year";
  return dates.some(({ length }) => length === 7) ? "month" : "day";
}
