import { make } from "../../lib/dom";
import type { PeerPresence } from "../../model/types";

/**
 * A copy of the text behind its field, in the same letters: it makes the field as tall as its text, and shows
 * where the others stand in it.
 */
export class Carets {
  readonly #words = make("div", { class: "editor-mirror-words" });
  readonly element = make("div", { class: "editor-mirror", "aria-hidden": "true" }, this.#words);
  readonly #field: HTMLTextAreaElement;

  constructor(field: HTMLTextAreaElement) {
    this.#field = field;
  }

  draw(peers: readonly PeerPresence[]): void {
    const text = this.#field.value;
    const heads = peers
      .flatMap((peer) =>
        peer.at?.head === undefined ? [] : [{ peer, head: Math.min(peer.at.head, text.length) }],
      )
      .sort((a, b) => a.head - b.head);
    const parts: (Node | string)[] = [];
    let from = 0;
    for (const { peer, head } of heads) {
      parts.push(text.slice(from, head), caret(peer));
      from = head;
    }
    // The last line has a height even when it is empty.
    parts.push(`${text.slice(from)}\u200b`);
    this.#words.replaceChildren(...parts);
    this.#words.style.transform = `translateY(${-this.#field.scrollTop}px)`;
  }
}

function caret({ name, colour }: PeerPresence): HTMLElement {
  const mark = make("span", { class: "caret" }, make("span", { class: "caret-name" }, name));
  mark.style.setProperty("--peer", `var(--peer-${colour})`);
  return mark;
}
