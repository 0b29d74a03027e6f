import { describe, expect, it } from "vitest";
import { en } from "../../src/i18n/en";
import { fr as frOfTable } from "../../src/i18n/fr";
import { frAsked } from "../../src/i18n/frAsked";
import { type Key, langOf, loadTranslator, type Message, translator } from "../../src/i18n/t";

const fr = { ...frOfTable, ...frAsked };
const keys = Object.keys(fr) as Key[];
const forms = (message: Message): string[] =>
  typeof message === "string" ? [message] : [message.one, message.other];
const holes = (message: Message): string[] => {
  const found = forms(message).flatMap((form) =>
    [...form.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].sort();
};

describe("the texts of the interface", () => {
  it("are in both languages, no more and no less", () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it.each(keys)("%s says something, with the same values and the same forms in both", (key) => {
    for (const form of [...forms(fr[key]), ...forms(en[key])]) expect(form.trim()).not.toBe("");
    expect(holes(en[key])).toEqual(holes(fr[key]));
    expect(typeof en[key]).toBe(typeof fr[key]);
  });

  it("are in one place each", () => {
    expect(Object.keys(frOfTable).filter((key) => key in frAsked)).toEqual([]);
  });

  it("of the French hand use typographic apostrophes", () => {
    const straight = keys.filter((key) => forms(fr[key]).some((form) => form.includes("'")));

    expect(straight).toEqual([]);
  });
});

describe("a translator", () => {
  it("counts as each language counts", () => {
    const [french, english] = [translator("fr"), translator("en", en)];

    expect([0, 1, 2].map((n) => french("state.offline.kept", { n }))).toEqual([
      "Hors ligne\u00a0: 0 modification gardée sur cet appareil",
      "Hors ligne\u00a0: 1 modification gardée sur cet appareil",
      "Hors ligne\u00a0: 2 modifications gardées sur cet appareil",
    ]);
    expect(english("refused.count", { n: 0 })).toBe("0 changes not allowed");
    expect(english("refused.count", { n: 1 })).toBe("1 change not allowed");
  });

  it("writes numbers in its language and leaves words as they are", () => {
    expect(translator("en", en)("toolbar.rows", { n: 50_000 })).toBe("50,000 rows");
    expect(translator("fr")("presence.you", { name: "Léa {n}" })).toBe("Léa {n} (vous)");
  });

  it("says of whom something is, whoever it is", () => {
    const of = (name: string) => translator("fr")("overtaken.by", { name });

    expect(of("Léa")).toContain("celle de Léa");
    expect(of("Émile")).toContain("celle d’Émile");
    expect(of("Hélène")).toContain("celle d’Hélène");
    expect(of("Yves")).toContain("celle d’Yves");
    expect(of("Yann")).toContain("celle de Yann");
  });

  it("is loaded with the texts of its page’s language", async () => {
    expect((await loadTranslator("en"))("state.saved")).toBe("Saved");
    expect((await loadTranslator("fr"))("state.saved")).toBe("Enregistré");
  });

  it("speaks French to pages that ask for no language it knows", () => {
    expect([langOf("en"), langOf("fr"), langOf("de"), langOf(undefined)]).toEqual(["en", "fr", "fr", "fr"]);
  });
});
