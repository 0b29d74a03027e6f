import type { Owner } from "../lib/owner";

const OTHERS = new Set(["Tab", "Escape", "Shift", "Control", "Alt", "AltGraph", "Meta"]);

/**
 * As in every sheet, the keys of the grid work before anything has the focus. Tab still begins at the top of the
 * page, and letters alone do nothing: nobody shall write over a cell who is not in it (WCAG 2.1.4).
 */
export function hearWhenNowhere(grid: { focus(): void }, owner: Owner): void {
  owner.listen(document, "keydown", (event) => {
    if (event.target !== document.body || event.isComposing || OTHERS.has(event.key)) return;
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) return;
    grid.focus();
    // Behind a dialog the grid takes no focus.
    const cell = document.activeElement;
    if (cell === null || cell === document.body) return;
    if (!cell.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
  });
}
