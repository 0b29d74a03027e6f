import type { Plain } from "../model/types";
import type { Why } from "./doubt";

/** A doubt about some words. */
export interface Doubt {
  readonly why: Why;
  readonly words: string;
}

/** A text someone wrote, the value we understood, and our doubts. The mirror of `domain::reading::Reading`. */
export interface Reading {
  /** What was understood; null where nothing was. Lists stand in the shape of the JSON contract. */
  readonly value: Plain;
  readonly doubts: readonly Doubt[];
  /** The person's own words, where the value does not say all of them. */
  readonly words: string;
  /** What the words say of other columns, by their ids. */
  readonly also: Readonly<Record<string, Plain>>;
}

/** An item of a list. */
export type Item = Record<string, Plain>;

/** How many items one cell may hold; more are left as words. */
const MOST_ITEMS = 50;

export const tooMany = (items: readonly unknown[]): boolean => items.length > MOST_ITEMS;

/** Nothing was written. */
export const nothing = (): Reading => ({ value: null, doubts: [], words: "", also: {} });

/** Understood, the value says it all. */
export const sure = (value: Plain): Reading => ({ ...nothing(), value });

/** Not understood: the words stay, and we say why. */
export const unread = (words: string, why: Why): Reading => ({
  ...nothing(),
  doubts: [{ why, words }],
  words,
});

/** The same with a doubt about some words. */
export const doubting = (reading: Reading, why: Why, words: string): Reading => ({
  ...reading,
  doubts: [...reading.doubts, { why, words }],
});

/** The same, keeping these words beside the value. */
export const keeping = (reading: Reading, words: string): Reading => ({ ...reading, words });

/** Whether nothing is there: `0` and `false` are something. */
export function isEmpty(value: Plain): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether two values are the same, whatever the order of their keys. */
export function equal(one: Plain | undefined, other: Plain | undefined): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const [mine, theirs] = [Object.entries(one), Object.keys(other)];
  const there = (key: string): Plain | undefined => (other as Readonly<Item>)[key];
  return mine.length === theirs.length && mine.every(([key, value]) => equal(value, there(key)));
}

/** The map, where it is one. */
export function asItem(value: Plain | undefined): Readonly<Item> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Item) : null;
}

/** The items of a list, whether they stand in order or by id: their ids say their order. */
export function itemsIn(value: Plain): readonly Plain[] {
  if (Array.isArray(value)) return value;
  const byId = asItem(value) ?? {};
  return Object.keys(byId)
    .sort()
    .map((id) => byId[id] ?? null);
}
