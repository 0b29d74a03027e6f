/** The real program, started on a free port with a folder of its own, killed and started again at will. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg, { type Database } from "./postgres.js";

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
  /** What starts the server; `tablee serve` by itself. */
  start?: readonly string[];
  /** A data folder that is copied, where the first start is nothing to look at. */
  prepared?: string;
  /** What every command of the program runs within: a mount namespace, say. It is given the data folder. */
  within?: (folder: string) => Promise<readonly string[]>;
}

/** As a person starts it in a clone: builds what is not built, then runs. */
export const byMake = ["make", "--no-print-directory", "run", "PROFILE=dev"] as const;

/** The environment in which `make` finds its tools; nothing of ours, and nothing of a `make` around us. */
function toolbox(): NodeJS.ProcessEnv {
  const ours = /^(TABLEE_|MAKE|MFLAGS)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** The address under which the suites add a person. */
export function emailOf(name: string): string {
  const word = name
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z]/g, "");
  return `${word}@exemple.fr`;
}

/** What still runs when a test ends early is ended with the suite. */
const running = new Set<Program>();
process.once("exit", () => {
  for (const program of running) program.vanish();
});

export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), "tablee-"));
  /** Everything it printed since its last start. */
  output = "";
  url = "";
  #child: ChildProcess | null = null;
  readonly #heard = new EventEmitter();
  readonly #env: NodeJS.ProcessEnv;
  readonly #start: readonly string[];
  #within: readonly string[] = [];
  #database: Database | null = null;

  private constructor(env: NodeJS.ProcessEnv, start: readonly string[]) {
    this.#env = env;
    this.#start = start;
  }

  static async start(options: Options = {}): Promise<Program> {
    const start = options.start ?? [binary, "serve"];
    const env = start === byMake ? toolbox() : { PATH: process.env.PATH, HOME: process.env.HOME };
    const program = new Program({ ...env, TABLEE_LISTEN: "127.0.0.1:0", ...options.env }, start);
    program.#env.TABLEE_DATA_DIR = program.folder;
    if (options.within !== undefined) program.#within = await options.within(program.folder);
    if (options.prepared !== undefined) cpSync(options.prepared, program.folder, { recursive: true });
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

  get #isGroup(): boolean {
    return this.#start === byMake;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it on the port it had before, so that tabs find it again. */
  async startAgain(): Promise<void> {
    if (this.url !== "") this.#env.TABLEE_LISTEN = new URL(this.url).host;
    this.output = "";
    const [command = binary, ...args] = [...this.#within, ...this.#start];
    const child = spawn(command, args, {
      cwd: root,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: this.#isGroup,
    });
    this.#child = child;
    running.add(this);
    const hear = (bytes: Buffer) => {
      this.output += bytes.toString();
      this.#heard.emit("more");
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => this.#heard.emit("more"));
    this.url = await this.says(/^Tablée listens on (http:\/\/\S+)$/m);
  }

  /** Waits until it printed something, and gives what the group of the pattern holds. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const told = pattern.exec(this.output);
      if (told !== null) return told[1] ?? told[0];
      const code = this.#child?.exitCode ?? null;
      if (code !== null) throw new Error(`it ended with ${code}: ${this.output}`);
      await once(this.#heard, "more");
    }
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
    // Closed, not only ended: `make` ends before what it started.
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    // `make` does not pass every signal on: it is told together with what it started.
    if (this.#isGroup) process.kill(-(child.pid ?? 0), signal);
    else child.kill(signal);
    return ended;
  }

  /** Ends it at once, with its folder, and waits for nothing. */
  vanish(): void {
    const { pid } = this;
    running.delete(this);
    try {
      if (pid !== 0) process.kill(this.#isGroup ? -pid : pid, "SIGKILL");
    } catch {
      // It had ended by itself.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a command of the program beside the server. */
  async command(...args: string[]): Promise<string> {
    const [command = binary, ...all] = [...this.#within, binary, ...args];
    const { stdout } = await run(command, all, { env: this.#env, maxBuffer: 64 << 20 });
    return stdout;
  }

  /** Runs a command that is expected to fail; gives how. */
  fails(...args: string[]): Promise<Failure> {
    const [command = binary, ...all] = [...this.#within, binary, ...args];
    return failureOf(command, all, this.#env);
  }

  /** Adds a person and gives a sign-in link. */
  async person(name: string, role: "member" | "pilot" | "admin"): Promise<string> {
    const email = emailOf(name);
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
    running.delete(this);
    await this.#database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Failure {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs something that must end by itself, and gives how it ended. */
export function failureOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Failure> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, cwd: root, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}
