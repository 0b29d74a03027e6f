/** Optional questions behind a line that names them. What holds words is never folded away by the page itself. */
import { questions, valuesOf } from "./fields";

const folds = (form: HTMLElement): NodeListOf<HTMLDetailsElement> =>
  form.querySelectorAll<HTMLDetailsElement>("details.fold");

/** Opens the folds in which something stands: nobody sends words that were not on the page. */
export function openFilled(form: HTMLElement): void {
  const isFilled = (field: HTMLElement): boolean => valuesOf(field).some((value) => value.trim() !== "");
  for (const fold of folds(form)) if (questions(fold).some(isFilled)) fold.open = true;
}

/** Opens the fold around something, if one is. */
export function openAround(target: Element | null): void {
  const fold = target?.closest<HTMLDetailsElement>("details.fold");
  if (fold) fold.open = true;
}

/** A fold whose questions are all hidden has no use. */
export function hideEmpty(form: HTMLElement): void {
  for (const fold of folds(form)) fold.hidden = questions(fold).every((field) => field.hidden);
}
