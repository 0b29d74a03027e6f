/**
 * What people read, by key. French decides which keys there are; English has every one of them, or it does
 * not compile. To add a text: its key and sentence in `fr.ts` (or in `frAsked.ts`, where only what opens on demand
 * says it), then in `en.ts`.
 */
import { typesetFrench } from "../lib/typeset";
import { fr } from "./fr";
import type { frAsked } from "./frAsked";

export type Lang = "fr" | "en";
export type Key = keyof typeof fr | keyof typeof frAsked;
/** A sentence, or two for a number: `{n}` is the number, `{…}` other values. */
export type Message = string | { readonly one: string; readonly other: string };
export type Messages = Readonly<Record<Key, Message>>;
export type Values = Readonly<Record<string, string | number>>;

/** Says a message in the language it was made for. */
export interface Translate {
  (key: Key, values?: Values): string;
  readonly lang: Lang;
}

const RULES: Readonly<Record<Lang, Intl.PluralRules>> = {
  fr: new Intl.PluralRules("fr"),
  en: new Intl.PluralRules("en"),
};

/** The translator of a page, with the texts of its language: the other language is not sent to it. */
export async function loadTranslator(lang: Lang): Promise<Translate> {
  return lang === "en" ? translator("en", (await import("./en")).en) : translator("fr");
}

let asked: Partial<Messages> = {};

/** Fetches the texts of what opens on demand, where they did not come with the others. */
export async function loadAskedTexts(lang: Lang): Promise<void> {
  if (lang === "fr") asked = (await import("./frAsked")).frAsked;
}

/** A translator for these texts; the French ones of the table itself are always at hand. */
export function translator(lang: Lang, messages: Partial<Messages> = fr): Translate {
  const number = new Intl.NumberFormat(lang);
  const say = (key: Key, values: Values = {}): string => {
    const message = messages[key] ?? asked[key] ?? key;
    const sentence = typeof message === "string" ? message : chosen(message, values.n, lang);
    // Before the hole is filled: what people wrote stays as they wrote it.
    return lang === "fr"
      ? filled(elided(typesetFrench(sentence), values), values, number)
      : filled(sentence, values, number);
  };
  return Object.assign(say, { lang });
}

/** The language that a page asks for, French for any other. */
export function langOf(word: string | undefined): Lang {
  return word === "en" ? "en" : "fr";
}

/** In French 0 and 1 are singular, in English 1 alone. */
function chosen(message: Exclude<Message, string>, n: string | number | undefined, lang: Lang): string {
  return RULES[lang].select(Number(n ?? 0)) === "one" ? message.one : message.other;
}

// A vowel, a silent h, or a y that sounds like one.
const ELIDES = /^(?:[aeiouœæ]|h|y[^aeiou])/i;

/** "de {name}" is "d’Émile": whoever is named. */
function elided(sentence: string, values: Values): string {
  return sentence.replace(/\bde \{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    const plain = typeof value === "string" ? value.normalize("NFD").replace(/\p{M}/gu, "") : "";
    return ELIDES.test(plain) ? `d’{${name}}` : whole;
  });
}

function filled(sentence: string, values: Values, number: Intl.NumberFormat): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    return typeof value === "number" ? number.format(value) : value;
  });
}
