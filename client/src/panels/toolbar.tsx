import { useRef } from "preact/hooks";
import { ask } from "./onDemand";
import { type Page, useTold } from "./page";

/** Where the keyboard goes for `Ctrl+F`. */
export const SEARCH_ID = "table-search";

/** What can be done with the whole table. Every button is also a key of the grid. */
export function Toolbar({ page }: { page: Page }) {
  useTold(page);
  const { t, live, grid } = page;
  const { table, outbox } = live;
  const binned = table.binnedRowIds().length;
  return (
    <section class="tools" aria-label={t("toolbar.label")}>
      <button type="button" class="primary" disabled={!live.hasDocument} onClick={() => addRow(page)}>
        {t("toolbar.addRow")}
      </button>
      <button type="button" disabled={!table.canUndo()} onClick={() => grid?.run("undo")}>
        <Sign sign="↶" words={t("toolbar.undo")} />
      </button>
      <button type="button" disabled={!table.canRedo()} onClick={() => grid?.run("redo")}>
        <Sign sign="↷" words={t("toolbar.redo")} />
      </button>
      <button type="button" onClick={() => void ask(page, (it) => it.openBin(page))}>
        {binned === 0 ? t("toolbar.bin") : t("toolbar.bin.count", { n: binned })}
      </button>
      <Search page={page} />
      <button type="button" class="tools-keys" onClick={() => void ask(page, (it) => it.openShortcuts(t))}>
        {t("toolbar.shortcuts")}
      </button>
      {/* As long as they ask to be decided on, they stand below by themselves. */}
      {outbox.asides.length > 0 && page.undecided().length === 0 && (
        <button
          type="button"
          class="tools-refused"
          onClick={() => void ask(page, (it) => it.openRefused(page))}
        >
          {t("refused.count", { n: outbox.asides.length })}
        </button>
      )}
    </section>
  );
}

/** Words where there is room for them, and a sign where there is not; a screen reader always has the words. */
function Sign({ sign, words }: { sign: string; words: string }) {
  return (
    <>
      <span class="tools-sign" aria-hidden="true">
        {sign}
      </span>
      <span class="tools-words">{words}</span>
    </>
  );
}

/** Adds a row below the one where the keyboard is, as its key does; in an empty table, the first. */
export function addRow({ live, grid }: Page): void {
  if (grid !== null) grid.run("add-row");
  else live.table.addRow(null);
}

function Search({ page }: { page: Page }) {
  const { t, grid } = page;
  const field = useRef<HTMLInputElement>(null);
  const counts = grid?.counts();
  const asked = page.search.trim() !== "";
  return (
    <search class="search">
      <label class="unseen" for={SEARCH_ID}>
        {t("toolbar.search")}
      </label>
      <input
        id={SEARCH_ID}
        ref={field}
        type="search"
        placeholder={t("toolbar.search")}
        autocomplete="off"
        value={page.search}
        onInput={({ currentTarget }) => {
          page.search = currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && asked) clearSearch(page);
          else if (event.key === "Enter" || event.key === "Escape") grid?.focus();
          else return;
          event.preventDefault();
        }}
      />
      {counts !== undefined && (
        <span class="search-count">
          {asked
            ? t("toolbar.rows.shown", { n: counts.shown, all: counts.total })
            : t("toolbar.rows", { n: counts.total })}
        </span>
      )}
    </search>
  );
}

/** All rows again, and the keyboard where one searches anew. */
export function clearSearch(page: Page): void {
  page.search = "";
  document.getElementById(SEARCH_ID)?.focus();
}
