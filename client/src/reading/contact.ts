/**
 * Contacts. The table is public, so words beside an address or a number are never kept: they tend to name a person.
 * The mirror of `domain::reading::contact`.
 */
import type { Why } from "./doubt";
import { isAlphanumeric, isWhite, trimmed } from "./fold";
import { doubting, isEmpty, nothing, type Reading, sure } from "./reading";

interface Found {
  readonly from: number;
  readonly to: number;
}

/** Reads an e-mail address; its domain in small letters. */
export function email(written: string): Reading {
  const words = trimmed(written, isWhite);
  const open = undisguised(words);
  const found = addressIn(open);
  if (found === null) return notKept(words, "not-an-email");
  const address = open.slice(found.from, found.to);
  const at = address.lastIndexOf("@");
  const value = address.slice(0, at) + address.slice(at).toLowerCase();
  return beside(sure(value), `${open.slice(0, found.from)} ${open.slice(found.to)}`);
}

/** `formation [at] x.fr`, `mailto:`. */
function undisguised(words: string): string {
  const signs = ["[at]", "(at)", "[@]", "[AT]", "(AT)", " arobase "];
  const open = signs.reduce((open, sign) => open.replaceAll(sign, "@"), words);
  return open.replaceAll(" @ ", "@").replaceAll("mailto:", "").replaceAll("MAILTO:", "");
}

/** Where the first address stands: a local part, and a domain of at least two labels. */
function addressIn(words: string): Found | null {
  let from = 0;
  for (let at = words.indexOf("@"); at >= 0; at = words.indexOf("@", at + 1)) {
    const local = localPart(words, from, at);
    const domain = domainAt(words, at + 1);
    if (local > 0 && domain > 0) return { from: at - local, to: at + 1 + domain };
    from = at + 1;
  }
  return null;
}

const isPlain = (sign: string | undefined): boolean => sign !== undefined && /^[A-Za-z0-9]$/.test(sign);

/** How many signs before the `@` can stand there. */
function localPart(words: string, least: number, at: number): number {
  let from = at;
  while (from > least && /[A-Za-z0-9._%+'-]/.test(words[from - 1] ?? "")) from -= 1;
  while (from < at && !isPlain(words[from])) from += 1;
  return from < at && /[A-Za-z0-9_+-]/.test(words[at - 1] ?? "") ? at - from : 0;
}

/** How many signs from here on are a domain. */
function domainAt(words: string, at: number): number {
  let to = at;
  while (/[A-Za-z0-9.-]/.test(words[to] ?? "")) to += 1;
  let from = at;
  let best = 0;
  for (const [place, label] of words.slice(at, to).split(".").entries()) {
    const letters = /^[A-Za-z]*/.exec(label)?.[0].length ?? 0;
    if (place > 0 && letters >= 2) best = from + letters - at;
    from += label.length + 1;
    if (!isPlain(label[0]) || !isPlain(label.at(-1))) break;
  }
  return best;
}

const PHONE =
  /(?:\+|00)[1-9](?:[\p{White_Space}.()-]*[0-9]){7,14}|0[1-9](?:[\p{White_Space}.-]*[0-9]{2}){4}/gu;

/** Reads a telephone number as `+33612345678`. */
export function phone(written: string): Reading {
  const words = trimmed(written, isWhite);
  if (/^[1-9][0-9]{8}$/.test(words)) return doubting(sure(`+33${words}`), "zero-restored", words);
  const found = numberIn(words);
  const number = found === null ? null : international(words.slice(found.from, found.to));
  if (found === null || number === null) return notKept(words, "not-a-phone");
  return beside(sure(number), `${words.slice(0, found.from)} ${words.slice(found.to)}`);
}

/** Where the first number stands. A longer row of digits, such as a SIRET, holds none. */
function numberIn(words: string): Found | null {
  for (const found of words.matchAll(PHONE)) {
    const [from, to] = [found.index, found.index + found[0].length];
    const isDigit = (sign: string | undefined): boolean => sign !== undefined && /[0-9]/.test(sign);
    if (!isDigit(words[from - 1]) && !isDigit(words[to])) return { from, to };
  }
  return null;
}

/** The number with its country; null for a French one that has not nine digits behind its zero. */
function international(number: string): string | null {
  let digits = number.replaceAll("(0)", "").replace(/[^0-9]/g, "");
  if (!number.startsWith("+")) digits = digits.startsWith("00") ? digits.slice(2) : `33${digits.slice(1)}`;
  return digits.startsWith("33") && !/^33[1-9][0-9]{8}$/.test(digits) ? null : `+${digits}`;
}

/** The e-mail address and the telephone number of one cell, and the words beside them. */
export function both(words: string): { email: Reading; phone: Reading } {
  const readings = { email: email(words), phone: phone(words) };
  if (isEmpty(readings.phone.value)) return { email: readings.email, phone: nothing() };
  if (isEmpty(readings.email.value)) return { email: nothing(), phone: readings.phone };
  const found = numberIn(words);
  const number = found === null ? "" : words.slice(found.from, found.to);
  const doubts = readings.email.doubts
    .map((doubt) => ({ ...doubt, words: tidy(doubt.words.replaceAll(number, " ")) }))
    .filter((doubt) => doubt.words !== "");
  return { email: { ...readings.email, doubts }, phone: { ...readings.phone, doubts: [] } };
}

/** Nothing is kept in the table; the pilots are told the words. */
const notKept = (words: string, why: Why): Reading => doubting(nothing(), why, words);

function beside(reading: Reading, rest: string): Reading {
  const words = tidy(rest);
  return words === "" ? reading : doubting(reading, "beside-contact", words);
}

const JOINTS = ["ou", "et", "tel", "tél", "mail", "Tel", "Tél", "Mail", "Tél.", "tél.", "Tel.", "tel."];

/** The rest without the marks and small words that only join. */
function tidy(rest: string): string {
  const words = rest.split(/\p{White_Space}+/u).filter((word) => Array.from(word).some(isAlphanumeric));
  const joined = words.join(" ");
  return JOINTS.includes(joined) ? "" : joined;
}
