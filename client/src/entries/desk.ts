/**
 * Comfort for the pilots' desk: keys for all that its forms and links do, who else is there, and drafts that stay.
 *
 * Nothing here is needed: without this file the forms and links of the pages do the same.
 */

import { keep } from "../desk/keeping";
import { follow, say } from "../desk/presence";
import { listen, prepareHelp, stops } from "../desk/walk";

/** A part of a field is shown only where it is chosen. */
function showChosen(form: HTMLFormElement): void {
  const update = () => {
    for (const part of form.querySelectorAll<HTMLElement>("[data-with]")) {
      const box = document.getElementById(part.dataset.with ?? "");
      if (box instanceof HTMLInputElement) part.hidden = !box.checked;
    }
  };
  form.addEventListener("change", update);
  update();
}

/** A saved reason fills the words below it, which stay to be changed. */
function fillReasons(): void {
  for (const choice of document.querySelectorAll<HTMLSelectElement>("select[data-fills]")) {
    const words = document.getElementById(choice.dataset.fills ?? "");
    if (!(words instanceof HTMLTextAreaElement)) continue;
    let last = "";
    choice.addEventListener("change", () => {
      const reason = choice.selectedOptions[0]?.dataset.words ?? "";
      // Own words are nobody's to replace.
      if (words.value === "" || words.value === last) words.value = reason;
      last = reason;
      words.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function start(): void {
  const status = document.querySelector("#atelier-etat");
  const tell = (words: string) => say(status, words);
  const help = document.querySelector<HTMLDialogElement>("#raccourcis");
  if (help !== null) prepareHelp(help);
  listen(tell);
  fillReasons();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
    keep(form, tell);
    showChosen(form);
  }
  const presence = document.querySelector<HTMLElement>("#presence");
  if (presence !== null) void follow(presence, document.querySelector("#depasse"));
  // After a decision the next entry is at hand.
  if (document.querySelector("[data-next]") !== null) stops()[0]?.focus();
}

if (typeof document !== "undefined") start();
