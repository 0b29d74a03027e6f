import { make } from "../lib/dom";
import { type Frame, whenQuiet } from "../lib/schedule";

// Long enough for a burst of keys to end, so that only its last words are read out.
const QUIET = 150;

/** Says to a screen reader what roles and attributes cannot. Moves and other people's edits are never read out. */
export class Announcer {
  readonly element = make("div", { class: "grid-said", role: "status", "aria-live": "polite" });
  readonly #speak: Frame;
  #words: string[] = [];

  constructor() {
    this.#speak = whenQuiet(QUIET, () => {
      // A new child each time: the same words said again are read again.
      this.element.replaceChildren(make("p", {}, this.#words.join(" ")));
      this.#words = [];
    });
  }

  say(words: string): void {
    if (!this.#words.includes(words)) this.#words.push(words);
    this.#speak.ask();
  }

  end(): void {
    this.#speak.cancel();
  }
}
