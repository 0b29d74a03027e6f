/**
 * What two writings of the same words have in common. The mirror of `domain::text::fold`: for matching only, never
 * for showing.
 */

// Letters that do not come apart in Unicode, and kinds of the same sign.
const LETTERS: Readonly<Record<string, string>> = {
  œ: "oe",
  æ: "ae",
  ß: "ss",
  ø: "o",
  đ: "d",
  ł: "l",
};
const APOSTROPHES = "’‘ʼ´`′";
const DASHES = "‐‑‒–—―−";
const QUOTES = "«»“”„″";
const UNSEEN = /[\u200b-\u200f\u2060\ufeff\u00ad]/;
const MARK = /\p{M}/u;
const SPACE = /[\p{White_Space}\p{Cc}]/u;

export const isSpace = (sign: string): boolean => SPACE.test(sign);
export const isMark = (sign: string): boolean => MARK.test(sign);
export const isAlphanumeric = (sign: string): boolean => /[\p{Alphabetic}\p{N}]/u.test(sign);

/** The text without accents and case; `œ` as `oe`, one kind of apostrophe and of dash, single spaces. */
export function fold(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return foldAscii(text);
  let folded = "";
  let gap = false;
  const lower = Array.from(text.normalize("NFKD"), (letter) => letter.toLowerCase()).join("");
  for (const letter of lower.normalize("NFKD")) {
    if (isMark(letter)) continue;
    const written = LETTERS[letter] ?? sameSign(letter);
    if (UNSEEN.test(written)) continue;
    if (isSpace(written)) {
      gap = folded !== "";
      continue;
    }
    folded += gap ? ` ${written}` : written;
    gap = false;
  }
  return folded;
}

/** The same for plain letters, which most words are. */
const foldAscii = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("`", "'")
    .replace(/[\0-\x20\x7f]+/g, " ")
    .replace(/^ | $/g, "");

function sameSign(sign: string): string {
  if (APOSTROPHES.includes(sign)) return "'";
  if (DASHES.includes(sign)) return "-";
  return QUOTES.includes(sign) ? '"' : sign;
}

/** What is left of a text when only its concept counts: `élu·es`, `Élus`, `élu(e)s` and `ELU` have one key. */
export function key(text: string): string {
  const words = withoutInclusiveEndings(fold(text)).split(/[^\p{Alphabetic}\p{N}]/u);
  return words
    .filter((word) => word !== "")
    .map(singular)
    .join(" ");
}

/** A folded word without the mark of its plural: `elus`, `niveaux`, `sociaux` are `elu`, `niveau`, `social`. */
export function singular(word: string): string {
  if (Array.from(word).length < 4) return word;
  if (word.endsWith("aux") && !word.endsWith("eaux")) return `${word.slice(0, -3)}al`;
  return /[sx]$/.test(word) ? word.slice(0, -1) : word;
}

const ENDING_MARKS = "·‧•∙⋅.-(";
const ENDING =
  /(?:trices?|teuses?|euses?|rices?|ices?|eres?|nes?|les?|tes?|ses?|ves?|fes?|es?|s)\)?(?:[·‧•∙⋅.-]?s)?([^a-z0-9·‧•∙⋅.\-(]|[.-](?: |$)|$)/uy;

/** A folded text in which `elu·es`, `agent.es`, `etudiant(e)s`, `charge-es` are `elu`, `agent`… */
export function withoutInclusiveEndings(folded: string): string {
  let plain = "";
  let from = 0;
  let letters = 0;
  let at = 0;
  while (at < folded.length) {
    const sign = folded[at] ?? "";
    if (sign >= "a" && sign <= "z") {
      letters += 1;
      at += 1;
      continue;
    }
    ENDING.lastIndex = at + 1;
    const found = letters >= 2 && ENDING_MARKS.includes(sign) ? ENDING.exec(folded) : null;
    letters = 0;
    at += 1;
    if (found === null) continue;
    plain += folded.slice(from, at - 1) + (found[1] ?? "");
    at = ENDING.lastIndex;
    from = at;
  }
  return plain + folded.slice(from);
}

/** The words without the signs at their ends that a test accepts. */
export function trimmed(words: string, drops: (sign: string) => boolean): string {
  const signs = Array.from(words);
  let from = 0;
  let to = signs.length;
  while (from < to && drops(signs[from] ?? "")) from += 1;
  while (to > from && drops(signs[to - 1] ?? "")) to -= 1;
  return signs.slice(from, to).join("");
}

/** Only white space, which is less than what `trim` of the language takes. */
export const isWhite = (sign: string): boolean => /\p{White_Space}/u.test(sign);
