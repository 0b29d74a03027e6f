/** People whose server stops, whose network goes, whose login or role ends: no letter is lost. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, expect, type Page, test } from "@playwright/test";
import { rowsOf } from "./support/document.js";
import { type ColumnName, cell, field, rowOn, saved, wordsIn } from "./support/grid.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";
import { signIn } from "./support/sign-in.js";
import { Tab } from "./support/tab.js";
import { Wire } from "./support/wire.js";

let program: Program;
let wire: Wire;
/** Somebody without a browser, who looks at what the server has and edits meanwhile. */
let others: string;
/** A machine that several people use: its browser keeps what it is given when it is closed. */
let machine: string;

test.beforeAll(async () => {
  program = await Program.start();
  others = await signIn(program, "Camille", "pilot");
});
test.beforeEach(async () => {
  wire = await Wire.to(program.url);
  machine = mkdtempSync(join(tmpdir(), "tablee-machine-"));
});
test.afterEach(async () => {
  await wire.end();
  rmSync(machine, { recursive: true, force: true });
});
test.afterAll(async () => {
  await program?.end();
});

/** Opens the browser of the machine, with whatever it kept. */
async function browserOpens(): Promise<BrowserContext> {
  const { launchOptions, locale, viewport } = test.info().project.use;
  return chromium.launchPersistentContext(machine, { ...launchOptions, locale, viewport });
}

async function tableOpens(context: BrowserContext): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${wire.url}/table`);
  await page.locator("#table[data-ready]").waitFor();
  return page;
}

async function signsIn(context: BrowserContext, link: string): Promise<void> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(wire.through(link));
  await page.getByRole("main").getByRole("button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
}

/** The page knows that the line is cut. */
async function isAway(page: Page): Promise<void> {
  await expect(page.locator("#table")).toHaveAttribute("data-state", /connecting|offline/);
}

/** The line is whole again, and the browser says so. */
async function plugsIn(page: Page): Promise<void> {
  wire.lets("all");
  await page.evaluate(() => dispatchEvent(new Event("online")));
}

/** Writes over what a cell says. */
async function writes(page: Page, line: number, column: ColumnName, words: string): Promise<void> {
  const target = cell(page, line, column);
  await target.click();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

/** Writes in front of what a cell says. */
async function writesBefore(page: Page, line: number, column: ColumnName, words: string): Promise<void> {
  await cell(page, line, column).click();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

/** What the server gives to somebody who comes now. */
async function onServer<T>(look: (tab: Tab) => T): Promise<T> {
  const tab = new Tab(program.url, others);
  await tab.ready();
  const seen = look(tab);
  tab.leaves();
  return seen;
}

const valueOf = (tab: Tab, row: string, column: string): string => String(rowsOf(tab.doc).get(row)?.get(column) ?? "");

test("two people in one cell go on through a restart and a power cut of the server", async ({ browser }: { browser: Browser }) => {
  const [lea, nour] = [
    await Person.signsIn(browser, program, "Léa", "pilot"),
    await Person.signsIn(browser, program, "Nour", "member"),
  ];
  await Promise.all([lea.opensTheTable(program), nour.opensTheTable(program)]);
  const [left, right] = [cell(lea.page, 2, "Intitulé"), cell(nour.page, 2, "Intitulé")];
  const row = await rowOn(lea.page, 2);
  const before = await wordsIn(left).innerText();
  for (const { page } of [lea, nour]) {
    await cell(page, 2, "Intitulé").dblclick();
    await expect(field(page)).toBeFocused();
  }
  await lea.page.keyboard.press("ControlOrMeta+Home");
  await nour.page.keyboard.press("ControlOrMeta+End");
  const [leas, nours] = ["Au début, longuement, ", " et pour finir, tout autant"];
  const hand = { delay: 120 };

  const typing = Promise.all([lea.page.keyboard.type(leas, hand), nour.page.keyboard.type(nours, hand)]);
  await program.kill();
  await program.startAgain();
  await program.stop();
  await program.startAgain();
  await typing;

  const whole = leas + before + nours;
  await expect(field(lea.page)).toHaveValue(whole);
  await expect(field(nour.page)).toHaveValue(whole);
  await Promise.all([lea.page.keyboard.press("Enter"), nour.page.keyboard.press("Enter")]);
  await Promise.all([saved(lea.page), saved(nour.page)]);
  await expect(wordsIn(right)).toHaveText(whole);
  expect(await onServer((tab) => valueOf(tab, row, "intitule"))).toBe(whole);
  expect([...lea.faults, ...nour.faults]).toEqual([]);
  await Promise.all([lea.leaves(), nour.leaves()]);
});
