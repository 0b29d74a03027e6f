import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { EPOCH, META } from "../../src/model/layout";
import { isEmpty } from "../../src/model/plain";
import type { TableModel } from "../../src/model/table";
import type { Column, Plain } from "../../src/model/types";
import { tableOn } from "./inventory";

const FOLDER = fileURLToPath(new URL("../../../fixtures/documents/", import.meta.url));

interface RowFixture {
  readonly id: string;
  readonly order: string;
  readonly deleted: boolean;
  readonly cells: Readonly<Record<string, Plain>>;
  readonly said: Readonly<Record<string, string>>;
}

interface DocumentFixture {
  readonly epoch: number;
  readonly columns: readonly (Partial<Column> & { readonly id: string })[];
  readonly rows: readonly RowFixture[];
  readonly texts: readonly string[];
}

function rowOf(table: TableModel, id: string, columns: readonly { readonly id: string }[]) {
  const cells: Record<string, Plain> = {};
  const said: Record<string, string> = {};
  for (const column of columns) {
    const cell = table.cell(id, column.id);
    if (!isEmpty(cell.value)) cells[column.id] = cell.value;
    if (cell.said !== null) said[column.id] = cell.said;
  }
  return { cells, said };
}

/** The cells that are shared texts, found in the document itself. */
function textsOf(doc: Y.Doc): string[] {
  const rows = doc.getMap<Y.Map<unknown>>("rows");
  return [...rows.entries()].flatMap(([id, row]) =>
    [...row.entries()].filter(([, value]) => value instanceof Y.Text).map(([key]) => `${id}/${key}`),
  );
}

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".yjs"))
  .map((name) => name.replace(/\.yjs$/, ""));

describe.each(names)("the document %s, written by the server", (name) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(readFileSync(`${FOLDER}${name}.yjs`)));
  const table = tableOn(doc);
  const expected = JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8")) as DocumentFixture;

  it("has the same columns in the same order", () => {
    const inUse = expected.columns.filter(({ archived }) => archived !== true);

    expect(table.columns().map(({ id }) => id)).toEqual(inUse.map(({ id }) => id));
    for (const { options, ...column } of expected.columns) {
      expect(table.column(column.id)).toMatchObject(column);
      expect(table.column(column.id)?.options.map(({ id }) => id)).toEqual(
        (options ?? []).map(({ id }) => id),
      );
    }
  });

  it("has the same rows in the same order, in the table and in the bin", () => {
    const ids = (deleted: boolean) =>
      expected.rows.filter((row) => row.deleted === deleted).map(({ id }) => id);

    expect(table.rowIds()).toEqual(ids(false));
    expect(table.binnedRowIds()).toEqual(ids(true));
  });

  it("has the same values, words and texts", () => {
    for (const { id, cells, said } of expected.rows) {
      expect({ id, ...rowOf(table, id, expected.columns) }).toEqual({ id, cells, said });
    }
    expect(textsOf(doc).sort()).toEqual([...expected.texts].sort());
    expect(doc.getMap(META).get(EPOCH)).toBe(expected.epoch);
  });
});
