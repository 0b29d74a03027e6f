import type { Cell, Column, Label, Plain } from "../model/types";

export type Language = keyof Label;

type Item = { readonly [key: string]: Plain };
type Say = (value: Plain, column: Column, language: Language) => string;

const YES_NO: Readonly<Record<Language, readonly [yes: string, no: string]>> = {
  fr: ["oui", "non"],
  en: ["yes", "no"],
};

const numbers: Readonly<Record<Language, Intl.NumberFormat>> = {
  // No thousands separator: a spreadsheet must be able to read back what we copy.
  fr: new Intl.NumberFormat("fr", { useGrouping: false, maximumFractionDigits: 15 }),
  en: new Intl.NumberFormat("en", { useGrouping: false, maximumFractionDigits: 15 }),
};

/** The words a cell shows, copies and is searched by. */
export function wordsOf(cell: Cell, column: Column, language: Language): string {
  if (saysMore(column) && cell.said !== null) return cell.said;
  const words = wordsOfValue(cell.value, column, language);
  return words === "" ? (cell.said ?? "") : words;
}

export function wordsOfValue(value: Plain, column: Column, language: Language): string {
  if (value === null) return "";
  return SAY[column.kind](value, column, language);
}

/** Columns whose cells are edited by the contributor's words, never by their items. */
export function saysMore(column: Column): boolean {
  return column.kind === "prices" || column.kind === "sessions" || column.kind === "places";
}

export function optionLabel(column: Column, id: string, language: Language): string {
  const option = column.options.find((option) => option.id === id);
  return option === undefined ? id : option.label[language] || option.label.fr;
}

/** The ids of the options that are set, in the order in which they are offered. */
export function optionsSet(value: Plain, column: Column): readonly string[] {
  if (!isItem(value)) return [];
  const set = Object.keys(value).filter((id) => value[id] === true);
  const offered = column.options.map((option) => option.id).filter((id) => set.includes(id));
  return [...offered, ...set.filter((id) => !offered.includes(id))];
}

const plainWords: Say = (value) => (typeof value === "string" ? value : String(value));

const numberWords: Say = (value, _, language) =>
  typeof value === "number" ? numbers[language].format(value) : String(value);

const dateWords: Say = (value) => (typeof value === "string" ? dateToWords(value) : "");

const choiceWords: Say = (value, column, language) =>
  typeof value === "string" ? optionLabel(column, value, language) : "";

const choicesWords: Say = (value, column, language) =>
  optionsSet(value, column)
    .map((id) => optionLabel(column, id, language))
    .join(" ; ");

const booleanWords: Say = (value, _, language) => YES_NO[language][value === true ? 0 : 1];

const listWords =
  (sayItem: (item: Item, language: Language) => string): Say =>
  (value, _, language) =>
    itemsOf(value)
      .map((item) => sayItem(item, language))
      .filter((words) => words !== "")
      .join(" ; ");

const SAY: Readonly<Record<Column["kind"], Say>> = {
  text: plainWords,
  long_text: plainWords,
  number: numberWords,
  duration: numberWords,
  date: dateWords,
  choice: choiceWords,
  choices: choicesWords,
  boolean: booleanWords,
  url: plainWords,
  email: plainWords,
  phone: plainWords,
  code: plainWords,
  prices: listWords(priceWords),
  sessions: listWords(sessionWords),
  places: listWords(placeWords),
};

/** `2026-09-30`, `2026-09` or `2026` as a French hand writes it. */
export function dateToWords(date: string): string {
  return date.split("-").reverse().join("/");
}

function priceWords(item: Item, language: Language): string {
  const amount = item.montant;
  if (typeof amount !== "number") return textOf(item, "texte");
  const from = item.a_partir_de === true ? (language === "fr" ? "à partir de " : "from ") : "";
  const currency = textOf(item, "devise");
  const unit = textOf(item, "unite");
  const profile = textOf(item, "profil");
  const parts = [
    from + numbers[language].format(amount),
    currency === "" || currency === "EUR" ? "€" : currency,
    textOf(item, "taxe"),
    unit === "" ? "" : `/ ${unit}`,
    profile === "" ? "" : `(${profile})`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function sessionWords(item: Item): string {
  const from = dateToWords(textOf(item, "debut"));
  const to = dateToWords(textOf(item, "fin"));
  const when = to === "" || to === from ? from : `${from} – ${to}`;
  const said = [when, textOf(item, "lieu"), textOf(item, "etat_recrutement")].filter((part) => part !== "");
  return said.length === 0 ? textOf(item, "texte") : said.join(", ");
}

function placeWords(item: Item, language: Language): string {
  const online = item.en_ligne === true ? (language === "fr" ? "en ligne" : "online") : "";
  const department = textOf(item, "departement");
  const town = textOf(item, "commune") + (department === "" ? "" : ` (${department})`);
  return [textOf(item, "lieu"), town.trim(), online].filter((part) => part !== "").join(", ");
}

function itemsOf(value: Plain): readonly Item[] {
  if (!isItem(value)) return [];
  return Object.values(value).filter(isItem);
}

function isItem(value: Plain | undefined): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(item: Item, key: string): string {
  const value = item[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
