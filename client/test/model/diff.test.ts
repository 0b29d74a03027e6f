import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTexts, splices } from "../../src/model/diff";

const words = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "é", " ", "😀", "😁"), maxLength: 24 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
);

function apply(text: string, changes: ReturnType<typeof splices>): string {
  return [...changes]
    .reverse()
    .reduce((now, { at, removed, inserted }) => now.slice(0, at) + inserted + now.slice(at + removed), text);
}

/** Whether the characters of `inside` stand in `text` in this order. */
function contains(text: string, inside: string): boolean {
  const wanted = [...inside];
  for (const character of text) if (character === wanted[0]) wanted.shift();
  return wanted.length === 0;
}

describe("fine changes of a text", () => {
  it("lead from one text to the other, in order, without tearing a character", () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const changes = splices(before, after);

        expect(apply(before, changes)).toBe(after);
        let end = 0;
        for (const { at, removed, inserted } of changes) {
          expect(at).toBeGreaterThanOrEqual(end);
          expect(inserted.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "")).not.toMatch(/[\ud800-\udfff]/);
          end = at + removed;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("touch only what differs, in several places too", () => {
    expect(splices("l’eau et le débat", "L’eau, et le grand débat")).toEqual([
      { at: 0, removed: 1, inserted: "L" },
      { at: 5, removed: 0, inserted: "," },
      { at: 12, removed: 0, inserted: "grand " },
    ]);
  });

  it("are found for long texts that have little in common", () => {
    const [before, after] = ["ab".repeat(40_000), "cd".repeat(40_000)];

    expect(apply(before, splices(before, after))).toBe(after);
  });
});

describe("a text that two people made of one", () => {
  it("is theirs when I did nothing, mine when they did nothing, and once when both did the same", () => {
    fc.assert(
      fc.property(words, words, (from, to) => {
        expect(mergeTexts(from, from, to)).toBe(to);
        expect(mergeTexts(from, to, from)).toBe(to);
        expect(mergeTexts(from, to, to)).toBe(to);
      }),
    );
  });

  it("holds every letter that either of them put in", () => {
    fc.assert(
      fc.property(words, words, words, (from, mine, theirs) => {
        const merged = mergeTexts(from, mine, theirs);

        for (const { inserted } of splices(from, mine)) expect(contains(merged, inserted)).toBe(true);
        for (const { inserted } of splices(from, theirs)) expect(contains(merged, inserted)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is what both meant where they wrote in different places", () => {
    expect(mergeTexts("Eau et débat", "L’eau et débat", "Eau et débat public")).toBe("L’eau et débat public");
    expect(mergeTexts("Eau et débat", "débat", "Eau et grand débat")).toBe("grand débat");
  });
});
