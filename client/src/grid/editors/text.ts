import { fillBeside, type Typed } from "../../commands/reader";
import { reasonWords } from "../../i18n/reason";
import { make } from "../../lib/dom";
import { movePosition, rebase, spliceBetween } from "../../lib/splice";
import type { SharedText } from "../../model/types";
import { wordsOf } from "../../view/words";
import { Carets } from "./carets";
import type { CellEditor, EditorParts } from "./cellEditor";
import { Note } from "./note";

/**
 * Writes a text together with the others, letter by letter.
 *
 * Three texts are kept apart: what stands in the field, what the document held when field and document last
 * agreed (`agreed`), and what it would hold without anything written here (`without`), for Escape. The field opens
 * at once; what is typed before the document answers is merged in when it does.
 */
export class TextEditor implements CellEditor {
  readonly element: HTMLElement;
  readonly field: HTMLTextAreaElement;
  readonly #parts: EditorParts;
  readonly #carets: Carets;
  readonly #note: Note;
  readonly #opening: Promise<SharedText>;
  #shared: SharedText | null = null;
  #agreed: string;
  #without: string;
  #composing = false;
  #writing = false;

  constructor(parts: EditorParts) {
    this.#parts = parts;
    const { table, ref, column, t, mode, owner, label } = parts;
    this.#agreed = wordsOf(table.cell(ref.row, ref.column), column, t.lang);
    this.#without = this.#agreed;
    this.field = make("textarea", { class: "editor-text", rows: 1, "aria-label": label, spellcheck: "true" });
    this.field.lang = t.lang;
    this.field.value = mode === "replace" ? "" : this.#agreed;
    this.#carets = new Carets(this.field);
    this.#note = new Note(parts, this.field);
    const growing = make("div", { class: "editor-growing" }, this.#carets.element, this.field);
    this.element = make("div", { class: "editor editor-prose" }, growing, this.#note.element);
    table.endStep();
    this.#opening = table.openText(ref.row, ref.column);
    this.#opening.then(
      (shared) => this.#bind(shared),
      (reason: unknown) => this.#refused(reason),
    );
    owner.listen(this.field, "compositionstart", () => {
      this.#composing = true;
    });
    owner.listen(this.field, "compositionend", () => {
      this.#composing = false;
      this.#agree();
    });
    owner.listen(this.field, "input", () => {
      this.#agree();
      this.#remark();
    });
    owner.listen(this.field, "scroll", () => this.onPeers());
    owner.listen(document, "selectionchange", () => this.#tellPlace());
    this.onPeers();
  }

  onKey(event: KeyboardEvent): boolean {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "Enter" && (event.altKey || command || event.shiftKey)) {
      this.field.setRangeText("\n", this.field.selectionStart, this.field.selectionEnd, "end");
      this.#agree();
      return true;
    }
    if (!command || event.altKey || (key !== "z" && key !== "y")) return false;
    this.#undo(key === "y" || event.shiftKey ? "redo" : "undo");
    return true;
  }

  onPeers(): void {
    this.#carets.draw(this.#parts.peers());
  }

  commit(): void {
    this.#composing = false;
    if (this.#shared === null) void this.#writeLater(this.field.value);
    else {
      this.#agree();
      const typed = this.#typed();
      if (typed !== null) fillBeside(this.#parts, typed);
    }
    this.#parts.table.endStep();
  }

  cancel(): void {
    this.#composing = false;
    if (this.#shared !== null && this.#shared.toString() !== this.#without) {
      this.#agree();
      this.#shared.replace(this.#without);
    }
    this.#parts.table.endStep();
  }

  #typed(): Typed | null {
    const words = this.field.value;
    return words === this.#without ? null : { ref: this.#parts.ref, words, from: this.#without };
  }

  #remark(): void {
    this.#note.show(this.#typed());
  }

  #bind(shared: SharedText): void {
    if (this.#parts.owner.ended) return;
    this.#shared = shared;
    this.#parts.owner.add(
      shared.observe(() => {
        if (!this.#writing) this.#agree();
      }),
    );
    this.#agree();
    this.#tellPlace();
  }

  /** Brings the others' changes into the field and ours into the document. Never while a word is being composed. */
  #agree(): void {
    if (this.#composing || this.#shared === null) {
      this.onPeers();
      return;
    }
    const theirs = this.#shared.toString();
    const mine = this.field.value;
    if (theirs !== this.#agreed && theirs !== mine) {
      this.#show(rebase(this.#agreed, mine, theirs));
      this.#without = rebase(this.#agreed, this.#without, theirs);
    }
    if (this.field.value !== theirs)
      this.#own(() => this.#shared?.replace(this.field.value, this.field.selectionEnd));
    this.#agreed = this.#shared.toString();
    this.onPeers();
  }

  /** Puts a text into the field without moving the caret away from its letters. */
  #show(text: string): void {
    const { selectionStart, selectionEnd, selectionDirection, scrollTop, value } = this.field;
    const splice = spliceBetween(value, text);
    if (splice === null) return;
    this.field.value = text;
    this.field.setSelectionRange(
      movePosition(selectionStart, splice),
      movePosition(selectionEnd, splice),
      selectionDirection,
    );
    this.field.scrollTop = scrollTop;
  }

  #undo(way: "undo" | "redo"): void {
    const { table } = this.#parts;
    // Only what was written here: anything older is another cell's, and is undone from the grid.
    if (this.#shared === null || (way === "undo" && this.field.value === this.#without)) return;
    this.#own(() => (way === "undo" ? table.undo() : table.redo()));
    this.#agreed = this.#shared.toString();
    this.#show(this.#agreed);
    this.onPeers();
  }

  #own(work: () => void): void {
    this.#writing = true;
    try {
      work();
    } finally {
      this.#writing = false;
    }
  }

  /** The editor was left before the document answered: what was typed is written when it does. */
  async #writeLater(typed: string): Promise<void> {
    if (typed === this.#agreed) return;
    const { table } = this.#parts;
    const shared = await this.#opening.catch(() => null);
    if (shared === null) return;
    table.endStep();
    shared.replace(rebase(this.#agreed, typed, shared.toString()));
    fillBeside(this.#parts, { ref: this.#parts.ref, words: shared.toString(), from: null });
    table.endStep();
  }

  #refused(reason: unknown): void {
    const { t, notice } = this.#parts;
    const key = reason instanceof Error && "reason" in reason ? String(reason.reason) : "other";
    if (this.field.value !== this.#agreed) {
      notice(t("grid.editor.refused", { reason: reasonWords(t, key), words: this.field.value }));
    } else notice(t("grid.said.notWritable"));
    this.field.readOnly = true;
  }

  #tellPlace(): void {
    const { owner, presence, ref } = this.#parts;
    if (owner.ended || this.#composing || document.activeElement !== this.field) return;
    const { selectionStart, selectionEnd, selectionDirection } = this.field;
    const back = selectionDirection === "backward";
    presence.moveTo({
      ...ref,
      editing: true,
      anchor: back ? selectionEnd : selectionStart,
      head: back ? selectionStart : selectionEnd,
    });
  }
}
