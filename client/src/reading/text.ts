/** Texts: trimmed, spoilt accents restored, nothing else touched. The mirror of `domain::reading::text`. */
import { startsWithCapital } from "./capital";
import { isWhite } from "./fold";
import { nothing, type Reading, sure } from "./reading";
import { Tokens } from "./token";

const isControl = (sign: string): boolean => /\p{Cc}/u.test(sign);

/** One line: breaks become spaces. */
export const line = (written: string): Reading => of(oneLine(written));

/** Several lines: breaks that separate something are kept. */
export const long = (written: string): Reading => of(severalLines(written));

const of = (text: string): Reading => (text === "" ? nothing() : sure(text));

/** The words on one line, single spaces between them. A lone no-break space stays: it is good typography. */
export function oneLine(text: string): string {
  let line = "";
  let gap = "";
  for (const sign of withoutMarks(text)) {
    if (isWhite(sign) || isControl(sign)) {
      gap = gap === "" && !isControl(sign) ? sign : " ";
    } else {
      line += line === "" ? sign : gap + sign;
      gap = "";
    }
  }
  return line;
}

/** The lines of a text, each as `oneLine`, at most one empty line between two. */
export function severalLines(text: string): string {
  const lines: string[] = [];
  for (const written of text.replace(/\r\n|[\r\u2028\u2029]/g, "\n").split("\n")) {
    const line = oneLine(written);
    const secondGap = line === "" && (lines.at(-1) ?? "") === "";
    if (!secondGap) lines.push(line);
  }
  while (lines.at(-1) === "") lines.pop();
  return lines.join("\n");
}

/** Without characters that nobody sees and no one typed on purpose. */
export const withoutMarks = (text: string): string =>
  text.replace(/[\u200b\u200e\u200f\u2060\ufeff\u00ad]|(?![\n\r\t])\p{Cc}/gu, "");

/** The code of a catalogue before a title, and the title without it: `C4_Ingénierie`, `25 - La participation`. */
export function catalogueCode(title: string): { code: string; title: string } | null {
  const tokens = new Tokens(title);
  const letters = Array.from(tokens.word(0)).length;
  const lettered = letters > 0 ? 1 : 0;
  if (letters > 3 || (letters > 0 && !startsWithCapital(tokens.slice(0, 1)))) return null;
  const isSign = (at: number): boolean => tokens.mark(at) === "_" || tokens.mark(at) === "-";
  const sign = lettered === 1 && isSign(1) && tokens.touches(1) ? 1 : 0;
  const at = lettered + sign;
  const digits = tokens.digits(at).length;
  if (digits === 0 || digits > 3 || (at > 0 && !tokens.touches(at))) return null;
  const parted = isSign(at + 1) || tokens.mark(at + 1) === ":" || tokens.mark(at + 1) === ".";
  const behind = at + (parted ? 2 : 1);
  // `10 ans de concertation` and `M2 politiques` start with words, not with a code.
  const isCode = sign === 1 || (parted && (lettered === 1 || !tokens.touches(at + 1)));
  if (!isCode || tokens.word(behind) === "") return null;
  return { code: tokens.slice(0, at + 1), title: tokens.slice(behind, tokens.length) };
}

/**
 * Restores accents that an earlier passage through another encoding had spoilt: `DurĂ©e`, `cĹ“ur`, `Ã©`. Only
 * sequences that no French text holds are touched.
 */
export function repaired(written: string): string {
  let text = withoutMarks(written);
  // Some texts went through it twice.
  for (let passage = 0; passage < 3; passage += 1) {
    const better = repairedOnce(text);
    if (better === text) break;
    text = better;
  }
  return text;
}

const LEADS: Readonly<Record<string, number>> = { Â: 0x02, Ã: 0x03, Ă: 0x03, Å: 0x05, Ĺ: 0x05 };
const FRENCH = "ÃÅàâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜœŒŸ‘’“”–—…•‧€\u202f";

function repairedOnce(text: string): string {
  const signs = Array.from(text);
  let better = "";
  let at = 0;
  while (at < signs.length) {
    const lead = signs[at] ?? "";
    const length = lead === "â" ? 3 : 2;
    const letter =
      lead === "â" || Object.hasOwn(LEADS, lead) ? spoiltLetter(signs.slice(at, at + length)) : null;
    better += letter ?? lead;
    at += letter === null ? 1 : length;
  }
  return better;
}

/** The letter whose UTF-8 bytes were shown one by one. */
function spoiltLetter([lead = "", ...rest]: readonly string[]): string | null {
  const bytes = rest.map(byteOf);
  if (bytes.includes(-1) || bytes.length < (lead === "â" ? 2 : 1)) return null;
  const code = bytes.reduce((code, byte) => (code << 6) | (byte & 0x3f), LEADS[lead] ?? 0x02);
  const letter = String.fromCodePoint(code);
  return (code >= 0xa0 && code <= 0xbf) || FRENCH.includes(letter) ? letter : null;
}

const SHOWN =
  "€80‚82ƒ83„84…85†86‡87ˆ88‰89Š8A‹8BŒ8CŽ8E‘91’92“93”94•95–96—97˜98™99š9A›9Bœ9Cž9EŸ9F" +
  "Ś8CŤ8DŹ8Fś9Cť9Dź9FˇA1˘A2ŁA3ĄA5ŞAAŻAF˛B2łB3ąB9şBAĽBC˝BDľBEżBF";
const BYTES = new Map(
  Array.from(SHOWN.matchAll(/(.)(..)/gu), (it) => [it[1], Number.parseInt(it[2] ?? "", 16)]),
);

/** The byte that windows-1252 or windows-1250 shows as this character; -1 where there is none. */
function byteOf(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  return BYTES.get(sign) ?? (code >= 0x80 && code <= 0xbf ? code : -1);
}
