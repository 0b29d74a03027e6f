import { mayPutBack } from "../commands/putBack";
import { parseKey } from "../model/layout";
import { samePlain } from "../model/plain";
import type { Column, Plain } from "../model/types";
import { isNothing, stands, wordsOfPast } from "../view/past";
import { wordDiff } from "../view/wordDiff";
import type { Entry } from "./api";
import type { Page } from "./page";

/** Writes a value of the past again; `from` is the button that asked. */
export type PutBack = (entry: Entry, value: Plain, from: HTMLElement) => void;

interface ChangeProps {
  readonly page: Page;
  readonly entry: Entry;
  /** Says which column it is about: there are several. */
  readonly named: boolean;
  readonly putBack: PutBack;
}

/** One change of one place: what went, what came, and a button to write it again. */
export function Change({ page, entry, named, putBack }: ChangeProps) {
  const { t, live } = page;
  const { row, key, before, after, lost } = entry;
  const place = parseKey(key);
  const isCell = place !== undefined && "column" in place;
  if (!isCell) return <p class="change">{rowWords(page, entry)}</p>;
  const standsNow = !lost && stands(live.table, row, key, after);
  const may = mayPutBack(live.table, row, key);
  const value = standsNow ? before : after;
  const words = wordsOfPast(key, value, live.table.column(place.column), t.lang);
  return (
    <div class={lost ? "change change-lost" : "change"}>
      {(named || place.at === "said") && <p class="change-where">{whereWords(page, entry)}</p>}
      <ChangeWords page={page} entry={entry} column={live.table.column(place.column)} />
      {!lost && samePlain(before, after) && <p class="soft">{t("history.same")}</p>}
      {lost && <p class="change-note">{t("history.lost")}</p>}
      {standsNow && <p class="change-stands">{t("history.standing")}</p>}
      {may && (!standsNow || !stands(live.table, row, key, before)) && (
        <button
          type="button"
          aria-label={`${t(standsNow ? "history.putBack.before" : "history.putBack")} (${shortened(words) || t("history.empty")})`}
          onClick={({ currentTarget }) => putBack(entry, value, currentTarget)}
        >
          {t(standsNow ? "history.putBack.before" : "history.putBack")}
        </button>
      )}
    </div>
  );
}

function ChangeWords({ page, entry, column }: { page: Page; entry: Entry; column: Column | undefined }) {
  const { t } = page;
  const { key, before, after, lost } = entry;
  const [from, to] = [before, after].map((value) => wordsOfPast(key, value, column, t.lang)) as [
    string,
    string,
  ];
  // What lost never followed what stands: there is nothing to compare.
  if (lost) return <p class="change-words">{to === "" ? t("history.empty") : to}</p>;
  const isItem = parseKey(key)?.at === "item";
  const isProse = column === undefined || column.kind === "text" || column.kind === "long_text";
  const pieces =
    isProse || key.endsWith("~said")
      ? wordDiff(from, to)
      : [
          { kind: "gone" as const, words: from },
          { kind: "come" as const, words: to },
        ].filter(({ words }) => words !== "");
  return (
    <p class={isItem || !isProse ? "change-words change-values" : "change-words"}>
      {pieces.map(({ kind, words }, at) => {
        const spoken = (
          <span class="unseen">{` ${t(kind === "gone" ? "history.gone" : "history.come")} `}</span>
        );
        // Pieces have no name but their place, and are never moved.
        const place = `${at}-${kind}`;
        if (kind === "same") return <span key={place}>{words}</span>;
        if (kind === "gone") {
          return (
            <del key={place}>
              {spoken}
              {words}
            </del>
          );
        }
        return (
          <ins key={place}>
            {spoken}
            {words}
          </ins>
        );
      })}
      {!isItem && isNothing(key, after) && <span class="soft"> {t("history.empty")}</span>}
    </p>
  );
}

/** Which cell a key is of, in words. */
export function whereWords({ t, live }: Page, { key }: Pick<Entry, "key">): string {
  const place = parseKey(key);
  if (place === undefined || !("column" in place)) return "";
  const column = live.table.column(place.column)?.label[t.lang] ?? place.column;
  return place.at === "said" ? t("history.said", { column }) : column;
}

function rowWords({ t }: Page, { key, after }: Entry): string {
  const place = parseKey(key);
  if (place?.at === "deleted") return t(isNothing(key, after) ? "history.rowBack" : "history.rowBinned");
  if (place?.at === "order") return t("history.rowMoved");
  return t("history.rowMade");
}

const SHORT = 60;

function shortened(words: string): string {
  return words.length <= SHORT ? words : `${words.slice(0, SHORT).trimEnd()}…`;
}
