/** What a well-known reviewer of pages says of the public ones: no point missing, and what it misses is printed. */

import { expect, test } from "@playwright/test";
import { Program, workbook } from "./support/program.js";
import { reviews } from "./support/review.js";

const CATEGORIES = ["accessibility", "best-practices", "seo"] as const;

let program: Program;

test.beforeAll(async () => {
  program = await Program.start({ firstImport: workbook });
});

test.afterAll(async () => {
  await program.end();
});

test("the catalogue, an offer and the form miss no point of accessibility, good practice and findability", async () => {
  test.setTimeout(300_000);
  const found = await reviews(program, { onlyCategories: [...CATEGORIES], throttlingMethod: "provided" });
  for (const { url, review } of found) {
    const { audits, categories } = review;
    for (const id of CATEGORIES) {
      const missed = categories[id]?.auditRefs
        .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
        .map(({ id }) => `${id}: ${audits[id]?.title} ${JSON.stringify(audits[id]?.details)}`);
      expect({ url, id, score: categories[id]?.score, missed }).toEqual({ url, id, score: 1, missed: [] });
    }
  }
});

test("scripts and styles come as the build compressed them, and plain to whoever takes nothing else", async () => {
  const home = await (await fetch(program.url)).text();
  const files = [...home.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => program.url + path);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const small = await fetch(file, { headers: { "accept-encoding": "gzip, br" } });
    const plain = await fetch(file, { headers: { "accept-encoding": "br;q=0" } });
    const words = await plain.text();

    expect(small.headers.get("content-encoding"), file).toBe("br");
    expect(small.headers.get("vary"), file).toContain("accept-encoding");
    expect(small.headers.get("cache-control"), file).toContain("immutable");
    expect(Number(small.headers.get("content-length")), file).toBeLessThan(words.length / 2);
    expect(await small.text(), file).toBe(words);
    expect(plain.headers.get("content-encoding"), file).toBeNull();
  }
});
