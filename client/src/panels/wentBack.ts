import { make } from "../lib/dom";
import { openDialog } from "../ui/dialog";
import { differenceLine } from "./differences";
import type { Page } from "./page";

const MOST_SHOWN = 100;

/** The server has something older than this device: shows what differs, and sends nothing before somebody chose. */
export async function openWentBack(page: Page): Promise<void> {
  const { t, live } = page;
  const { wentBack } = live;
  if (wentBack === null) return;
  const lines = wentBack.cells.slice(0, MOST_SHOWN).map((cell) =>
    differenceLine(
      page,
      cell,
      [
        [t("wentBack.mine"), cell.mine],
        [t("wentBack.theirs"), cell.theirs],
      ],
      null,
    ),
  );
  const body: HTMLElement[] = [make("p", {}, t("wentBack.intro")), make("ul", { class: "asides" }, ...lines)];
  const more = wentBack.cells.length - lines.length;
  if (more > 0) body.push(make("p", { class: "soft" }, t("presence.more", { n: more })));
  const answer = await openDialog({
    title: t("wentBack.title"),
    body,
    actions: [
      { value: "keep-server", words: t("wentBack.keepServer") },
      { value: "keep-mine", words: t("wentBack.keepMine") },
      { value: "later", words: t("wentBack.later"), kind: "main" },
    ],
    wide: true,
  });
  if (answer === "keep-mine" || answer === "keep-server") live.resolveWentBack(answer);
}
