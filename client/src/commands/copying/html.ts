import type { Cell, Column, Kind } from "../../model/types";
import { webAddress } from "../../view/address";

/** A copied cell: its words for everybody, and itself for another table of ours. */
export interface CopiedCell {
  readonly words: string;
  readonly kind?: Kind;
  readonly cell?: Cell;
}

export type Copied = readonly (readonly CopiedCell[])[];

export const KIND = "data-tablee-kind";
export const CELL = "data-tablee-cell";

/** Writes cells as one table. `<br>` with Microsoft's rule keeps the lines of a cell in one cell of Excel. */
export function toHtml(lines: readonly (readonly { words: string; cell: Cell; column: Column }[])[]): string {
  const rows = lines.map((line) => `<tr>${line.map(cellToHtml).join("")}</tr>`);
  return (
    '<meta charset="utf-8"><style>br{mso-data-placement:same-cell}</style>' +
    `<table data-tablee="1"><tbody>${rows.join("")}</tbody></table>`
  );
}

function cellToHtml({ words, cell, column }: { words: string; cell: Cell; column: Column }): string {
  const shown = escaped(words).replace(/\r\n?|\n/g, "<br>");
  const link = column.kind === "url" ? webAddress(words) : null;
  const inside = link === null ? shown : `<a href="${escaped(link)}">${shown}</a>`;
  const raw = escaped(JSON.stringify({ value: cell.value, said: cell.said }));
  return `<td ${KIND}="${column.kind}" ${CELL}="${raw}">${inside}</td>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
