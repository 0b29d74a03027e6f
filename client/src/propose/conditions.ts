/** Shows the questions that the other answers call for, and no others. What was typed into a hidden one stays in it. */
import { hidden, parse, type Rule } from "../rules/rule";
import { controls, question, questions, valuesOf } from "./fields";
import { hideEmpty } from "./folds";

/** When each question is asked. A rule that cannot be read hides nothing. */
export function rulesOf(form: HTMLElement): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const field of questions(form)) {
    const { column = "", if: words } = field.dataset;
    const rule = words === undefined ? null : parse(read(words));
    if (rule !== null) rules.set(column, rule);
  }
  return rules;
}

function read(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return null;
  }
}

/** Hides and shows by what stands in the form now. A hidden question is not sent. */
export function apply(form: HTMLElement, rules: ReadonlyMap<string, Rule>): void {
  const values = new Map(questions(form).map((field) => [field.dataset.column ?? "", valuesOf(field)]));
  const unasked = hidden(rules, (name) => values.get(name) ?? []);
  for (const name of rules.keys()) {
    const field = question(form, name);
    if (field === undefined) continue;
    field.hidden = unasked.has(name);
    for (const control of controls(field)) control.disabled = field.hidden;
  }
  hideEmpty(form);
}
