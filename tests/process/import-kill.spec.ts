/** An import that a power cut stops goes on at the next start: never half, never twice, nobody's words lost. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { rowsOf } from "../browser/support/document.js";
import { type Engine, Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { ImportDoor } from "../support/importDoor.js";

/** Rows that the table has before, and rows that the second file brings. */
const KNOWN = 500;
const NEW = 1_500;
/** What the first file says of each row, and the second. */
const BEFORE = 12;
const AFTER = 14;
/** What somebody writes over it. */
const THEIRS = 99;

const folder = mkdtempSync(join(tmpdir(), "tablee-kill-import-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inventory(name: string, rows: number, people: number): string {
  const header = "Intitulé;Organisme;Type de formation;Effectif max;Page de la formation";
  const line = (at: number) => {
    const most = at < KNOWN ? people : BEFORE;
    return `Formation ${at};Organisme ${at % 40};formation courte;${most};https://exemple.org/f/${at}`;
  };
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...Array.from({ length: rows }, (_, at) => line(at))].join("\n")}\n`);
  return path;
}

/** The rows that are there, by their titles. */
const titled = (tab: Tab) =>
  new Map([...rowsOf(tab.doc)].map(([row, cells]) => [String(cells.get("intitule")), row]));

async function arrives(program: Program, cookie: string): Promise<Tab> {
  const tab = new Tab(program.url, cookie);
  await tab.ready();
  return tab;
}

/** How many of the known rows say already what the second file says. */
function followed(tab: Tab): number {
  return [...tab.rows.values()].filter((cells) => cells.get("effectif_max") === AFTER).length;
}

for (const engine of ["sqlite", "postgres"] as const satisfies readonly Engine[]) {
  test(`an import that is killed again and again comes to its end, on ${engine}`, async () => {
    test.setTimeout(300_000);
    const program = await Program.start({ engine, firstImport: null });
    const nour = await signIn(program, "Nour", "member");
    const door = await ImportDoor.opens(program, "Léa");
    const first = await door.gives(inventory("avant.csv", KNOWN, BEFORE));
    await door.applies(first.plan);
    const plan = await door.gives(inventory("apres.csv", KNOWN + NEW, AFTER));

    let tab = await arrives(program, nour);
    const ids = titled(tab);
    expect(ids.size).toBe(KNOWN);
    await door.begins(plan.plan);
    const resumed: boolean[] = [];
    const stops = [
      () => tab.rows.size > KNOWN,
      () => tab.rows.size > KNOWN + NEW / 2,
      () => followed(tab) > 0,
    ];
    for (const [round, holds] of stops.entries()) {
      await tab.until(() => holds() || tab.closed !== null);
      await program.kill();
      await program.startAgain();
      resumed.push(program.output.includes("an import is taken up again"));
      tab = await arrives(program, nour);
      // Somebody works on while it is written: one row that is not reached yet, perhaps, and one that came.
      const row = ids.get(`Formation ${KNOWN - 1 - round}`) ?? "";
      tab.rows.get(row)?.set("effectif_max", THEIRS);
      await tab.allSaved();
      expect(tab.closed).toBeNull();
    }
    await door.until(plan.plan, (state) => state === "applied");

    const after = await arrives(program, nour);
    const [there, cells] = [titled(after), rowsOf(after.doc)];
    expect([after.rows.size, there.size]).toEqual([KNOWN + NEW, KNOWN + NEW]);
    const odd = [...there].filter(([title, row]) => {
      const at = Number(title.split(" ")[1]);
      const said = cells.get(row)?.get("effectif_max");
      if (at >= KNOWN) return said !== BEFORE;
      return at > KNOWN - 1 - stops.length ? said !== THEIRS : said !== AFTER;
    });
    expect(odd).toEqual([]);
    expect(resumed.slice(0, 2), "killed in the middle").toEqual([true, true]);
    for (const [title, row] of ids) expect(there.get(title)).toBe(row);

    const undone = await undo(door);
    const left = await arrives(program, nour);
    const present = rowsOf(left.doc);
    expect([...present.keys()].sort(), undone).toEqual([...ids.values()].sort());
    const values = [...ids].map(([title, row]) => [title, present.get(row)?.get("effectif_max")] as const);
    const strange = values.filter(([title, said]) => {
      const theirs = Number(title.split(" ")[1]) > KNOWN - 1 - stops.length;
      return said !== (theirs ? THEIRS : BEFORE);
    });
    expect(strange).toEqual([]);

    console.log(JSON.stringify({ proof: "kill -9 in an import", engine, kills: stops.length, resumed }));
    for (const open of [tab, after, left]) open.leaves();
    await program.stop();
    expect(await program.command("verify")).toContain("formations");
    await program.end();
  });
}

/** Takes the last import back, by its page: asks, and says yes. */
async function undo(door: ImportDoor): Promise<string> {
  const { html } = await door.page("/import");
  const import_ = /name="import" value="(\d+)"/.exec(html)?.[1] ?? "";
  const asked = await door.form("/historique/retablir", { quoi: "import", import: import_ });
  const fields: Record<string, string> = {};
  const form = /<form class="choices"[\s\S]*?<\/form>/.exec(asked.html)?.[0] ?? "";
  for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    fields[name ?? ""] = value ?? "";
  }
  const done = await door.form("/historique/retablir", { ...fields, confirme: "oui" });
  return done.url;
}
