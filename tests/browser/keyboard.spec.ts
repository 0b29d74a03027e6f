/** All of the table by keyboard alone, from the first page to a saved edit. The focus is seen at every step. */

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { type ColumnName, cell, emptyLine, field, saved, wordsIn } from "./support/grid.js";
import { press, reach, withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

let program: Program;
let lea: Person;
let page: Page;

test.beforeAll(async ({ browser }: { browser: Browser }) => {
  program = await Program.start();
  lea = await arrives(browser, "Léa", "pilot");
  page = lea.page;
  await entersByCode(page, "lea@exemple.fr");
});
test.afterEach(() => {
  expect(lea.faults.splice(0)).toEqual([]);
});
test.afterAll(async () => {
  await program?.end();
});

/** Somebody who is known here opens the site. */
async function arrives(browser: Browser, name: string, role: "member" | "pilot"): Promise<Person> {
  const permissions = ["clipboard-read", "clipboard-write"];
  const person = await Person.arrives(browser, name, { permissions });
  await withoutPointer(person.page);
  await program.person(name, role);
  return person;
}

/** The six figures of the mail, which a program without a mail server prints. */
async function code(address: string): Promise<string> {
  return program.says(new RegExp(`mail to ${address}[^]*?code[^]*?\\n\\| (\\d{6})\\n`));
}

/** Opens the table and stands on a cell of it, by keys. */
async function standsOn(line: number, column: ColumnName): Promise<Locator> {
  await page.goto(`${program.url}/table`);
  await page.locator("#table[data-ready]").waitFor();
  await reach(page, cell(page, 1, "Intitulé"));
  const target = cell(page, line, column);
  for (let n = 1; n < line; n += 1) await press(page, "ArrowDown");
  const steps = Number(await target.getAttribute("aria-colindex")) - 1;
  for (let n = 0; n < steps; n += 1) await press(page, "ArrowRight");
  await expect(target).toBeFocused();
  return target;
}

/** From the first page to the table. */
async function entersByCode(page: Page, address: string): Promise<void> {
  await page.goto(program.url);
  // The first stop leads past the head of the page.
  await press(page, "Tab");
  await expect(page.getByRole("link", { name: "Aller au contenu" })).toBeFocused();
  await reach(page, page.getByRole("navigation").getByRole("link", { name: "Connexion" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/connexion*");
  await reach(page, page.getByLabel("Votre adresse de courriel"));
  await page.keyboard.type(address);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/connexion/code*");
  await reach(page, page.getByLabel("Code à six chiffres"));
  await page.keyboard.type(await code(address));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/table");
  await page.locator("#table[data-ready]").waitFor();
}

test("from the first page, by the code of the mail, to a saved edit", async ({ browser }) => {
  const camille = await arrives(browser, "Camille", "member");
  const { page } = camille;
  await entersByCode(page, "camille@exemple.fr");

  await reach(page, cell(page, 1, "Intitulé"));
  const line = await emptyLine(page, "Durée");
  for (let n = 1; n < line; n += 1) await press(page, "ArrowDown");
  while (!(await isFocused(cell(page, line, "Durée")))) await press(page, "ArrowRight");
  await press(page, "Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("2 jours");
  await press(page, "Enter");

  await expect(wordsIn(cell(page, line, "Durée"))).toHaveText("2 jours");
  await expect(cell(page, line + 1, "Durée")).toBeFocused();
  await saved(page);
  expect(camille.faults).toEqual([]);
  await camille.leaves();
});

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}

test("by the page of a link, whose only button is reached by Tab", async ({ browser }) => {
  const nour = await arrives(browser, "Nour", "member");
  await nour.page.goto(await program.link("nour@exemple.fr"));

  const button = nour.page.getByRole("main").getByRole("button");
  await reach(nour.page, button);
  await nour.page.keyboard.press("Enter");

  await nour.page.waitForURL("**/table");
  expect(nour.faults).toEqual([]);
  await nour.leaves();
});

test("F2 opens a cell with its words, Escape gives them back, a letter writes over, Ctrl+Z undoes", async () => {
  const target = await standsOn(2, "Organisme de formation");
  const before = await wordsIn(target).innerText();

  await press(page, "F2");
  await expect(field(page)).toHaveValue(before);
  await page.keyboard.type(" et autres");
  await press(page, "Escape");
  await expect(wordsIn(target)).toHaveText(before);
  await expect(target).toBeFocused();

  await page.keyboard.type("Zoé");
  await expect(field(page)).toHaveValue("Zoé");
  await press(page, "ArrowDown");
  await expect(wordsIn(target)).toHaveText("Zoé");
  await expect(cell(page, 3, "Organisme de formation")).toBeFocused();

  await press(page, "Control+z");
  await expect(wordsIn(target)).toHaveText(before);
  await expect(target).toBeFocused();
  await press(page, "Control+y");
  await expect(wordsIn(target)).toHaveText("Zoé");
  await press(page, "Control+z");
  await expect(wordsIn(target)).toHaveText(before);
  await saved(page);
});

test("one option by its letters, several by Space", async () => {
  const kind = await standsOn(2, "Type de formation");
  await page.keyboard.type("mooc");
  await press(page, "Enter");
  await expect(wordsIn(kind)).toHaveText("MOOC, en ligne");
  await press(page, "ArrowUp", "Enter", "ArrowUp", "Escape");
  await expect(wordsIn(kind)).toHaveText("MOOC, en ligne");

  await press(page, "ArrowRight");
  const themes = cell(page, 2, "Thèmes");
  await expect(themes).toBeFocused();
  const before = await wordsIn(themes).innerText();
  await press(page, "Enter", "End", "Space", "Enter");
  await expect(wordsIn(themes)).not.toHaveText(before);
  await press(page, "Control+z");
  await expect(wordsIn(themes)).toHaveText(before);
  await saved(page);
});

test("a row is added, written, put into the bin, and taken out of it", async () => {
  await standsOn(3, "Intitulé");
  const grid = page.getByRole("grid");

  await press(page, "Control+Alt+=");
  await expect(grid).toHaveAttribute("aria-rowcount", "109");
  const added = cell(page, 4, "Intitulé");
  await expect(added).toBeFocused();
  await page.keyboard.type("Offre sans souris");
  await press(page, "Enter", "ArrowUp");
  await expect(wordsIn(added)).toHaveText("Offre sans souris");
  await expect(added).toBeFocused();
  await saved(page);

  await press(page, "Control+Delete");
  await expect(grid).toHaveAttribute("aria-rowcount", "108");
  const bin = page.getByRole("button", { name: "Corbeille (1)" });
  await press(page, "Shift+F6");
  await reach(page, bin, "Shift+Tab");
  await press(page, "Enter");
  const dialog = page.getByRole("dialog", { name: "Corbeille" });
  await reach(page, dialog.getByRole("button", { name: "Remettre dans la table : Offre sans souris" }));
  await press(page, "Enter");
  await expect(dialog.getByRole("listitem")).toHaveCount(0);
  await press(page, "Escape");
  await expect(dialog).toBeHidden();

  await expect(grid).toHaveAttribute("aria-rowcount", "109");
  await expect(page.getByRole("button", { name: "Corbeille", exact: true })).toBeFocused();
  await saved(page);
});

test("Ctrl+F searches, Enter goes to what was found, Escape shows all again", async () => {
  await standsOn(1, "Intitulé");
  const search = page.getByLabel("Chercher dans la table");

  await press(page, "Control+f");
  await expect(search).toBeFocused();
  await page.keyboard.type("agroparistech");
  await expect(page.getByText(/^\d+ lignes? sur 10[78]$/)).toBeVisible();
  await press(page, "Enter");
  await expect(page.locator(".cell:focus")).toHaveCount(1);
  const shown = await page.getByRole("grid").getAttribute("aria-rowcount");
  expect(Number(shown)).toBeLessThan(20);

  await press(page, "Control+f", "Escape");
  await expect(search).toHaveValue("");
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", /^10[89]$/);
});

test("a range is copied and pasted, into the table and as text for others", async () => {
  await standsOn(1, "Intitulé");
  const grid = (line: number) =>
    Promise.all([
      wordsIn(cell(page, line, "Intitulé")).innerText(),
      wordsIn(cell(page, line, "Organisme de formation")).innerText(),
    ]);
  const [first, second, before] = [await grid(1), await grid(2), await grid(5)];

  await press(page, "Shift+ArrowDown", "Shift+ArrowRight", "Control+c");
  const clipboard = await page.evaluate(() => navigator.clipboard.readText());
  expect(clipboard.replace(/\r\n/g, "\n").trimEnd()).toBe(
    [first, second].map((line) => line.join("\t")).join("\n"),
  );

  await press(page, "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowDown");
  await expect(cell(page, 5, "Intitulé")).toBeFocused();
  await press(page, "Control+v");
  await expect(wordsIn(cell(page, 6, "Intitulé"))).toHaveText(second[0]);
  expect([await grid(5), await grid(6)]).toEqual([first, second]);

  // One gesture, one step back.
  await press(page, "Control+z");
  await expect(wordsIn(cell(page, 5, "Intitulé"))).toHaveText(before[0]);
  expect(await grid(5)).toEqual(before);
  await saved(page);
});

test("the table is left by F6, by Shift+F6 and by Escape twice; nobody is trapped", async () => {
  const within = () => page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null);
  for (const way of [["F6"], ["Shift+F6"], ["Escape", "Escape"]]) {
    await standsOn(2, "Type de formation");
    await press(page, ...way);
    expect(await within(), way.join(" ")).toBe(false);
  }
  // Tab goes from cell to cell, and out at the last one.
  await standsOn(1, "Intitulé");
  await press(page, "Control+End", "Tab");
  await expect.poll(within).toBe(false);
});

test("the panel of a row, the menu of a cell and the list of keys open, close, and give the focus back", async () => {
  const target = await standsOn(2, "Organisme de formation");

  await press(page, "Space");
  const panel = page.getByRole("complementary");
  await expect(panel.getByRole("heading", { level: 2 })).toBeFocused();
  await reach(page, panel.getByLabel("Partenaires"));
  await page.keyboard.type("La Ville");
  await press(page, "Escape");
  await expect(panel).toBeHidden();
  await expect(cell(page, 2, "Organisme de formation")).toBeFocused();
  await saved(page);

  await press(page, "Shift+F10", "ArrowDown", "ArrowUp");
  await expect(page.getByRole("menu").getByRole("menuitem", { name: "Modifier la cellule" })).toBeFocused();
  await press(page, "Escape");
  await expect(target).toBeFocused();
  await press(page, "Control+/");
  await expect(page.getByRole("dialog", { name: "Raccourcis clavier" })).toBeVisible();
  await press(page, "Escape");
  await expect(target).toBeFocused();
});

test("what a row lacks is opened in its panel, leads to the field, and is ticked once it is saved", async () => {
  await standsOn(2, "Organisme de formation");
  await press(page, "Space");
  const panel = page.getByRole("complementary");
  await expect(panel.getByRole("heading", { level: 2 })).toBeFocused();

  await reach(page, panel.getByText("Informations attendues et fraîcheur"));
  await press(page, "Enter");
  await reach(page, panel.getByRole("button", { name: "méthodes mobilisées" }));
  await press(page, "Enter");
  await expect(panel.getByLabel("Méthodes mobilisées")).toBeFocused();
  await page.keyboard.type("Mises en situation");

  await expect(panel.getByText("méthodes mobilisées (indiqué)")).toBeVisible();
  await press(page, "Escape");
  await saved(page);
});

test("a column is sorted from its header", async () => {
  await standsOn(1, "Intitulé");
  const header = page.getByRole("columnheader", { name: "Intitulé" });

  await press(page, "ArrowUp");
  await expect(header).toBeFocused();
  await press(page, "Enter");
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  await press(page, "Enter", "Enter");
  await expect(header).not.toHaveAttribute("aria-sort", /./);
});
