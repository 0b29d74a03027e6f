import type { GridField } from "./field";
import type { Measures } from "./viewport";

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
