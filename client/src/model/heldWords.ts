import type { CellRef } from "./types";

type Held = CellRef & { readonly words: string };

/** Words that a person wrote and nobody has read yet, by cell: what reads them is still on its way. */
export class HeldWords {
  readonly #held = new Set<Held>();

  /** The words that a cell will be read from; of several, the last ones. */
  words(row: string, column: string): string | undefined {
    if (this.#held.size === 0) return undefined;
    return [...this.#held].findLast((held) => held.row === row && held.column === column)?.words;
  }

  get isWaiting(): boolean {
    return this.#held.size > 0;
  }

  /** Returns how to let them go, which says whether they were still held. */
  hold(row: string, column: string, words: string): () => boolean {
    const held = { row, column, words };
    this.#held.add(held);
    return () => this.#held.delete(held);
  }

  /** Lets all of them go, the oldest first. */
  take(): readonly Held[] {
    const all = [...this.#held];
    this.#held.clear();
    return all;
  }
}
