/** What processes take, as the system tells it. */

import { readdirSync, readFileSync } from "node:fs";

/** How often children are looked at: they are short. */
const LOOK_MS = 4;

/** Resident memory of a process, in MB. */
export function memory(pid: number): number {
  return field(pid, "VmRSS");
}

/** The children of a process that run now. */
export function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const lists = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8"));
    return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  } catch {
    // It has ended.
    return [];
  }
}

/** Watches the children of a process: how many there were, and the most memory that one of them had, in MB. */
export class Children {
  readonly seen = new Set<number>();
  most = 0;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const child of childrenOf(this.#pid)) {
      this.seen.add(child);
      // The system keeps the peak: the last look before the end tells it.
      this.most = Math.max(this.most, field(child, "VmHWM"));
    }
  }
}

/** Watches one process: the most memory that it had, in MB. */
export class Peak {
  most = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      this.most = Math.max(this.most, field(pid, "VmHWM"));
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** A line of a process's status, in MB; nothing for a process that has ended. */
function field(pid: number, name: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1_024) / 1e6;
  } catch {
    return 0;
  }
}
