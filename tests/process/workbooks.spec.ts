/** Files that hurt readers, through the real command: one clear line, exit 2, and the server never noticed. */

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import * as Y from "yjs";
import { Program, root } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";

const folder = join(root, "fixtures/workbooks");
const refused = readdirSync(join(folder, "refused")).filter((name) => !name.endsWith(".json"));
const good = readdirSync(join(folder, "good")).filter((name) => !name.endsWith(".json"));
const sentences = JSON.parse(readFileSync(join(folder, "refused/sentences.json"), "utf8")) as Record<
  string,
  string
>;

/** A child that takes longer is killed: a file that gets so far was not refused by what is in it. */
const QUICK_MS = 30_000;

let program: Program;
let tab: Tab;

test.beforeAll(async () => {
  program = await Program.start({ firstImport: null });
  tab = new Tab(program.url, await signIn(program, "Léa", "pilot"));
  await tab.ready();
  tab.doc.transact(() => {
    const row = new Y.Map<unknown>();
    tab.rows.set("rowa", row);
    row.set("~order", "a");
  });
  await tab.allSaved();
});
test.afterAll(async () => {
  tab?.leaves();
  await program?.end();
});

/** Somebody goes on working: an edit is saved by the same process as before. */
async function serves(pid: number, value: number): Promise<void> {
  tab.rows.get("rowa")?.set("duree_heures", value);
  await tab.allSaved();
  expect(tab.closed).toBeNull();
  expect(program.pid).toBe(pid);
  expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
}

test("there is a sentence for each refused file, and a file for each sentence", () => {
  expect([...refused].sort()).toEqual(Object.keys(sentences).sort());
  expect(refused.length).toBeGreaterThan(30);
});

for (const [at, name] of refused.entries()) {
  test(`refused in one line: ${name}`, async () => {
    const pid = program.pid;
    const began = performance.now();

    const outcome = program.fails("import", join(folder, "refused", name));
    await serves(pid, at);
    const failure = await outcome;

    expect(failure).toEqual({ code: 2, stdout: "", stderr: `tablee: ${sentences[name]}\n` });
    expect(performance.now() - began).toBeLessThan(QUICK_MS);
    await serves(pid, at + 0.5);
  });
}

test("a file of 100 MiB and one that is not there are refused before anything reads them", async () => {
  const large = join(program.folder, "enorme.xlsx");
  // Sparse: it takes no room on the disk.
  writeFileSync(large, "");
  const { truncate } = await import("node:fs/promises");
  await truncate(large, 100 * 1024 * 1024);
  expect(statSync(large).size).toBe(100 * 1024 * 1024);

  for (const path of [large, join(program.folder, "absent.xlsx"), program.folder]) {
    const failure = await program.fails("import", path);
    expect(failure).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/^tablee: [^\n]+\n$/) });
  }
  rmSync(large);
  await serves(program.pid, 1_000);
});

test("what is only unusual is read: each good file gives a plan, beside the running server", async () => {
  for (const [at, name] of good.entries()) {
    const plan = JSON.parse(await program.command("import", join(folder, "good", name), "--json")) as object;
    expect(plan, name).toMatchObject({ changed: 0, batch: null });
    await serves(program.pid, 2_000 + at);
  }
});
