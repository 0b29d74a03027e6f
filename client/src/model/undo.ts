import * as Y from "yjs";

/** The origin of what this person does: the only one that undo takes back. Each hand may hold its own. */
export class LocalEdit {}

/** Makes rows and texts. Undo never unmakes them: another person may be writing in them by now. */
export const MAKE = "make";
/** What the server said, and what this device had kept of it. */
export const SERVER = "server";

type Step = Y.UndoManager["undoStack"][number];

/** Writes made within this time are one step. */
const CAPTURE_MS = 500;
const MADE = "made";

/**
 * One person's undo and redo over the rows of one document.
 *
 * Making a row leaves nothing for Yjs to take back, so a step also remembers which rows it made: undoing it
 * puts them in the bin, redoing it takes them out.
 */
export class History {
  readonly #manager: Y.UndoManager;
  readonly #setBinned: (rows: readonly string[], binned: boolean) => void;

  constructor(rows: Y.Map<unknown>, setBinned: (rows: readonly string[], binned: boolean) => void) {
    this.#manager = new Y.UndoManager(rows, {
      captureTimeout: CAPTURE_MS,
      trackedOrigins: new Set([LocalEdit]),
    });
    this.#setBinned = setBinned;
  }

  /** Adds rows that were just made to the step under way, or starts one with them. */
  madeRows(rows: readonly string[]): void {
    const manager = this.#manager;
    const open = Date.now() - manager.lastChange < CAPTURE_MS;
    const current = open ? manager.undoStack.at(-1) : undefined;
    const step = current ?? emptyStep();
    step.meta.set(MADE, [...made(step), ...rows]);
    if (current === undefined) manager.undoStack.push(step);
    manager.lastChange = Date.now();
    manager.clear(false, true);
  }

  endStep(): void {
    this.#manager.stopCapturing();
  }

  joinStep(): void {
    if (this.#manager.lastChange > 0) this.#manager.lastChange = Date.now();
  }

  canUndo(): boolean {
    return this.#manager.undoStack.length > 0;
  }

  canRedo(): boolean {
    return this.#manager.redoStack.length > 0;
  }

  /** Takes back the last step; false when nothing of it was left to take back. */
  undo(): boolean {
    return this.#move(this.#manager.undoStack, this.#manager.redoStack, () => this.#manager.undo(), true);
  }

  redo(): boolean {
    return this.#move(this.#manager.redoStack, this.#manager.undoStack, () => this.#manager.redo(), false);
  }

  end(): void {
    this.#manager.destroy();
  }

  #move(from: Step[], to: Step[], run: () => Step | null, binned: boolean): boolean {
    this.#manager.stopCapturing();
    const top = from.at(-1);
    if (top === undefined) return false;
    const before = [...from];
    const [depth, done] = isBare(top) ? [to.length, from.pop() === undefined] : [to.length, run() !== null];
    // Yjs goes on to older steps where others have overwritten all of a newer one: each that left the stack counts.
    const rows = before.slice(from.length).flatMap(made);
    if (rows.length > 0) {
      this.#setBinned(rows, binned);
      const back = to.length > depth ? to.at(-1) : undefined;
      const step = back ?? emptyStep();
      step.meta.set(MADE, rows);
      if (back === undefined) to.push(step);
    }
    return done || rows.length > 0;
  }
}

const made = (step: Step): string[] => (step.meta.get(MADE) as string[] | undefined) ?? [];

/** A step that made rows and wrote nothing else. */
const isBare = (step: Step): boolean =>
  step.insertions.clients.size === 0 && step.deletions.clients.size === 0;

/** The shape of a step as Yjs keeps it; it does not export the class. */
function emptyStep(): Step {
  return { insertions: Y.createDeleteSet(), deletions: Y.createDeleteSet(), meta: new Map() };
}
