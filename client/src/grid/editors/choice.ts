import { arrived, type Typed, typeWords } from "../../commands/reader";
import { putCell } from "../../commands/write";
import type { Translate } from "../../i18n/t";
import { make, setAttribute } from "../../lib/dom";
import type { Cell, Column, Plain } from "../../model/types";
import { wordsOf, wordsOfValue } from "../../view/words";
import type { CellEditor, EditorParts } from "./cellEditor";
import { Note } from "./note";
import { type Option, OptionList } from "./options";

const NONE = "";

/** Chooses one option by typing some of its letters, with the arrows, or with the pointer. */
export class ChoiceEditor implements CellEditor {
  readonly element: HTMLElement;
  readonly field: HTMLInputElement;
  readonly ownsArrows = true;
  readonly #parts: EditorParts;
  readonly #list: OptionList;
  readonly #note: Note;
  #before: string;
  /** The option that was stood on last; null once other words are typed. */
  #chosen: string | null;

  constructor(parts: EditorParts) {
    this.#parts = parts;
    const { table, ref, column, t, mode, owner, label } = parts;
    const now = table.cell(ref.row, ref.column);
    this.#before = wordsOf(now, column, t.lang);
    this.#chosen = optionIdOf(now.value);
    this.#list = new OptionList(optionsFor(column, now, t), label, false);
    this.field = make("input", {
      type: "text",
      class: "editor-field",
      role: "combobox",
      "aria-label": label,
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": this.#list.element.id,
      autocomplete: "off",
      spellcheck: "false",
    });
    this.field.value = mode === "replace" ? "" : this.#before;
    this.#note = new Note(parts, this.field);
    this.element = make("div", { class: "editor" }, this.field, this.#note.element, this.#list.element);
    this.#list.mark((id) => id === this.#chosen);
    this.#stand(this.#chosen);
    owner.listen(this.field, "input", () => this.#typed());
    owner.add(arrived.on(() => this.#remark()));
    this.#remark();
    owner.listen(this.#list.element, "pointerdown", (event) => event.preventDefault());
    owner.listen(this.#list.element, "click", (event) => {
      const option = this.#list.optionOf(event.target);
      if (option === null) return;
      this.#choose(option.id);
      parts.leave();
    });
  }

  onKey({ key, altKey }: KeyboardEvent): boolean {
    if (altKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.#list.step(key === "ArrowDown" ? 1 : -1);
      this.#choose(this.#list.active?.id ?? NONE);
      return true;
    }
    return false;
  }

  onRemote(): void {
    const { table, ref, column, t } = this.#parts;
    const now = table.cell(ref.row, ref.column);
    const words = wordsOf(now, column, t.lang);
    if (this.field.value === this.#before) {
      this.field.value = words;
      this.#stand(optionIdOf(now.value));
      this.#chosen = optionIdOf(now.value);
    }
    this.#list.mark((id) => id === optionIdOf(now.value));
    this.#before = words;
  }

  commit(): void {
    const { table, ref, column } = this.#parts;
    const chosen = this.#chosen;
    if (this.field.value === this.#before) return;
    if (chosen === null) {
      typeWords(this.#parts, this.#words());
      return;
    }
    table.endStep();
    table.transact(() => {
      putCell(table, ref, { value: valueFor(chosen, column), said: null });
    });
    table.endStep();
  }

  cancel(): void {}

  #typed(): void {
    this.#list.filter(this.field.value);
    const found = this.#list.active;
    // Emptied means none; letters that lead to no option are kept as words.
    this.#chosen = this.field.value.trim() === "" ? NONE : (found?.id ?? null);
    this.#remark();
    setAttribute(this.field, "aria-activedescendant", this.#list.activeElementId);
  }

  #words(): Typed {
    const { table, ref } = this.#parts;
    return { ref, words: this.field.value, from: table.cell(ref.row, ref.column).value };
  }

  /** Words that lead to no option are read; an option says itself. */
  #remark(): void {
    this.#note.show(this.#chosen === null && this.field.value !== this.#before ? this.#words() : null);
  }

  #choose(id: string): void {
    const { column, t } = this.#parts;
    this.#chosen = id;
    this.field.value = id === NONE ? "" : wordsOfValue(valueFor(id, column), column, t.lang);
    this.field.select();
    this.#stand(id);
    this.#remark();
  }

  #stand(id: string | null): void {
    this.#list.stand(id);
    setAttribute(this.field, "aria-activedescendant", this.#list.activeElementId);
  }
}

function optionsFor(column: Column, { value }: Cell, t: Translate): readonly Option[] {
  const none = { id: NONE, words: t("grid.choice.none") };
  if (column.kind === "boolean") {
    return [none, ...[YES, NO].map((id) => ({ id, words: wordsOfValue(id === YES, column, t.lang) }))];
  }
  return [none, ...offered(column, [optionIdOf(value) ?? NONE], t)];
}

/** The options one may choose: those in use, and retired ones that are still set. */
export function offered(column: Column, set: readonly string[], t: Translate): readonly Option[] {
  return column.options
    .filter(({ id, archived }) => !archived || set.includes(id))
    .map(({ id, label }) => ({ id, words: label[t.lang] || label.fr }));
}

const YES = "true";
const NO = "false";

function optionIdOf(value: Plain): string | null {
  if (typeof value === "boolean") return value ? YES : NO;
  return typeof value === "string" ? value : null;
}

function valueFor(id: string, column: Column): Plain {
  if (id === NONE) return null;
  return column.kind === "boolean" ? id === YES : id;
}
