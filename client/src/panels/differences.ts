import { make } from "../lib/dom";
import type { Plain } from "../model/types";
import type { Absence } from "../sync/absence";
import type { Overtaken } from "../sync/overtaken";
import { openDialog } from "../ui/dialog";
import { isNothing, stands, wordsOfPast } from "../view/past";
import { whereWords } from "./change";
import type { Page } from "./page";

/** One place with what I wrote there and what others did. */
interface Difference {
  readonly row: string;
  readonly key: string;
  readonly mine: Plain;
  readonly theirs: Plain;
}

/** What each side is called, in the order in which they are shown. */
type Side = readonly [label: string, value: Plain];

/** Values of mine that gave way to others', and a button to take each back. */
export async function openOvertaken(page: Page, told: readonly Overtaken[]): Promise<void> {
  const { t } = page;
  const lines = told.map((one) => {
    const theirs = one.by === null ? t("differences.theirs") : t("differences.theirs.by", { name: one.by });
    return differenceLine(
      page,
      one,
      [
        [t("differences.mine"), one.mine],
        [theirs, one.theirs],
      ],
      "take",
    );
  });
  await openDialog({
    title: t("overtaken.title"),
    body: [make("p", {}, t("overtaken.intro")), make("ul", { class: "asides" }, ...lines)],
    actions: [{ value: "close", words: t("dialog.close"), kind: "main" }],
    wide: true,
  });
}

/** What I and others changed while I was away, with both values. Closing it leaves everything as it is. */
export async function openAbsence(page: Page): Promise<void> {
  const { t, live } = page;
  const { absence } = live;
  const lines = absence.map((one) => differenceLine(page, one, absenceSides(page, one), "take"));
  const answer = await openDialog({
    title: t("absence.title"),
    body: [make("p", {}, t("absence.intro")), make("ul", { class: "asides" }, ...lines)],
    actions: [{ value: "close", words: t("dialog.close"), kind: "main" }],
    wide: true,
  });
  // Escape may be an accident: the list is still there then.
  if (answer !== null) live.dismissAbsence(absence);
}

function absenceSides({ t }: Page, { mine, theirs, now }: Absence): readonly Side[] {
  const both: Side[] = [
    [t("differences.mine"), mine],
    [t("differences.theirs"), theirs],
  ];
  const merged = !same(now, mine) && !same(now, theirs);
  return merged ? [...both, [t("differences.merged"), now]] : both;
}

const same = (a: Plain, b: Plain): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One place: where it is, the values one under the other, and which of them stands. */
export function differenceLine(
  page: Page,
  place: Difference,
  sides: readonly Side[],
  take: "take" | null,
): HTMLElement {
  const { t, live } = page;
  const { row, key, mine } = place;
  const where = whereOf(page, place);
  const values = sides.flatMap(([label, value]) => {
    const words = make("dd", {}, sayPlace(page, place, value));
    if (take !== null && live.table.hasRow(row) && stands(live.table, row, key, value)) {
      words.append(" ", make("span", { class: "soft" }, `(${t("differences.now")})`));
    }
    return [make("dt", {}, label), words];
  });
  const line = make(
    "li",
    { class: "aside" },
    make("p", { class: "aside-where" }, where),
    make("dl", { class: "sides" }, ...values),
  );
  if (take === null || !live.table.hasRow(row) || stands(live.table, row, key, mine)) return line;
  const button = make("button", { type: "button", "aria-label": `${t("differences.take")} (${where})` });
  button.textContent = t("differences.take");
  const done = make("p", { class: "soft", role: "status", tabindex: -1 });
  button.addEventListener("click", () => {
    live.takeMine(place);
    done.textContent = t("differences.taken");
    done.focus();
    button.remove();
  });
  line.append(make("p", { class: "aside-actions" }, button), done);
  return line;
}

/** The row and the column of a place, as people call them. */
function whereOf(page: Page, { row, key }: Difference): string {
  const column = whereWords(page, { key });
  return column === "" ? page.titleOf(row) : `${page.titleOf(row)} · ${column}`;
}

function sayPlace({ t, live }: Page, { key }: Difference, value: Plain): string {
  if (key === "~deleted") return t(isNothing(key, value) ? "differences.inTable" : "differences.inBin");
  const column = live.table.column(key.split(/[/~]/)[0] ?? "");
  const words = wordsOfPast(key, value, column, t.lang);
  return words === "" ? t("history.empty") : words;
}
