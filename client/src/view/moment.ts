import type { Language } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When something was, as one says it: "il y a 5 minutes", "hier à 14:05", "le 3 mai à 09:10". */
export function momentWords(at: number, now: number, language: Language): string {
  const ago = Math.max(0, now - at);
  if (ago < HOUR) {
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    const minutes = Math.floor(ago / MINUTE);
    return minutes === 0 ? NOW[language] : relative.format(-minutes, "minute");
  }
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  return AT[language](dayWords(at, now, language), time);
}

/** The same moment to the second, for who must know. */
export function exactWords(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" }).format(at);
}

const NOW: Readonly<Record<Language, string>> = { fr: "à l’instant", en: "just now" };
const AT: Readonly<Record<Language, (day: string, time: string) => string>> = {
  fr: (day, time) => `${day} à ${time}`,
  en: (day, time) => `${day} at ${time}`,
};

function dayWords(at: number, now: number, language: Language): string {
  const days = Math.round((dayOf(now) - dayOf(at)) / (24 * HOUR));
  if (days < 2) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const day = new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
  return language === "fr" ? `le ${day}` : day;
}

/** Midnight of the day, where the reader is. */
function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
