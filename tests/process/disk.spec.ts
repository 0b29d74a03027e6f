/** A disk that is full or fails: nobody is told "saved" in vain, reads go on, and all heals without a hand. */

import { expect, test } from "@playwright/test";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { chance } from "../soak/plan.js";
import { Crowd, comesToPass, itemsOf } from "../support/crowd.js";
import { Failing, type Fault } from "../support/failing.js";
import { SmallDisk } from "../support/smallDisk.js";

const ROUNDS = Number(process.env.TABLEE_DISK_ROUNDS ?? 2);
const HANDS = 8;
const SEED = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
/** Edits that must be saved before something fails, and again once it works. */
const SOME = 150;

const people = async (program: Program) => [
  await signIn(program, "Nour", "member"),
  await signIn(program, "Léa", "pilot"),
  await signIn(program, "Sacha", "member"),
];

/** A page that everybody reads, and the health of the process, while nothing can be written. */
async function readsGoOn(program: Program): Promise<void> {
  const page = await fetch(program.url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("formations/");
  expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
}

/** All that was ever promised is there after a power cut. */
async function keepsItsWord(program: Program, cookie: string, crowd: Crowd): Promise<void> {
  await program.kill();
  await program.startAgain();
  const after = new Tab(program.url, cookie);
  await after.ready();
  const there = itemsOf(after);
  expect([...crowd.promised].filter((name) => !there.has(name))).toEqual([]);
  after.leaves();
}

function figures(proof: string, crowd: Crowd, more: object): string {
  const { saved, seen, unknown, closings } = crowd;
  return JSON.stringify({
    proof,
    ...more,
    saved,
    seen,
    unknown,
    lost: 0,
    closings: Object.fromEntries(closings),
  });
}

test("a disk that fills up while people edit: no false saved, reads go on, and all goes on when there is space", async () => {
  test.setTimeout(60_000 + ROUNDS * 60_000);
  let disk: SmallDisk | null = null;
  const program = await Program.start({
    within: async (folder) => {
      disk = await SmallDisk.over(folder, 24);
      return disk.within;
    },
  });
  const small = disk as SmallDisk | null;
  if (small === null) throw new Error("no disk");
  try {
    const cookies = await people(program);
    for (let round = 0; round < ROUNDS; round += 1) {
      const pid = program.pid;
      const crowd = new Crowd(program, cookies, HANDS, chance(SEED + round));
      await comesToPass(() => crowd.saved > SOME, "edits are saved");

      small.fill();
      await comesToPass(() => (crowd.closings.get(4500) ?? 0) >= HANDS, "the room closes");
      const savedWhenFull = crowd.saved;
      await readsGoOn(program);
      await comesToPass(() => crowd.allClosings >= 3 * HANDS, "people come back and are sent away again");
      const savedInVain = crowd.saved - savedWhenFull;
      small.empty();
      const before = crowd.saved;
      await comesToPass(() => crowd.saved > before + SOME, "edits are saved again");
      await crowd.rests();

      expect(program.pid).toBe(pid);
      await keepsItsWord(program, cookies[0] ?? "", crowd);
      console.log(figures("disk full", crowd, { round, saved_while_full: savedInVain }));
      expect(crowd.unknown, "a run in which every edit was answered proves little").toBeGreaterThan(0);
    }
    await program.stop();
    expect(await program.command("verify")).toMatch(/^formations: ok/m);
  } finally {
    await program.end();
    small.remove();
  }
});

const FAULTS: readonly Fault[] = [
  { calls: "fsync,fdatasync", error: "EIO", from: 1 },
  { calls: "fsync,fdatasync", error: "EIO", from: 4 },
  { calls: "pwrite64", error: "ENOSPC", from: 1 },
  { calls: "pwrite64", error: "EIO", from: 2 },
  { calls: "pwrite64", error: "ENOSPC", from: 7 },
];

for (const fault of FAULTS) {
  test(`${fault.calls} fails with ${fault.error} from call ${fault.from} on: no false saved, and all heals`, async () => {
    test.setTimeout(120_000);
    const program = await Program.start();
    try {
      const cookies = await people(program);
      const { pid } = program;
      const crowd = new Crowd(program, cookies, HANDS, chance(SEED));
      await comesToPass(() => crowd.saved > SOME, "edits are saved");

      const failing = await Failing.in(pid, fault);
      await comesToPass(() => (crowd.closings.get(4500) ?? 0) >= HANDS, "the room closes");
      await readsGoOn(program);
      await failing.ends();
      const before = crowd.saved;
      await comesToPass(() => crowd.saved > before + SOME, "edits are saved again");
      await crowd.rests();

      expect(program.pid).toBe(pid);
      await keepsItsWord(program, cookies[0] ?? "", crowd);
      console.log(figures("failing calls", crowd, fault));
      expect(crowd.unknown).toBeGreaterThan(0);
      await program.stop();
      expect(await program.command("verify")).toMatch(/^formations: ok/m);
    } finally {
      await program.end();
    }
  });
}
