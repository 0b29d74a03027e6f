/** What axe finds on a page, at each width and in each scheme that people use. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type axe from "axe-core";
import type { Person } from "./people.js";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Violations as lines of text: the rule, where, and what is wrong. */
async function violations(page: Page): Promise<string[]> {
  // Evaluated by the browser's own door: the page forbids foreign scripts, and shall.
  await page.evaluate(`typeof axe === "object" || (() => { ${source} })()`);
  const found = await page.evaluate(async (tags) => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe };
    const results = await engine.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${html.slice(0, 160)}\n    ${failureSummary?.replace(/\s+/g, " ")}`,
      ),
    );
  }, TAGS);
  return found;
}

export const WIDTHS = [1280, 360] as const;
export const SCHEMES = ["light", "dark"] as const;

/** The violations of what is on screen now at this width, in both schemes, each once. */
export async function violationsAt(page: Page, width: number): Promise<string[]> {
  const found = new Set<string>();
  await resize(page, width);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const one of await violations(page)) found.add(`${width} ${colorScheme}: ${one}`);
  }
  return [...found];
}

/** Gives the window a width; what follows the size of the window is drawn when this is over. */
export async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** How many pixels of the page lie beside a window of this width. */
export async function besideTheWindow(page: Page, width: number): Promise<number> {
  await resize(page, width);
  return page.evaluate(() => {
    const root = document.scrollingElement ?? document.documentElement;
    return Math.max(root.scrollWidth, document.body.scrollWidth) - innerWidth;
  });
}

/** All that is promised of what is on screen. */
export async function isFitFor(person: Person, what: string): Promise<void> {
  for (const width of WIDTHS) expect.soft(await violationsAt(person.page, width), what).toEqual([]);
  await fitsPhones(person, what);
}

/** Nothing lies beside the window of a small phone, and nothing was reported on the way. */
export async function fitsPhones(person: Person, what: string): Promise<void> {
  for (const width of [360, 320]) {
    expect.soft(await besideTheWindow(person.page, width), `${what} at ${width}`).toBeLessThanOrEqual(0);
  }
  expect.soft(person.faults.splice(0), what).toEqual([]);
  await resize(person.page, WIDTHS[0]);
}
