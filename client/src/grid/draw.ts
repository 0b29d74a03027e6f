import type { Spot } from "../commands/command";
import { arrived } from "../commands/reader";
import { make, setAttribute } from "../lib/dom";
import { whenQuiet } from "../lib/schedule";
import type { CellRef } from "../model/types";
import type { SortKey } from "../view/sort";
import { type DrawnCell, type LookSources, lookOf, makeCell, paintCell } from "./cells";
import type { GridField } from "./field";
import type { Box, GridSelection } from "./selection";
import type { Viewport } from "./viewport";

interface DrawnRow {
  readonly element: HTMLElement;
  readonly cells: readonly DrawnCell[];
  row: string;
  index: number;
  place: number;
}

// Rows are put back in reading order once scrolling rests: moving them while it runs costs a layout each.
const ORDER_AFTER = 120;

/** What draws the grid needs to know beside where rows are. */
export interface DrawSources extends LookSources {
  readonly field: GridField;
  readonly selection: GridSelection;
  sort(): readonly SortKey[];
  strayed(): string | null;
}

/** Writes to the DOM, all of them. Rows are elements that are used again for other rows as one scrolls. */
export class Drawing {
  readonly head = make("div", { role: "row", class: "grid-row grid-header", "aria-rowindex": 1 });
  readonly headGroup = make("div", { role: "rowgroup", class: "grid-head" }, this.head);
  readonly body = make("div", { role: "rowgroup", class: "grid-body" });
  /** What scrolls, and has the role of a grid. */
  readonly root = make(
    "div",
    { role: "grid", class: "grid", "aria-multiselectable": "true" },
    this.headGroup,
    this.body,
  );
  readonly #from: DrawSources;
  readonly #rows = new Map<string, DrawnRow>();
  readonly #order = whenQuiet(ORDER_AFTER, () => this.#putInOrder());
  #free: DrawnRow[] = [];
  #tabbable: HTMLElement | null = null;

  // Whoever can read words can say what is wrong with those that stand here.
  readonly #forget = arrived.on(() => this.repaintAll());

  constructor(from: DrawSources) {
    this.#from = from;
  }

  end(): void {
    this.#forget();
    this.#order.cancel();
  }

  /** Draws the header anew and forgets all rows: the columns changed. */
  columns(): void {
    const { field } = this.#from;
    for (const { element } of this.#rows.values()) element.remove();
    this.#rows.clear();
    this.#free = [];
    this.head.replaceChildren(
      ...field.shownColumns.map((column, at) => {
        const cell = make(
          "div",
          {
            role: "columnheader",
            class: `cell cell-head cell-${column.kind}${at === 0 ? " cell-title" : ""}`,
            "aria-colindex": at + 1,
            "data-column": column.id,
            title: column.help[this.#from.t.lang] || column.help.fr || null,
            tabindex: -1,
          },
          make("span", { class: "cell-words" }, column.label[this.#from.t.lang] || column.label.fr),
        );
        cell.style.width = `${field.width(at)}rem`;
        return cell;
      }),
    );
    const width = `${field.edges().at(-1) ?? 0}rem`;
    setAttribute(this.root, "aria-colcount", field.columns.length);
    this.headGroup.style.width = width;
    this.body.style.width = width;
    this.sorted();
  }

  /** Shows on the headers how rows are sorted. */
  sorted(): void {
    const keys = this.#from.sort();
    for (const cell of this.head.children) {
      const column = (cell as HTMLElement).dataset.column;
      const key = keys.find((key) => key.column === column);
      setAttribute(cell, "aria-sort", key?.direction ?? null);
    }
  }

  /** Draws the rows of the window, and those that must not be lost: where the focus is. */
  rows(viewport: Viewport, kept: string | null): void {
    const { field, strayed } = this.#from;
    setAttribute(this.root, "aria-rowcount", field.rows.length + 1);
    this.body.style.height = `${viewport.scale.height}px`;
    const wanted = field.rows.slice(viewport.first, viewport.end);
    if (kept !== null && field.rowIndex(kept) >= 0 && !wanted.includes(kept)) wanted.push(kept);
    this.#release(new Set(wanted));
    const stray = strayed();
    for (const row of wanted) {
      const drawn = this.#rows.get(row) ?? this.#take(row);
      const index = field.rowIndex(row);
      const place = viewport.placeOf(index);
      if (drawn.place !== place) drawn.element.style.transform = `translateY(${place}px)`;
      if (drawn.index !== index) setAttribute(drawn.element, "aria-rowindex", index + 2);
      drawn.element.classList.toggle("grid-row-odd", index % 2 === 1);
      drawn.element.classList.toggle("grid-row-strayed", row === stray);
      drawn.index = index;
      drawn.place = place;
    }
    for (const { element } of this.#free) element.remove();
    this.#order.ask();
    this.selection();
  }

  /** Repaints cells that changed, those that are drawn. */
  cells(cells: Iterable<CellRef>): void {
    for (const { row, column } of cells) {
      const drawn = this.#rows.get(row);
      const at = this.#from.field.columnIndex(column);
      if (drawn !== undefined && at >= 0) this.#paint(drawn, at);
    }
  }

  /** Repaints whole rows, those that are drawn. */
  repaint(rows: Iterable<string>): void {
    for (const row of rows) {
      const drawn = this.#rows.get(row);
      if (drawn !== undefined) this.#paintRow(drawn);
    }
  }

  repaintAll(): void {
    this.repaint(this.#rows.keys());
  }

  /** Shows which cells are selected, and which one the Tab key comes to. */
  selection(): void {
    const { selection } = this.#from;
    const box = selection.box();
    for (const drawn of this.#rows.values()) {
      drawn.cells.forEach((cell, column) => {
        const state = box === null ? "" : stateIn(box, drawn.index, column);
        if (cell.selection === state) return;
        cell.selection = state;
        setAttribute(cell.element, "aria-selected", state === "" ? null : "true");
        setAttribute(cell.element, "data-edges", state === "" ? null : state);
      });
    }
    const tabbable = selection.at === null ? null : this.element(selection.at);
    if (tabbable === this.#tabbable) return;
    if (this.#tabbable !== null) this.#tabbable.tabIndex = -1;
    if (tabbable !== null) tabbable.tabIndex = 0;
    this.#tabbable = tabbable;
  }

  /** The element of a cell or header, if it is drawn. */
  element({ row, column }: Spot): HTMLElement | null {
    const at = this.#from.field.columnIndex(column);
    if (at < 0) return null;
    if (row === null) return this.head.children[at] as HTMLElement;
    return this.#rows.get(row)?.cells[at]?.element ?? null;
  }

  /** The cell or header that holds a node. */
  spotOf(node: EventTarget | null): Spot | null {
    const cell = node instanceof Element ? node.closest<HTMLElement>(".cell") : null;
    const column = cell?.dataset.column;
    if (cell === null || column === undefined || cell.parentElement === null) return null;
    if (cell.parentElement === this.head) return { row: null, column };
    const row = cell.parentElement.dataset.row;
    return row === undefined ? null : { row, column };
  }

  #release(wanted: ReadonlySet<string>): void {
    for (const [row, drawn] of this.#rows) {
      if (wanted.has(row)) continue;
      this.#rows.delete(row);
      if (drawn.element.contains(this.#tabbable)) {
        if (this.#tabbable !== null) this.#tabbable.tabIndex = -1;
        this.#tabbable = null;
      }
      this.#free.push(drawn);
    }
  }

  #take(row: string): DrawnRow {
    const drawn = this.#free.pop() ?? this.#make();
    drawn.row = row;
    drawn.element.dataset.row = row;
    this.#rows.set(row, drawn);
    this.#paintRow(drawn);
    if (!drawn.element.isConnected) this.body.append(drawn.element);
    return drawn;
  }

  #make(): DrawnRow {
    const { field, t } = this.#from;
    const cells = field.shownColumns.map((column, at) => makeCell(column, at, field.width(at), t));
    const element = make("div", { role: "row", class: "grid-row" }, ...cells.map((cell) => cell.element));
    return { element, cells, row: "", index: -1, place: Number.NaN };
  }

  #paintRow(drawn: DrawnRow): void {
    for (let at = 0; at < drawn.cells.length; at += 1) this.#paint(drawn, at);
  }

  #paint(drawn: DrawnRow, at: number): void {
    const cell = drawn.cells[at];
    const column = this.#from.field.shownColumns[at];
    if (cell === undefined || column === undefined) return;
    paintCell(cell, lookOf(this.#from, drawn.row, column), this.#from.t);
  }

  // What a screen reader reads follows the DOM. The row that holds the focus stays, and the others move round it:
  // an element that is moved loses the focus.
  #putInOrder(): void {
    const rows = [...this.#rows.values()].sort((a, b) => a.index - b.index).map((row) => row.element);
    const fixed = rows.findIndex((row) => row.contains(document.activeElement));
    for (let at = fixed - 1; at >= 0; at -= 1) {
      const [row, next] = [rows[at], rows[at + 1] ?? null];
      if (row !== undefined && row.nextSibling !== next) this.body.insertBefore(row, next);
    }
    for (let at = fixed + 1; at < rows.length; at += 1) {
      const row = rows[at];
      const next = at === 0 ? this.body.firstChild : (rows[at - 1]?.nextSibling ?? null);
      if (row !== undefined && row !== next) this.body.insertBefore(row, next);
    }
  }
}

/** `in` for a selected cell, and the edges of the selection it lies at. */
function stateIn(box: Box, row: number, column: number): string {
  if (row < box.top || row > box.bottom || column < box.left || column > box.right) return "";
  const edges = [
    row === box.top ? "top" : "",
    row === box.bottom ? "bottom" : "",
    column === box.left ? "left" : "",
    column === box.right ? "right" : "",
  ];
  return ["in", ...edges.filter((edge) => edge !== "")].join(" ");
}
