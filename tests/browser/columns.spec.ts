/** A pilot works at columns, by keyboard and without script; a member's open table follows, and loses no word. */

import { expect, type Locator, type Page, test } from "@playwright/test";
import { besideTheWindow, resize, SCHEMES, violationsAt, WIDTHS } from "./support/axe.js";
import { field, saved } from "./support/grid.js";
import { reach, withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

let program: Program;

test.describe.configure({ timeout: 180_000 });
test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => {
  await program?.end();
});

const PAGE = "/reglages/colonnes";

const header = (page: Page, name: string): Locator => page.getByRole("columnheader", { name, exact: false });

/** The cell of the first line under a header, whatever the id of its column. */
async function cellUnder(page: Page, name: string): Promise<Locator> {
  const id = await header(page, name).first().getAttribute("data-column");
  return page.locator(`.grid [role="row"][aria-rowindex="2"] > [data-column="${id}"]`);
}

/** Writes into the first cell under a header, from the keyboard. */
async function writes(page: Page, name: string, words: string): Promise<void> {
  const target = await cellUnder(page, name);
  await target.scrollIntoViewIfNeeded();
  await target.click();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await saved(page);
}

/** Adds a column from the page, without a pointer. */
async function adds(page: Page, name: string): Promise<void> {
  await page.goto(program.url + PAGE);
  await reach(page, page.getByRole("link", { name: "Ajouter une colonne" }));
  await page.keyboard.press("Enter");
  await reach(page, page.getByLabel("Nom", { exact: true }));
  await page.keyboard.type(name);
  await reach(page, page.getByRole("button", { name: "Ajouter la colonne" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("ajoutée");
}

test("a column is added, renamed, given another kind and all that taken back, while a member has it open", async ({
  browser,
}) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  await nour.opensTheTable(program);
  await withoutPointer(lea.page);
  const { page } = lea;

  await adds(page, "Cadence");
  await expect(header(nour.page, "Cadence")).toBeAttached();
  await writes(nour.page, "Cadence", "12");

  await page.getByRole("link", { name: "Cadence", exact: true }).press("Enter");
  const name = page.getByLabel("Nom", { exact: true }).first();
  await reach(page, name);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Rythme hebdo");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("s’appelle maintenant");
  await expect(header(nour.page, "Rythme hebdo")).toBeAttached();
  await expect(header(nour.page, "Cadence")).toHaveCount(0);

  // Nour stands on the cell whose column changes its kind: she still does, in the new one.
  const before = await cellUnder(nour.page, "Rythme hebdo");
  await before.click();
  await reach(page, page.getByLabel("Nouveau type"));
  await page.getByLabel("Nouveau type").selectOption("Nombre");
  await reach(page, page.getByRole("button", { name: "Voir ce que cela donnerait…" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Est-ce bien cela ?");
  await expect(page.getByText("1 case est remplie")).toBeVisible();
  await reach(page, page.getByRole("button", { name: "Oui, le faire" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("devient");
  const after = await cellUnder(nour.page, "Rythme hebdo");
  await expect(after.locator(".cell-words")).toHaveText("12");
  await expect(after).toBeFocused();
  await expect(header(nour.page, "Rythme hebdo")).toHaveCount(1);
  await expect(nour.page.getByText("Léa a changé une colonne")).toBeVisible();

  await reach(page, page.getByRole("button", { name: "Annuler ce changement…" }));
  await page.keyboard.press("Enter");
  await reach(page, page.getByRole("button", { name: "Oui, le faire" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("annulation de");
  await expect((await cellUnder(nour.page, "Rythme hebdo")).locator(".cell-words")).toHaveText("12");
  expect([...lea.faults, ...nour.faults]).toEqual([]);
  await Promise.all([lea.leaves(), nour.leaves()]);
});

test("two options become one without script, open tables follow, and that is taken back", async ({
  browser,
}) => {
  const nour = await Person.signsIn(browser, program, "Sami", "member");
  await nour.opensTheTable(program);
  const kind = nour.page.locator('.grid [data-column="type"] > .cell-words');
  const old = kind.filter({ hasText: "formation courte" });
  const count = await old.count();
  expect(count).toBeGreaterThan(0);
  const lea = await Person.signsIn(browser, program, "Zoé", "pilot", { javaScriptEnabled: false });
  const { page } = lea;

  await page.goto(`${program.url}${PAGE}/type`);
  await page.getByLabel("Remplacer").selectOption("formation_courte");
  await page.getByLabel("par", { exact: true }).selectOption("atelier_webinaire");
  await page.getByRole("button", { name: "Voir ce que cela donnerait…" }).click();
  await expect(page.getByText("cases diront autre chose")).toBeVisible();
  await page.getByRole("button", { name: "Oui, le faire" }).click();
  await expect(page.getByRole("status")).toContainText("fusionné dans");
  await expect(old).toHaveCount(0);

  await page.getByRole("button", { name: "Annuler ce changement…" }).click();
  await page.getByRole("button", { name: "Oui, le faire" }).click();
  await expect(page.getByRole("status")).toContainText("annulation de");
  await expect(old).toHaveCount(count);
  await Promise.all([lea.leaves(), nour.leaves()]);
});

test("words that somebody is writing in a column that is retired are kept aside for the pilots", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Inès", "pilot");
  await adds(lea.page, "Provisoire");
  const nour = await Person.signsIn(browser, program, "Camille", "member");
  await nour.opensTheTable(program);
  const target = await cellUnder(nour.page, "Provisoire");
  await target.scrollIntoViewIfNeeded();
  await target.click();
  await nour.context.setOffline(true);
  await nour.page.keyboard.press("Enter");
  await nour.page.keyboard.type("à ne pas perdre");
  await nour.page.keyboard.press("Enter");

  await lea.page.getByRole("link", { name: "Provisoire", exact: true }).click();
  await lea.page.getByRole("button", { name: "Retirer cette colonne…" }).click();
  await lea.page.getByRole("button", { name: "Oui, le faire" }).click();
  await expect(lea.page.getByRole("status")).toContainText("retirée");
  await nour.context.setOffline(false);

  await expect(header(nour.page, "Provisoire")).toHaveCount(0);
  await expect(nour.page.getByText("1 modification", { exact: false }).first()).toBeVisible();
  await Promise.all([lea.leaves(), nour.leaves()]);
});

test("a pilot goes from the header of the table to the page of its column", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Ana", "pilot");
  await lea.opensTheTable(program);
  const { page } = lea;
  await header(page, "Durée").first().click({ button: "right" });
  const entry = page.getByRole("menuitem", { name: "Gérer cette colonne…" });
  if (!(await entry.isVisible())) {
    // It comes with the part of the script that is fetched once the table stands.
    await page.keyboard.press("Escape");
    await expect
      .poll(async () => {
        await header(page, "Durée").first().click({ button: "right" });
        const there = await entry.isVisible();
        if (!there) await page.keyboard.press("Escape");
        return there;
      })
      .toBe(true);
  }
  await entry.click();

  await page.waitForURL(`**${PAGE}#colonne-duree_texte`);
  await expect(page.locator("#colonne-duree_texte")).toBeInViewport();
  await lea.leaves();
});

test("the pages of columns are for everybody who may open them", async ({ browser }, info) => {
  const lea = await Person.signsIn(browser, program, "Élodie", "admin");
  const { page } = lea;
  const asks = async () => {
    await page.goto(`${program.url}${PAGE}/rythme`);
    await page.getByLabel("Nouveau type").selectOption("Choix multiples");
    await page.getByRole("button", { name: "Voir ce que cela donnerait…" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Est-ce bien cela ?");
  };
  const pages: readonly [string, () => Promise<unknown>][] = [
    ["all columns", () => page.goto(program.url + PAGE)],
    ["one column", () => page.goto(`${program.url}${PAGE}/niveau`)],
    ["the question", asks],
  ];
  for (const [what, open] of pages) {
    await open();
    for (const width of WIDTHS) {
      expect.soft(await violationsAt(page, width), what).toEqual([]);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const path = info.outputPath(`${what.replaceAll(" ", "-")}-${width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: what !== "all columns" });
      }
    }
    for (const width of [360, 320]) {
      expect.soft(await besideTheWindow(page, width), `${what} at ${width}`).toBeLessThanOrEqual(0);
    }
    await resize(page, WIDTHS[0]);
  }
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});
