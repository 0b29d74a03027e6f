// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import { translator } from "../../src/i18n/t";
import { openBin } from "../../src/panels/bin";
import type { Page } from "../../src/panels/page";

afterEach(() => {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
});

function pageWith(binned: readonly string[]): Page {
  const table = {
    role: "pilot",
    binnedRowIds: () => binned,
    endStep: () => {},
    setBinned: () => {},
  };
  return { t: translator("fr"), live: { table }, titleOf: (row: string) => row } as unknown as Page;
}

it("the focus goes from row to row as they leave the bin, and last to the words that say it is empty", () => {
  void openBin(pageWith(["r1", "r2"]));
  const buttons = [...document.querySelectorAll<HTMLElement>(".bin-row button")];

  buttons[0]?.click();
  expect(document.activeElement).toBe(buttons[1]);

  buttons[1]?.click();
  expect(document.activeElement?.textContent).toBe("La corbeille est vide.");
});
