import type { Spot } from "../commands/command";
import type { Owner } from "../lib/owner";
import type { GridField } from "./field";
import type { Measures, Viewport } from "./viewport";

/** The elements whose sizes decide what is drawn. */
export interface Measured {
  readonly root: HTMLElement;
  readonly head: HTMLElement;
  /** An element as tall as a row and one rem wide, never seen. */
  readonly probe: HTMLElement;
}

/** Reads of the DOM, all of them, once per frame and before any write. */
export function measure({ root, head, probe }: Measured, field: GridField): Measures {
  const probed = probe.getBoundingClientRect();
  const rem = probed.width > 0 ? probed.width : 16;
  const title = head.querySelector<HTMLElement>(".cell-title");
  const pinned = title !== null && getComputedStyle(title).position === "sticky";
  const columnEdges = field.edges().map((edge) => edge * rem);
  return {
    scrollTop: root.scrollTop,
    scrollLeft: root.scrollLeft,
    rowsHeight: Math.max(0, root.clientHeight - head.offsetHeight),
    width: root.clientWidth,
    rowHeight: probed.height > 0 ? probed.height : rem * 2.25,
    columnEdges,
    pinnedWidth: pinned ? (columnEdges[1] ?? 0) : 0,
  };
}

/** The cell at a point of the page, or the nearest there is. */
export function spotNear(
  { root, head }: Measured,
  viewport: Viewport,
  field: GridField,
  { x, y }: { readonly x: number; readonly y: number },
): Spot | null {
  const box = root.getBoundingClientRect();
  const row = field.rows[viewport.rowAt(y - box.top - head.offsetHeight)];
  const column = field.columns[viewport.columnAt(x - box.left)];
  return row === undefined || column === undefined ? null : { row, column };
}

/** Tells when elements change their size, and whether the first of them can be seen at all. */
export function watchSize(
  elements: readonly [HTMLElement, ...HTMLElement[]],
  owner: Owner,
  told: (seen: boolean) => void,
): void {
  const resized = new ResizeObserver(() => told(elements[0].getClientRects().length > 0));
  for (const element of elements) resized.observe(element);
  owner.add(() => resized.disconnect());
}
