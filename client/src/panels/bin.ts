import { make } from "../lib/dom";
import { openDialog } from "../ui/dialog";
import type { Page } from "./page";

/** The rows in the bin. Who may, takes them out; the others see that nothing is gone. */
export async function openBin(page: Page): Promise<void> {
  const { t, live } = page;
  const rows = live.table.binnedRowIds();
  const curates = live.table.role !== "member";
  const lines = rows.map((row) => binLine(page, row, curates));
  const body: HTMLElement[] = [make("p", {}, t(rows.length === 0 ? "bin.empty" : "bin.intro"))];
  if (rows.length > 0 && !curates) body.push(make("p", { class: "soft" }, t("bin.pilotsOnly")));
  body.push(make("ul", { class: "bin-rows" }, ...lines));
  await openDialog({
    title: t("bin.title"),
    body,
    actions: [{ value: "close", words: t("dialog.close") }],
    wide: true,
  });
}

function binLine(page: Page, row: string, curates: boolean): HTMLElement {
  const { t, live } = page;
  const title = page.titleOf(row);
  const line = make("li", { class: "bin-row" }, make("span", {}, title));
  if (!curates) return line;
  const button = make("button", { type: "button", "aria-label": t("bin.restoreRow", { row: title }) });
  button.textContent = t("bin.restore");
  button.addEventListener("click", () => {
    live.table.endStep();
    live.table.setBinned([row], false);
    live.table.endStep();
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    next?.querySelector("button")?.focus();
  });
  line.append(button);
  return line;
}
