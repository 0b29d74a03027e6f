import { Emitter } from "../lib/emitter";
import { Owner } from "../lib/owner";
import { columnOf } from "../model/layout";
import type { Api, Entry, Problem } from "./api";
import { type Followed, followSaved } from "./savedChanges";

/** Of which cells the history is told: one column of a row, or all of it. */
export interface PastOf {
  readonly row: string;
  readonly column: string | null;
}

export type PastState = "loading" | "shown" | Problem;

/**
 * The history of a cell or a row as far as it was asked for, newest first. It asks again when something of it
 * changes, here or elsewhere, once that is saved; and when the network comes back after it was missed.
 */
export class Past {
  readonly changes = new Emitter<void>();
  readonly of: PastOf;
  readonly #api: Api;
  readonly #owner = new Owner();
  readonly #abort = new AbortController();
  #entries: readonly Entry[] = [];
  #next: number | null = null;
  #state: PastState = "loading";

  constructor(api: Api, live: Followed, of: PastOf) {
    this.#api = api;
    this.of = of;
    this.#owner.add(() => this.#abort.abort());
    followSaved(
      live,
      {
        concerns: ({ cells, rows }) =>
          cells.some(({ row, column }) => row === of.row && (of.column === null || column === of.column)) ||
          (rows && of.column === null),
        missed: () => this.#state === "offline",
        ask: () => void this.load(),
      },
      this.#owner,
    );
    void this.load();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get state(): PastState {
    return this.#state;
  }

  /** Whether there is more to ask for. */
  get hasOlder(): boolean {
    return this.#next !== null;
  }

  /** Asks for the newest entries; older ones that were asked for before stay. */
  async load(): Promise<void> {
    const answer = await this.#ask(null);
    if (answer === null) return;
    const { entries, next } = answer;
    const older = next === null ? [] : this.#entries.filter(({ id }) => entries.every((one) => id < one.id));
    this.#entries = [...entries, ...older];
    if (older.length === 0) this.#next = next;
    this.#become("shown");
  }

  async older(): Promise<void> {
    if (this.#next === null) return;
    const answer = await this.#ask(this.#next);
    if (answer === null) return;
    this.#entries = [...this.#entries, ...answer.entries];
    this.#next = answer.next;
    this.#become("shown");
  }

  end(): void {
    this.#owner.end();
  }

  async #ask(before: number | null) {
    this.#become("loading");
    const answer = await this.#api.history({ ...this.of, before }, this.#abort.signal);
    if (this.#owner.ended) return null;
    if (answer.ok) return answer.value;
    this.#become(answer.reason);
    return null;
  }

  #become(state: PastState): void {
    this.#state = state;
    this.changes.emit();
  }
}

/** Entries that one person did in one go: what a reader takes for one thing. */
export interface Deed {
  readonly entries: readonly Entry[];
  /** The newest of them. */
  readonly last: Entry;
}

const ONE_GO_MS = 5 * 60_000;

export function deedsOf(entries: readonly Entry[]): readonly Deed[] {
  const deeds: { entries: Entry[]; last: Entry }[] = [];
  for (const entry of entries) {
    const deed = deeds.at(-1);
    if (deed !== undefined && isOneGo(deed.entries.at(-1) ?? entry, entry)) deed.entries.push(entry);
    else deeds.push({ entries: [entry], last: entry });
  }
  return deeds;
}

function isOneGo(later: Entry, earlier: Entry): boolean {
  return (
    later.person === earlier.person &&
    later.by === earlier.by &&
    later.origin === earlier.origin &&
    later.importId === earlier.importId &&
    later.proposedBy === earlier.proposedBy &&
    later.at - earlier.at < ONE_GO_MS &&
    // Twice the same place is two things.
    (later.key !== earlier.key || columnOf(later.key) === undefined)
  );
}
