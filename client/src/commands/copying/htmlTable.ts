import type { Cell, Kind, Plain } from "../../model/types";
import { CELL, type Copied, type CopiedCell, KIND } from "./html";
import { squared } from "./tsv";

// Even a page that is never shown reports its styles as a breach of ours.
const STYLES = /<style\b[\s\S]*?<\/style\s*>/gi;
// A page on the clipboard may claim cells as wide as it likes.
const WIDEST_SPAN = 200;

/** Reads the first table of a page into cells, or null where there is none. The page is parsed, never shown. */
export function fromHtml(html: string, maxCells: number): Copied | null {
  const table = new DOMParser().parseFromString(html.replace(STYLES, ""), "text/html").querySelector("table");
  if (table === null) return null;
  const own = table.hasAttribute("data-tablee");
  const lines: CopiedCell[][] = [];
  let count = 0;
  [...table.querySelectorAll("tr")].forEach((row, y) => {
    lines[y] ??= [];
    for (const cell of row.querySelectorAll<HTMLTableCellElement>("td, th")) {
      const copied = cellFromHtml(cell, own);
      const [down, right] = [span(cell, "rowspan"), span(cell, "colspan")];
      const line = lines[y];
      const x = freeIn(line);
      for (let dy = 0; dy < down; dy += 1) {
        for (let dx = 0; dx < right && count <= maxCells; dx += 1) {
          lines[y + dy] ??= [];
          const target = lines[y + dy];
          if (target === undefined) continue;
          target[x + dx] = dy === 0 && dx === 0 ? copied : { words: "" };
          count += 1;
        }
      }
    }
  });
  const full = lines.map((line) => Array.from(line, (cell) => cell ?? { words: "" }));
  return full.length === 0 ? null : squared(full, { words: "" });
}

function freeIn(line: readonly CopiedCell[] | undefined): number {
  const at = Array.from(line ?? []).indexOf(undefined as unknown as CopiedCell);
  return at < 0 ? (line?.length ?? 0) : at;
}

function span(cell: Element, name: "rowspan" | "colspan"): number {
  const asked = Number.parseInt(cell.getAttribute(name) ?? "1", 10);
  return Number.isFinite(asked) ? Math.max(1, Math.min(WIDEST_SPAN, asked)) : 1;
}

function cellFromHtml(cell: Element, own: boolean): CopiedCell {
  const words = own ? null : wordsOfElement(cell);
  if (words !== null) return { words };
  const [kind, raw] = [cell.getAttribute(KIND), cell.getAttribute(CELL)];
  const known = raw === null ? null : cellFromJson(raw);
  const shown = wordsOfElement(cell);
  if (kind === null || known === null) return { words: shown };
  return { words: shown, kind: kind as Kind, cell: known };
}

function cellFromJson(raw: string): Cell | null {
  try {
    const read: unknown = JSON.parse(raw);
    if (typeof read !== "object" || read === null || !("value" in read)) return null;
    const said = "said" in read && typeof read.said === "string" ? read.said : null;
    return { value: read.value as Plain, said };
  } catch {
    return null;
  }
}

const BLOCKS = new Set(["P", "DIV", "LI", "TR"]);

/** The words of a cell as a browser would show them: `<br>` and paragraphs are line ends, other white space is one. */
function wordsOfElement(cell: Element): string {
  let words = "";
  const walk = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      words += (node.nodeValue ?? "").replace(/[ \t\r\n]+/g, " ");
      return;
    }
    if (node.nodeName === "BR") words += "\n";
    else {
      const block = BLOCKS.has(node.nodeName);
      if (block && words !== "" && !words.endsWith("\n")) words += "\n";
      for (const child of node.childNodes) walk(child);
    }
  };
  for (const child of cell.childNodes) walk(child);
  return words
    .replaceAll("\u00a0", " ")
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n+$/, "");
}
