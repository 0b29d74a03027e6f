/** Lists of which each item is a line: one more, one less, without asking the server. */
import { make } from "../lib/dom";
import { controls } from "./fields";
import type { Say } from "./texts";

/** As many as a cell holds. */
const MOST = 50;

const list = (field: HTMLElement): HTMLElement | null => field.querySelector<HTMLElement>(".items");

/** Puts the numbers of the lines in their order. */
function number(field: HTMLElement, say: Say): void {
  const name = field.dataset.column ?? "";
  for (const [at, line] of [...(list(field)?.children ?? [])].entries()) {
    const input = line.querySelector("input");
    input?.setAttribute("id", `${name}-${at + 1}`);
    const label = input?.getAttribute("aria-label") ?? "";
    input?.setAttribute("aria-label", label.replace(/\d+(?=\D*$)/, String(at + 1)));
    line.querySelector(".remove")?.setAttribute("aria-label", say("remove", { n: at + 1 }));
  }
}

/** Adds an empty line; null where there are enough. */
export function addLine(field: HTMLElement, say: Say): HTMLInputElement | null {
  const lines = list(field);
  const last = lines?.lastElementChild;
  if (!lines || !last || lines.children.length >= MOST) return null;
  const line = last.cloneNode(true) as HTMLElement;
  const input = line.querySelector("input");
  if (input === null) return null;
  input.value = "";
  input.removeAttribute("autofocus");
  input.removeAttribute("aria-invalid");
  lines.append(line);
  number(field, say);
  return input;
}

/** Takes a line away; the last one is emptied. Says where the hand goes on. */
export function removeLine(field: HTMLElement, line: Element, say: Say): HTMLInputElement | null {
  const beside = line.nextElementSibling ?? line.previousElementSibling;
  const input = (beside ?? line).querySelector("input");
  if (beside === null) {
    if (input !== null) input.value = "";
  } else {
    line.remove();
  }
  number(field, say);
  return input;
}

/** Gives each line of the form a button that takes it away. */
export function prepare(form: HTMLElement, say: Say): void {
  for (const lines of form.querySelectorAll<HTMLElement>(".field[data-column] .items")) {
    for (const line of lines.children) {
      if (line.querySelector(".remove") === null) {
        line.append(make("button", { type: "button", class: "quiet remove" }, "×"));
      }
    }
    const field = lines.closest<HTMLElement>(".field[data-column]");
    if (field !== null) number(field, say);
  }
}

/** Follows the buttons of the lists; `changed` hears of each line that comes or goes, with what is to be said. */
export function follow(
  form: HTMLElement,
  say: Say,
  changed: (field: HTMLElement, told: string) => void,
): void {
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const field = button?.closest<HTMLElement>(".field[data-column]");
    if (!button || !field || list(field) === null) return;
    const line = button.closest("li");
    if (button.classList.contains("remove") && line !== null) {
      const at = controls(field).indexOf(line.querySelector("input") as HTMLInputElement);
      removeLine(field, line, say)?.focus();
      changed(field, say("removed", { n: at + 1 }));
    } else if (button.getAttribute("value")?.startsWith("ajouter-")) {
      event.preventDefault();
      const input = addLine(field, say);
      input?.focus();
      changed(field, input === null ? say("most", { n: MOST }) : "");
    }
  });
}
