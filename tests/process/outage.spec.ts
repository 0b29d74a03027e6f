/** A database server that stops under load: nobody is told "saved" in vain, and all goes on when it is back. */

import { expect, test } from "@playwright/test";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { chance } from "../soak/plan.js";
import { Crowd, comesToPass, itemsOf } from "../support/crowd.js";
import { PostgresServer } from "../support/postgresServer.js";

const ROUNDS = Number(process.env.TABLEE_OUTAGE_ROUNDS ?? 2);
const SEED = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
const HANDS = 8;
/** Edits that must be saved before it stops, and again once it is back. */
const SOME = 150;

test("a PostgreSQL that stops under load and comes back: no false saved, and all heals", async () => {
  test.setTimeout(60_000 + ROUNDS * 60_000);
  const database = await PostgresServer.start();
  const program = await Program.start({ env: { TABLEE_DATABASE_URL: database.url } });
  try {
    const cookies = [await signIn(program, "Nour", "member"), await signIn(program, "Léa", "pilot")];
    const { pid } = program;
    for (let round = 0; round < ROUNDS; round += 1) {
      const crowd = new Crowd(program, cookies, HANDS, chance(SEED + round));
      await comesToPass(() => crowd.saved > SOME, "edits are saved");

      await database.stop(round % 2 === 0 ? "immediate" : "fast");
      const savedWhenStopped = crowd.saved;
      await comesToPass(() => crowd.allClosings >= HANDS, "the room closes");
      expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
      const savedInVain = crowd.saved - savedWhenStopped;
      await database.startAgain();
      const before = crowd.saved;
      await comesToPass(() => crowd.saved > before + SOME, "edits are saved again", 60_000);
      await crowd.rests();

      const after = new Tab(program.url, cookies[0] ?? "");
      await after.ready();
      const there = itemsOf(after);
      after.leaves();
      expect([...crowd.promised].filter((name) => !there.has(name))).toEqual([]);
      expect(program.pid).toBe(pid);
      const { saved, seen, unknown } = crowd;
      const closings = Object.fromEntries(crowd.closings);
      const said = {
        proof: "database outage",
        round,
        saved_while_stopped: savedInVain,
        saved,
        seen,
        unknown,
        lost: 0,
      };
      console.log(JSON.stringify({ ...said, closings }));
      expect(unknown, "a run in which every edit was answered proves little").toBeGreaterThan(0);
    }
    await program.stop();
    expect(await program.command("verify")).toMatch(/^formations: ok/m);
  } finally {
    await program.end();
    await database.end();
  }
});
