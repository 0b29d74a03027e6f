import { putWords } from "../../commands/write";
import { freshId, make } from "../../lib/dom";
import { doubtOf } from "../../view/doubt";
import { hintOf, inputModeOf } from "../../view/hint";
import { readWords } from "../../view/read";
import { saysMore, wordsOf } from "../../view/words";
import type { CellEditor, EditorParts } from "./cellEditor";

/** One line of words for a value that is not a text: read when left, kept and flagged where not understood. */
export class FieldEditor implements CellEditor {
  readonly element: HTMLElement;
  readonly field: HTMLInputElement;
  readonly #parts: EditorParts;
  readonly #note: HTMLElement;
  #before: string;
  #meanwhile: string | null = null;

  constructor(parts: EditorParts) {
    this.#parts = parts;
    const { column, mode, owner, label } = parts;
    this.#before = this.#current();
    this.#note = make("div", { class: "editor-note", id: freshId("note") });
    this.field = make("input", {
      type: "text",
      class: "editor-field",
      inputmode: inputModeOf(column.kind),
      "aria-label": label,
      "aria-describedby": this.#note.id,
      autocomplete: "off",
      spellcheck: saysMore(column) ? "true" : "false",
    });
    this.field.value = mode === "replace" ? "" : this.#before;
    this.element = make("div", { class: "editor" }, this.field, this.#note);
    owner.listen(this.field, "input", () => this.#remark());
    this.#remark();
  }

  onRemote(): void {
    const now = this.#current();
    if (now === this.#before) return;
    const { t } = this.#parts;
    this.#meanwhile = now === "" ? t("grid.editor.emptied") : t("grid.editor.meanwhile", { words: now });
    if (this.field.value === this.#before) this.field.value = now;
    this.#before = now;
    this.#remark();
  }

  commit(): void {
    const words = this.field.value;
    if (words === this.#before) return;
    const { table, ref, t, notice } = this.#parts;
    table.endStep();
    let understood = true;
    table.transact(() => {
      understood = putWords(table, ref, words);
    });
    table.endStep();
    if (!understood) notice(t("grid.doubt.unread"));
  }

  cancel(): void {}

  #current(): string {
    const { table, ref, column, t } = this.#parts;
    return wordsOf(table.cell(ref.row, ref.column), column, t.lang);
  }

  /** Shows beside the field what seems wrong with the words, or how to write them. */
  #remark(): void {
    const { column, t } = this.#parts;
    const doubt = doubtOf(readWords(this.field.value, column), column);
    const hint = hintOf(column.kind);
    const remarks = [this.#meanwhile];
    if (doubt !== null && doubt !== "unread") remarks.push(t(`grid.doubt.${doubt}`));
    else if (hint !== undefined) remarks.push(t(`grid.editor.${hint}`));
    this.field.setAttribute("aria-invalid", doubt === null ? "false" : "true");
    this.#note.classList.toggle("editor-note-doubt", doubt !== null && this.field.value !== "");
    this.#note.textContent = remarks.filter((remark) => remark !== null).join(" · ");
  }
}
