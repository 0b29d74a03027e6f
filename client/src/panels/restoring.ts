import { make } from "../lib/dom";
import type { Result } from "../lib/result";
import { openDialog } from "../ui/dialog";
import { toast } from "../ui/toast";
import { apiOfPage, type Problem, type Restore, type Restored } from "./api";
import { whereWords } from "./change";
import type { Page } from "./page";

const MOST_NAMED = 8;

/** Makes a row say what it said at a moment: what would change is counted and shown before anything does. */
export async function restoreRow(page: Page, row: string, revision: number, when: string): Promise<void> {
  const { t } = page;
  const what = { what: "row", row, revision } as const;
  const trial = await apiOfPage(page).restore(what, true);
  if (!trial.ok) {
    tellProblem(page, trial.reason);
    return;
  }
  const { cells, kept } = trial.value;
  if (cells === 0) {
    toast(t("restore.row.same"));
    return;
  }
  const body = [make("p", {}, t("restore.row.will", { n: cells, row: page.titleOf(row) }))];
  if (kept.length > 0) body.push(make("p", {}, keptWords(page, kept)));
  const answer = await openDialog({
    title: t("restore.row.ask", { when }),
    body,
    actions: [
      { value: "no", words: t("restore.no") },
      { value: "yes", words: t("restore.row.yes"), kind: "main" },
    ],
  });
  if (answer !== "yes") return;
  const done = await restore(page, what);
  if (done.ok) tellDone(page, done.value);
  else tellProblem(page, done.reason);
}

/** Says how much was restored, and offers to take it back. */
function tellDone(page: Page, { cells, revision }: Restored): void {
  const { t } = page;
  toast(t("restore.done", { n: cells }), "plain", [
    { words: t("restore.undo"), run: () => void takeBack(page, revision) },
  ]);
}

/** Does it; its notice, which everybody gets, is not told here too. */
async function restore(page: Page, what: Restore): Promise<Result<Restored, Problem>> {
  const forget = page.expectOwnNotice();
  const done = await apiOfPage(page).restore(what, false);
  if (!done.ok) forget();
  return done;
}

async function takeBack(page: Page, revision: number): Promise<void> {
  const { t } = page;
  const undone = await restore(page, { what: "take-back", from: revision, to: revision });
  if (!undone.ok) {
    tellProblem(page, undone.reason);
    return;
  }
  const { cells, kept } = undone.value;
  const words = [t("restore.undone", { n: cells })];
  if (kept.length > 0) words.push(t("restore.undone.kept", { n: kept.length }));
  toast(words.join(" "));
}

function tellProblem({ t }: Page, problem: Problem): void {
  toast(t(`restore.problem.${problem}`), "warn");
}

function keptWords(page: Page, kept: Restored["kept"]): string {
  const names = [...new Set(kept.map((place) => whereWords(page, place)))].filter((name) => name !== "");
  const places = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), "…"] : names;
  return page.t("restore.row.kept", { n: kept.length, places: places.join(", ") });
}
