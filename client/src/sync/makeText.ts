import type { Dispose, Owner } from "../lib/owner";
import { TextRefused } from "../model/table";

/** After this time the tab makes the text itself, as offline: keystrokes are not held for ever. */
const PATIENCE_MS = 8_000;

interface Asked {
  readonly promise: Promise<void>;
  readonly made: () => void;
  readonly failed: (why: Error) => void;
  readonly stop: Dispose;
}

/** Texts that this tab asked the server to make, until it answers. */
export class TextRequests {
  readonly #asked = new Map<string, Asked>();
  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Asks once for each cell, however many editors wait for it; null when there is nobody to ask. */
  ask(row: string, column: string, send: () => boolean): Promise<void> | null {
    const name = `${row} ${column}`;
    const known = this.#asked.get(name);
    if (known !== undefined) return known.promise;
    if (!send()) return null;
    let made = () => {};
    let failed = (_why: Error) => {};
    const promise = new Promise<void>((resolve, reject) => {
      made = resolve;
      failed = reject;
    });
    const stop = this.#owner.after(PATIENCE_MS, () => this.#end(name)?.failed(new Error("no answer")));
    this.#asked.set(name, { promise, made, failed, stop });
    return promise;
  }

  made(row: string, column: string): void {
    this.#end(`${row} ${column}`)?.made();
  }

  refused(row: string, column: string, reason: string): void {
    this.#end(`${row} ${column}`)?.failed(new TextRefused(reason));
  }

  /** The line is gone: whoever waits makes the text here. */
  lost(): void {
    for (const name of [...this.#asked.keys()]) this.#end(name)?.failed(new Error("no connection"));
  }

  #end(name: string): Asked | undefined {
    const asked = this.#asked.get(name);
    this.#asked.delete(name);
    asked?.stop();
    return asked;
  }
}
