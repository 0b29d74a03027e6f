/** What a table's document may look like, and which of it a role may never change: said once more, from the design alone. */

import * as Y from "yjs";

type Json = { readonly [key: string]: unknown };
type Rows = Y.Map<Y.Map<unknown>>;

const CURATED = ["etat", "verifie_le"] as const;
const TEXTS = ["text", "long_text"];
const LISTS = ["prices", "sessions", "places", "choices"];

/** Makes a picture of all that a role may not change, starting from the rows that are there now. */
export function guardedFrom(role: string, start: Y.Doc): (doc: Y.Doc) => string {
  const first = [...start.getMap<Y.Map<unknown>>("rows").keys()].sort();
  return (doc) => {
    const rows: Rows = doc.getMap("rows");
    const frame = [doc.getMap("columns").toJSON(), doc.getMap("meta").toJSON()];
    const kept = first.map((id) => [id, ofRow(role, id, rows.get(id))]);
    const made = [...rows.entries()].filter(([id]) => !first.includes(id));
    // A row that a member makes starts as the server says.
    const states = role === "pilot" ? [] : made.map(([, row]) => row.get("etat") ?? null);
    return JSON.stringify([frame, kept, [...new Set(states.filter((state) => state !== "brouillon"))]]);
  };
}

function ofRow(role: string, id: string, row: Y.Map<unknown> | undefined): unknown {
  if (!(row instanceof Y.Map)) return "gone";
  const own = id === "rowown";
  const base = row.get("~base") ?? null;
  const title = row.get("intitule") instanceof Y.Text;
  if (role === "pilot") return { base, title };
  if (role === "member of own rows" && !own) return row.toJSON();
  const curated = CURATED.map((key) => row.get(key) ?? null);
  return {
    base,
    title,
    curated,
    order: row.get("~order"),
    binned: own ? null : (row.get("~deleted") ?? null),
  };
}

/** Everything in the rows that has no place there. */
export function misshapen(doc: Y.Doc): string[] {
  const columns = doc.getMap<Json>("columns");
  const found: string[] = [];
  const roots = [...doc.share.keys()].filter((root) => !["rows", "columns", "meta"].includes(root));
  for (const root of roots) found.push(`root ${root}`);
  for (const [id, row] of doc.getMap<Y.Map<unknown>>("rows")) {
    if (!(row instanceof Y.Map)) {
      found.push(`${id} is no row`);
      continue;
    }
    if (!/^[a-z0-9_]+$/.test(id)) found.push(`${id} is no name of a row`);
    for (const [key, value] of row.entries()) {
      if (!fits(columns, key, value)) found.push(`${id} ${key}: ${JSON.stringify(value)}`);
    }
  }
  return found;
}

function fits(columns: Y.Map<Json>, key: string, value: unknown): boolean {
  const plain = value === null || ["string", "number", "boolean"].includes(typeof value);
  if (key === "~order") return typeof value === "string";
  if (key === "~deleted") return value === null || isMap(value);
  const [, column = "", mark = "", item = ""] = /^([a-z0-9_]+)(\/|~said)?(.*)$/.exec(key) ?? [];
  const kind = columns.get(column)?.kind as string | undefined;
  if (kind === undefined) return false;
  if (mark === "~said")
    return item === "" && !TEXTS.includes(kind) && (value === null || typeof value === "string");
  if (mark === "/")
    return LISTS.includes(kind) && item !== "" && (value === null || value === true || isMap(value));
  if (TEXTS.includes(kind)) return value instanceof Y.Text && onlyLetters(value);
  return !LISTS.includes(kind) && plain;
}

const isMap = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Y.AbstractType);

const onlyLetters = (text: Y.Text) =>
  (text.toDelta() as { insert: unknown; attributes?: unknown }[]).every(
    ({ insert, attributes }) => typeof insert === "string" && attributes === undefined,
  );
