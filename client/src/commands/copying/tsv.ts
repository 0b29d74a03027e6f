/** A rectangle of words, row by row. */
export type Lines = readonly (readonly string[])[];

const MUST_QUOTE = /[\t\r\n]/;

/**
 * Writes cells as spreadsheets do: quotes only round a value that holds a tab or a line end.
 *
 * A value that merely begins with a quote stays bare, as in Excel and Sheets.
 */
export function toTsv(lines: Lines): string {
  return lines.map((line) => line.map(quoted).join("\t")).join("\r\n");
}

function quoted(words: string): string {
  return MUST_QUOTE.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}

/** Reads cells written by any spreadsheet. Exactly one final line end is not a line; all lines get one length. */
export function fromTsv(text: string): Lines {
  const clean = text.replace(/^\ufeff/, "").replace(/(\r\n|\r|\n)$/, "");
  const lines: string[][] = [[]];
  let at = 0;
  while (at <= clean.length) {
    const { words, end } = quotedAt(clean, at) ?? bareAt(clean, at);
    lines.at(-1)?.push(words);
    if (end >= clean.length) break;
    if (clean[end] !== "\t") lines.push([]);
    at = end + (clean.startsWith("\r\n", end) ? 2 : 1);
  }
  return squared(lines, "");
}

/** Makes all lines as long as the longest. */
export function squared<Cell>(
  lines: readonly (readonly Cell[])[],
  empty: Cell,
): readonly (readonly Cell[])[] {
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), 0);
  return lines.map((line) => [...line, ...Array.from({ length: width - line.length }, () => empty)]);
}

interface Found {
  readonly words: string;
  readonly end: number;
}

function bareAt(text: string, at: number): Found {
  const rest = text.slice(at).search(MUST_QUOTE);
  const end = rest < 0 ? text.length : at + rest;
  return { words: text.slice(at, end), end };
}

// A value in quotes is one only if its closing quote ends the cell and there was a reason to quote it:
// `"so"` is a word that somebody wrote in quotes.
function quotedAt(text: string, at: number): Found | null {
  if (text[at] !== '"') return null;
  let end = at + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) return null;
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const after = text[end + 1];
  if (after !== undefined && !MUST_QUOTE.test(after)) return null;
  const inside = text.slice(at + 1, end);
  if (!MUST_QUOTE.test(inside)) return null;
  return { words: inside.replaceAll('""', '"').replace(/\r\n?/g, "\n"), end: end + 1 };
}
