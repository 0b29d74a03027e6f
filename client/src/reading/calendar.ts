/** Days of the calendar, and the names of months and week days. The mirror of `domain::reading::calendar`. */

/** A moment as precisely as it is written. */
export interface Moment {
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
  /** The year was written with two digits. */
  readonly shortYear: boolean;
}

export const NO_MOMENT: Moment = { year: null, month: null, day: null, shortYear: false };

const two = (number: number): string => String(number).padStart(2, "0");

/** `2026-09-30`, `2026-09` or `2026`; null where the year is missing or the day does not exist. */
export function isoOf({ year, month, day }: Moment): string | null {
  // The inventory speaks of courses, not of history.
  if (year === null || year < 1900 || year > 2200) return null;
  if (month === null) return day === null ? String(year) : null;
  if (month < 1 || month > 12) return null;
  if (day === null) return `${year}-${two(month)}`;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day >= 1 && day <= lastDay ? `${year}-${two(month)}-${two(day)}` : null;
}

const A_DAY = 86_400_000;

/** The number of its day in a count without gaps. */
export function dayNumber(moment: Moment): number | null {
  const iso = moment.day === null ? null : isoOf(moment);
  return iso === null ? null : Date.parse(`${iso}T00:00:00Z`) / A_DAY;
}

/** The day of a number in the count of `dayNumber`. */
export const isoOfDay = (number: number): string => new Date(number * A_DAY).toISOString().slice(0, 10);

/** Whether such a day or month can exist in some year. */
export const canExist = (moment: Moment): boolean => isoOf({ ...moment, year: moment.year ?? 2024 }) !== null;

/** The day that a spreadsheet means by a number, in the system that starts in 1900. */
export const isoOfSerial = (serial: number): string =>
  // Day 0 is 30 December 1899, because the system believes in a 29 February 1900.
  isoOfDay(Date.UTC(1899, 11, 30) / A_DAY + serial);

const MONTHS = [
  "janvier",
  "fevrier",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "aout",
  "septembre",
  "octobre",
  "novembre",
  "decembre",
];

/** The month that a folded name or its usual short form means, from 1; 0 where it means none. */
export function monthOf(name: string): number {
  if (name.length < 3 || name === "jui") return 0;
  return MONTHS.findIndex((full) => full.startsWith(name)) + 1;
}

const WEEK_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim lundis".split(
  " ",
);

/** Whether a folded word names a day of the week. */
export const isWeekDay = (word: string): boolean =>
  WEEK_DAYS.includes(word) || (word.endsWith("s") && WEEK_DAYS.includes(word.slice(0, -1)));
