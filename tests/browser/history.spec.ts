/** What somebody spoilt is found and put back: in the table by keyboard, and on the page of history without script. */

import { expect, type Locator, type Page, test } from "@playwright/test";
import { cell, field, saved, wordsIn } from "./support/grid.js";
import { press, reach, withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

let program: Program;

test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => {
  await program?.end();
});

/** Somebody writes nonsense over a title, and leaves. Gives the words that stood there. */
async function spoils(nour: Person, line: number, nonsense: string): Promise<string> {
  await nour.opensTheTable(program);
  const title = cell(nour.page, line, "Intitulé");
  const before = await wordsIn(title).innerText();
  await title.click();
  await nour.page.keyboard.press("Enter");
  await expect(field(nour.page)).toBeFocused();
  await nour.page.keyboard.press("ControlOrMeta+A");
  await nour.page.keyboard.type(nonsense);
  await nour.page.keyboard.press("Enter");
  await expect(wordsIn(title)).toHaveText(nonsense);
  await saved(nour.page);
  return before;
}

test("nonsense in a title is traced to who wrote it and put back by keyboard alone", async ({ browser }) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member");
  const before = await spoils(nour, 2, "azerty qsdf");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  await withoutPointer(lea.page);
  await lea.opensTheTable(program);
  const { page } = lea;
  const panel = page.getByRole("complementary", { name: "Historique de la cellule" });

  await reach(page, page.locator('.grid [tabindex="0"]'));
  await press(page, "ArrowDown", "Shift+F2");
  await expect(panel.getByRole("listitem").first()).toContainText("Nour");
  await expect(panel.getByRole("listitem").first().locator("time")).toBeVisible();
  await reach(page, panel.getByRole("button", { name: "Rétablir la valeur d’avant" }));
  await press(page, "Enter");

  await expect(wordsIn(cell(page, 2, "Intitulé"))).toHaveText(before);
  await expect(panel.getByRole("status").filter({ hasText: "Valeur rétablie" })).toContainText(before);
  await saved(page);
  await expect(wordsIn(cell(nour.page, 2, "Intitulé"))).toHaveText(before);
  await press(page, "Escape");
  await expect(cell(page, 2, "Intitulé")).toBeFocused();
  expect([...lea.faults, ...nour.faults]).toEqual([]);
  await Promise.all([lea.leaves(), nour.leaves()]);
});

const newest = (page: Page): Locator => page.locator("li.change").first();

/** Chooses one of the ways to restore the newest change, and confirms it. */
async function restores(page: Page, way: string): Promise<void> {
  await newest(page).locator("summary").click();
  await newest(page).getByRole("button", { name: way }).click();
  await expect(page.getByRole("heading", { name: "Rétablir ?" })).toBeVisible();
  await page.getByRole("button", { name: "Rétablir", exact: true }).click();
  await page.waitForURL("**/historique/retabli*");
}

test("without script, a title is put back and a row leaves the bin, and that is taken back", async ({
  browser,
}) => {
  const nour = await Person.signsIn(browser, program, "Sami", "member");
  const before = await spoils(nour, 4, "wxcvbn");
  const lea = await Person.signsIn(browser, program, "Zoé", "pilot", { javaScriptEnabled: false });
  const { page } = lea;
  const binned = await Person.signsIn(browser, program, "Camille", "pilot");

  await page.goto(`${program.url}/historique?column=intitule`);
  await expect(newest(page)).toContainText("Sami");
  await expect(newest(page).locator("ins")).toContainText("wxcvbn");
  await restores(page, "La valeur d’avant");

  await expect(wordsIn(cell(nour.page, 4, "Intitulé"))).toHaveText(before);

  await binned.opensTheTable(program);
  await cell(binned.page, 6, "Intitulé").click();
  await binned.page.keyboard.press("Control+Delete");
  const bin = binned.page.getByRole("button", { name: /^Corbeille/ });
  await expect(bin).toHaveText("Corbeille (1)");
  await saved(binned.page);
  await page.goto(`${program.url}/historique`);
  await expect(newest(page).locator("summary")).toHaveText(/^Rétablir… Ligne mise à la corbeille, /);
  await restores(page, "sortir de la corbeille");

  await expect(bin).toHaveText("Corbeille");

  await page.getByRole("button", { name: "Annuler cette restauration" }).click();
  await expect(bin).toHaveText("Corbeille (1)");
  expect([...lea.faults, ...nour.faults, ...binned.faults]).toEqual([]);
  await Promise.all([lea.leaves(), nour.leaves(), binned.leaves()]);
});
