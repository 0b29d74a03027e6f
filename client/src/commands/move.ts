import type { Key } from "../i18n/t";
import { always, type Command, type Direction, type Section, type Step } from "./command";

function move(name: string, label: Key, keys: readonly string[], step: Step, extend = false): Command {
  const section: Section = extend ? "select" : "move";
  return { name, label, section, keys, isAllowed: always, run: (desk) => desk.go(step, extend) };
}

const ARROWS: readonly (readonly [Direction, string])[] = [
  ["up", "ArrowUp"],
  ["down", "ArrowDown"],
  ["left", "ArrowLeft"],
  ["right", "ArrowRight"],
];

function arrows(prefix: string, label: Key, chord: string, by: "cell" | "edge", extend = false): Command[] {
  return ARROWS.map(([direction, key]) =>
    move(`${prefix}-${direction}`, label, [chord + key], { by, direction }, extend),
  );
}

/** All ways to go from one cell to another. */
export const moves: readonly Command[] = [
  ...arrows("go", "grid.command.go", "", "cell"),
  ...arrows("go-edge", "grid.command.goEdge", "Mod+", "edge"),
  move("go-next", "grid.command.goNext", ["Tab"], { by: "tab", direction: "right" }),
  move("go-previous", "grid.command.goPrevious", ["Shift+Tab"], { by: "tab", direction: "left" }),
  move("go-row-start", "grid.command.goRowStart", ["Home"], { by: "row-end", direction: "left" }),
  move("go-row-end", "grid.command.goRowEnd", ["End"], { by: "row-end", direction: "right" }),
  move("go-table-start", "grid.command.goTableStart", ["Mod+Home"], { by: "table-end", direction: "left" }),
  move("go-table-end", "grid.command.goTableEnd", ["Mod+End"], { by: "table-end", direction: "right" }),
  move("go-page-up", "grid.command.goPage", ["PageUp"], { by: "page", direction: "up" }),
  move("go-page-down", "grid.command.goPage", ["PageDown"], { by: "page", direction: "down" }),
];

/** The same moves with Shift, which take the cells on the way into the selection; and whole lines. */
export const selects: readonly Command[] = [
  ...arrows("extend", "grid.command.extend", "Shift+", "cell", true),
  ...arrows("extend-edge", "grid.command.extendEdge", "Mod+Shift+", "edge", true),
  move(
    "extend-row-start",
    "grid.command.extendEnd",
    ["Shift+Home"],
    { by: "row-end", direction: "left" },
    true,
  ),
  move(
    "extend-row-end",
    "grid.command.extendEnd",
    ["Shift+End"],
    { by: "row-end", direction: "right" },
    true,
  ),
  move(
    "extend-table-start",
    "grid.command.extendTable",
    ["Mod+Shift+Home"],
    { by: "table-end", direction: "left" },
    true,
  ),
  move(
    "extend-table-end",
    "grid.command.extendTable",
    ["Mod+Shift+End"],
    { by: "table-end", direction: "right" },
    true,
  ),
  move("extend-page-up", "grid.command.extendPage", ["Shift+PageUp"], { by: "page", direction: "up" }, true),
  move(
    "extend-page-down",
    "grid.command.extendPage",
    ["Shift+PageDown"],
    { by: "page", direction: "down" },
    true,
  ),
  whole("select-all", "grid.command.selectAll", ["Mod+A"], "all"),
  whole("select-column", "grid.command.selectColumn", ["Mod+Space"], "columns"),
  whole("select-row", "grid.command.selectRow", ["Shift+Space"], "rows"),
];

function whole(name: string, label: Key, keys: readonly string[], what: "all" | "rows" | "columns"): Command {
  return {
    name,
    label,
    section: "select",
    keys,
    isAllowed: always,
    run: (desk) => {
      desk.selectWhole(what);
      return true;
    },
  };
}
