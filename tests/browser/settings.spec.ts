/** What administrators do without a developer: every page of theirs is for everybody, and works without script. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, test } from "@playwright/test";
import { isFitFor } from "./support/axe.js";
import { Person } from "./support/people.js";
import { emailOf, Program } from "./support/program.js";

let program: Program;

test.describe.configure({ timeout: 240_000 });
test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => {
  await program?.end();
});

async function admin(browser: Browser, name: string, options = {}): Promise<Person> {
  return Person.signsIn(browser, program, name, "admin", options);
}

function list(name: string, lines: readonly string[]): string {
  const file = join(program.folder, name);
  writeFileSync(file, lines.join("\n"));
  return file;
}

test("every page of settings is for everybody", async ({ browser }) => {
  const ines = await admin(browser, "Ines");
  const pages = [
    "/reglages",
    "/reglages/site",
    "/reglages/textes",
    "/reglages/textes/site.page.privacy?langue=fr",
    "/reglages/textes/mails.confirm.subject?langue=en",
    "/reglages/vocabulaires",
    "/reglages/personnes",
    "/reglages/personnes?q=personne-ici",
    "/reglages/personnes/ajouter",
    "/reglages/personnes/1",
    "/reglages/personnes/importer",
    "/mentions",
    "/confidentialite",
    "/accessibilite",
  ];

  for (const path of pages) {
    for (const address of [path, `${path}${path.includes("?") ? "&" : "?"}lang=en`]) {
      const answer = await ines.page.goto(program.url + address);
      expect(answer?.status(), address).toBe(200);
      await isFitFor(ines, address);
    }
  }
  await ines.leaves();
});

test("an administrator says who the association is, and visitors read it", async ({ browser }) => {
  const ines = await admin(browser, "Irene", { javaScriptEnabled: false });
  const { page } = ines;
  await page.goto(`${program.url}/reglages`);
  await page.getByRole("link", { name: "nom de l’association" }).click();
  await expect(page).toHaveURL(/\/reglages\/site#association$/);

  await page.getByLabel("Nom de l’association").fill("Les Concertants");
  await page.getByLabel("Adresse de contact").fill("pas une adresse");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("alert")).toContainText("Rien n’est enregistré");
  await expect(page.getByLabel("Nom de l’association")).toHaveValue("Les Concertants");
  await page.getByLabel("Adresse de contact").fill("contact@exemple.fr");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("status")).toContainText("C’est enregistré");

  const visitor = await Person.arrives(browser, "Visiteuse");
  await visitor.page.goto(`${program.url}/mentions`);
  await expect(visitor.page.getByRole("main")).toContainText("édité par Les Concertants");
  await expect(visitor.page.getByRole("link", { name: "contact@exemple.fr" }).first()).toBeVisible();
  await visitor.leaves();
  await ines.leaves();
});

test("a text is looked at before it is kept, and brought back", async ({ browser }) => {
  const ines = await admin(browser, "Iris");
  const { page } = ines;
  await page.goto(`${program.url}/reglages/textes/catalogue.intro?langue=fr`);

  await page.getByLabel("Texte", { exact: true }).fill("Bienvenue chez {association}.");
  await page.getByRole("button", { name: "Voir l’aperçu" }).click();
  await expect(page.getByRole("region", { name: "Aperçu" })).toContainText("Bienvenue chez Les Concertants.");
  await isFitFor(ines, "a preview");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("status")).toContainText("visible dès maintenant");
  await page.goto(program.url);
  await expect(page.getByText("Bienvenue chez Les Concertants.")).toBeVisible();

  await page.goto(`${program.url}/reglages/textes/catalogue.intro?langue=fr`);
  await page.getByRole("button", { name: "Revenir au texte d’origine" }).click();
  await isFitFor(ines, "going back asks first");
  await page.getByRole("button", { name: "Oui, revenir au texte d’origine" }).click();
  await page.goto(program.url);
  await expect(page.getByText("Bienvenue chez Les Concertants.")).toHaveCount(0);
  await ines.leaves();
});

test("a table that somebody has open closes when their access is cut", async ({ browser }) => {
  const [ines, nour] = [
    await admin(browser, "Isaure"),
    await Person.signsIn(browser, program, "Nour", "member"),
  ];
  await nour.opensTheTable(program);
  const { page } = ines;
  await page.goto(`${program.url}/reglages/personnes?q=nour`);
  await page.getByRole("link", { name: "Nour" }).click();

  await page.getByRole("button", { name: "Couper l’accès" }).click();
  await isFitFor(ines, "cutting access asks first");
  await page.locator("form.notice").getByRole("button", { name: "Couper l’accès" }).click();
  await expect(page.getByRole("status")).toContainText("n’a plus accès");

  await expect(nour.page.getByText(/session|connect/i).first()).toBeVisible({ timeout: 5_000 });
  expect((await nour.page.request.get(`${program.url}/historique`)).status()).toBe(401);
  await nour.context.close();
  await ines.leaves();
});

test("somebody who is added is welcomed, and not twice a day", async ({ browser }) => {
  const ines = await admin(browser, "Ismene");
  const { page } = ines;
  await page.goto(`${program.url}/reglages/personnes/ajouter`);
  await expect(page.getByRole("radio", { name: "Lui envoyer un mot de bienvenue" })).toBeChecked();
  await page.getByLabel("Courriel").fill("lou@exemple.fr");
  await page.getByRole("button", { name: "Ajouter" }).click();
  await expect(page.getByRole("status")).toContainText("Son mot de bienvenue part dans dix minutes");
  await isFitFor(ines, "somebody who is to be welcomed");

  await page.getByRole("button", { name: "Envoyer le mot de bienvenue" }).click();
  await expect(page.getByRole("alert")).toContainText("Aucun courriel n’est parti");
  await isFitFor(ines, "a second welcome is refused");
  await ines.leaves();
});

test("the words of a filter stand above its fields", async ({ browser }) => {
  const ines = await admin(browser, "Ivane");
  const { page } = ines;
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${program.url}/reglages/personnes`);
    for (const id of ["q", "qui"]) {
      const [label, field] = [
        await page.locator(`label[for="${id}"]`).boundingBox(),
        await page.locator(`#${id}`).boundingBox(),
      ];
      expect(label && field && label.y + label.height <= field.y, `${id} at ${width}`).toBe(true);
    }
  }
  await ines.leaves();
});

test("a list of members comes in, without script, and goes again", async ({ browser }) => {
  const ines = await admin(browser, "Ilona", { javaScriptEnabled: false });
  const { page } = ines;
  const file = list("membres.csv", [
    "Prénom;Nom;Courriel;Rôle",
    "Zoé;Ferrand;zoe@exemple.fr;",
    "Paul;Roy;paul@exemple.fr;pilote",
    "Sans;Adresse;;",
    `Autre;Nom;${emailOf("Ilona")};membre`,
  ]);
  await page.goto(`${program.url}/reglages/personnes/importer`);
  await page.getByLabel("Fichier").setInputFiles(file);
  await page.getByRole("button", { name: "Lire ce fichier" }).click();
  await expect(page.getByRole("main")).toContainText("2 personnes à ajouter");
  await page.getByRole("checkbox", { name: /paul@exemple\.fr/ }).uncheck();
  await page.getByRole("checkbox", { name: "Prévenir par un courriel les personnes ajoutées" }).check();
  await page.getByRole("button", { name: "Importer ce qui est coché" }).click();

  await expect(page.getByRole("status")).toContainText("1 personne ajoutée sera prévenue par un courriel");
  const report = page.url();
  await page.goto(`${program.url}/reglages/personnes?q=ferrand`);
  await expect(page.getByRole("cell", { name: "zoe@exemple.fr" })).toBeVisible();
  await page.goto(report);
  await page.getByRole("button", { name: "Annuler cet import" }).click();
  await expect(page.getByRole("status")).toContainText("1 personne retirée");
  await ines.leaves();
});

test("the plan of a list and what became of it are for everybody", async ({ browser }) => {
  const ines = await admin(browser, "Inaya");
  const { page } = ines;
  const lines = Array.from({ length: 130 }, (_, n) => `Membre ${n};membre${n}@exemple.fr`);
  const file = list("beaucoup.csv", ["Nom;Courriel;Rôle", ...lines, "Rien;pas une adresse;"]);
  await page.goto(`${program.url}/reglages/personnes/importer`);
  await page.getByLabel("Fichier").setInputFiles(file);
  await page.getByRole("button", { name: "Lire ce fichier" }).click();

  const tells = page.getByRole("checkbox", { name: "Prévenir par un courriel les personnes ajoutées" });
  await expect(tells).not.toBeChecked();
  await expect(tells).toHaveAccessibleDescription(/130 courriels partiront, dix minutes après/);
  await isFitFor(ines, "a plan");
  await tells.check();
  await page.getByRole("button", { name: "Page suivante" }).click();
  await expect(page.getByRole("status")).toContainText("Vos choix sont gardés");
  await expect(tells).toBeChecked();
  await tells.uncheck();
  await page.getByRole("button", { name: "Importer ce qui est coché" }).click();
  await expect(page.getByRole("status")).toContainText("130 personnes ajoutées");
  await isFitFor(ines, "a report");
  await page.getByRole("button", { name: "Prévenir maintenant" }).click();
  await expect(page.getByText("C’est fait : les courriels sont en route.")).toBeVisible();
  await isFitFor(ines, "a report of those who are told");
  await page.goto(`${program.url}/reglages/personnes?page=2`);
  await isFitFor(ines, "a second page of people");
  await ines.leaves();
});
