import { spliceBetween } from "../lib/splice";
import type { SharedText, TextDelta } from "./types";
import type { TextSeen } from "./watch";

/** What an open text needs of its table. */
export interface TextHome {
  /** The letters as they stand. */
  letters(): string;
  /** Writes them, as this person's undoable edit. */
  write(to: string, caret: number | undefined): void;
}

/**
 * One hand in a shared text. Several editors of one tab may hold one each.
 *
 * It outlives the document: after a refusal the table may stand in another one, and the editor is told the
 * difference. It remembers what its holder was last told, so nobody hears of their own letters.
 */
export class OpenText implements SharedText {
  readonly row: string;
  readonly column: string;
  readonly #home: TextHome;
  readonly #watched: (text: OpenText, on: boolean) => void;
  readonly #listeners = new Set<(delta: readonly TextDelta[]) => void>();
  #told: string;

  constructor(
    home: TextHome,
    [row, column]: readonly [string, string],
    watched: (text: OpenText, on: boolean) => void,
  ) {
    this.row = row;
    this.column = column;
    this.#home = home;
    this.#watched = watched;
    this.#told = this.toString();
  }

  toString(): string {
    return this.#home.letters();
  }

  replace(next: string, caret?: number): void {
    this.#told = next;
    this.#home.write(next, caret);
    // Inside a transaction the letters are written at its end; anything else that happened is told now.
    if (this.#listeners.size > 0 && this.toString() !== next) this.#tellDifference();
  }

  observe(listener: (delta: readonly TextDelta[]) => void): () => void {
    const entry = (delta: readonly TextDelta[]) => listener(delta);
    if (this.#listeners.size === 0) {
      this.#told = this.toString();
      this.#watched(this, true);
    }
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) this.#watched(this, false);
    };
  }

  /** The table's word that the text changed; without `seen`, that the whole document did. */
  heard(seen: TextSeen | null): void {
    const now = this.toString();
    if (now === this.#told) return;
    // The exact change keeps carets where they were; it holds only for who knew the text as it was before.
    if (seen !== null && seen.before === this.#told && seen.delta.length > 0) {
      this.#told = now;
      this.#tell(seen.delta);
    } else this.#tellDifference();
  }

  #tellDifference(): void {
    const now = this.toString();
    const change = spliceBetween(this.#told, now);
    this.#told = now;
    if (change === null) return;
    const delta: TextDelta[] = [];
    if (change.at > 0) delta.push({ retain: change.at });
    if (change.removed > 0) delta.push({ delete: change.removed });
    if (change.inserted !== "") delta.push({ insert: change.inserted });
    this.#tell(delta);
  }

  #tell(delta: readonly TextDelta[]): void {
    for (const listener of [...this.#listeners]) listener(delta);
  }
}
