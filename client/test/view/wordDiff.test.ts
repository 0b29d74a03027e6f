import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Piece, wordDiff } from "../../src/view/wordDiff";

const said = (before: string, after: string): string =>
  wordDiff(before, after)
    .map(({ kind, words }) => (kind === "same" ? words : kind === "gone" ? `[-${words}-]` : `[+${words}+]`))
    .join("");

const without = (pieces: readonly Piece[], kind: Piece["kind"]): string =>
  pieces
    .filter((piece) => piece.kind !== kind)
    .map(({ words }) => words)
    .join("");

describe("what changed in a text", () => {
  it("is told in whole words", () => {
    expect(said("Animer un débat public", "Animer un grand débat public")).toBe(
      "Animer un [+grand +]débat public",
    );
    expect(said("Durée : 2 jours", "Durée : 3 jours")).toBe("Durée : [-2-][+3+] jours");
    expect(said("l’eau et la ville", "l’air et la ville")).toBe("l’[-eau-][+air+] et la ville");
  });

  it("is one change where only spaces lie between two", () => {
    expect(said("une formation courte ici", "un atelier long ici")).toBe(
      "[-une formation courte-][+un atelier long+] ici",
    );
  });

  it("is all of it where nothing or everything was there", () => {
    expect(said("", "Tout neuf")).toBe("[+Tout neuf+]");
    expect(said("Tout vieux", "")).toBe("[-Tout vieux-]");
    expect(said("pareil", "pareil")).toBe("pareil");
    expect(wordDiff("", "")).toEqual([]);
  });

  it("says both texts in full, whatever they are", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = wordDiff(before, after);

        expect(without(pieces, "come")).toBe(before);
        expect(without(pieces, "gone")).toBe(after);
      }),
    );
  });

  it("stays right beyond the words that one area of signs holds", () => {
    const words = Array.from({ length: 7_000 }, (_, at) => `m${at}`);
    const before = words.join(" ");
    const after = [...words.slice(0, 6_990), "neuf", ...words.slice(6_990)].join(" ");

    expect(wordDiff(before, after).filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "come", words: "neuf " },
    ]);
  });
});
