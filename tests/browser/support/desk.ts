/** A desk with something of everything on it, laid there through the doors that people use. */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { Person } from "./people.js";
import type { Program } from "./program.js";

const HEADER = "Intitulé;Organisme;Type de formation;Page de la formation;État";

/** Five rows: two that tell of one offer, two that no visitor sees before somebody looked, and one more. */
export function inventory(): string {
  const lines = [
    "Animer une réunion publique;Les Ateliers du Pré;formation courte;https://exemple.org/animer;publiée",
    "Animer une réunion publique !;Les Ateliers du Pré;formation courte;https://exemple.org/animer-2;publiée",
    "Écouter pour décider;Coopérative Rive;formation courte;https://exemple.org/ecouter;à vérifier",
    "Évaluer une démarche;Maison des Berges;formation courte;https://exemple.org/evaluer;à vérifier",
    "Modérer en ligne;Numérique et Cité;formation courte;https://exemple.org/moderer;publiée",
  ];
  const path = join(mkdtempSync(join(tmpdir(), "tablee-desk-")), "inventaire.csv");
  writeFileSync(path, `${[HEADER, ...lines].join("\n")}\n`);
  return path;
}

/** Presses "Envoyer" until the form is taken: one that is sent faster than a hand can write comes back as it was. */
export async function sends(page: Page): Promise<void> {
  const licence = page.locator("#licence");
  if (await licence.isVisible()) await licence.check();
  await expect(async () => {
    const button = page.getByRole("button", { name: /^Envoyer/ }).first();
    if (await button.isVisible()) await button.click();
    await expect(page).toHaveURL(/\/proposer\/recu\//, { timeout: 500 });
  }).toPass();
}

/** Proposes an offer. */
export async function proposes(
  page: Page,
  program: Program,
  title: string,
  provider = "Association Confluence",
): Promise<void> {
  await page.goto(`${program.url}/proposer`);
  await page.locator("[name=intitule]").fill(title);
  await page.locator("[name=organisme]").fill(provider);
  await page.locator("select[name=type]").selectOption("formation_courte");
  await page.locator("[name=resume]").fill("Deux jours pour apprendre en faisant.");
  await page.locator("input[name=themes]").first().check();
  await page.locator("[name=url]").fill(`https://exemple.org/${encodeURIComponent(title)}`);
  await sends(page);
}

/** The identifiers of rows by their titles, as the public table says them. */
export async function rowsOf(page: Page, program: Program): Promise<Map<string, string>> {
  const answer = await page.request.get(`${program.url}/exports/formations.json`);
  const { rows } = (await answer.json()) as { rows: { id: string; intitule: string }[] };
  return new Map(rows.map(({ id, intitule }) => [intitule, id]));
}

/** Corrects the title of a row. */
export async function corrects(page: Page, program: Program, row: string, title: string): Promise<void> {
  await page.goto(`${program.url}/proposer?corriger=${row}`);
  await page.locator("[name=intitule]").fill(title);
  await sends(page);
}

/** Asks for a row to go. */
export async function asksToRemove(page: Page, program: Program, row: string): Promise<void> {
  await page.goto(`${program.url}/proposer?retirer=${row}`);
  await page.locator("input[name=motif]").first().check();
  await sends(page);
}

/** Leaves an edit that the live table refused: a length. */
export async function suggests(
  page: Page,
  program: Program,
  row: string,
  length: number,
  key = "duree_heures",
): Promise<void> {
  const suggestion = {
    id: `s-${row}-${length}`,
    row,
    what: "set",
    key,
    value: length,
    before: null,
    reason: "pilots-only",
    at: 1_795_435_200_000,
  };
  const answer = await page.request.post(`${program.url}/api/v1/tables/formations/suggestions`, {
    headers: { origin: program.url },
    data: { suggestions: [suggestion] },
  });
  expect(answer.status()).toBe(200);
}

/** Lays twelve entries on the desk: three offers, a correction, a removal, a suggestion, and what stands in the rows. */
export async function laysTwelve(browser: Browser, program: Program): Promise<void> {
  const nour = await Person.signsIn(browser, program, "Nour", "member", { javaScriptEnabled: false });
  const { page } = nour;
  const rows = await rowsOf(page, program);
  const first = rows.get("Animer une réunion publique") ?? "";
  for (const title of ["Tenir conseil", "Faire enquête", "Lire un budget"]) {
    await proposes(page, program, title);
  }
  await corrects(page, program, first, "Animer une réunion publique ouverte");
  await asksToRemove(page, program, rows.get("Modérer en ligne") ?? "");
  await suggests(page, program, first, 14);
  await nour.leaves();
}
