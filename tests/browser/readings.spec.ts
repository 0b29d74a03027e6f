/** People write as they speak: they read what will be understood, and that is what the others and the public see. */

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { violationsAt, WIDTHS } from "./support/axe.js";
import { type ColumnName, cell, emptyLine, field, rowOn, saved, wordsIn } from "./support/grid.js";
import { press } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";
import { Wire } from "./support/wire.js";

let program: Program;

test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => {
  await program?.end();
});

/** What stands under the open cell. */
const note = (page: Page): Locator => page.locator(".grid .editor .editor-note");

/** Opens a cell and writes over it, key by key. */
async function writes(page: Page, line: number, column: ColumnName, words: string): Promise<void> {
  await cell(page, line, column).click();
  await press(page, "Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(words);
}

/** Ordinary spaces for those that French sets in type. */
const plain = (words: string): string => words.replace(/[\u00a0\u202f]/g, " ");
const reads = (target: Locator) => expect.poll(async () => plain(await target.innerText()));

/** The field of the open panel that has this name. */
const fieldOf = (page: Page, label: string): Locator =>
  page.locator(".row-panel").getByLabel(label, { exact: true });
const lineOf = (page: Page, label: string): Locator =>
  page
    .locator(".row-panel .field")
    .filter({ has: page.getByLabel(label, { exact: true }) })
    .locator(".field-line");

/** The public page of an offer, as anybody reads it now. */
async function publicPage(browser: Browser, row: string): Promise<string> {
  const visitor = await Person.arrives(browser, "Passante");
  await visitor.page.goto(`${program.url}/formations/x-${row}`);
  const words = await visitor.page.getByRole("main").innerText();
  await visitor.leaves();
  return plain(words);
}

const GRID: readonly (readonly [column: ColumnName, words: string, line: string, shown: string])[] = [
  [
    "Lieux",
    "Grenoble (38) ; visio",
    "Grenoble (38) ; visio → Grenoble (38) ; en ligne",
    "Grenoble (38) ; en ligne",
  ],
  [
    "Sessions",
    "du 12 au 14 mars 2027 à Lyon",
    "du 12 au 14 mars 2027 à Lyon → du 12 mars 2027 au 14 mars 2027, Lyon",
    "du 12/03/2027 au 14/03/2027, Lyon",
  ],
  [
    "Page de la formation",
    "www.exemple.fr/offre",
    "www.exemple.fr/offre → https://www.exemple.fr/offre",
    "https://www.exemple.fr/offre",
  ],
];

test("in a cell one reads what is understood, and the others and the public see just that", async ({
  browser,
}) => {
  const [lea, karim] = [
    await Person.signsIn(browser, program, "Léa", "pilot"),
    await Person.signsIn(browser, program, "Karim", "member"),
  ];
  await Promise.all([lea.opensTheTable(program), karim.opensTheTable(program)]);
  const { page } = lea;
  const row = await rowOn(page, 3);

  for (const [column, words, line, shown] of GRID) {
    const target = cell(page, 3, column);
    const before = await wordsIn(target).innerText();
    await writes(page, 3, column, words);
    await reads(note(page)).toBe(line);
    await expect(note(page)).toHaveAttribute("aria-live", "polite");
    await expect(field(page)).toHaveAttribute(
      "aria-describedby",
      (await note(page).getAttribute("id")) ?? "",
    );
    await press(page, "Escape");
    await expect(wordsIn(target)).toHaveText(before);

    await writes(page, 3, column, words);
    await press(page, "Enter");
    await expect(wordsIn(target)).toHaveText(shown);
    await saved(page);
    await expect(wordsIn(cell(karim.page, 3, column))).toHaveText(shown);

    await page.getByRole("grid").press("ControlOrMeta+z");
    await expect(wordsIn(target)).toHaveText(before);
    await page.keyboard.press("ControlOrMeta+y");
    await expect(wordsIn(target)).toHaveText(shown);
  }

  await saved(page);
  const offer = await publicPage(browser, row);
  for (const words of ["Grenoble (38)", "en ligne", "Lyon", "www.exemple.fr/offre"])
    expect(offer).toContain(words);
  expect([...lea.faults, ...karim.faults]).toEqual([]);
  await Promise.all([lea.leaves(), karim.leaves()]);
});

test("what cannot be read fills nothing: the words stay in the cell, with the reason", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Louise", "pilot");
  await lea.opensTheTable(program);
  const { page } = lea;
  const target = cell(page, 4, "Sessions");

  await writes(page, 4, "Sessions", "28 et 29 septembre");
  await reads(note(page)).toBe("Année inconnue : rien n’est rempli, vos mots sont gardés");
  await expect(field(page)).toHaveAttribute("aria-invalid", "true");
  await press(page, "Enter");

  await expect(wordsIn(target)).toHaveText("28 et 29 septembre");
  await expect(target).toHaveAttribute("aria-description", /année inconnue/);
  await expect(page.getByText("Année inconnue").last()).toBeVisible();
  await press(page, "ControlOrMeta+z");
  await expect(wordsIn(target)).toHaveText("");
  await saved(page);
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

const PANEL: readonly (readonly [label: string, words: string, line: string, shown: string])[] = [
  ["Durée en jours", "2,5 j", "2,5 j → 2,5 jours", "2,5"],
  [
    "Tarifs détaillés",
    "À partir de 600 € HT",
    "À partir de 600 € HT → 600 € HT, à partir de · aussi : Type de tarif (payant), Tarif (À partir de 600 € HT)",
    "à partir de 600 € HT",
  ],
  ["Effectif maximal", "12", "12 → 12", "12"],
  ["Échéance de la certification", "12 mars 2027", "12 mars 2027 → 12 mars 2027", "12/03/2027"],
  ["Téléphone de contact", "06.12.34.56.78", "06.12.34.56.78 → 06 12 34 56 78", "06 12 34 56 78"],
  [
    "Courriel de contact",
    "contact [at] exemple.fr",
    "contact [at] exemple.fr → contact@exemple.fr",
    "contact@exemple.fr",
  ],
  ["Code RNCP", "rncp 25266", "rncp 25266 → RNCP25266", "RNCP25266"],
];

test("in the panel of a row too, and what words say of other fields goes into the empty ones", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Nour", "pilot");
  await lea.opensTheTable(program);
  const { page } = lea;
  const line = await emptyLine(page, "Tarif");
  const row = await rowOn(page, line);
  await cell(page, line, "Intitulé").click();
  await page.keyboard.press("Space");
  await page.locator(".row-panel").waitFor();

  await fieldOf(page, "Tarifs détaillés").fill("À partir de 600 € HT");
  await page.keyboard.press("Tab");
  await expect(fieldOf(page, "Type de tarif")).toHaveValue("payant");
  await page.getByRole("button", { name: "Annuler" }).click();
  for (const label of ["Tarifs détaillés", "Tarif"]) await expect(fieldOf(page, label)).toHaveValue("");
  await expect(fieldOf(page, "Type de tarif")).toHaveValue("");

  for (const [label, words, read, shown] of PANEL) {
    await fieldOf(page, label).fill(words);
    await reads(lineOf(page, label)).toBe(read);
    await page.keyboard.press("Tab");
    await expect(fieldOf(page, label)).toHaveValue(shown);
    await expect(lineOf(page, label)).toHaveText("");
  }

  await expect(fieldOf(page, "Tarif")).toHaveValue("À partir de 600 € HT");
  await expect(fieldOf(page, "Type de tarif")).toHaveValue("payant");
  await fieldOf(page, "Durée en jours").fill("9");
  await page.keyboard.press("Escape");
  await expect(fieldOf(page, "Durée en jours")).toHaveValue("2,5");
  await expect(page.locator(".row-panel")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".row-panel")).toBeHidden();
  await saved(page);
  const offer = await publicPage(browser, row);
  for (const words of ["600 € HT", "06 12 34 56 78", "contact@exemple.fr"]) expect(offer).toContain(words);
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("a text that says a duration fills the fields beside it, and one step takes all of it back", async ({
  browser,
}) => {
  const lea = await Person.signsIn(browser, program, "Zoé", "pilot");
  await lea.opensTheTable(program);
  const { page } = lea;
  const line = await emptyLine(page, "Durée");
  await cell(page, line, "Durée").click();
  await press(page, "Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("4 jours soit 28");
  // A hand that rests before it goes on: longer than what is written in one go.
  await page.keyboard.press("h", { delay: 700 });
  await reads(note(page)).toBe("Sera aussi rempli : Durée en heures (28 heures), Durée en jours (4 jours)");
  await press(page, "Enter");

  await expect(page.getByText("Aussi rempli")).toBeVisible();
  await cell(page, line, "Intitulé").click();
  await page.keyboard.press("Space");
  await expect(fieldOf(page, "Durée en jours")).toHaveValue("4");
  await expect(fieldOf(page, "Durée en heures")).toHaveValue("28");
  await page.getByRole("button", { name: "Annuler" }).click();
  await expect(fieldOf(page, "Durée en jours")).toHaveValue("");
  await expect(fieldOf(page, "Durée")).toHaveValue("");
  await saved(page);
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("a block that is pasted is read cell by cell, and words on the clipboard are words", async ({
  browser,
}) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const lea = await Person.signsIn(browser, program, "Ana", "pilot", { permissions });
  await lea.opensTheTable(program);
  const { page } = lea;
  await page.evaluate(() => navigator.clipboard.writeText("12 mars 2027\tRoubaix ; Lens\nbientôt\tLille"));

  await cell(page, 6, "Sessions").click();
  await page.keyboard.press("ControlOrMeta+v");
  await expect(wordsIn(cell(page, 6, "Sessions"))).toHaveText("12/03/2027");
  await expect(wordsIn(cell(page, 6, "Lieux"))).toHaveText("Roubaix ; Lens");
  await expect(wordsIn(cell(page, 7, "Sessions"))).toHaveText("bientôt");
  await expect(cell(page, 7, "Sessions")).toHaveAttribute("aria-invalid", "true");
  await expect(wordsIn(cell(page, 7, "Lieux"))).toHaveText("Lille");

  await cell(page, 6, "Lieux").click();
  await page.keyboard.press("ControlOrMeta+c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Roubaix ; Lens");
  await page.keyboard.press("Delete");
  await expect(wordsIn(cell(page, 6, "Lieux"))).toHaveText("");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(wordsIn(cell(page, 6, "Lieux"))).toHaveText("Roubaix ; Lens");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(wordsIn(cell(page, 7, "Sessions"))).toHaveText("");
  await saved(page);
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("words typed faster than what reads them wait for it, in sight", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Rose", "pilot", { serviceWorkers: "block" });
  const { page } = lea;
  let lets: () => void = () => {};
  const held = new Promise<void>((done) => {
    lets = done;
  });
  await page.route("**/assets/understanding-*.js", async (route) => {
    await held;
    await route.continue();
  });
  await lea.opensTheTable(program);

  await cell(page, 8, "Lieux").click();
  await page.keyboard.type("Brest");
  await page.keyboard.press("Enter");
  await expect(wordsIn(cell(page, 8, "Lieux"))).toHaveText("Brest");
  await expect(page.getByText("Vos mots seront lus dans un instant.")).toBeVisible();
  await expect(cell(page, 9, "Lieux")).toBeFocused();
  lets();

  await saved(page);
  await expect(wordsIn(cell(page, 8, "Lieux"))).toHaveText("Brest");
  await cell(page, 8, "Lieux").click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(wordsIn(cell(page, 8, "Lieux"))).toHaveText("");
  await saved(page);
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("without a network words are read all the same, and arrive as values", async ({ browser }) => {
  const wire = await Wire.to(program.url);
  const lea = await Person.arrives(browser, "Inès");
  const { page } = lea;
  await page.goto(wire.through(await program.person("Inès", "pilot")));
  await page.getByRole("main").getByRole("button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
  await page.goto(`${wire.url}/table`);
  await page.locator("#table[data-ready]").waitFor();
  await saved(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  wire.lets("nothing");
  await page.reload();
  await page.locator("#table[data-ready]").waitFor();
  await expect(page.locator("#table")).toHaveAttribute("data-state", /connecting|offline/);

  await writes(page, 10, "Lieux", "Rezé (44) ; distanciel");
  await reads(note(page)).toMatch(/^Rezé \(44\) ; distanciel → Rezé \(44\) ; en ligne/);
  await page.keyboard.press("Enter");
  await expect(wordsIn(cell(page, 10, "Lieux"))).toHaveText("Rezé (44) ; en ligne");
  wire.lets("all");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await saved(page);

  const karim = await Person.signsIn(browser, program, "Basile", "member");
  await karim.opensTheTable(program);
  await expect(wordsIn(cell(karim.page, 10, "Lieux"))).toHaveText("Rezé (44) ; en ligne");
  await Promise.all([lea.leaves(), karim.leaves()]);
  await wire.end();
});

test("an open cell and an open field have no violation that axe finds, at any width", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Maud", "pilot");
  await lea.opensTheTable(program);
  const { page } = lea;
  for (const words of ["Grenoble (38) ; visio", "28 et 29 septembre"]) {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await writes(page, 12, "Sessions", words);
      expect(await violationsAt(page, width)).toEqual([]);
      await page.keyboard.press("Escape");
    }
  }
  await cell(page, 12, "Intitulé").click();
  await page.keyboard.press("Space");
  await fieldOf(page, "Téléphone de contact").fill("à demander");
  await expect(lineOf(page, "Téléphone de contact")).not.toHaveText("");
  for (const width of WIDTHS) expect(await violationsAt(page, width)).toEqual([]);
  await page.keyboard.press("Escape");
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});
