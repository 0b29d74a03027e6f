// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import type { Command, Desk, Spot } from "../../src/commands/command";
import { joinMenu } from "../../src/panels/manageColumn";
import type { Page } from "../../src/panels/page";

function pageOf(role: string): Page {
  const commands: Command[] = [];
  return { commands, live: { me: { role } } } as unknown as Page;
}

const deskAt = (at: Spot | null) => ({ selection: { at } }) as unknown as Desk;

it("leads a pilot from a header or a cell to the page of its column, once", () => {
  const page = pageOf("pilot");
  joinMenu(page);
  joinMenu(page);
  const went = vi.spyOn(window.location, "assign").mockImplementation(() => {});

  const [command] = page.commands;
  expect(page.commands).toHaveLength(1);
  expect(command?.isAllowed(deskAt(null))).toBe(false);
  expect(command?.isAllowed(deskAt({ row: null, column: "contenu" }))).toBe(true);
  command?.run(deskAt({ row: null, column: "contenu" }));
  expect(went).toHaveBeenCalledWith("/reglages/colonnes#colonne-contenu");
});

it("is nothing for members", () => {
  const page = pageOf("member");
  joinMenu(page);

  expect(page.commands).toEqual([]);
});
