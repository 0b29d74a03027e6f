import { expect, it } from "vitest";
import { fr } from "../../src/i18n/fr";
import { hintOf, inputModeOf } from "../../src/view/hint";

it("a field says how to write where a hand may hesitate, and nothing where it may not", () => {
  expect(hintOf("date")).toBe("date");
  expect(hintOf("number")).toBe("number");
  expect(hintOf("prices")).toBe("words");
  expect(hintOf("text")).toBeUndefined();
  for (const kind of ["date", "number", "prices"] as const) {
    expect(fr[`grid.editor.${hintOf(kind) ?? "number"}`]).not.toBe("");
  }
});

it("a phone shows the keys of what is written", () => {
  expect(inputModeOf("number")).toBe("decimal");
  expect(inputModeOf("email")).toBe("email");
  expect(inputModeOf("code")).toBe("text");
});
