/** Codes of registers: texts, never numbers. The mirror of `domain::reading::identifier`, where the sources stand. */
import type { Plain } from "../model/types";
import { doubting, keeping, type Reading, sure, unread } from "./reading";
import { Tokens } from "./token";

/** Reads a code by the column that holds it. The words are kept where they are more than the code. */
export function code(column: string, words: string): Reading {
  const read = CODES[column];
  if (read === undefined || !Object.hasOwn(CODES, column)) return sure(words);
  return /^[0-9](?:[.,][0-9]+)?e\+[0-9]+$/i.test(words) ? unread(words, "rounded-code") : read(words);
}

const CODES: Readonly<Record<string, (words: string) => Reading>> = {
  code_rncp: (words) => withLetters("RNCP", words),
  code_rs: (words) => withLetters("RS", words),
  siret: (words) => checked(14, words),
  siren: (words) => checked(9, words),
  nda: (words) => digitsOnly(11, words),
  code_postal: postal,
  code_insee: commune,
};

type Register = "RNCP" | "RS";
const MOST: Readonly<Record<Register, number>> = { RNCP: 6, RS: 5 };

/** `RNCP25266`, `rncp n° 25266`, or the digits alone. The other register's code beside it goes to its column. */
function withLetters(letters: Register, words: string): Reading {
  const tokens = new Tokens(words);
  let ours: string[] = [];
  const theirs: string[] = [];
  let only = true;
  let at = 0;
  while (at < tokens.length) {
    const found = registered(tokens, at);
    if (found !== null) (found.register === letters ? ours : theirs).push(found.register + found.digits);
    else only &&= tokens.word(at) === "" && tokens.digits(at) === "";
    at = found?.next ?? at + 1;
  }
  const alone = tokens.length === 1 ? tokens.digits(0) : "";
  if (alone !== "" && alone.length <= MOST[letters]) {
    ours = [letters + alone];
    only = true;
  }
  const also: Record<string, Plain> = {};
  if (theirs[0] !== undefined) also[letters === "RNCP" ? "code_rs" : "code_rncp"] = theirs[0];
  const [code, ...others] = ours;
  if (code === undefined) return { ...unread(words, "not-a-code"), also };
  if (others.length > 0) return { ...unread(words, "several-for-one"), also };
  const reading = { ...(code === words ? sure(code) : keeping(sure(code), words)), also };
  return only ? reading : doubting(reading, "unknown-words", words);
}

const JOINTS = ["n", "no", "°", "º", ".", ":", "-", "_", "№"];

/** A register's letters and digits: `RNCP 25266`, `RS n°5080`. */
function registered(tokens: Tokens, at: number): { register: Register; digits: string; next: number } | null {
  const letters = tokens.word(at);
  if (letters !== "rncp" && letters !== "rs") return null;
  const register = letters === "rncp" ? "RNCP" : "RS";
  const place = [at + 1, at + 2, at + 3, at + 4].find((place) => !JOINTS.includes(tokens.text(place)));
  const digits = place === undefined ? "" : tokens.digits(place);
  const fits = digits.length >= 1 && digits.length <= MOST[register];
  return place !== undefined && fits ? { register, digits, next: place + 1 } : null;
}

function digitsOnly(length: number, words: string): Reading {
  const digits = words.replace(/[\p{White_Space}.-]/gu, "");
  return digits.length === length && /^[0-9]+$/.test(digits) ? sure(digits) : unread(words, "not-a-code");
}

function checked(length: number, words: string): Reading {
  const reading = digitsOnly(length, words);
  const good = typeof reading.value !== "string" || hasGoodCheckDigit(reading.value);
  return good ? reading : doubting(reading, "wrong-check-digit", words);
}

/** Luhn's check; the branches of the post office count their own way. */
function hasGoodCheckDigit(code: string): boolean {
  const digits = Array.from(code, Number);
  const plain = digits.reduce((sum, digit) => sum + digit, 0);
  if (code.length === 14 && code.startsWith("356000000") && plain % 5 === 0) return true;
  const luhn = digits.reverse().reduce((sum, digit, place) => {
    const weighed = place % 2 === 0 ? digit : digit * 2;
    return sum + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return luhn % 10 === 0;
}

function postal(words: string): Reading {
  const five = digitsOnly(5, words);
  if (five.value !== null) return five;
  const four = digitsOnly(4, words);
  return four.value === null ? four : doubting(four, "zero-perhaps-lost", words);
}

/** `38185`, `2A004`. */
function commune(words: string): Reading {
  const code = words.replace(/\p{White_Space}/gu, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
  return /^(?:[0-9]{5}|2[AB][0-9]{3})$/.test(code) ? sure(code) : unread(words, "not-a-code");
}
