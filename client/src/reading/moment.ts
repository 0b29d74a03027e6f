/**
 * The moments that a text names, with what stands between them. Days come before months, always. The mirror of
 * `domain::reading::moment`.
 */
import { canExist, isoOf, isWeekDay, type Moment, monthOf, NO_MOMENT } from "./calendar";
import type { Tokens } from "./token";

/** What stands at one place of a text about dates. */
export type Atom =
  | { readonly is: "moment"; readonly moment: Moment }
  /** `2012/2013`: from one autumn to the next summer. */
  | { readonly is: "school-year"; readonly year: number }
  | { readonly is: "state"; readonly state: string }
  | {
      /** `au` · `jusqu'au` · `et` · `9h30 à 17h30` · a season · `à partir du` · no such day · `le` · the rest. */
      readonly is:
        | "until"
        | "up-to"
        | "and"
        | "hours"
        | "period"
        | "open-end"
        | "no-date"
        | "filler"
        | "other";
    };

/** An atom and the tokens that it takes. */
export interface Piece {
  readonly atom: Atom;
  readonly from: number;
  readonly to: number;
}

type Taken = { readonly atom: Atom; readonly to: number } | null;

/** All pieces of a text, in order. */
export function piecesOf(tokens: Tokens): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < tokens.length) {
    const taken = daysBeforeMonth(tokens, at, pieces) ??
      hours(tokens, at) ??
      period(tokens, at) ??
      figures(tokens, at) ??
      namedMonth(tokens, at) ??
      word(tokens, at) ?? { atom: { is: "other" }, to: at + 1 };
    pieces.push({ ...taken, from: at });
    at = taken.to;
  }
  return joined(pieces);
}

const taken = (is: Exclude<Atom["is"], "moment" | "school-year" | "state">, to: number): Taken => ({
  atom: { is },
  to,
});
const part = (moment: Moment, to: number): Taken => ({ atom: { is: "moment", moment }, to });
const dayOf = (day: number): Moment => ({ ...NO_MOMENT, day });
const small = (digits: string): number | null => (/^\d{1,2}$/.test(digits) ? Number(digits) : null);
const existing = (moment: Moment, to: number): Taken =>
  isoOf(moment) === null ? taken("no-date", to) : part(moment, to);

/** `23/24/25 avril`: days of one month, not a date. All but the last are put away. */
function daysBeforeMonth(tokens: Tokens, at: number, pieces: Piece[]): Taken {
  const places = [at];
  let next = at + 1;
  while (tokens.mark(next) === "/" && small(tokens.digits(next + 1)) !== null && places.length < 12) {
    places.push(next + 1);
    next += 2;
  }
  if (places.length < 2 || monthOf(tokens.word(next)) === 0) return null;
  const days = places.map((place) => small(tokens.digits(place)) ?? 0);
  if (!days.every((day) => day >= 1 && day <= 31)) return null;
  for (const [place, day] of days.slice(0, -1).entries()) {
    const from = places[place] ?? at;
    pieces.push({ atom: { is: "moment", moment: dayOf(day) }, from, to: from + 1 });
    pieces.push({ atom: { is: "and" }, from: from + 1, to: from + 2 });
  }
  return part(dayOf(days.at(-1) ?? 0), next);
}

/** The place behind an hour of the day. */
function hourAt(tokens: Tokens, at: number): number | null {
  const hour = small(tokens.digits(at));
  const sign = tokens.text(at + 1);
  if (hour === null || hour >= 24 || (sign !== "h" && sign !== ":")) return null;
  const written = tokens.digits(at + 2);
  const minutes = written.length === 2 && Number(written) < 60 && tokens.touches(at + 2);
  if (minutes) return at + 3;
  return sign === "h" ? at + 2 : null;
}

/** `9h30 à 17h30`, `14 h`. */
function hours(tokens: Tokens, at: number): Taken {
  const to = hourAt(tokens, at);
  if (to === null) return null;
  const joins = tokens.text(to) === "a" || tokens.text(to) === "-";
  return taken("hours", (joins ? hourAt(tokens, to + 1) : null) ?? to);
}

const ORDINALS = ["er", "e", "eme", "nd", "ere"];
const PERIODS = ["trimestre", "semestre", "quadrimestre", "quinzaine"];
const SEASONS = "automne printemps ete hiver rentree fin debut mi courant semaine".split(" ");

/** `1er trimestre`, `T1`, `automne`, `rentrée`. */
function period(tokens: Tokens, at: number): Taken {
  const numbered = tokens.digits(at) !== "";
  const ordinal = numbered && ORDINALS.includes(tokens.word(at + 1));
  const place = at + (numbered ? 1 : 0) + (ordinal ? 1 : 0);
  if (PERIODS.includes(tokens.word(place))) return taken("period", place + 1);
  const letter = tokens.word(at) === "t" || tokens.word(at) === "s";
  if (letter && tokens.touches(at + 1) && tokens.digits(at + 1).length === 1) return taken("period", at + 2);
  return SEASONS.includes(tokens.word(at)) ? taken("period", at + 1) : null;
}

/** Dates in figures, and single numbers. */
function figures(tokens: Tokens, at: number): Taken {
  const first = tokens.digits(at);
  const sign = tokens.mark(at + 1);
  const tight = (place: number): boolean => tokens.touches(place) && tokens.touches(place + 1);
  const parted = ["/", ".", "-"].includes(sign) && tight(at + 1) && tokens.digits(at + 2) !== "";
  if (first.length === 4) return yearFirst(tokens, at, parted);
  if (first.length !== 1 && first.length !== 2) return null;
  if (parted) return dayFirst(tokens, at, sign, tight(at + 3) && tokens.mark(at + 3) === sign);
  const day = Number(first);
  if (day < 1 || day > 31) return null;
  const next = at + (tokens.word(at + 1) === "er" && tokens.touches(at + 1) ? 2 : 1);
  // `(29)` is a department, `3 jours` and `2 sessions` are counts.
  const alone = tokens.mark(at - 1) === "(" && tokens.mark(at + 1) === ")";
  return !alone && mayFollowDay(tokens.word(next)) ? part(dayOf(day), next) : null;
}

const mayFollowDay = (word: string): boolean =>
  ["", "et", "au", "a", "puis", "ou", "jusqu"].includes(word) || monthOf(word) > 0 || isWeekDay(word);

function yearFirst(tokens: Tokens, at: number, parted: boolean): Taken {
  const year = Number(tokens.digits(at));
  if (year < 1900 || year > 2200) return null;
  const alone: Moment = { ...NO_MOMENT, year };
  const [sign, second] = [tokens.mark(at + 1), tokens.digits(at + 2)];
  if (!parted || sign === "." || second.length > 4) return part(alone, at + 1);
  const number = Number(second);
  if (sign === "-" && second.length === 2 && number >= 1 && number <= 12) {
    const third = tokens.mark(at + 3) === "-" ? tokens.digits(at + 4) : "";
    return existing({ ...alone, month: number, day: small(third) }, third === "" ? at + 3 : at + 5);
  }
  const isNext = second.length === 4 && number === year + 1;
  const isNextShort = second.length === 2 && number === (year + 1) % 100;
  if (isNext || isNextShort) return { atom: { is: "school-year", year }, to: at + 3 };
  // Any other two figures are read one by one.
  return part(alone, at + 1);
}

function dayFirst(tokens: Tokens, at: number, sign: string, goesOn: boolean): Taken {
  const first = small(tokens.digits(at));
  const second = tokens.digits(at + 2);
  const third = goesOn ? tokens.digits(at + 4) : "";
  if (second.length === 4) return existing({ ...NO_MOMENT, year: Number(second), month: first }, at + 3);
  const dayAndMonth: Moment = { ...NO_MOMENT, day: first, month: small(second) };
  if (third.length === 4) return existing({ ...dayAndMonth, year: Number(third) }, at + 5);
  if (third.length === 2) {
    return existing({ ...dayAndMonth, year: 2000 + Number(third), shortYear: true }, at + 5);
  }
  if (sign === "-") return part(dayOf(first ?? 0), at + 1);
  return canExist(dayAndMonth) ? part(dayAndMonth, at + 3) : taken("no-date", at + 3);
}

/** `mars`, `mars-25`, `janv.`. */
function namedMonth(tokens: Tokens, at: number): Taken {
  const month = monthOf(tokens.word(at));
  if (month === 0) return null;
  const moment: Moment = { ...NO_MOMENT, month };
  const next = at + (tokens.mark(at + 1) === "." && tokens.touches(at + 1) ? 2 : 1);
  const tight = tokens.touches(next) && tokens.touches(next + 1) && !tokens.touches(next + 2);
  const short = tokens.digits(next + 1);
  if (tokens.mark(next) === "-" && tight && short.length === 2) {
    return part({ ...moment, year: 2000 + Number(short), shortYear: true }, next + 2);
  }
  // `mars 25`: a day or a year.
  const unclear = tokens.digits(next).length === 2 && !tokens.touches(next + 1) && !dayGoesOn(tokens, next);
  return unclear ? taken("no-date", next + 1) : part(moment, next);
}

/** Whether a day is followed by its month, whatever joins other days to it. */
const dayGoesOn = (tokens: Tokens, at: number): boolean =>
  monthOf(tokens.word(at + 1)) > 0 || ["et", ",", "-", "au", "a", "/", "&"].includes(tokens.text(at + 1));

const STATES: Readonly<Record<string, string>> = {
  complet: "complète",
  complete: "complète",
  complets: "complète",
  completes: "complète",
  reporte: "reportée",
  reportee: "reportée",
  reportes: "reportée",
  reportees: "reportée",
  annule: "annulée",
  annulee: "annulée",
  annules: "annulée",
  annulees: "annulée",
  ouvert: "ouverte",
  ouverte: "ouverte",
  ouvertes: "ouverte",
  ouverts: "ouverte",
};
const FILLERS = new Set(
  (
    "a le les du de des d l en date dates session sessions prochaine prochaines prochain annee " +
    "universitaire scolaire inscription inscriptions stage"
  ).split(" "),
);

function word(tokens: Tokens, at: number): Taken {
  const open = tokens.phraseOf(at, "a partir du", "a partir de", "a compter du", "depuis");
  if (open !== null) return taken("open-end", open);
  const upTo = tokens.phraseOf(at, "jusqu ' au", "jusqu ' a", "jusqu au");
  if (upTo !== null) return taken("up-to", upTo);
  const text = tokens.text(at);
  if (text === "au" || text === "-") return taken("until", at + 1);
  if (text === "a" && namesDate(tokens, at + 1)) return taken("until", at + 1);
  if (["et", ",", "&", "/", "puis", "+", "...", "…"].includes(text)) return taken("and", at + 1);
  const state = Object.hasOwn(STATES, text) ? STATES[text] : undefined;
  if (state !== undefined) return { atom: { is: "state", state }, to: at + 1 };
  const counted = text === "session" || text === "sessions" || text === "module";
  if (counted && small(tokens.digits(at + 1)) !== null && tokens.mark(at + 2) === ":") {
    return taken("filler", at + 3);
  }
  return FILLERS.has(text) || isWeekDay(text) || tokens.isMark(at) ? taken("filler", at + 1) : null;
}

/** Whether a date starts here: then `à` means until, and no place. */
const namesDate = (tokens: Tokens, at: number): boolean =>
  tokens.digits(at) !== "" || monthOf(tokens.word(at)) > 0 || isWeekDay(tokens.word(at));

/** Parts that follow each other become one moment: `28`, `septembre`, `2025`. */
function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    const both =
      piece.atom.is === "moment" && last?.atom.is === "moment"
        ? together(last.atom.moment, piece.atom.moment)
        : null;
    if (both === null || last === undefined) whole.push(piece);
    else whole[whole.length - 1] = { atom: { is: "moment", moment: both }, from: last.from, to: piece.to };
  }
  return whole;
}

function together(before: Moment, next: Moment): Moment | null {
  const lacksMonth = before.year === null && before.month === null && before.day !== null;
  if (lacksMonth && next.month !== null && next.day === null) return { ...next, day: before.day };
  const lacksYear = before.year === null && before.month !== null;
  return lacksYear && next.year !== null && next.month === null ? { ...before, year: next.year } : null;
}
