/** The pilots' desk as pilots live it: by keyboard alone, together, and cut off from the network. */

import { expect, type Page, test } from "@playwright/test";
import { besideTheWindow, violationsAt, WIDTHS } from "./support/axe.js";
import { asksToRemove, corrects, inventory, laysTwelve, proposes, rowsOf, suggests } from "./support/desk.js";
import { withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

let program: Program;

test.beforeEach(async () => {
  program = await Program.start({ firstImport: inventory() });
});
test.afterEach(async () => {
  await program?.end();
});

const entries = (page: Page) => page.locator(".todo-entry");
const kind = (page: Page) => page.locator(".lead .kind");

/** Goes to the desk by the address bar, as from a bookmark. */
async function opensTheDesk(page: Page): Promise<void> {
  await page.goto(`${program.url}/atelier`);
  await expect(page.getByRole("heading", { level: 1, name: "Atelier" })).toBeVisible();
}

test("a pilot clears a desk of twelve mixed entries by keyboard alone", async ({ browser }) => {
  await laysTwelve(browser, program);
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await withoutPointer(page);
  await opensTheDesk(page);
  await expect(entries(page)).toHaveCount(12);

  const decided: string[] = [];
  while ((await entries(page).count()) > 0) {
    // After a decision the next entry has the focus; at first one key brings it there.
    const isThere = await page.evaluate(() => document.activeElement?.matches("[data-step]") ?? false);
    if (!isThere) await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(kind(page)).toBeVisible();
    const asks = (await kind(page).textContent()) ?? "";
    decided.push(asks);
    if (asks === "Correction") {
      // The first field is written better; the rest is taken as it is.
      await page.keyboard.press("j");
      await page.keyboard.press("e");
      await expect(page.locator("textarea:focus")).toBeVisible();
      await page.keyboard.press("End");
      await page.keyboard.type(" à tous");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
    } else if (asks === "Nouvelle offre" && decided.filter((it) => it === asks).length === 1) {
      await page.keyboard.press("r");
      await expect(page.locator("#motif:focus")).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
    } else if (asks === "Doublon possible") {
      await page.keyboard.press("d");
    } else if (["à vérifier", "publiée"].includes(asks)) {
      // Enter opened the row: pressed once more it publishes nothing.
      await page.keyboard.press("Enter");
      await page.keyboard.press("a");
    } else {
      await page.keyboard.press("Enter");
    }
    await page.waitForURL(/\/atelier\?/);
    await expect(page.getByRole("heading", { level: 1, name: "Atelier" })).toBeVisible();
  }

  await expect(page.getByText("Rien n’attend ici")).toBeVisible();
  expect(new Set(decided)).toEqual(
    new Set([
      "Nouvelle offre",
      "Correction",
      "Demande de retrait",
      "Suggestion",
      "à vérifier",
      "publiée",
      "Doublon possible",
    ]),
  );
  await page.goto(`${program.url}/`);
  await expect(page.getByRole("main")).toContainText("Animer une réunion publique ouverte à tous");
  await expect(page.getByRole("main")).toContainText("Faire enquête");
  await expect(page.getByRole("main")).not.toContainText("Tenir conseil");
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("two pilots at one proposal, one of them offline: one decision, and no word is lost", async ({
  browser,
}) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  const row = (await rowsOf(nour.page, program)).get("Animer une réunion publique") ?? "";
  await corrects(nour.page, program, row, "Animer une réunion publique ouverte");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const ines = await Person.signsIn(browser, program, "Inès", "pilot");
  await opensTheDesk(lea.page);
  const address = await entries(lea.page).first().getByRole("link").getAttribute("href");

  await lea.page.goto(`${program.url}${address}`);
  await ines.page.goto(`${program.url}${address}`);
  await expect(lea.page.locator("#presence")).toHaveText("Inès examine cet élément");
  await expect(ines.page.locator("#presence")).toHaveText("Léa examine cet élément");
  // Inès loses the network, writes on, and presses the button.
  await ines.context.setOffline(true);
  await ines.page.getByRole("radio", { name: "Modifier" }).check();
  await ines.page.getByRole("textbox", { name: "Résultat à écrire" }).fill("Animer une assemblée ouverte");
  await ines.page.getByRole("button", { name: "Accepter", exact: true }).click();
  await expect(ines.page.locator("#atelier-etat")).toContainText("Vous êtes hors ligne");
  await lea.page.getByRole("button", { name: "Accepter", exact: true }).click();
  await lea.page.waitForURL(/\/atelier\?/);
  await ines.context.setOffline(false);

  await expect(ines.page.locator("#depasse")).toContainText("Léa vient d’accepter cette proposition");
  await ines.page.getByRole("button", { name: "Accepter", exact: true }).click();

  await expect(ines.page.getByRole("heading", { name: "Quelqu’un a été plus rapide" })).toBeVisible();
  await expect(ines.page.getByRole("alert")).toContainText("Léa a accepté cette proposition");
  await expect(ines.page.getByRole("main")).toContainText("Animer une assemblée ouverte");
  const titles = [...(await rowsOf(nour.page, program)).keys()];
  expect(titles).toContain("Animer une réunion publique ouverte");
  expect(titles).not.toContain("Animer une assemblée ouverte");
  expect([...lea.faults, ...ines.faults]).toEqual([]);
  await Promise.all([nour.leaves(), lea.leaves(), ines.leaves()]);
});

test("the keys are listed, act in no field, and can be switched off for good", async ({ browser }) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  await proposes(nour.page, program, "Tenir conseil");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await opensTheDesk(page);
  await page.keyboard.press("F1");
  await expect(page.getByRole("dialog", { name: "Raccourcis de l’atelier" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(kind(page)).toHaveText("Nouvelle offre");

  await page.keyboard.press("q");
  await expect(page.locator("#question:focus")).toBeVisible();
  await page.keyboard.type("quand ? jour, année, réponse");
  await expect(page.locator("#question")).toHaveValue("quand ? jour, année, réponse");
  await page.reload();
  await expect(page.locator("#question")).toHaveValue("quand ? jour, année, réponse");

  await page.keyboard.press("F1");
  await page.getByRole("checkbox", { name: "Utiliser les touches d’une lettre" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await expect(page.locator("#motif:focus")).toHaveCount(0);
  await page.reload();
  await page.keyboard.press("j");
  await expect(page.locator("[data-step]:focus")).toHaveCount(0);
  expect(lea.faults).toEqual([]);
  await Promise.all([nour.leaves(), lea.leaves()]);
});

test("each key that is listed does what the list says, and no other key is listed", async ({ browser }) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  await proposes(nour.page, program, "Écouter pour bien décider", "Coopérative Rive");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await opensTheDesk(page);
  await entries(page).filter({ hasText: "Nouvelle offre" }).getByRole("link").click();
  const listed = await page.locator("#raccourcis kbd").allTextContents();
  expect(listed).toEqual(["↵", "j", "k", "a", "a", "r", "r", "e", "q", "d", "F1"]);
  const address = page.url();
  const radio = (field: number, name: string) =>
    page.locator(`#champ-${field}`).getByRole("radio", { name: new RegExp(`^${name}`) });

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator("#champ-1")).toBeFocused();
  await page.keyboard.press("r");
  await expect(radio(1, "Refuser")).toBeChecked();
  await page.keyboard.press("a");
  await expect(radio(1, "Accepter")).toBeChecked();
  expect(page.url(), "in a field it is about that field").toBe(address);
  await page.keyboard.press("k");
  await expect(page.locator("#champ-0")).toBeFocused();
  await page.keyboard.press("e");
  await expect(page.locator("#resultat-0")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await page.keyboard.press("q");
  await expect(page.locator("#question")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.keyboard.press("r");
  await expect(page.locator("#motif")).toBeFocused();
  await page.reload();
  const alike = await page.locator("a[data-key=d]").getAttribute("href");
  await page.keyboard.press("d");
  await page.waitForURL(new RegExp(alike ?? "none"));
  await page.goto(address);
  await page.keyboard.press("Enter");

  await expect(page.getByRole("status").filter({ hasText: "publié" })).toBeVisible();
  expect(lea.faults).toEqual([]);
  await Promise.all([nour.leaves(), lea.leaves()]);
});

test("one key accepts a case in which nothing is in conflict, and waits where something is", async ({
  browser,
}) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  const rows = await rowsOf(nour.page, program);
  const row = rows.get("Modérer en ligne") ?? "";
  await suggests(nour.page, program, row, 14);
  await suggests(nour.page, program, row, 21, "duree_jours");
  const title = rows.get("Animer une réunion publique") ?? "";
  await corrects(nour.page, program, title, "Animer un forum");
  await corrects(nour.page, program, title, "Animer une conférence");
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await withoutPointer(page);
  await opensTheDesk(page);
  const [forum, conference] = await entries(page)
    .filter({ hasText: "Correction" })
    .getByRole("link")
    .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const suggestions = entries(page).filter({ hasText: "2 modifications" }).getByRole("link");
  const both = await suggestions.getAttribute("href");

  await page.goto(`${program.url}${both}`);
  await expect(page.getByRole("button", { name: "Tout accepter" })).toBeVisible();
  await expect(page.locator("#tout")).toContainText("Aucun champ n’est en conflit");
  await page.keyboard.press("a");
  await expect(page.getByRole("status").filter({ hasText: "« Modérer en ligne » : accepté" })).toBeVisible();

  await page.goto(`${program.url}${forum}`);
  await page.keyboard.press("a");
  await expect(page.getByRole("status").filter({ hasText: "accepté" })).toBeVisible();
  await page.goto(`${program.url}${conference}`);
  await expect(page.locator("#tout")).toContainText("demande à être relu");
  await page.keyboard.press("a");
  await page.keyboard.press("j");
  await expect(page.locator("#champ-0"), "the page is still there").toBeFocused();
  expect([...(await rowsOf(nour.page, program)).keys()]).toContain("Animer un forum");
  expect(lea.faults).toEqual([]);
  await Promise.all([nour.leaves(), lea.leaves()]);
});

test("the whole desk works without script", async ({ browser }) => {
  await laysTwelve(browser, program);
  const lea = await Person.signsIn(browser, program, "Léa", "pilot", { javaScriptEnabled: false });
  const { page } = lea;
  await opensTheDesk(page);
  await page.getByRole("link", { name: /^Nouvelles offres/ }).click();
  await entries(page).first().getByRole("link").click();
  await page.getByText("Refuser…").click();
  await page.getByLabel("Motif enregistré").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Refuser la proposition" }).click();
  await expect(page.getByRole("status").filter({ hasText: "refusé" })).toBeVisible();
  await page.getByRole("button", { name: "Annuler cette décision" }).click();
  await expect(page.getByRole("status").filter({ hasText: "décision annulée" })).toBeVisible();

  await page.getByRole("link", { name: /^Doublons/ }).click();
  await entries(page).first().getByRole("link").click();
  await page.getByRole("button", { name: "Fusionner" }).click();
  await expect(page.getByRole("heading", { name: "Fusion faite" })).toBeVisible();
  await page.getByRole("button", { name: "Séparer de nouveau les deux lignes" }).click();
  await expect(page.getByRole("heading", { name: "Fusion annulée" })).toBeVisible();
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("no page of the desk shuts anybody out, at any width and in both schemes", async ({ browser }) => {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  const rows = await rowsOf(nour.page, program);
  const [first = "", second = ""] = [...rows.values()];
  await proposes(nour.page, program, "Tenir conseil");
  await corrects(nour.page, program, first, "Animer une réunion publique ouverte, longtemps, et avec soin");
  await asksToRemove(nour.page, program, second);
  await suggests(nour.page, program, first, 14);
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await opensTheDesk(page);
  const links = await entries(page)
    .getByRole("link")
    .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const pages = ["/atelier", "/atelier?quoi=plus-tard", "/atelier/motifs", ...links];
  for (const address of pages) {
    await page.goto(`${program.url}${address}`);
    for (const details of await page.locator("details").all()) {
      await details.evaluate((it) => it.setAttribute("open", ""));
    }
    for (const width of WIDTHS) {
      expect(await violationsAt(page, width), address).toEqual([]);
      expect(await besideTheWindow(page, width), `${address} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
  // What is wrong, and what somebody else decided.
  await page.goto(`${program.url}${links[0]}`);
  await page.getByText("Refuser…").click();
  await page.getByRole("button", { name: "Refuser la proposition" }).click();
  await expect(page.locator("#erreur")).toBeVisible();
  for (const width of WIDTHS) expect(await violationsAt(page, width)).toEqual([]);
  await page.keyboard.press("F1");
  await expect(page.getByRole("dialog")).toBeVisible();
  for (const width of WIDTHS) expect(await violationsAt(page, width)).toEqual([]);
  expect(lea.faults).toEqual([]);
  await Promise.all([nour.leaves(), lea.leaves()]);
});
