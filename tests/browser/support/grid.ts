/** Cells of the live grid, by what a person reads: the number of the line and the name of the column. */

import { expect, type Locator, type Page } from "@playwright/test";

/** Ids of the columns that the table shows first, by the label over them. */
const COLUMNS = {
  Intitulé: "intitule",
  "Organisme de formation": "organisme",
  "Type de formation": "type",
  Thèmes: "themes",
  "Public visé": "publics",
  Format: "modalite",
  Durée: "duree_texte",
  Sessions: "sessions",
  Lieux: "lieux",
  Tarif: "tarif_texte",
  "Page de la formation": "url",
  État: "etat",
} as const;

export type ColumnName = keyof typeof COLUMNS;

/** The cell of a line (from 1, the header not counted) in the column of this name. */
export function cell(page: Page, line: number, column: ColumnName): Locator {
  return page.locator(`.grid [role="row"][aria-rowindex="${line + 1}"] > [data-column="${COLUMNS[column]}"]`);
}

/** What a cell says, without the names of others and the buttons in it. */
export function wordsIn(target: Locator): Locator {
  return target.locator(".cell-words");
}

/** The field of the open cell. */
export function field(page: Page): Locator {
  return page.locator(".grid .editor").locator("textarea, input").first();
}

/** The number of the first line whose cell in this column is empty, among those on screen. */
export async function emptyLine(page: Page, column: ColumnName): Promise<number> {
  const empty = page.locator(`.grid-body [data-column="${COLUMNS[column]}"] > .cell-words:empty`).first();
  await empty.waitFor({ state: "attached" });
  const index = await empty.locator("xpath=ancestor::*[@role='row']").getAttribute("aria-rowindex");
  return Number(index) - 1;
}

/** The id of the row on a line. */
export async function rowOn(page: Page, line: number): Promise<string> {
  return (
    (await page.locator(`.grid [role="row"][aria-rowindex="${line + 1}"]`).getAttribute("data-row")) ?? ""
  );
}

/** Everything done here is on the server's disk. */
export async function saved(page: Page): Promise<void> {
  await expect(page.locator("#table")).toHaveAttribute("data-state", "saved");
  await expect(page.getByRole("status").getByText("Enregistré", { exact: true })).toBeVisible();
}
