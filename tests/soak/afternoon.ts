/** Lives a plan: real tabs, the real program, and in the evening everybody must agree. */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emailOf, Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { Browser, type Page, type Person } from "./browser.js";
import { type Aside, Divergence, difference, nothingLost, sameInTheLog, told } from "./evening.js";
import { type Hand, rowAt, StockHand, TabHand } from "./hands.js";
import { Ledger } from "./ledger.js";
import { CAST, type Plan, STOCK, type Step } from "./plan.js";
import { StockTab } from "./stock.js";

/** Nothing takes so long: whoever waits longer waits for ever. */
const PATIENCE_MS = 20_000;
/** The net under every wait for news: news may come that nobody tells. */
const LOOK_MS = 5;

const HEADER = "Intitulé;Organisme;Résumé;Durée (jours)";
const FIRST = [
  "Animer une réunion;Coopérative A;Deux jours pour apprendre;2",
  "Concerter sur l’eau;Coopérative B;;3",
  "Débattre en public;;Une journée;1",
  "Écouter;Association C;Se taire;",
];

/** A data folder with a table and people, made once and copied for each plan. */
export interface Stage {
  readonly folder: string;
  /** As they are cast. */
  readonly people: readonly Person[];
  remove(): void;
}

export async function prepare(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "tablee-stage-"));
  const csv = join(folder, "premier.csv");
  writeFileSync(csv, [HEADER, ...FIRST].join("\n"));
  const program = await Program.start({ firstImport: csv });
  const known = new Map<string, Person>();
  for (const { name, role } of CAST.filter(
    ({ name }, at) => CAST.findIndex((one) => one.name === name) === at,
  )) {
    const cookie = await signIn(program, name, role);
    const tab = new Tab(program.url, cookie);
    await tab.ready();
    known.set(name, { id: tab.hello?.person ?? 0, name, role, cookie });
    tab.leaves();
  }
  await program.stop();
  rmSync(csv);
  cpSync(program.folder, folder, { recursive: true });
  await program.end();
  return {
    folder,
    people: CAST.map(({ name }) => known.get(name) as Person),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What afternoons were made of. */
export interface Figures {
  plans: number;
  steps: number;
  /** Steps that had nothing to do: no such row, no such document, no such door. */
  idle: number;
  letters: number;
  kills: number;
  restarts: number;
  roles: number;
  imports: number;
  restores: number;
  asides: number;
}

export const nothingYet = (): Figures => ({
  plans: 0,
  steps: 0,
  idle: 0,
  letters: 0,
  kills: 0,
  restarts: 0,
  roles: 0,
  imports: 0,
  restores: 0,
  asides: 0,
});

/** Lives one plan from morning to evening. Fails with a `Divergence`. */
export async function live(plan: Plan, stage: Stage, figures: Figures): Promise<void> {
  const program = await Program.start({ firstImport: null, prepared: stage.folder });
  const afternoon = new Afternoon(program, stage, figures);
  try {
    await afternoon.begin();
    for (const step of plan.steps) await afternoon.lives(step);
    await afternoon.evening();
  } finally {
    figures.plans += 1;
    await afternoon.end();
    await program.end();
  }
}

class Afternoon {
  readonly #program: Program;
  readonly #stage: Stage;
  readonly #figures: Figures;
  readonly #ledger = new Ledger();
  readonly #browsers = new Map<string, Browser>();
  readonly #pages: Page[] = [];
  readonly #roles = new Map<string, string>();
  #stock: StockTab;
  #isUp = true;

  constructor(program: Program, stage: Stage, figures: Figures) {
    this.#program = program;
    this.#stage = stage;
    this.#figures = figures;
    this.#stock = new StockTab(program.url, this.#person(STOCK).cookie);
  }

  #person(who: number): Person {
    return this.#stage.people[who] as Person;
  }

  #page(who: number): Page {
    return this.#pages[who] as Page;
  }

  async begin(): Promise<void> {
    for (let who = 0; who < STOCK; who += 1) {
      const person = this.#person(who);
      const browser = this.#browsers.get(person.name) ?? new Browser(this.#program.url, person);
      this.#browsers.set(person.name, browser);
      this.#pages.push(await browser.open());
    }
    await this.#until(() => this.#atRest(), "the tabs to open");
  }

  async lives(step: Step): Promise<void> {
    this.#figures.steps += 1;
    if (!(await this.#does(step))) this.#figures.idle += 1;
    for (let turns = step.pause; turns > 0; turns -= 1) await turn();
  }

  /** False where there was nothing to do. */
  async #does(step: Step): Promise<boolean> {
    switch (step.step) {
      case "types":
        return this.#hand(step.who).types(this.#deed(step.who), step, this.#word(step.letters), step.opens);
      case "erases":
        return this.#hand(step.who).erases(this.#deed(step.who), step);
      case "sets":
        return this.#hand(step.who).sets(this.#deed(step.who), { ...step, at: 0 });
      case "lists":
        return this.#hand(step.who).lists(this.#deed(step.who), { ...step, at: 0 });
      case "adds-row":
        return this.#hand(step.who).addsRow(this.#deed(step.who), this.#word(step.letters));
      case "publishes":
        return this.#tabHand(step.who).publishes(step.row);
      case "bins":
        return this.#tabHand(step.who).bins(step.row);
      case "undoes":
      case "redoes":
        return this.#takesBack(step.step, step.who);
      case "goes-offline":
        return this.#goesOffline(step.who);
      case "comes-back":
        return this.#comesBack(step.who);
      case "reloads":
        await this.#reload(step.who);
        return true;
      case "quiet":
        await this.#until(() => this.#atRest(), "those who are online to be saved");
        return this.#isUp;
      default:
        return this.#happens(step);
    }
  }

  /** What no hand at the table does. */
  async #happens(step: Step): Promise<boolean> {
    switch (step.step) {
      case "gets-role":
        return this.#getsRole(step.who, step.role);
      case "server-is-killed":
        if (!this.#isUp) return false;
        this.#figures.kills += 1;
        this.#isUp = false;
        await this.#program.kill();
        return true;
      case "server-starts":
        return this.#starts();
      case "server-restarts":
        if (!this.#isUp) return false;
        this.#figures.restarts += 1;
        await this.#stops();
        return this.#starts();
      case "imports":
        return this.#imports(step.letters);
      case "restores-row":
      case "restores-moment":
        return this.#restores(step);
      default:
        return false;
    }
  }

  #word(letters: number): string {
    this.#figures.letters += letters;
    return this.#ledger.fresh(letters);
  }

  #deed(who: number) {
    return { who, ledger: this.#ledger };
  }

  #hand(who: number): Hand {
    return who === STOCK ? new StockHand(this.#stock) : this.#tabHand(who);
  }

  #tabHand(who: number): TabHand {
    return new TabHand(this.#page(who));
  }

  #takesBack(step: "undoes" | "redoes", who: number): boolean {
    this.#ledger.excuse((one) => one.who === who);
    const { table } = this.#page(who).live;
    return step === "undoes" ? table.undo() : table.redo();
  }

  #goesOffline(who: number): boolean {
    const tab = who === STOCK ? this.#stock : this.#page(who);
    const was = tab.isOnline;
    tab.goOffline();
    return was;
  }

  #comesBack(who: number): boolean {
    const tab = who === STOCK ? this.#stock : this.#page(who);
    const was = tab.isOnline;
    tab.comeBack();
    return !was;
  }

  /** The page is loaded anew; whoever had no network still has none. */
  async #reload(who: number): Promise<void> {
    const { isOnline } = this.#page(who);
    await this.#page(who).leave();
    const browser = this.#browsers.get(this.#person(who).name) as Browser;
    this.#pages[who] = await browser.open(isOnline);
  }

  async #getsRole(who: number, role: string): Promise<boolean> {
    const { name } = this.#person(who);
    if ((this.#roles.get(name) ?? this.#person(who).role) === role) return false;
    this.#figures.roles += 1;
    this.#roles.set(name, role);
    await this.#program.command("person", "role", emailOf(name), role);
    return true;
  }

  async #stops(): Promise<void> {
    this.#isUp = false;
    const code = await this.#program.stop();
    if (code !== 0) throw new Divergence(`an orderly stop ended with ${code}: ${this.#program.output}`);
  }

  async #starts(): Promise<boolean> {
    if (this.#isUp) return false;
    await this.#program.startAgain();
    this.#isUp = true;
    // As a browser that hears of its network: nobody waits out a pause.
    for (const page of this.#pages) if (page.isOnline) page.comeBack();
    if (this.#stock.isOnline) this.#stock.comeBack();
    return true;
  }

  /** The offers of the morning with other words, and one more, by the command between two runs. */
  async #imports(letters: number): Promise<boolean> {
    this.#figures.imports += 1;
    if (this.#isUp) await this.#stops();
    const word = `${this.#figures.imports}`.repeat(letters);
    const lines = FIRST.map((line, at) =>
      at === letters % FIRST.length ? line.replace(/;[^;]*;(\d*)$/, `;Mot ${word};$1`) : line,
    );
    const csv = join(this.#program.folder, "suite.csv");
    writeFileSync(csv, [HEADER, ...lines, `Offre ${word};Coopérative D;;`].join("\n"));
    await this.#program.command("import", csv, "--apply");
    return this.#starts();
  }

  async #restores(step: Step & { step: "restores-row" | "restores-moment" }): Promise<boolean> {
    if (!this.#isUp || this.#roles.get("Léa") !== undefined) return false;
    const past = await this.#ask("GET", `history?limit=${step.back}`);
    const entry = (past?.entries as { revision: number; began_at: number }[] | undefined)?.at(-1);
    if (entry === undefined) return false;
    const row = step.step === "restores-row" ? rowAt(this.#stock.rowIds(), step.row) : null;
    if (row === undefined) return false;
    const what =
      row === null ? { what: "moment", at: entry.began_at } : { what: "row", row, revision: entry.revision };
    const done = await this.#ask("POST", "restore", what);
    // Only now: what was typed until the answer came may have been there before it.
    this.#ledger.excuse((one) => row === null || one.row === row);
    if (done !== null) this.#figures.restores += 1;
    return done !== null;
  }

  /** Asks the API as Léa; null where there is no such door. */
  async #ask(method: string, path: string, body?: object): Promise<Record<string, unknown> | null> {
    const { url } = this.#program;
    const headers = { cookie: this.#person(0).cookie, origin: url, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1/tables/formations/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 404 || answer.status === 422) return null;
    if (!answer.ok)
      throw new Divergence(`${path} ${JSON.stringify(body)}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  /** Whoever has a network, a role and a server has everything saved. */
  #atRest(): boolean {
    if (!this.#isUp) return true;
    const pages = this.#pages.filter((page) => page.isOnline && !page.isOver);
    return pages.every((page) => page.isAtRest) && (!this.#stock.isOnline || this.#stock.isAtRest);
  }

  async evening(): Promise<void> {
    for (const [name, role] of this.#roles) {
      const cast = CAST.find((one) => one.name === name)?.role;
      if (role !== cast) await this.#program.command("person", "role", emailOf(name), cast ?? "member");
    }
    this.#roles.clear();
    await this.#starts();
    this.#stock.comeBack();
    for (const page of this.#pages) page.comeBack();
    await this.#until(() => this.#pages.every((page) => page.isAtRest || page.isOver), "all to be saved");
    for (const [who, page] of this.#pages.entries()) if (page.isOver) await this.#reload(who);
    await this.#until(() => this.#pages.every((page) => page.isAtRest), "all to be saved");
    if (this.#stock.refused !== null) throw new Divergence(`the stock tab was closed ${this.#stock.refused}`);
    const fresh = new Tab(this.#program.url, this.#person(0).cookie);
    await fresh.ready();
    const docs = () => [this.#stock.doc, ...this.#pages.map((page) => page.live.table.doc)];
    await this.#until(
      () => docs().every((doc) => told(doc) === told(fresh.doc)),
      () =>
        `all to agree: ${docs()
          .filter((doc) => told(doc) !== told(fresh.doc))
          .map((doc) => difference(doc, fresh.doc))
          .join("\n")}`,
    );
    const asides = this.#pages.flatMap((page) => [...page.live.outbox.asides] as unknown as Aside[]);
    this.#figures.asides += new Set(asides.map((aside) => JSON.stringify(aside))).size;
    nothingLost(this.#ledger, fresh.doc, asides);
    await sameInTheLog(this.#program, fresh.doc);
    fresh.leaves();
  }

  async end(): Promise<void> {
    this.#stock.leave();
    for (const page of this.#pages) await page.leave();
  }

  async #until(holds: () => boolean, what: string | (() => string)): Promise<void> {
    const began = performance.now();
    while (!holds()) {
      if (performance.now() - began > PATIENCE_MS) {
        const states = this.#pages.map((page) => page.state).join("; ");
        throw new Divergence(`waited in vain for ${typeof what === "string" ? what : what()} [${states}]`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
