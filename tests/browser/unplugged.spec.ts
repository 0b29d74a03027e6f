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
import * as Y from "yjs";

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
  const [louise, karim] = [
    await Person.signsIn(browser, program, "Louise", "pilot"),
    await Person.signsIn(browser, program, "Karim", "member"),
  ];
  await Promise.all([louise.opensTheTable(program), karim.opensTheTable(program)]);
  const [left, right] = [cell(louise.page, 2, "Intitulé"), cell(karim.page, 2, "Intitulé")];
  const row = await rowOn(louise.page, 2);
  const before = await wordsIn(left).innerText();
  for (const { page } of [louise, karim]) {
    await cell(page, 2, "Intitulé").dblclick();
    await expect(field(page)).toBeFocused();
  }
  await louise.page.keyboard.press("ControlOrMeta+Home");
  await karim.page.keyboard.press("ControlOrMeta+End");
  const [louises, karims] = ["Au début, longuement, ", " et pour finir, tout autant"];
  const hand = { delay: 120 };

  const typing = Promise.all([louise.page.keyboard.type(louises, hand), karim.page.keyboard.type(karims, hand)]);
  await program.kill();
  await program.startAgain();
  await program.stop();
  await program.startAgain();
  await typing;

  const whole = louises + before + karims;
  await expect(field(louise.page)).toHaveValue(whole);
  await expect(field(karim.page)).toHaveValue(whole);
  await Promise.all([louise.page.keyboard.press("Enter"), karim.page.keyboard.press("Enter")]);
  await Promise.all([saved(louise.page), saved(karim.page)]);
  await expect(wordsIn(right)).toHaveText(whole);
  expect(await onServer((tab) => valueOf(tab, row, "intitule"))).toBe(whole);
  expect([...louise.faults, ...karim.faults]).toEqual([]);
  await Promise.all([louise.leaves(), karim.leaves()]);
});

/** Chooses one of several, by the first letters of its name. */
async function chooses(page: Page, line: number, column: ColumnName, letters: string): Promise<void> {
  await cell(page, line, column).click();
  await page.keyboard.type(letters);
  await page.keyboard.press("Enter");
}

/** Ticks or unticks the last of the choices of a cell that holds several. */
async function ticksLast(page: Page, line: number, column: ColumnName): Promise<void> {
  await cell(page, line, column).click();
  for (const key of ["Enter", "End", "Space", "Enter"]) await page.keyboard.press(key);
}

/** The text of a cell in a tab without a browser: made by the server where there is none yet. */
async function textIn(tab: Tab, row: string, column: string): Promise<Y.Text> {
  const found = () => tab.rows.get(row)?.get(column);
  tab.say({ type: "make-text", row, column });
  await tab.until(() => found() instanceof Y.Text);
  return found() as Y.Text;
}

const LINES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("thirty cells edited unplugged, the browser closed and opened again unplugged: all of it arrives, beside what others did", async () => {
  test.setTimeout(240_000);
  let context = await browserOpens();
  await signsIn(context, await program.person("Inès", "pilot"));
  let page = await tableOpens(context);
  await saved(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  const rows = await Promise.all(LINES.map((line) => rowOn(page, line)));
  const before = await onServer((tab) => rows.map((row) => rowsOf(tab.doc).get(row)));
  const hadLast = await Promise.all(LINES.map((line) => wordsIn(cell(page, line, "Thèmes")).innerText()));

  wire.lets("nothing");
  await isAway(page);
  for (const line of LINES) {
    await writesBefore(page, line, "Durée", `Inès ${line}, `);
    await chooses(page, line, "Format", "hyb");
    await ticksLast(page, line, "Thèmes");
  }
  await expect(page.getByRole("status").getByText(/gardées? sur cet appareil/)).toBeVisible();
  const kept = await Promise.all(LINES.map((line) => wordsIn(cell(page, line, "Thèmes")).innerText()));
  kept.forEach((words, at) => {
    expect(words).not.toBe(hadLast[at]);
  });

  const camille = new Tab(program.url, others);
  await camille.ready();
  for (const line of [1, 2, 3]) {
    const text = await textIn(camille, rows[line - 1] ?? "", "duree_texte");
    text.insert(text.length, ` — vu par Camille ${line}`);
  }
  for (const line of [4, 5]) camille.rows.get(rows[line - 1] ?? "")?.set("modalite", "distanciel");
  await camille.allSaved();
  expect(camille.closed).toBeNull();

  await context.close();
  context = await browserOpens();
  page = await tableOpens(context);
  await isAway(page);
  for (const [at, line] of LINES.entries()) {
    await expect(wordsIn(cell(page, line, "Durée"))).toHaveText(new RegExp(`^Inès ${line}, `));
    await expect(wordsIn(cell(page, line, "Format"))).toHaveText("hybride");
    await expect(wordsIn(cell(page, line, "Thèmes"))).toHaveText(kept[at] ?? "");
  }
  await writesBefore(page, 2, "Durée", "encore, ");
  await writesBefore(page, 9, "Durée", "encore, ");

  await plugsIn(page);
  await saved(page);
  // The kept page names nobody; with the line comes the way out.
  await expect(page.getByRole("button", { name: "Se déconnecter" })).toBeVisible();

  const after = await onServer((tab) => rows.map((row) => rowsOf(tab.doc).get(row)));
  for (const [at, line] of LINES.entries()) {
    const had = String(before[at]?.get("duree_texte") ?? "");
    const again = line === 2 || line === 9 ? "encore, " : "";
    const theirs = line <= 3 ? ` — vu par Camille ${line}` : "";
    expect(after[at]?.get("duree_texte")).toBe(`${again}Inès ${line}, ${had}${theirs}`);
    const format = String(after[at]?.get("modalite"));
    if (line === 4 || line === 5) expect(["hybride", "distanciel"]).toContain(format);
    else expect(format).toBe("hybride");
    expect(after[at]?.get("themes")).not.toEqual(before[at]?.get("themes"));
    await expect(wordsIn(cell(page, line, "Thèmes"))).toHaveText(kept[at] ?? "");
  }
  camille.leaves();
  await context.close();
});

test("Léa leaves with unsaved edits and Nour signs in on the same machine: none sees the other's, and Léa's arrive when she comes back", async () => {
  const context = await browserOpens();
  await signsIn(context, await program.person("Léa", "pilot"));
  let page = await tableOpens(context);
  await saved(page);
  const row = await rowOn(page, 12);
  wire.lets("pages");
  await isAway(page);
  await writesBefore(page, 12, "Intitulé", "Mots de Léa : ");

  // Signing out asks first, and "stay" loses nothing.
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Rester/ }).click();
  await expect(wordsIn(cell(page, 12, "Intitulé"))).toHaveText(/^Mots de Léa : /);

  // Her login ends elsewhere, and somebody else sits down.
  await context.clearCookies();
  wire.lets("all");
  await signsIn(context, await program.person("Nour", "member"));
  page = await tableOpens(context);
  await saved(page);
  await expect(page.locator("#table")).not.toContainText("Mots de Léa");
  await writesBefore(page, 13, "Intitulé", "Mots de Nour : ");
  await saved(page);
  expect(await onServer((tab) => valueOf(tab, row, "intitule"))).not.toContain("Mots de Léa");

  await context.clearCookies();
  await signsIn(context, await program.link("lea@exemple.fr"));
  page = await tableOpens(context);
  await saved(page);

  await expect(wordsIn(cell(page, 12, "Intitulé"))).toHaveText(/^Mots de Léa : /);
  expect(await onServer((tab) => valueOf(tab, row, "intitule"))).toMatch(/^Mots de Léa : /);
  await context.close();
});

for (const [became, refused] of [
  ["member", 1],
  ["visitor", 3],
] as const) {
  test(`a role taken away while unplugged (${became}): what is not allowed any more is proposed, the rest arrives`, async () => {
    const name = became === "member" ? "Sacha" : "Alix";
    const context = await browserOpens();
    await signsIn(context, await program.person(name, "pilot"));
    const page = await tableOpens(context);
    await saved(page);
    const [state, title] = await Promise.all([rowOn(page, 14), rowOn(page, 15)]);
    const before = await onServer((tab) => [valueOf(tab, state, "etat"), valueOf(tab, title, "intitule")]);
    wire.lets("nothing");
    await isAway(page);
    await chooses(page, 14, "État", "arch");
    await writesBefore(page, 15, "Intitulé", `${name} écrit : `);
    await writesBefore(page, 16, "Durée", `${name} aussi, `);

    await program.command("person", "role", `${name.toLowerCase()}@exemple.fr`, became);
    await plugsIn(page);

    const offer = page.getByRole("button", { name: "Proposer aux pilotes", exact: true });
    await expect(offer).toBeVisible();
    const words = new RegExp(`^${refused} modifications? non autorisées?\\s:`);
    await expect(page.getByText(words).first()).toBeVisible();
    // Nobody else changed anything meanwhile.
    await expect(page.getByText("Pendant votre absence")).toHaveCount(0);
    const answer = page.waitForResponse((response) => response.url().endsWith("/suggestions"));
    await offer.click();
    const { stored } = (await (await answer).json()) as { stored: unknown[] };
    expect(stored).toHaveLength(refused);
    await expect(offer).toHaveCount(0);
    const written = became === "member" ? `${name} écrit : ${before[1]}` : before[1];
    expect(await onServer((tab) => [valueOf(tab, state, "etat"), valueOf(tab, title, "intitule")])).toEqual([
      before[0],
      written,
    ]);
    await context.close();
  });
}
