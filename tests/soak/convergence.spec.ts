/**
 * Whatever an afternoon brings, everybody ends with the same table, and no typed letter is lost.
 *
 * `TABLEE_PLANS` says how many plans are lived, `TABLEE_SEED` which is the first, `TABLEE_PLAN` names a file in
 * which a failing plan was kept: then that one is lived again.
 */

import { readFileSync } from "node:fs";
import { test } from "@playwright/test";
import { live, nothingYet, prepare, type Stage } from "./afternoon.js";
import { type Plan, planOf } from "./plan.js";
import { keep, shrunk } from "./shrink.js";

const PLANS = Number(process.env.TABLEE_PLANS ?? 60);
/** Plans at once: a plan waits more than it works. */
const AT_ONCE = Number(process.env.TABLEE_PLANS_AT_ONCE ?? 4);
const FAILURES_ENOUGH = 5;
/** Whoever waits for hours is told how far it is. */
const SAY_EVERY = 250;

let stage: Stage;
test.beforeAll(async () => {
  stage = await prepare();
});
test.afterAll(() => stage?.remove());

function plans(): Plan[] {
  const file = process.env.TABLEE_PLAN;
  if (file !== undefined) return [JSON.parse(readFileSync(file, "utf8")) as Plan];
  const first = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
  return Array.from({ length: PLANS }, (_, at) => planOf(first + at));
}

test(`everybody ends with the same table, whatever the afternoon brings`, async () => {
  const all = plans();
  test.setTimeout(120_000 + all.length * 30_000);
  console.log(`seeds ${all[0]?.seed} to ${all.at(-1)?.seed}`);
  const figures = nothingYet();
  const failures: string[] = [];
  const began = performance.now();
  let lived = 0;
  const waiting = all.values();
  const lives = async () => {
    for (const plan of waiting) {
      if (failures.length >= FAILURES_ENOUGH) return;
      try {
        await live(plan, stage, figures);
        lived += 1;
        if (lived % SAY_EVERY === 0) console.log(`${lived} of ${all.length} plans lived`);
      } catch (error) {
        const file = keep(plan, String(error));
        const small = await shrunk(plan, (one) => live(one, stage, nothingYet()));
        failures.push(
          `${file}${small === null ? "" : ` (cut down: ${keep(small, String(error), "-short")})`}: ${error}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, lives));
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  console.log(JSON.stringify({ proof: "convergence", ...figures, divergences: failures.length, seconds }));
  if (failures.length > 0) throw new Error(failures.join("\n"));
});
