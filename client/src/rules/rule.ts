/**
 * Which questions of a form are asked: the mirror of `domain::proposal::rule`, held to the same answers by
 * `fixtures/rules`. A question that is not asked has no answer; the server decides, this spares the eye.
 */

/** What must hold of the other answers. */
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  | { readonly is: readonly [name: string, word: string] }
  | { readonly has: readonly [name: string, word: string] }
  | { readonly filled: string };

/** All values of a field, in their order. */
export type FieldsOf = (name: string) => readonly string[];

/** A rule that came as JSON; null where it is none. */
export function parse(value: unknown): Rule | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return null;
  const [word, inside] = entry;
  const known = Object.hasOwn(INSIDE, word) ? INSIDE[word] : undefined;
  return known?.(inside) === true ? (value as Rule) : null;
}

const isRule = (value: unknown) => parse(value) !== null;
const areRules = (value: unknown) => Array.isArray(value) && value.every(isRule);
const isPair = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every((word) => typeof word === "string");

const INSIDE: Readonly<Record<string, (value: unknown) => boolean>> = {
  all: areRules,
  any: areRules,
  not: isRule,
  is: isPair,
  has: isPair,
  filled: (value) => typeof value === "string",
};

// As the server trims: `String.trim` takes a mark of byte order for a space, and a next line for a letter.
const BLANKS = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The answers to a question, without blanks. */
const given = (answers: FieldsOf, name: string): string[] =>
  answers(name)
    .map((words) => words.replace(BLANKS, ""))
    .filter((words) => words !== "");

/** Whether a rule holds. Blanks around an answer are no part of it. */
export function holds(rule: Rule, answers: FieldsOf): boolean {
  if ("all" in rule) return rule.all.every((one) => holds(one, answers));
  if ("any" in rule) return rule.any.some((one) => holds(one, answers));
  if ("not" in rule) return !holds(rule.not, answers);
  if ("filled" in rule) return given(answers, rule.filled).length > 0;
  if ("has" in rule) return given(answers, rule.has[0]).includes(rule.has[1]);
  const [only, ...others] = given(answers, rule.is[0]);
  return only === rule.is[1] && others.length === 0;
}

/**
 * The questions that are not asked: `rules` says by question when one is. Rules that go in a circle are followed round
 * once and left there, on the server alike.
 */
export function hidden(rules: ReadonlyMap<string, Rule>, answers: FieldsOf): ReadonlySet<string> {
  let before: ReadonlySet<string> = new Set();
  for (let round = 0; round <= rules.size; round += 1) {
    const unasked = before;
    const asked: FieldsOf = (name) => (unasked.has(name) ? [] : answers(name));
    const now = new Set([...rules].filter(([, rule]) => !holds(rule, asked)).map(([name]) => name));
    if (now.size === before.size && [...now].every((name) => unasked.has(name))) break;
    before = now;
  }
  return before;
}
