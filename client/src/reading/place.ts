/**
 * Places: each with the town, the code and the country that the words give. The mirror of `domain::reading::place`:
 * a name in capitals is taken for a town, unless it holds a word of an institution, a street or a region.
 */

import type { Plain } from "../model/types";
import { startsWithCapital } from "./capital";
import type { Why } from "./doubt";
import { fold, isWhite, trimmed } from "./fold";
import { saysFrance } from "./france";
import {
  country,
  department,
  inRoom,
  isDepartmentCode,
  isEverywhere,
  isInstitution,
  isProvince,
  isRegion,
  isSmall,
  remote,
} from "./known";
import { type Doubt, type Item, type Reading, tooMany, unread } from "./reading";
import { hasWords } from "./sign";
import { itemsOf, Tokens } from "./token";

interface Cell {
  readonly items: Item[];
  readonly doubts: Doubt[];
  readonly also: Record<string, Plain>;
  /** `ou` stands between two of them. */
  either: boolean;
}

/** Reads all places of a cell. */
export function places(words: string): Reading {
  const cell: Cell = { items: [], doubts: [], also: {}, either: false };
  for (const item of itemsOf(words)) {
    for (const part of partsOf(item)) readPart(cell, part);
  }
  return settled(cell, words);
}

function settled({ items, doubts, also, either }: Cell, words: string): Reading {
  const isRemote = items.some((item) => "en_ligne" in item);
  const isInRoom = items.some((item) => !("en_ligne" in item));
  if (isRemote && isInRoom) {
    if (either) {
      delete also.modalite;
      doubts.push({ why: "either-format", words });
    } else {
      also.modalite = "hybride";
    }
  }
  if (items.length === 0 && doubts.length === 0 && Object.keys(also).length === 0) {
    return unread(words, "unknown-words");
  }
  if (tooMany(items)) return { value: null, doubts: [{ why: "too-many-items", words }], words, also };
  return { value: items.length === 0 ? null : items, doubts, words, also };
}

function readPart(cell: Cell, written: string): void {
  const part = bare(written);
  const folded = fold(part);
  const format = remote(folded);
  if (!hasWords(part)) return;
  if (folded === "ou" || folded === "et") {
    cell.either ||= folded === "ou";
  } else if (format !== null) {
    cell.also.modalite = format;
    cell.items.push({ en_ligne: true });
  } else if (inRoom(folded)) {
    cell.also.modalite ??= "presentiel";
  } else {
    readPlace(cell, part);
  }
}

const doubt = (cell: Cell, why: Why, words: string): number => cell.doubts.push({ why, words });

function readPlace(cell: Cell, part: string): void {
  const { name, remark } = withParenthesis(part);
  const folded = fold(name);
  const item: Item = {};
  const [ofCountry, ofDepartment] = [country(folded), department(folded)];
  if (ofCountry !== null) {
    item.pays = ofCountry;
    if (isProvince(folded)) item.lieu = name;
  } else if (isEverywhere(folded) || isRegion(folded)) {
    item.lieu = name;
  } else if (ofDepartment !== null) {
    item.lieu = name;
    item.departement = ofDepartment;
  } else if (isDepartmentCode(name)) {
    item.departement = name.toUpperCase();
  } else if (!address(cell, name, item)) {
    item.lieu = name;
    doubt(cell, "place-in-words", name);
  }
  if ("lieu" in item && saysFrance(name)) item.pays = "FR";
  if (remark === null || !takeParenthesis(cell, { part, name, remark }, item)) cell.items.push(item);
}

/** A town with or without its code and street; false where it may be anything. */
function address(cell: Cell, name: string, item: Item): boolean {
  const tokens = new Tokens(name);
  const code = postalCode(tokens);
  if (code !== null) {
    const before = bare(tokens.slice(0, code.from));
    const behind = bare(tokens.slice(code.to, tokens.length));
    const street = before !== "" && behind !== "";
    const { place, town } = street ? { place: before, town: behind } : aroundLastComma(before || behind);
    if (town !== "" && !isTown(town)) {
      item.lieu = name;
      doubt(cell, "place-in-words", name);
      return true;
    }
    item.code_postal = code.digits;
    if (place !== "") item.lieu = place;
    if (town !== "") item.commune = town;
    return true;
  }
  if (isTown(name)) {
    item.commune = name;
    return true;
  }
  const { place, town } = aroundLastComma(name);
  if (place === "" || (!isTown(town) && country(fold(town)) === null)) return false;
  splitAtComma(cell, name, item);
  return true;
}

function aroundLastComma(name: string): { place: string; town: string } {
  const at = name.lastIndexOf(",");
  return at < 0
    ? { place: "", town: bare(name) }
    : { place: bare(name.slice(0, at)), town: bare(name.slice(at + 1)) };
}

/** `Centre social les Amarres, Brest`: what stands before the last comma is the place in the town. */
function splitAtComma(cell: Cell, name: string, item: Item): void {
  const { place, town } = aroundLastComma(name);
  const ofCountry = country(fold(town));
  if (ofCountry !== null) {
    item.pays = ofCountry;
    item[isTown(place) ? "commune" : "lieu"] = place;
    if (!isTown(place)) doubt(cell, "place-in-words", place);
  } else if (isTown(town)) {
    item.commune = town;
    if (place !== "") item.lieu = place;
  } else {
    item.lieu = name;
    doubt(cell, "place-in-words", name);
  }
}

/** Takes what stands in parentheses; true where it made items of its own. */
function takeParenthesis(
  cell: Cell,
  { part, name, remark }: { part: string; name: string; remark: string },
  item: Item,
): boolean {
  const last = cell.doubts.at(-1);
  const folded = fold(remark);
  const digits = remark.replace(/\p{White_Space}/gu, "");
  const [ofCountry, ofDepartment, several] = [country(folded), department(folded), departmentsIn(remark)];
  if (isDepartmentCode(digits)) item.departement = digits.toUpperCase();
  else if (/^\d{5}$/.test(digits)) item.code_postal = digits;
  else if (ofCountry !== null) {
    item.pays = ofCountry;
    // Over there, what stands before the province may be a region.
    if (ofCountry === "CA" && "lieu" in item && "commune" in item) {
      delete item.commune;
      item.lieu = name;
      doubt(cell, "place-in-words", name);
    }
  } else if (ofDepartment !== null) item.departement = ofDepartment;
  else if (several !== null) {
    const inTown = "commune" in item;
    cell.items.push(
      ...several.map(({ name: lieu, code: departement }) =>
        inTown ? { ...item, departement } : { ...item, departement, lieu },
      ),
    );
    return true;
  } else if (last?.why === "place-in-words" && last.words === name && item.lieu === name) {
    cell.doubts[cell.doubts.length - 1] = { ...last, words: part };
    item.lieu = part;
  } else if ("commune" in item && !("lieu" in item) && startsWithCapital(remark)) item.lieu = remark;
  else doubt(cell, "remark-kept", remark);
  return false;
}

/** The parts of an item: around strokes, then around commas, `et` and `ou` where all parts can stand alone. */
function partsOf(item: string): string[] {
  const tokens = new Tokens(unwrapped(item));
  const isStroke = (at: number): boolean =>
    (tokens.mark(at) === "/" || tokens.mark(at) === "+") &&
    tokens.digits(Math.max(0, at - 1)) === "" &&
    tokens.digits(at + 1) === "";
  return parted(tokens, isStroke).flatMap(([from, to]) => softPartsOf(unwrapped(tokens.slice(from, to))));
}

function softPartsOf(part: string): string[] {
  const tokens = new Tokens(part);
  const joins = (at: number): boolean => tokens.word(at) === "et" || tokens.word(at) === "ou";
  const pieces: string[] = [];
  let alone = true;
  for (const [from, to] of parted(tokens, (at) => tokens.mark(at) === "," || joins(at))) {
    const piece = tokens.slice(from, to);
    if (piece !== "") pieces.push(piece);
    alone &&= piece === "" || standsAlone(piece);
    if (joins(to)) pieces.push(tokens.slice(to, to + 1));
  }
  return alone ? pieces : [part];
}

/** The words without the parentheses around all of them. */
function unwrapped(words: string): string {
  const tokens = new Tokens(bare(words));
  let depth = 0;
  while (tokens.closing(depth) === tokens.length - 1 - depth) depth += 1;
  return bare(tokens.slice(depth, tokens.length - depth));
}

/** The stretches between signs, outside parentheses. */
function parted(tokens: Tokens, isSign: (at: number) => boolean): [from: number, to: number][] {
  const stretches: [number, number][] = [];
  let from = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const close = tokens.closing(at);
    if (close === null && isSign(at)) {
      stretches.push([from, at]);
      from = at + 1;
    }
    at = close ?? at;
  }
  return [...stretches, [from, tokens.length]];
}

function standsAlone(part: string): boolean {
  const { name } = withParenthesis(part);
  const folded = fold(name);
  if (remote(folded) !== null || inRoom(folded) || department(folded) !== null) return true;
  // A country behind a comma belongs to the town before it.
  return isTown(name) && country(folded) === null;
}

/** `Grenoble (38)` as its name and what its last parenthesis holds. */
function withParenthesis(part: string): { name: string; remark: string | null } {
  const tokens = new Tokens(part);
  const last = tokens.length - 1;
  let open = 0;
  while (open < last && tokens.closing(open) !== last) open += 1;
  if (last < 0 || tokens.closing(open) !== last) return { name: bare(part), remark: null };
  if (open === 0) return { name: tokens.slice(1, last), remark: null };
  return { name: tokens.slice(0, open), remark: tokens.slice(open + 1, last) };
}

/** Several departments, by their names and codes. */
function departmentsIn(words: string): { name: string; code: string }[] | null {
  const names = words.split(",").map((name) => trimmed(name, isWhite));
  const known = names.flatMap((name) => {
    const code = department(fold(name));
    return code === null ? [] : [{ name, code }];
  });
  return known.length > 1 && known.length === names.length ? known : null;
}

/** Five digits, together or parted as in `64 390`. */
function postalCode(tokens: Tokens): { from: number; digits: string; to: number } | null {
  for (let at = 0; at < tokens.length; at += 1) {
    const [first, second] = [tokens.digits(at), tokens.digits(at + 1)];
    if (first.length === 5) return { from: at, digits: first, to: at + 1 };
    if (first.length === 2 && second.length === 3 && !tokens.touches(at + 1)) {
      return { from: at, digits: first + second, to: at + 2 };
    }
  }
  return null;
}

const bare = (words: string): string => trimmed(words, (sign) => isWhite(sign) || ",-–:+/.".includes(sign));

/** Whether the words have the form of a town's name, and no word of something else. */
function isTown(words: string): boolean {
  const tokens = new Tokens(words);
  const names: number[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens.word(at) !== "") names.push(at);
    else if (tokens.mark(at) !== "-" && tokens.mark(at) !== "'") return false;
  }
  // `Saint-Pierre-et-Miquelon` is one, `Lyon et Lille` are two.
  if (names.some((at) => ["et", "ou"].includes(tokens.word(at)) && !tokens.touches(at))) return false;
  const raw = (at: number): string => tokens.slice(at, at + 1);
  return (
    startsWithCapital(trimmed(words, isWhite)) &&
    names.length >= 1 &&
    names.length <= 8 &&
    names.every((at) => isSmall(tokens.word(at)) || startsWithCapital(raw(at))) &&
    !names.some((at) => isInstitution(tokens.word(at)) || isAcronym(raw(at), names.length))
  );
}

/** `FJEP` in `FJEP Passy`; a town alone may be in capitals throughout. */
const isAcronym = (word: string, words: number): boolean =>
  words > 1 && Array.from(word).length > 2 && /^\p{Uppercase}+$/u.test(word);
