/** A plan that failed is kept in a file, and cut down to what it takes. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plan, Step } from "./plan.js";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "failures");
/** A smaller plan may fail by chance only: it is lived so often before it is believed to hold. */
const TRIES = 2;
const PATIENCE_MS = Number(process.env.TABLEE_SHRINK_MS ?? 60_000);

/** Keeps a plan with the reason of its failure, and says where. */
export function keep(plan: Plan, failure: string, mark = ""): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${plan.seed}${mark}.json`);
  writeFileSync(path, `${JSON.stringify({ ...plan, failure }, null, 1)}\n`);
  return path;
}

/** The smallest plan found that still fails, by dropping steps; null where nothing could be dropped in time. */
export async function shrunk(plan: Plan, live: (plan: Plan) => Promise<void>): Promise<Plan | null> {
  const until = performance.now() + PATIENCE_MS;
  const fails = async (steps: readonly Step[]) => {
    for (let tries = TRIES; tries > 0; tries -= 1) {
      if (performance.now() > until) return false;
      try {
        await live({ ...plan, steps });
      } catch {
        return true;
      }
    }
    return false;
  };
  let steps = plan.steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length; ) {
      const less = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (less.length < steps.length && (await fails(less))) steps = less;
      else at += size;
    }
  }
  return steps.length < plan.steps.length ? { ...plan, steps } : null;
}
