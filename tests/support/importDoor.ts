/** Gives files to the table as a pilot does: the page, its form, the plan's page, without a browser. */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";

/** How often the page of a file that is being read asks how far it is. */
const ASK_MS = 50;

/** What a pilot is told of a file. */
export interface Told {
  readonly outcome: "refused" | "read" | "not-taken";
  readonly status: number;
  /** The sentence about a file that was refused or not taken; nothing of one that was read. */
  readonly sentence: string;
  readonly html: string;
  /** The address of the plan; nothing where the file was not even taken. */
  readonly plan: string;
}

export class ImportDoor {
  readonly #program: Program;
  readonly #cookie: string;
  #token = "";

  private constructor(program: Program, cookie: string) {
    this.#program = program;
    this.#cookie = cookie;
  }

  /** A new pilot opens the page. */
  static async opens(program: Program, name: string): Promise<ImportDoor> {
    return ImportDoor.opensAs(program, await signIn(program, name, "pilot"));
  }

  static async opensAs(program: Program, cookie: string): Promise<ImportDoor> {
    const door = new ImportDoor(program, cookie);
    await door.page("/import");
    return door;
  }

  /** A page, whose token the next form sends. */
  async page(path: string): Promise<{ status: number; html: string }> {
    const answer = await fetch(new URL(path, this.#program.url), { headers: { cookie: this.#cookie } });
    const html = await answer.text();
    this.#token = /name="jeton" value="([^"]+)"/.exec(html)?.[1] ?? this.#token;
    return { status: answer.status, html };
  }

  /** Sends a form of urlencoded fields and follows where it leads. */
  async form(
    path: string,
    fields: Record<string, string>,
  ): Promise<{ status: number; html: string; url: string }> {
    const answer = await fetch(new URL(path, this.#program.url), {
      method: "POST",
      headers: { cookie: this.#cookie, origin: this.#program.url },
      body: new URLSearchParams({ jeton: this.#token, ...fields }),
    });
    return { status: answer.status, html: await answer.text(), url: answer.url };
  }

  /** Gives a file and waits until it was read or refused. */
  async gives(path: string): Promise<Told> {
    const body = new FormData();
    body.set("jeton", this.#token);
    body.set("fichier", new Blob([readFileSync(path)]), basename(path));
    const answer = await fetch(new URL("/import", this.#program.url), {
      method: "POST",
      headers: { cookie: this.#cookie, origin: this.#program.url },
      body,
      redirect: "manual",
    });
    const plan = answer.headers.get("location") ?? "";
    if (answer.status !== 303) {
      const html = await answer.text();
      return { outcome: "not-taken", status: answer.status, sentence: strong(html), html, plan: "" };
    }
    await this.until(plan, (state) => state !== "reading");
    const { status, html } = await this.page(plan);
    const outcome = (await this.state(plan)).state === "refused" ? "refused" : "read";
    return { outcome, status, sentence: outcome === "refused" ? strong(html) : "", html, plan };
  }

  /** Presses the last button of a plan. */
  async begins(plan: string): Promise<void> {
    const path = plan.split("?")[0] ?? plan;
    const { html } = await this.page(`${path}?etape=appliquer`);
    const version = /name="version" value="(\d+)"/.exec(html)?.[1];
    if (version === undefined) throw new Error("no plan that can be applied");
    const answer = await this.form(`${path}/appliquer`, { version });
    if (answer.status !== 200) throw new Error(`not applied: ${answer.status}`);
  }

  /** Presses the last button of a plan and waits until all of it is written. */
  async applies(plan: string): Promise<void> {
    await this.begins(plan);
    await this.until(plan, (state) => state === "applied");
  }

  async state(plan: string): Promise<{ state: string }> {
    const path = `${plan.split("?")[0]}/etat`;
    const answer = await fetch(new URL(path, this.#program.url), { headers: { cookie: this.#cookie } });
    return (await answer.json()) as { state: string };
  }

  /** Asks as the page does until the plan is in another state. */
  async until(plan: string, holds: (state: string) => boolean): Promise<void> {
    while (!holds((await this.state(plan)).state)) {
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
  }
}

/** The words that the page puts first of all. */
function strong(html: string): string {
  const words = /<strong>([^<]*)<\/strong>/.exec(html)?.[1] ?? "";
  return words.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).trim();
}
