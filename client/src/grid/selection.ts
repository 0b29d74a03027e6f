import type { Direction, Selection, Spot, Step } from "../commands/command";
import type { CellRef } from "../model/types";

/** The rows and columns on screen, as the selection needs to know them. */
export interface Field {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  rowIndex(row: string): number;
  columnIndex(column: string): number;
}

/** Indexes of a rectangle, both ends included; -1 is the header. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const HEADER = -1;

/**
 * The rectangle between two cells, known by their ids: rows that others add, move or sort away do not change
 * which cells a person has chosen to stand on.
 */
export class GridSelection implements Selection {
  readonly #field: Field;
  #active: Spot | null = null;
  #anchor: Spot | null = null;
  #whole: "rows" | "columns" | "all" | null = null;
  /** On the header only because there was no row left to stand on. */
  #rowless = false;
  /** Where its column stood among the others. */
  #place = 0;

  constructor(field: Field) {
    this.#field = field;
  }

  get at(): Spot | null {
    return this.#active;
  }

  get active(): CellRef | null {
    const at = this.#active;
    return at === null || at.row === null ? null : { row: at.row, column: at.column };
  }

  get single(): boolean {
    const box = this.box();
    return box !== null && box.top === box.bottom && box.left === box.right;
  }

  /** The selected rectangle, null when nothing or a header is selected. */
  box(): Box | null {
    const { rows, columns } = this.#field;
    if (this.#active === null || rows.length === 0) return null;
    const [to, from] = [this.#indexes(this.#active), this.#indexes(this.#anchor ?? this.#active)];
    if (to.row === HEADER || to.column < 0) return null;
    const fromRow = from.row < 0 ? to.row : from.row;
    const fromColumn = from.column < 0 ? to.column : from.column;
    const [allRows, allColumns] = [this.#takesAll("columns"), this.#takesAll("rows")];
    return {
      top: allRows ? 0 : Math.min(fromRow, to.row),
      bottom: allRows ? rows.length - 1 : Math.max(fromRow, to.row),
      left: allColumns ? 0 : Math.min(fromColumn, to.column),
      right: allColumns ? columns.length - 1 : Math.max(fromColumn, to.column),
    };
  }

  contains(row: number, column: number): boolean {
    const box = this.box();
    if (box === null) return false;
    return row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
  }

  rows(): readonly string[] {
    const box = this.box();
    return box === null ? [] : this.#field.rows.slice(box.top, box.bottom + 1);
  }

  lines(): readonly (readonly CellRef[])[] {
    const columns = this.#chosenColumns();
    return this.rows().map((row) => columns.map((column) => ({ row, column })));
  }

  columns(): readonly (readonly CellRef[])[] {
    const rows = this.rows();
    return this.#chosenColumns().map((column) => rows.map((row) => ({ row, column })));
  }

  /** Stands on a spot; with `extend` the selection reaches from where it began to there. */
  stand(spot: Spot, extend = false): void {
    this.#whole = null;
    this.#rowless = false;
    this.#active = spot;
    this.#place = this.#field.columnIndex(spot.column);
    if (!extend || spot.row === null || this.#anchor?.row === null) this.#anchor = spot;
    else this.#anchor ??= spot;
  }

  /** Selects a rectangle, standing on its first cell. */
  cover(from: CellRef, to: CellRef): void {
    this.#whole = null;
    this.#active = from;
    this.#anchor = to;
  }

  takeWhole(what: "rows" | "columns" | "all"): void {
    if (this.#active !== null && this.#active.row !== null) this.#whole = what;
  }

  /** Back to the one cell that has the focus. Says whether that changed anything. */
  narrow(): boolean {
    const changed = !this.single;
    this.#whole = null;
    this.#anchor = this.#active;
    return changed;
  }

  /** Where a step leads, or null where there is nowhere to go. */
  reach(step: Step, pageRows: number): Spot | null {
    if (this.#active === null) return null;
    const from = this.#indexes(this.#active);
    const to = step.by === "tab" ? this.#nextTab(from, step.direction) : this.#target(from, step, pageRows);
    if (to === null) return null;
    const column = this.#field.columns[Math.max(0, Math.min(this.#field.columns.length - 1, to.column))];
    if (column === undefined) return null;
    const row = Math.max(HEADER, Math.min(this.#field.rows.length - 1, to.row));
    return { row: row === HEADER ? null : (this.#field.rows[row] ?? null), column };
  }

  /** After the list changed: whoever stood on a row that is gone stands where it was. */
  settle(lastIndex: number): void {
    const at = this.#active;
    if (at === null) return;
    const { columns } = this.#field;
    const place = this.#field.columnIndex(at.column);
    if (place >= 0) this.#place = place;
    // Where one's own column is gone, the one that took its place is the nearest.
    const column = place >= 0 ? at.column : columns[Math.min(Math.max(0, this.#place), columns.length - 1)];
    if (column === undefined) return;
    const { rows } = this.#field;
    const returns = this.#rowless && rows.length > 0;
    const rowStays = !returns && (at.row === null || this.#field.rowIndex(at.row) >= 0);
    const row = rowStays ? at.row : (rows[Math.max(0, Math.min(rows.length - 1, lastIndex))] ?? null);
    if (rowStays && column === at.column) return;
    const rowless = !returns && (this.#rowless || (row === null && at.row !== null));
    this.stand({ row, column });
    this.#rowless = rowless;
  }

  #takesAll(what: "rows" | "columns"): boolean {
    return this.#whole === "all" || this.#whole === what;
  }

  #chosenColumns(): readonly string[] {
    const box = this.box();
    return box === null ? [] : this.#field.columns.slice(box.left, box.right + 1);
  }

  #indexes({ row, column }: Spot): { row: number; column: number } {
    return {
      row: row === null ? HEADER : this.#field.rowIndex(row),
      column: this.#field.columnIndex(column),
    };
  }

  #target(
    from: { row: number; column: number },
    step: Exclude<Step, { by: "tab" }>,
    pageRows: number,
  ): { row: number; column: number } {
    const [lastRow, lastColumn] = [this.#field.rows.length - 1, this.#field.columns.length - 1];
    const forward = step.direction === "down" || step.direction === "right";
    switch (step.by) {
      case "cell":
        return moved(from, step.direction, 1);
      case "edge": {
        // Up from any cell leads to the first row, and from there to the header.
        if (step.direction === "up") return { ...from, row: from.row > 0 ? 0 : HEADER };
        if (step.direction === "down") return { ...from, row: lastRow };
        return { ...from, column: forward ? lastColumn : 0 };
      }
      case "page":
        return { ...from, row: Math.max(0, from.row + (forward ? pageRows : -pageRows)) };
      case "row-end":
        return { ...from, column: forward ? lastColumn : 0 };
      case "table-end":
        return forward ? { row: lastRow, column: lastColumn } : { row: Math.min(0, lastRow), column: 0 };
    }
  }

  // Tab walks the cells as one reads them, and leaves the grid at both its ends.
  #nextTab(
    from: { row: number; column: number },
    direction: "left" | "right",
  ): { row: number; column: number } | null {
    const width = this.#field.columns.length;
    const column = from.column + (direction === "right" ? 1 : -1);
    if (column >= 0 && column < width) return { row: from.row, column };
    const row = from.row + (direction === "right" ? 1 : -1);
    if (from.row === HEADER || row < 0 || row >= this.#field.rows.length) return null;
    return { row, column: direction === "right" ? 0 : width - 1 };
  }
}

function moved(
  from: { row: number; column: number },
  direction: Direction,
  by: number,
): { row: number; column: number } {
  switch (direction) {
    case "up":
      return { ...from, row: from.row - by };
    case "down":
      return { ...from, row: from.row + by };
    case "left":
      return { ...from, column: from.column - by };
    case "right":
      return { ...from, column: from.column + by };
  }
}
