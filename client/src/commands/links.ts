import { webAddress } from "../view/address";
import type { Command, Desk } from "./command";

/** Opens the web address of a cell in another tab, which learns nothing of this one. */
export const openLink: Command = {
  name: "open-link",
  label: "grid.command.openLink",
  section: "rows",
  keys: ["Alt+Enter"],
  inMenu: true,
  isAllowed: (desk) => addressOf(desk) !== null,
  run: (desk) => {
    const address = addressOf(desk);
    if (address === null) return false;
    window.open(address, "_blank", "noopener,noreferrer");
    return true;
  },
};

function addressOf({ selection, table }: Desk): string | null {
  const { active } = selection;
  if (active === null || table.column(active.column)?.kind !== "url") return null;
  const { value } = table.cell(active.row, active.column);
  return typeof value === "string" ? webAddress(value) : null;
}
