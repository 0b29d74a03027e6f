/** Looks at all that an update could leave a trace in: the log, the history, the state, what others are told. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import * as Y from "yjs";
import type { Program } from "../browser/support/program.js";
import { Tab } from "../browser/support/tab.js";

const run = promisify(execFile);

/** Tables in which people, logins and reserved writers stand: a visit alone may change them. */
const NOT_OF_UPDATES = ["people", "logins", "sign_in_links", "settings", "writers"];

/** What was there at one moment, as text that can be compared. */
export interface Trail {
  /** Each table of the database in which an update could stand, by its digest. */
  readonly database: string;
  /** What a tab is given that has nothing. */
  readonly state: string;
  /** How many updates the observing tab was told. */
  readonly told: number;
}

export class Witness {
  #told = 0;
  readonly #program: Program;
  readonly #cookie: string;
  readonly #observer: Tab;
  readonly #database: Database;

  private constructor(program: Program, cookie: string, observer: Tab) {
    this.#program = program;
    this.#cookie = cookie;
    this.#observer = observer;
    this.#database = new Database(program.folder);
    observer.doc.on("update", () => {
      this.#told += 1;
    });
  }

  /** Sits down at the table as somebody who does nothing but look. */
  static async sitsDown(program: Program, cookie: string): Promise<Witness> {
    const observer = new Tab(program.url, cookie);
    await observer.ready();
    return new Witness(program, cookie, observer);
  }

  async looks(): Promise<Trail> {
    await this.#observer.roundTrip();
    const fresh = new Tab(this.#program.url, this.#cookie);
    await fresh.ready();
    const bytes = Buffer.from(Y.encodeStateAsUpdate(fresh.doc)).toString("base64");
    const state = `${bytes} ${JSON.stringify(fresh.rows.toJSON())}`;
    fresh.leaves();
    return { database: await this.#database.digest(), state, told: this.#told };
  }

  /** Whether somebody who does nothing wrong is still served. */
  get isServed(): boolean {
    return this.#observer.closed === null;
  }

  leaves(): void {
    this.#observer.leaves();
  }
}

/** A digest of the tables of updates; read through an own connection, beside the server. */
class Database {
  readonly #path: string;
  #names: Promise<string> | null = null;

  constructor(folder: string) {
    this.#path = join(folder, "tablee.db");
  }

  async digest(): Promise<string> {
    this.#names ??= this.#tables();
    const dump = await this.#ask(`.dump ${await this.#names}`);
    return `${dump.length} bytes, ${createHash("sha256").update(dump).digest("hex")}`;
  }

  async #tables(): Promise<string> {
    const listed = await this.#ask("select name from sqlite_master where type = 'table' order by name");
    const names = listed.split("\n").filter((name) => name !== "" && !name.startsWith("sqlite_"));
    return names.filter((name) => !NOT_OF_UPDATES.includes(name)).join(" ");
  }

  async #ask(question: string): Promise<string> {
    const { stdout } = await run("sqlite3", ["-readonly", this.#path, question], { maxBuffer: 256 << 20 });
    return stdout;
  }
}
