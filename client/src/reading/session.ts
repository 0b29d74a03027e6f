/** Sessions: each item of a cell with its days, its place and its state. The mirror of `domain::reading::session`. */

import type { Plain } from "../model/types";
import { startsWithCapital } from "./capital";
import { serial } from "./date";
import type { Why } from "./doubt";
import { isWhite, trimmed } from "./fold";
import { type Piece, piecesOf } from "./moment";
import { type Doubt, type Item, type Reading, tooMany } from "./reading";
import { daysOf, precisionOf } from "./sessionDays";
import { HARD_SIGNS, itemsOf, Tokens } from "./token";

/** Reads all sessions of a cell. */
export function sessions(words: string): Reading {
  const also: Record<string, Plain> = {};
  const items: Item[] = [];
  const doubts: Doubt[] = [];
  for (const written of itemsOf(words, [...HARD_SIGNS, " / "])) {
    const part = trimmed(written, isWhite);
    const tokens = new Tokens(part);
    const option = entries(tokens);
    if (option !== null) also.entrees = option;
    const { item, whys } = one(part, tokens);
    if (item !== null) items.push(item);
    doubts.push(...whys.map((why) => ({ why, words: part })));
  }
  if (tooMany(items)) {
    return { value: null, doubts: [...doubts, { why: "too-many-items", words }], words, also };
  }
  // Where no item has a date, the words of the cell say as much.
  const dated = items.some((item) => Object.keys(item).length > 1);
  return { value: dated ? items : null, doubts, words, also };
}

/** How one enters, where no date is needed. */
function entries(tokens: Tokens): string | null {
  const always = tokens.says(
    "en continu",
    "toute l ' annee",
    "permanent",
    "permanente",
    "permanentes",
    "en permanence",
    "permanents",
  );
  if (always) return "permanentes";
  return tokens.says("a la demande", "sur demande") ? "a_la_demande" : null;
}

/** One session; no item where the words say only how one enters. */
function one(part: string, tokens: Tokens): { item: Item | null; whys: readonly Why[] } {
  const ofSerial = serial(part);
  if (ofSerial !== null) return { item: { debut: ofSerial, precision: "jour" }, whys: ["serial-date"] };
  const pieces = piecesOf(tokens);
  const says = (is: Piece["atom"]["is"]): boolean => pieces.some(({ atom }) => atom.is === is);
  const { dates, doubts, strays } = daysOf(pieces);
  if (dates === null) {
    if (doubts.length > 0) return { item: { texte: part }, whys: doubts };
    if (entries(tokens) !== null) return { item: null, whys: [] };
    return { item: { texte: part }, whys: [says("period") ? "year-unknown" : "not-a-session"] };
  }
  const item: Item = {};
  const whys = [...doubts];
  if (dates.debut !== null) item.debut = dates.debut;
  if (dates.fin !== null) item.fin = dates.fin;
  item.precision = precisionOf(dates);
  const state = pieces.find(({ atom }) => atom.is === "state")?.atom;
  if (state?.is === "state") item.etat_recrutement = state.state;
  const hours = pieces.find(({ atom }) => atom.is === "hours");
  if (hours !== undefined) item.horaires = tokens.slice(hours.from, hours.to);
  const rest = restOf(pieces, strays);
  const place = placeIn(tokens, rest);
  if (place !== null) item.lieu = place;
  else if (rest.length > 0) whys.push("remark-kept");
  if (says("period")) whys.push("period");
  const told = (rest.length === 0 || place !== null) && !says("period") && !says("open-end");
  if (!told) item.texte = part;
  if (dates.jours.length > 0) item.jours = [...dates.jours];
  return { item, whys };
}

interface Run {
  readonly from: number;
  to: number;
}

/** The runs of pieces that say something else than dates, as tokens. */
function restOf(pieces: readonly Piece[], strays: ReadonlySet<number>): Run[] {
  const runs: Run[] = [];
  let broken = true;
  for (const [at, { atom, from, to }] of pieces.entries()) {
    const last = runs.at(-1);
    if (atom.is !== "other" && !strays.has(at)) {
      broken ||= atom.is !== "filler" && atom.is !== "until";
    } else {
      if (last !== undefined && !broken) last.to = to;
      else runs.push({ from, to });
      broken = false;
    }
  }
  return runs;
}

/** Words that begin with a capital before a date and are no towns. */
const OF_TRAININGS = new Set(
  (
    "programme formation formations module modules cycle parcours promotion groupe atelier ateliers webinaire " +
    "webinaires cours edition semaine journee journees"
  ).split(" "),
);

const SMALL = ["de", "du", "des", "la", "le", "les", "en", "sur", "sous", "et"];

/** The place, where all that is left is one name in capitals: `Lyon`, `Le Sappey en Chartreuse (38)`. */
function placeIn(tokens: Tokens, rest: readonly Run[]): string | null {
  const [run] = rest;
  if (run === undefined || rest.length > 1) return null;
  const capital = (at: number): boolean => startsWithCapital(tokens.slice(at, at + 1));
  let { from, to } = run;
  while (from > 0 && SMALL.includes(tokens.word(from - 1)) && capital(from - 1)) from -= 1;
  let behindName = to;
  for (let at = to - 1; at >= from; at -= 1) {
    if (tokens.mark(at) !== "(") continue;
    const closed = tokens.closing(at) === to && to - at === 2 && tokens.digits(to - 1) !== "";
    if (!closed) return null;
    behindName = at;
    to += 1;
    break;
  }
  let words = 0;
  for (let at = from; at < behindName; at += 1) {
    const word = tokens.word(at);
    if (tokens.digits(at) !== "" || tokens.mark(at) === ":" || tokens.mark(at) === ".") return null;
    if (word !== "" && !capital(at) && !SMALL.includes(word)) return null;
    if (OF_TRAININGS.has(word)) return null;
    words += word === "" ? 0 : 1;
  }
  return capital(from) && words <= 8 ? tokens.slice(from, to) : null;
}
