import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import type { Intent } from "../../src/model/intent";
import { Device } from "../../src/sync/device";
import type { LiveTable } from "../../src/sync/liveTable";
import { EAU } from "../model/inventory";
import { type Backup, FakeServer, type Person } from "./fakeServer";
import { Browser, LEA, NOUR, quiet, until } from "./tab";

/**
 * Whatever happens, each thing that somebody did is saved, in an outbox, or aside.
 *
 * Everything is marked by a letter or a key of its own, so that it can be looked for. More plans:
 * `TABLEE_PLANS=500 TABLEE_SEED=7 npx vitest run test/sync/nothingLost.test.ts`.
 */
const PLANS = Number(process.env.TABLEE_PLANS ?? 24);
const FIRST_SEED = Number(process.env.TABLEE_SEED ?? 1);
const STEPS = 40;
/** Letters that nobody types: one for each insertion, never torn, never mistaken for another. */
const FIRST_LETTER = 0xe000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** mulberry32: the same plan for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Something that was done: where to look for it. */
type Mark =
  | { readonly letter: string }
  | { readonly row: string; readonly key: string; readonly value: unknown }
  | { readonly row: string };

interface Seat {
  readonly browser: Browser;
  readonly person: Person;
  live: LiveTable | null;
}

class Plan {
  readonly server = new FakeServer();
  readonly marks: { mark: Mark; by: string; step: number }[] = [];
  readonly seats: Seat[];
  readonly steps: string[] = [];
  readonly #chance: () => number;
  readonly #goesBack: boolean;
  #backup: Backup | null = null;
  #made = 0;
  /** The last address that Nour gave to a row: nobody else gives any. */
  readonly urls = new Map<string, string>();

  constructor(seed: number) {
    this.#chance = chanceOf(seed);
    this.#goesBack = seed % 2 === 0;
    const [here, there] = [new Browser(new IDBFactory()), new Browser(new IDBFactory())];
    const lea = { browser: here, person: { ...LEA } };
    const nour = { browser: there, person: { ...NOUR } };
    // Another tab's document is what one of two knows of a server that went back; so there is one each then.
    this.seats = [lea, ...(this.#goesBack ? [] : [lea]), nour].map((seat) => ({ ...seat, live: null }));
  }

  async run(): Promise<void> {
    for (const seat of this.seats) await this.#sit(seat);
    for (let step = 0; step < STEPS; step += 1) await this.#step();
    await this.#settle();
  }

  async #step(): Promise<void> {
    const seat = this.#one(this.seats);
    const kinds = ["edit", "edit", "edit", "edit", "line", "line", "crash", "rule", "hold", "life", "role"];
    const kind = this.#one(kinds);
    this.steps.push(kind);
    if (seat.live === null) await this.#sit(seat);
    else if (kind === "edit") for (let n = 1 + this.#below(4); n > 0; n -= 1) this.#edit(seat, seat.live);
    else if (kind === "line") this.#line(seat.browser);
    else if (kind === "crash") await this.#crash(seat, seat.live);
    else if (kind === "rule") this.#rule();
    else if (kind === "hold") this.#hold();
    else if (kind === "life") this.#life();
    else this.#role(seat);
    for (const { live } of this.seats) {
      if (live?.wentBack && this.#chance() < 0.5)
        live.resolveWentBack(this.#one(["keep-mine", "keep-server"]));
    }
    if (this.#chance() < 0.6) await quiet(this.#below(40));
  }

  #edit(seat: Seat, live: LiveTable): void {
    const { table } = live;
    if (!live.hasDocument || table.closed) return;
    const rows = [...table.rowIds(), ...table.binnedRowIds()];
    const row = this.#one(rows.length === 0 ? [EAU] : rows);
    this.#made += 1;
    const mark = (one: Mark) => this.marks.push({ mark: one, by: seat.person.name, step: this.steps.length });
    const what = this.#below(10);
    if (what < 4) {
      const letter = String.fromCharCode(FIRST_LETTER + this.#made);
      const words = String(table.cell(row, "intitule").value ?? "");
      const at = this.#below(words.length + 1);
      table.setText(row, "intitule", words.slice(0, at) + letter + words.slice(at), at + 1);
      mark({ letter });
    } else if (what < 7) {
      const item = `i${this.#made}`;
      const items = table.cell(row, "tarifs").value;
      table.setValue(row, "tarifs", { ...(items as object | null), [item]: { montant: this.#made } });
      mark({ row, key: `tarifs/${item}`, value: this.#made });
    } else if (what === 7) {
      const made = table.addRow(null);
      table.setValue(made, "duree_jours", this.#made);
      mark({ row: made });
      mark({ row: made, key: "duree_jours", value: this.#made });
    } else if (what === 8) table.setBinned([row], this.#chance() < 0.5);
    else if (seat.person.id === NOUR.id) {
      table.setValue(row, "url", `https://exemple.fr/${this.#made}`);
      this.urls.set(row, `https://exemple.fr/${this.#made}`);
    } else table.setSaid(row, "duree_jours", `${this.#made} jours`);
  }

  #line(browser: Browser): void {
    if (this.#chance() < 0.2) this.server.cut(this.#one([1006, 1012, 4500]));
    else if (browser.online) browser.goOffline();
    else browser.goOnline();
  }

  /** Only what the device has survives a crash: nothing else is ever promised. */
  async #crash(seat: Seat, live: LiveTable): Promise<void> {
    await live.device.settled();
    await quiet(0);
    if (live.wouldLose) return;
    seat.browser.crash(live);
    seat.live = null;
  }

  #rule(): void {
    const { server } = this;
    server.namesCells = this.#chance() < 0.7;
    const refused = this.#one(["", "url", "intitule", "tarifs"]);
    server.rule = (touched, person) =>
      refused !== "" && person.role === "member" && touched.some(({ key }) => key.startsWith(refused))
        ? this.#one(["pilots-only", "malformed"])
        : null;
  }

  #hold(): void {
    const { server } = this;
    server.holdsSaved = !server.holdsSaved;
    if (!server.holdsSaved) for (const line of server.lines) line.saySaved();
  }

  #life(): void {
    if (!this.#goesBack) this.server.rebuild();
    else if (this.#backup === null || this.#chance() < 0.5) this.#backup = this.server.backup();
    else this.server.putBack(this.#backup);
  }

  #role(seat: Seat): void {
    const { server } = this;
    if (seat.person.id !== NOUR.id) return;
    if (server.shutOut.delete(seat.person.id)) {
      seat.browser.door = null;
      if (seat.live?.line.state.state === "ended") this.#leave(seat, seat.live);
    } else if (this.#chance() < 0.4) {
      server.shutOut.add(seat.person.id);
      seat.browser.door = this.#one(["no-role", "no-login"]);
      server.cut();
    }
  }

  #leave(seat: Seat, live: LiveTable): void {
    if (live.wouldLose) return;
    seat.browser.crash(live);
    seat.live = null;
  }

  async #sit(seat: Seat): Promise<void> {
    seat.live = await seat.browser.open(this.server, seat.person);
    await quiet();
  }

  /** All goes well again, and everybody comes back. */
  async #settle(): Promise<void> {
    const { server } = this;
    server.rule = () => null;
    server.shutOut.clear();
    server.holdsSaved = false;
    for (const line of server.lines) line.saySaved();
    for (const seat of this.seats) {
      seat.browser.door = null;
      seat.browser.goOnline();
      await quiet();
      if (seat.live?.line.state.state === "ended") {
        await until(() => seat.live?.wouldLose === false);
        this.#leave(seat, seat.live);
      }
      if (seat.live === null) await this.#sit(seat);
    }
    await until(() => {
      for (const { live } of this.seats) live?.resolveWentBack(this.#one(["keep-mine", "keep-server"]));
      return this.seats.every(({ live }) => live?.isSaved && live.line.state.state === "live");
    });
    await quiet(50);
  }

  /** What was done and is nowhere. */
  async missing(): Promise<unknown[]> {
    const words = JSON.stringify(this.server.doc.getMap("rows").toJSON());
    const intents = await this.#keptIntents();
    const said = JSON.stringify(intents);
    const rows = this.server.doc.getMap("rows");
    const there = (mark: Mark): boolean => {
      if ("letter" in mark) return words.includes(mark.letter) || said.includes(mark.letter);
      if (intents.some((intent) => says(intent, mark))) return true;
      const row = rows.get(mark.row);
      if (!("key" in mark)) return row !== undefined;
      return (
        JSON.stringify((row as Y.Map<unknown> | undefined)?.get(mark.key))?.includes(String(mark.value)) ??
        false
      );
    };
    const urls = [...this.urls].map(([row, value]) => ({
      mark: { row, key: "url", value },
      by: "Nour",
      step: -1,
    }));
    return [...this.marks, ...urls].filter(({ mark }) => !there(mark));
  }

  /** In outboxes and asides, as the devices have them. */
  async #keptIntents(): Promise<Intent[]> {
    const found: Intent[] = [];
    for (const { browser, person, live } of this.seats) {
      await live?.device.settled();
      const device = await Device.open(browser.storage, person.id, "formations");
      const { entries, asides } = await device.load();
      found.push(...entries.flatMap(({ intents }) => intents), ...asides.map(({ intent }) => intent));
    }
    return found;
  }

  #below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  #one<One>(of: readonly One[]): One {
    return of[this.#below(of.length)] as One;
  }
}

function says(intent: Intent, mark: Mark): boolean {
  if ("letter" in mark || intent.row !== mark.row) return false;
  if (!("key" in mark)) return intent.what === "add-row";
  return "key" in intent && intent.key === mark.key && JSON.stringify(intent).includes(String(mark.value));
}

describe("whatever happens", () => {
  const seeds = Array.from({ length: PLANS }, (_, at) => FIRST_SEED + at);

  it.each(seeds)("no intent is lost, and all stand level in the end (seed %i)", async (seed) => {
    const plan = new Plan(seed);
    await plan.run();

    expect({ missing: await plan.missing(), steps: plan.steps }).toEqual({ missing: [], steps: plan.steps });
    for (const { live } of plan.seats) {
      expect(live?.table.doc.getMap("rows").toJSON()).toEqual(plan.server.doc.getMap("rows").toJSON());
      expect(live?.table.doc.store.pendingStructs).toBeNull();
    }
  });
});
