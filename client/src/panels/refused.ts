import { reasonWords } from "../i18n/reason";
import type { Translate } from "../i18n/t";
import { make } from "../lib/dom";
import type { Intent } from "../model/intent";
import { columnOf, parseKey } from "../model/layout";
import type { Aside } from "../sync/outbox";
import { confirm, openDialog } from "../ui/dialog";
import { toast } from "../ui/toast";
import { wordsOfValue } from "../view/words";
import type { Page } from "./page";

/** What was refused, in the person's words, and the three ways: propose it to the pilots, keep it aside, forget it. */
export async function openRefused(page: Page): Promise<void> {
  const { t, live } = page;
  const { asides } = live.outbox;
  const ids = asides.map(({ id }) => id);
  const lines = asides.map((aside) => line(page, aside));
  const answer = await openDialog({
    title: t("refused.ask", { n: asides.length }),
    body: [make("p", {}, t("refused.intro")), make("ul", { class: "asides" }, ...lines)],
    actions: [
      { value: "forget", words: t("refused.forgetAll"), kind: "danger" },
      { value: "copy", words: t("refused.copyAll") },
      { value: "keep", words: t("refused.keep") },
      { value: "propose", words: t("refused.propose"), kind: "main" },
    ],
    wide: true,
  });
  // Some may have been proposed or forgotten one by one meanwhile.
  const left = live.outbox.asides.filter(({ id }) => ids.includes(id));
  if (answer === "forget") {
    await forgetRefused(
      page,
      left.map(({ id }) => id),
    );
  }
  if (answer === "keep") page.keepAside(ids);
  if (answer === "copy") await copy(left.map((aside) => asText(page, aside)).join("\n"));
  if (answer === "propose") {
    await proposeRefused(
      page,
      left.map(({ id }) => id),
    );
  }
}

/** Sends refused edits to the pilots as proposals. What does not arrive stays aside, and says why. */
export async function proposeRefused({ t, live }: Page, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const { stored, failed } = await live.suggest(ids);
  if (stored > 0) toast(t("refused.proposed", { n: stored }));
  if (failed !== null) toast(t(`refused.propose.${failed}`), "warn");
  return failed === null;
}

/** Erases refused edits from this device, after a question: they are nowhere else. */
export async function forgetRefused({ t, live }: Page, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const question = t("refused.forget.ask", { n: ids.length });
  if (!(await confirm(question, t("refused.forget"), t("refused.keep"), "danger"))) return false;
  live.outbox.forget(ids);
  return true;
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
  const { t } = page;
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
  const leave = () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    const dialog = item.closest("dialog");
    item.remove();
    (next?.querySelector("button") ?? dialog?.querySelector<HTMLElement>("[value=keep]"))?.focus();
  };
  const proposed = button(t, "refused.proposeOne");
  proposed.addEventListener("click", () => {
    void proposeRefused(page, [aside.id]).then((done) => done && leave());
  });
  const forgotten = button(t, "refused.forgetOne");
  forgotten.addEventListener("click", () => {
    void forgetRefused(page, [aside.id]).then((done) => done && leave());
  });
  item.append(make("p", { class: "aside-actions" }, proposed, copied, forgotten));
  return item;
}

function button(
  t: Translate,
  key: "refused.copy" | "refused.forgetOne" | "refused.proposeOne",
): HTMLButtonElement {
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
