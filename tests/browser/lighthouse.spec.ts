/** What a well-known reviewer of pages says of the public ones: no point missing, and what it misses is printed. */

import { once } from "node:events";
import { createServer } from "node:net";
import { chromium, expect, test } from "@playwright/test";
import lighthouse from "lighthouse";
import { Program, workbook } from "./support/program.js";

const CATEGORIES = ["accessibility", "best-practices", "seo"] as const;

let program: Program;

test.beforeAll(async () => {
  program = await Program.start({ firstImport: workbook });
});

test.afterAll(async () => {
  await program.end();
});

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
async function anOffer(): Promise<string> {
  const html = await (await fetch(program.url)).text();
  const path = /href="(\/formations\/[^"?#]+)"/.exec(html)?.[1];
  if (path === undefined) throw new Error("the catalogue shows no offer");
  return program.url + path;
}

test("the catalogue, an offer and the form miss no point of accessibility, good practice and findability", async () => {
  test.setTimeout(300_000);
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
  });
  try {
    for (const url of [`${program.url}/`, await anOffer(), `${program.url}/proposer`]) {
      const review = await lighthouse(url, {
        port,
        onlyCategories: [...CATEGORIES],
        logLevel: "silent",
        throttlingMethod: "provided",
      });
      if (review === undefined) throw new Error(`no review of ${url}`);
      const { audits, categories, runtimeError } = review.lhr;
      expect(runtimeError, url).toBeUndefined();
      for (const id of CATEGORIES) {
        const missed = categories[id]?.auditRefs
          .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
          .map(({ id }) => `${id}: ${audits[id]?.title} ${JSON.stringify(audits[id]?.details)}`);
        expect({ url, id, score: categories[id]?.score, missed }).toEqual({ url, id, score: 1, missed: [] });
      }
    }
  } finally {
    await browser.close();
  }
});
