/** What the script of the form says beside the server's own words, in the two languages of the page. */
import { typesetFrench } from "../lib/typeset";

const FR = {
  found: "Une saisie du {when} est gardée sur cet appareil.",
  foundSent: "Une saisie du {when} est gardée sur cet appareil ; elle est peut-être déjà partie.",
  resume: "Reprendre ma saisie du {when}",
  forget: "Effacer de cet appareil",
  kept: "Brouillon gardé sur cet appareil seulement, à {time}.",
  resumed: "Votre saisie est de retour.",
  forgotten: "Le brouillon est effacé de cet appareil.",
  unkept: "Cet appareil ne garde pas de brouillon.",
  when: "{day} à {time}",
  remove: "Retirer la ligne {n}",
  removed: "La ligne {n} est retirée.",
  most: "Pas plus de {n} lignes.",
  read: "Compris :",
  unread: "Gardé en toutes lettres",
  near1: "1 offre proche existe déjà",
  nears: "{n} offres proches existent déjà",
  complete: "Compléter celle-ci",
  away: "Le serveur ne répond pas. Rien n'est parti, rien n'est perdu : votre saisie est dans cette page et sur cet appareil.",
  awayHere: "Le serveur ne répond pas. Rien n'est parti ; laissez cette page ouverte, votre saisie y est.",
  again: "Réessayer",
  sending: "Envoi…",
  working: "Votre appareil fait un petit calcul avant l'envoi…",
};

const EN: Readonly<Record<keyof typeof FR, string>> = {
  found: "What you typed on {when} is kept on this device.",
  foundSent: "What you typed on {when} is kept on this device; it may have been sent already.",
  resume: "Continue what I typed on {when}",
  forget: "Erase from this device",
  kept: "Draft kept on this device only, at {time}.",
  resumed: "What you had typed is back.",
  forgotten: "The draft is erased from this device.",
  unkept: "This device keeps no draft.",
  when: "{day} at {time}",
  remove: "Remove line {n}",
  removed: "Line {n} is removed.",
  most: "No more than {n} lines.",
  read: "Understood:",
  unread: "Kept in your own words",
  near1: "1 similar course is already there",
  nears: "{n} similar courses are already there",
  complete: "Complete this one",
  away: "The server does not answer. Nothing was sent, nothing is lost: what you typed is in this page and on this device.",
  awayHere: "The server does not answer. Nothing was sent; leave this page open, what you typed is in it.",
  again: "Try again",
  sending: "Sending…",
  working: "Your device does a small calculation before sending…",
};

export type Text = keyof typeof FR;

/** Says a sentence of the form. */
export interface Say {
  (text: Text, values?: Readonly<Record<string, string | number>>): string;
  readonly lang: "fr" | "en";
}

/** The sentences in the language of the page. */
export function sayIn(lang: string): Say {
  const known = lang === "en" ? "en" : "fr";
  const say = (text: Text, values: Readonly<Record<string, string | number>> = {}): string => {
    const sentence = known === "en" ? EN[text] : typesetFrench(FR[text]);
    return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  };
  return Object.assign(say, { lang: known } as const);
}

/** `21/11 à 14 h 05`. */
export function whenIn(say: Say, at: number, now: number): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  const day = date.toLocaleDateString(say.lang === "en" ? "en-GB" : "fr-FR", {
    day: "2-digit",
    month: "2-digit",
    ...year,
  });
  return say("when", { day, time: timeIn(say, at) });
}

/** `14 h 05`, `14:05`. */
export function timeIn(say: Say, at: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const [hours, minutes] = [new Date(at).getHours(), two(new Date(at).getMinutes())];
  return say.lang === "en" ? `${two(hours)}:${minutes}` : `${hours}\u00a0h\u00a0${minutes}`;
}
