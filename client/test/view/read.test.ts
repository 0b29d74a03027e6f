import { describe, expect, it } from "vitest";
import { readDate, readNumber, readWords } from "../../src/view/read";
import { wordsOf } from "../../src/view/words";
import { column, option } from "../grid/support/fakeTable";

const themes = column("themes", "choices", {
  options: [option("eau", "Eau"), option("asso", "associations, bénévoles"), option("elus", "élu·es")],
});

describe("numbers", () => {
  it.each([
    ["12", 12],
    ["2,5", 2.5],
    ["2.5", 2.5],
    ["1 234,5", 1234.5],
    ["1\u202f234", 1234],
    ["-3", -3],
    ["007", 7],
  ])("%s is %d", (words, number) => {
    expect(readNumber(words)).toBe(number);
  });

  it.each(["", "douze", "1 23", "12 €", "1,2,3", "=1+1", "Infinity", "1e3"])("%s is none", (words) => {
    expect(readNumber(words)).toBeNull();
  });

  it("may say the unit that the name of the column says", () => {
    const days = column("duree_jours", "duration", { label: { fr: "Durée (jours)", en: "Days" } });

    expect(readWords("2,5 j", days)).toEqual({ value: 2.5, said: null });
    expect(readWords("18 h", days)).toEqual({ value: null, said: "18 h" });
  });
});

describe("dates", () => {
  it.each([
    ["2026-09-30", "2026-09-30"],
    ["2026-09", "2026-09"],
    ["2026", "2026"],
    ["30/09/2026", "2026-09-30"],
    ["1/9/2026", "2026-09-01"],
    ["09/2026", "2026-09"],
    ["21 novembre 2026", "2026-11-21"],
    ["1er août 2026", "2026-08-01"],
    ["Déc. 2026", "2026-12"],
    ["29/02/2028", "2028-02-29"],
  ])("%s is %s", (words, date) => {
    expect(readDate(words)).toBe(date);
  });

  it.each(["31/02/2026", "2026-13", "29/02/2026", "bientôt", "12/12/26", "0000"])("%s is none", (words) => {
    expect(readDate(words)).toBeNull();
  });
});

describe("what was not understood", () => {
  it("is kept as words beside an empty value", () => {
    expect(readWords("à la demande", column("debut", "date"))).toEqual({ value: null, said: "à la demande" });
  });

  it("keeps the options that were", () => {
    expect(readWords("eau ; forêt", themes)).toEqual({ value: { eau: true }, said: "eau ; forêt" });
  });

  it("does not touch the words of a price", () => {
    expect(readWords("225 euros par jour", column("tarifs", "prices"))).toEqual({
      value: null,
      said: "225 euros par jour",
    });
  });
});

describe("choices", () => {
  it("are read by their labels, whatever accents, case and commas", () => {
    expect(readWords("EAU; associations, benevoles", themes).value).toEqual({ eau: true, asso: true });
    expect(readWords("elues, eau", themes).value).toEqual({ elus: true, eau: true });
  });

  it("come back from their own words", () => {
    const value = { asso: true, eau: true };

    const words = wordsOf({ value, said: null }, themes, "fr");

    expect(words).toBe("Eau ; associations, bénévoles");
    expect(readWords(words, themes)).toEqual({ value, said: null });
  });
});
