import type { Command } from "../commands/command";
import type { Page } from "./page";

/** The page where pilots work at columns, at one of them. */
const address = (column: string): string => `/reglages/colonnes#colonne-${column}`;

/** Leads pilots from a cell or a header to the page of its column. It joins the menu once the table stands. */
export function joinMenu(page: Page): void {
  if (page.commands.length > 0) return;
  const manageColumn: Command = {
    name: "manage-column",
    label: "grid.command.manageColumn",
    section: "view",
    keys: [],
    inMenu: true,
    isAllowed: ({ selection }) => selection.at !== null && mayManage(page),
    run: ({ selection }) => {
      if (selection.at === null) return false;
      location.assign(address(selection.at.column));
      return true;
    },
  };
  if (mayManage(page)) page.commands.push(manageColumn);
}

const mayManage = ({ live }: Page): boolean => live.me !== null && live.me.role !== "member";
