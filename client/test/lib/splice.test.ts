import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applySplice, movePosition, rebase, spliceBetween } from "../../src/lib/splice";

describe("the smallest change between two texts", () => {
  it("always leads from one to the other", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "🌳", "👩‍🌾", "\n") });

    fc.assert(
      fc.property(text, text, (from, to) => {
        const splice = spliceBetween(from, to);
        expect(splice === null ? from : applySplice(from, splice)).toBe(to);
      }),
    );
  });

  it("never cuts a character of two units in its middle", () => {
    // 🌳 and 🌲 share their first unit.
    const splice = spliceBetween("un 🌳 vert", "un 🌲 vert");

    expect(splice).toEqual({ at: 3, removed: 2, inserted: "🌲" });
  });

  it("believes the caret when letters repeat", () => {
    expect(spliceBetween("aaa", "aaaa", 1)).toEqual({ at: 1, removed: 0, inserted: "a" });
    expect(spliceBetween("aaa", "aaaa")).toEqual({ at: 3, removed: 0, inserted: "a" });
  });
});

describe("the caret", () => {
  it("moves with what others write before it, not with what they write at or after it", () => {
    const inserted = { at: 4, removed: 0, inserted: "xyz" };

    expect(movePosition(6, inserted)).toBe(9);
    expect(movePosition(4, inserted)).toBe(4);
    expect(movePosition(2, inserted)).toBe(2);
  });

  it("stands where the hole is when its words are removed", () => {
    expect(movePosition(6, { at: 4, removed: 5, inserted: "" })).toBe(4);
  });
});

describe("two hands in one text", () => {
  it("keep both their words when they write in different places", () => {
    expect(rebase("Animer une réunion", "Bien animer une réunion", "Animer une réunion publique")).toBe(
      "Bien animer une réunion publique",
    );
    expect(rebase("Animer une réunion", "Animer une réunion publique", "Bien animer une réunion")).toBe(
      "Bien animer une réunion publique",
    );
  });

  it("keep both their insertions when they write over the same words", () => {
    const merged = rebase("Animer une réunion", "Animer deux ateliers", "Animer une table ronde");

    expect(merged).toContain("deux ateliers");
    expect(merged).toContain("table ronde");
  });

  it("leave nothing of an insertion behind, whatever they write", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });

    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const merged = rebase(base, mine, theirs);
        const own = spliceBetween(base, mine);
        const other = spliceBetween(base, theirs);
        expect(merged).toContain(own?.inserted ?? "");
        expect(merged).toContain(other?.inserted ?? "");
      }),
    );
  });
});
