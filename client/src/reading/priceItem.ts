/** One price: an amount and what stands around it. */
import type { Plain } from "../model/types";
import { singular } from "./fold";
import { type Amount, type Hand, isAbout, numberAt } from "./number";
import type { Doubt, Item } from "./reading";
import type { Tokens } from "./token";

/** A sum of money inside a text. */
export interface Sum {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
  readonly currency: string;
  readonly hand: Hand;
  /** `12 k€`. */
  readonly computed: boolean;
}

const NO_SUM: Sum = { from: 0, to: 0, value: null, currency: "", hand: "french", computed: false };

/** `éligible CPF`: said of the training, not of who pays. */
export const ELIGIBLE = [
  "eligible cpf",
  "eligible au cpf",
  "eligible a cpf",
  "cpf eligible",
  "financable cpf",
];

/** All sums that stand beside a currency. */
export function sumsIn(tokens: Tokens): Sum[] {
  const sums: Sum[] = [];
  let at = 0;
  while (at < tokens.length) {
    const sum = sumAt(tokens, at);
    if (sum !== null) sums.push(sum);
    // A number without currency is passed whole: its last digits must not start another.
    at = sum?.to ?? numberAt(tokens, at)?.next ?? at + 1;
  }
  return sums;
}

function sumAt(tokens: Tokens, at: number): Sum | null {
  const before = currencyAt(tokens, at);
  if (before !== null) {
    // `CHF 40.-`; a sign behind a number belongs to that number.
    const number = numberAt(tokens, before.next);
    if (number === null || currencyAt(tokens, number.next) !== null) return null;
    return sumOf(tokens, at, before.code, number);
  }
  const number = numberAt(tokens, at);
  if (number === null) return null;
  const behind = swissDash(tokens, number.next);
  const isK = tokens.word(behind) === "k";
  const currency = currencyAt(tokens, behind + (isK ? 1 : 0));
  if (currency === null) return null;
  const sum = { ...sumOf(tokens, at, currency.code, number), to: currency.next };
  const thousands = isK || tokens.word(behind) === "keur";
  return thousands ? { ...sum, value: number.value * 1000, computed: true } : sum;
}

function sumOf(tokens: Tokens, from: number, currency: string, number: Amount): Sum {
  // `1,200 €` is a thousand and more, or little more than one.
  const unclear = number.hand === "french" && number.decimals === 3;
  const to = swissDash(tokens, number.next);
  return {
    from,
    to,
    value: number.value,
    currency,
    hand: unclear ? "unclear" : number.hand,
    computed: false,
  };
}

/** `40.-`, `40,-`. */
function swissDash(tokens: Tokens, at: number): number {
  const sign = tokens.mark(at) === "." || tokens.mark(at) === ",";
  const dash = sign && tokens.touches(at) && tokens.mark(at + 1) === "-" && tokens.touches(at + 1);
  return dash ? at + 2 : at;
}

function currencyAt(tokens: Tokens, at: number): { code: string; next: number } | null {
  const text = tokens.text(at);
  if (["€", "euro", "euros", "eur", "keur"].includes(text)) return { code: "EUR", next: at + 1 };
  if (text === "chf" || text === "cad") return { code: text.toUpperCase(), next: at + 1 };
  if (text === "francs" && tokens.word(at + 1) === "suisses") return { code: "CHF", next: at + 2 };
  const dollars = text === "$" && ["ca", "can", "cad"].includes(tokens.word(at + 1));
  return dollars ? { code: "CAD", next: at + 2 } : null;
}

/** The sign that joins a sum to another number before it: `500 à 800 €`, `350/500 €`. */
export function numberBefore(tokens: Tokens, at: number): string | null {
  const sign = tokens.text(at - 1);
  const joins = ["a", "-", "/"].includes(sign) || (sign === "et" && tokens.says("entre"));
  return joins && tokens.digits(at - 2) !== "" ? sign : null;
}

/** How many numbers a text without currency holds; none where other words say what they count. */
export function bareNumbers(tokens: Tokens): number {
  let count = 0;
  let at = 0;
  while (at < tokens.length) {
    const number = numberAt(tokens, at);
    if (number !== null) count += 1;
    const known = number?.next ?? taxAt(tokens, at)?.next ?? unitAt(tokens, at)?.next;
    const noise = tokens.word(at) === "" || NOISE.has(tokens.word(at));
    if (known === undefined && !noise) return 0;
    at = known ?? at + 1;
  }
  return count;
}

const BORDERS = ["et", "ou", "/", ",", "+", "puis"];

/** Where the words of one sum end and those of the next begin. */
export function border(tokens: Tokens, from: number, to: number): number {
  let at = from;
  let behindRemark = from;
  while (at < to) {
    const close = tokens.closing(at);
    if (close !== null && close < to) {
      at = close + 1;
      behindRemark = at;
      continue;
    }
    const isUnit = tokens.mark(at) === "/" && unitAt(tokens, at) !== null;
    if (BORDERS.includes(tokens.text(at)) && !isUnit) return at + 1;
    at += 1;
  }
  // `12 500 € Grand groupe : 25 000 €`: what a colon ends names the sum behind it.
  return to > from && tokens.mark(to - 1) === ":" ? behindRemark : to;
}

/** One price as it was read. */
export interface Price {
  readonly value: Item;
  readonly doubts: Doubt[];
  eligible: boolean;
  who: string | null;
  time: string | null;
}

/** Reads the words of one sum, from one place up to another. */
export function readPrice(tokens: Tokens, from: number, to: number, sum: Sum = NO_SUM): Price {
  const price: Price = { value: {}, doubts: [], eligible: false, who: null, time: null };
  if (sum.value !== null) price.value.montant = sum.value;
  if (sum.currency !== "") price.value.devise = sum.currency;
  const words = tokens.slice(sum.from, sum.to);
  if (sum.hand === "english") price.doubts.push({ why: "ambiguous-number", words });
  if (sum.computed) price.doubts.push({ why: "computed", words });
  takeWords(price, tokens, from, sum.value === null ? to : sum.from);
  if (sum.value !== null) takeWords(price, tokens, sum.to, to);
  const unit = [price.who, price.time].filter((part) => part !== null);
  if (unit.length > 0) price.value.unite = unit.join("×");
  return price;
}

/** A number that stands alone, or with words of a price only: `1 200`, `350 HT`. */
export function bareNumber(tokens: Tokens): Price | null {
  if (bareNumbers(tokens) !== 1) return null;
  let at = 0;
  while (tokens.digits(at) === "") at += 1;
  const number = numberAt(tokens, at);
  if (number === null) return null;
  const sum = sumOf(tokens, at, "", number);
  return sum.hand === "unclear" ? null : readPrice(tokens, 0, tokens.length, sum);
}

function put(price: Price, name: string, value: Plain): void {
  price.value[name] ??= value;
}

function takeWords(price: Price, tokens: Tokens, from: number, to: number): void {
  let at = from;
  let runFrom = from;
  let inside: number | null = null;
  const endRun = (end: number, next: number): void => {
    takeRun(price, tokens, runFrom, end, inside !== null);
    at = next;
    runFrom = next;
  };
  while (at < to) {
    const close: number | null = inside === null ? tokens.closing(at) : null;
    if (inside === at) {
      endRun(at, at + 1);
      inside = null;
    } else if (close !== null && close < to) {
      endRun(at, at + 1);
      inside = close;
    } else {
      const next = takeKnown(price, tokens, at);
      if (next !== null) endRun(at, next);
      else if (inside === null && (tokens.mark(at) === ":" || tokens.mark(at) === ",")) endRun(at, at + 1);
      else at += 1;
    }
  }
  endRun(to, to);
}

/** Takes words of known meaning. */
function takeKnown(price: Price, tokens: Tokens, at: number): number | null {
  const tax = taxAt(tokens, at);
  if (tax !== null) {
    put(price, "taxe", tax.tax);
    return tax.next;
  }
  const unit = unitAt(tokens, at);
  if (unit !== null) {
    price.who ??= unit.who;
    price.time ??= unit.time;
    return unit.next;
  }
  const from = fromHere(tokens, at);
  if (from !== null) {
    put(price, "a_partir_de", true);
    return from;
  }
  const eligible = tokens.phraseOf(at, ...ELIGIBLE);
  if (eligible !== null) {
    price.eligible = true;
    return eligible;
  }
  const text = tokens.text(at);
  if (isAbout(text) || text === "?") {
    price.doubts.push({ why: "approximate", words: tokens.slice(at, at + 1) });
    return at + 1;
  }
  if (text !== "€") return null;
  put(price, "devise", "EUR");
  return at + 1;
}

/** Takes words that are no known part of a price: for whom it is, or a remark. */
function takeRun(price: Price, tokens: Tokens, from: number, to: number, inParentheses: boolean): void {
  const isWordless = (at: number): boolean => tokens.isMark(at);
  let first = from;
  while (first < to && (isWordless(first) || NOISE.has(tokens.word(first)))) first += 1;
  if (first >= to) return;
  let last = to - 1;
  while (last > first && isWordless(last)) last -= 1;
  const said: string[] = [];
  for (let at = first; at <= last; at += 1) said.push(tokens.word(at));
  const words = tokens.slice(first, last + 1);
  const saysWho = said.some((word) => PROFILES.has(singular(word))) && !REMARKS.has(tokens.word(first));
  if (!saysWho || price.value.profil !== undefined) {
    price.doubts.push({ why: inParentheses ? "remark-kept" : "unknown-words", words });
    return;
  }
  if (said.includes("groupe")) price.who ??= "groupe";
  // A name cut short keeps its dot: `non adh.`
  const dot = tokens.mark(last + 1) === "." && tokens.touches(last + 1) && last + 1 < to;
  put(price, "profil", tokens.slice(first, last + (dot ? 2 : 1)));
}

/** `à partir de`; `dès` only before a number, where it is no article. */
function fromHere(tokens: Tokens, at: number): number | null {
  const next = tokens.phraseOf(at, "a partir de", "a partir d '", "des", "apd", "from");
  return next !== null && tokens.word(at) === "des" && tokens.digits(next) === "" ? null : next;
}

const TAXES: readonly (readonly [tax: string, phrases: readonly string[]])[] = [
  [
    "net de TVA",
    [
      "net de tva",
      "nets de tva",
      "net de taxe",
      "net de taxes",
      "exonere de tva",
      "tva non applicable",
      "net",
    ],
  ],
  ["HT", ["ht", "h . t .", "h . t", "hors taxe", "hors taxes", "hors tva"]],
  ["TTC", ["ttc", "t . t . c .", "t . t . c", "toutes taxes comprises", "tva comprise"]],
];

function taxAt(tokens: Tokens, at: number): { tax: string; next: number } | null {
  for (const [tax, phrases] of TAXES) {
    const next = tokens.phraseOf(at, ...phrases);
    if (next !== null) return { tax, next };
  }
  return null;
}

const WHO: Readonly<Record<string, readonly string[]>> = {
  personne: ["personne", "pers", "participant", "participante", "stagiaire", "apprenant", "tete"],
  groupe: ["groupe"],
  structure: ["centre", "structure", "association", "organisme", "collectivite", "commune", "equipe"],
};

/** `par personne`, `/j`, `de l'heure`: counted by whom and by what time. */
function unitAt(
  tokens: Tokens,
  at: number,
): { who: string | null; time: string | null; next: number } | null {
  const all = tokens.text(at) === "par" || tokens.text(at) === "/";
  const place = all ? at + 1 : tokens.phraseOf(at, "de l '", "l '", "la");
  if (place === null) return null;
  const word = tokens.word(place);
  const next = place + 1;
  if (["jour", "j", "journee"].includes(word)) return { who: null, time: "jour", next };
  if (word === "heure" || word === "h") return { who: null, time: "heure", next };
  const who = all ? Object.keys(WHO).find((name) => WHO[name]?.includes(word)) : undefined;
  return who === undefined ? null : { who, time: null, next };
}

const PROFILES = new Set(
  (
    "employeur entreprise individuel individuelle particulier adherent adh adherente etudiant salarie demandeur " +
    "independant collectivite association benevole membre agent elu junior professionnel pro plein reduit normal " +
    "solidaire groupe public chomeur suggere conseille institution"
  ).split(" "),
);

/** Words with which a remark about a sum starts, whoever it names. */
const REMARKS = new Set("hors sans avec min max minimum maximum dont y sauf sur si possibilite".split(" "));

const NOISE = new Set(
  (
    "prix tarif tarifs cout montant total soit le la les de du des d l et ou a pour en au environ env partir gratuit " +
    "gratuite offert libre participation"
  ).split(" "),
);
