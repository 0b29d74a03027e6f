import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as Y from "yjs";
import type { Intent } from "../../src/model/intent";
import type { TableModel } from "../../src/model/table";
import { coalesced, covers } from "../../src/sync/apply";
import { copyOf, EAU, inventory, tableOn } from "../model/inventory";

const text = (from: string, to: string): Intent => ({ what: "text", row: EAU, column: "intitule", from, to });
const days = (value: number): Intent => ({ what: "set", row: EAU, key: "duree_jours", value, before: 2.5 });

describe("whether a document already holds an edit", () => {
  function editOf(work: (table: TableModel) => void): { before: Y.Doc; after: Y.Doc; update: Uint8Array } {
    const table = tableOn(inventory());
    table.setText(EAU, "intitule", "Eau et débat");
    table.setText(EAU, "intitule", "Eau et débats");
    const before = copyOf(table.doc);
    let update = new Uint8Array();
    table.edits.on((edit) => {
      update = new Uint8Array(edit.update);
    });
    work(table);
    return { before, after: copyOf(table.doc), update };
  }

  it.each([
    ["letters put in", (table: TableModel) => table.setText(EAU, "intitule", "Eau et débats publics")],
    ["letters taken out", (table: TableModel) => table.setText(EAU, "intitule", "Eau")],
    ["a value", (table: TableModel) => table.setValue(EAU, "duree_jours", 4)],
  ])("is known for %s", (_, work) => {
    const { before, after, update } = editOf(work);

    expect(covers(before, update)).toBe(false);
    expect(covers(after, update)).toBe(true);
  });
});

describe("the same doings in fewer steps", () => {
  it("join letters that follow each other, and keep the last of several values", () => {
    const steps = [text("", "a"), days(3), text("a", "ab"), days(4), text("ab", "abc")];

    expect(coalesced(steps)).toEqual([text("", "abc"), days(4)]);
  });

  it("do not claim the letters of others that came in between", () => {
    const steps = [text("", "a"), text("ba", "bac")];

    expect(coalesced(steps)).toEqual(steps);
  });

  it("lead to the same text, whatever was typed and whatever others wrote meanwhile", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), word, (typed, theirs) => {
        const steps = typed.map((to, at) => text(at === 0 ? "Eau et débat" : (typed[at - 1] ?? ""), to));
        const table = tableOn(inventory());
        table.setText(EAU, "intitule", `Eau et débat${theirs}`);
        for (const step of coalesced(steps)) table.replay(step);

        const result = String(table.cell(EAU, "intitule").value ?? "");
        expect(result.endsWith(theirs) || theirs === "" || result.includes(theirs)).toBe(true);
        for (const letter of typed.at(-1) ?? "") expect(result).toContain(letter);
      }),
    );
  });
});
