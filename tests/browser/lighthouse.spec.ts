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
