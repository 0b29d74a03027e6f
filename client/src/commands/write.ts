import type { Cell, CellRef, Column, Table } from "../model/types";
import { readWords } from "../view/read";
import { type Language, saysMore, wordsOf } from "../view/words";

export interface Written {
  readonly written: number;
  /** Cells that this person may not write; the others were written all the same. */
  readonly refused: number;
}

/** Writes cells as one step of undo, leaving out those this person may not write. */
export function writeCells(table: Table, cells: readonly CellRef[], write: (cell: CellRef) => void): Written {
  const allowed = cells.filter(({ row, column }) => table.mayWrite(row, column));
  table.endStep();
  if (allowed.length > 0) {
    table.transact(() => {
      for (const cell of allowed) write(cell);
    });
  }
  table.endStep();
  return { written: allowed.length, refused: cells.length - allowed.length };
}

export function isText(column: Column): boolean {
  return column.kind === "text" || column.kind === "long_text";
}

/** Puts words into a cell by its kind. Says whether they were understood; they are kept in any case. */
export function putWords(table: Table, { row, column: id }: CellRef, words: string): boolean {
  const column = table.column(id);
  if (column === undefined) return false;
  if (isText(column)) {
    table.setText(row, id, words);
    return true;
  }
  if (saysMore(column)) {
    table.setSaid(row, id, words.trim() === "" ? null : words);
    return true;
  }
  return putCell(table, { row, column: id }, readWords(words, column));
}

/** Puts a value and the words that go with it into a cell that is not a text. Says whether it holds a value. */
export function putCell(table: Table, { row, column }: CellRef, { value, said }: Cell): boolean {
  const now = table.cell(row, column);
  if (now.value !== value) table.setValue(row, column, value);
  if (now.said !== said) table.setSaid(row, column, said);
  return value !== null || said === null;
}

/** Makes one cell hold what another holds: the value where both are of one kind, else its words. */
export function copyCell(table: Table, from: CellRef, to: CellRef, language: Language): void {
  const source = table.column(from.column);
  const target = table.column(to.column);
  if (source === undefined || target === undefined) return;
  const cell = table.cell(from.row, from.column);
  if (from.column === to.column && !isText(target)) putCell(table, to, cell);
  else putWords(table, to, wordsOf(cell, source, language));
}

/** Leaves a cell empty, of its value and of the contributor's words. */
export function clearCell(table: Table, { row, column: id }: CellRef): void {
  const column = table.column(id);
  const { value, said } = table.cell(row, id);
  if (column !== undefined && isText(column)) {
    if (value !== null && value !== "") table.setText(row, id, "");
    return;
  }
  if (value !== null) table.setValue(row, id, null);
  if (said !== null) table.setSaid(row, id, null);
}
