import type { CellRef, Column, Kind, Plain, Table } from "../../model/types";
import { wordsOfValue } from "../../view/words";
import { giveCell, type Put, putAlso, putWords } from "../understand";
import { isText } from "../write";
import { MAX_CELLS } from "./copy";
import type { Copied, CopiedCell } from "./html";
import { fromHtml } from "./htmlTable";
import { fromTsv } from "./tsv";

/** What lies on the clipboard: our own cells or another table if there is one, else lines of words. */
export function readClipboard(html: string, text: string): Copied {
  const table = html === "" ? null : fromHtml(html, MAX_CELLS);
  return table ?? fromTsv(text).map((line) => line.map((words) => ({ words })));
}

/** Where copied cells would go. Rows beyond the last are known by how far beyond they are. */
export interface PastePlan {
  readonly cells: readonly {
    readonly row: string | number;
    readonly column: string;
    readonly copied: CopiedCell;
  }[];
  readonly newRows: number;
  /** Columns that found no place. */
  readonly cutOff: number;
}

/** The rows and columns shown, and which of them are selected. */
export interface Target {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}
export interface Selected {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** One cell fills the selection, a block repeats where the selection is a multiple of it; else it starts top left. */
export function planPaste(copied: Copied, box: Selected, field: Target): PastePlan {
  const [height, width] = [copied.length, copied[0]?.length ?? 0];
  if (height === 0 || width === 0) return { cells: [], newRows: 0, cutOff: 0 };
  const rows = repeated(height, box.bottom - box.top + 1);
  const wanted = repeated(width, box.right - box.left + 1);
  const columns = Math.min(wanted, field.columns.length - box.left);
  const cells: PastePlan["cells"][number][] = [];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const column = field.columns[box.left + x];
      const cell = copied[y % height]?.[x % width];
      if (column === undefined || cell === undefined) continue;
      const index = box.top + y;
      cells.push({ row: field.rows[index] ?? index - field.rows.length, column, copied: cell });
    }
  }
  const newRows = Math.max(0, box.top + rows - field.rows.length);
  return { cells, newRows, cutOff: wanted - columns };
}

function repeated(size: number, selected: number): number {
  return selected > size && selected % size === 0 ? selected : size;
}

export interface Pasted {
  readonly written: number;
  readonly refused: number;
  /** Cells whose words were not understood by the kind of their column, and are kept as words. */
  readonly unread: number;
  /** Cells beside that were empty, and are filled by what the words say of them. */
  readonly also: number;
  readonly rows: readonly string[];
}

/** Writes what was copied, as one step of undo. `alongside` is done in the same step, before. */
export function paste(table: Table, plan: PastePlan, alongside: () => void = () => {}): Pasted {
  let [written, refused, unread, also] = [0, 0, 0, 0];
  const rows: string[] = [];
  const beside: (() => number)[] = [];
  table.endStep();
  table.transact(() => {
    alongside();
    for (let at = 0; at < plan.newRows; at += 1) rows.push(table.addRow(rows.at(-1) ?? null));
    for (const { row: place, column, copied } of plan.cells) {
      const row = typeof place === "string" ? place : (rows[place] ?? "");
      if (!table.mayWrite(row, column)) {
        refused += 1;
        continue;
      }
      written += 1;
      const done = put(table, { row, column }, copied);
      if (!done.isRead) unread += 1;
      beside.push(() => putAlso(table, row, done.also));
    }
    // What was pasted into a cell goes before what the words of another say of it.
    for (const fill of beside) also += fill();
  });
  table.endStep();
  return { written, refused, unread, also, rows };
}

function put(table: Table, ref: CellRef, { words, kind, cell }: CopiedCell): Put {
  const column = table.column(ref.column);
  if (cell !== undefined && column !== undefined && kind === column.kind && fits(cell.value, column)) {
    if (!isText(column)) return { isRead: giveCell(table, ref, column, cell), also: [] };
    table.setText(ref.row, ref.column, wordsOfValue(cell.value, column, "fr"));
    return { isRead: true, also: [] };
  }
  return putWords(table, ref, words);
}

const SCALARS: Partial<Readonly<Record<Kind, "number" | "boolean">>> = {
  number: "number",
  duration: "number",
  boolean: "boolean",
};

// The clipboard can be written by any page: what claims to be a cell of ours must look like one.
function fits(value: Plain, column: Column): boolean {
  if (value === null) return true;
  switch (column.kind) {
    case "prices":
    case "sessions":
    case "places":
      return typeof value === "object" && !Array.isArray(value);
    case "choices":
      return (
        typeof value === "object" &&
        Object.entries(value).every(([id, set]) => set === true && hasOption(column, id))
      );
    case "choice":
      return typeof value === "string" && hasOption(column, value);
    default:
      return typeof value === (SCALARS[column.kind] ?? "string");
  }
}

function hasOption(column: Column, id: string): boolean {
  return column.options.some((option) => option.id === id);
}
