/**
 * Files that want to hurt, given to the table by pilots while twenty people edit it: each ends in one sentence or
 * in a plan, in a child that ends, too; the server does not grow, and no edit is lost.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { comesToPass } from "../support/crowd.js";
import { type HostileFile, hostileFiles } from "../support/hostile/index.js";
import { ImportDoor, type Told } from "../support/importDoor.js";
import { Peers } from "../support/peers.js";
import { Children, childrenOf, memory } from "../support/processes.js";

const PEOPLE = 20;
/** Edits whose latency is measured while nobody gives a file. */
const IDLE_EDITS = 1_000;
/** A pilot may give so many files in an hour. */
const FILES_OF_ONE_PILOT = 5;
/** Children that may come and go between two looks: the system tells of none that has ended. */
const UNSEEN = 15;
const AT_ONCE = 8;
/** The address space of a child; what it has in memory is less. */
const CHILD_MOST_MB = 806;
/** What the server may have taken for good, some hundred files and some thousand edits after the first ones. */
const GROWN_MOST_MB = 10;
const SECRET = "le-mot-que-personne-ne-doit-lire";

let program: Program;
let folder: string;
let canary: string;
let files: HostileFile[];
let listener: Server;
let calls = 0;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tablee-hostile-"));
  canary = join(folder, "canary.txt");
  writeFileSync(canary, SECRET);
  listener = createServer((_, answer) => {
    calls += 1;
    answer.end("<!ENTITY x 'x'>");
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  files = hostileFiles(canary, `http://127.0.0.1:${port}`);
  // All of them now: to make one takes a processor that is to be left to others later.
  for (const file of files) writeFileSync(join(folder, file.name), file.make());
  program = await Program.start({ firstImport: null });
});
test.afterAll(async () => {
  await program?.end();
  listener?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The door, each time as a pilot who may still give a file. */
class Pilots {
  #door: ImportDoor | null = null;
  #given = 0;
  #pilots = 0;

  async next(): Promise<ImportDoor> {
    if (this.#door === null || this.#given % FILES_OF_ONE_PILOT === 0) {
      this.#pilots += 1;
      this.#door = await ImportDoor.opens(
        program,
        `Pilote ${"abcdefghijklmnopqrstuvwxyz"[this.#pilots % 26]}${"i".repeat(1 + this.#pilots / 26)}`,
      );
    }
    this.#given += 1;
    return this.#door;
  }
}

/** What is wrong with what a pilot was told; nothing where nothing is. */
function faults(file: HostileFile, told: Told): string[] {
  const { sentence, html } = told;
  const found: string[] = [];
  const is = (isWrong: boolean, what: string) => {
    if (isWrong) found.push(`${file.name}: ${what}: ${told.status} ${JSON.stringify(sentence)}`);
  };
  is(told.status >= 500, "a fault of the server");
  is(html.includes(SECRET), "it tells a secret");
  is(/panick|stack backtrace|RUST_BACKTRACE|src\/.*\.rs/.test(html), "it tells of our code");
  if (file.outcome === "read") {
    is(told.outcome !== "read", "it is not read");
  } else {
    is(told.outcome === "read", "it is read");
    is(sentence.length < 12 || sentence.length > 240, "not a sentence");
    is(!/^[A-ZÀÉÊL«].*\.$/s.test(sentence) || sentence.includes("\n"), "not one sentence");
    is(/import\.|\{|\}|undefined|null/.test(sentence), "a text that is missing");
  }
  return found;
}

test("each hostile file gets one sentence or a plan, and those who edit notice nothing", async () => {
  test.setTimeout(600_000);
  const { pid } = program;
  const cookies = [await signIn(program, "Léa", "pilot"), await signIn(program, "Nour", "member")];
  const peers = await Peers.sitDown(program, cookies, PEOPLE);
  const children = new Children(pid);
  const pilots = new Pilots();
  // The first of each kind and size: what is taken once is not taken again.
  for (const name of ["21-mb.csv", "one-line-of-19-mb.csv", "bomb-of-cells.xlsx", "names-that-climb.xlsx"]) {
    await (await pilots.next()).gives(join(folder, name));
  }
  peers.begin();
  await peers.edit(IDLE_EDITS);
  const idle = await peers.rest();
  const before = memory(pid);
  let most = before;
  const odd: string[] = [];
  const sentences = new Map<string, string>();

  peers.begin();
  for (const file of files) {
    const told = await (await pilots.next()).gives(join(folder, file.name));
    odd.push(...faults(file, told));
    if (told.sentence !== "") sentences.set(file.name, told.sentence);
    most = Math.max(most, memory(pid));
  }
  const hostile = await peers.rest();
  const after = memory(pid);
  children.stop();

  expect(odd).toEqual([]);
  expect(program.pid).toBe(pid);
  expect(peers.lost).toEqual({ unsaved: 0, sentAway: 0 });
  expect(await peers.differences(program, cookies[1] ?? "")).toEqual([]);
  await comesToPass(() => childrenOf(pid).length === 0, "every child ended");
  // A child that refuses at once may come and go between two looks.
  expect(children.seen.size).toBeGreaterThanOrEqual(files.length - UNSEEN);
  expect(children.most).toBeLessThan(CHILD_MOST_MB);
  expect(calls, "somebody was called").toBe(0);
  expect(existsSync("/tmp/tablee-escaped")).toBe(false);
  expect(readFileSync(canary, "utf8")).toBe(SECRET);
  console.log(
    JSON.stringify({
      proof: "hostile files",
      files: files.length,
      refused: sentences.size,
      sentences: new Set(sentences.values()).size,
      children: children.seen.size,
      child_most_mb: Math.round(children.most),
      rss_before_mb: Math.round(before),
      rss_after_mb: Math.round(after),
      rss_most_mb: Math.round(most),
      idle,
      hostile,
      p50_ratio: ratio(hostile.p50, idle.p50),
      p99_ratio: ratio(hostile.p99, idle.p99),
    }),
  );
  expect(after - before, "the server grew").toBeLessThan(GROWN_MOST_MB);
  peers.leave();
});

test("eight pilots who give their worst at once are served, and so is everybody else", async () => {
  test.setTimeout(300_000);
  const { pid } = program;
  const cookie = await signIn(program, "Maud", "pilot");
  const worst = [
    "bomb-of-text.xlsx",
    "64-kib-text-10000-times.xlsx",
    "a-long-text-59000-times.ods",
    "bomb-of-rows.ods",
  ];
  const doors: ImportDoor[] = [];
  for (let at = 0; at < AT_ONCE; at += 1) {
    doors.push(await ImportDoor.opens(program, `Ensemble ${"abcdefgh"[at]}`));
  }
  const peers = await Peers.sitDown(program, [cookie], PEOPLE);
  const children = new Children(pid);
  const before = memory(pid);

  peers.begin();
  const given = doors.map((door, at) => door.gives(join(folder, worst[at % worst.length] ?? "")));
  const told = await Promise.all(given);
  const meanwhile = await peers.rest();
  children.stop();

  expect(told.map(({ outcome }) => outcome)).toEqual(Array(AT_ONCE).fill("refused"));
  expect(told.filter(({ sentence }) => !sentence.endsWith("."))).toEqual([]);
  expect(program.pid).toBe(pid);
  expect(peers.lost).toEqual({ unsaved: 0, sentAway: 0 });
  expect(await peers.differences(program, cookie)).toEqual([]);
  await comesToPass(() => childrenOf(pid).length === 0, "every child ended");
  expect(children.most).toBeLessThan(CHILD_MOST_MB);
  console.log(
    JSON.stringify({
      proof: "hostile files at once",
      at_once: AT_ONCE,
      children: children.seen.size,
      child_most_mb: Math.round(children.most),
      rss_before_mb: Math.round(before),
      rss_after_mb: Math.round(memory(pid)),
      meanwhile,
    }),
  );
  peers.leave();
});

const ratio = (one: number, other: number) => Math.round((100 * one) / other) / 100;
