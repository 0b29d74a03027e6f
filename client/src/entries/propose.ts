/**
 * Comfort for the form of proposals: questions that make no sense are hidden, what was understood is said while one
 * types, what is there already is shown, and what was typed is kept on the device until it is sent.
 *
 * Nothing here is needed: without this file the buttons of the form do the same, and the server decides anyway.
 */
import { make } from "../lib/dom";
import { lookForAlike } from "../propose/alike";
import { apply, rulesOf } from "../propose/conditions";
import { Drafts, forgetSent, type Shelf } from "../propose/draft";
import { openAround, openFilled } from "../propose/folds";
import { keepDraft, placeOf } from "../propose/keeping";
import { addLine, follow, prepare } from "../propose/lines";
import { readAlong } from "../propose/readAlong";
import { answers, send } from "../propose/sending";
import { sayIn } from "../propose/texts";

/** A browser that keeps nothing for this site. */
const NOWHERE: Shelf = {
  getItem: () => null,
  setItem() {
    throw new Error("this device keeps nothing");
  },
  removeItem() {},
};

function shelf(): Shelf {
  try {
    return localStorage;
  } catch {
    return NOWHERE;
  }
}

const now = (): number => Date.now();

/** Wakes a form up. */
export function wake(form: HTMLFormElement): void {
  const say = sayIn(document.documentElement.lang);
  const { cle = "", doublons, defi, zeros } = form.dataset;
  const rules = rulesOf(form);
  const refilled = (): void => apply(form, rules);
  const typed = (field: HTMLElement): void => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  prepare(form, say);
  refilled();
  form.addEventListener("input", refilled);
  form.addEventListener("change", refilled);
  const drafts = new Drafts(shelf(), placeOf(form), now);
  const draft = keepDraft({
    form,
    key: cle,
    drafts,
    say,
    now,
    addLine: (field) => addLine(field, say),
    refilled,
  });
  // The browser's memory of a form goes before what the page says.
  refilled();
  openFilled(form);
  const heard = make("p", { class: "unseen", role: "status" });
  form.append(heard);
  follow(form, say, (field, told) => {
    heard.textContent = told;
    typed(field);
  });
  readAlong(form, say, async () => (await import("../propose/understand")).reader(say.lang));
  if (doublons !== undefined) lookForAlike(form, doublons, say);
  const work = async (riddle: string) => (await import("../propose/work")).solve(riddle, Number(zeros));
  send({
    form,
    say,
    isThere: () => answers("/health/live"),
    proof: defi === undefined ? null : work(defi),
    leaving(isLast) {
      draft.flush();
      if (isLast) drafts.sent(cle);
    },
    isKept: draft.isKept,
  });
}

/** Puts the reader where the page came back to: the list of what is wrong, or what it says first. */
function lookAtAnswer(): void {
  document.querySelector<HTMLElement>("#retour")?.focus();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#retour a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const target = document.getElementById(link.hash.slice(1));
      const inside = target?.matches("fieldset") ? target.querySelector<HTMLElement>("input") : target;
      if (!inside) return;
      event.preventDefault();
      openAround(inside);
      inside.focus();
      target?.scrollIntoView({ block: "center" });
    });
  }
}

function start(): void {
  const sent = document.querySelector<HTMLElement>("[data-sent]")?.dataset.sent;
  try {
    if (sent !== undefined) forgetSent(localStorage, sent, now);
  } catch {
    // A device that keeps nothing has nothing to forget.
  }
  const form = document.querySelector<HTMLFormElement>("form#proposition");
  if (form === null) return;
  wake(form);
  lookAtAnswer();
}

if (typeof document !== "undefined") start();
