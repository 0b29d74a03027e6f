import { expect, it } from "vitest";
import { typesetFrench } from "../../src/lib/typeset";

it("a line never begins with French punctuation, and apostrophes are curved", () => {
  expect(typesetFrench("« Qui ? » : l'eau ; 10:30")).toBe(
    "«\u00a0Qui\u202f?\u00a0»\u00a0: l’eau\u202f; 10:30",
  );
});
