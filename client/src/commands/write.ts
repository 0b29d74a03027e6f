import type { Cell, CellRef, Column, Table } from "../model/types";

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

/** Puts a value and the words that go with it into a cell that is not a text. Says whether it holds a value. */
export function putCell(table: Table, { row, column }: CellRef, { value, said }: Cell): boolean {
  const now = table.cell(row, column);
  if (now.value !== value) table.setValue(row, column, value);
  if (now.said !== said) table.setSaid(row, column, said);
  return value !== null || said === null;
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
