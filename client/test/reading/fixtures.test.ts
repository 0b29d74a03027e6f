import { describe, expect, it } from "vitest";
import { vocabularyOf } from "../../src/reading/choice";
import { WHYS } from "../../src/reading/doubt";
import { duration } from "../../src/reading/duration";
import * as print from "../../src/reading/print";
import { cases, columnOf, columns, readCase, readCell } from "./cases";

describe("the readings of the fixtures", () => {
  it("are those of a careful person, and so those of the server", () => {
    const wrong = cases
      .map((it) => ({ place: it.place, words: it.words, read: readCase(it), wanted: it.wanted }))
      .filter(({ read, wanted }) => !same(read, wanted));

    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });

  it("are read again from what we print", () => {
    for (const it of cases) {
      const { value } = readCase(it);
      const column = columnOf(it);
      if (column !== undefined) {
        const printed = print.print(column, value);
        expect(readCell(column, printed).value, `${it.place} printed ${printed}`).toEqual(value);
      } else if (it.file === "duration") {
        const printed = print.duration(value);
        expect(duration(printed).value, `${it.place} printed ${printed}`).toEqual(value);
      }
    }
  });

  it("know the same words of options as the server", () => {
    for (const column of columns) {
      const words = Object.fromEntries(vocabularyOf(column).optionByKey);

      expect(words, column.id).toEqual(column.words);
    }
  });

  it("have only doubts that have a key", () => {
    const keys = new Set(cases.flatMap(({ wanted }) => wanted.doubts));

    expect([...keys].filter((key) => !(WHYS as readonly string[]).includes(key))).toEqual([]);
  });
});

const same = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other);

/** Texts by which two values with the same keys in any order are the same. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
