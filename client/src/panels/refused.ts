import type { Translate } from "../i18n/t";
import { make } from "../lib/dom";
import type { Intent } from "../model/intent";
import { columnOf, parseKey } from "../model/layout";
import type { Aside } from "../sync/outbox";
import { openDialog } from "../ui/dialog";
import { wordsOfValue } from "../view/words";
import { type Page, reasonWords } from "./page";

/** What was refused, in the person's words: nothing that somebody wrote is thrown away by a rule. */
export async function openRefused(page: Page): Promise<void> {
  const { t, live } = page;
  const lines = live.outbox.asides.map((aside) => line(page, aside));
  const answer = await openDialog({
    title: t("refused.title"),
    body: [make("p", {}, t("refused.intro")), make("ul", { class: "asides" }, ...lines)],
    actions: [
      { value: "forget", words: t("refused.forgetAll"), kind: "danger" },
      { value: "copy", words: t("refused.copyAll") },
      { value: "close", words: t("dialog.close"), kind: "main" },
    ],
    wide: true,
  });
  if (answer === "forget") live.outbox.forget(live.outbox.asides.map(({ id }) => id));
  if (answer === "copy") await copy(live.outbox.asides.map((aside) => asText(page, aside)).join("\n"));
}

/** The words of an intent, as the person would write them. */
export function intentWords(page: Page, intent: Intent): string {
  const { t, live } = page;
  switch (intent.what) {
    case "add-row":
      return t("refused.addRow");
    case "move":
      return t("refused.move");
    case "bin":
      return t(intent.binned ? "refused.bin" : "refused.restore");
    case "text":
      return intent.to === "" ? t("refused.nothing") : intent.to;
    case "unset":
      return t("refused.nothing");
    case "set": {
      const place = parseKey(intent.key);
      const column = live.table.column(columnOf(intent.key) ?? "");
      if (intent.value === null) return t("refused.nothing");
      if (column === undefined || place === undefined || place.at === "said") return String(intent.value);
      const value = place.at === "item" ? { [place.item]: intent.value } : intent.value;
      return wordsOfValue(value, column, t.lang);
    }
  }
}

function whereWords(page: Page, intent: Intent): string {
  const key = intent.what === "text" ? intent.column : "key" in intent ? intent.key : "";
  const column = page.live.table.column(columnOf(key) ?? "");
  const title = page.titleOf(intent.row);
  return column === undefined ? title : `${title} · ${column.label[page.t.lang]}`;
}

function asText(page: Page, { intent, reason }: Aside): string {
  return [whereWords(page, intent), intentWords(page, intent), reasonWords(page.t, reason)].join("\t");
}

function line(page: Page, aside: Aside): HTMLElement {
  const { t, live } = page;
  const item = make(
    "li",
    { class: "aside" },
    make("p", { class: "aside-where" }, whereWords(page, aside.intent)),
    make("blockquote", { class: "aside-words" }, intentWords(page, aside.intent)),
    make("p", { class: "soft" }, reasonWords(t, aside.reason)),
  );
  const copied = button(t, "refused.copy");
  copied.addEventListener("click", () => {
    void copy(intentWords(page, aside.intent)).then((done) => {
      if (done) copied.textContent = t("refused.copied");
    });
  });
  const forgotten = button(t, "refused.forget");
  forgotten.addEventListener("click", () => {
    live.outbox.forget([aside.id]);
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    next?.querySelector("button")?.focus();
  });
  item.append(make("p", { class: "aside-actions" }, copied, forgotten));
  return item;
}

function button(t: Translate, key: "refused.copy" | "refused.forget"): HTMLButtonElement {
  return make("button", { type: "button" }, t(key));
}

/** Some browsers refuse the clipboard: the words stay on screen, where they can be selected. */
async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
