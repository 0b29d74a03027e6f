/** Numbers with a decimal comma; yes and no. The mirror of `domain::reading::number`. */
import { fold } from "./fold";
import { doubting, keeping, type Reading, sure, unread } from "./reading";
import { Tokens } from "./token";

/** In which hand a number is written: one reading only, a decimal point, `1,200.00`, or `1.200`. */
export type Hand = "french" | "point" | "english" | "unclear";

/** A number inside a text. */
export interface Amount {
  readonly value: number;
  readonly hand: Hand;
  /** Digits after the comma. */
  readonly decimals: number;
  /** The place of the token behind it. */
  readonly next: number;
}

/** The number whose digits start at a place. */
export function numberAt(tokens: Tokens, at: number): Amount | null {
  const first = tokens.digits(at);
  if (first === "") return null;
  const partsThousands = first.length <= 3 && !first.startsWith("0");
  const isGroup = (place: number): boolean => tokens.digits(place).length === 3;
  const tight = (place: number): boolean => tokens.touches(place) && tokens.touches(place + 1);
  const sign = (place: number): string => (",.".includes(tokens.mark(place)) ? tokens.mark(place) : "");
  let whole = first;
  let next = at + 1;
  while (partsThousands && !tokens.touches(next) && isGroup(next)) {
    whole += tokens.digits(next);
    next += 1;
  }
  const spaced = next > at + 1;
  const signHere = tight(next) && tokens.digits(next + 1) !== "" ? sign(next) : "";
  if (signHere === "") return amount(whole, "", "french", next);
  // `1.200,00` and `1,200.00`: groups of three under one sign, then the other.
  let behind = next;
  let grouped = whole;
  while (
    partsThousands &&
    !spaced &&
    tokens.mark(behind) === signHere &&
    tight(behind) &&
    isGroup(behind + 1)
  ) {
    grouped += tokens.digits(behind + 1);
    behind += 2;
  }
  const other = tight(behind) && sign(behind) !== signHere ? sign(behind) : "";
  const decimals = tokens.digits(behind + 1);
  if (behind > next && other !== "" && decimals !== "") {
    return amount(grouped, decimals, signHere === "." ? "french" : "english", behind + 2);
  }
  if (behind > next + 2 || (signHere === "." && behind > next && !spaced)) {
    return amount(grouped, "", "unclear", behind);
  }
  return amount(whole, tokens.digits(next + 1), signHere === "," ? "french" : "point", next + 2);
}

function amount(whole: string, decimals: string, hand: Hand, next: number): Amount | null {
  const value = Number(`${whole}.${decimals}0`);
  if (!Number.isFinite(value)) return null;
  // Beyond fifteen digits a double no longer holds each unit.
  return { value, hand: whole.length > 15 ? "unclear" : hand, decimals: decimals.length, next };
}

const NAMES = "un deux trois quatre cinq six sept huit neuf dix onze douze".split(" ");

/** The number that a folded word names, up to twelve. */
export function named(word: string): number | null {
  const place = NAMES.indexOf(word === "une" ? "un" : word);
  return place < 0 ? null : place + 1;
}

const ABOUT = ["environ", "env", "~", "approximativement", "approx", "autour"];

/** Whether a folded word says `about`. */
export const isAbout = (text: string): boolean => ABOUT.includes(text);

const LEAST = ["au moins", "au minimum", "minimum", "mini", "min .", "min"];
const MOST = [
  "au plus",
  "au maximum",
  "maximum",
  "maxi",
  "max .",
  "max",
  "jusqu ' a",
  "jusqu a",
  "moins de",
  "jusque",
];

/** The bound that is said here, and the place behind it. */
export function bound(tokens: Tokens, at: number): { end: "_min" | "_max"; next: number } | null {
  const least = tokens.phraseOf(at, ...LEAST);
  if (least !== null) return { end: "_min", next: least };
  const most = tokens.phraseOf(at, ...MOST);
  return most === null ? null : { end: "_max", next: most };
}

/** Reads a number as French hands write it. Words around it are kept and said. */
export function number(words: string): Reading {
  const tokens = new Tokens(words);
  const doubts: ("approximate" | "bound" | "ambiguous-number")[] = [];
  let place = leadingWords(tokens, doubts);
  const signed = "-+".includes(tokens.mark(place) || " ") && tokens.touches(place + 1);
  const negative = signed && tokens.mark(place) === "-";
  const found = readAt(tokens, place + (signed ? 1 : 0));
  if (found === null) return unread(words, "not-a-number");
  if (found.hand === "unclear") return unread(words, "ambiguous-number");
  place = found.next;
  if (["-", "a", "/", "ou", "et"].includes(tokens.text(place)) && readAt(tokens, place + 1) !== null) {
    return unread(words, "range");
  }
  const behind = bound(tokens, place);
  if (behind !== null) {
    place = behind.next;
    doubts.push("bound");
  }
  if (found.hand !== "french") doubts.push("ambiguous-number");
  const rest = tokens.slice(place, tokens.length);
  if (/\p{N}/u.test(rest)) return unread(words, "ambiguous-number");
  let reading = sure(negative ? 0 - found.value : found.value);
  if (rest !== "") reading = doubting(reading, "unknown-words", rest);
  for (const why of doubts) reading = doubting(reading, why, words);
  return reading.doubts.length === 0 && tokens.word(0) === "" ? reading : keeping(reading, words);
}

function leadingWords(tokens: Tokens, doubts: ("approximate" | "bound" | "ambiguous-number")[]): number {
  let place = 0;
  for (;;) {
    const end = bound(tokens, place);
    if (isAbout(tokens.text(place))) {
      place += 1 + (tokens.mark(place + 1) === "." || tokens.word(place + 1) === "de" ? 1 : 0);
      doubts.push("approximate");
    } else if (end !== null) {
      place = end.next;
      doubts.push("bound");
    } else if (["de", "entre"].includes(tokens.word(place))) {
      place += 1;
    } else {
      return place;
    }
  }
}

function readAt(tokens: Tokens, place: number): Amount | null {
  const value = named(tokens.word(place));
  const inLetters: Amount | null =
    value === null ? null : { value, hand: "french", decimals: 0, next: place + 1 };
  return numberAt(tokens, place) ?? inLetters;
}

const YES = ["oui", "o", "x", "✓", "✔", "☑", "vrai", "true", "1", "yes"];
const NO = ["non", "n", "✗", "✘", "☐", "faux", "false", "0", "no"];

/** Reads yes or no. A remark behind either is kept and said. */
export function boolean(words: string): Reading {
  const folded = fold(words);
  if (YES.includes(folded) || NO.includes(folded)) {
    const value = YES.includes(folded);
    const plain = words.toLowerCase() === (value ? "oui" : "non");
    return plain ? sure(value) : keeping(sure(value), words);
  }
  const tokens = new Tokens(words);
  const first = tokens.word(0);
  if ((first !== "oui" && first !== "non") || !["(", ",", ":", "-"].includes(tokens.mark(1))) {
    return unread(words, "not-yes-or-no");
  }
  return keeping(doubting(sure(first === "oui"), "remark-kept", tokens.slice(1, tokens.length)), words);
}
