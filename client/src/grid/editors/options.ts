import { freshId, make, setAttribute } from "../../lib/dom";
import { fold } from "../../view/fold";

export interface Option {
  readonly id: string;
  readonly words: string;
}

/** The list of options of an editor, and which of them the keyboard stands on (`aria-activedescendant`). */
export class OptionList {
  readonly element: HTMLElement;
  readonly #entries: readonly { readonly option: Option; readonly element: HTMLElement }[];
  #active: string | null = null;

  constructor(options: readonly Option[], label: string, several: boolean) {
    this.#entries = options.map((option) => ({
      option,
      element: make(
        "div",
        { role: "option", class: "option", id: freshId("option"), "aria-selected": "false" },
        option.words,
      ),
    }));
    this.element = make(
      "div",
      {
        role: "listbox",
        class: several ? "options options-several" : "options",
        id: freshId("options"),
        "aria-label": label,
        "aria-multiselectable": several ? "true" : null,
      },
      ...this.#entries.map((entry) => entry.element),
    );
  }

  get active(): Option | null {
    return this.#entries.find(({ option }) => option.id === this.#active)?.option ?? null;
  }

  get activeElementId(): string | null {
    return this.#entries.find(({ option }) => option.id === this.#active)?.element.id ?? null;
  }

  /** The option that holds a node. */
  optionOf(node: EventTarget | null): Option | null {
    const element = node instanceof Element ? node.closest(".option") : null;
    return this.#entries.find((entry) => entry.element === element)?.option ?? null;
  }

  /** Stands on an option, or on none. */
  stand(id: string | null): void {
    this.#active = id;
    for (const { option, element } of this.#entries) {
      const here = option.id === id;
      element.classList.toggle("option-active", here);
      if (here) element.scrollIntoView?.({ block: "nearest" });
    }
  }

  step(by: 1 | -1): void {
    const open = this.#visible();
    const now = open.findIndex(({ option }) => option.id === this.#active);
    const next =
      now < 0 ? (by === 1 ? 0 : open.length - 1) : Math.max(0, Math.min(open.length - 1, now + by));
    this.stand(open[next]?.option.id ?? null);
  }

  toEnd(end: "first" | "last"): void {
    const open = this.#visible();
    this.stand(open.at(end === "first" ? 0 : -1)?.option.id ?? null);
  }

  /** Goes to the next option that begins with these letters. */
  find(letters: string): void {
    const open = this.#visible();
    const after = open.findIndex(({ option }) => option.id === this.#active) + 1;
    const found = [...open.slice(after), ...open.slice(0, after)].find(({ option }) =>
      fold(option.words).startsWith(fold(letters)),
    );
    if (found !== undefined) this.stand(found.option.id);
  }

  /** Leaves only the options that hold the words, and stands on the best of them. */
  filter(words: string): void {
    const asked = fold(words.trim());
    for (const { option, element } of this.#entries) {
      element.hidden = asked !== "" && !fold(option.words).includes(asked);
    }
    const open = this.#visible();
    const best = open.find(({ option }) => fold(option.words).startsWith(asked)) ?? open[0];
    this.stand(asked === "" ? null : (best?.option.id ?? null));
  }

  mark(isChosen: (id: string) => boolean): void {
    for (const { option, element } of this.#entries) {
      setAttribute(element, "aria-selected", isChosen(option.id) ? "true" : "false");
    }
  }

  #visible(): readonly { readonly option: Option; readonly element: HTMLElement }[] {
    return this.#entries.filter(({ element }) => !element.hidden);
  }
}
