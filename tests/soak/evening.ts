/** What must be true when everybody is back: all replicas agree, the log says the same, and nothing typed is lost. */

import * as Y from "yjs";
import type { Program } from "../browser/support/program.js";
import type { Ledger } from "./ledger.js";

/** Something that must never be. */
export class Divergence extends Error {}

/** What a document says, whoever holds it. */
export function told(doc: Y.Doc): string {
  const roots = ["columns", "meta", "rows"].map((root) => sorted(doc.getMap(root).toJSON()));
  return JSON.stringify(roots);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inside]) => [key, sorted(inside)]));
}

/** The first difference between two documents, for people. */
export function difference(a: Y.Doc, b: Y.Doc): string {
  const [one, other] = [told(a), told(b)];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 120), at + 80);
  return `…${around(one)}… against …${around(other)}…`;
}

type Json = { readonly [key: string]: unknown };

/** The replayed log: checked by `tablee verify`, and written out by `tablee export`, which reads it anew. */
export async function sameInTheLog(program: Program, doc: Y.Doc): Promise<void> {
  const verified = await program.fails("verify");
  if (verified.code !== 0 || !/^formations: ok/m.test(verified.stdout)) {
    throw new Divergence(`verify: ${verified.stdout}${verified.stderr}`);
  }
  const printed = await program.command("export", "--format", "json", "--all");
  const rows = new Map((JSON.parse(printed).rows as Json[]).map((row) => [String(row.id), row]));
  const live = [...doc.getMap<Y.Map<unknown>>("rows").entries()].filter(
    ([, row]) => row.get("~deleted") == null,
  );
  const ids = (all: Iterable<string>) => [...all].sort().join(" ");
  if (ids(rows.keys()) !== ids(live.map(([id]) => id))) {
    throw new Divergence(`exported rows ${ids(rows.keys())} against ${ids(live.map(([id]) => id))}`);
  }
  for (const [id, row] of live) {
    for (const [key, value] of row.entries()) {
      if (!(value instanceof Y.Text)) continue;
      const exported = String(rows.get(id)?.[key] ?? "");
      if (exported.trim() !== value.toString().trim()) {
        throw new Divergence(`exported ${id} ${key} is \`${exported}\`, live \`${value.toString()}\``);
      }
    }
  }
}

/** Each letter stands where it was typed, once, or is kept aside for its person; so does each item and value. */
export function nothingLost(ledger: Ledger, doc: Y.Doc, asides: readonly Aside[]): void {
  const rows = doc.getMap<Y.Map<unknown>>("rows");
  const kept = JSON.stringify(asides);
  for (const { letter, row, column, who, excused } of ledger.letters.values()) {
    if (excused) continue;
    const times = String(rows.get(row)?.get(column) ?? "").split(letter).length - 1;
    if (times > 1)
      throw new Divergence(`${letter}, typed by ${who} in ${row} ${column}, stands ${times} times`);
    if (times === 0 && !kept.includes(letter)) {
      throw new Divergence(`${letter}, typed by ${who} in ${row} ${column}, is lost`);
    }
  }
  for (const [place, { who, excused }] of ledger.items) {
    const [row = "", key = ""] = place.split(" ");
    const there = rows.get(row)?.get(key);
    if (!excused && (there === undefined || there === null) && !kept.includes(key)) {
      throw new Divergence(`the item ${place} of ${who} is lost`);
    }
  }
  for (const { row, key, value } of ledger.soleValues()) {
    const there = rows.get(row)?.get(key);
    if (there !== value && !asides.some(({ intent }) => "value" in intent && intent.value === value)) {
      throw new Divergence(`${row} ${key} is ${there}, its only hand wrote ${value}`);
    }
  }
}

export interface Aside {
  readonly intent: { readonly what: string };
  readonly reason: string;
}
