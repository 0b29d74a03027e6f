// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { hearWhenNowhere } from "../../src/grid/nowhere";
import { Owner } from "../../src/lib/owner";
import { press } from "./support/typing";

let owner: Owner;
let heard: string[];

beforeEach(() => {
  owner = new Owner();
  heard = [];
  document.body.innerHTML = '<input id="search"><div id="cell" tabindex="-1"></div>';
  const cell = document.getElementById("cell") as HTMLElement;
  cell.addEventListener("keydown", ({ key }) => heard.push(key));
  hearWhenNowhere({ focus: () => cell.focus() }, owner);
});
afterEach(() => owner.end());

it("a key of the grid pressed where nothing has the focus goes to the grid", () => {
  press(document.body, "f", { ctrlKey: true });

  expect(heard).toEqual(["f"]);
  expect(document.activeElement?.id).toBe("cell");
});

it.each(["Tab", "Escape", "a", " "])("%j stays the page's own there", (key) => {
  press(document.body, key);

  expect(heard).toEqual([]);
});

it("a key pressed in another field stays there", () => {
  press(document.getElementById("search") as HTMLElement, "ArrowDown");

  expect(heard).toEqual([]);
});
