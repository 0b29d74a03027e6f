import { always, type Command } from "./command";

const ask = (
  parts: Pick<Command, "name" | "label" | "section" | "keys">,
  run: (desk: Parameters<Command["run"]>[0]) => void,
): Command => ({
  ...parts,
  isAllowed: always,
  run: (desk) => {
    run(desk);
    return true;
  },
});

export const openMenu = ask(
  { name: "open-menu", label: "grid.command.openMenu", section: "help", keys: ["Shift+F10", "ContextMenu"] },
  (desk) => desk.openMenu(),
);

export const openHelp = ask(
  { name: "open-help", label: "grid.command.openHelp", section: "help", keys: ["Mod+/", "F1"] },
  (desk) => desk.openHelp(),
);

export const openSearch: Command = {
  name: "open-search",
  label: "grid.command.openSearch",
  section: "view",
  keys: ["Mod+F"],
  isAllowed: always,
  run: (desk) => desk.openSearch(),
};

export const giveUp = ask(
  { name: "escape", label: "grid.command.escape", section: "help", keys: ["Escape"] },
  (desk) => desk.escape(),
);

export const leave = ask(
  { name: "leave", label: "grid.command.leave", section: "help", keys: ["F6"] },
  (desk) => desk.leave("forward"),
);

export const leaveBack = ask(
  { name: "leave-back", label: "grid.command.leaveBack", section: "help", keys: ["Shift+F6"] },
  (desk) => desk.leave("backward"),
);
