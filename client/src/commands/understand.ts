/**
 * The one door through which words become what a cell holds: typed, pasted or filled, in the grid or in the panel of a
 * row. Read by the same rules as an import (`domain::import::offer`), and seen before they are written.
 *
 * What is understood is the value. The person's own words are kept where they say more: in the column of words beside
 * it if that is empty (or says nothing but what the cell said), else with the cell. What is not understood fills
 * nothing: the words stay with the cell, flagged, and the value that they were written over goes, for it is not what
 * the person says any more; undo and history have it. What words say of other columns goes only into empty cells. A
 * list that was written over keeps the items that stayed the same, and those that others wrote meanwhile.
 *
 * Loaded after the table (`understanding.ts`).
 */
import type { Cell, CellRef, Column, Plain, Table } from "../model/types";
import { saidOfOthers } from "../reading/asides";
import { type Vocabulary, vocabularyOf } from "../reading/choice";
import { rewritten, withIds } from "../reading/items";
import { read } from "../reading/read";
import { asItem, equal, isEmpty, itemsIn, type Reading } from "../reading/reading";
import { isList, type Language, wordsOf } from "../view/words";
import type { Typed } from "./reader";
import { isText, putCell } from "./write";

/** What words will be, once they are written. */
export interface Understood {
  readonly column: Column;
  readonly reading: Reading;
  /** What the cell will hold. */
  readonly value: Plain;
  /** Own words that stay with the cell. */
  readonly said: string | null;
  /** What goes into other cells of the row, and what stands in them: nothing, or words that say no more. */
  readonly also: readonly (readonly [column: Column, value: Plain, over: Plain])[];
}

const vocabularies = new WeakMap<Column, Vocabulary>();

/** Reads words by the rules of their column. */
export function readIn(column: Column, words: string): Reading {
  let vocabulary = vocabularies.get(column);
  if (vocabulary === undefined) {
    vocabulary = vocabularyOf(column);
    vocabularies.set(column, vocabulary);
  }
  return read(column, vocabulary, words);
}

/** What becomes of words in a cell that is not a text. */
export function understood(table: Table, column: Column, { ref, words, from }: Typed): Understood {
  const now = table.cell(ref.row, column.id);
  const reading = readIn(column, words);
  const value = isList(column)
    ? rewritten(now.value, from, itemsIn(reading.value), eightSigns)
    : isEmpty(reading.value)
      ? null
      : reading.value;
  const kept = reading.words === "" ? null : reading.words;
  const beside = isEmpty(reading.value) || kept === null ? null : besideIt(table, ref.row, column, now, kept);
  const also = alsoSaid(table, ref.row, column, words, reading);
  if (beside === null) return { column, reading, value, said: kept, also };
  return { column, reading, value, said: null, also: [...also, beside] };
}

const eightSigns = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => (byte % 36).toString(36)).join("");

/** What became of words that were written. */
export interface Put {
  /** Whether there is nothing to look at again. */
  readonly isRead: boolean;
  readonly also: Understood["also"];
}

/** Writes words into a cell by its kind, and into no other; to be called in a transaction. */
export function putWords(table: Table, ref: CellRef, words: string, from?: Plain): Put {
  const column = table.column(ref.column);
  if (column === undefined) return { isRead: false, also: [] };
  if (isText(column)) {
    table.setText(ref.row, column.id, words);
    return { isRead: true, also: [] };
  }
  const over = from === undefined ? table.cell(ref.row, column.id).value : from;
  return put(table, ref, understood(table, column, { ref, words, from: over }));
}

/** Writes what was understood of a cell, and into no other; to be called in a transaction. */
export function put(table: Table, ref: CellRef, { value, said, reading, also }: Understood): Put {
  putCell(table, ref, { value, said });
  return { isRead: !isEmpty(reading.value) || reading.doubts.length === 0, also };
}

/** Writes what words said of other cells of their row; those that were filled meanwhile stay. Says how many it wrote. */
export function putAlso(table: Table, row: string, also: Understood["also"]): number {
  const free = also.filter(([{ id }, , over]) => table.cell(row, id).value === over);
  for (const [column, value] of free) {
    if (isText(column)) table.setText(row, column.id, String(value));
    else table.setValue(row, column.id, value);
  }
  return free.length;
}

/** Makes one cell hold what another holds: the value where both are of one column, else its words. */
export function copyCell(table: Table, from: CellRef, to: CellRef, language: Language): void {
  const [source, target] = [table.column(from.column), table.column(to.column)];
  if (source === undefined || target === undefined) return;
  const cell = table.cell(from.row, from.column);
  if (source === target && !isText(target)) giveCell(table, to, target, cell);
  else putWords(table, to, wordsOf(cell, source, language));
}

/** Puts a value of the same kind into a cell: items become items of this cell, and keep their ids where they stay. */
export function giveCell(table: Table, to: CellRef, column: Column, { value, said }: Cell): boolean {
  if (!isList(column)) return putCell(table, to, { value, said });
  const now = table.cell(to.row, to.column).value;
  return putCell(table, to, { value: rewritten(now, now, itemsIn(value), eightSigns), said });
}

/** The words in which a cell is edited: the person's own where they say all of the value, for they may say more. */
export function wordsToEdit(cell: Cell, column: Column, language: Language): string {
  const { value, said } = cell;
  if (isList(column) && said !== null && value !== null && saysAll(column, said, value)) return said;
  return wordsOf(cell, column, language);
}

const saysAll = (column: Column, words: string, value: Plain): boolean =>
  isList(column)
    ? equal(itemsIn(readIn(column, words).value), itemsIn(value))
    : equal(readIn(column, words).value, value);

// The mirror of `domain::import::offer::text_column_beside`.
const BESIDE: Readonly<Record<string, string>> = {
  publics: "public_texte",
  tarif_type: "tarif_texte",
  tarifs: "tarif_texte",
  duree_heures: "duree_texte",
  duree_jours: "duree_texte",
};

/** The column of own words beside this one, where nothing of anybody's would be lost there. */
function besideIt(
  table: Table,
  row: string,
  column: Column,
  now: Cell,
  kept: string,
): Understood["also"][number] | null {
  const beside = table.column(BESIDE[column.id] ?? "");
  if (beside === undefined || !isText(beside) || !table.mayWrite(row, beside.id)) return null;
  const { value } = table.cell(row, beside.id);
  const there = String(value ?? "").trim();
  const saysNoMore = now.value !== null && saysAll(column, there, now.value);
  const isFree = there === "" || (saysNoMore && readIn(column, there).doubts.length === 0);
  return isFree ? [beside, kept, value] : null;
}

/** What words in a text say of other columns: they are a value there, too. */
export function saidBesideText(table: Table, column: Column, { ref, words }: Typed): Understood["also"] {
  return alsoSaid(table, ref.row, column, words, readIn(column, words));
}

/** What words say of other columns, as far as their cells are empty and this person may fill them. */
function alsoSaid(
  table: Table,
  row: string,
  column: Column,
  words: string,
  reading: Reading,
): Understood["also"] {
  return Object.entries(saidOfOthers(column, table.column("tarifs"), words, reading)).flatMap(
    ([id, said]) => {
      const other = table.column(id);
      if (other === undefined || other === column || !table.mayWrite(row, id)) return [];
      const { value, said: kept } = table.cell(row, id);
      const fitting = isEmpty(value) && kept === null ? fitted(other, said) : null;
      return fitting === null ? [] : [[other, fitting, value] as const];
    },
  );
}

/** The value as far as it fits the column: options that are in use, and nothing of another kind. */
function fitted(column: Column, value: Plain): Plain {
  const isOffered = (id: string): boolean =>
    column.options.some((option) => option.id === id && option.archived !== true);
  switch (column.kind) {
    case "choice":
      return typeof value === "string" && isOffered(value) ? value : null;
    case "choices": {
      const offered = Object.keys(asItem(value) ?? {}).filter(isOffered);
      return offered.length === 0 ? null : Object.fromEntries(offered.map((id) => [id, true]));
    }
    case "number":
    case "duration":
      return typeof value === "number" ? value : null;
    case "prices": {
      const items = itemsIn(value);
      return items.length === 0 ? null : withIds({}, items, eightSigns);
    }
    case "code":
    case "phone":
    case "email":
      return typeof value === "string" ? value : null;
    default:
      return null;
  }
}
