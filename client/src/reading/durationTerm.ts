/** One quantity with its unit inside a duration: `2,5 jours`, `3h30 x 2`, `de 2 à 6 jours`. */
import { named, numberAt } from "./number";
import type { Tokens } from "./token";

/** Weeks and months are a span of the calendar. */
export type Unit = "hours" | "days" | "years" | "credits" | "span";

/** A quantity with its unit and what stands around it. */
export interface Term {
  /** One number, or the two ends of a range. */
  readonly quantity: number | readonly [least: number, most: number];
  readonly unit: Unit;
  /** Not written as such: a product, a half. */
  readonly computed: boolean;
  readonly next: number;
  /** In how many parentheses. */
  readonly depth: number;
  /** Added to what stands before. */
  readonly plus: boolean;
  /** `sur 3 jours`. */
  readonly over: boolean;
  readonly bound: "_min" | "_max" | null;
}

/** The term that starts at a place. */
export const termAt = (tokens: Tokens, at: number): Term | null =>
  product(tokens, at) ?? between(tokens, at) ?? timesAfter(tokens, at);

/** The sum of terms that are one quantity each; null where nothing says that they add up. */
export function sum(terms: readonly Term[]): number | null {
  let total = 0;
  for (const [place, { quantity, plus }] of terms.entries()) {
    if (typeof quantity !== "number" || (place > 0 && !plus)) return null;
    total += quantity;
  }
  return total;
}

const PERIODS = "semaine sem mois jour j an annee trimestre seance session".split(" ");

/** The place behind `par semaine`, `/mois`, where a quantity is one of many. */
export function rateBehind(tokens: Tokens, at: number): number | null {
  const per = tokens.text(at) === "par" || tokens.text(at) === "/";
  return per && PERIODS.includes(tokens.word(at + 1)) ? at + 2 : null;
}

/** The place behind a second hour of the day, in `9h30 à 17h30`; `at` is behind the first. */
export function clockBehind(tokens: Tokens, at: number): number | null {
  const second = tokens.text(at) === "a" || tokens.text(at) === "-" ? simple(tokens, at + 1) : null;
  return second?.unit === "hours" ? second.next : null;
}

function term(quantity: number, unit: Unit, computed: boolean, next: number): Term {
  return { quantity, unit, computed, next, depth: 0, plus: false, over: false, bound: null };
}

interface Count {
  readonly value: number;
  /** A half in words. */
  readonly half: boolean;
  readonly next: number;
}

const PARTS: Readonly<Record<string, number>> = { "½": 0.5, "¼": 0.25, "¾": 0.75 };

const isHalf = (word: string): boolean => word === "demi" || word === "demie";

function count(tokens: Tokens, at: number): Count | null {
  const part = PARTS[tokens.mark(at)];
  if (part !== undefined) return { value: part, half: true, next: at + 1 };
  if (isHalf(tokens.word(at))) return { value: 0.5, half: true, next: behindHalf(tokens, at) };
  const fraction = tokens.phraseOf(at, "1 / 2");
  if (fraction !== null) return { value: 0.5, half: true, next: fraction };
  const inLetters = named(tokens.word(at));
  if (inLetters !== null) return halvesOr(tokens, inLetters, at + 1);
  const found = numberAt(tokens, at);
  if (found === null || found.hand === "unclear") return null;
  const more = PARTS[tokens.mark(found.next)];
  if (more !== undefined) return { value: found.value + more, half: true, next: found.next + 1 };
  return halvesOr(tokens, found.value, found.next);
}

const behindHalf = (tokens: Tokens, at: number): number => at + (tokens.mark(at + 1) === "-" ? 2 : 1);

/** `3 demi-journées`, or three of what follows. */
function halvesOr(tokens: Tokens, value: number, at: number): Count {
  if (!isHalf(tokens.word(at))) return { value, half: false, next: at };
  return { value: value / 2, half: true, next: behindHalf(tokens, at) };
}

const UNITS: ReadonlyMap<string, Unit> = new Map([
  ...["j", "jr", "jrs", "jour", "jours", "journee", "journees"].map((word) => [word, "days"] as const),
  ...["h", "hr", "hrs", "heure", "heures"].map((word) => [word, "hours"] as const),
  ...["an", "ans", "annee", "annees"].map((word) => [word, "years"] as const),
  ...["semaine", "semaines", "sem", "mois"].map((word) => [word, "span"] as const),
  ["ects", "credits"] as const,
]);

function unitAt(tokens: Tokens, at: number): { unit: Unit; next: number } | null {
  const unit = UNITS.get(tokens.word(at));
  if (unit === undefined) return null;
  // `jour(s)`
  const plural = tokens.touches(at + 1) ? tokens.phraseOf(at + 1, "( s )") : null;
  return { unit, next: plural ?? at + 1 };
}

const MINUTES = ["min", "mn", "minute", "minutes"];

/** A count with its unit: `2,5 j`, `1h30`, `90 min`, `2 jours et demi`. */
function simple(tokens: Tokens, at: number): Term | null {
  const counted = count(tokens, at);
  if (counted === null) return null;
  if (MINUTES.includes(tokens.word(counted.next))) {
    return term(counted.value / 60, "hours", false, counted.next + 1);
  }
  const found = unitAt(tokens, counted.next);
  if (found === null) return null;
  const { unit, next } = found;
  if (unit === "hours" && tokens.digits(next).length === 2 && tokens.text(next - 1) === "h") {
    const minutes = Number(tokens.digits(next));
    const behind = next + 1 + (["min", "mn"].includes(tokens.word(next + 1)) ? 1 : 0);
    return minutes < 60 ? term(counted.value + minutes / 60, unit, false, behind) : null;
  }
  if (tokens.word(next) === "et" && isHalf(tokens.word(next + 1))) {
    return term(counted.value + 0.5, unit, true, next + 2);
  }
  return term(counted.value, unit, counted.half, next);
}

const isTimes = (text: string): boolean => text === "x" || text === "*" || text === "fois";

const WHOLES = ["module", "seance", "session", "atelier", "bloc", "cycle", "regroupement", "rencontre"];

/** `2 x 3 h`, `2 fois 2 jours`, `3 modules successifs de 2 jours`. */
function product(tokens: Tokens, at: number): Term | null {
  const times = count(tokens, at);
  if (times === null) return null;
  let inner: Term | null = null;
  if (isTimes(tokens.text(times.next))) {
    inner = simple(tokens, times.next + 1);
  } else if (WHOLES.includes(tokens.word(times.next).replace(/s{1,9}$/, ""))) {
    const of = [times.next + 1, times.next + 2].find((place) => tokens.word(place) === "de");
    inner = of === undefined ? null : simple(tokens, of + 1);
  }
  if (inner === null || typeof inner.quantity !== "number") return null;
  if (inner.unit !== "hours" && inner.unit !== "days") return null;
  return term(times.value * inner.quantity, inner.unit, true, inner.next);
}

/** `3h30 x 2`, or the count alone with its unit. */
function timesAfter(tokens: Tokens, at: number): Term | null {
  const inner = simple(tokens, at);
  if (inner === null || !isTimes(tokens.text(inner.next))) return inner;
  const times = count(tokens, inner.next + 1);
  if (times === null || unitAt(tokens, times.next) !== null || typeof inner.quantity !== "number")
    return inner;
  return term(inner.quantity * times.value, inner.unit, true, times.next);
}

/** `2 à 6 jours`, `2-3 jours`, `entre 2 et 6 jours`, `2 jours à 3 jours`. */
function between(tokens: Tokens, at: number): Term | null {
  const least = count(tokens, at);
  if (least === null) return null;
  const unit = unitAt(tokens, least.next);
  const next = unit?.next ?? least.next;
  const joint = tokens.text(next);
  // `9h à 17h` are hours of the day.
  if ((joint === "a" || joint === "-") && unit?.unit === "hours") return null;
  const afterEntre = joint === "et" && tokens.word(at - 1) === "entre";
  if (!["a", "-", "/", "ou"].includes(joint) && !afterEntre) return null;
  const last = simple(tokens, next + 1);
  if (last === null || typeof last.quantity !== "number") return null;
  const fits = (unit === null || unit.unit === last.unit) && least.value < last.quantity;
  if (!fits || (last.unit !== "hours" && last.unit !== "days")) return null;
  return { ...last, quantity: [least.value, last.quantity] };
}
