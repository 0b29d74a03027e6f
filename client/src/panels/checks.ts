import { Emitter } from "../lib/emitter";
import { Owner } from "../lib/owner";
import type { Api, Checks, Problem } from "./api";
import { type Followed, followSaved } from "./savedChanges";

/**
 * What the server's checks say of one row. It asks again when a cell of the row changes, once that is saved; what
 * was known stands meanwhile.
 */
export class RowChecks {
  readonly changes = new Emitter<void>();
  readonly #row: string;
  readonly #api: Api;
  readonly #owner = new Owner();
  readonly #abort = new AbortController();
  #known: Checks | null = null;
  #problem: Problem | null = null;

  constructor(api: Api, live: Followed, row: string) {
    this.#api = api;
    this.#row = row;
    this.#owner.add(() => this.#abort.abort());
    followSaved(
      live,
      {
        concerns: ({ cells }) => cells.some((cell) => cell.row === row),
        missed: () => this.#problem === "offline",
        ask: () => void this.ask(),
      },
      this.#owner,
    );
    void this.ask();
  }

  /** The last answer; null before the first. */
  get known(): Checks | null {
    return this.#known;
  }

  /** Why there is no newer answer; null where there is nothing to say. */
  get problem(): Problem | null {
    return this.#problem;
  }

  async ask(): Promise<void> {
    const answer = await this.#api.checks(this.#row, this.#abort.signal);
    if (this.#owner.ended) return;
    if (answer.ok) this.#known = answer.value;
    this.#problem = answer.ok ? null : answer.reason;
    this.changes.emit();
  }

  end(): void {
    this.#owner.end();
  }
}
