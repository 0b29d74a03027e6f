import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { mayPutBack, putBack } from "../commands/putBack";
import { isMac } from "../lib/dom";
import { exactWords, momentWords } from "../view/moment";
import { isNothing, stands, wordsOfPast } from "../view/past";
import { apiOfPage, type Entry } from "./api";
import { Change, type PutBack, whereWords } from "./change";
import { useOpened } from "./opened";
import { type Open, type Page, useTold } from "./page";
import { type Deed, deedsOf, Past } from "./past";
import { restoreRow } from "./restoring";

type OpenHistory = Extract<Open, { what: "history" }>;

/** What became of a cell or a row: who wrote what, when, through what, and a way to write it again. */
export function HistoryPanel({ page, open }: { page: Page; open: OpenHistory }) {
  useTold(page);
  const { t, live } = page;
  const { row } = open;
  const [column, setColumn] = useState(open.column);
  const [said, say] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const past = useOpened(
    useCallback(() => new Past(apiOfPage(page), page.live, { row, column }), [page, row, column]),
  );
  useEffect(() => heading.current?.focus(), []);
  const undo = (event: KeyboardEvent) => {
    const command = isMac() ? event.metaKey : event.ctrlKey;
    if (!command || event.altKey || event.shiftKey || event.key.toLowerCase() !== "z") return false;
    if (live.table.undo()) say(t("history.putBack.undone"));
    return true;
  };
  const putBackWords: PutBack = (entry, value, from) => {
    putBack(live.table, row, entry.key, value);
    const words = wordsOfPast(entry.key, value, columnOfEntry(page, entry), t.lang);
    say(t("history.putBack.done", { words: words === "" ? t("history.empty") : words }));
    from.closest<HTMLElement>(".deed")?.focus();
  };
  const title = live.table.column(column ?? "")?.label[t.lang];
  return (
    <aside
      class="row-panel history-panel"
      aria-labelledby="history-title"
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === "Escape") page.close();
        else if (!undo(event)) return;
        event.preventDefault();
      }}
    >
      <header class="row-panel-head">
        <div>
          <h2 id="history-title" ref={heading} tabIndex={-1}>
            {t(column === null ? "history.row" : "history.cell")}
          </h2>
          <p class="history-of">
            {title === undefined ? page.titleOf(row) : `${title} · ${page.titleOf(row)}`}
          </p>
        </div>
        <div class="row-panel-ways">
          <button type="button" onClick={() => page.close()}>
            {t(open.fromRow ? "history.back" : "history.close")}
          </button>
        </div>
      </header>
      <ColumnChoice page={page} column={column} choose={setColumn} />
      <p class="history-said" role="status">
        {said}
      </p>
      {past !== null && <Deeds page={page} past={past} putBack={putBackWords} />}
      <footer class="row-panel-foot">
        <a class="button" href={`/historique?row=${row}${t.lang === "en" ? "&lang=en" : ""}`}>
          {t("history.page")}
        </a>
      </footer>
    </aside>
  );
}

function ColumnChoice(props: { page: Page; column: string | null; choose(column: string | null): void }) {
  const { page, column, choose } = props;
  const { t, live } = page;
  return (
    <p class="history-field">
      <label for="history-field">{t("history.field")}</label>
      <select
        id="history-field"
        value={column ?? ""}
        onChange={({ currentTarget: { value } }) => choose(value === "" ? null : value)}
      >
        <option value="">{t("history.wholeRow")}</option>
        {live.table.columns().map(({ id, label }) => (
          <option key={id} value={id}>
            {label[t.lang]}
          </option>
        ))}
      </select>
    </p>
  );
}

interface DeedsProps {
  readonly page: Page;
  readonly past: Past;
  readonly putBack: PutBack;
}

function Deeds({ page, past, putBack }: DeedsProps) {
  const { t } = page;
  const { entries, state, hasOlder } = past;
  const failed = state !== "loading" && state !== "shown";
  return (
    <>
      <p class={failed ? "notice" : "soft history-state"} role="status">
        {stateWords(page, past)}
      </p>
      {failed && state !== "signed-out" && (
        <button type="button" onClick={() => void past.load()}>
          {t("history.retry")}
        </button>
      )}
      {state === "signed-out" && (
        <a class="button primary" href="/connexion">
          {t("state.signIn")}
        </a>
      )}
      <ol class="deeds">
        {deedsOf(entries).map((deed, at) => (
          <DeedItem
            key={deed.last.id}
            page={page}
            deed={deed}
            past={past}
            putBack={putBack}
            isLatest={at === 0}
          />
        ))}
        {!hasOlder && <Starts page={page} past={past} putBack={putBack} />}
      </ol>
      {hasOlder && (
        <button
          type="button"
          aria-disabled={state === "loading"}
          onClick={() => state !== "loading" && void past.older()}
        >
          {t("history.older")}
        </button>
      )}
    </>
  );
}

function stateWords({ t }: Page, { state, entries, hasOlder, of }: Past): string {
  const n = entries.length;
  if (state === "loading" && n === 0) return t("history.loading");
  if (state !== "loading" && state !== "shown") return t(`history.problem.${state}`);
  if (n === 0) return t(of.column === null ? "history.none.row" : "history.none.cell");
  return t(hasOlder ? "history.latest" : "history.count", { n });
}

function DeedItem(props: DeedsProps & { readonly deed: Deed; readonly isLatest: boolean }) {
  const { page, deed, past, putBack, isLatest } = props;
  const { t, live } = page;
  const { last } = deed;
  const { row, column } = past.of;
  const when = momentWords(last.at, Date.now(), t.lang);
  const whole = column === null;
  const restorable = whole && !isLatest && live.table.role !== "member" && live.table.hasRow(row);
  return (
    <li class="deed" tabIndex={-1}>
      <p class="deed-head">
        <b>{last.by ?? t(last.person === null ? "history.program" : "history.former")}</b>{" "}
        <time dateTime={new Date(last.at).toISOString()} title={exactWords(last.at, t.lang)}>
          {when}
        </time>
        <Through page={page} entry={last} />
      </p>
      {deed.entries.map((entry) => (
        <Change key={entry.id} page={page} entry={entry} named={whole} putBack={putBack} />
      ))}
      {restorable && (
        <button
          type="button"
          class="quiet"
          aria-label={`${t("restore.row")} (${when})`}
          onClick={() => void restoreRow(page, row, last.revision, when)}
        >
          {t("restore.row")}
        </button>
      )}
    </li>
  );
}

function Through({ page, entry }: { page: Page; entry: Entry }) {
  const { origin, proposedBy: name } = entry;
  if (origin === "proposal") {
    const words = name === null ? page.t("history.via.visitor") : page.t("history.via.proposal", { name });
    return <span class="soft">, {words}</span>;
  }
  const told = ["import", "merge", "restore", "columns", "command"] as const;
  const via = told.find((known) => known === origin);
  return via === undefined ? null : <span class="soft">, {page.t(`history.via.${via}`)}</span>;
}

/** What stood before the first thing that history knows: an import's value, say. */
function Starts({ page, past, putBack }: DeedsProps) {
  const { t, live } = page;
  const { row, column } = past.of;
  if (column === null) return null;
  const oldest = new Map(past.entries.filter(({ lost }) => !lost).map((entry) => [entry.key, entry]));
  const starts = [...oldest.values()].filter(({ key, before }) => !isNothing(key, before));
  return (
    <>
      {starts.map((entry) => (
        <li key={entry.key} class="deed" tabIndex={-1}>
          <p class="deed-head">
            <b>{t("history.start")}</b>
          </p>
          {entry.key !== column && <p class="change-where">{whereWords(page, entry)}</p>}
          <p class="change-words">
            {wordsOfPast(entry.key, entry.before, columnOfEntry(page, entry), t.lang)}
          </p>
          {mayPutBack(live.table, row, entry.key) && !stands(live.table, row, entry.key, entry.before) && (
            <button
              type="button"
              onClick={({ currentTarget }) => putBack(entry, entry.before, currentTarget)}
            >
              {t("history.putBack")}
            </button>
          )}
        </li>
      ))}
    </>
  );
}

function columnOfEntry({ live }: Page, { key }: Entry) {
  return live.table.column(key.split(/[/~]/)[0] ?? "");
}
