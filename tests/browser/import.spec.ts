/** The move from the sheet, as people live it: a file is given, its plan read, others go on editing, and it is taken back. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { cell, field, saved, wordsIn } from "./support/grid.js";
import { Person } from "./support/people.js";
import { Program, workbook } from "./support/program.js";

let program: Program;
const folder = mkdtempSync(join(tmpdir(), "tablee-import-"));

test.beforeEach(async () => {
  program = await Program.start({ firstImport: null });
});
test.afterEach(async () => {
  await program?.end();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Line = readonly [title: string, provider: string, kind: string, time: string, page: string];

const SPRING: readonly Line[] = [
  ["Animer une réunion", "Les Ateliers du Pré", "formation courte", "2 jours", "https://exemple.org/animer"],
  ["Concevoir un débat", "Les Ateliers du Pré", "formation courte", "3 jours", "https://exemple.org/debat"],
  ["Écouter pour décider", "Coopérative Rive", "MOOC", "4 h", "https://exemple.org/ecouter"],
];
const AUTUMN: readonly Line[] = [
  [
    "Animer une réunion",
    "Les Ateliers du Pré",
    "formation courte",
    "2,5 jours",
    "https://exemple.org/animer",
  ],
  ["Concevoir un débat", "Les Ateliers du Pré", "formation courte", "5 jours", "https://exemple.org/debat"],
  ["Écouter pour décider", "Coopérative Rive", "MOOC", "4 h", "https://exemple.org/ecouter"],
  ["Évaluer une démarche", "Coopérative Rive", "atelier", "1 jour", "https://exemple.org/evaluer"],
];

function sheet(name: string, lines: readonly Line[]): string {
  const header = "Intitulé;Organisme;Type de formation;Durée;Page de la formation";
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...lines.map((line) => line.join(";"))].join("\n")}\n`);
  return path;
}

/** Gives a file at the page of imports and waits for its plan. */
async function gives(page: Page, path: string): Promise<void> {
  await page.goto(`${program.url}/import`);
  await page.getByLabel("Fichier à importer").setInputFiles(path);
  await page.getByRole("button", { name: "Envoyer et lire" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Correspondances" })).toBeVisible();
  await page.getByRole("button", { name: "Enregistrer et voir le plan" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Plan de l’import" })).toBeVisible();
}

async function asksToApply(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Appliquer…" }).click();
  await expect(page.getByRole("heading", { name: "Appliquer cet import ?" })).toBeVisible();
}

async function applies(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Appliquer l’import" }).click();
  await expect(page.getByRole("heading", { name: "Import terminé" })).toBeVisible();
}

async function types(page: Page, line: number, column: "Durée" | "Intitulé", words: string): Promise<void> {
  await cell(page, line, column).click();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await expect(wordsIn(cell(page, line, column))).toHaveText(words);
  await saved(page);
}

test("others edit the rows of an import while its plan is read: their fresher words stay, and the report says so", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const nour = await Person.signsIn(browser, program, "Nour", "member");
  await gives(lea.page, sheet("printemps.csv", SPRING));
  await asksToApply(lea.page);
  await applies(lea.page);
  await nour.opensTheTable(program);
  await expect(wordsIn(cell(nour.page, 1, "Durée"))).toHaveText("2 jours");

  await gives(lea.page, sheet("automne.csv", AUTUMN));
  await asksToApply(lea.page);
  // The plan is on Léa's screen: Nour writes over one of its cells, and beside another.
  await types(nour.page, 2, "Durée", "quatre jours");
  await types(nour.page, 1, "Intitulé", "Animer une réunion publique");
  await applies(lea.page);

  await expect(lea.page.getByRole("main")).toContainText("quatre jours");
  await expect(wordsIn(cell(nour.page, 1, "Durée"))).toHaveText("2,5 jours");
  await expect(wordsIn(cell(nour.page, 1, "Intitulé"))).toHaveText("Animer une réunion publique");
  await expect(wordsIn(cell(nour.page, 2, "Durée"))).toHaveText("quatre jours");
  await expect(wordsIn(cell(nour.page, 4, "Intitulé"))).toHaveText("Évaluer une démarche");

  await types(nour.page, 4, "Intitulé", "Évaluer une démarche locale");
  await lea.page.getByRole("button", { name: "Annuler cet import" }).click();
  await lea.page.getByRole("button", { name: "Rétablir", exact: true }).click();
  await lea.page.waitForURL("**/historique/retabli*");

  await expect(wordsIn(cell(nour.page, 1, "Durée"))).toHaveText("2 jours");
  await expect(wordsIn(cell(nour.page, 1, "Intitulé"))).toHaveText("Animer une réunion publique");
  await expect(wordsIn(cell(nour.page, 2, "Durée"))).toHaveText("quatre jours");
  await expect(wordsIn(cell(nour.page, 4, "Intitulé"))).toHaveText("Évaluer une démarche locale");
  expect([...lea.faults, ...nour.faults]).toEqual([]);
  await Promise.all([lea.leaves(), nour.leaves()]);
});

test("without script, the inventory of the office comes in, changes nothing when it comes again, and goes", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Léa", "pilot", { javaScriptEnabled: false });
  const { page } = lea;
  const would = page.getByText(/^Serait écrit/);

  await gives(page, workbook);
  await expect(would).toContainText("107 lignes ajoutées");
  await asksToApply(page);
  await applies(page);
  await expect(page.getByRole("listitem").filter({ hasText: "107 lignes ajoutées" })).toBeVisible();
  const [report] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Compte rendu (xlsx)" }).click(),
  ]);
  expect(report.suggestedFilename()).toMatch(/\.xlsx$/);

  await gives(page, workbook);
  await expect(page.getByText("La table dit déjà tout ce que dit ce fichier")).toBeVisible();
  await expect(page.getByRole("link", { name: "Déjà là 107" })).toBeVisible();
  await page.getByRole("button", { name: "Abandonner cet import" }).click();

  await page.goto(`${program.url}/import`);
  await page.getByRole("button", { name: /^Annuler cet import/ }).click();
  await page.getByRole("button", { name: "Rétablir", exact: true }).click();
  await page.waitForURL("**/historique/retabli*");
  await page.goto(`${program.url}/`);
  await expect(page.getByRole("main")).not.toContainText("102 formations");
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});
