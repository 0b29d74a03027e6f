/** What a well-known reviewer of pages says of the public ones. */

import { once } from "node:events";
import { createServer } from "node:net";
import { chromium } from "@playwright/test";
import lighthouse, { type Flags, type Result } from "lighthouse";
import type { Program } from "./program.js";

/** A port that nobody uses now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The address of some offer. */
async function anOffer(program: Program): Promise<string> {
  const html = await (await fetch(program.url)).text();
  const path = /href="(\/formations\/[^"?#]+)"/.exec(html)?.[1];
  if (path === undefined) throw new Error("the catalogue shows no offer");
  return program.url + path;
}

/** The reviews of the catalogue, of an offer and of the form. */
export async function reviews(program: Program, flags: Flags): Promise<{ url: string; review: Result }[]> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  });
  try {
    const found = [];
    for (const url of [`${program.url}/`, await anOffer(program), `${program.url}/proposer`]) {
      const result = await lighthouse(url, { port, logLevel: "silent", ...flags });
      if (result === undefined || result.lhr.runtimeError !== undefined) {
        throw new Error(`no review of ${url}: ${result?.lhr.runtimeError?.message}`);
      }
      found.push({ url, review: result.lhr });
    }
    return found;
  } finally {
    await browser.close();
  }
}
