import { arrived, readerNow, typeWords } from "../../commands/reader";
import { make } from "../../lib/dom";
import type { Plain } from "../../model/types";
import { inputModeOf } from "../../view/hint";
import { isList, wordsOf } from "../../view/words";
import type { CellEditor, EditorParts } from "./cellEditor";
import { Note } from "./note";

/** Words for a value that is not a text: what they will be is seen while they are typed, and written when they are left. */
export class FieldEditor implements CellEditor {
  readonly element: HTMLElement;
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly #parts: EditorParts;
  readonly #note: Note;
  /** The words that the field would hold if nothing had been typed, and the value that they say. */
  #before = "";
  #from: Plain = null;
  #meanwhile: string | null = null;

  constructor(parts: EditorParts) {
    this.#parts = parts;
    const { column, mode, owner, label } = parts;
    const several = isList(column);
    const attributes = {
      class: several ? "editor-field editor-field-list" : "editor-field",
      inputmode: inputModeOf(column.kind),
      "aria-label": label,
      autocomplete: "off",
      spellcheck: several ? "true" : "false",
    };
    // Items may stand on lines of their own.
    this.field = several
      ? make("textarea", { ...attributes, rows: 1 })
      : make("input", { ...attributes, type: "text" });
    this.#note = new Note(parts, this.field);
    this.element = make("div", { class: "editor editor-reading" }, this.field, this.#note.element);
    this.#start();
    if (mode === "replace") this.field.value = "";
    owner.listen(this.field, "input", () => this.#remark());
    owner.add(
      arrived.on(() => {
        if (this.field.value === this.#before) this.#start();
        this.#remark();
      }),
    );
    this.#remark();
  }

  onKey(event: KeyboardEvent): boolean {
    const newLine =
      event.key === "Enter" && (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    if (!newLine || this.field instanceof HTMLInputElement) return false;
    this.field.setRangeText("\n", this.field.selectionStart, this.field.selectionEnd, "end");
    this.#remark();
    return true;
  }

  onRemote(): void {
    const now = this.#current();
    if (now === this.#before && this.#meanwhile === null) return;
    const { t } = this.#parts;
    this.#meanwhile = now === "" ? t("grid.editor.emptied") : t("grid.editor.meanwhile", { words: now });
    // What is being written was written over what stood here before: that must be known when it is read.
    if (this.field.value === this.#before) this.#start();
    this.#remark();
  }

  commit(): void {
    const typed = this.#typed();
    if (typed !== null) typeWords(this.#parts, typed);
  }

  cancel(): void {}

  #current(): string {
    const { table, ref, column, t } = this.#parts;
    const cell = table.cell(ref.row, ref.column);
    return readerNow()?.wordsToEdit(cell, column, t.lang) ?? wordsOf(cell, column, t.lang);
  }

  /** Takes the words of the cell into the field. */
  #start(): void {
    const { table, ref } = this.#parts;
    this.field.value = this.#current();
    // A field of one line has no line ends: only what is typed makes words new.
    this.#before = this.field.value;
    this.#from = table.cell(ref.row, ref.column).value;
  }

  #typed() {
    const words = this.field.value;
    return words === this.#before ? null : { ref: this.#parts.ref, words, from: this.#from };
  }

  #remark(): void {
    this.#note.show(this.#typed(), this.#meanwhile);
  }
}
