import type { Overtaken } from "../sync/overtaken";
import type { Notice } from "../sync/protocol";
import { toast } from "../ui/toast";
import { openOvertaken } from "./differences";
import type { Page } from "./page";

/** Says that values of mine gave way to others', and offers to see both. */
export function tellOvertaken(page: Page, told: readonly Overtaken[]): void {
  const { t } = page;
  toast(overtakenWords(page, told), "warn", [
    { words: t("overtaken.see"), run: () => void openOvertaken(page, told) },
  ]);
}

/** Says what somebody did to many cells at once: a restore, an import, work at a column. */
export function tellNotice({ t }: Page, { key, by, cells = 0 }: Notice): void {
  const name = by ?? t("notice.someone");
  if (key === "columns" && cells === 0) toast(t("notice.columns.none", { name }));
  else if (key === "columns") toast(t("notice.columns", { name, n: cells }));
  else if ((key === "restored" || key === "imported") && cells > 0)
    toast(t(`notice.${key}`, { name, n: cells }));
}

function overtakenWords({ t }: Page, told: readonly Overtaken[]): string {
  const [first] = told;
  if (told.length > 1) return t("overtaken.many", { n: told.length });
  return first === undefined || first.by === null
    ? t("overtaken.someone")
    : t("overtaken.by", { name: first.by });
}
