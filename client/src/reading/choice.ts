/** Choices: the options of a column, by label, by other usual words, in any writing. The mirror of `domain::reading::choice`. */
import type { Column } from "../model/types";
import { beginsWithAgents, employer, narrowed } from "./audience";
import type { Why } from "./doubt";
import { isWhite, key, trimmed } from "./fold";
import { keeping, type Reading, sure, unread } from "./reading";
import { severalLines } from "./text";
import { aliasesOf } from "./words";

/** The words by which the options of one column are known. */
export interface Vocabulary {
  readonly optionByKey: ReadonlyMap<string, string>;
  readonly labelByOption: ReadonlyMap<string, string>;
}

/** The vocabulary of a column. Labels go before other words, options in use before retired ones. */
export function vocabularyOf(column: Column): Vocabulary {
  const optionByKey = new Map<string, string>();
  const labelByOption = new Map<string, string>();
  const learn = (words: string, option: string): void => {
    const name = key(words);
    if (name !== "" && !optionByKey.has(name)) optionByKey.set(name, option);
  };
  const used = column.options.filter(({ archived }) => archived !== true);
  const retired = column.options.filter(({ archived }) => archived === true);
  for (const { id, label } of [...used, ...retired]) {
    labelByOption.set(id, label.fr);
    learn(label.fr, id);
    learn(label.en, id);
  }
  for (const [option, words] of Object.entries(aliasesOf(column.id))) {
    if (labelByOption.has(option)) for (const name of words) learn(name, option);
  }
  return { optionByKey, labelByOption };
}

/** The option that the words name as a whole, in the masculine or in the feminine. */
export function find({ optionByKey }: Vocabulary, words: string): string | null {
  const name = key(words);
  return optionByKey.get(name) ?? optionByKey.get(masculine(name)) ?? null;
}

const ENDINGS: readonly (readonly [feminine: string, masculine: string])[] = [
  ["trice", "teur"],
  ["euse", "eur"],
  ["iere", "ier"],
  ["enne", "en"],
  ["onne", "on"],
  ["ive", "if"],
  ["ale", "al"],
  ["e", ""],
];

/** A key with its words in the masculine, for looking up only. */
function masculine(name: string): string {
  const turned = name.split(" ").map((word) => {
    const length = Array.from(word).length;
    if (length === 4 && word.endsWith("e")) return word.slice(0, -1);
    const ending = length > 4 ? ENDINGS.find(([feminine]) => word.endsWith(feminine)) : undefined;
    return ending === undefined ? word : word.slice(0, -ending[0].length) + ending[1];
  });
  return turned.join(" ");
}

/** Reads a cell that holds one option. */
export function one(vocabulary: Vocabulary, written: string): Reading {
  const words = severalLines(written);
  const found = lookUp(vocabulary, words);
  const [option, ...others] = new Set(found.options.map((it) => it.option));
  if (option === undefined) return unread(words, "unknown-words");
  return others.length > 0
    ? unread(words, "several-for-one")
    : doubted(sure(option), found, vocabulary, words);
}

/** Reads a cell that holds several options. */
export function many(vocabulary: Vocabulary, written: string): Reading {
  const words = severalLines(written);
  const found = lookUp(vocabulary, words);
  if (found.options.length === 0) return unread(words, "unknown-words");
  const chosen = Object.fromEntries(found.options.map(({ option }) => [option, true]));
  return doubted(sure(chosen), found, vocabulary, words);
}

/** What was found in the words of a cell. */
interface LookedUp {
  readonly options: { readonly option: string; readonly words: string }[];
  readonly unknown: string[];
  /** What stood in parentheses behind an option. */
  readonly remarks: string[];
}

/** Adds the doubts and the words to keep. They go only where each word is a label as it stands. */
function doubted(reading: Reading, found: LookedUp, vocabulary: Vocabulary, words: string): Reading {
  const tell = (why: Why, told: readonly string[]) => told.map((words) => ({ why, words }));
  const doubts = [...tell("unknown-words", found.unknown), ...tell("remark-kept", found.remarks)];
  const isLabel = ({ option, words }: { option: string; words: string }): boolean =>
    vocabulary.labelByOption.get(option)?.toLowerCase() === trimmed(words, isWhite).toLowerCase();
  if (doubts.length === 0 && found.options.every(isLabel)) return reading;
  return keeping({ ...reading, doubts }, words);
}

function lookUp(vocabulary: Vocabulary, words: string): LookedUp {
  const found: LookedUp = { options: [], unknown: [], remarks: [] };
  const whole = find(vocabulary, words);
  if (whole !== null) {
    found.options.push({ option: whole, words });
    return found;
  }
  for (const piece of split(words, [";", "\n", "•", "|"])) {
    const option = find(vocabulary, piece);
    if (option !== null) found.options.push({ option, words: piece });
    else for (const part of split(piece, [" / ", " + ", "\t", "+ "])) lookUpPiece(vocabulary, part, found);
  }
  return found;
}

const SOFT = [",", "/", " et ", " ou ", " & ", "+"];

/** Commas and `et` part a piece only if a part is known: they also stand inside names. */
function lookUpPiece(vocabulary: Vocabulary, piece: string, found: LookedUp): void {
  if (take(vocabulary, piece, found)) return;
  const knows = (part: string): boolean => take(vocabulary, part, { options: [], unknown: [], remarks: [] });
  const parts = split(piece, [","]).flatMap((part) => {
    const smaller = split(part, SOFT);
    return knows(part) || !smaller.some(knows) ? [part] : smaller;
  });
  if (!parts.some(knows)) {
    found.unknown.push(piece);
    return;
  }
  const ofAgents = beginsWithAgents(parts[0] ?? "");
  for (const part of parts) {
    // `Agents d'universités, État`: those of the State.
    const theirs = ofAgents ? employer(part) : null;
    if (theirs !== null && vocabulary.labelByOption.has(theirs)) {
      found.options.push({ option: theirs, words: part });
    } else if (!take(vocabulary, part, found)) {
      found.unknown.push(part);
    }
  }
}

/** The options that the words name as a whole; élus and agents also by whom they serve. */
function named(vocabulary: Vocabulary, words: string): readonly string[] {
  const option = find(vocabulary, words);
  return option === null ? narrowed(words).filter((it) => vocabulary.labelByOption.has(it)) : [option];
}

/** Takes a piece that names options: whole, before its parenthesis or, where that is unknown, inside it. */
function take(vocabulary: Vocabulary, piece: string, found: LookedUp): boolean {
  const whole = named(vocabulary, piece);
  if (whole.length > 0) {
    found.options.push(...whole.map((option) => ({ option, words: piece })));
    return true;
  }
  const parts = beforeParenthesis(piece);
  if (parts === null) return takeEach(vocabulary, split(piece, ["-"]), found);
  const { name, remark } = parts;
  const options = named(vocabulary, name);
  const surer = options[0] === "autre" ? find(vocabulary, remark) : null;
  if (surer !== null) {
    // `autre (colloque)` says which other.
    found.options.push({ option: surer, words: piece });
    return true;
  }
  if (options.length === 0) {
    const inside = trimmed(remark, (sign) => sign === "(" || sign === ")");
    const told = takeEach(vocabulary, split(inside, SOFT), found);
    if (told) found.unknown.push(name);
    return told;
  }
  found.options.push(...options.map((option) => ({ option, words: name })));
  found.remarks.push(remark);
  return true;
}

/** Takes pieces if all of them name options. */
function takeEach(vocabulary: Vocabulary, pieces: readonly string[], found: LookedUp): boolean {
  const all = pieces.map((words) => named(vocabulary, words).map((option) => ({ option, words })));
  if (all.length === 0 || all.some((options) => options.length === 0)) return false;
  found.options.push(...all.flat());
  return true;
}

/** `formation courte (intra)` as `formation courte` and `(intra)`. */
function beforeParenthesis(piece: string): { name: string; remark: string } | null {
  const at = piece.indexOf("(");
  // An inclusive ending such as `étudiant(e)s` is part of the word.
  if (at <= 0 || !isWhite(piece[at - 1] ?? "")) return null;
  let depth = 0;
  for (let place = at; place < piece.length; place += 1) {
    if (piece[place] === "(") depth += 1;
    if (piece[place] === ")") depth -= 1;
    if (depth > 0) continue;
    const remark = trimmed(piece.slice(at), isWhite);
    return place + 1 < piece.length ? null : { name: trimmed(piece.slice(0, at), isWhite), remark };
  }
  return null;
}

/** Splits outside parentheses; empty pieces are left out. */
function split(words: string, marks: readonly string[]): string[] {
  const pieces: string[] = [];
  let [from, depth, at] = [0, 0, 0];
  while (at < words.length) {
    if (words[at] === "(") depth += 1;
    if (words[at] === ")") depth -= 1;
    const mark = depth > 0 ? undefined : marks.find((mark) => words.startsWith(mark, at));
    if (mark !== undefined) {
      pieces.push(words.slice(from, at));
      from = at + mark.length;
    }
    at += mark?.length ?? 1;
  }
  pieces.push(words.slice(from));
  return pieces.map((piece) => trimmed(piece, isWhite)).filter((piece) => piece !== "");
}
