/**
 * Hands that go on writing whatever happens to the server, and remember what they were promised: what the server
 * said was saved, and what anybody saw of another.
 */

import type { Program } from "../browser/support/program.js";
import { Tab } from "../browser/support/tab.js";
import type { Dice } from "../soak/plan.js";

const COLUMN = "lieux";
/** Between two edits of one hand, and before it knocks again. */
const BREATH_MS = 4;
const KNOCK_AGAIN_MS = 25;

/** All items of the column, as `row/item`. */
export function itemsOf(tab: Tab): Set<string> {
  const items = new Set<string>();
  for (const [row, cells] of tab.rows.entries()) {
    for (const key of cells.keys()) {
      if (key.startsWith(`${COLUMN}/`)) items.add(`${row}/${key.slice(COLUMN.length + 1)}`);
    }
  }
  return items;
}

export class Crowd {
  /** Items that were saved or seen: each must be there for ever. */
  readonly promised = new Set<string>();
  saved = 0;
  seen = 0;
  unknown = 0;
  /** Sockets that were closed on somebody who did nothing wrong, by code. */
  readonly closings = new Map<number, number>();
  readonly #program: Program;
  readonly #cookies: readonly string[];
  readonly #dice: Dice;
  readonly #hands: Promise<void>[];
  #isWriting = true;
  #made = 0;

  constructor(program: Program, cookies: readonly string[], hands: number, dice: Dice) {
    this.#program = program;
    this.#cookies = cookies;
    this.#dice = dice;
    this.#hands = Array.from({ length: hands }, (_, hand) => this.#writes(hand));
  }

  get allClosings(): number {
    return [...this.closings.values()].reduce((sum, count) => sum + count, 0);
  }

  /** No more edits; whoever is connected waits for the last "saved". */
  async rests(): Promise<void> {
    this.#isWriting = false;
    await Promise.all(this.#hands);
  }

  async #writes(hand: number): Promise<void> {
    while (this.#isWriting) {
      const tab = new Tab(this.#program.url, this.#cookies[hand % this.#cookies.length] ?? "");
      await tab.ready();
      if (tab.closed === null) await this.#writesIn(tab, hand);
      if (tab.closed !== null) {
        this.closings.set(tab.closed.code, (this.closings.get(tab.closed.code) ?? 0) + 1);
        await breath(KNOCK_AGAIN_MS);
      }
      tab.leaves();
    }
  }

  async #writesIn(tab: Tab, hand: number): Promise<void> {
    const waiting: { name: string; frame: number }[] = [];
    // What is said to be saved counts at once: nobody can take it back.
    tab.onSaved = () => {
      while (waiting[0] !== undefined && waiting[0].frame <= tab.saved) {
        this.promised.add(waiting.shift()?.name ?? "");
        this.saved += 1;
      }
    };
    tab.rows.observeDeep((events, transaction) => {
      if (transaction.origin !== tab) return;
      for (const event of events) {
        for (const key of event.keys.keys()) {
          if (!key.startsWith(`${COLUMN}/`)) continue;
          this.promised.add(`${event.path[0]}/${key.slice(COLUMN.length + 1)}`);
          this.seen += 1;
        }
      }
    });
    const rows = [...tab.rows.keys()];
    while (this.#isWriting && tab.closed === null) {
      this.#made += 1;
      const row = rows[this.#dice(rows.length)] ?? "";
      const item = `h${hand}n${this.#made}`;
      tab.rows.get(row)?.set(`${COLUMN}/${item}`, { lieu: `Lieu ${item}` });
      waiting.push({ name: `${row}/${item}`, frame: tab.sent });
      await breath(this.#dice(BREATH_MS));
    }
    await tab.allSaved();
    this.unknown += waiting.length;
  }
}

const breath = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what must come to pass; it is looked at again and again, since nobody tells. */
export async function comesToPass(holds: () => boolean, what: string, within = 30_000): Promise<void> {
  const until = performance.now() + within;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`it never came to pass: ${what}`);
    await breath(10);
  }
}
