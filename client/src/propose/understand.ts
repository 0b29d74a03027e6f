/** What was understood of an answer while it is typed. Comes when the first such question is entered. */
import { loadAskedTexts, translator } from "../i18n/t";
import type { Column, Kind } from "../model/types";
import type { Vocabulary } from "../reading/choice";
import { duration } from "../reading/duration";
import * as print from "../reading/print";
import { read } from "../reading/read";
import { isEmpty, nothing, type Reading } from "../reading/reading";
import { wordsOfValue } from "../view/words";

/** A question as far as reading goes. */
export interface Asked {
  readonly column: string;
  readonly kind: Kind;
}

/** What is said under an answer. */
export interface Understood {
  /** What was understood; empty where nothing was. */
  readonly words: string;
  /** What is not sure, and why. */
  readonly doubts: readonly string[];
}

const NO_WORDS: Vocabulary = { optionByKey: new Map(), labelByOption: new Map() };

const columnOf = ({ column, kind }: Asked): Column => ({
  id: column,
  label: { fr: "", en: "" },
  kind,
  options: [],
  required: false,
  help: { fr: "", en: "" },
  order: 0,
  section: "",
  public: true,
  shown: true,
  curated: false,
  archived: false,
});

/** Words about how long something takes stand in a text, and are read all the same. */
const isDuration = ({ column }: Asked): boolean => column === "duree_texte";

function readingOf(asked: Asked, words: string): readonly [Reading, string] {
  if (isDuration(asked)) {
    const reading = words.trim() === "" ? nothing() : duration(words);
    return [reading, print.duration(reading.value)];
  }
  const reading = read(columnOf(asked), NO_WORDS, words);
  return [reading, isEmpty(reading.value) ? "" : wordsOfValue(reading.value, columnOf(asked), "fr")];
}

/** Reads along in a language. */
export async function reader(
  lang: "fr" | "en",
): Promise<(asked: Asked, lines: readonly string[]) => Understood> {
  await loadAskedTexts(lang);
  const t = lang === "en" ? translator("en", (await import("../i18n/en")).en) : translator("fr");
  return (asked, lines) => {
    const read = lines.map((line) => readingOf(asked, line));
    const whys = new Set(read.flatMap(([{ doubts }]) => doubts.map(({ why }) => why)));
    // A doubt about a part of a duration is no doubt about its words, which stay as they are.
    const told = isDuration(asked) ? [] : [...whys].map((why) => t(`reading.why.${why}`));
    const words = read.map(([, words]) => words).filter((words) => words !== "");
    return { words: words.join(" ; "), doubts: told };
  };
}
