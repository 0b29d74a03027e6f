import { always, type Command } from "./command";

export const openRow: Command = {
  name: "open-row",
  label: "grid.command.openRow",
  section: "rows",
  keys: ["Space"],
  inMenu: true,
  isAllowed: ({ selection }) => selection.active !== null,
  run: (desk) => {
    const row = desk.selection.active?.row;
    if (row === undefined) return false;
    desk.openRow(row);
    return true;
  },
};

export const addRow: Command = {
  name: "add-row",
  label: "grid.command.addRow",
  section: "rows",
  keys: ["Mod+Alt+=", "Mod+Alt++"],
  inMenu: true,
  isAllowed: always,
  run: (desk) => {
    const { table } = desk;
    table.endStep();
    const row = table.addRow(desk.selection.active?.row ?? null);
    table.endStep();
    desk.goTo(row, table.columns()[0]?.id);
    desk.say(desk.t("grid.said.rowAdded"));
    return true;
  },
};

export const binRows: Command = {
  name: "bin-rows",
  label: "grid.command.binRows",
  section: "rows",
  keys: ["Mod+Delete", "Mod+Backspace"],
  inMenu: true,
  isAllowed: ({ selection, table }) => selection.rows().some((row) => table.mayBin(row)),
  run: async (desk) => {
    const chosen = desk.selection.rows();
    const rows = chosen.filter((row) => desk.table.mayBin(row));
    if (rows.length > 1) {
      const question = desk.t("grid.ask.bin", { n: rows.length });
      if (!(await desk.confirm(question, desk.t("grid.command.binRows")))) return;
    }
    desk.table.endStep();
    desk.table.setBinned(rows, true);
    desk.table.endStep();
    const words = [desk.t("grid.said.binned", { n: rows.length })];
    const kept = chosen.length - rows.length;
    if (kept > 0) words.push(desk.t("grid.said.rowsRefused", { n: kept }));
    // To the eye too: the row is gone from under it.
    desk.notice(words.join(" "));
  },
};
