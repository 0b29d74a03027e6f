/** The questions of the form as they stand in the page: `.field[data-column]`, and the controls inside. */

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
/** Names and values of what was typed, a name as often as it has values. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** The questions in the order of the page. */
export const questions = (form: HTMLElement): HTMLElement[] => [
  ...form.querySelectorAll<HTMLElement>(".field[data-column]"),
];

/** The question about a column. */
export const question = (form: HTMLElement, column: string): HTMLElement | undefined =>
  questions(form).find((field) => field.dataset.column === column);

/** What can be filled in a question. */
export const controls = (field: HTMLElement): Control[] => [
  ...field.querySelectorAll<Control>("input, select, textarea"),
];

const isTick = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio");

/** What stands in a question, asked or not; a box that is not ticked says nothing. */
export const valuesOf = (field: HTMLElement): string[] =>
  controls(field)
    .filter((control) => !isTick(control) || control.checked)
    .map((control) => control.value);

/** All that was typed, in questions that are not asked too; blanks are left out. */
export const typed = (form: HTMLElement): Pairs =>
  questions(form).flatMap((field) =>
    valuesOf(field)
      .filter((value) => value.trim() !== "")
      .map((value) => [field.dataset.column ?? "", value] as const),
  );

/** Puts values into a question; lines that are missing are made by `addLine`. */
export function fill(field: HTMLElement, values: readonly string[], addLine: () => void): void {
  const lines = field.querySelector(".items");
  if (lines !== null) for (let at = controls(field).length; at < values.length; at += 1) addLine();
  for (const [at, control] of controls(field).entries()) {
    if (isTick(control)) control.checked = values.includes(control.value);
    else control.value = values[at] ?? "";
  }
}

/** A control in which somebody typed, and its question. */
export function questionOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".field[data-column]") : null;
}
