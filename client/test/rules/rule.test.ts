import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hidden, holds, parse, type Rule } from "../../src/rules/rule";

type Fields = Readonly<Record<string, readonly string[]>>;

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/rules/${name}`, import.meta.url), "utf8"));

const answers = (fields: Fields) => (name: string) =>
  Object.hasOwn(fields, name) ? (fields[name] ?? []) : [];

const rule = (value: unknown): Rule => {
  const parsed = parse(value);
  if (parsed === null) throw new Error(`no rule: ${JSON.stringify(value)}`);
  return parsed;
};

interface Holds {
  readonly name: string;
  readonly rule: unknown;
  readonly fields: Fields;
  readonly holds: boolean;
}

interface Hidden {
  readonly name: string;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly fields: Fields;
  readonly hidden: readonly string[];
}

describe("the rules of questions", () => {
  it("hold where the vectors say so, and so where the server says so", () => {
    const cases = fixture<Holds[]>("holds.json");

    const wrong = cases.filter((it) => holds(rule(it.rule), answers(it.fields)) !== it.holds);

    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it("hide the questions of the vectors", () => {
    const cases = fixture<Hidden[]>("hidden.json");

    for (const it of cases) {
      const rules = new Map(Object.entries(it.rules).map(([name, value]) => [name, rule(value)]));
      expect([...hidden(rules, answers(it.fields))].sort(), it.name).toEqual(it.hidden);
    }
    expect(cases.length + fixture<unknown[]>("holds.json").length).toBeGreaterThanOrEqual(60);
  });

  it("are taken for what they are", () => {
    for (const value of fixture<unknown[]>("no-rules.json")) expect(parse(value)).toBeNull();
    const { asked, needed } = fixture<Record<string, Record<string, unknown>>>("formations.json");
    for (const value of [...Object.values(asked ?? {}), ...Object.values(needed ?? {})])
      expect(parse(value)).toEqual(value);
  });
});
