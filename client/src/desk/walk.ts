import { focusOf, meaning, nextStop } from "./keys";

/** Where the choice is kept whether letters are keys. */
const LETTERS = "tablee-desk-letters";

/** The stops of the page: the entries of the list, or the fields of a proposal. */
export function stops(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-step]")];
}

/** The stop that the focus is in. */
function stopOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>("[data-step]") ?? null;
}

/** What a key presses: first in the field where one stands, then on the page. */
function target(key: string): HTMLElement | null {
  const selector = `[data-key~="${key}"]`;
  const here = stopOf(document.activeElement)?.querySelector<HTMLElement>(selector);
  if (here) return here;
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  return all.find((element) => element.closest("[data-step]") === null) ?? null;
}

/** Presses what a key stands for: a field gets the focus, a choice is made, a button or link is followed. */
function press(element: HTMLElement, say: (words: string) => void): void {
  const opens = element.closest("details");
  if (opens && !opens.open) opens.open = true;
  if (focusOf(element) === "field") {
    element.focus();
    return;
  }
  element.click();
  const words = element.dataset.said;
  if (words) say(words);
  const follows = element.dataset.focus;
  if (follows) document.getElementById(follows)?.focus();
}

function lettersAreOn(): boolean {
  try {
    return localStorage.getItem(LETTERS) !== "off";
  } catch {
    return true;
  }
}

/** The list of keys, and the box that switches letters off. */
export function prepareHelp(dialog: HTMLDialogElement): void {
  const box = dialog.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (box) {
    box.checked = lettersAreOn();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(LETTERS, box.checked ? "on" : "off");
      } catch {
        // A browser that keeps nothing starts with letters again.
      }
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
}

/** Listens to the keyboard. */
export function listen(say: (words: string) => void): void {
  const dialog = document.querySelector<HTMLDialogElement>("#raccourcis");
  document.addEventListener("keydown", (event) => {
    if (dialog?.open && event.key !== "F1") return;
    const means = meaning(event, focusOf(document.activeElement), lettersAreOn());
    if (means === null) return;
    if (means.does === "help") {
      event.preventDefault();
      if (dialog && !dialog.open) dialog.showModal();
      return;
    }
    if (means.does === "leave") {
      stopOf(document.activeElement)?.focus();
      return;
    }
    if (means.does === "step") {
      event.preventDefault();
      const all = stops();
      const here = stopOf(document.activeElement);
      const to = all[nextStop(all.length, here ? all.indexOf(here) : -1, means.by)];
      to?.focus();
      to?.scrollIntoView({ block: "nearest" });
      return;
    }
    const element = target(means.key);
    if (element === null) return;
    event.preventDefault();
    press(element, say);
  });
}
