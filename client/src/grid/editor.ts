import type { EditMode, Step } from "../commands/command";
import { isText } from "../commands/write";
import type { Translate } from "../i18n/t";
import { Owner } from "../lib/owner";
import type { CellRef, Presence, Table } from "../model/types";
import type { CellEditor, EditorParts } from "./editors/cellEditor";
import { ChoiceEditor } from "./editors/choice";
import { ChoicesEditor } from "./editors/choices";
import { FieldEditor } from "./editors/field";
import { TextEditor } from "./editors/text";
import type { Peers } from "./peers";

/** How an editor is left, and where the focus goes then. */
export type Leaving =
  | { readonly how: "commit"; readonly next: Step | "run" | "stay" }
  | { readonly how: "cancel"; readonly next: "stay" };

export interface EditorHost {
  readonly table: Table;
  readonly presence: Presence;
  readonly peers: Peers;
  readonly t: Translate;
  /** The accessible name of a cell's field. */
  labelOf(cell: CellRef): string;
  notice(words: string, kind?: "plain" | "warn"): void;
  /** The editor was left by its own keys or by the pointer. */
  onLeave(leaving: Leaving): void;
}

interface Open {
  readonly ref: CellRef;
  readonly cell: HTMLElement;
  readonly owner: Owner;
  readonly editor: CellEditor;
  mode: EditMode;
}

/**
 * The one open cell. It belongs to a row and a column, not to a place: rows may come, go and move above it.
 *
 * Two ways to edit: quick (`replace`, begun by typing: arrows finish and move on) and full (arrows move the caret).
 */
export class Editor {
  readonly #host: EditorHost;
  #open: Open | null = null;

  constructor(host: EditorHost) {
    this.#host = host;
  }

  get ref(): CellRef | null {
    return this.#open?.ref ?? null;
  }

  /** Whether letters typed go into a field of words by themselves. */
  takesLetters(): boolean {
    const field = this.#open?.editor.field;
    return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  }

  holds(node: EventTarget | null): boolean {
    return node instanceof Node && this.#open?.editor.element.contains(node) === true;
  }

  open(ref: CellRef, cell: HTMLElement, mode: EditMode, room: DOMRect): void {
    const column = this.#host.table.column(ref.column);
    if (column === undefined) return;
    this.close("commit");
    const owner = new Owner();
    const parts: EditorParts = {
      table: this.#host.table,
      t: this.#host.t,
      presence: this.#host.presence,
      ref,
      column,
      mode,
      owner,
      label: this.#host.labelOf(ref),
      leave: () => this.#host.onLeave({ how: "commit", next: "stay" }),
      notice: this.#host.notice,
      grew: () => {
        if (this.#open?.owner === owner) turn(this.#open.editor.element, cell, room);
      },
      peers: () => this.#host.peers.in(ref.row, ref.column),
    };
    const editor = editorFor(parts);
    this.#open = { ref, cell, owner, editor, mode };
    cell.classList.add("cell-open-editor");
    cell.append(editor.element);
    cell.parentElement?.classList.add("grid-row-open");
    turn(editor.element, cell, room);
    focusField(editor.field);
    owner.listen(cell, "focusout", ({ relatedTarget }) => {
      // A window that loses the focus takes nothing away: one comes back to the same words.
      if (this.holds(relatedTarget) || !document.hasFocus()) return;
      if (this.#open?.owner === owner) this.#host.onLeave({ how: "commit", next: "stay" });
    });
  }

  /** Closes without moving the focus. Says which cell it was. */
  close(how: "commit" | "cancel"): CellRef | null {
    const open = this.#open;
    if (open === null) return null;
    this.#open = null;
    if (how === "commit") open.editor.commit();
    else open.editor.cancel();
    open.owner.end();
    open.editor.element.remove();
    open.cell.classList.remove("cell-open-editor");
    open.cell.parentElement?.classList.remove("grid-row-open");
    return open.ref;
  }

  onChange(cells: readonly CellRef[]): void {
    const open = this.#open;
    if (open === null) return;
    if (cells.some(({ row, column }) => row === open.ref.row && column === open.ref.column)) {
      open.editor.onRemote?.();
    }
  }

  onPeers(): void {
    this.#open?.editor.onPeers?.();
  }

  /** Full edit from now on: the pointer or F2 went into the words. */
  settle(): void {
    if (this.#open !== null) this.#open.mode = "full";
  }

  /** A key pressed while a cell is open. True when it was taken. */
  onKey(event: KeyboardEvent): boolean {
    const open = this.#open;
    if (open === null || event.isComposing) return false;
    if (open.editor.onKey?.(event) === true) return true;
    if (event.key === "F2") {
      this.settle();
      return true;
    }
    const leaving = leavingBy(event, open.mode === "replace" && open.editor.ownsArrows !== true);
    if (leaving === null) return false;
    this.#host.onLeave(leaving);
    return true;
  }
}

const COMMIT = (next: Step | "run" | "stay"): Leaving => ({ how: "commit", next });

function leavingBy(event: KeyboardEvent, arrowsLeave: boolean): Leaving | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  switch (event.key) {
    case "Enter":
      return COMMIT(event.shiftKey ? { by: "cell", direction: "up" } : "run");
    case "Tab":
      return COMMIT({ by: "tab", direction: event.shiftKey ? "left" : "right" });
    case "Escape":
      return { how: "cancel", next: "stay" };
    case "ArrowUp":
      return arrowsLeave ? COMMIT({ by: "cell", direction: "up" }) : null;
    case "ArrowDown":
      return arrowsLeave ? COMMIT({ by: "cell", direction: "down" }) : null;
    case "ArrowLeft":
      return arrowsLeave ? COMMIT({ by: "cell", direction: "left" }) : null;
    case "ArrowRight":
      return arrowsLeave ? COMMIT({ by: "cell", direction: "right" }) : null;
    default:
      return null;
  }
}

function editorFor(parts: EditorParts): CellEditor {
  if (isText(parts.column)) return new TextEditor(parts);
  switch (parts.column.kind) {
    case "choice":
    case "boolean":
      return new ChoiceEditor(parts);
    case "choices":
      return new ChoicesEditor(parts);
    default:
      return new FieldEditor(parts);
  }
}

/** Lets an editor that is larger than its cell grow to the side where there is room. */
function turn(editor: HTMLElement, cell: HTMLElement, room: DOMRect): void {
  const at = cell.getBoundingClientRect();
  const { height, width } = editor.getBoundingClientRect();
  const fitsBelow = at.top + height <= room.bottom;
  editor.classList.toggle("editor-up", !fitsBelow && at.top - room.top > room.bottom - at.bottom);
  editor.classList.toggle("editor-left", at.left + width > room.right && at.right - width >= room.left);
}

function focusField(field: HTMLElement): void {
  field.focus({ preventScroll: true });
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    field.setSelectionRange(field.value.length, field.value.length);
    if (field.getAttribute("role") === "combobox") field.select();
  }
}
