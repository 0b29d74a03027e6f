/**
 * The two lives that decide whether the association switches: somebody without an account and without script who
 * proposes an offer, and a pilot with a quarter of an hour.
 */

import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { sends } from "./support/desk.js";
import { Program, workbook } from "./support/program.js";
import { signInBy } from "./support/sign-in.js";

const ADDRESS = "camille.proposante@mail.example";
const TITLE = "Tenir une assemblée de rivière";

let program: Program;

test.beforeAll(async () => {
  program = await Program.start({ firstImport: workbook });
});

test.afterAll(async () => {
  await program.end();
});

/** A page on which everything that a person does is counted. */
class Counted {
  actions = 0;
  constructor(readonly page: Page) {}

  async opens(url: string): Promise<void> {
    this.actions += 1;
    await this.page.goto(url);
  }
  async types(label: string | RegExp, words: string): Promise<void> {
    this.actions += 1;
    await this.page.getByLabel(label).first().fill(words);
  }
  async ticks(label: string | RegExp): Promise<void> {
    this.actions += 1;
    await this.page.getByLabel(label).first().check();
  }
  async presses(name: string | RegExp): Promise<void> {
    this.actions += 1;
    await this.page.getByRole("button", { name }).last().click();
  }
  async chooses(label: string | RegExp, option: string): Promise<void> {
    this.actions += 1;
    await this.page.getByLabel(label).first().selectOption({ label: option });
  }
}

/** The link of the newest mail to that address whose path begins so. Without a mail server mails are printed. */
async function linkInMail(path: string): Promise<string> {
  const found = await program.says(
    new RegExp(`mail to ${ADDRESS}(?:(?!mail to)[\\s\\S])*?(https?://\\S*${path}\\S+)`),
  );
  return program.url + new URL(found).pathname;
}

async function pilot(context: BrowserContext): Promise<Page> {
  const [name = "", value = ""] = (await signInBy(await program.person("Ariane", "pilot"))).split("=");
  await context.addCookies([{ name, value, url: program.url }]);
  return context.newPage();
}

test("a visitor without an account or script proposes, confirms, answers a question and sees the offer published", async ({
  browser,
}) => {
  const without = await browser.newContext({ javaScriptEnabled: false });
  const with_ = await browser.newContext();
  const camille = new Counted(await without.newPage());
  const ariane = await pilot(with_);

  await camille.opens(`${program.url}/proposer`);
  await camille.types(/^Intitulé/, TITLE);
  await camille.types(/^Organisme/, "Les Rives vivantes");
  await camille.chooses(/^Type de formation/, "formation courte");
  await camille.types(
    /^En une phrase/,
    "Trois jours au bord de l'eau pour apprendre à faire parler une rivière.",
  );
  await camille.ticks(/milieux aquatiques/);
  await camille.types(/^Page de la formation/, "https://rives.example/assemblee");
  await camille.types(/^Votre courriel/, ADDRESS);
  await camille.ticks(/Licence Ouverte/);
  camille.actions += 1;
  await sends(camille.page);
  await expect(camille.page.getByText(/P-\d+/).first()).toBeVisible();
  await camille.opens(await linkInMail("/proposer/confirmer/"));
  await camille.presses(/Confirmer/);
  await expect(camille.page.getByText(/P-\d+/).first()).toBeVisible();
  const follow = await linkInMail("/suivi/");

  await ariane.goto(`${program.url}/atelier`);
  await ariane.getByRole("link", { name: TITLE }).click();
  // The script shows its own button when its keys are heard.
  await expect(ariane.getByRole("button", { name: /F1/ })).toBeVisible();
  await ariane.keyboard.press("q");
  await expect(ariane.locator("#question:focus")).toBeVisible();
  await ariane.keyboard.type("Combien de personnes au plus ?");
  await ariane.keyboard.press("Tab");
  await ariane.keyboard.press("Enter");
  await ariane.waitForURL(/\/atelier\?.*fait=demandee/);

  await camille.opens(follow);
  await expect(camille.page.getByText("Combien de personnes au plus ?")).toBeVisible();
  await camille.types(/réponse|message/i, "Douze, pas plus : la barque est petite.");
  await camille.presses("Envoyer");
  await expect(camille.page.getByText("Douze, pas plus")).toBeVisible();

  await ariane.goto(`${program.url}/atelier`);
  await ariane.getByRole("link", { name: TITLE }).click();
  await expect(ariane.getByText("Douze, pas plus")).toBeVisible();
  await expect(ariane.getByRole("button", { name: /F1/ })).toBeVisible();
  await ariane.keyboard.press("Enter");
  await ariane.waitForURL(/\/atelier\?/);

  await camille.opens(follow);
  await expect(camille.page.getByRole("heading", { name: /publiée/i })).toBeVisible();
  await camille.page.getByRole("link", { name: /Voir/ }).first().click();
  camille.actions += 1;
  await expect(camille.page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  expect(camille.actions).toBeLessThanOrEqual(20);

  await without.close();
  await with_.close();
});
