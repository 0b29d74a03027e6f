/** What was understood of words, in words: before they are written, and after. Loaded with `understanding.ts`. */
import type { Lang, Translate } from "../i18n/t";
import type { Cell, Column, Plain, Table } from "../model/types";
import type { Why } from "../reading/doubt";
import { unitOf } from "../reading/duration";
import { print } from "../reading/print";
import { asItem, isEmpty, itemsIn } from "../reading/reading";
import { doubtOf } from "../view/doubt";
import { isList, wordsOfValue } from "../view/words";
import type { Typed } from "./reader";
import { readIn, saidBesideText, type Understood, understood } from "./understand";
import { isText } from "./write";

/** What stands under an open editor. */
export interface Line {
  readonly words: string;
  /** Whether something is not filled that was meant to be. */
  readonly isDoubt: boolean;
}

/** What will be understood of words that are being typed; null where that goes without saying. */
export function lineOf(t: Translate, table: Table, typed: Typed): Line | null {
  const column = table.column(typed.ref.column);
  if (column === undefined) return null;
  if (isText(column)) {
    const also = saidBesideText(table, column, typed);
    return also.length === 0
      ? null
      : { words: t("reading.willFill", { cells: cellsOf(t, also) }), isDoubt: false };
  }
  if (typed.words.trim() === "") {
    const { value, said } = table.cell(typed.ref.row, column.id);
    return value === null && said === null ? null : { words: t("reading.emptied"), isDoubt: false };
  }
  const found = understood(table, column, typed);
  const { reading, also } = found;
  const others = also.length === 0 ? [] : [t("reading.also", { cells: cellsOf(t, also) })];
  if (isEmpty(reading.value)) {
    const [first] = whys(t, found);
    if (first === undefined)
      return { words: says(typed.words, [...others, keptOf(t, found)]), isDoubt: false };
    return { words: [unreadWords(t, found, first), ...others].join(" · "), isDoubt: true };
  }
  const doubts = whys(t, found);
  const kept = doubts.length === 0 ? "" : t("reading.doubts", { whys: doubts.join(", ") });
  const value = valueWords(t, column, reading.value);
  return { words: says(typed.words, [value, kept, ...others]), isDoubt: false };
}

/** What became of words, where the cell does not show it: they were not read, or filled other cells too. */
export function outcome(t: Translate, found: Understood): Line | null {
  const told: string[] = [];
  const [first] = whys(t, found);
  const isDoubt = isEmpty(found.reading.value) && first !== undefined;
  if (isDoubt) told.push(unreadWords(t, found, first));
  if (found.also.length > 0) told.push(t("reading.alsoFilled", { cells: cellsOf(t, found.also) }));
  return told.length === 0 ? null : { words: told.join(" · "), isDoubt };
}

const flags = new WeakMap<Column, Map<string, string | null>>();

/** What seems wrong in a cell. */
export function doubtWords(t: Translate, cell: Cell, column: Column): string | null {
  if (cell.value === null && cell.said !== null && !isText(column)) return whyUnread(t, cell.said, column);
  const doubt = doubtOf(cell, column);
  return doubt === null ? null : t(`grid.doubt.${doubt}`);
}

/** Why a cell that holds words alone is worth a second look; null where they say what one writes in words. */
function whyUnread(t: Translate, said: string, column: Column): string | null {
  const known = flags.get(column) ?? new Map<string, string | null>();
  flags.set(column, known);
  let flag = known.get(said);
  if (flag === undefined) {
    const { value, doubts } = readIn(column, said);
    const why = isEmpty(value) ? doubts[0]?.why : undefined;
    const plain = isList(column) ? null : t("grid.doubt.unread");
    flag = why === undefined ? plain : t("reading.flag", { why: t(`reading.why.${why}`) });
    known.set(said, flag);
  }
  return flag;
}

// Longer ones stand right above, and would be heard twice.
const SHORT = 40;

function says(words: string, parts: readonly string[]): string {
  const said = parts.filter((part) => part !== "").join(" · ");
  const short = words.trim().replace(/\s+/g, " ");
  return short.length > SHORT ? `→ ${said}` : `${short} → ${said}`;
}

function whys(t: Translate, { reading }: Understood): string[] {
  const all = new Set<Why>(reading.doubts.map(({ why }) => why));
  return [...all].map((why) => t(`reading.why.${why}`));
}

function unreadWords(t: Translate, { said }: Understood, why: string): string {
  const sentence = t(said === null ? "reading.nothing" : "reading.unread", { why });
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const keptOf = (t: Translate, { said }: Understood): string => (said === null ? "" : t("reading.kept"));

/** Other cells that are filled, with what. */
export function cellsOf(t: Translate, also: Understood["also"]): string {
  return also
    .map(([column, value]) => `${column.label[t.lang]} (${valueWords(t, column, value)})`)
    .join(", ");
}

/** A value as one says it, so that no two readings of it are left: days by the names of their months. */
export function valueWords(t: Translate, column: Column, value: Plain): string {
  switch (column.kind) {
    case "duration": {
      const unit = unitOf(column);
      if (unit === null || typeof value !== "number") break;
      return t(unit === "jours" ? "reading.days" : "reading.hours", { n: value });
    }
    case "date":
      return typeof value === "string" ? dayWords(t.lang, value) : "";
    case "prices":
      return each(value, ({ a_partir_de, ...price }) => {
        const words = print(column, [price]);
        return a_partir_de === true ? `${words}, ${t("reading.from")}` : words;
      });
    case "sessions":
      return each(value, ({ texte, ...days }) =>
        // Its words may say more than what was understood of them: here it is the days that count.
        "debut" in days || "fin" in days
          ? withMonths(t.lang, print(column, [days]))
          : print(column, [{ texte: texte ?? "" }]),
      );
    default:
      break;
  }
  return wordsOfValue(value, column, t.lang);
}

/** Items one by one, each said in its own way. */
function each(value: Plain, say: (item: Readonly<Record<string, Plain>>) => string): string {
  return itemsIn(value)
    .map((item) => say(asItem(item) ?? {}))
    .join(" ; ");
}

/** Printed days with the names of their months. */
function withMonths(lang: Lang, printed: string): string {
  return printed.replace(/\b(?:(\d\d)\/)?(\d\d)\/(\d{4})\b/g, (_, day: string | undefined, month, year) =>
    dayWords(lang, [year, month, day].filter((part) => part !== undefined).join("-")),
  );
}

const DAYS: Readonly<Record<number, Intl.DateTimeFormatOptions>> = {
  3: { day: "numeric", month: "long", year: "numeric" },
  2: { month: "long", year: "numeric" },
};

/** `12 mars 2025`, `mars 2025`, `2025`. */
function dayWords(lang: Lang, iso: string): string {
  const parts = iso.split("-");
  const form = DAYS[parts.length];
  const [year = 0, month = 1, day = 1] = parts.map(Number);
  if (form === undefined) return iso;
  const at = new Date(Date.UTC(year, month - 1, day));
  const locale = lang === "en" ? "en-GB" : lang;
  return new Intl.DateTimeFormat(locale, { ...form, timeZone: "UTC" }).format(at);
}
