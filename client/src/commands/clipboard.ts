import { type Command, mayWriteSome } from "./command";

const hasCells: Command["isAllowed"] = ({ selection }) => selection.active !== null;

// The browser turns the keys into `copy`, `cut` and `paste` events, which the grid hears: from a key these commands
// do nothing but let it. They are run by menus and buttons.
const fromKeys = "browser" as const;

export const copy: Command = {
  name: "copy",
  label: "grid.command.copy",
  section: "clipboard",
  keys: ["Mod+C"],
  heard: fromKeys,
  inMenu: true,
  isAllowed: hasCells,
  run: (desk) => {
    desk.copy("copy");
    return true;
  },
};

export const cut: Command = {
  name: "cut",
  label: "grid.command.cut",
  section: "clipboard",
  keys: ["Mod+X"],
  heard: fromKeys,
  inMenu: true,
  isAllowed: hasCells,
  run: (desk) => {
    desk.copy("cut");
    return true;
  },
};

export const paste: Command = {
  name: "paste",
  label: "grid.command.paste",
  section: "clipboard",
  keys: ["Mod+V", "Mod+Shift+V"],
  heard: fromKeys,
  inMenu: true,
  isAllowed: mayWriteSome,
  run: (desk) => desk.paste(),
};
