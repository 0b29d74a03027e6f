/** A mail server on a free port, stopped and started again at will: what it took stays known. */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = join(dirname(fileURLToPath(import.meta.url)), "mail_server.py");

/** A mail as it came over the wire. */
export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

type Line = Taken & { readonly port?: number; readonly heard?: string };

export class MailServer {
  readonly taken: Taken[] = [];
  #child: ChildProcess | null = null;
  #port = 0;
  readonly #heard = new EventEmitter();

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await server.startAgain();
    return server;
  }

  /** What the program is told of it. */
  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** Starts it on the port that it had. */
  async startAgain(): Promise<void> {
    // Debian's own interpreter has the package.
    const child = spawn("/usr/bin/python3", [script, String(this.#port)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = JSON.parse(line) as Line;
      if (said.port !== undefined) this.#port = said.port;
      else if (said.heard === undefined) this.taken.push(said);
      this.#heard.emit("more", said);
    });
    child.once("exit", (code) => this.#heard.emit("more", { ended: code }));
    for (;;) {
      const [said] = (await once(this.#heard, "more")) as [Line & { ended?: number }];
      if (said.port !== undefined) return;
      if (said.ended !== undefined) throw new Error(`the mail server ended with ${said.ended}`);
    }
  }

  /** Changes what it answers: `take`, `hold`, `refuse 451`. */
  async now(word: string): Promise<void> {
    this.#child?.stdin?.write(`${word}\n`);
    for (;;) {
      const [said] = (await once(this.#heard, "more")) as [Line];
      if (said.heard === word) return;
    }
  }

  /** Waits until it took so many mails in all. */
  async took(many: number): Promise<readonly Taken[]> {
    while (this.taken.length < many) await once(this.#heard, "more");
    return this.taken;
  }

  /** Goes away, with its answers. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** The value of a header, unfolded; empty where there is none. */
export function header(mail: Taken, name: string): string {
  const head = mail.raw.split("\r\n\r\n")[0]?.replaceAll(/\r\n[ \t]+/g, " ") ?? "";
  const line = head.split("\r\n").find((it) => it.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? "";
}

/** The part of this type, decoded. */
export function part(mail: Taken, type: string): string {
  const boundary = /boundary="([^"]+)"/.exec(header(mail, "Content-Type"))?.[1];
  if (boundary === undefined) return "";
  const parts = mail.raw.split(`--${boundary}`);
  const found = parts.find((it) => it.includes(`Content-Type: ${type}`)) ?? "";
  const [head = "", ...rest] = found.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  if (head.includes("base64")) return Buffer.from(body, "base64").toString();
  if (!head.includes("quoted-printable")) return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
