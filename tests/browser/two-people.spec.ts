/** Two people with logins of their own, in two windows, in one table. */

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { rowsOf } from "./support/document.js";
import { type ColumnName, cell, emptyLine, field, rowOn, saved, wordsIn } from "./support/grid.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";
import { signIn } from "./support/sign-in.js";
import { Tab } from "./support/tab.js";

let program: Program;
let lea: Person;
let nour: Person;
let watcher: string;

test.beforeAll(async ({ browser }: { browser: Browser }) => {
  program = await Program.start();
  watcher = await signIn(program, "Camille", "member");
  lea = await Person.signsIn(browser, program, "Léa", "pilot");
  nour = await Person.signsIn(browser, program, "Nour", "member");
});
test.beforeEach(async () => {
  await Promise.all([lea.opensTheTable(program), nour.opensTheTable(program)]);
});
test.afterEach(() => {
  expect([...lea.faults.splice(0), ...nour.faults.splice(0)]).toEqual([]);
});
test.afterAll(async () => {
  await program?.end();
});

/** Opens a cell with its words in it, as a double click does. */
async function open(target: Locator): Promise<Locator> {
  await target.dblclick();
  await expect(field(target.page())).toBeFocused();
  return field(target.page());
}

/** Writes over what a cell says, and leaves it. */
async function writes(target: Locator, words: string): Promise<void> {
  await open(target);
  const { keyboard } = target.page();
  await keyboard.press("ControlOrMeta+A");
  await keyboard.type(words);
  await keyboard.press("Enter");
  await expect(wordsIn(target)).toHaveText(words);
}

/** What the server gives to somebody who comes now. */
async function onServer(row: string, column: string): Promise<unknown> {
  const tab = new Tab(program.url, watcher);
  await tab.ready();
  const value = rowsOf(tab.doc).get(row)?.get(column);
  tab.leaves();
  return value;
}

test("an edit in one window is seen in the other, and is called saved once it is on the server", async () => {
  await writes(cell(lea.page, 1, "Durée"), "deux jours et demi");

  await expect(wordsIn(cell(nour.page, 1, "Durée"))).toHaveText("deux jours et demi");
  await saved(lea.page);
  expect(await onServer(await rowOn(lea.page, 1), "duree_texte")).toBe("deux jours et demi");
});

/** Letters of one hand, each after the other, as fast as hands are. */
const BY_HAND = { delay: 15 };

test("both type at once in words that an import brought and nobody edited before: no letter is lost", async () => {
  const [left, right] = [cell(lea.page, 5, "Intitulé"), cell(nour.page, 5, "Intitulé")];
  const row = await rowOn(lea.page, 5);
  const before = await wordsIn(left).innerText();
  expect(before.length).toBeGreaterThan(10);

  const [leas, nours] = await Promise.all([open(left), open(right)]);
  await lea.page.keyboard.press("ControlOrMeta+Home");
  await nour.page.keyboard.press("ControlOrMeta+End");
  await Promise.all([
    lea.page.keyboard.type("Première main : ", BY_HAND),
    nour.page.keyboard.type(", seconde main", BY_HAND),
  ]);

  // Nobody left the cell: letters pass while it is open.
  const whole = `Première main : ${before}, seconde main`;
  await expect(leas).toHaveValue(whole);
  await expect(nours).toHaveValue(whole);
  await Promise.all([lea.page.keyboard.press("Enter"), nour.page.keyboard.press("Enter")]);
  await expect(wordsIn(left)).toHaveText(whole);
  await expect(wordsIn(right)).toHaveText(whole);
  await Promise.all([saved(lea.page), saved(nour.page)]);
  expect(await onServer(row, "intitule")).toBe(whole);
});

test("both begin at once in an empty cell that has no text yet: no letter is lost, both see the same", async () => {
  const column: ColumnName = "Durée";
  const line = await emptyLine(lea.page, column);
  const row = await rowOn(lea.page, line);
  const [left, right] = [cell(lea.page, line, column), cell(nour.page, line, column)];
  await Promise.all([left.click(), right.click()]);

  // No editor is open: the first letter opens it, before the server has made the text.
  await Promise.all([
    lea.page.keyboard.type("ABCDEFGHIJKLMNOP", BY_HAND),
    nour.page.keyboard.type("abcdefghijklmnop", BY_HAND),
  ]);
  await Promise.all([lea.page.keyboard.press("Enter"), nour.page.keyboard.press("Enter")]);
  await Promise.all([saved(lea.page), saved(nour.page)]);

  await expect(wordsIn(left)).toHaveText(/^\w{32}$/);
  const words = await wordsIn(left).innerText();
  await expect(wordsIn(right)).toHaveText(words);
  // Each hand's letters are all there, in the order in which that hand wrote them.
  expect(words.replace(/[^A-P]/g, "")).toBe("ABCDEFGHIJKLMNOP");
  expect(words.replace(/[^a-p]/g, "")).toBe("abcdefghijklmnop");
  expect(await onServer(row, "duree_texte")).toBe(words);
});

/** The mark of somebody else on a cell, and what a screen reader says of it. */
async function showsPeer(target: Locator, name: string, description: string): Promise<void> {
  await expect(target.locator(".peer-tag")).toContainText(name);
  await expect(target).toHaveAttribute("aria-description", new RegExp(description));
}

test("each sees by name where the other is, what they write in, and where in the words", async () => {
  await cell(lea.page, 3, "Organisme de formation").click();
  await cell(nour.page, 4, "Organisme de formation").click();

  await showsPeer(cell(nour.page, 3, "Organisme de formation"), "Léa", "Léa est ici");
  await showsPeer(cell(lea.page, 4, "Organisme de formation"), "Nour", "Nour est ici");
  for (const { page } of [lea, nour]) {
    const people = page.getByRole("region", { name: "Personnes présentes" });
    await expect(people.getByText("2 personnes ici")).toBeVisible();
    await expect(people.getByRole("listitem")).toHaveCount(2);
  }

  await open(cell(nour.page, 3, "Organisme de formation"));
  await showsPeer(cell(lea.page, 3, "Organisme de formation"), "Nour", "Nour modifie");
  await open(cell(lea.page, 3, "Organisme de formation"));
  await nour.page.keyboard.press("ControlOrMeta+Home");
  await expect(lea.page.locator(".editor .caret-name")).toHaveText("Nour");
  await expect(nour.page.locator(".editor .caret-name")).toHaveText("Léa");
  await Promise.all([lea.page.keyboard.press("Escape"), nour.page.keyboard.press("Escape")]);

  await lea.page.goto(`${program.url}/mentions`);
  await expect(cell(nour.page, 3, "Organisme de formation").locator(".peer-tag")).toHaveCount(0);
  await expect(nour.page.getByText("1 personne ici")).toBeVisible();
});

async function undoes(page: Page): Promise<void> {
  await page.keyboard.press("ControlOrMeta+Z");
}

test("undo takes back only mine: in another cell, and in the very same words", async () => {
  await writes(cell(lea.page, 7, "Durée"), "trois jours");
  await writes(cell(nour.page, 8, "Durée"), "quatre jours");
  await expect(wordsIn(cell(lea.page, 8, "Durée"))).toHaveText("quatre jours");

  await undoes(lea.page);

  await expect(wordsIn(cell(nour.page, 7, "Durée"))).not.toHaveText("trois jours");
  await expect(wordsIn(cell(nour.page, 8, "Durée"))).toHaveText("quatre jours");
  await expect(wordsIn(cell(lea.page, 8, "Durée"))).toHaveText("quatre jours");

  const [left, right] = [cell(lea.page, 9, "Durée"), cell(nour.page, 9, "Durée")];
  await writes(left, "un jour");
  await expect(wordsIn(right)).toHaveText("un jour");
  await open(right);
  await nour.page.keyboard.type(", deux soirs");
  await nour.page.keyboard.press("Enter");
  await expect(wordsIn(left)).toHaveText("un jour, deux soirs");
  await open(left);
  await lea.page.keyboard.press("ControlOrMeta+Home");
  await lea.page.keyboard.type("environ ");
  await lea.page.keyboard.press("Enter");
  await expect(wordsIn(right)).toHaveText("environ un jour, deux soirs");

  await undoes(lea.page);
  await expect(wordsIn(right)).toHaveText("un jour, deux soirs");
  await undoes(nour.page);
  await expect(wordsIn(left)).toHaveText("un jour");
  await Promise.all([saved(lea.page), saved(nour.page)]);
  expect(await onServer(await rowOn(lea.page, 9), "duree_texte")).toBe("un jour");
});

test("a choice that one sets while the other stands on it is seen at once", async () => {
  const line = await emptyLine(lea.page, "Format");
  await cell(nour.page, line, "Format").click();

  await cell(lea.page, line, "Format").click();
  await lea.page.keyboard.type("hyb");
  await lea.page.keyboard.press("Enter");

  await expect(wordsIn(cell(nour.page, line, "Format"))).toHaveText("hybride");
  await expect(cell(nour.page, line, "Format")).toBeFocused();
});
