/** One date, as precise as it was written. The mirror of `domain::reading::date`. */
import { isoOf, isoOfSerial, type Moment } from "./calendar";
import type { Why } from "./doubt";
import { piecesOf } from "./moment";
import { doubting, keeping, type Reading, sure, unread } from "./reading";
import { Tokens } from "./token";

/** Reads one date. Days come before months, always; a year that is not written is not known. */
export function date(words: string): Reading {
  const ofSerial = serial(words);
  if (ofSerial !== null) return keeping(doubting(sure(ofSerial), "serial-date", words), words);
  const found = onlyMoment(words);
  if (typeof found === "string") return unread(words, found);
  const reading = found.iso === words ? sure(found.iso) : keeping(sure(found.iso), words);
  return found.moment.shortYear ? doubting(reading, "ambiguous-date", words) : reading;
}

/** The date that a spreadsheet shows as a number. */
export function serial(words: string): string | null {
  const number = /^\d{5}$/.test(words) ? Number(words) : 0;
  // From 1982 to 2064: other numbers of five digits are none.
  return number >= 30_000 && number < 60_000 ? isoOfSerial(number) : null;
}

function onlyMoment(words: string): { moment: Moment; iso: string } | Why {
  const moments: Moment[] = [];
  let several = false;
  let period = false;
  for (const { atom } of piecesOf(new Tokens(words))) {
    if (atom.is === "moment") moments.push(atom.moment);
    else if (atom.is === "until" || atom.is === "up-to" || atom.is === "and") several = true;
    else if (atom.is === "period" || atom.is === "school-year") period = true;
    else if (atom.is !== "filler") return "not-a-date";
  }
  if (period) return "period";
  const hasYear = moments.some(({ year }) => year !== null);
  if (!hasYear) return moments.some(({ month }) => month !== null) ? "year-unknown" : "not-a-date";
  const [moment, ...others] = moments;
  if (moment === undefined || others.length > 0 || several) return "range";
  const iso = isoOf(moment);
  return iso === null ? "not-a-date" : { moment, iso };
}
