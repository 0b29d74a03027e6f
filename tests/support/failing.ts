/** Calls to the system that fail: `strace` sits between the program and its disk for a while. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Fault {
  readonly calls: string;
  readonly error: "EIO" | "ENOSPC";
  /** The first call of each thread that fails; all later ones do. */
  readonly from: number;
}

export class Failing {
  readonly #strace: ChildProcess;

  private constructor(strace: ChildProcess) {
    this.#strace = strace;
  }

  /** From now on the calls of a running process fail. Who is not root needs `sudo` to look into it. */
  static async in(pid: number, { calls, error, from }: Fault): Promise<Failing> {
    const args = ["-f", "-p", String(pid), "-o", "/dev/null", "-e", `trace=${calls}`];
    const inject = ["-e", `inject=${calls}:error=${error}:when=${from}+`];
    const way = process.getuid?.() === 0 ? ["strace"] : ["sudo", "-n", "strace"];
    const [command = "strace", ...before] = way;
    const strace = spawn(command, [...before, ...args, ...inject], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    const attached = new Promise<boolean>((resolve) => {
      strace.stderr?.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        if (/attached/.test(said)) resolve(true);
      });
      strace.once("error", () => resolve(false));
      strace.once("exit", () => resolve(false));
    });
    if (!(await attached)) {
      throw new Error(
        `failing calls need strace and the right to attach it (${said.trim() || "strace is not installed"}): install strace, and run as root or allow sudo`,
      );
    }
    return new Failing(strace);
  }

  /** The calls work again. */
  async ends(): Promise<void> {
    const ended = once(this.#strace, "exit");
    this.#strace.kill("SIGINT");
    await ended;
  }
}
