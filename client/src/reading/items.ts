/**
 * Lists as a document holds them: items by id, each merging by itself. Ids are random, and sort in the order of the
 * items, so that every tab and the server tell a list in the same order.
 */
import type { Plain } from "../model/types";
import { asItem, equal } from "./reading";

export type Items = Readonly<Record<string, Plain>>;

/** Gives 8 characters that nobody else has. */
export type Chance = () => string;

/**
 * What becomes of the items of a cell when a person wrote `list` over the items `from`. Items that are the same keep
 * their ids, others take those of the items in whose place they stand; the rest are new. What others did to the cell
 * since (`now`) stays, but for the items that this person changed too.
 */
export function rewritten(now: Plain, from: Plain, list: readonly Plain[], chance: Chance): Items | null {
  const [before, there] = [asItem(from) ?? {}, asItem(now) ?? {}];
  const written = withIds(before, list, chance);
  const items: Record<string, Plain> = { ...there };
  for (const id of Object.keys(before)) if (!(id in written)) delete items[id];
  for (const [id, item] of Object.entries(written)) if (!equal(before[id], item)) items[id] = item;
  return Object.keys(items).length === 0 ? null : items;
}

/** The list by id, in the order of `list`. */
export function withIds(before: Items, list: readonly Plain[], chance: Chance): Items {
  const ids = Object.keys(before).sort();
  const same = commonRun(
    ids.map((id) => before[id] ?? null),
    list,
  );
  const written: Record<string, Plain> = {};
  let [old, last] = [0, ""];
  for (const [end, at] of [...same, [ids.length, list.length] as const]) {
    const from = Object.keys(written).length;
    for (const item of list.slice(from, at)) {
      const id = old < end ? (ids[old] ?? "") : between(last, ids[end] ?? null, chance);
      written[id] = item;
      last = id;
      old += old < end ? 1 : 0;
    }
    const id = ids[end];
    if (id !== undefined) written[id] = list[at] ?? null;
    [old, last] = [end + 1, id ?? last];
  }
  return written;
}

/** The longest run of items that stand in both lists in the same order, as pairs of places. */
function commonRun(one: readonly Plain[], other: readonly Plain[]): (readonly [number, number])[] {
  // `longest[a][b]`: how many are common from there on. Cells hold fifty items at most.
  const longest = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const at = (a: number, b: number): number => longest[a]?.[b] ?? 0;
  for (let a = one.length - 1; a >= 0; a -= 1) {
    for (let b = other.length - 1; b >= 0; b -= 1) {
      const here = equal(one[a], other[b]) ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
      (longest[a] as number[])[b] = here;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [a, b] = [0, 0];
  while (a < one.length && b < other.length) {
    if (equal(one[a], other[b])) {
      pairs.push([a, b]);
      [a, b] = [a + 1, b + 1];
    } else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return pairs;
}

// In the order in which ids compare.
const SIGNS = "0123456789_abcdefghijklmnopqrstuvwxyz";
const LONGEST_BEGINNING = 40;

/** A new id that sorts after `low` and before `high`; where there is no room between them, after `low`. */
function between(low: string, high: string | null, chance: Chance): string {
  return middle(low, high).slice(0, LONGEST_BEGINNING) + chance();
}

/** Words between two others, and no beginning of the upper one: whatever follows them, they stay below it. */
function middle(low: string, high: string | null): string {
  let shared = 0;
  while (high !== null && shared < high.length && (low[shared] ?? SIGNS[0]) === high[shared]) shared += 1;
  if (high !== null && shared === high.length) return `${low}i`;
  const sign = (words: string | null, at: number, otherwise: number): number => {
    const place = SIGNS.indexOf(words?.[at] ?? "");
    return words?.[at] === undefined ? otherwise : Math.max(0, place);
  };
  const [down, up] = [sign(low, shared, 0), sign(high, shared, SIGNS.length)];
  const begun = high === null ? "" : high.slice(0, shared);
  if (up - down > 1) return begun + SIGNS[Math.floor((down + up) / 2)];
  return begun + SIGNS[down] + middle(low.slice(shared + 1), null);
}
