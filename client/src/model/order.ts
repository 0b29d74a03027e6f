import { generateKeyBetween } from "fractional-indexing";

/**
 * A key after `low` and before `high`, comparing as plain texts; null is an open end.
 *
 * The same keys as `domain::table::order`. Bounds that are no keys of ours, or that are not in order, still
 * give a key: any tab may have written any text there.
 */
export function between(low: string | null, high: string | null): string {
  if (low !== null && high !== null && low >= high) return `${low}V`;
  try {
    return generateKeyBetween(low, high);
  } catch {
    if (low === null) return "A0";
    if (high === null) return `${low}V`;
    return ["V", "1", "0V", "01", "00V"].map((tail) => low + tail).find((key) => key < high) ?? low;
  }
}
