import { vi } from "vitest";
import type { Door } from "../../src/sync/connection";
import { Device } from "../../src/sync/device";
import { LiveTable, type World } from "../../src/sync/liveTable";
import type { Suggestion } from "../../src/sync/suggest";
import type { FakeServer, Person } from "./fakeServer";
// Parts that a tab loads when it needs them: here they are at hand, since loading takes no time that a test turns.
import "../../src/sync/suggest";
import "../../src/sync/wentBack";

export const LEA: Person = { id: 1, name: "Léa", role: "pilot" };
export const NOUR: Person = { id: 2, name: "Nour", role: "member" };

let tabs = 0;

/** What one browser has: its storage, and whether it has a network. */
export class Browser {
  readonly storage: IDBFactory | undefined;
  online = true;
  door: Door | null = null;
  /** What was proposed to the pilots; a reason makes it fail. */
  readonly proposed: Suggestion[] = [];
  refusesProposals: "offline" | "login" | "refused" | null = null;
  /** The browser can say which tabs live. */
  knowsTabs = true;
  readonly #living = new Set<string>();
  readonly #tabs = new Map<LiveTable, string>();
  readonly #onNetwork = new Set<(online: boolean) => void>();

  constructor(storage: IDBFactory | undefined) {
    this.storage = storage;
  }

  goOffline(): void {
    this.online = false;
    for (const listener of this.#onNetwork) listener(false);
  }

  goOnline(): void {
    this.online = true;
    for (const listener of this.#onNetwork) listener(true);
  }

  async open(server: FakeServer, person: Person): Promise<LiveTable> {
    tabs += 1;
    const tab = `tab${tabs}`;
    this.#living.add(tab);
    const device = await Device.open(this.storage, person.id, "formations");
    const address = { url: "ws://table.test/live/formations", person: person.id, role: person.role };
    const live = await LiveTable.open(address, this.#world(server, person, tab), device);
    this.#tabs.set(live, tab);
    live.start();
    return live;
  }

  /** Opens the table and waits until all that follows from it is done. */
  async opens(server: FakeServer, person: Person): Promise<LiveTable> {
    const live = await this.open(server, person);
    await quiet();
    return live;
  }

  /** The tab is gone without a word. */
  crash(live: LiveTable): void {
    live.stop();
    this.#living.delete(this.#tabs.get(live) ?? "");
  }

  #world(server: FakeServer, person: Person, tab: string): World {
    let rows = 0;
    return {
      now: () => Date.now(),
      newRowId: () => {
        rows += 1;
        return `${tab}row${rows}`;
      },
      tab,
      livingTabs: async () =>
        this.knowsTabs ? new Set([...this.#living].filter((living) => living !== tab)) : null,
      propose: async (suggestions) => {
        if (this.refusesProposals !== null) return this.refusesProposals;
        const isWrong = suggestions.some(({ id, value }) => !/^[\w:.-]{1,64}$/.test(id) || value === "no");
        if (isWrong) return "invalid";
        this.proposed.push(...suggestions);
        return suggestions.map(({ id }) => id);
      },
      net: {
        open: (url) => {
          const epoch = new URL(url).searchParams.get("epoch");
          return server.connect(person, epoch === null ? null : Number(epoch));
        },
        online: () => this.online,
        onNetwork: (listener) => {
          this.#onNetwork.add(listener);
          return () => this.#onNetwork.delete(listener);
        },
        door: async () => this.door,
        now: () => Date.now(),
        chance: () => 0,
      },
    };
  }
}

async function turn(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets what is under way go on for a while, waits of the line included. */
export async function quiet(milliseconds = 10): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await turn(milliseconds);
}

/** Waits for what must come to pass. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 2_000 && !holds(); turns += 1) await turn(10);
  if (!holds()) throw new Error(`it never came to pass: ${holds}`);
}
