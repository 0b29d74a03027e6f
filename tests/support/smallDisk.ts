/** A disk that is full when we say so: a small tmpfs in a mount namespace of its own, as root or as anybody. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PIECE = Buffer.alloc(4_096, 1);

/** Ways to a mount namespace: root has one at once, anybody else inside a user namespace. */
const WAYS = [
  { unshare: ["-m"], nsenter: ["-m"] },
  { unshare: ["-Urm"], nsenter: ["-U", "-m", "--preserve-credentials"] },
] as const;

export class SmallDisk {
  readonly #holder: ChildProcess;
  readonly #folder: string;
  readonly #enter: readonly string[];

  private constructor(holder: ChildProcess, folder: string, enter: readonly string[]) {
    this.#holder = holder;
    this.#folder = folder;
    this.#enter = enter;
  }

  /** Mounts a disk of so many MiB over a folder, for those who enter only. */
  static async over(folder: string, size: number): Promise<SmallDisk> {
    const mount = `mount -t tmpfs -o size=${size}m,mode=700 tablee "$1" && echo ready && exec sleep 1000000`;
    const reasons: string[] = [];
    for (const { unshare, nsenter } of WAYS) {
      const holder = spawn("unshare", [...unshare, "sh", "-c", mount, "sh", folder], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      holder.stderr.on("data", (bytes: Buffer) => {
        said += bytes.toString();
      });
      const ready = once(holder.stdout, "data").then(() => true);
      const ended = once(holder, "exit").then(() => false);
      if (await Promise.race([ready, ended])) {
        const disk = new SmallDisk(holder, folder, nsenter);
        process.once("exit", () => disk.remove());
        return disk;
      }
      reasons.push(`unshare ${unshare.join(" ")}: ${said.trim()}`);
    }
    throw new Error(
      `a small disk needs mount namespaces, which this machine forbids (${reasons.join("; ")}): run as root, or allow unprivileged user namespaces`,
    );
  }

  /** What a command runs within, to see this disk. */
  get within(): readonly string[] {
    return ["nsenter", "-t", String(this.#holder.pid), ...this.#enter, "--"];
  }

  /** Fills it until nothing more fits. */
  fill(): void {
    const file = openSync(this.#ballast, "a");
    try {
      for (;;) writeSync(file, PIECE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Bytes that are left. */
  async left(): Promise<number> {
    const [command = "", ...args] = [...this.within, "df", "--output=avail", "-B1", this.#folder];
    const { stdout } = await run(command, args);
    return Number(stdout.trim().split("\n").at(-1));
  }

  remove(): void {
    this.#holder.kill("SIGKILL");
  }

  get #ballast(): string {
    return join(`/proc/${this.#holder.pid}/root${this.#folder}`, "ballast");
  }
}
