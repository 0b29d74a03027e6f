import { make } from "../lib/dom";
import { openDialog } from "../ui/dialog";
import type { Page } from "./page";

/** The rows in the bin. Who may, takes them out; the others see that nothing is gone. */
export async function openBin(page: Page): Promise<void> {
  const { t, live } = page;
  const rows = live.table.binnedRowIds();
  const curates = live.table.role !== "member";
  const intro = make("p", { tabindex: -1 }, t(rows.length === 0 ? "bin.empty" : "bin.intro"));
  // After the last row the focus goes to the words that say so.
  const emptied = () => {
    intro.textContent = t("bin.empty");
    intro.focus();
  };
  const lines = rows.map((row) => binLine(page, row, curates, emptied));
  const body: HTMLElement[] = [intro];
  if (rows.length > 0 && !curates) body.push(make("p", { class: "soft" }, t("bin.pilotsOnly")));
  body.push(make("ul", { class: "bin-rows" }, ...lines));
  await openDialog({
    title: t("bin.title"),
    body,
    actions: [{ value: "close", words: t("dialog.close") }],
    wide: true,
  });
}

function binLine(page: Page, row: string, curates: boolean, emptied: () => void): HTMLElement {
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
    const nextButton = next?.querySelector("button") ?? null;
    if (nextButton === null) emptied();
    else nextButton.focus();
  });
  line.append(button);
  return line;
}
