/** Prints the figures of the README as a table: sizes, memory, start, and the time to a usable table. */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { test } from "@playwright/test";
import { Person } from "../browser/support/people.js";
import { binary, Program, root } from "../browser/support/program.js";

const RUNS = 5;
const PAGES = 300;
const WORDS = [
  "eau",
  "débat",
  "animer une réunion",
  "élus",
  "pouvoir d'agir",
  "mesure",
  "médiation",
  "climat",
];

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Resident memory of a process, in MB. */
function memory(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4096) / 1e6;
}

/** The processor time that a process has had, in ms: the kernel counts in ticks of ten. */
function busy(pid: number): number {
  const [, after = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = after.split(" ").slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * 10;
}

/** What a page costs the server, in ms of its processor: one of many, each narrowed by other words. */
async function page(program: Program, words: (n: number) => string): Promise<number> {
  const before = busy(program.pid);
  for (let n = 0; n < PAGES; n += 1) await (await fetch(`${program.url}/${words(n)}`)).text();
  return (busy(program.pid) - before) / PAGES;
}

interface Part {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** The parts of the client, by the module that each was built from. */
const PARTS: Readonly<Record<string, Part>> = JSON.parse(
  readFileSync(join(root, "client/dist/.vite/manifest.json"), "utf8"),
);

/** What comes with a module: itself and all that it imports. */
function withImports(module: string, found = new Set<string>()): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const one of PARTS[module]?.imports ?? []) withImports(one, found);
  return found;
}

/** Scripts, compressed, in kB. */
function compressed(modules: Iterable<string>): number {
  const files = [...modules].map((module) => join(root, "client/dist", PARTS[module]?.file ?? ""));
  return files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0) / 1e3;
}

/** What a page fetches once it stands: the parts it loads by itself, those of the other language left out. */
function later(entry: string): Set<string> {
  const first = withImports(entry);
  const asked = [...first].flatMap((module) => PARTS[module]?.dynamicImports ?? []);
  const all = asked.filter((module) => module !== "src/i18n/en.ts").flatMap((it) => [...withImports(it)]);
  return new Set(all.filter((module) => !first.has(module)));
}

/** A sheet of so many offers, none about a real body. */
function sheet(rows: number, path: string): string {
  const lines = ["Intitulé;Organisme;Type;Thèmes;Durée;Lieu;Tarif;Public;Lien"];
  for (let n = 0; n < rows; n += 1) {
    lines.push(
      `Offre de mesure ${n};Organisme ${n % 80};formation courte;concertation;${(n % 5) + 1} jours;Ville ${n % 40};${n} €;agents;https://exemple.fr/${n}`,
    );
  }
  writeFileSync(path, lines.join("\n"));
  return path;
}

async function start(program: Program): Promise<number> {
  await program.stop();
  const began = performance.now();
  await program.startAgain();
  return performance.now() - began;
}

async function usable(person: Person, program: Program): Promise<{ ms: number; heap: number }> {
  await person.page.goto(`${program.url}/table`);
  await person.page.locator("#table[data-ready]").waitFor();
  await person.page.locator('[role="gridcell"]').first().waitFor();
  const ms = await person.page.evaluate(() => performance.now());
  const session = await person.context.newCDPSession(person.page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return { ms, heap: usedSize / 1e6 };
}

test("figures", async ({ browser }) => {
  const lines: string[][] = [["Figure", "107 rows", "5,000 rows"]];
  const columns: Record<string, string>[] = [];
  for (const rows of [107, 5_000]) {
    const program = await Program.start(rows === 107 ? {} : { firstImport: null });
    if (rows !== 107) {
      await program.stop();
      await program.command("import", sheet(rows, join(program.folder, "mesure.csv")), "--apply");
      await program.startAgain();
    }
    const starts: number[] = [];
    for (let run = 0; run < RUNS; run += 1) starts.push(await start(program));
    const idle = memory(program.pid);
    const catalogue = await page(program, () => "");
    const search = await page(program, (n) => `?q=${encodeURIComponent(`${WORDS[n % WORDS.length]} ${n}`)}`);
    const lea = await Person.signsIn(browser, program, "Léa", "pilot");
    const seen: { ms: number; heap: number }[] = [];
    for (let run = 0; run < RUNS; run += 1) seen.push(await usable(lea, program));
    columns.push({
      "start, ms": median(starts).toFixed(0),
      "idle memory, MB": idle.toFixed(0),
      "the catalogue, ms of the server's processor": catalogue.toFixed(1),
      "a search in it, ms of the server's processor": search.toFixed(1),
      "memory with one tab, MB": memory(program.pid).toFixed(0),
      "table usable after navigation, ms": median(seen.map((one) => one.ms)).toFixed(0),
      "heap of the tab, MB": median(seen.map((one) => one.heap)).toFixed(1),
    });
    await lea.leaves();
    await program.end();
  }
  for (const name of Object.keys(columns[0] ?? {})) {
    lines.push([name, columns[0]?.[name] ?? "", columns[1]?.[name] ?? ""]);
  }
  const binaryMb = (statSync(binary).size / 1e6).toFixed(1);
  lines.push(["binary, MB", binaryMb, binaryMb]);
  const kb = (name: string, modules: Iterable<string>) =>
    lines.push([`${name}, kB (brotli)`, compressed(modules).toFixed(1), ""]);
  kb("script of the live page", withImports("src/entries/table.ts"));
  kb("its parts that come once it stands", later("src/entries/table.ts"));
  kb("script of the public pages", withImports("src/entries/public.ts"));
  kb("script of the form", withImports("src/entries/propose.ts"));
  kb("script of the desk", withImports("src/entries/desk.ts"));
  kb("script of the import", withImports("src/entries/import.ts"));
  console.log(lines.map((line) => `| ${line.join(" | ")} |`).join("\n"));
});
