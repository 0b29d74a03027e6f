import { type Scale, scaleFor } from "./scroll";

/** What the DOM said, all read at once. */
export interface Measures {
  readonly scrollTop: number;
  readonly scrollLeft: number;
  /** The height left for rows, and the width, of the scrolling window. */
  readonly rowsHeight: number;
  readonly width: number;
  readonly rowHeight: number;
  /** Where each column starts and the last one ends, in pixels of the content. */
  readonly columnEdges: readonly number[];
  /** How much of the window the pinned column covers. */
  readonly pinnedWidth: number;
}

// Rows drawn beyond the window, so that a scroll of a frame does not show a gap.
const SPARE_ROWS = 6;

/** Which rows are visible, and where they are drawn. Pure: made anew from each set of measures. */
export class Viewport {
  readonly measures: Measures;
  readonly count: number;
  readonly scale: Scale;
  readonly #above: number;

  constructor(measures: Measures, count: number) {
    this.measures = measures;
    this.count = count;
    this.scale = scaleFor(count * measures.rowHeight, measures.rowsHeight);
    this.#above = this.scale.toRows(measures.scrollTop);
  }

  /** First row to draw. */
  get first(): number {
    return Math.max(0, Math.floor(this.#above / this.measures.rowHeight) - SPARE_ROWS);
  }

  /** One past the last row to draw. */
  get end(): number {
    const { rowsHeight, rowHeight } = this.measures;
    return Math.min(this.count, Math.ceil((this.#above + rowsHeight) / rowHeight) + SPARE_ROWS);
  }

  /** The row at the top edge of the window. */
  get top(): number {
    return Math.min(this.count - 1, Math.max(0, Math.floor(this.#above / this.measures.rowHeight)));
  }

  /** How many rows fit on one screen; one of them is kept when paging, so that the eye finds its way. */
  get page(): number {
    return Math.max(1, Math.floor(this.measures.rowsHeight / this.measures.rowHeight) - 1);
  }

  /** Where a row is drawn, in pixels from the top of the content. */
  placeOf(row: number): number {
    return row * this.measures.rowHeight - this.#above + this.measures.scrollTop;
  }

  /** The row drawn at a height of the window, clamped to those there are. */
  rowAt(y: number): number {
    const row = Math.floor((this.#above + y) / this.measures.rowHeight);
    return Math.max(0, Math.min(this.count - 1, row));
  }

  /** The column drawn at a place of the window's width. */
  columnAt(x: number): number {
    const { columnEdges, pinnedWidth, scrollLeft } = this.measures;
    const inContent = x < pinnedWidth ? x : x + scrollLeft;
    const after = columnEdges.findIndex((edge) => edge > inContent);
    return after < 0 ? Math.max(0, columnEdges.length - 2) : Math.max(0, after - 1);
  }

  /** Where the scrollbar must stand for a row to be wholly visible, or null when it is. */
  scrollTopFor(row: number): number | null {
    const { rowHeight, rowsHeight } = this.measures;
    const start = row * rowHeight;
    if (start < this.#above) return this.scale.toScroll(start);
    if (start + rowHeight <= this.#above + rowsHeight) return null;
    return this.scale.toScroll(Math.max(0, start + rowHeight - rowsHeight));
  }

  /** The same for a column; the pinned one is always visible. */
  scrollLeftFor(column: number): number | null {
    const { columnEdges, pinnedWidth, scrollLeft, width } = this.measures;
    const start = columnEdges[column] ?? 0;
    const end = columnEdges[column + 1] ?? start;
    if (column === 0) return pinnedWidth > 0 || scrollLeft === 0 ? null : 0;
    if (start - pinnedWidth < scrollLeft) return start - pinnedWidth;
    if (end > scrollLeft + width) return Math.min(start - pinnedWidth, end - width);
    return null;
  }

  /** Whether a row can be seen, at least in part. */
  shows(row: number): boolean {
    const start = row * this.measures.rowHeight;
    const below = this.#above + this.measures.rowsHeight;
    return start + this.measures.rowHeight > this.#above && start < below;
  }

  /** How far a row is from the top edge of the window: what must stay when rows come or go above it. */
  distanceOf(row: number): number {
    return row * this.measures.rowHeight - this.#above;
  }
}
