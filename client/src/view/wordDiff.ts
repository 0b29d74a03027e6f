import { splices } from "../model/diff";

/** A run of words that stayed, went or came. */
export interface Piece {
  readonly kind: "same" | "gone" | "come";
  readonly words: string;
}

// A word with the apostrophe that ties it to the next, a run of spaces, or one sign.
const WORDS = /\p{M}*[\p{L}\p{N}\p{M}]+['’]?|\s+|./gsu;

// Words stand for letters in a diff of letters, so each gets a sign of its own from the private areas of Unicode.
const SMALL_AREA = 0xe000;
const SMALL_ROOM = 0x1900;
const LARGE_AREA = 0xf0000;

/** What changed from one text to another, word by word, in reading order: what went before what came in its place. */
export function wordDiff(before: string, after: string): readonly Piece[] {
  const signs = new Map<string, string>();
  const words: string[] = [];
  const coded = (text: string): string =>
    (text.match(WORDS) ?? []).map((word) => signOf(word, signs, words)).join("");
  const [from, to] = [coded(before), coded(after)];
  const read = (text: string): string => [...text].map((sign) => words[placeOf(sign)] ?? "").join("");
  const pieces: Piece[] = [];
  let at = 0;
  for (const change of splices(from, to)) {
    add(pieces, "same", read(from.slice(at, change.at)));
    at = change.at + change.removed;
    add(pieces, "gone", read(from.slice(change.at, at)));
    add(pieces, "come", read(change.inserted));
  }
  add(pieces, "same", read(from.slice(at)));
  return joined(pieces);
}

function signOf(word: string, signs: Map<string, string>, words: string[]): string {
  const known = signs.get(word);
  if (known !== undefined) return known;
  const place = words.push(word) - 1;
  const sign = String.fromCodePoint(place < SMALL_ROOM ? SMALL_AREA + place : LARGE_AREA + place);
  signs.set(word, sign);
  return sign;
}

function placeOf(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  return code >= LARGE_AREA ? code - LARGE_AREA : code - SMALL_AREA;
}

function add(pieces: Piece[], kind: Piece["kind"], words: string): void {
  if (words !== "") pieces.push({ kind, words });
}

/** A space alone between two changes is part of them: "a b" for "c d" is one change to a reader, not two. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const found: Piece[] = [];
  let [gone, come] = ["", ""];
  const flush = () => {
    add(found, "gone", gone);
    add(found, "come", come);
    [gone, come] = ["", ""];
  };
  pieces.forEach(({ kind, words }, index) => {
    const between = words.trim() === "" && index > 0 && index < pieces.length - 1;
    if (kind !== "come" && (kind === "gone" || between)) gone += words;
    if (kind !== "gone" && (kind === "come" || between)) come += words;
    if (kind !== "same" || between) return;
    flush();
    found.push({ kind, words });
  });
  flush();
  return found;
}
