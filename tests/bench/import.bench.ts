/**
 * The import of a large sheet beside what others take merely to read it, in one run: time, and the most memory
 * of one process. Prints the lines of the README's table; fails where something does not work, never by time.
 *
 * openpyxl and SheetJS are installed into a folder of their own that goes with the run; who is offline or has no
 * Python sees a dash in their lines.
 */

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { binary, Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { partsAround } from "../support/hostile/xlsx.js";
import { zip } from "../support/hostile/zip.js";
import { ImportDoor } from "../support/importDoor.js";
import { Peers } from "../support/peers.js";
import { Children, memory, Peak } from "../support/processes.js";

const ROWS = 5_000;
const RUNS = Number(process.env.TABLEE_RUNS ?? 5);
const PEOPLE = 20;
const IDLE_EDITS = 400;

/** The columns and what one row says; nothing about a real body. */
const COLUMNS: readonly (readonly [string, (n: number) => string])[] = [
  ["Intitulé", (n) => `Offre de mesure n° ${n} : animer la concertation`],
  ["Organisme", (n) => `Organisme de mesure ${n % 80}`],
  ["Type", (n) => ["formation courte", "formation longue", "MOOC, en ligne"][n % 3] ?? ""],
  ["En une phrase", (n) => `Une offre inventée, la ${n}e, pour mesurer ce que prend un grand fichier.`],
  ["Thèmes", (n) => ["concertation ; eau", "débat public", "budget participatif ; numérique"][n % 3] ?? ""],
  ["Objectifs", (n) => `Savoir préparer, animer et restituer une réunion publique (${n}).`],
  [
    "Contenus et programme",
    (n) => `Jour 1 : écouter. Jour 2 : débattre. Jour 3 : décider, puis rendre compte (${n}).`,
  ],
  ["Résultats attendus", () => "Attestation de formation"],
  ["Méthodes mobilisées", () => "Mises en situation, études de cas"],
  [
    "Public visé",
    (n) => ["élu·es ; agents territoriaux", "associations, bénévoles", "tout public"][n % 3] ?? "",
  ],
  ["Prérequis", () => "Aucun"],
  ["Niveau d'expertise", (n) => ["initiation", "approfondissement"][n % 2] ?? ""],
  ["Format", (n) => ["présentiel", "hybride", "distanciel"][n % 3] ?? ""],
  ["Inter, intra ou sur mesure", () => "inter ; intra"],
  ["Durée", (n) => `${(n % 5) + 1} jours (${7 * ((n % 5) + 1)} h)`],
  ["Rythme", () => "une journée par semaine"],
  ["Sessions", (n) => `du ${(n % 20) + 1} au ${(n % 20) + 3} mars 2027`],
  ["Lieux", (n) => ["Grenoble (38)", "Lyon ; Lille", "69001 Lyon", "Rennes"][n % 4] ?? ""],
  ["Entrées et sorties", () => "dates fixes"],
  ["Langues", () => "français"],
  ["Tarif", (n) => `${500 + (n % 90) * 10} € HT (employeur) ; ${200 + (n % 9) * 10} € (individuel)`],
  ["Financements possibles", () => "OPCO ; CPF"],
  ["Certification", () => "aucune (attestation)"],
  ["Page de la formation", (n) => `https://mesure.example/offre/${n}`],
  ["Courriel de contact", (n) => `accueil${n % 80}@mesure.example`],
];

/** The sheet as an office program writes it: texts shared, cells with their addresses. */
function sheet(path: string): void {
  const texts = new Map<string, number>();
  const cell = (words: string, row: number, column: number) => {
    const at = texts.get(words) ?? texts.size;
    texts.set(words, at);
    return `<c r="${String.fromCharCode(65 + column)}${row}" t="s"><v>${at}</v></c>`;
  };
  const line = (row: number, words: readonly string[]) =>
    `<row r="${row}">${words.map((one, column) => cell(one, row, column)).join("")}</row>`;
  const headers = COLUMNS.map(([header]) => header);
  const said = Array.from({ length: ROWS }, (_, n) => COLUMNS.map(([, says]) => says(n + 1)));
  const rows = [headers, ...said].map((words, at) => line(at + 1, words));
  const shared = [...texts.keys()].map((words) => `<si><t>${words.replace(/&/g, "&amp;")}</t></si>`);
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const is = (part: string, what: string) =>
    `<Override PartName="/${part}" ContentType="${kind}.${what}+xml"/>`;
  const types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${is("xl/workbook.xml", "sheet.main")}${is("xl/worksheets/sheet1.xml", "worksheet")}${is("xl/sharedStrings.xml", "sharedStrings")}</Types>`;
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const count = `count="${ROWS * COLUMNS.length}" uniqueCount="${texts.size}"`;
  const parts = [
    { name: "[Content_Types].xml", content: types },
    ...partsAround([["sharedStrings", "sharedStrings.xml"]]),
    {
      name: "xl/worksheets/sheet1.xml",
      content: `<worksheet ${main}><sheetData>${rows.join("")}</sheetData></worksheet>`,
    },
    { name: "xl/sharedStrings.xml", content: `<sst ${main} ${count}>${shared.join("")}</sst>` },
  ];
  writeFileSync(path, zip(parts));
}

interface Cost {
  ms: number;
  mb: number;
}

/** Runs a command to its end and takes its time and its most memory; `input` is what it reads. */
async function cost(
  command: string,
  args: readonly string[],
  env = process.env,
  input?: string,
): Promise<Cost> {
  const began = performance.now();
  const child = spawn(command, [...args], { env, stdio: ["pipe", "ignore", "inherit"] });
  const peak = new Peak(child.pid ?? 0);
  child.stdin.on("error", () => {});
  child.stdin.end(input === undefined ? undefined : readFileSync(input));
  const code = await new Promise((resolve) => child.once("close", resolve));
  peak.stop();
  expect(code, `${command} ${args.join(" ")}`).toBe(0);
  return { ms: performance.now() - began, mb: peak.most };
}

/** The middle of several runs. */
async function middle(of: () => Promise<Cost>): Promise<Cost> {
  const runs: Cost[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await of());
  const by = (key: keyof Cost) =>
    runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
  return { ms: by("ms"), mb: by("mb") };
}

/** Installs what others read with; none where that cannot be had here. */
function others(folder: string): { openpyxl: string | null; sheetjs: boolean } {
  const quiet = { cwd: folder, stdio: "ignore" } as const;
  const has = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  };
  const sheetjs = has(() =>
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "xlsx@0.18.5"], quiet),
  );
  const python = join(folder, "venv/bin/python");
  const openpyxl = has(() => {
    execFileSync("python3", ["-m", "venv", "venv"], quiet);
    execFileSync(python, ["-m", "pip", "install", "openpyxl==3.1.5"], quiet);
  });
  return { openpyxl: openpyxl ? python : null, sheetjs };
}

const OPENPYXL = (mode: string) =>
  `import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1]${mode})\nprint(sum(1 for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None))`;
const SHEETJS =
  "const x = require('xlsx'); console.log(x.utils.sheet_to_json(Object.values(x.readFile(process.argv[1]).Sheets)[0]).length)";

function print(name: string, { ms, mb }: Cost = { ms: Number.NaN, mb: Number.NaN }): void {
  const shown = (value: number) => (Number.isNaN(value) ? "–" : value.toFixed(0));
  console.log(`| ${name} | ${shown(ms)} | ${shown(mb)} |`);
}

test("a sheet of 5,000 rows and 25 columns: planned, beside others who only read it; applied while people edit", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tablee-bench-"));
  const file = join(folder, "mesure.xlsx");
  sheet(file);
  const { openpyxl, sheetjs } = others(folder);
  console.log(
    `| ${ROWS} rows × ${COLUMNS.length} columns, ${(statSync(file).size / 1e6).toFixed(1)} MB | ms | most MB of one process |`,
  );
  console.log("|---|---|---|");

  print(
    "our child: the grid of the file",
    await middle(() => cost(binary, ["read-workbook"], process.env, file)),
  );
  const env = { ...process.env, TABLEE_DATA_DIR: join(folder, "data") };
  print(
    "`tablee import --json`: read and planned",
    await middle(() => cost(binary, ["import", file, "--json"], env)),
  );
  if (openpyxl !== null) {
    print(
      "openpyxl, read only",
      await middle(() => cost(openpyxl, ["-c", OPENPYXL(", read_only=True"), file])),
    );
    print("openpyxl", await middle(() => cost(openpyxl, ["-c", OPENPYXL(""), file])));
  } else print("openpyxl: not here");
  if (sheetjs) {
    const node = { ...process.env, NODE_PATH: join(folder, "node_modules") };
    print("SheetJS", await middle(() => cost(process.execPath, ["-e", SHEETJS, file], node)));
  } else print("SheetJS: not here");

  await throughTheServer(file);
  rmSync(folder, { recursive: true, force: true });
});

/** A pilot gives the file and applies the plan; twenty people go on editing. */
async function throughTheServer(file: string): Promise<void> {
  const program = await Program.start({ firstImport: null });
  const cookie = await signIn(program, "Léa", "pilot");
  const door = await ImportDoor.opensAs(program, cookie);
  const peers = await Peers.sitDown(program, [cookie, await signIn(program, "Nour", "member")], PEOPLE);
  peers.begin();
  await peers.edit(IDLE_EDITS);
  const idle = await peers.rest();

  const children = new Children(program.pid);
  const server = new Peak(program.pid);
  peers.begin();
  let began = performance.now();
  const told = await door.gives(file);
  const planned = performance.now() - began;
  const whilePlanned = await peers.rest();
  children.stop();
  expect(told.outcome).toBe("read");
  print("through the server, from sending to the page of the plan: its child", {
    ms: planned,
    mb: children.most,
  });

  peers.begin();
  began = performance.now();
  await door.applies(told.plan);
  const applied = performance.now() - began;
  const whileApplied = await peers.rest();
  server.stop();
  print(`applied while ${PEOPLE} people edit: the server`, { ms: applied, mb: server.most });
  expect(peers.lost).toEqual({ unsaved: 0, sentAway: 0 });
  expect(await peers.differences(program, cookie)).toEqual([]);
  const table = await program.command("export", "--all", "--format", "json");
  expect((JSON.parse(table) as { rows: unknown[] }).rows.length).toBe(ROWS + PEOPLE);

  console.log(`\n| an edit of one of ${PEOPLE} people saved after, ms | p50 | p99 |\n|---|---|---|`);
  for (const [name, { p50, p99 }] of Object.entries({
    idle,
    "while the file is planned": whilePlanned,
    "while it is applied": whileApplied,
  })) {
    console.log(`| ${name} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`);
  }
  console.log(`\nthe server keeps ${memory(program.pid).toFixed(0)} MB after it`);
  peers.leave();
  await program.end();
}
