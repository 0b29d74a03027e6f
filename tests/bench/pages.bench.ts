/** Prints how fast the public pages are to a well-known reviewer, on the slow telephone that it simulates. */

import { test } from "@playwright/test";
import { Program, workbook } from "../browser/support/program.js";
import { reviews } from "../browser/support/review.js";

const SHOWN = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
];

test("how fast the public pages are", async () => {
  test.setTimeout(600_000);
  const program = await Program.start({ firstImport: workbook });
  try {
    console.log(
      `| Page | Performance | ${SHOWN.join(" | ")} |\n|---|---|${SHOWN.map(() => "---|").join("")}`,
    );
    for (const { url, review } of await reviews(program, { onlyCategories: ["performance"] })) {
      const score = Math.round((review.categories.performance?.score ?? Number.NaN) * 100);
      const times = SHOWN.map((id) => review.audits[id]?.displayValue ?? "?");
      console.log(`| ${new URL(url).pathname} | ${score} | ${times.join(" | ")} |`);
    }
  } finally {
    await program.end();
  }
});
