import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Column, Kind, Plain } from "../../src/model/types";
import { type Vocabulary, vocabularyOf } from "../../src/reading/choice";
import { both } from "../../src/reading/contact";
import { duration } from "../../src/reading/duration";
import { precisionOf } from "../../src/reading/precision";
import { read } from "../../src/reading/read";
import { isEmpty, nothing, type Reading } from "../../src/reading/reading";
import { catalogueCode } from "../../src/reading/text";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../fixtures/readings");

/** One line of a file of `fixtures/readings`, which Rust reads too. */
export interface Case {
  readonly place: string;
  readonly file: string;
  readonly column: string;
  readonly words: string;
  readonly wanted: Told;
}

/** What was read, in the form of a line. */
export interface Told {
  readonly value: Plain;
  readonly precision: string;
  readonly doubts: readonly string[];
  readonly also: Plain;
}

/** A column as the fixture has it, with the keys of all words that name its options. */
export type KnownColumn = Column & { readonly words: Readonly<Record<string, string>> };

const written: readonly (Omit<KnownColumn, "options"> & Partial<Pick<KnownColumn, "options">>)[] = JSON.parse(
  readFileSync(join(folder, "columns.json"), "utf8"),
);

export const columns: readonly KnownColumn[] = written.map((column) => ({ options: [], ...column }));

const vocabularies = new Map<string, Vocabulary>(columns.map((column) => [column.id, vocabularyOf(column)]));

export function readCell(column: Column, words: string): Reading {
  const vocabulary = vocabularies.get(column.id);
  if (vocabulary === undefined) throw new Error(`no column ${column.id}`);
  return read(column, vocabulary, words);
}

export const cases: readonly Case[] = readdirSync(folder)
  .filter((name) => name.endsWith(".tsv"))
  .sort()
  .flatMap((name) => {
    const [, ...lines] = readFileSync(join(folder, name), "utf8").split("\n");
    return lines
      .filter((line) => line !== "")
      .map((line, at) => caseOf(name.replace(".tsv", ""), `${name}:${at + 2}`, line));
  });

function caseOf(file: string, place: string, line: string): Case {
  const [, column = "", words = "", value = "", precision = "", doubts = "", also = ""] = line.split("\t");
  const wanted = {
    value: JSON.parse(value) as Plain,
    precision,
    doubts: doubts.split(" ").filter((key) => key !== ""),
    also: also === "" ? {} : (JSON.parse(also) as Plain),
  };
  const sorted = { ...wanted, doubts: wanted.doubts.sort() };
  return { place, file, column, words: unescaped(words), wanted: sorted };
}

/** `\n`, `\t` and `\u202f`, so that a line of a file is a case. */
function unescaped(words: string): string {
  return words.replace(/\\(?:u(....)|(n)|(t))/g, (_, code?: string, line?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return line === undefined ? "\t" : "\n";
  });
}

const OF_FILE: Readonly<Record<string, string>> = {
  price: "tarifs",
  session: "sessions",
  place: "lieux",
  boolean: "booleen",
};

/** The column whose cell the words of a case stand in; none where the whole text is read. */
export function columnOf({ file, column }: Case): KnownColumn | undefined {
  const id = column === "" ? OF_FILE[file] : column;
  return columns.find((known) => known.id === id);
}

/** Reads a case through the door that its file names. */
export function readCase(it: Case): Told {
  const column = columnOf(it);
  if (column !== undefined) return told(column.kind, readCell(column, it.words));
  switch (it.file) {
    case "duration":
      return told("duration", duration(it.words));
    case "contact":
      return told("email", contactOf(it.words));
    case "title": {
      const found = catalogueCode(it.words);
      const value = found === null ? null : { code: found.code, intitule: found.title };
      return told("text", { ...nothing(), value });
    }
    default:
      throw new Error(`${it.place} needs a column`);
  }
}

function contactOf(words: string): Reading {
  const { email, phone } = both(words);
  const found: [string, Reading][] = [
    ["contact_courriel", email],
    ["contact_tel", phone],
  ];
  const kept = found.filter(([, reading]) => !isEmpty(reading.value));
  const value = Object.fromEntries(kept.map(([name, reading]) => [name, reading.value]));
  return { ...nothing(), value, doubts: [...email.doubts, ...phone.doubts] };
}

function told(kind: Kind, reading: Reading): Told {
  const doubts = [...new Set(reading.doubts.map(({ why }) => why))].sort();
  return { value: reading.value, precision: precisionOf(kind, reading), doubts, also: reading.also };
}
