/** Workbooks as LibreOffice reads them: a second pair of eyes on what we read and on what we write. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface OfficeCell {
  /** What a person sees. */
  readonly shown: string;
  /** `string`, `float`, `date`, `boolean`, `error`, `currency`, `percentage`, `time`. */
  readonly kind: string;
  /** The number, or the date as `2026-09-30`; empty for a text. */
  readonly value: string;
  /** The addresses behind the words. */
  readonly links: readonly string[];
  readonly formula: string | null;
  readonly note: string | null;
}

export interface OfficeRow {
  /** From 1. */
  readonly number: number;
  readonly hidden: boolean;
  /** By the number of the column, from 0; empty cells are absent. */
  readonly cells: ReadonlyMap<number, OfficeCell>;
}

export interface OfficeSheet {
  readonly name: string;
  readonly rows: readonly OfficeRow[];
}

/** Converts a file; gives the names and bytes of what it became. A text file is read as `from` says. */
export async function converted(file: string, to: string, from?: string): Promise<Map<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), "tablee-office-"));
  try {
    const out = join(folder, "out");
    // A profile of its own, so that two of them may run; UTF-8, so that names of sheets become names of files.
    const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
    const reading = from === undefined ? [] : [`--infilter=${from}`];
    const args = [profile, "--headless", ...reading, "--convert-to", to, "--outdir", out, file];
    await run("soffice", args, { env: { ...process.env, LC_ALL: "C.UTF-8" }, timeout: 90_000 });
    return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a workbook, or a text file as `from` says. */
export async function opened(file: string, from?: string): Promise<readonly OfficeSheet[]> {
  const [flat] = (await converted(file, "fods", from)).values();
  if (flat === undefined) throw new Error(`LibreOffice does not open ${file}`);
  return sheetsOf(flat.toString("utf8"));
}

interface Node {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Node | string)[];
}

function sheetsOf(flat: string): readonly OfficeSheet[] {
  const tables = all(parsed(flat), "table:table");
  return tables.map((table) => ({ name: table.attributes.get("table:name") ?? "", rows: rowsOf(table) }));
}

function rowsOf(table: Node): readonly OfficeRow[] {
  const rows: OfficeRow[] = [];
  let number = 1;
  for (const row of all(table, "table:table-row")) {
    const times = Number(row.attributes.get("table:number-rows-repeated") ?? 1);
    const cells = cellsOf(row);
    const hidden = row.attributes.has("table:visibility");
    // Empty lines are repeated by the million down to the end of the sheet.
    for (let n = 0; cells.size > 0 && n < times; n += 1) rows.push({ number: number + n, hidden, cells });
    number += times;
  }
  return rows;
}

function cellsOf(row: Node): ReadonlyMap<number, OfficeCell> {
  const cells = new Map<number, OfficeCell>();
  let at = 0;
  for (const node of row.children) {
    if (typeof node === "string") continue;
    const times = Number(node.attributes.get("table:number-columns-repeated") ?? 1);
    const cell = cellOf(node);
    const isEmpty = cell.shown === "" && cell.note === null && cell.kind !== "error";
    for (let n = 0; !isEmpty && n < times; n += 1) cells.set(at + n, cell);
    at += times;
  }
  return cells;
}

function cellOf(node: Node): OfficeCell {
  const attribute = (name: string) => node.attributes.get(name);
  const paragraphs = node.children.filter((child): child is Node => isNamed(child, "text:p"));
  const [annotation] = all(node, "office:annotation");
  return {
    shown: paragraphs.map(textOf).join("\n"),
    kind: attribute("calcext:value-type") ?? attribute("office:value-type") ?? "string",
    value: attribute("office:date-value") ?? attribute("office:value") ?? "",
    links: paragraphs
      .flatMap((paragraph) => all(paragraph, "text:a"))
      .map((link) => link.attributes.get("xlink:href") ?? ""),
    formula: attribute("table:formula") ?? null,
    note: annotation === undefined ? null : all(annotation, "text:p").map(textOf).join("\n"),
  };
}

function textOf(node: Node): string {
  const parts = node.children.map((child) => {
    if (typeof child === "string") return child;
    if (child.name === "text:s") return " ".repeat(Number(child.attributes.get("text:c") ?? 1));
    if (child.name === "text:tab") return "\t";
    if (child.name === "text:line-break") return "\n";
    return textOf(child);
  });
  return parts.join("");
}

function isNamed(node: Node | string, name: string): node is Node {
  return typeof node !== "string" && node.name === name;
}

/** All elements of a name under a node, in order; not those inside one of them. */
function all(node: Node, name: string): Node[] {
  return node.children.flatMap((child) => {
    if (typeof child === "string") return [];
    return child.name === name ? [child] : all(child, name);
  });
}

/** XML as LibreOffice writes it: well formed, without CDATA. */
function parsed(xml: string): Node {
  const root: Node = { name: "", attributes: new Map(), children: [] };
  const open = [root];
  for (const [, skipped, end, name, written, alone, text] of xml.matchAll(
    /(<[?!][^>]*>)|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g,
  )) {
    if (skipped !== undefined) continue;
    const parent = open.at(-1) ?? root;
    if (text !== undefined) parent.children.push(unescaped(text));
    else if (end === "/") open.pop();
    else {
      const attributes = [...(written ?? "").matchAll(/([\w:.-]+)="([^"]*)"/g)];
      const node: Node = {
        name: name ?? "",
        attributes: new Map(attributes.map(([, key, value]) => [key ?? "", unescaped(value ?? "")])),
        children: [],
      };
      parent.children.push(node);
      if (alone !== "/") open.push(node);
    }
  }
  return root;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x?)?(\w+);/g, (whole, numeric: string | undefined, name: string) => {
    if (numeric === undefined) return NAMED[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(name, numeric === "#x" ? 16 : 10));
  });
}
