/**
 * Updates by chance through the real socket, for each role: what is forbidden does not change, what is taken in
 * has a shape of this table, and whoever comes next can read it.
 *
 * `TABLEE_MUTANTS` says how many for each role; `TABLEE_SEED` lives a run again.
 */

import { expect, test } from "@playwright/test";
import * as Y from "yjs";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { chance } from "../soak/plan.js";
import { syncFrame } from "../support/forge.js";
import { assembled, type Dice, fallen, honest, tempted } from "../support/mutants.js";
import { guardedFrom, misshapen } from "../support/shapes.js";

const MUTANTS = Number(process.env.TABLEE_MUTANTS ?? 250);
/** For each program: people have so many writers a day, and a table that is full of noise gets slow. */
const AT_ONE_TABLE = 1_500;

const ROLES = [
  { role: "member", as: "member", edit: "all" },
  { role: "member of own rows", as: "member", edit: "own" },
  { role: "pilot", as: "pilot", edit: "all" },
] as const;

interface Figures {
  mutants: number;
  refused: number;
  taken: number;
  changed: number;
  exits: number;
}

async function enter(program: Program, cookie: string): Promise<Tab> {
  const tab = new Tab(program.url, cookie);
  await tab.ready();
  return tab;
}

function makeRow(tab: Tab, id: string, order: string): void {
  tab.doc.transact(() => {
    const row = new Y.Map<unknown>();
    tab.rows.set(id, row);
    row.set("~order", order);
    row.set("intitule", new Y.Text(`Offre ${id}`));
    row.set("niveau", "initiation");
    row.set("lieux/a", { lieu: "Lyon" });
  });
}

function mutant(dice: Dice, doc: Y.Doc, me: number, writable: readonly string[]): Uint8Array {
  switch (dice(8)) {
    case 0:
      return honest(dice, doc, writable);
    case 1:
    case 2:
      return fallen(dice, honest(dice, doc, writable));
    case 3:
    case 4:
      return tempted(dice, doc, writable);
    case 5:
      return fallen(dice, tempted(dice, doc, writable));
    default:
      return assembled(dice, doc, me);
  }
}

/** One table and so many mutants by one attacker. */
async function storm(
  { role, as, edit }: (typeof ROLES)[number],
  mutants: number,
  dice: Dice,
  figures: Figures,
): Promise<void> {
  const program = await Program.start({ firstImport: null, env: { TABLEE_MEMBERS_EDIT: edit } });
  try {
    const observer = await enter(program, await signIn(program, "Léa", "pilot"));
    for (const [at, name] of ["rowa", "rowb", "rowbin"].entries()) makeRow(observer, name, `a${at}`);
    observer.rows.get("rowbin")?.set("~deleted", { at: 1 });
    await observer.allSaved();
    const cookie = await signIn(program, "Mallory", as);
    let tab = await enter(program, cookie);
    makeRow(tab, "rowown", "a5");
    await tab.allSaved();
    await observer.until(() => observer.rows.has("rowown"));
    await observer.roundTrip();
    const pid = program.pid;
    const guarded = guardedFrom(role, observer.doc);
    const before = guarded(observer.doc);
    const writable = edit === "own" ? ["rowown"] : ["rowa", "rowb", "rowown"];
    let told = 0;
    observer.doc.on("update", () => {
      told += 1;
    });

    for (let n = 0; n < mutants; n += 1) {
      if (tab.closed !== null) {
        figures.refused += 1;
        tab = await enter(program, cookie);
      }
      const me = tab.hello?.writer ?? 0;
      const doc = new Y.Doc();
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(observer.doc));
      doc.clientID = me;
      const bytes = mutant(dice, doc, me, writable);
      const heard = told;
      tab.sendRaw(syncFrame(bytes, dice(10) === 0 ? 1 : 2));
      await tab.roundTrip();
      await observer.roundTrip();
      figures.mutants += 1;
      if (told === heard) continue;
      figures.taken += 1;
      const fresh = await enter(program, cookie);
      expect(fresh.rows.toJSON(), "whoever comes next reads what everybody sees").toEqual(
        observer.rows.toJSON(),
      );
      fresh.leaves();
    }
    tab.leaves();

    const after = guarded(observer.doc);
    if (after !== before) figures.changed += 1;
    expect(after, "what is forbidden").toBe(before);
    expect(misshapen(observer.doc)).toEqual([]);
    if (program.pid !== pid || observer.closed !== null) figures.exits += 1;
    expect(observer.closed).toBeNull();
    expect(program.pid).toBe(pid);
    observer.leaves();
    await program.stop();
    expect(await program.command("verify")).toMatch(/^formations: ok/m);
  } finally {
    await program.end();
  }
}

for (const one of ROLES) {
  test(`random mutants of honest updates change no forbidden cell and end nothing: ${one.role}`, async () => {
    test.setTimeout(60_000 + MUTANTS * 300);
    const seed = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed}`);
    const figures: Figures = { mutants: 0, refused: 0, taken: 0, changed: 0, exits: 0 };

    for (let table = 0; figures.mutants < MUTANTS; table += 1) {
      const left = Math.min(AT_ONE_TABLE, MUTANTS - figures.mutants);
      await storm(one, left, chance(seed + table), figures);
    }

    console.log(JSON.stringify({ proof: "hostile mutants", role: one.role, ...figures }));
    expect(figures.refused).toBeGreaterThan(MUTANTS / 10);
    expect(figures.taken, "a run in which nothing is taken in proves little").toBeGreaterThan(MUTANTS / 20);
  });
}
