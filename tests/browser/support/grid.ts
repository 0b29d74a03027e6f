/** Cells of the live grid, by what a person reads: the number of the line and the name of the column. */

import type { Locator, Page } from "@playwright/test";

/** The cell of a line (`aria-rowindex`: the header is 1) in the column of this name. */
export function cell(page: Page, line: number, column: string): Locator {
  return page
    .locator(`[role="row"][aria-rowindex="${line}"]`)
    .locator(`[data-column="${COLUMNS[column] ?? column}"]`);
}

/** Ids of the default columns, by their French label. */
const COLUMNS: Record<string, string> = {
  Intitulé: "intitule",
  Organisme: "organisme",
  Type: "type",
  Thèmes: "themes",
  Format: "modalite",
  Durée: "duree_texte",
  Lieux: "lieux",
  Page: "url",
  État: "etat",
};
