import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column, Plain } from "../../src/model/types";
import { duration } from "../../src/reading/duration";
import * as print from "../../src/reading/print";
import type { Reading } from "../../src/reading/reading";
import { oneLine, repaired } from "../../src/reading/text";
import { cases, columns, readCell } from "./cases";

// One column of each kind, and one of each kind of code.
const IDS =
  "intitule objectifs effectif_max tarifs duree_heures duree_jours date_echeance sessions lieux modalite publics url " +
  "contact_courriel contact_tel booleen code_rncp siret code_postal code_insee";
const oneOfEach = columns.filter(({ id }) => IDS.split(" ").includes(id));

// Words of the fixtures cut and joined anew: what people write, in an order that nobody thought of.
const JOINTS = [" ", "", " ; ", ", ", "\n", " et ", " / ", "(", ")", " à ", "-", " + "];
const piece = fc
  .tuple(
    fc.constantFrom(...cases.map(({ words }) => words)),
    fc.nat(40),
    fc.nat(40),
    fc.constantFrom(...JOINTS),
  )
  .map(([words, from, to, joint]) => words.slice(Math.min(from, to), Math.max(from, to)) + joint);
const mixed = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
const hostile = fc.oneof(
  mixed,
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.stringMatching(/^[0-9 .,/:x+€h()-]{0,40}$/),
);

const whys = (reading: Reading): string[] => reading.doubts.map(({ why }) => why);

/** Every number inside a value. */
function numbersIn(value: Plain): string[] {
  if (typeof value === "number") return [print.number(Math.abs(value)).replace(",", ".")];
  if (typeof value === "string") return value.split(/[^0-9]/);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** Whether a number stands in the words: in digits, in letters, as hours made of minutes. */
function standsIn(number: string, words: string): boolean {
  const digits = words.replace(/[^0-9]/g, "");
  const bare = number.replace(/[^0-9]/g, "").replace(/^0+/, "");
  const value = Number(number);
  const minutes = Math.round(value * 60);
  return (
    digits.includes(bare) ||
    (value <= 12 && /\p{Alphabetic}/u.test(words)) ||
    digits.includes(String(minutes)) ||
    (digits.includes(String(Math.floor(value))) && digits.includes(String(minutes % 60)))
  );
}

/** Columns whose values name things by ids and codes, or hold the words themselves. */
const OWN = ["choice", "choices", "places", "url", "text", "long_text"];

function invented(column: Column, words: string): string[] {
  const reading = readCell(column, words);
  const said = repaired(words);
  const made = ["computed", "serial-date", "ambiguous-date"];
  if (OWN.includes(column.kind) || whys(reading).some((why) => made.includes(why))) return [];
  const numbers = numbersIn(reading.value);
  if (column.kind === "sessions" || column.kind === "date") {
    // Days between two are counted; years must stand there, the second of `2025-26` in two digits.
    const digits = said.replace(/[^0-9]/g, "");
    return numbers.filter((number) => number.length === 4 && !digits.includes(number.slice(2)));
  }
  const national = (number: string): string => (column.kind === "phone" ? number.replace(/^33/, "") : number);
  return numbers.filter((number) => !standsIn(national(number), said));
}

/** Whether each parenthesis has its partner in its line: one that has none may find another in what we print. */
const isBalanced = (words: string): boolean =>
  words.split("\n").every((line) => {
    let depth = 0;
    for (const sign of line) {
      depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
      if (depth < 0) return false;
    }
    return depth === 0;
  });

// Pieces that are dear to a careless grammar when they stand a thousand times, and where they are read.
const DEAR: readonly (readonly [columns: string, pieces: readonly string[]])[] = [
  ["sessions date_echeance", ["12 mars et ", "12/", "1 ", "2025-", "Lyon 1, "]],
  ["lieux", ["Lyon, ", "Lyon, France, ", "et ", "((", ") (", "38000 "]],
  ["tarifs", ["1 € ", "€ ", "gratuit ", "1.000.", "par jour ("]],
  ["duree_jours effectif_max", ["2 fois ", "1 x ", "+ 2 h ", "de 1 à ", "environ "]],
  ["contact_courriel contact_tel", ["a@", "a.", "00", "01 ", "+1("]],
  ["publics modalite", ["élu·", "(e)", "et ", "élus, "]],
  ["url code_rncp", ["http ", "a.", "http://a ", "RNCP 1 "]],
  ["intitule booleen", ["\u0301", "Ã", "à vérifier ", "\n", "\ufdfa"]],
];

describe("reading any words", () => {
  it("never throws, and never invents a number", () => {
    fc.assert(
      fc.property(hostile, (words) => {
        duration(words);
        for (const column of oneOfEach) expect(invented(column, words), column.id).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves what is not understood as words with a flag", () => {
    fc.assert(
      fc.property(hostile, (words) => {
        if (oneLine(repaired(words)) === "") return;
        for (const column of oneOfEach) {
          const reading = readCell(column, words);
          const understood = reading.value !== null || Object.keys(reading.also).length > 0;
          expect(understood || reading.doubts.length > 0, `${column.id} lost it`).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same value again from what we print", () => {
    fc.assert(
      fc.property(mixed.filter(isBalanced), (words) => {
        for (const column of oneOfEach.filter(({ kind }) => kind !== "text" && kind !== "long_text")) {
          const { value } = readCell(column, words);
          const printed = print.print(column, value);
          expect(readCell(column, printed).value, `${column.id} printed ${printed}`).toEqual(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives the number that was printed", () => {
    const column = oneOfEach.find(({ id }) => id === "effectif_max") as Column;
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (number) => {
        const value = number === 0 ? 0 : number;
        expect(readCell(column, print.number(value)).value).toBe(value);
      }),
    );
  });

  it("costs about ten times as much for ten thousand characters as for one thousand", () => {
    const work = (characters: number): number => {
      const start = performance.now();
      for (const [ids, pieces] of DEAR) {
        for (const column of oneOfEach.filter(({ id }) => ids.split(" ").includes(id))) {
          for (const piece of pieces) readCell(column, piece.repeat(characters / piece.length));
        }
      }
      return performance.now() - start;
    };
    work(1000);

    const ratio = work(10_000) / work(1000);

    // A square would be a hundred. The machine may be busy with other things meanwhile.
    expect(ratio).toBeLessThan(40);
  }, 60_000);
});
