import { useEffect, useRef } from "preact/hooks";
import type { Key } from "../i18n/t";
import type { Column } from "../model/types";
import { ChecksFold } from "./checksFold";
import { Field } from "./fields";
import { type Page, useTold } from "./page";

/** The blocks that the first columns stand in; a block that a pilot named is called by its own word. */
const SECTIONS: Readonly<Record<string, Key>> = {
  essentiel: "section.essentiel",
  pedagogie: "section.pedagogie",
  public: "section.public",
  deroulement: "section.deroulement",
  tarif: "section.tarif",
  certification: "section.certification",
  contact: "section.contact",
  suivi: "section.suivi",
};

/** Columns by the block they stand in, blocks in the order of their first column. */
export function sectionsOf(columns: readonly Column[]): (readonly [section: string, columns: Column[]])[] {
  const sections = new Map<string, Column[]>();
  for (const column of columns) {
    sections.set(column.section, [...(sections.get(column.section) ?? []), column]);
  }
  return [...sections];
}

/** One row with all its fields, beside the grid. */
export function RowPanel({ page, row }: { page: Page; row: string }) {
  useTold(page);
  const { t, live } = page;
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const binned = live.table.binnedRowIds().includes(row);
  // What is being written in a field is read when the field is left: before the field is gone.
  const close = () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    page.close();
  };
  return (
    <aside
      class="row-panel"
      ref={panel}
      aria-labelledby="row-panel-title"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        event.preventDefault();
        close();
      }}
    >
      <header class="row-panel-head">
        <h2 id="row-panel-title" ref={heading} tabIndex={-1}>
          {live.table.hasRow(row) ? page.titleOf(row) : t("row.title")}
        </h2>
        <div class="row-panel-ways">
          {live.table.hasRow(row) && !binned && live.table.role !== "member" && (
            <a class="button" href={`/atelier/ligne/${row}`}>
              {t("row.desk")}
            </a>
          )}
          {live.table.hasRow(row) && (
            <button
              type="button"
              onClick={() => {
                page.open = { what: "history", row, column: null, fromRow: true };
              }}
            >
              {t("row.history")}
            </button>
          )}
          <button type="button" onClick={close}>
            {t("row.close")}
          </button>
        </div>
      </header>
      {!live.table.hasRow(row) && <p class="notice">{t("row.gone")}</p>}
      {binned && <p class="notice">{t("row.binned")}</p>}
      {live.table.hasRow(row) && !binned && (
        <ChecksFold page={page} row={row} goTo={(column) => focusField(panel.current, column)} />
      )}
      {live.table.hasRow(row) &&
        sectionsOf(live.table.columns()).map(([section, columns]) => (
          <section key={section} class="row-section" aria-label={sectionName(page, section)}>
            <h3>{sectionName(page, section)}</h3>
            {columns.map((column) => (
              <Field key={column.id} page={page} row={row} column={column} />
            ))}
          </section>
        ))}
      {live.table.hasRow(row) && live.table.mayBin(row) && (
        <footer class="row-panel-foot">
          <button type="button" onClick={() => setBinned(page, row, !binned)}>
            {t(binned ? "row.restore" : "row.bin")}
          </button>
        </footer>
      )}
    </aside>
  );
}

function sectionName({ t }: Page, section: string): string {
  const key = SECTIONS[section];
  if (key !== undefined) return t(key);
  return section === "" ? t("row.otherSection") : section;
}

/** To where the words of a column are written: its first field that takes the keyboard. */
function focusField(panel: HTMLElement | null, column: string): void {
  const field = panel?.querySelector(`[data-column="${CSS.escape(column)}"]`);
  field?.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
}

function setBinned(page: Page, row: string, binned: boolean): void {
  const { table } = page.live;
  table.endStep();
  table.setBinned([row], binned);
  table.endStep();
  if (!binned) return;
  page.open = null;
  page.grid?.focus();
}
