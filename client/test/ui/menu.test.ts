// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { openMenu } from "../../src/ui/menu";
import { press } from "../grid/support/typing";

let chosen: string[];
const active = () => document.activeElement as HTMLElement;
const open = () =>
  openMenu(
    "Menu",
    ["Copier", "Couper", "Vider"].map((words) => ({
      words,
      disabled: words === "Couper",
      run: () => chosen.push(words),
    })),
    { x: 0, y: 0 },
  );

beforeEach(() => {
  chosen = [];
  document.body.innerHTML = '<main><button id="from">x</button></main>';
  document.querySelector<HTMLElement>("#from")?.focus();
});

describe("a menu", () => {
  it("takes the focus, and gives it back before it does what was chosen", () => {
    open();
    expect(active().textContent).toBe("Copier");
    press(active(), "End");
    press(active(), "Enter");

    expect(chosen).toEqual(["Vider"]);
    expect(active().id).toBe("from");
    expect(document.querySelector("[role=menu]")).toBeNull();
  });

  it("goes by arrows, round its ends, and by first letters", () => {
    open();
    press(active(), "ArrowUp");
    expect(active().textContent).toBe("Vider");
    press(active(), "ArrowDown");
    expect(active().textContent).toBe("Copier");
    press(active(), "v");
    expect(active().textContent).toBe("Vider");
  });

  it("does nothing for what is not allowed, and nothing on Escape", () => {
    open();
    press(active(), "ArrowDown");
    press(active(), "Enter");
    expect(chosen).toEqual([]);
    press(active(), "Escape");
    expect(active().id).toBe("from");
  });

  it("closes when one presses elsewhere", () => {
    open();
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));

    expect(document.querySelector("[role=menu]")).toBeNull();
  });
});
