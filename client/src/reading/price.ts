/** Prices: each amount with its currency, its tax, what it is counted by and for whom. The mirror of `domain::reading::price`. */
import type { Plain } from "../model/types";
import type { Why } from "./doubt";
import {
  bareNumber,
  bareNumbers,
  border,
  ELIGIBLE,
  numberBefore,
  type Price,
  readPrice,
  type Sum,
  sumsIn,
} from "./priceItem";
import { type Doubt, type Item, type Reading, tooMany } from "./reading";
import { itemsOf, Tokens } from "./token";

/** What the items of a cell gave. */
interface Cell {
  readonly prices: Item[];
  readonly doubts: Doubt[];
  readonly also: Record<string, Plain>;
  /** Words say how one pays, without a sum. */
  saysHow: boolean;
}

/** Reads all prices of a cell. */
export function prices(words: string): Reading {
  const cell: Cell = { prices: [], doubts: [], also: {}, saysHow: false };
  for (const part of itemsOf(words)) readPart(cell, part, new Tokens(part));
  const { prices, doubts, also } = cell;
  if (tooMany(prices)) {
    return { value: null, doubts: [{ why: "too-many-items", words }], words, also };
  }
  return { value: prices.length === 0 ? null : prices, doubts, words, also };
}

function readPart(cell: Cell, part: string, tokens: Tokens): void {
  const sums = sumsIn(tokens);
  takeWays(cell, part, tokens, sums.length > 0);
  takeFunding(cell, part, tokens, sums.length > 0);
  const why = cannotBeToldApart(tokens, sums);
  if (why !== null) {
    cell.doubts.push({ why, words: part });
    return;
  }
  if (sums.length === 0) {
    readWithoutSum(cell, part, tokens);
    return;
  }
  let from = 0;
  for (const [place, sum] of sums.entries()) {
    const next = sums[place + 1];
    const to = next === undefined ? tokens.length : border(tokens, sum.to, next.from);
    take(cell, readPrice(tokens, from, to, sum));
    from = to;
  }
}

function take(cell: Cell, price: Price): void {
  if (price.eligible) cell.also.cpf = "oui";
  if (price.value.montant === 0) cell.also.tarif_type = "gratuit";
  cell.prices.push(price.value);
  cell.doubts.push(...price.doubts);
}

function readWithoutSum(cell: Cell, part: string, tokens: Tokens): void {
  const bare = bareNumber(tokens);
  if (bare !== null) {
    take(cell, bare);
    return;
  }
  const price = readPrice(tokens, 0, tokens.length);
  if ("taxe" in price.value) {
    take(cell, price);
    cell.doubts.push({ why: "no-amount", words: part });
  } else if (!cell.saysHow) {
    cell.doubts.push({ why: "not-a-price", words: part });
  }
  cell.saysHow = false;
}

/** Words that say how one pays: free, on request. */
function takeWays(cell: Cell, part: string, tokens: Tokens, hasSum: boolean): void {
  const way = (option: string): void => {
    if (hasSum && option !== "prix_libre") return;
    cell.also.tarif_type = option;
    cell.saysHow = true;
  };
  const forSome = tokens.says("gratuit pour", "gratuite pour", "gratuits pour");
  const libre = tokens.says(
    "prix libre",
    "participation libre",
    "prix : libre",
    "tarif libre",
    "tarif : libre",
  );
  if (forSome && !tokens.says("pour tous", "pour toutes", "pour tout le monde")) {
    way("inclus");
    cell.doubts.push({ why: "free-for-some", words: part });
  } else if (tokens.says("gratuit", "gratuite", "gratuits", "offert", "offerte", "sans frais")) {
    way("gratuit");
  } else if (tokens.says("devis", "nous consulter", "nous contacter", "sur demande")) {
    way("sur_devis");
  } else if (libre || (tokens.length === 1 && tokens.word(0) === "libre")) {
    way("prix_libre");
  } else if (
    tokens.says(
      "frais universitaires",
      "frais d ' inscription",
      "droits d ' inscription",
      "payant",
      "payante",
    )
  ) {
    way("payant");
  }
}

const PAID_BY = [
  "pris en charge",
  "prise en charge",
  "prises en charge",
  "cofinance par",
  "finance par",
  "financee par",
  "financement par",
  "soutenu par",
  "soutenue par",
  "cotisation",
  "avec le soutien",
  "inclus",
  "cofinancee par",
  "compris dans",
];
const FUNDERS: Readonly<Record<string, readonly string[]>> = {
  cpf: ["cpf", "compte personnel de formation"],
  dif_elus: ["dif elus", "dif elu", "dif des elus", "dife"],
  opco: ["opco", "opcos"],
  cnfpt: ["cnfpt"],
  france_travail: ["france travail", "pole emploi"],
  region: ["region", "regions", "conseil regional"],
  plan_competences: ["plan de developpement des competences", "plan de formation"],
};

/** Words that say who pays. */
function takeFunding(cell: Cell, part: string, tokens: Tokens, hasSum: boolean): void {
  const paidBy = tokens.says(...PAID_BY);
  const eligible = tokens.says(...ELIGIBLE);
  const named = Object.keys(FUNDERS).filter(
    (option) => tokens.says(...(FUNDERS[option] ?? [])) && !(option === "cpf" && eligible),
  );
  if (named.length === 0 && !paidBy) return;
  const included = tokens.says("cotisation", "inclus", "compris dans");
  if (paidBy && !hasSum && !("tarif_type" in cell.also)) {
    cell.also.tarif_type = included || named.includes("cnfpt") ? "inclus" : "inconnu";
  }
  if (named.length === 0 && !included) named.push("autre");
  if (!hasSum) {
    cell.saysHow = true;
    cell.doubts.push({ why: "funding-kept", words: part });
  }
  if (named.length === 0) return;
  const known = cell.also.financements as Item | undefined;
  cell.also.financements = { ...known, ...Object.fromEntries(named.map((option) => [option, true])) };
}

/** Two numbers for one sum, or a number that can be read in two ways: nothing is taken. */
function cannotBeToldApart(tokens: Tokens, sums: readonly Sum[]): Why | null {
  if (sums.some(({ hand }) => hand === "unclear")) return "ambiguous-number";
  for (const [place, sum] of sums.entries()) {
    const sign = numberBefore(tokens, sum.from);
    if (sign !== null) return sign === "/" ? "several-amounts" : "range";
    const joins = sums[place + 1]?.from === sum.to + 1;
    if (joins && ["a", "-"].includes(tokens.text(sum.to))) return "range";
  }
  return sums.length === 0 && bareNumbers(tokens) > 1 ? "several-amounts" : null;
}
