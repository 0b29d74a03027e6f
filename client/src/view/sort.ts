import type { Cell, Column, Table } from "../model/types";
import { asItem, itemsIn } from "../reading/reading";
import { type Language, optionsSet, wordsOf } from "./words";

export interface SortKey {
  readonly column: string;
  readonly direction: "ascending" | "descending";
}

/**
 * Puts rows in order by several keys. Empty cells come last in both directions; what the keys leave equal keeps
 * the order in which it came.
 */
export function sortRows(
  rows: readonly string[],
  keys: readonly SortKey[],
  table: Table,
  language: Language,
): readonly string[] {
  const ranked = keys.flatMap(({ column: id, direction }) => {
    const column = table.column(id);
    if (column === undefined) return [];
    return [{ ranks: ranksOf(rows, column, table, language), sign: direction === "ascending" ? 1 : -1 }];
  });
  if (ranked.length === 0) return rows;
  const places = rows.map((_, at) => at);
  places.sort((a, b) => {
    for (const { ranks, sign } of ranked) {
      const [left, right] = [ranks[a] ?? 0, ranks[b] ?? 0];
      if (left === right) continue;
      if (left === EMPTY) return 1;
      if (right === EMPTY) return -1;
      return (left - right) * sign;
    }
    return a - b;
  });
  return places.map((at) => rows[at] ?? "");
}

const EMPTY = -1;

type Weight = number | string | null;

// Each distinct value is compared once: cells repeat themselves, and collation is the dear part.
function ranksOf(
  rows: readonly string[],
  column: Column,
  table: Table,
  language: Language,
): readonly number[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const compare = (a: NonNullable<Weight>, b: NonNullable<Weight>) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return collator.compare(String(a), String(b));
  };
  const weights = rows.map((row) => weightOf(table.cell(row, column.id), column, language));
  const distinct = [...new Set(weights)].filter((weight) => weight !== null).sort(compare);
  const rank = new Map<Weight, number>();
  let last = 0;
  distinct.forEach((weight, at) => {
    const before = distinct[at - 1];
    // "Élan" and "elan" are the same to a reader: they share a rank, and their order stays as it was.
    if (before !== undefined && compare(before, weight) !== 0) last += 1;
    rank.set(weight, last);
  });
  return weights.map((weight) => (weight === null ? EMPTY : (rank.get(weight) ?? EMPTY)));
}

function weightOf(cell: Cell, column: Column, language: Language): Weight {
  const { value } = cell;
  switch (column.kind) {
    case "number":
    case "duration":
      if (typeof value === "number") return value;
      break;
    case "choice":
      if (typeof value === "string") return placeOf(value, column);
      break;
    case "choices": {
      const first = optionsSet(value, column)[0];
      if (first !== undefined) return placeOf(first, column);
      break;
    }
    case "boolean":
      if (typeof value === "boolean") return value ? 0 : 1;
      break;
    case "date":
      if (typeof value === "string") return value;
      break;
    case "prices":
    case "sessions": {
      // By the lowest price, by the first day.
      const [least] = itemsIn(value)
        .map((item) => asItem(item)?.[column.kind === "prices" ? "montant" : "debut"] ?? null)
        .filter((weight) => typeof weight === "number" || typeof weight === "string")
        .sort((a, b) => (a < b ? -1 : 1));
      if (least !== undefined) return least;
      break;
    }
    default:
      break;
  }
  return wordsOf(cell, column, language).trim() || null;
}

function placeOf(option: string, column: Column): Weight {
  const at = column.options.findIndex(({ id }) => id === option);
  return at < 0 ? option : at;
}
