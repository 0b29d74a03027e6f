/** Prints the figures of the README as a table: sizes, memory, start, and the time to a usable table. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { test } from "@playwright/test";
import { Person } from "../browser/support/people.js";
import { binary, Program, root } from "../browser/support/program.js";

const RUNS = 5;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Resident memory of a process, in MB. */
function memory(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4096) / 1e6;
}

/** The scripts whose names begin so, compressed, in kB. */
function scripts(...beginnings: string[]): number {
  const folder = join(root, "client/dist/assets");
  const isOne = (name: string) => beginnings.some((beginning) => name.startsWith(`${beginning}-`));
  const names = readdirSync(folder).filter((name) => isOne(name) && name.endsWith(".js"));
  const bytes = names.map((name) => brotliCompressSync(readFileSync(join(folder, name))).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1e3;
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
    const lea = await Person.signsIn(browser, program, "Léa", "pilot");
    const seen: { ms: number; heap: number }[] = [];
    for (let run = 0; run < RUNS; run += 1) seen.push(await usable(lea, program));
    columns.push({
      "start, ms": median(starts).toFixed(0),
      "idle memory, MB": idle.toFixed(0),
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
  lines.push(["script of the live page, kB (brotli)", scripts("table").toFixed(1), ""]);
  const later = scripts("asked", "frAsked", "suggest", "understanding", "wentBack");
  lines.push(["its parts that come once it stands, kB (brotli)", later.toFixed(1), ""]);
  lines.push(["script of the public pages, kB (brotli)", scripts("public").toFixed(1), ""]);
  console.log(lines.map((line) => `| ${line.join(" | ")} |`).join("\n"));
});
