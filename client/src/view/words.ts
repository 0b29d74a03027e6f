import type { Cell, Column, Label, Plain } from "../model/types";
import { print } from "../reading/print";

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

/** The words a cell shows, copies, is edited and is searched by: its value's; the contributor's own where it has none. */
export function wordsOf(cell: Cell, column: Column, language: Language): string {
  const words = wordsOfValue(cell.value, column, language);
  return words === "" ? (cell.said ?? "") : words;
}

export function wordsOfValue(value: Plain, column: Column, language: Language): string {
  if (value === null) return "";
  return SAY[column.kind](value, column, language);
}

/** Columns whose cells hold items that people write in one go, as they write sentences. */
export function isList(column: Column): boolean {
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

// As the pages print them, and so that they are read back as the same value.
const printed: Say = (value, column) => print(column, value);

const choiceWords: Say = (value, column, language) =>
  typeof value === "string" ? optionLabel(column, value, language) : "";

const choicesWords: Say = (value, column, language) =>
  optionsSet(value, column)
    .map((id) => optionLabel(column, id, language))
    .join(" ; ");

const booleanWords: Say = (value, _, language) => YES_NO[language][value === true ? 0 : 1];

const SAY: Readonly<Record<Column["kind"], Say>> = {
  text: plainWords,
  long_text: plainWords,
  number: numberWords,
  duration: numberWords,
  date: printed,
  choice: choiceWords,
  choices: choicesWords,
  boolean: booleanWords,
  url: plainWords,
  email: plainWords,
  phone: printed,
  code: plainWords,
  prices: printed,
  sessions: printed,
  places: printed,
};

function isItem(value: Plain | undefined): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
