/** An edit that was "saved", or that somebody saw, is there after a power cut. */

import { expect, test } from "@playwright/test";
import { type Engine, Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";

const ROUNDS = Number(process.env.TABLEE_KILL_ROUNDS ?? 10);
const TABS = 10;
const COLUMN = "lieux";

/** A small generator of chance whose seed is printed, so that a bad afternoon can be lived again. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** All items of the column, as `row/item`. */
function itemsOf(tab: Tab): Set<string> {
  const items = new Set<string>();
  for (const [row, cells] of tab.rows.entries()) {
    for (const key of cells.keys()) {
      if (key.startsWith(`${COLUMN}/`)) items.add(`${row}/${key.slice(COLUMN.length + 1)}`);
    }
  }
  return items;
}

for (const engine of ["sqlite", "postgres"] as const satisfies readonly Engine[]) {
  test(`what was saved or seen survives ${ROUNDS} kills under load, on ${engine}`, async () => {
    test.setTimeout(600_000 + ROUNDS * 10_000);
    const seed = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed}`);
    const random = chance(seed);
    const program = await Program.start({ engine });
    const cookies = [
      await signIn(program, "Nour", "member"),
      await signIn(program, "Léa", "pilot"),
      await signIn(program, "Sacha", "member"),
    ];
    const promised = new Set<string>();
    let savedInAll = 0;
    let seenInAll = 0;
    let unknown = 0;

    for (let round = 0; round < ROUNDS; round += 1) {
      const tabs = Array.from({ length: TABS }, (_, at) => new Tab(program.url, cookies[at % 3] ?? ""));
      await Promise.all(tabs.map((tab) => tab.ready()));
      const rows = [...(tabs[0]?.rows.keys() ?? [])].sort();
      const written = tabs.map(() => [] as { name: string; frame: number }[]);
      const seen = new Set<string>();
      const observers = tabs.map((tab, at) => {
        const before = itemsOf(tab);
        tab.rows.observeDeep((events, transaction) => {
          if (transaction.origin !== tab) return;
          for (const event of events) {
            const row = event.path[0];
            for (const key of event.keys.keys()) {
              const name = `${row}/${key.slice(COLUMN.length + 1)}`;
              if (key.startsWith(`${COLUMN}/`) && !before.has(name)) seen.add(name);
            }
          }
        });
        return at;
      });
      let alive = true;
      const hands = observers.map(async (at) => {
        const tab = tabs[at];
        if (tab === undefined) return;
        for (let n = 0; alive && tab.closed === null; n += 1) {
          const row = rows[Math.floor(random() * rows.length)] ?? "";
          const item = `k${round}t${at}n${n}`;
          tab.rows.get(row)?.set(`${COLUMN}/${item}`, { lieu: `Lieu ${item}` });
          written[at]?.push({ name: `${row}/${item}`, frame: tab.sent });
          await new Promise((resolve) => setTimeout(resolve, random() * 4));
        }
      });

      const some = 20 + Math.floor(random() * 300);
      await tabs[0]?.until(() => seen.size > some || tabs[0]?.closed !== null);
      await program.kill();
      alive = false;
      await Promise.all(hands);
      await Promise.all(tabs.map((tab) => tab.until(() => tab.closed !== null)));
      for (const [at, tab] of tabs.entries()) {
        for (const { name, frame } of written[at] ?? []) {
          if (frame <= tab.saved) {
            promised.add(name);
            savedInAll += 1;
          } else {
            unknown += 1;
          }
        }
      }
      for (const name of seen) promised.add(name);
      seenInAll += seen.size;

      await program.startAgain();
      const after = new Tab(program.url, cookies[0] ?? "");
      await after.ready();
      const there = itemsOf(after);
      const lost = [...promised].filter((name) => !there.has(name));
      expect(lost, `round ${round}, seed ${seed}`).toEqual([]);
      after.leaves();
    }

    const counts = { kills: ROUNDS, saved: savedInAll, seen: seenInAll, unknown, lost: 0 };
    console.log(JSON.stringify({ proof: "kill -9", engine, ...counts }));
    expect(savedInAll).toBeGreaterThan(ROUNDS * 20);
    expect(unknown, "a run in which every edit was answered proves little").toBeGreaterThan(0);
    await program.stop();
    const verified = await program.command("verify");
    expect(verified).toContain("formations");
    await program.end();
  });
}
