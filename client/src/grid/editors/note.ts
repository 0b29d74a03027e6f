import { doubtWords, loadReader, readerNow, type Typed } from "../../commands/reader";
import { freshId, make, setAttribute } from "../../lib/dom";
import { hintOf } from "../../view/hint";
import type { EditorParts } from "./cellEditor";

/** What stands under the field of an open cell: how to write, what will be understood, what seems wrong. */
export class Note {
  readonly element = make("div", { class: "editor-note", id: freshId("note"), "aria-live": "polite" });
  readonly #parts: EditorParts;
  readonly #field: HTMLInputElement | HTMLTextAreaElement;

  constructor(parts: EditorParts, field: HTMLInputElement | HTMLTextAreaElement) {
    this.#parts = parts;
    this.#field = field;
    setAttribute(field, "aria-describedby", this.element.id);
    // It comes by itself a moment after the table; whoever is faster asks for it.
    if (readerNow() === null) void loadReader(parts.t).catch(() => {});
  }

  /** Shows what there is to say of words that were typed, or of the cell as it is. */
  show(typed: Typed | null, meanwhile: string | null = null): void {
    const { table, t, ref, column } = this.#parts;
    const cell = table.cell(ref.row, ref.column);
    const line = typed === null ? null : (readerNow()?.lineOf(t, table, typed) ?? null);
    const doubt = typed === null ? doubtWords(t, cell, column) : line?.isDoubt ? line.words : null;
    const hint = hintOf(column.kind);
    const remarks = [
      meanwhile,
      doubt ?? line?.words ?? (hint === undefined ? null : t(`grid.editor.${hint}`)),
    ];
    if (typed === null && cell.said !== null && cell.said !== this.#field.value && readerNow() !== null) {
      remarks.push(t("row.said", { words: cell.said }));
    }
    const words = remarks.filter((remark) => remark !== null).join(" · ");
    setAttribute(this.#field, "aria-invalid", doubt === null ? "false" : "true");
    this.element.classList.toggle("editor-note-doubt", doubt !== null);
    if (this.element.textContent === words) return;
    this.element.textContent = words;
    this.#parts.grew();
  }
}
