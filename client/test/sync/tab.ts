import { vi } from "vitest";
import { Device } from "../../src/sync/device";
import { LiveTable, type World } from "../../src/sync/liveTable";
import type { FakeServer, Person } from "./fakeServer";

export const LEA: Person = { id: 1, name: "Léa", role: "pilot" };
export const NOUR: Person = { id: 2, name: "Nour", role: "member" };

let tabs = 0;

/** What one browser has: its storage, and whether it has a network. */
export class Browser {
  readonly storage: IDBFactory | undefined;
  readonly living = new Set<string>();
  online = true;
  signedIn: boolean | null = null;
  #onNetwork = new Set<(online: boolean) => void>();

  constructor(storage: IDBFactory | undefined) {
    this.storage = storage;
  }

  goOnline(): void {
    this.online = true;
    for (const listener of this.#onNetwork) listener(true);
  }

  async open(server: FakeServer, person: Person): Promise<LiveTable> {
    tabs += 1;
    const tab = `tab${tabs}`;
    const before = new Set(this.living);
    this.living.add(tab);
    let rows = 0;
    const world: World = {
      now: () => Date.now(),
      newRowId: () => {
        rows += 1;
        return `${tab}row${rows}`;
      },
      tab,
      livingTabs: async () => before,
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
        signedIn: async () => this.signedIn,
        now: () => Date.now(),
        chance: () => 0,
      },
    };
    const device = await Device.open(this.storage, person.id, "formations");
    const address = { url: "ws://table.test/live/formations", person: person.id, role: person.role };
    const live = await LiveTable.open(address, world, device);
    live.start();
    return live;
  }

  /** The tab is gone without a word. */
  crash(live: LiveTable): void {
    live.stop();
    this.living.clear();
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
