import type { CellRef, Table } from "../../model/types";
import { type Language, wordsOf } from "../../view/words";
import { toHtml } from "./html";
import { toTsv } from "./tsv";

export const MAX_CELLS = 50_000;

export interface CopiedTexts {
  readonly text: string;
  readonly html: string;
}

/** The same cells twice: as words for any program, and as a table that keeps what cells are. */
export function copyOf(
  lines: readonly (readonly CellRef[])[],
  table: Table,
  language: Language,
): CopiedTexts {
  const cells = lines.map((line) =>
    line.flatMap(({ row, column: id }) => {
      const column = table.column(id);
      if (column === undefined) return [];
      const cell = table.cell(row, id);
      return [{ words: wordsOf(cell, column, language), cell, column }];
    }),
  );
  return { text: toTsv(cells.map((line) => line.map(({ words }) => words))), html: toHtml(cells) };
}
