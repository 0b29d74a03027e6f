/** The real program, started on a free port with a folder of its own, killed and started again at will. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "./postgres.js";

const run = promisify(execFile);

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

export const binary = process.env.TABLEE_BINARY ?? join(root, "target/debug/tablee");
export const workbook = join(root, "fixtures/inventaire.xlsx");

export type Engine = "sqlite" | "postgres";

export interface Options {
  engine?: Engine;
  /** Imported at the first start. */
  firstImport?: string | null;
  env?: Record<string, string>;
}

export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), "tablee-"));
  /** Everything it printed since its last start. */
  output = "";
  url = "";
  #child: ChildProcess | null = null;
  #env: NodeJS.ProcessEnv;
  #database: { url: string; drop(): Promise<void> } | null = null;

  private constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  static async start(options: Options = {}): Promise<Program> {
    const program = new Program({
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TABLEE_LISTEN: "127.0.0.1:0",
      ...options.env,
    });
    program.#env.TABLEE_DATA_DIR = program.folder;
    if (options.firstImport !== null) {
      program.#env.TABLEE_FIRST_IMPORT = options.firstImport ?? workbook;
    }
    if (options.engine === "postgres") {
      program.#database = await pg.create();
      program.#env.TABLEE_DATABASE_URL = program.#database.url;
    }
    await program.startAgain();
    return program;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it on the port it had before, so that tabs find it again. */
  async startAgain(): Promise<void> {
    if (this.url !== "") this.#env.TABLEE_LISTEN = new URL(this.url).host;
    this.output = "";
    const child = spawn(binary, ["serve"], { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.url = await new Promise<string>((resolve, reject) => {
      const hear = (bytes: Buffer) => {
        this.output += bytes.toString();
        const told = /listens on (http:\/\/\S+)/.exec(this.output);
        if (told?.[1] !== undefined) resolve(told[1]);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${this.output}`)));
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to end. */
  async stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return ended;
  }

  /** Runs a command of the program beside the server. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await run(binary, args, { env: this.#env, maxBuffer: 64 << 20 });
    return stdout;
  }

  /** Adds a person and gives a sign-in link. */
  async person(name: string, role: "member" | "pilot" | "admin"): Promise<string> {
    const email = `${name.toLowerCase().normalize("NFD").replace(/[^a-z]/g, "")}@exemple.fr`;
    await this.command("person", "add", email, "--role", role, "--name", name);
    return this.link(email);
  }

  async link(email: string): Promise<string> {
    const printed = await this.command("sign-in-link", email);
    const link = /https?:\/\/\S+/.exec(printed)?.[0];
    if (link === undefined) throw new Error(`no link in: ${printed}`);
    // The command does not know on which free port the server listens.
    return this.url + new URL(link).pathname;
  }

  async end(): Promise<void> {
    await this.kill();
    await this.#database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
