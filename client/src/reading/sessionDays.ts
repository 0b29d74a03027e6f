/** From the moments of one session to its first and last day, and its days where they do not follow each other. */
import { dayNumber, isoOf, isoOfDay, type Moment, NO_MOMENT } from "./calendar";
import type { Why } from "./doubt";
import type { Piece } from "./moment";

/** How many days a list may hold; a longer session says its ends. */
const MOST_DAYS = 62;

/** The days of a session. */
export interface Dates {
  readonly debut: string | null;
  readonly fin: string | null;
  /** Only where they do not follow each other. */
  readonly jours: readonly string[];
}

/** What the pieces of one session say about days. */
export interface Days {
  readonly dates: Dates | null;
  readonly doubts: readonly Why[];
  /** Pieces that looked like days and are none. */
  readonly strays: ReadonlySet<number>;
}

interface Part {
  readonly piece: number;
  readonly from: Moment;
  readonly to: Moment;
  /** Reaches on from the part before. */
  readonly until: boolean;
  /** Words stand between it and the part before. */
  readonly apart: boolean;
  /** Some of it was written with a later part. */
  readonly filled: boolean;
}

/** Reads the days of a session. */
export function daysOf(pieces: readonly Piece[]): Days {
  const all = filledFromBehind(partsOf(pieces));
  const isStray = ({ from }: Part): boolean => from.year === null && from.month === null;
  const strays = new Set(all.filter(isStray).map(({ piece }) => piece));
  const parts = all.filter((part) => !isStray(part));
  const without = (...doubts: Why[]): Days => ({ dates: null, doubts, strays });
  if (pieces.some(({ atom }) => atom.is === "no-date")) return without("not-a-date");
  if (parts.some(({ to }) => to.year === null)) return without("year-unknown");
  if (parts.length === 0) return without();
  const dates = datesOf(parts);
  if (dates === null) return without(parts.some(({ filled }) => filled) ? "year-unknown" : "ambiguous-date");
  const firstSaid = pieces.find(({ atom }) => atom.is === "moment" || atom.is === "up-to");
  const onlyEnd = parts.length === 1 && firstSaid?.atom.is === "up-to";
  const short = parts.some(({ to }) => to.shortYear);
  return {
    dates: onlyEnd ? { ...dates, debut: null, fin: dates.debut } : dates,
    doubts: short ? ["ambiguous-date"] : [],
    strays,
  };
}

/** The vaguest of its ends. */
export function precisionOf({ debut, fin }: Dates): "annee" | "mois" | "jour" {
  const length = Math.min(debut?.length ?? 10, fin?.length ?? 10);
  if (length === 4) return "annee";
  return length === 7 ? "mois" : "jour";
}

function partsOf(pieces: readonly Piece[]): Part[] {
  const parts: Part[] = [];
  let until = false;
  let apart = false;
  for (const [piece, { atom }] of pieces.entries()) {
    if (atom.is === "moment" || atom.is === "school-year") {
      const from = atom.is === "moment" ? atom.moment : { ...NO_MOMENT, year: atom.year };
      const to = atom.is === "moment" ? from : { ...NO_MOMENT, year: atom.year + 1 };
      parts.push({ piece, from, to, until: until && parts.length > 0 && !apart, apart, filled: false });
      until = false;
      apart = false;
    } else if (atom.is === "until" || atom.is === "up-to") until = true;
    else if (atom.is === "and") until = false;
    else if (atom.is === "other" || atom.is === "hours" || atom.is === "period") apart = true;
  }
  return parts;
}

/** `16 et 17 octobre, 11 et 12 décembre 2017`: month and year are written once, behind. */
function filledFromBehind(parts: readonly Part[]): Part[] {
  const filled = [...parts];
  for (let at = filled.length - 1; at > 0; at -= 1) {
    const [part, next] = [filled[at - 1], filled[at]];
    if (part === undefined || next === undefined || next.apart) continue;
    const moment = completed(part.from, next.from);
    if (moment !== part.from) filled[at - 1] = { ...part, from: moment, to: moment, filled: true };
  }
  return filled;
}

function completed(moment: Moment, next: Moment): Moment {
  if (moment.year !== null) return moment;
  if (moment.day !== null && moment.month === null) {
    const gains = next.month !== null || next.year !== null;
    return gains ? { ...moment, month: next.month, year: next.year } : moment;
  }
  const gains = moment.month !== null && next.month !== null && next.year !== null;
  return gains ? { ...moment, year: next.year } : moment;
}

/** Null where a day does not exist or the days go backwards. */
function datesOf(parts: readonly Part[]): Dates | null {
  const blocks: [from: Moment, to: Moment][] = [];
  for (const part of parts) {
    const block = blocks.at(-1);
    if (block !== undefined && part.until) block[1] = part.to;
    else blocks.push([part.from, part.to]);
  }
  let [debut, last] = ["", ""];
  for (const block of blocks) {
    const [from, to] = [isoOf(block[0]), isoOf(block[1])];
    if (from === null || to === null) return null;
    if (goesBack(from, to) || goesBack(last, from) || last === from) return null;
    debut = debut || from;
    last = to;
  }
  return { debut, fin: last === debut ? null : last, jours: scatteredDays(blocks) };
}

function goesBack(one: string, other: string): boolean {
  const common = Math.min(one.length, other.length);
  return one.slice(0, common) > other.slice(0, common);
}

/** All days, where there are gaps between them. */
function scatteredDays(blocks: readonly (readonly [Moment, Moment])[]): string[] {
  const days: number[] = [];
  for (const block of blocks) {
    const [from, to] = [dayNumber(block[0]), dayNumber(block[1])];
    if (from === null || to === null || days.length + to - from >= MOST_DAYS) return [];
    for (let day = from; day <= to; day += 1) days.push(day);
  }
  const hasGaps = days.some((day, at) => at > 0 && day - (days[at - 1] ?? day) > 1);
  return hasGaps ? days.map(isoOfDay) : [];
}
