/**
 * Words, digits and marks of a text, in order, with the places where they stand. The mirror of
 * `domain::reading::token`; both must cut alike.
 */
import { fold, isAlphanumeric, isMark, isSpace, isWhite, trimmed } from "./fold";

type Sort = "word" | "digits" | "mark";

interface Token {
  readonly sort: Sort;
  /** Folded. */
  text: string;
  readonly from: number;
  to: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

const MARKS: Readonly<Record<string, string>> = {
  "½": "½",
  "¼": "¼",
  "¾": "¾",
  "€": "€",
  "×": "*",
  "✕": "*",
  "✖": "*",
  "→": "-",
  "➔": "-",
  "➜": "-",
  "≈": "~",
  "∼": "~",
  "～": "~",
  "[": "(",
  "]": ")",
  "⁄": "/",
  "∕": "/",
};

/** A text cut into tokens. */
export class Tokens {
  private readonly list: Token[] = [];
  private readonly pairs = new Map<number, number>();

  private readonly words: string;

  constructor(words: string) {
    this.words = words;
    let spaced = false;
    let at = 0;
    for (const sign of words) {
      const to = at + sign.length;
      if (isSpace(sign)) spaced = true;
      else {
        const sort = sortOf(sign);
        const last = this.list.at(-1);
        if (last !== undefined && !spaced && sort !== "mark" && last.sort === sort) last.to = to;
        else this.list.push({ sort, text: "", from: at, to, spaced });
        spaced = false;
      }
      at = to;
    }
    for (const token of this.list) {
      const raw = words.slice(token.from, token.to);
      token.text =
        token.sort === "mark" ? (MARKS[raw] ?? fold(raw)) : token.sort === "word" ? fold(raw) : raw;
    }
    this.pairParentheses();
  }

  get length(): number {
    return this.list.length;
  }

  /** The folded text of any token; empty behind the last. */
  text(at: number): string {
    return this.list[at]?.text ?? "";
  }

  word(at: number): string {
    return this.ofSort(at, "word");
  }

  digits(at: number): string {
    return this.ofSort(at, "digits");
  }

  mark(at: number): string {
    return this.ofSort(at, "mark");
  }

  isMark(at: number): boolean {
    return this.list[at]?.sort === "mark";
  }

  private ofSort(at: number, sort: Sort): string {
    const token = this.list[at];
    return token?.sort === sort ? token.text : "";
  }

  /** Whether the token at a place touches the one before it. */
  touches(at: number): boolean {
    return at > 0 && this.list[at]?.spaced === false;
  }

  /** The words as written from one place up to another, which is left out. */
  slice(from: number, to: number): string {
    const [first, last] = [this.list[from], this.list[to - 1]];
    return first === undefined || last === undefined || from >= to
      ? ""
      : this.words.slice(first.from, last.to);
  }

  /** The place behind the longest of these phrases (folded texts between spaces) that stands here, or null. */
  phraseOf(at: number, ...phrases: readonly string[]): number | null {
    let longest: number | null = null;
    const first = this.text(at);
    if (first === "") return null;
    for (const phrase of phrases) {
      if (!phrase.startsWith(first)) continue;
      const texts = phrase.split(" ");
      if (texts.every((text, place) => this.list[at + place]?.text === text)) {
        longest = Math.max(longest ?? 0, at + texts.length);
      }
    }
    return longest;
  }

  /** Whether one of these phrases stands anywhere. */
  says(...phrases: readonly string[]): boolean {
    return this.list.some((_, at) => this.phraseOf(at, ...phrases) !== null);
  }

  /** The parenthesis that closes the one at this place. */
  closing(at: number): number | null {
    return this.pairs.get(at) ?? null;
  }

  private pairParentheses(): void {
    const open: number[] = [];
    for (const [at, token] of this.list.entries()) {
      if (token.sort !== "mark") continue;
      if (token.text === "(") open.push(at);
      const from = token.text === ")" ? open.pop() : undefined;
      if (from !== undefined) this.pairs.set(from, at);
    }
  }
}

function sortOf(sign: string): Sort {
  if (sign >= "0" && sign <= "9") return "digits";
  if (sign === "½" || sign === "¼" || sign === "¾") return "mark";
  return isAlphanumeric(sign) || isMark(sign) ? "word" : "mark";
}

/** The signs that part the items of a cell. */
export const HARD_SIGNS = [";", "\n", "•", "|"];

/** Cuts a cell into the items that these signs part, outside parentheses; empty ones are left out. */
export function itemsOf(words: string, signs: readonly string[] = HARD_SIGNS): string[] {
  const pairs = pairsWithinLines(words);
  const items: string[] = [];
  let from = 0;
  let at = 0;
  while (at < words.length) {
    const close = pairs.get(at);
    const sign = close === undefined ? signs.find((sign) => words.startsWith(sign, at)) : undefined;
    if (sign !== undefined) {
      items.push(words.slice(from, at));
      from = at + sign.length;
    }
    at = close ?? at + (sign?.length ?? 1);
  }
  items.push(words.slice(from));
  return items.map((item) => trimmed(item, isWhite)).filter((item) => item !== "");
}

/** Where the parentheses of one line open and close. One without a partner holds nothing. */
function pairsWithinLines(words: string): Map<number, number> {
  const pairs = new Map<number, number>();
  let open: number[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === "(") open.push(at);
    if (words[at] === "\n") open = [];
    const from = words[at] === ")" ? open.pop() : undefined;
    if (from !== undefined) pairs.set(from, at);
  }
  return pairs;
}
