/** Takes the picture of the README: two people in the table of the demonstration. */

import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { cell } from "../browser/support/grid.js";
import { Person } from "../browser/support/people.js";
import { Program, root } from "../browser/support/program.js";

test.setTimeout(60_000);

test("two people in the table", async ({ browser }) => {
  const program = await Program.start();
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  const nour = await Person.signsIn(browser, program, "Nour", "member");
  await Promise.all([lea.opensTheTable(program), nour.opensTheTable(program)]);
  await cell(nour.page, 5, "Organisme de formation").click();
  await cell(lea.page, 9, "Intitulé").dblclick();
  await lea.page.keyboard.press("End");
  await lea.page.keyboard.type(" (niveau 1)");
  await expect(lea.page.locator(".peer-tag").first()).toContainText("Nour");
  await expect(lea.page.getByText("Enregistré", { exact: true })).toBeVisible();
  await lea.page.screenshot({ path: join(root, "docs/table.png") });
  await program.end();
});
