import type { Owner } from "../lib/owner";
import type { CellRef, Table } from "../model/types";
import type { Board } from "./clipboard/board";
import type { GridDesk } from "./desk";
import type { Editor, Leaving } from "./editor";
import { type Keys, writes } from "./keys";
import type { GridSelection } from "./selection";

export interface InputHost {
  readonly root: HTMLElement;
  readonly table: Table;
  readonly keys: Keys;
  readonly desk: GridDesk;
  readonly editor: Editor;
  readonly board: Board;
  readonly selection: GridSelection;
  /** The editor gave its cell back. */
  onClosed(cell: CellRef): void;
  moved(): void;
}

/** What keys and the clipboard ask for, in the grid or in its open cell. */
export class Input {
  readonly #host: InputHost;

  constructor(host: InputHost, owner: Owner) {
    this.#host = host;
    owner.listen(host.root, "keydown", (event) => this.#onKey(event));
    // On the document: Firefox sends these to <body> when what has the focus cannot be edited.
    for (const type of ["copy", "cut", "paste"] as const) {
      owner.listen(document, type, (event) => this.#onClipboard(type, event));
    }
  }

  /** Closes the open cell; the focus stays where it is. */
  close(how: "commit" | "cancel"): void {
    const cell = this.#host.editor.close(how);
    if (cell !== null) this.#host.onClosed(cell);
  }

  /** The open cell was left by its own keys, or lost the focus. */
  leave({ how, next }: Leaving): void {
    const { root, desk, moved } = this.#host;
    const hadFocus = root.contains(document.activeElement);
    this.close(how);
    if (!hadFocus) return;
    if (next === "run") desk.goOn();
    else if (next === "stay" || !desk.go(next, false)) moved();
  }

  #onKey(event: KeyboardEvent): void {
    const { editor, desk, keys, selection } = this.#host;
    if (editor.ref !== null) {
      if (editor.onKey(event)) event.preventDefault();
      return;
    }
    if (event.isComposing || MODIFIERS.has(event.key)) return;
    if (event.key !== "Escape") desk.forgetEscapes();
    const command = keys.commandsFor(event).find((command) => command.isAllowed(desk));
    if (command !== undefined) {
      if (command.run(desk) !== false) event.preventDefault();
    } else if (writes(event) && selection.active !== null) this.#writeOver(event);
  }

  // The key itself is left to the browser: it goes into the field that now has the focus, with its accents and
  // whatever an input method makes of it.
  #writeOver(event: KeyboardEvent): void {
    const { editor, desk } = this.#host;
    desk.edit("replace");
    if (editor.ref !== null && editor.takesLetters()) return;
    event.preventDefault();
    editor.onKey(event);
  }

  #onClipboard(type: "copy" | "cut" | "paste", event: ClipboardEvent): void {
    const { root, editor, board, selection } = this.#host;
    const data = event.clipboardData;
    if (data === null || !root.contains(document.activeElement)) return;
    if (editor.ref !== null || selection.active === null) return;
    event.preventDefault();
    if (type === "paste") void board.paste(data.getData("text/html"), data.getData("text/plain"));
    else board.copy(data, type);
  }
}

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);
