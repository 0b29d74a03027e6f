import { describe, expect, it } from "vitest";
import { meaning, nextStop, type Pressed } from "../../src/desk/keys";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...more,
});

describe("the keys of the desk", () => {
  it("decide while the focus is in no field", () => {
    expect(meaning(press("a"), "page", true)).toEqual({ does: "press", key: "a" });
    expect(meaning(press("A"), "control", true)).toEqual({ does: "press", key: "a" });
    expect(meaning(press("j"), "page", true)).toEqual({ does: "step", by: 1 });
    expect(meaning(press("k"), "control", true)).toEqual({ does: "step", by: -1 });
  });

  it("are letters in a field, which Escape leaves", () => {
    for (const key of ["a", "r", "e", "j", "k", "q", "d", "u", "Enter"]) {
      expect(meaning(press(key), "field", true), key).toBeNull();
    }
    expect(meaning(press("Escape"), "field", true)).toEqual({ does: "leave" });
  });

  it("can be switched off, all but those that are no letters", () => {
    for (const key of ["a", "r", "e", "j", "k", "q", "d"]) {
      expect(meaning(press(key), "page", false), key).toBeNull();
    }
    expect(meaning(press("F1"), "field", false)).toEqual({ does: "help" });
    expect(meaning(press("Enter"), "page", false)).toEqual({ does: "press", key: "Enter" });
  });

  it("leave to the browser what is the browser's", () => {
    expect(meaning(press("a", { ctrlKey: true }), "page", true)).toBeNull();
    expect(meaning(press("d", { altKey: true }), "page", true)).toBeNull();
    expect(meaning(press("a", { isComposing: true }), "page", true)).toBeNull();
    expect(meaning(press("Enter"), "control", true)).toBeNull();
    expect(meaning(press("x"), "page", true)).toBeNull();
  });

  it("walk from one stop to the next and stay at the ends", () => {
    expect([nextStop(3, -1, 1), nextStop(3, -1, -1)]).toEqual([0, 2]);
    expect([nextStop(3, 2, 1), nextStop(3, 0, -1), nextStop(3, 1, -1)]).toEqual([2, 0, 0]);
    expect(nextStop(0, -1, 1)).toBe(-1);
  });
});
