/** A PostgreSQL of one's own, to be stopped and started again: the one that all suites share must go on. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** The folder of initdb and pg_ctl; the newest, if there are several. */
function programs(): string {
  const known = process.env.TABLEE_POSTGRES_BIN;
  if (known !== undefined) return known;
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(a) - Number(b));
  return `/usr/lib/postgresql/${versions.at(-1)}/bin`;
}

/** It refuses to run as root. */
async function asOwner(command: string, ...args: string[]): Promise<void> {
  const options = { cwd: tmpdir() };
  if (isRoot) await run("runuser", ["-u", "postgres", "--", command, ...args], options);
  else await run(command, args, options);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
    server.on("error", reject);
  });
}

export class PostgresServer {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "tablee-postgres-"));
    if (isRoot) await run("chown", ["postgres", folder]);
    const server = new PostgresServer(folder, await freePort());
    const data = ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"];
    await asOwner(join(programs(), "initdb"), ...data, "--locale=C.UTF-8", "--no-sync");
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    const settings = `-k ${this.#folder} -c listen_addresses=127.0.0.1 -p ${this.#port}`;
    await this.#control("start", "-l", join(this.#folder, "server.log"), "-w", "-o", settings);
  }

  /** `immediate` is as a crash: it reads its own log when it starts again. */
  async stop(mode: "fast" | "immediate"): Promise<void> {
    await this.#control("stop", "-m", mode, "-w");
  }

  async end(): Promise<void> {
    await this.stop("immediate").catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #control(...args: string[]): Promise<void> {
    await asOwner(join(programs(), "pg_ctl"), "-D", join(this.#folder, "data"), ...args);
  }
}
