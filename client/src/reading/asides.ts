/**
 * What the words of a duration or a price say of other columns. The mirror of what `domain::import::asides` takes from
 * words that a person writes in one cell; dates inside of them are the import's alone.
 */
import type { Column, Plain } from "../model/types";
import { duration, unitOf } from "./duration";
import { number } from "./number";
import { read } from "./read";
import { asItem, isEmpty, itemsIn, type Reading } from "./reading";
import { notYetKnown } from "./sign";
import { oneLine, repaired } from "./text";

export type Said = Readonly<Record<string, Plain>>;

/** What words in a column say of others, its own reading included; `prices` is the column that prices go to. */
export function saidOfOthers(
  column: Column,
  prices: Column | undefined,
  words: string,
  reading: Reading,
): Said {
  switch (column.id) {
    case "duree_texte":
    case "duree_heures":
    case "duree_jours":
      return ofDuration(column, words, reading);
    case "tarif_texte":
    case "tarifs":
      return prices === undefined ? reading.also : ofPrices(column, prices, words, reading);
    default:
      return reading.also;
  }
}

/** `1 jour (7 heures)` says both. */
function ofDuration(column: Column, written: string, reading: Reading): Said {
  const words = typeof reading.value === "string" ? reading.value : oneLine(repaired(written));
  const bare = number(words);
  const inUnit = column.kind === "duration" && unitOf(column) !== null;
  const says = reading.doubts.some(({ why }) =>
    ["clock-or-duration", "not-yet-known", "nothing-said"].includes(why),
  );
  if (words === "" || says || notYetKnown(words)) return reading.also;
  if (inUnit && !isEmpty(bare.value) && bare.doubts.length === 0) return reading.also;
  const told = duration(words);
  const found = asItem(told.value) ?? {};
  const units = [
    ["duree_heures", found.heures],
    ["duree_jours", found.jours],
  ] as const;
  const others = units.filter(([id, amount]) => id !== column.id && amount !== undefined);
  return { ...told.also, ...Object.fromEntries(others), ...reading.also } as Said;
}

/** Sums, and that one pays; who pays says nothing of what one pays. */
function ofPrices(column: Column, prices: Column, words: string, reading: Reading): Said {
  if (reading.doubts.some(({ why }) => why === "nothing-said")) return reading.also;
  const nothing = { optionByKey: new Map(), labelByOption: new Map() };
  const told = column === prices ? reading : read(prices, nothing, words);
  const sums = itemsIn(told.value).filter((item) => typeof asItem(item)?.montant === "number");
  const also: Record<string, Plain> = { ...told.also };
  if (also.tarif_type === "inconnu") delete also.tarif_type;
  const isPaid = (item: Plain): boolean => Number(asItem(item)?.montant ?? 1) > 0;
  if (itemsIn(told.value).some(isPaid)) also.tarif_type ??= "payant";
  return column === prices || sums.length === 0 ? also : { tarifs: sums, ...also };
}
