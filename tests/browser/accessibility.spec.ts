/** No page has a violation that axe finds, none is wider than a phone, none breaks its own strict policy. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { fitsPhones, isFitFor, resize, violationsAt, WIDTHS } from "./support/axe.js";
import { cell, field, saved } from "./support/grid.js";
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

const POLICY: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
};

/** The policy of a page is ours, and its own HTML needs nothing that it forbids. */
async function isStrict(person: Person, address: string): Promise<void> {
  const answer = await person.context.request.get(address);
  const policy = answer.headers()["content-security-policy"] ?? "";
  const directives = policy.split(";").map((part) => part.trim().split(/ (.*)/).slice(0, 2));
  expect(Object.fromEntries(directives), address).toMatchObject(POLICY);
  for (const [name = "", sources] of directives)
    expect(["'self'", "'none'"], name).toContain(POLICY[name] ? "'self'" : sources);
  const html = await answer.text();
  // Data for programs is no program: no browser runs it.
  const script = /<script(?![^>]*\ssrc=)(?! type="application\/ld\+json">)/i;
  const inline = [/<style/i, /\sstyle=/i, /\son[a-z]+=/i, script, /javascript:/i];
  // Quoted words of offers may say anything: only tags count.
  const tags = [...html.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag);
  for (const forbidden of inline)
    expect(
      tags.filter((tag) => forbidden.test(tag)),
      address,
    ).toEqual([]);
}

async function offer(): Promise<string> {
  const home = await (await fetch(program.url)).text();
  return /class="card-title" href="([^"]+)"/.exec(home)?.[1] ?? "";
}

const PUBLIC: readonly [string, () => string | Promise<string>, number][] = [
  ["the catalogue", () => "/", 200],
  ["the catalogue, narrowed", () => "/?q=eau&themes=dialogue_territorial&tri=organisme", 200],
  ["the catalogue without results", () => "/?q=introuvable-xyz", 200],
  ["the catalogue in English", () => "/?lang=en", 200],
  ["an offer", offer, 200],
  ["the table of visitors", () => "/table", 200],
  ["who may do what", () => "/a-propos/droits", 200],
  ["the statement on accessibility", () => "/accessibilite", 200],
  ["the legal notice", () => "/mentions", 200],
  ["the shell of a table without network", () => "/table/hors-ligne", 200],
  ["a page that does not exist", () => "/nulle-part", 404],
];

for (const [name, path, status] of PUBLIC) {
  test(`${name} is for everybody`, async ({ browser }) => {
    const visitor = await Person.arrives(browser, "Visiteuse");
    const address = program.url + (await path());

    const answer = await visitor.page.goto(address);

    expect(answer?.status()).toBe(status);
    await isStrict(visitor, address);
    await isFitFor(visitor, name);
    await visitor.leaves();
  });
}

test("the filters, opened, are for everybody", async ({ browser }) => {
  const visitor = await Person.arrives(browser, "Visiteuse");
  await visitor.page.goto(program.url);

  for (const summary of await visitor.page.locator("summary").all()) await summary.click();

  await isFitFor(visitor, "open filters");
  await visitor.leaves();
});

test("each step of signing in is for everybody", async ({ browser }) => {
  const ines = await Person.arrives(browser, "Ines");
  const { page } = ines;
  const link = await program.person("Ines", "member");

  await page.goto(`${program.url}/connexion`);
  await isStrict(ines, page.url());
  await isFitFor(ines, "the form for the address");
  await page.getByRole("textbox").fill("personne@ailleurs");
  await page.locator("form[action^='/connexion']").evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await page.getByRole("main").getByRole("button").click();
  await isFitFor(ines, "after an address that may be wrong");

  await page.goto(`${program.url}/connexion`);
  await page.getByRole("textbox").fill("ines@exemple.fr");
  await page.getByRole("main").getByRole("button").click();
  await page.waitForURL("**/connexion/code*");
  await isStrict(ines, page.url());
  await isFitFor(ines, "the form for the code");
  await page.getByRole("textbox").fill("000 000");
  await page.getByRole("main").getByRole("button").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await isFitFor(ines, "a wrong code");

  await page.goto(link);
  await isStrict(ines, page.url());
  await isFitFor(ines, "the page of a link");
  await page.getByRole("main").getByRole("button").click();
  await page.waitForURL("**/table");
  await page.goto(link);
  await isFitFor(ines, "the page of a link that was used");
  await ines.leaves();
});

/** What can be open over the live table, how it is opened, and what is then there. */
const STATES: readonly [string, (page: Page) => Promise<Locator>][] = [
  ["as it opens", async (page) => page.getByRole("grid")],
  [
    "with a text open",
    async (page) => {
      await cell(page, 2, "Organisme de formation").dblclick();
      return field(page);
    },
  ],
  [
    "with a choice open",
    async (page) => {
      await cell(page, 3, "Type de formation").dblclick();
      return page.getByRole("listbox");
    },
  ],
  [
    "with several choices open",
    async (page) => {
      await cell(page, 3, "Thèmes").dblclick();
      return page.getByRole("listbox");
    },
  ],
  [
    "with an address open",
    async (page) => {
      await cell(page, 3, "Page de la formation").dblclick();
      await page.keyboard.type(" pas une adresse");
      return field(page);
    },
  ],
  [
    "with a range selected",
    async (page) => {
      await cell(page, 2, "Intitulé").click();
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowRight");
      return page.locator('[aria-selected="true"]').nth(3);
    },
  ],
  [
    "with the panel of a row",
    async (page) => {
      await cell(page, 2, "Intitulé").click();
      await page.keyboard.press("Space");
      return page.getByRole("complementary");
    },
  ],
  [
    "with what a row lacks",
    async (page) => {
      await cell(page, 2, "Intitulé").click();
      await page.keyboard.press("Space");
      await page.getByText("Informations attendues et fraîcheur").click();
      return page.getByRole("complementary").getByText("(à compléter)").first();
    },
  ],
  [
    "with the history of a cell",
    async (page) => {
      await cell(page, 2, "Intitulé").click();
      await page.keyboard.press("Shift+F2");
      return page
        .getByRole("complementary", { name: "Historique de la cellule" })
        .getByRole("listitem")
        .first();
    },
  ],
  [
    "with the menu of a cell",
    async (page) => {
      await cell(page, 2, "Intitulé").click({ button: "right" });
      return page.getByRole("menu");
    },
  ],
  [
    "with the bin",
    async (page) => {
      await page.getByRole("button", { name: /^Corbeille/ }).click();
      return page.getByRole("dialog", { name: "Corbeille" });
    },
  ],
  [
    "with the list of keys",
    async (page) => {
      await page.getByRole("button", { name: "Raccourcis clavier" }).click();
      return page.getByRole("dialog", { name: "Raccourcis clavier" });
    },
  ],
  [
    "with a search that finds nothing",
    async (page) => {
      await page.getByLabel("Chercher dans la table").fill("introuvable-xyz");
      return page.getByText("Aucune ligne à montrer.");
    },
  ],
];

test.describe("the live table is for everybody", () => {
  let lea: Person;

  test.beforeAll(async ({ browser }: { browser: Browser }) => {
    lea = await Person.signsIn(browser, program, "Léa", "pilot");
    const nour = await Person.signsIn(browser, program, "Nour", "member");
    await Promise.all([lea.opensTheTable(program), nour.opensTheTable(program)]);
    await isStrict(lea, `${program.url}/table`);
    // Somebody else is there and writes, and a row is in the bin.
    await cell(nour.page, 2, "Intitulé").click();
    await nour.page.keyboard.type("Autre titre");
    await nour.page.keyboard.press("Enter");
    await saved(nour.page);
    await cell(nour.page, 4, "Organisme de formation").dblclick();
    await cell(lea.page, 12, "Intitulé").click();
    await lea.page.keyboard.press("Control+Delete");
    await expect(lea.page.getByRole("button", { name: "Corbeille (1)" })).toBeVisible();
  });

  for (const [name, open] of STATES) {
    test(name, async () => {
      for (const width of WIDTHS) {
        await resize(lea.page, width);
        await lea.opensTheTable(program);
        const opened = await open(lea.page);
        await expect(opened).toBeVisible();

        expect.soft(await violationsAt(lea.page, width), name).toEqual([]);

        await expect(opened).toBeVisible();
      }
      await fitsPhones(lea, name);
    });
  }

  test("with somebody else writing", async () => {
    await lea.opensTheTable(program);
    await expect(cell(lea.page, 4, "Organisme de formation").locator(".peer-tag")).toBeVisible();

    await isFitFor(lea, "with somebody else");
  });
});

/** Presses one of the buttons under "Rétablir…" of the newest change. */
async function asksToRestore(page: Page, button: string): Promise<void> {
  const newest = page.locator("li.change").first();
  await newest.locator("summary").click();
  await newest.getByRole("button", { name: button }).click();
}

test("history, its questions and its receipts are for everybody", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Zoé", "pilot");
  const { page } = lea;
  const history = `${program.url}/historique`;

  await page.goto(history);
  await isStrict(lea, history);
  await expect(page.locator("li.change").first()).toBeVisible();
  await isFitFor(lea, "history with entries");
  await page.locator("li.change summary").first().click();
  await isFitFor(lea, "history with the ways to restore");
  await page.goto(`${history}?column=intitule&origin=import&since=2020-01-01`);
  await isFitFor(lea, "history, filtered");
  await page.goto(`${history}?until=2001-01-01`);
  await expect(page.getByRole("heading", { name: "Aucune modification ne correspond" })).toBeVisible();
  await isFitFor(lea, "history without entries");

  await page.goto(`${history}?column=intitule`);
  await asksToRestore(page, "La valeur d’avant");
  await expect(page.getByRole("heading", { name: "Rétablir ?" })).toBeVisible();
  await isFitFor(lea, "the confirmation of a restore");
  await page.getByRole("button", { name: "Rétablir", exact: true }).click();
  await page.waitForURL("**/historique/retabli*");
  await isStrict(lea, page.url());
  await isFitFor(lea, "the receipt of a restore");
  await lea.leaves();
});

test("an erasure is for everybody who may ask for it", async ({ browser }) => {
  const ana = await Person.signsIn(browser, program, "Ana", "admin");
  const { page } = ana;
  const address = `${program.url}/reglages/effacement`;

  await page.goto(address);
  await isStrict(ana, address);
  await isFitFor(ana, "the form of an erasure");
  await page.locator("#mots").fill("Autre titre");
  await page.getByRole("main").getByRole("button").click();
  await expect(page.locator("table.counts")).toBeVisible();
  await isFitFor(ana, "what an erasure found");
  await page.locator("button.danger").click();
  await expect(page.getByRole("main").getByRole("status")).toBeVisible();
  await isFitFor(ana, "an erasure that is done");
  await ana.leaves();
});

/** Gives a file on the page of imports and waits for what became of it. */
async function gives(page: Page, path: string): Promise<void> {
  await page.goto(`${program.url}/import`);
  await page.getByLabel("Fichier à importer").setInputFiles(path);
  await page.getByRole("button", { name: "Envoyer et lire" }).click();
  await page.locator("h1", { hasText: /Correspondances|Plan de l’import|n’a pas été lu/ }).waitFor();
}

/** One list of a plan. */
const KINDS = [
  "added",
  "changed",
  "conflicts",
  "similar",
  "twice",
  "doubts",
  "not_offers",
  "same",
  "missing",
];

test("the import is for everybody who may import, at each of its steps", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Léonie", "pilot");
  const { page } = lea;
  const folder = mkdtempSync(join(tmpdir(), "tablee-axe-"));
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const head = "Intitulé;Organisme;Type de formation;Durée;Page de la formation;Résumé\n";

  await page.goto(`${program.url}/import`);
  await isStrict(lea, page.url());
  await isFitFor(lea, "the page of imports");
  await gives(page, file("vide.csv", ""));
  await isFitFor(lea, "a file that is refused");

  await gives(
    page,
    file(
      "un.csv",
      `${head}Tenir un atelier;Rive;MOOC;2 jours;https://exemple.org/a;Un résumé court\nÉcouter;Rive;atelier;;https://exemple.org/b;Autre\n`,
    ),
  );
  await isStrict(lea, page.url());
  await isFitFor(lea, "where the columns go");
  await page.locator("#m5").selectOption("+");
  await expect(page.locator("#n5")).toBeVisible();
  await isFitFor(lea, "a new column");
  await page.locator("#m5").selectOption("=resume");
  await page.getByRole("button", { name: "Enregistrer et voir le plan" }).click();
  await page.getByRole("button", { name: "Appliquer…" }).click();
  await isFitFor(lea, "the last question before an import is applied");
  await page.getByRole("button", { name: "Appliquer l’import" }).click();
  await expect(page.getByRole("heading", { name: "Import terminé" })).toBeVisible();
  await isStrict(lea, page.url());
  await isFitFor(lea, "the report of an import");

  await gives(
    page,
    file(
      "deux.csv",
      `${head}Tenir un atelier;Rive;MOOC;3 jours;https://exemple.org/a;Un résumé long\nTenir des ateliers;Rive;MOOC;;;Deux\nTotal : 2;;;;;\nÉcouter;Rive;atelier;bientôt;https://exemple.org/b;Autre\nÉcouter;Rive;atelier;;https://exemple.org/b;Autre\n`,
    ),
  );
  const plan = page.url().split("?")[0];
  for (const kind of KINDS) {
    await page.goto(`${plan}?etape=plan&quoi=${kind}`);
    for (const summary of await page.locator(".cells-folded summary").all()) await summary.click();
    await isFitFor(lea, `the plan of an import: ${kind}`);
  }
  await page.getByRole("button", { name: "Abandonner cet import" }).click();
  await expect(page.getByRole("heading", { name: "Import abandonné" })).toBeVisible();
  await isFitFor(lea, "an import that was given up");
  await page.goto(`${program.url}/import`);
  await isFitFor(lea, "the page of imports with some");
  rmSync(folder, { recursive: true, force: true });
  await lea.leaves();
});
