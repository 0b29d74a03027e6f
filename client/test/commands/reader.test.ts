import { beforeEach, expect, it, vi } from "vitest";
import type { Reader } from "../../src/commands/reader";
import { translator } from "../../src/i18n/t";
import { column, FakeTable } from "../grid/support/fakeTable";

const t = translator("fr");
let table: FakeTable;
let told: string[];
let fresh: typeof import("../../src/commands/reader");

// Each test is a page of its own, where the reader has not come yet.
beforeEach(async () => {
  vi.resetModules();
  vi.doUnmock("../../src/commands/understanding");
  fresh = await import("../../src/commands/reader");
  table = new FakeTable([column("jours", "duration"), column("lieux", "places")], [{ jours: 2 }]);
  told = [];
});

const hand = () => ({ table, t, notice: (words: string) => told.push(words) });
const type = (id: string, words: string) =>
  fresh.typeWords(hand(), {
    ref: { row: "r0", column: id },
    words,
    from: table.cell("r0", id).value,
  });
const come = (): Promise<Reader> => fresh.loadReader(t);

it("words typed before the reader has come are shown, and read when it has, in one step of undo", async () => {
  type("jours", "3,5");

  expect(table.cell("r0", "jours")).toEqual({ value: null, said: "3,5" });
  expect(table.canUndo()).toBe(false);
  expect(told).toEqual(["Vos mots seront lus dans un instant."]);

  await come();
  await vi.waitFor(() => expect(table.cell("r0", "jours")).toEqual({ value: 3.5, said: null }));
  table.undo();
  expect(table.cell("r0", "jours")).toEqual({ value: 2, said: null });
});

it("words written over words that wait take their place", async () => {
  table.setValue("r0", "lieux", { i01: { commune: "Brest" } });
  table.endStep();

  type("lieux", "Brest ; Lyon");
  type("lieux", "Lyon");

  await come();
  await vi.waitFor(() =>
    expect(Object.values(table.cell("r0", "lieux").value ?? {})).toEqual([{ commune: "Lyon" }]),
  );
  table.undo();
  expect(table.cell("r0", "lieux").value).toEqual({ i01: { commune: "Brest" } });
});

it("where the reader cannot come the words are kept with a flag, and nothing is guessed", async () => {
  vi.doMock("../../src/commands/understanding", () => {
    throw new Error("no network");
  });

  type("jours", "3,5");

  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(table.cell("r0", "jours")).toEqual({ value: null, said: "3,5" });
  expect(told[1]).toBe("1 n’a pas été comprise\u00a0: vos mots sont gardés, à vérifier.");
  table.undo();
  expect(table.cell("r0", "jours").value).toBe(2);
});

it("after a failure the reader can be asked for again", async () => {
  vi.doMock("../../src/commands/understanding", () => {
    throw new Error("no network");
  });
  await expect(come()).rejects.toThrow();
  vi.doUnmock("../../src/commands/understanding");

  await expect(come()).resolves.toBeDefined();
});

it("once it is here, words are read at once", async () => {
  await come();

  type("jours", "3,5");

  expect(table.cell("r0", "jours").value).toBe(3.5);
  expect(told).toEqual([]);
});
