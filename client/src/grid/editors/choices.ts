import { putCell } from "../../commands/write";
import { freshId, make, setAttribute } from "../../lib/dom";
import { optionsSet } from "../../view/words";
import type { CellEditor, EditorParts } from "./cellEditor";
import { offered } from "./choice";
import { OptionList } from "./options";

// Letters typed closer together than this are one word to look for.
const ONE_WORD = 700;

/** Ticks several options: Space ticks, letters look for, Enter leaves. Others may tick at the same time. */
export class ChoicesEditor implements CellEditor {
  readonly element: HTMLElement;
  readonly field: HTMLElement;
  readonly ownsArrows = true;
  readonly #parts: EditorParts;
  readonly #list: OptionList;
  /** What was ticked or unticked here; all the rest is as the document says. */
  readonly #turned = new Map<string, boolean>();
  #letters = "";
  #typedAt = 0;

  constructor(parts: EditorParts) {
    this.#parts = parts;
    const { column, t, owner, label } = parts;
    this.#list = new OptionList(offered(column, this.#set(), t), label, true);
    this.field = this.#list.element;
    // It scrolls: who goes by keyboard must be able to come back to it.
    this.field.tabIndex = 0;
    const note = make("div", { class: "editor-note", id: freshId("note") }, t("grid.editor.choices"));
    setAttribute(this.field, "aria-describedby", note.id);
    this.element = make("div", { class: "editor" }, this.field, note);
    owner.listen(this.field, "click", (event) => {
      const option = this.#list.optionOf(event.target);
      if (option === null) return;
      this.#stand(option.id);
      this.#turn(option.id);
    });
    this.#mark();
    this.#list.toEnd("first");
    this.#stand(this.#set()[0] ?? this.#list.active?.id ?? null);
  }

  onKey(event: KeyboardEvent): boolean {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") this.#list.step(key === "ArrowDown" ? 1 : -1);
    else if (key === "Home" || key === "End") this.#list.toEnd(key === "Home" ? "first" : "last");
    else if (key === " ") this.#turn(this.#list.active?.id);
    else if (key.length === 1) this.#look(key, event.timeStamp);
    else return false;
    this.#stand(this.#list.active?.id ?? null);
    return true;
  }

  onRemote(): void {
    this.#mark();
  }

  commit(): void {
    if (this.#turned.size === 0) return;
    const { table, ref } = this.#parts;
    const now = new Set(this.#set());
    for (const [id, ticked] of this.#turned) {
      if (ticked) now.add(id);
      else now.delete(id);
    }
    const value = now.size === 0 ? null : Object.fromEntries([...now].map((id) => [id, true]));
    table.endStep();
    table.transact(() => {
      putCell(table, ref, { value, said: table.cell(ref.row, ref.column).said });
    });
    table.endStep();
  }

  cancel(): void {}

  #set(): readonly string[] {
    const { table, ref, column } = this.#parts;
    return optionsSet(table.cell(ref.row, ref.column).value, column);
  }

  #turn(id: string | undefined): void {
    if (id === undefined) return;
    const ticked = this.#turned.get(id) ?? this.#set().includes(id);
    this.#turned.set(id, !ticked);
    this.#mark();
  }

  #mark(): void {
    const set = this.#set();
    this.#list.mark((id) => this.#turned.get(id) ?? set.includes(id));
  }

  #look(letter: string, at: number): void {
    this.#letters = at - this.#typedAt < ONE_WORD ? this.#letters + letter : letter;
    this.#typedAt = at;
    this.#list.find(this.#letters);
  }

  #stand(id: string | null): void {
    this.#list.stand(id);
    setAttribute(this.field, "aria-activedescendant", this.#list.activeElementId);
  }
}
