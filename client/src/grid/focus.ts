import type { Viewport } from "./viewport";

const TABBABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';

/** Moves the focus out of the grid, to the next or the previous thing of the page that takes it. */
export function leaveGrid(root: HTMLElement, direction: "forward" | "backward"): boolean {
  const all = [...document.querySelectorAll<HTMLElement>(TABBABLE)].filter(
    (element) => element.tabIndex >= 0 && !root.contains(element) && isSeen(element),
  );
  const after = (element: HTMLElement) =>
    (root.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const following = all.filter(after);
  const preceding = all.filter((element) => !after(element));
  // Past the last there is the first again, as with the Tab key.
  const target =
    direction === "forward" ? (following[0] ?? preceding[0]) : (preceding.at(-1) ?? following.at(-1));
  target?.focus();
  return target !== undefined;
}

/** Scrolls until a cell is wholly in the window; a header (`row` is -1) only needs its column. */
export function reveal(
  root: HTMLElement,
  body: HTMLElement,
  viewport: Viewport,
  row: number,
  column: number,
): void {
  const top = row < 0 ? null : viewport.scrollTopFor(row);
  const left = viewport.scrollLeftFor(column);
  // Far places can only be scrolled to once the content is as tall as the rows.
  if (top !== null) {
    body.style.height = `${viewport.scale.height}px`;
    root.scrollTop = top;
  }
  if (left !== null) root.scrollLeft = left;
}

function isSeen(element: HTMLElement): boolean {
  return element.closest("[hidden], [inert]") === null && element.getClientRects().length > 0;
}
