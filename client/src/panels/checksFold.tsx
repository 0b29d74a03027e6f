import { useCallback } from "preact/hooks";
import { apiOfPage, type Check } from "./api";
import { RowChecks } from "./checks";
import { useOpened } from "./opened";
import { type Page, useTold } from "./page";

interface FoldProps {
  readonly page: Page;
  readonly row: string;
  /** Leads to the field of a column, where the panel shows it. */
  goTo(column: string): void;
}

/** What the row lacks, what seems wrong in it, and how fresh it is: behind a line that tells how much that is. */
export function ChecksFold({ page, row, goTo }: FoldProps) {
  useTold(page);
  const { t } = page;
  const checks = useOpened(useCallback(() => new RowChecks(apiOfPage(page), page.live, row), [page, row]));
  const known = checks?.known ?? null;
  const problem = checks?.problem ?? null;
  const met = known?.items.filter(({ isMet }) => isMet).length ?? 0;
  const hasField = (column: string | null) => page.live.table.columns().some(({ id }) => id === column);
  const line = ({ words, column }: Check) =>
    column !== null && hasField(column) ? (
      <button type="button" class="quiet" onClick={() => goTo(column)}>
        {words}
      </button>
    ) : (
      words
    );
  return (
    <details class="checks">
      <summary>
        {t("checks.title")}
        {known !== null && (
          <span class="soft">
            {t("checks.count", { met, all: known.items.length, n: known.warnings.length })}
          </span>
        )}
      </summary>
      <p class={problem === null ? "soft" : "notice"} role="status">
        {problem !== null ? t(`checks.problem.${problem}`) : (known?.freshness ?? t("checks.loading"))}
      </p>
      {problem !== null && problem !== "signed-out" && (
        <button type="button" onClick={() => void checks?.ask()}>
          {t("history.retry")}
        </button>
      )}
      {known !== null && (
        <>
          {known.missing.length > 0 && (
            <p class="notice">{t("checks.missing", { what: known.missing.join(", ") })}</p>
          )}
          {known.warnings.length > 0 && (
            <>
              <h3>{t("checks.warnings")}</h3>
              <ul>
                {known.warnings.map((warning) => (
                  <li key={warning.words}>{line(warning)}</li>
                ))}
              </ul>
            </>
          )}
          <h3>{t("checks.items")}</h3>
          <ul class="met">
            {known.items.map((item) => (
              <li key={item.words} class={item.isMet ? "is-met" : "is-missing"}>
                {item.isMet ? item.words : line(item)}{" "}
                <span class="soft">{t(item.isMet ? "checks.item.met" : "checks.item.missing")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
