/** The draft in the page: offered when one comes back, kept while one types, erased when asked. */
import { make } from "../lib/dom";
import { whenQuiet } from "../lib/schedule";
import { type Draft, type Drafts, same } from "./draft";
import { fill, type Pairs, question, questions, typed } from "./fields";
import { openFilled } from "./folds";
import { type Say, timeIn, whenIn } from "./texts";

/** How long nobody types before it is written. */
const QUIET = 200;

/** What the page does around the draft. */
export interface Page {
  readonly form: HTMLElement;
  readonly key: string;
  readonly drafts: Drafts;
  readonly say: Say;
  now(): number;
  addLine(field: HTMLElement): void;
  /** The form holds other words now. */
  refilled(): void;
}

/** Which form this is: where it is sent, and the offer it is about. */
export function placeOf(form: HTMLFormElement): string {
  const path = new URL(form.getAttribute("action") ?? "", location.href).pathname;
  const about = ["corriger", "retirer"].map((name) => {
    const field = form.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);
    return field === null ? "" : `?${name}=${field.value}`;
  });
  return path + about.join("");
}

/** Puts a draft into the form; what it says nothing of is emptied. */
export function takeUp(page: Page, pairs: Pairs): void {
  for (const field of questions(page.form)) {
    const values = pairs.filter(([name]) => name === field.dataset.column).map(([, value]) => value);
    fill(field, values, () => page.addLine(field));
  }
  openFilled(page.form);
  page.refilled();
}

/** What a page that comes again had in questions that it did not send. */
function takeUpHidden({ form, addLine }: Page, { pairs }: Draft): void {
  for (const name of new Set(pairs.map(([name]) => name))) {
    const field = question(form, name);
    if (field?.hidden !== true) continue;
    const values = pairs.filter(([of]) => of === name).map(([, value]) => value);
    fill(field, values, () => addLine(field));
  }
}

/** Keeps the draft; gives what must be called before the form is sent, and whether the device keeps it. */
export function keepDraft(page: Page): { flush(): void; isKept(): boolean } {
  const { form, key, drafts, say } = page;
  const atStart = typed(form);
  const status = make("p", { class: "soft", role: "status" });
  const erase = make("button", { type: "button", class: "quiet" }, say("forget"));
  const line = make("div", { class: "draft", hidden: true }, status, erase);
  form.querySelector(".bar")?.before(line);
  let isOff = false;
  let isKept = false;

  const tell = (words: string, canErase: boolean): void => {
    line.hidden = false;
    erase.hidden = !canErase;
    if (status.textContent !== words) status.textContent = words;
  };
  const write = (): void => {
    const now = typed(form);
    if (isOff || same(now, atStart)) return;
    const was = isKept;
    isKept = drafts.keep(key, now);
    // Said once in a while, or a screen reader would say it at each pause.
    if (isKept && (!was || status.textContent === say("forgotten"))) {
      tell(say("kept", { time: timeIn(say, page.now()) }), true);
    } else if (!isKept) tell(say("unkept"), false);
  };
  const later = whenQuiet(QUIET, write);
  form.addEventListener("input", () => {
    isOff = false;
    later.ask();
  });
  erase.addEventListener("click", () => {
    later.cancel();
    isOff = true;
    isKept = false;
    drafts.forgetAll();
    tell(say("forgotten"), false);
    status.tabIndex = -1;
    status.focus();
  });
  const flush = (): void => {
    later.cancel();
    write();
  };
  window.addEventListener("pagehide", flush);

  const own = drafts.of(key);
  if (own !== undefined) {
    takeUpHidden(page, own);
    isKept = true;
    tell(say("kept", { time: timeIn(say, own.at) }), true);
  }
  offer(page, atStart, (pairs) => {
    takeUp(page, pairs);
    isOff = false;
    write();
  });
  return { flush, isKept: () => isKept };
}

/** Offers what an earlier page of this form was told. */
function offer(page: Page, atStart: Pairs, take: (pairs: Pairs) => void): void {
  const { form, key, drafts, say } = page;
  const found = drafts.all().find((draft) => draft.key !== key && !same(draft.pairs, atStart));
  if (found === undefined) return;
  const when = whenIn(say, found.at, page.now());
  const words = make("p", {}, say(found.sent === true ? "foundSent" : "found", { when }));
  const resume = make("button", { type: "button" }, say("resume", { when }));
  const erase = make("button", { type: "button", class: "quiet" }, say("forget"));
  const box = make("div", {
    class: "notice calm draft-found",
    role: "region",
    "aria-label": say("found", { when }),
  });
  box.append(words, make("p", { class: "choices" }, resume, erase));
  form.prepend(box);
  // A reload would show the place where one was, and not what is offered above it.
  history.scrollRestoration = "manual";
  scrollTo({ top: 0 });
  const answered = (told: string): void => {
    const status = make("p", { class: "notice calm", role: "status", tabindex: -1 }, told);
    box.replaceWith(status);
    status.focus();
  };
  resume.addEventListener("click", () => {
    drafts.forget(found.key);
    take(found.pairs);
    answered(say("resumed"));
  });
  erase.addEventListener("click", () => {
    drafts.forgetAll();
    answered(say("forgotten"));
  });
}
