/** The form of proposals, as visitors meet it: nothing typed is ever lost, with script and without. */

import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { besideTheWindow, resize, violationsAt, WIDTHS } from "./support/axe.js";
import { press, reach, withoutPointer } from "./support/keyboard.js";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";

let program: Program;

test.describe.configure({ timeout: 240_000 });
test.beforeAll(async () => {
  // Every test proposes from the same place: its hourly share is for all of them.
  program = await Program.start();
});
test.afterAll(async () => {
  await program?.end();
});

const field = (page: Page, column: string): Locator => page.locator(`#${column}`);
const send = (page: Page): Locator => page.getByRole("button", { name: "Envoyer la proposition" });
const receipt = (page: Page): Locator => page.locator("[data-sent]");
/** The optional questions among which one stands. */
const fold = (page: Page, id: string): Locator =>
  page.locator("details.fold", { has: page.locator(`#${id}`) });

/** Opens the optional questions among which one stands. */
async function unfold(page: Page, id: string): Promise<void> {
  await fold(page, id).locator("summary").click();
  await expect(field(page, id)).toBeVisible();
}

async function arrives(browser: Browser, options = {}): Promise<Person> {
  const visitor = await Person.arrives(browser, "Nour", options);
  await visitor.page.goto(`${program.url}/proposer`);
  return visitor;
}

/** Gives the six answers, an address and the licence, about an offer that is not there. */
async function answers(page: Page, title: string): Promise<void> {
  await field(page, "intitule").fill(title);
  await field(page, "organisme").fill("Atelier des rives");
  await field(page, "type").selectOption("formation_courte");
  await field(page, "resume").fill("Apprendre à écouter une rivière et ceux qui la bordent.");
  await page.locator('input[name="themes"][value="eau"]').check();
  await field(page, "url").fill("https://rives.exemple.fr/formations/ecouter");
  await field(page, "vous-courriel").fill("nour@exemple.fr");
  await page.locator("#licence").check();
}

/** Sends as a person does who is told to read again: nobody writes a form in seconds, or that many in an hour. */
async function sends(page: Page): Promise<void> {
  const answered = page.locator("[data-sent], #retour");
  for (let times = 0; times < 20; times += 1) {
    const loaded = page.waitForEvent("load");
    await send(page).click();
    await loaded;
    await answered.first().waitFor();
    if (await receipt(page).isVisible()) return;
    await expect(page.locator("#retour")).toContainText(/C’est allé très vite|ressemble à ceux des robots/);
  }
  throw new Error("it is never slow enough");
}

/** Nothing that axe finds, nothing beside the window of a phone, nothing reported on the way. */
async function isFit(visitor: Person, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await resize(visitor.page, width);
    // At the foot of the page, where the bar that sends stands over nothing: a box half under it seems too small.
    await visitor.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect.soft(await violationsAt(visitor.page, width), what).toEqual([]);
  }
  for (const width of [360, 320])
    expect.soft(await besideTheWindow(visitor.page, width), `${what} at ${width}`).toBeLessThanOrEqual(0);
  expect.soft(visitor.faults.splice(0), what).toEqual([]);
  await resize(visitor.page, WIDTHS[0]);
}

/** What the device keeps of forms. */
const kept = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify({ ...localStorage }));

test("what was typed survives a reload, and the device forgets it once it was sent", async ({ browser }) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await answers(page, "Écouter une rivière");
  await unfold(page, "sessions-1");
  await page.locator("#sessions-1").fill("le 5 mars 2027");
  await page.getByRole("button", { name: "Ajouter une session" }).click();
  await page.locator("#sessions-2").fill("du 12 au 14 mars 2027");
  await expect(page.locator(".draft")).toContainText("Brouillon gardé sur cet appareil");
  await isFit(visitor, "a form whose draft is kept");

  await page.reload();
  await expect(field(page, "intitule")).toHaveValue("");
  const found = page.getByRole("region", { name: /^Une saisie du/ });
  await expect(found).toBeInViewport();
  await isFit(visitor, "a draft that is offered");
  await found.getByRole("button", { name: /^Reprendre ma saisie du \d\d\/\d\d à/ }).click();
  await expect(field(page, "intitule")).toHaveValue("Écouter une rivière");
  await expect(page.locator("#sessions-2")).toHaveValue("du 12 au 14 mars 2027");
  await expect(page.locator("#sessions-2")).toBeVisible();
  await expect(field(page, "objectifs")).toBeHidden();
  await expect(page.locator('input[name="themes"][value="eau"]')).toBeChecked();

  await page.locator("#licence").check();
  await sends(page);
  expect(await kept(page)).toBe("{}");
  await isFit(visitor, "a receipt");
  await page.goto(`${program.url}/proposer`);
  await expect(page.getByRole("region", { name: /^Une saisie du/ })).toHaveCount(0);
  await visitor.leaves();
});

test("a draft is erased from the device when asked", async ({ browser }) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await field(page, "intitule").fill("Un secret");
  await expect.poll(() => kept(page)).toContain("Un secret");

  await page.locator(".draft").getByRole("button", { name: "Effacer de cet appareil" }).click();
  await page.reload();

  expect(await kept(page)).toBe("{}");
  await expect(page.getByRole("region", { name: /^Une saisie du/ })).toHaveCount(0);
  await visitor.leaves();
});

test("what is wrong is told all at once, each a step away from its answer, and nothing is lost", async ({
  browser,
}) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await field(page, "intitule").fill("Débattre au bord de l’eau");
  await field(page, "contact_tel").fill("appeler Marie");
  await unfold(page, "partenaires");
  await field(page, "partenaires").fill("Une maison, ".repeat(100));
  await fold(page, "partenaires").locator("summary").click();
  await expect(field(page, "partenaires")).toBeHidden();

  await send(page).click();
  const summary = page.locator("#retour");
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("link")).toHaveText([
    "Organisme de formation",
    "Type de formation",
    "En une phrase",
    "Thèmes",
    "Partenaires",
    "Téléphone de contact",
    "Votre courriel",
    "Licence",
  ]);
  await isFit(visitor, "a form with errors");
  await expect(field(page, "intitule")).toHaveValue("Débattre au bord de l’eau");
  await expect(field(page, "contact_tel")).toHaveValue("appeler Marie");

  await summary.getByRole("link", { name: "Thèmes" }).click();
  await expect(page.locator('input[name="themes"]').first()).toBeFocused();
  await expect(field(page, "partenaires")).toBeVisible();
  await fold(page, "partenaires").locator("summary").click();
  await summary.getByRole("link", { name: "Partenaires" }).click();
  await expect(field(page, "partenaires")).toBeFocused();
  await expect(field(page, "partenaires")).toBeInViewport();
  await summary.getByRole("link", { name: "Téléphone de contact" }).click();
  await expect(field(page, "contact_tel")).toBeFocused();
  await expect(field(page, "contact_tel")).toHaveAccessibleDescription(/téléphone/);
  await visitor.leaves();
});

test("an offer that is there already is found while its title is typed, and completed", async ({
  browser,
}) => {
  const visitor = await arrives(browser);
  const { page } = visitor;

  await field(page, "intitule").pressSequentially("Susciter la participation");
  const alike = page.locator(".alike");
  await expect(alike).toContainText(/offres? proches? existe/);
  await isFit(visitor, "offers that resemble what is typed");
  await unfold(page, "methodes");
  await field(page, "methodes").fill("Théâtre-forum au bord de la rivière.");
  await alike
    .getByRole("button", { name: /^Compléter celle-ci/ })
    .first()
    .click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Proposer une correction");
  await expect(page.locator("body")).toContainText("Théâtre-forum au bord de la rivière.");
  await isFit(visitor, "a correction");
  await visitor.leaves();
});

test("questions come and go with the answers they depend on, and what they hold is not lost", async ({
  browser,
}) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await unfold(page, "certification_type");
  await unfold(page, "tarifs-1");
  await expect(field(page, "code_rncp")).toBeHidden();
  await page.locator("#tarifs-1").fill("1 200 € HT par personne");

  await field(page, "certification_type").selectOption("rncp");
  await expect(field(page, "code_rncp")).toBeVisible();
  await field(page, "tarif_type").selectOption("gratuit");
  await expect(page.locator("#tarifs-1")).toBeHidden();
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  expect(new URLSearchParams((await sent).postData() ?? "").has("tarifs")).toBe(false);
  await expect(page.locator("#retour")).toBeVisible();
  await expect(page.locator("#tarifs-1")).toBeHidden();
  await field(page, "tarif_type").selectOption("payant");

  await expect(page.locator("#tarifs-1")).toHaveValue("1 200 € HT par personne");
  expect(visitor.faults).toEqual([]);
  await visitor.leaves();
});

test("what was understood is said while one types", async ({ browser }) => {
  const visitor = await arrives(browser);
  const { page } = visitor;

  await unfold(page, "duree_texte");
  await field(page, "duree_texte").fill("2,5 j");
  await expect(page.locator("#duree_texte-lu")).toHaveText("Compris : 2,5 jours");
  await page.locator("#sessions-1").fill("les 12 et 13 mars 2027");
  await expect(page.locator("#sessions-lu")).toContainText("12");
  await page.locator("#sessions-1").fill("quand il fera beau");
  await expect(page.locator("#sessions-lu")).toContainText("Gardé en toutes lettres");
  await isFit(visitor, "what was understood");
  await visitor.leaves();
});

test("a page whose server is away stays, says so, and sends when it is back", async ({ browser }) => {
  const own = await Program.start();
  const visitor = await Person.arrives(browser, "Nour");
  const { page } = visitor;
  await page.goto(`${own.url}/proposer`);
  await answers(page, "Écouter la mer");

  await own.kill();
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("Le serveur ne répond pas");
  await expect(field(page, "intitule")).toHaveValue("Écouter la mer");
  await own.startAgain();
  await page.getByRole("button", { name: "Réessayer" }).click();

  await expect(page.locator("[data-sent], #retour").first()).toBeVisible();
  if (!(await receipt(page).isVisible())) await sends(page);
  await expect(receipt(page)).toContainText("nour@exemple.fr");
  await own.end();
  await visitor.leaves();
});

test("a sender who looks like a robot pays with a moment of the machine's time and is heard", async ({
  browser,
}) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await answers(page, "Écouter les machines");
  await page.locator("#site_web_2").evaluate((trap) => {
    (trap as HTMLInputElement).value = "https://robot.example";
  });

  const asked = page.locator("form[data-defi]");
  await expect(async () => {
    const loaded = page.waitForEvent("load");
    await send(page).click();
    await loaded;
    await expect(asked).toBeVisible({ timeout: 2_000 });
  }).toPass();
  const posted = page.waitForRequest((request) => request.method() === "POST");
  await send(page).click();

  expect(new URLSearchParams((await posted).postData() ?? "").get("preuve")).toMatch(/^\d+$/);
  await expect(receipt(page)).toBeVisible();
  await visitor.leaves();
});

test("an offer is proposed by keyboard alone", async ({ browser }) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  await withoutPointer(page);
  await page.reload();
  const types = async (column: string, words: string): Promise<void> => {
    await reach(page, field(page, column));
    await page.keyboard.type(words);
  };

  await types("intitule", "Écouter au clavier");
  await types("organisme", "Atelier des rives");
  await reach(page, field(page, "type"));
  await page.keyboard.type("formation courte");
  await types("resume", "Sans souris.");
  await reach(page, page.locator('input[name="themes"]').first());
  await press(page, "Space");
  // Past the themes, then past what may stay empty.
  await reach(page, fold(page, "sessions-1").locator("summary"));
  await press(page, "Enter");
  await types("sessions-1", "le 12 mars 2027");
  await reach(page, page.getByRole("button", { name: "Ajouter une session" }));
  await press(page, "Enter");
  await expect(page.locator("#sessions-2")).toBeFocused();
  await page.keyboard.type("le 14 mars 2027");
  await reach(page, page.getByRole("button", { name: "Retirer la ligne 2" }));
  await press(page, "Enter");
  await expect(page.locator("#sessions-1")).toBeFocused();
  await types("url", "https://rives.exemple.fr/clavier");
  await types("vous-courriel", "nour@exemple.fr");
  await reach(page, page.locator("#licence"));
  await press(page, "Space");
  await expect(async () => {
    await reach(page, send(page));
    const loaded = page.waitForEvent("load");
    await page.keyboard.press("Enter");
    await loaded;
    await expect(receipt(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();

  expect(visitor.faults).toEqual([]);
  await visitor.leaves();
});

test("without script the form asks the same, adds lines, says what is wrong and loses nothing", async ({
  browser,
}) => {
  const visitor = await arrives(browser, { javaScriptEnabled: false });
  const { page } = visitor;
  await unfold(page, "code_rncp");
  await field(page, "intitule").fill("Écouter sans script");
  await unfold(page, "tarifs-1");
  await page.locator("#tarifs-1").fill("1 200 € HT");
  await page.getByRole("button", { name: "Ajouter un tarif" }).click();
  await expect(page.locator("#tarifs-2")).toBeFocused();
  await page.locator("#tarifs-2").fill("300 € pour les particuliers");
  await send(page).click();
  await expect(page.locator("#retour")).toContainText("Organisme de formation");
  await expect(field(page, "intitule")).toHaveValue("Écouter sans script");

  await answers(page, "Écouter sans script");
  await page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  await expect(page.locator("#tarifs-lu")).toContainText("300");
  await expect(page.locator("#tarifs-2")).toHaveValue("300 € pour les particuliers");
  await sends(page);

  await expect(receipt(page)).toContainText("P-");
  await visitor.leaves();
});

test("a form with very long answers fits a phone", async ({ browser }) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  const long = "Anticonstitutionnellement".repeat(12);
  await answers(page, long.slice(0, 250));
  for (const id of ["objectifs", "partenaires", "lieux-1"]) await unfold(page, id);
  await field(page, "objectifs").fill(`${long}\n`.repeat(30));
  await field(page, "partenaires").fill(long);
  await page.locator("#lieux-1").fill(long);
  await page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  await expect(page.locator("#retour")).toBeVisible();

  await isFit(visitor, "long answers");
  await visitor.leaves();
});

test("the six answers of five minutes stand close together, and the others open by their names", async ({
  browser,
}) => {
  const visitor = await arrives(browser);
  const { page } = visitor;
  const height = (): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight);

  const folded = await height();
  await page.locator("details.fold").evaluateAll((all) => {
    for (const one of all as HTMLDetailsElement[]) one.open = true;
  });
  console.log(`${folded} pixels of form, ${await height()} with all that may be answered`);

  expect(folded).toBeLessThan(4_000);
  expect(await height()).toBeGreaterThan(2 * folded);
  await isFit(visitor, "a form with every question open");
  await visitor.leaves();
});

test("the page is light: six requests, fifty kilobytes, ten of script", async ({ browser }) => {
  const visitor = await Person.arrives(browser, "Nour");
  const { page } = visitor;
  const answered: { url: string; bytes: number }[] = [];
  page.on("requestfinished", async (request) => {
    const { responseBodySize } = await request.sizes();
    answered.push({ url: request.url(), bytes: responseBodySize });
  });
  await page.goto(`${program.url}/proposer`, { waitUntil: "networkidle" });
  await expect.poll(() => answered.length).toBeGreaterThan(3);

  const sum = (some: typeof answered): number => some.reduce((all, { bytes }) => all + bytes, 0);
  const scripts = answered.filter(({ url }) => url.endsWith(".js"));
  console.log(`${answered.length} requests, ${sum(answered)} bytes, ${sum(scripts)} of script`);
  expect(answered.length).toBeLessThanOrEqual(6);
  expect(sum(answered)).toBeLessThanOrEqual(50_000);
  expect(sum(scripts)).toBeLessThanOrEqual(10_000);
  await isFit(visitor, "an empty form");
  await visitor.leaves();
});
