/** The whole import by keyboard alone: from the file to the report, and back again. The focus is seen at every step. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { press, reach, withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

const folder = mkdtempSync(join(tmpdir(), "tablee-keyboard-"));
let program: Program;

test.describe.configure({ timeout: 180_000 });
test.beforeAll(async () => {
  program = await Program.start({ firstImport: null });
});
test.afterAll(async () => {
  await program?.end();
  rmSync(folder, { recursive: true, force: true });
});

test("a file is given, mapped, chosen from, applied and taken back without a mouse", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const { page } = lea;
  await withoutPointer(page);
  const path = join(folder, "essai.csv");
  writeFileSync(path, "Intitulé;Organisme;Suivi par\nAnimer;Lisode;Inès\nDébattre;Orage;Nour\n");
  await page.goto(program.url);
  await reach(page, page.getByRole("link", { name: "Importer" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Importer un fichier" })).toBeVisible();

  // Listened to from here on: a chooser that opens before anybody listens stays open, and holds the browser.
  const asked = page.waitForEvent("filechooser");
  await reach(page, page.getByLabel("Fichier à importer"));
  await page.keyboard.press("Enter");
  await (await asked).setFiles(path);
  await reach(page, page.getByRole("button", { name: "Envoyer et lire" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Correspondances" })).toBeVisible();

  await reach(page, page.locator("#m2"));
  await page.keyboard.type("Nouvelle colonne");
  await expect(page.locator("#m2")).toHaveValue("+");
  await reach(page, page.locator("#n2"));
  await press(page, "ControlOrMeta+A");
  await page.keyboard.type("Qui suit");
  await reach(page, page.getByRole("button", { name: "Enregistrer et voir le plan" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Plan de l’import" })).toBeVisible();

  await reach(page, page.getByRole("checkbox", { name: "Débattre" }));
  await page.keyboard.press("Space");
  await reach(page, page.locator(".cells-folded summary").first());
  await page.keyboard.press("Enter");
  // Looking at another list saves what was chosen in this one.
  await reach(page, page.getByRole("link", { name: /^Déjà là/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Vos choix sont enregistrés.")).toBeVisible();
  await reach(page, page.getByRole("button", { name: "Appliquer…" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 ligne ajoutée")).toBeVisible();
  await expect(page.getByText("1 nouvelle colonne")).toBeVisible();
  await reach(page, page.getByRole("button", { name: "Appliquer l’import" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Import terminé" })).toBeVisible();

  await reach(page, page.getByRole("button", { name: "Annuler cet import" }));
  await page.keyboard.press("Enter");
  await reach(page, page.getByRole("button", { name: "Rétablir", exact: true }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/historique/retabli*");
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});
