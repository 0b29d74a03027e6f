import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "../../src/model/compare";
import type { TableModel } from "../../src/model/table";
import { copyOf, DEBAT, EAU, inventory, tableOn } from "./inventory";

/** Two tables that were one. */
function two(): { mine: TableModel; theirs: TableModel } {
  const doc = inventory();
  return { mine: tableOn(copyOf(doc)), theirs: tableOn(copyOf(doc)) };
}

const between = (mine: TableModel, theirs: TableModel) =>
  differences(mine.rows, theirs.rows, (id) => mine.column(id));

type Doing = (table: TableModel) => void;

/** Anything that a tab can do to a row that is there. */
const doing: fc.Arbitrary<Doing> = fc
  .record({
    what: fc.integer({ min: 0, max: 6 }),
    row: fc.constantFrom(EAU, DEBAT),
    words: fc.string({ unit: fc.constantFrom("a", "é", "😀", " "), maxLength: 6 }),
    number: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ what, row, words, number }): Doing => {
    const doings: Doing[] = [
      (table) => table.setText(row, "intitule", words),
      (table) => table.setText(row, "resume", words),
      (table) => table.setValue(row, "duree_jours", number === 0 ? null : number),
      (table) =>
        table.setValue(row, "themes", number % 2 === 0 ? { debat: true } : { eau: true, debat: true }),
      (table) => table.setSaid(row, "duree_jours", words),
      (table) => table.setBinned([row], number % 2 === 0),
      (table) => table.setText(table.addRow(null), "intitule", words),
    ];
    return doings[what] ?? doings[0] ?? (() => {});
  });

describe("what differs between two documents", () => {
  it("is nothing where they say the same, whatever their histories", () => {
    const { mine, theirs } = two();
    mine.setValue(EAU, "duree_jours", 9);
    mine.setValue(EAU, "duree_jours", 4);
    mine.setText(EAU, "intitule", "Eau");
    theirs.setValue(EAU, "duree_jours", 4);
    theirs.setText(EAU, "intitule", "Eaux");
    theirs.setText(EAU, "intitule", "Eau");

    expect(between(mine, theirs)).toEqual([]);
  });

  it("is named place by place, from theirs to mine", () => {
    const { mine, theirs } = two();
    mine.setValue(EAU, "themes", { debat: true });
    mine.setValue(EAU, "duree_jours", 4);
    theirs.setSaid(EAU, "duree_jours", null);
    mine.setBinned([DEBAT], true);

    expect(between(mine, theirs)).toEqual([
      { what: "set", row: EAU, key: "themes/debat", value: true, before: null },
      { what: "set", row: EAU, key: "themes/eau", value: null, before: true },
      { what: "set", row: EAU, key: "duree_jours~said", value: "2 jours et demi", before: null },
      { what: "set", row: EAU, key: "duree_jours", value: 4, before: 2.5 },
      { what: "bin", row: DEBAT, binned: true },
    ]);
  });

  it("leaves rows alone that only they have", () => {
    const { mine, theirs } = two();
    theirs.setText(theirs.addRow(null), "intitule", "La leur");

    expect(between(mine, theirs)).toEqual([]);
  });

  it("done again in theirs makes them say what mine says, whatever was done in either", () => {
    const doings = fc.array(doing, { maxLength: 12 });
    fc.assert(
      fc.property(doings, doings, (here, there) => {
        const { mine, theirs } = two();
        for (const done of here) done(mine);
        for (const done of there) done(theirs);

        for (const intent of between(mine, theirs)) theirs.replay(intent);

        expect(between(mine, theirs)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
