import type { Column, Plain } from "../model/types";
import { fold } from "./fold";
import { saysMore } from "./words";

/** What we understood of words written or pasted into a cell; `said` keeps them where the value does not say all. */
export interface Read {
  readonly value: Plain;
  readonly said: string | null;
}

/** Reads words by the kind of their column. Nothing is dropped: what is not understood is kept as said. */
export function readWords(words: string, column: Column): Read {
  const clean = words.trim();
  if (clean === "") return { value: null, said: null };
  if (saysMore(column)) return { value: null, said: words };
  switch (column.kind) {
    case "text":
    case "long_text":
      return { value: words, said: null };
    case "number":
    case "duration":
      return understood(readNumber(withoutUnit(clean, column)), words);
    case "date":
      return understood(readDate(clean), words);
    case "boolean":
      return understood(readBoolean(clean), words);
    case "choice":
      return understood(readOption(clean, column), words);
    case "choices":
      return readOptions(clean, words, column);
    default:
      return { value: clean, said: null };
  }
}

function understood(value: Plain, words: string): Read {
  return value === null ? { value, said: words } : { value, said: null };
}

/** French and plain numbers: `1 234,5`, `1234.5`. A dot is never a thousands separator: `1.234` is less than two. */
export function readNumber(words: string): number | null {
  const spaces = /[\s\u00a0\u202f]/g;
  if (!/^[-+]?(\d{1,3}([\s\u00a0\u202f]\d{3})+|\d+)([.,]\d+)?$/.test(words)) return null;
  const number = Number(words.replace(spaces, "").replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

// The name of the column says the unit: "2,5 j" in "Durée (jours)" is the number 2.5, "18 h" is not.
function withoutUnit(words: string, column: Column): string {
  const name = fold(column.label.fr);
  if (name.includes("jour")) return words.replace(/\s*(j|jours?)\.?$/i, "");
  if (name.includes("heure")) return words.replace(/\s*(h|heures?)\.?$/i, "");
  return words;
}

const MONTHS = [
  ["janvier", "janv", "jan"],
  ["fevrier", "fevr", "fev"],
  ["mars"],
  ["avril", "avr"],
  ["mai"],
  ["juin"],
  ["juillet", "juil"],
  ["aout"],
  ["septembre", "sept", "sep"],
  ["octobre", "oct"],
  ["novembre", "nov"],
  ["decembre", "dec"],
];

/** A day, a month or a year as people write it, or null where it is none that exists. */
export function readDate(words: string): string | null {
  const text = fold(words).replace(/\s+/g, " ");
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
  if (iso !== null) return dateOf(iso[1], iso[2], iso[3]);
  const slashed = /^(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})$/.exec(text);
  if (slashed !== null) return dateOf(slashed[3], slashed[2], slashed[1]);
  const named = /^(?:(\d{1,2})(?:er)? )?([a-z]+)\.? (\d{4})$/.exec(text);
  if (named === null) return null;
  const month = MONTHS.findIndex((names) => names.includes(named[2] ?? ""));
  return month < 0 ? null : dateOf(named[3], String(month + 1), named[1]);
}

function dateOf(year?: string, month?: string, day?: string): string | null {
  if (year === undefined || Number(year) < 1000) return null;
  if (month === undefined) return year;
  if (Number(month) < 1 || Number(month) > 12) return null;
  const upToMonth = `${year}-${month.padStart(2, "0")}`;
  if (day === undefined) return upToMonth;
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > lastDay) return null;
  return `${upToMonth}-${day.padStart(2, "0")}`;
}

const YES = ["oui", "o", "yes", "y", "vrai", "true", "x", "1"];
const NO = ["non", "n", "no", "faux", "false", "0"];

function readBoolean(words: string): boolean | null {
  const text = fold(words);
  if (YES.includes(text)) return true;
  return NO.includes(text) ? false : null;
}

function readOption(words: string, column: Column): string | null {
  const text = fold(words).trim();
  const found = column.options.find(
    ({ id, label }) => id === words || fold(label.fr) === text || fold(label.en) === text,
  );
  return found?.id ?? null;
}

function readOptions(clean: string, words: string, column: Column): Read {
  const whole = readOption(clean, column);
  if (whole !== null) return { value: { [whole]: true }, said: null };
  // Labels may hold commas ("associations, bénévoles"), so a comma cuts only what is not understood whole.
  const parts = clean
    .split(/[;\n|]/)
    .map((part) => part.trim())
    .flatMap((part) => (readOption(part, column) === null ? part.split(",") : [part]))
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const ids = parts.map((part) => readOption(part, column));
  const known = ids.filter((id) => id !== null);
  const value = known.length === 0 ? null : Object.fromEntries(known.map((id) => [id, true]));
  return { value, said: known.length === parts.length ? null : words };
}
