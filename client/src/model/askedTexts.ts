/** Why a text could not be opened, by the key of its sentence. */
export class TextRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`the text cannot be opened: \`${reason}\``);
    this.reason = reason;
  }
}

/** Asks the server to make the text of a cell; null where no server is at hand. Fails with `TextRefused`. */
export type AskForText = (row: string, column: string) => Promise<void> | null;

/** Words that waited, and the words that they were written over: others may have gone on meanwhile. */
export interface Waited {
  readonly from: string;
  readonly to: string;
}

/** What becomes of words that waited. */
export interface WaitingWords {
  /** The text is there, or none can be asked for: make it where it is missing, and write them. */
  write(row: string, column: string, words: Waited | null): void;
  lose(row: string, column: string, words: string, reason: string): void;
}

/**
 * Texts that were asked from the server and are not there yet, and words that wait for them.
 *
 * Two tabs that each make the text of one cell lose one person's words; so the server makes it, and whoever
 * writes meanwhile is held for that one round trip.
 */
export class AskedTexts {
  ask: AskForText = () => null;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, { row: string; column: string } & Waited>();
  readonly #outcome: WaitingWords;

  constructor(outcome: WaitingWords) {
    this.#outcome = outcome;
  }

  /** The words that wait for the text of a cell. */
  words(row: string, column: string): string | undefined {
    return this.#waiting.get(nameOf(row, column))?.to;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Lets words wait, if the text of their cell was asked for. `now` is what the cell says. */
  hold(row: string, column: string, now: string, to: string): boolean {
    const name = nameOf(row, column);
    if (!this.#asked.has(name)) return false;
    const from = this.#waiting.get(name)?.from ?? now;
    this.#waiting.set(name, { row, column, from, to });
    return true;
  }

  /** Returns once the cell has a text. */
  async made(row: string, column: string): Promise<void> {
    const name = nameOf(row, column);
    let asked = this.#asked.get(name);
    if (asked === undefined) {
      asked = this.ask(row, column) ?? undefined;
      if (asked !== undefined) this.#asked.set(name, asked);
    }
    try {
      await asked;
    } catch (refusal) {
      if (refusal instanceof TextRefused) {
        this.#asked.delete(name);
        this.#lose(name, refusal.reason);
        throw refusal;
      }
      // The connection went away: as offline, the text is made here.
    }
    this.#asked.delete(name);
    this.#write(row, column);
  }

  /** Writes at once all that waits. */
  flush(): void {
    this.#asked.clear();
    for (const { row, column } of [...this.#waiting.values()]) this.#write(row, column);
  }

  #write(row: string, column: string): void {
    const waited = this.#waiting.get(nameOf(row, column)) ?? null;
    this.#waiting.delete(nameOf(row, column));
    this.#outcome.write(row, column, waited);
  }

  #lose(name: string, reason: string): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (waiting !== undefined) this.#outcome.lose(waiting.row, waiting.column, waiting.to, reason);
  }
}

export const nameOf = (row: string, column: string): string => `${row} ${column}`;
