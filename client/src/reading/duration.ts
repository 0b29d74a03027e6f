/** Durations: hours and days as they are written, never one from the other. The mirror of `domain::reading::duration`. */
import type { Column, Plain } from "../model/types";
import type { Why } from "./doubt";
import { clockBehind, rateBehind, sum, type Term, termAt, type Unit } from "./durationTerm";
import { fold } from "./fold";
import { bound, isAbout, number } from "./number";
import { asItem, doubting, type Item, isEmpty, keeping, type Reading, sure, unread } from "./reading";
import { Tokens } from "./token";

/** The unit in which a column counts, as its name says it. */
export type ColumnUnit = "heures" | "jours" | null;

export function unitOf(column: Column): ColumnUnit {
  const name = fold(`${column.id} ${column.label.fr}`);
  if (name.includes("heure")) return "heures";
  return name.includes("jour") ? "jours" : null;
}

/** Reads the duration that a column counts in its own unit. A bare number is in that unit. */
export function inUnit(unit: ColumnUnit, words: string): Reading {
  const bare = number(words);
  const understood = !isEmpty(bare.value) && bare.doubts.every(({ why }) => why !== "unknown-words");
  if (unit === null || understood) return bare;
  const whole = duration(words);
  const found = asItem(whole.value);
  if (found === null) return whole;
  const value = found[unit];
  if (value === undefined) return unread(words, whyNotInUnit(unit, found));
  const reading = { ...whole, value, words: "" };
  return Object.keys(found).length > 1 || reading.doubts.length > 0 ? keeping(reading, words) : reading;
}

function whyNotInUnit(unit: string, found: Readonly<Item>): Why {
  const [least, most] = [`${unit}_min` in found, `${unit}_max` in found];
  if (least && most) return "range";
  if (least || most) return "bound";
  return "etalement" in found ? "calendar-span" : "other-unit";
}

/** Reads a duration in words. */
export function duration(words: string): Reading {
  const tokens = new Tokens(words);
  if (isClock(tokens)) return unread(words, "clock-or-duration");
  const found = foundIn(tokens);
  if (addsUnlikeUnits(found.terms)) return unread(words, "two-readings");
  const value: Item = {};
  const doubts = [...found.doubts];
  for (const unit of ["hours", "days"] as const) settle(found.terms, unit, value, doubts);
  for (const [name, unit] of [["annees", "years"] as const, ["ects", "credits"] as const]) {
    const quantity = found.terms.find((term) => term.unit === unit)?.quantity;
    if (typeof quantity === "number") value[name] = quantity;
  }
  const saysTime = Object.keys(value).some((name) => name !== "ects");
  if (found.span !== null) {
    value.etalement = tokens.slice(...found.span);
    if (!saysTime) doubts.push("calendar-span");
  }
  const also = alsoIn(tokens);
  if (isEmpty(value)) {
    const otherwise = found.hasRate ? "calendar-span" : "not-a-duration";
    return { ...unread(words, doubts[0] ?? (found.hasClock ? "clock-or-duration" : otherwise)), also };
  }
  if (found.hasOtherWords) doubts.push("remark-kept");
  const distinct = doubts.filter((why, at) => why !== doubts[at - 1]);
  const reading: Reading = { ...sure(value), also };
  return keeping(
    distinct.reduce((reading, why) => doubting(reading, why, words), reading),
    words,
  );
}

/** `14:00`: a spreadsheet's time, which may be an hour of the day. */
function isClock(tokens: Tokens): boolean {
  const seconds = tokens.length === 5 && tokens.mark(3) === ":" && tokens.digits(4).length === 2;
  const minutes = tokens.mark(1) === ":" && tokens.digits(2).length === 2;
  return tokens.digits(0) !== "" && minutes && (tokens.length === 3 || seconds);
}

function alsoIn(tokens: Tokens): Record<string, Plain> {
  const also: Record<string, Plain> = {};
  if (tokens.says("sur mesure", "sur - mesure")) also.cadre = { sur_mesure: true };
  const inRoom = tokens.says("presentiel", "presentielle", "sur place");
  const remote = tokens.says("en ligne", "distanciel", "a distance", "classe virtuelle", "visio");
  if (inRoom && remote && !tokens.says("ou")) also.modalite = "hybride";
  return also;
}

interface Found {
  readonly terms: Term[];
  /** Where an `étalement` stands. */
  span: [from: number, to: number] | null;
  hasRate: boolean;
  hasClock: boolean;
  hasOtherWords: boolean;
  readonly doubts: Why[];
}

function foundIn(tokens: Tokens): Found {
  const found: Found = {
    terms: [],
    span: null,
    hasRate: false,
    hasClock: false,
    hasOtherWords: false,
    doubts: [],
  };
  const state: Around = { depth: 0, plus: false, over: false };
  let end: "_min" | "_max" | null = null;
  let at = 0;
  while (at < tokens.length) {
    const limit = bound(tokens, at);
    if (limit !== null) {
      end = limit.end;
      at = limit.next;
      continue;
    }
    const term = termAt(tokens, at);
    if (term === null) {
      passWord(tokens, at, state, found);
      at += 1;
      continue;
    }
    end ??= bound(tokens, term.next)?.end ?? null;
    at = takeTerm(tokens, at, { ...term, ...state, bound: end }, found);
    end = null;
    state.plus = false;
    state.over = false;
  }
  return found;
}

interface Around {
  depth: number;
  plus: boolean;
  over: boolean;
}

function passWord(tokens: Tokens, at: number, around: Around, found: Found): void {
  const text = tokens.text(at);
  if (text === "(") {
    around.depth += 1;
    around.plus = false;
  } else if (text === ")") around.depth = Math.max(0, around.depth - 1);
  else if (text === "+" || text === "plus") around.plus = true;
  else if (text === "sur" || text === "pendant") around.over = true;
  else if (isAbout(text)) found.doubts.push("approximate");
  else if (tokens.digits(at) !== "") {
    // Digits that belong to no duration end what a sign before them began.
    around.plus = false;
    around.over = false;
    found.hasOtherWords = true;
  } else if (tokens.word(at) !== "" && !FILLERS.has(text)) found.hasOtherWords = true;
}

/** Puts a term where it belongs and says where to go on. */
function takeTerm(tokens: Tokens, from: number, term: Term, found: Found): number {
  const clock = term.unit === "hours" ? clockBehind(tokens, term.next) : null;
  if (clock !== null) {
    found.hasClock = true;
    found.hasOtherWords = true;
    return clock;
  }
  const rate = rateBehind(tokens, term.next);
  if (rate !== null) {
    found.hasRate = true;
    return rate;
  }
  if (term.unit === "span") found.span ??= [from, term.next];
  else found.terms.push(term);
  return term.next;
}

/** `1 jour + 2 h` has no number in either unit. */
function addsUnlikeUnits(terms: readonly Term[]): boolean {
  // The last term of each depth or a lower one, as one walks.
  const lastAtMost: Unit[] = [];
  for (const term of terms) {
    const before = lastAtMost[Math.min(term.depth, lastAtMost.length - 1)];
    if (term.plus && before !== undefined && before !== term.unit) return true;
    while (lastAtMost.length <= term.depth) lastAtMost.push(lastAtMost.at(-1) ?? term.unit);
    lastAtMost.fill(term.unit, term.depth);
  }
  return false;
}

/** The number of one unit: what stands outside parentheses, and what these confirm or add. */
function settle(terms: readonly Term[], unit: "hours" | "days", value: Item, doubts: Why[]): void {
  const added = terms.find((term) => term.plus && term.depth === 0)?.unit;
  // Where a sum is made in one unit, `sur 2 jours` speaks of one part of it only.
  const ofUnit = terms.filter(
    (term) => term.unit === unit && !(added !== undefined && added !== unit && term.over),
  );
  const outside = ofUnit.filter(({ depth }) => depth === 0);
  const inside = ofUnit.filter(({ depth }) => depth > 0);
  const main = outside.length === 0 ? inside : outside;
  const [first] = main;
  if (first === undefined) return;
  const name = unit === "hours" ? "heures" : "jours";
  if (typeof first.quantity !== "number") {
    [value[`${name}_min`], value[`${name}_max`]] = first.quantity as [number, number];
    doubts.push("range");
    return;
  }
  let total = sum(main);
  if (total === null) {
    doubts.push("two-readings");
    return;
  }
  let computed = main.length > 1 || first.computed;
  const [firstInside] = inside;
  if (outside.length > 0 && firstInside !== undefined) {
    const again = sum(inside);
    if (again !== null && firstInside.plus) {
      total += again;
      computed = true;
    } else if (again !== null && Math.abs(again - total) < 1e-9) {
      // What the parenthesis says again is written, and so no longer our sum.
      computed = computed && (inside.length > 1 || firstInside.computed);
    } else {
      doubts.push("two-readings");
    }
  }
  value[`${name}${first.bound ?? ""}`] = total;
  if (first.bound !== null) doubts.push("bound");
  if (computed) doubts.push("computed");
}

/** Words that say nothing beyond the numbers. */
const FILLERS = new Set(
  (
    "de entre d du a soit duree total complet complets complete completes repartie reparties repartis reparti sur en " +
    "et formation presentiel distanciel ligne ou au s la le pendant mesure distance"
  ).split(" "),
);
