import type { Command } from "./command";

// Undo and redo stay allowed when there is nothing left: the key then says so instead of doing something else.

export const undo: Command = {
  name: "undo",
  label: "grid.command.undo",
  section: "edit",
  keys: ["Mod+Z"],
  isAllowed: () => true,
  run: (desk) => {
    if (!desk.undo()) desk.say(desk.t("grid.said.nothingToUndo"));
    return true;
  },
};

export const redo: Command = {
  name: "redo",
  label: "grid.command.redo",
  section: "edit",
  keys: ["Mod+Y", "Mod+Shift+Z"],
  isAllowed: () => true,
  run: (desk) => {
    if (!desk.redo()) desk.say(desk.t("grid.said.nothingToRedo"));
    return true;
  },
};
