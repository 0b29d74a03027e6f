import type { Command } from "./command";

/** What became of a cell, who wrote it and when. No browser has a use for these keys; F2 next to it edits the cell. */
export const openHistory: Command = {
  name: "open-history",
  label: "grid.command.openHistory",
  section: "rows",
  keys: ["Shift+F2"],
  inMenu: true,
  isAllowed: ({ selection }) => selection.active !== null,
  run: (desk) => {
    const { active } = desk.selection;
    if (active === null) return false;
    desk.openHistory(active);
    return true;
  },
};
