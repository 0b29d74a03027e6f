/** The values of a table's document, read as design.md 4 lays it out and by no code of the client. */

import type * as Y from "yjs";

export type Cells = ReadonlyMap<string, unknown>;

/** The rows by id, bin left out: what was set since, else what the row came with. */
export function rowsOf(doc: Y.Doc): Map<string, Cells> {
  const rows = doc.getMap<Y.Map<unknown>>("rows");
  const meta = doc.getMap("meta");
  const found = new Map<string, Cells>();
  for (const [id, row] of rows) {
    if (row.get("~deleted") != null) continue;
    found.set(
      id,
      cellsOf(row, (slots) => meta.get(`slots/${slots}`) as string[]),
    );
  }
  return found;
}

function cellsOf(row: Y.Map<unknown>, keysOf: (slots: number) => string[]): Cells {
  const cells = new Map<string, unknown>();
  const base = row.get("~base") as unknown[] | undefined;
  if (base !== undefined) {
    const [slots, ...values] = base;
    keysOf(slots as number).forEach((key, at) => {
      if (values[at] != null) cells.set(key, values[at]);
    });
  }
  for (const [key, value] of row) {
    if (key.startsWith("~")) continue;
    const [column = "", item] = key.split("/");
    const plain = value === null || typeof value !== "object" || !("toJSON" in value) ? value : String(value);
    if (item === undefined) cells.set(key, plain);
    else cells.set(column, { ...(cells.get(column) as object | undefined), [item]: plain });
  }
  for (const [key, value] of cells) if (isNothing(value)) cells.delete(key);
  return cells;
}

/** Nothing was said: no value, no letter, no item. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.values(value).every((item) => item === null);
}

/** All that a value says, as lines of text. */
export function textsIn(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "object") return Object.values(value).flatMap(textsIn);
  return [String(value)];
}
