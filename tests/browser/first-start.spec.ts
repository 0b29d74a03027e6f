/** A fresh clone: one command, and the whole inventory is there. Nothing of it is lost, nothing comes twice. */

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Cells, rowsOf, textsIn } from "./support/document.js";
import { type OfficeCell, type OfficeSheet, opened } from "./support/office.js";
import { Person } from "./support/people.js";
import { binary, byMake, type Failure, failureOf, Program, root, workbook } from "./support/program.js";
import { signInBy } from "./support/sign-in.js";
import { Tab } from "./support/tab.js";
import { missingWords, wordsOf } from "./support/words.js";

let program: Program;
/** What the very first start printed. */
let printed: string;

test.beforeAll(async () => {
  // Builds whatever is not built yet.
  test.setTimeout(600_000);
  program = await Program.start({ start: byMake, env: { TABLEE_FIRST_IMPORT: "" } });
  await program.says(/^member {2}\S+\n/m);
  printed = program.output;
});
test.afterAll(async () => {
  await program?.end();
});

function link(role: "pilot" | "member"): string {
  const line = new RegExp(`^${role} +(http://\\S+)$`, "m").exec(printed);
  if (line?.[1] === undefined) throw new Error(`no link for a ${role} in:\n${printed}`);
  return line[1];
}

let pilot = "";

/** All that a pilot's tab receives. */
async function document(): Promise<Map<string, Cells>> {
  if (pilot === "") pilot = await signInBy(link("pilot"));
  const tab = new Tab(program.url, pilot);
  await tab.ready();
  const rows = rowsOf(tab.doc);
  tab.leaves();
  return rows;
}

interface Exported {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

async function exported(...options: string[]): Promise<Exported> {
  return JSON.parse(await program.command("export", "--format", "json", ...options)) as Exported;
}

test("it answers at the address it prints, and prints a link for a pilot and one for a member", async () => {
  const lines = printed.split("\n").filter((line) => /^(Tablée|pilot|member)\b/.test(line));
  expect(lines).toEqual([
    `Tablée listens on ${program.url}`,
    expect.stringMatching(/^pilot {3}http:\/\/127\.0\.0\.1:\d+\/connexion\/[0-9a-f]{64}$/),
    expect.stringMatching(/^member {2}http:\/\/127\.0\.0\.1:\d+\/connexion\/[0-9a-f]{64}$/),
  ]);
  expect(link("pilot").startsWith(`${program.url}/connexion/`)).toBe(true);

  expect((await fetch(program.url)).status).toBe(200);
  expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
});

test("107 rows stand in the table of the member who follows the link, and in the document of a pilot", async ({
  browser,
}) => {
  const member = await Person.arrives(browser, "Membre");
  await member.page.goto(link("member"));
  await member.page.getByRole("main").getByRole("button").click();
  await member.opensTheTable(program);

  await expect(member.page.getByRole("grid")).toHaveAttribute("aria-rowcount", "108");
  await expect(member.page.getByText("107 lignes", { exact: true })).toBeVisible();
  expect((await document()).size).toBe(107);
  expect(member.faults).toEqual([]);
  await member.leaves();
});

/** The offers of all pages of the catalogue: the id at the end of each address. */
async function catalogue(): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const html = await (await fetch(`${program.url}/?page=${page}`)).text();
    const links = [...html.matchAll(/class="card-title" href="\/formations\/[^"]*?([a-z0-9]{16})"/g)];
    found.push(...links.map(([, id]) => id ?? ""));
    if (!html.includes('rel="next"')) return found;
  }
}

test("the catalogue holds exactly the offers that have a title, a provider, a type, and a page or a contact", async () => {
  const rows = await document();
  const has = (cells: Cells, key: string) => textsIn(cells.get(key)).some((text) => text.trim() !== "");
  const complete = [...rows].filter(
    ([, cells]) =>
      ["intitule", "organisme", "type"].every((key) => has(cells, key)) &&
      ["url", "contact_courriel", "contact_tel"].some((key) => has(cells, key)),
  );
  const expected = complete.map(([id]) => id).sort();

  expect((await catalogue()).sort()).toEqual(expected);
  const files = (await (await fetch(`${program.url}/exports/formations.json`)).json()) as Exported;
  expect(files.rows.map((row) => row.id).sort()).toEqual(expected);

  // In this workbook what is incomplete stands in a tab of its own.
  const kept = [...rows].filter(([id]) => !expected.includes(id));
  const tab = (await opened(workbook)).find((sheet) => sheet.name === "À vérifier");
  const titles = tab?.rows.filter((row) => row.number > 2).map((row) => row.cells.get(0)?.shown) ?? [];
  expect(kept.map(([, cells]) => cells.get("intitule"))).toEqual(titles);
  for (const [id, cells] of kept) {
    expect(cells.get("etat")).toBe("a_verifier");
    expect((await fetch(`${program.url}/formations/${id}`)).status).toBe(404);
  }
});

interface Told {
  readonly sheet: string;
  readonly row: number;
  readonly words: string;
}
interface Plan {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  readonly conflicts: readonly unknown[];
  readonly sheets: readonly { sheet: string; header_lines: number[]; mapping: { header: string }[] }[];
  readonly complaints: readonly Told[];
  readonly not_offers: readonly Told[];
}

async function plan(...options: string[]): Promise<Plan> {
  return JSON.parse(await program.command("import", workbook, "--json", ...options)) as Plan;
}

const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
  " ",
);

/** All that a cell of the file says: its words, the addresses behind them, its note. */
function saidBy(cell: OfficeCell): string[] {
  const behind = /^of:=HYPERLINK\("([^"]*)"/.exec(cell.formula ?? "")?.[1];
  const [year, month, day] = cell.kind === "date" ? cell.value.split("-") : [];
  // A date is shown in the language of whoever opens the file; here people read it in French.
  const date = /\p{L}/u.test(cell.shown) ? `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}` : cell.shown;
  return [year === undefined ? cell.shown : date, ...cell.links, behind ?? "", cell.note ?? ""];
}

/** Words that stand neither in the row of their line nor in what the import says it did not take. */
function lostWords(
  sheets: readonly OfficeSheet[],
  { sheets: read, ...told }: Plan,
  rows: readonly string[][],
) {
  const lost: string[] = [];
  let counted = 0;
  let offers = 0;
  for (const sheet of sheets) {
    const mapped = read.find((one) => one.sheet === sheet.name);
    for (const line of sheet.rows) {
      const ofLine = ({ sheet: name, row }: Told) => name === sheet.name && row === line.number;
      const places = [...told.complaints, ...told.not_offers].filter(ofLine).map(({ words }) => words);
      if (mapped?.header_lines.includes(line.number))
        places.push(...mapped.mapping.map(({ header }) => header));
      else if (!told.not_offers.some(ofLine)) places.push(...(rows[offers++] ?? []));
      for (const [column, cell] of line.cells) {
        for (const text of saidBy(cell)) {
          counted += wordsOf(text).length;
          // A code of a catalogue is told apart from the title that it hangs on: `C4_Ingénierie`.
          const plain = (words: string) => words.toLowerCase().replaceAll("_", " ");
          const missing = missingWords(plain(text), places.map(plain));
          lost.push(...missing.map((word) => `${sheet.name} ${line.number}:${column} ${word}`));
        }
      }
    }
  }
  return { lost, counted, offers };
}

test("every word of every cell stands in its row, or among what the import says it did not take", async () => {
  const [sheets, told, { rows }, live] = [
    await opened(workbook),
    await plan(),
    await exported("--all"),
    await document(),
  ];
  // Choices say their label in the export, and their own words in the document.
  const said = rows.map((row) => [...textsIn(row), ...textsIn([...(live.get(String(row.id)) ?? [])])]);

  const { lost, counted, offers } = lostWords(sheets, told, said);

  expect(lost).toEqual([]);
  expect(offers).toBe(107);
  expect(counted).toBeGreaterThan(3_500);
  console.log(`${counted} words of ${sheets.length} sheets, lost: 0`);
  // And this check can fail: it misses a word of a row, an address, a note, a title over the table.
  const without = (word: string) => {
    const cut = (text: string) => text.split(word).join("");
    const cutAll = (list: readonly Told[]) => list.map((one) => ({ ...one, words: cut(one.words) }));
    const less = { ...told, complaints: cutAll(told.complaints), not_offers: cutAll(told.not_offers) };
    return lostWords(
      sheets,
      less,
      said.map((texts) => texts.map(cut)),
    ).lost.length;
  };
  for (const word of ["Oxalis", "actionID=2212", "quasi-doublon", "Inventaire", "idem"]) {
    expect(without(word), word).toBeGreaterThan(0);
  }
});

/** The last revision of the log, replayed and compared with the live state by `tablee verify`. */
async function headRevision(): Promise<number> {
  const verified = await program.command("verify");
  const [, head] = /^formations: ok, 107 rows, .* up to revision (\d+), no gap/.exec(verified) ?? [];
  if (head === undefined) throw new Error(verified);
  return Number(head);
}

test("the same file again changes nothing", async () => {
  const before = await exported("--all");
  const head = await headRevision();
  const again = await plan();
  expect(again).toMatchObject({ added: 0, changed: 0, conflicts: [] });

  const refused = await program.fails("import", workbook, "--apply");
  expect(refused).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(ONE_LINE) });
  await program.stop();
  const applied = await plan("--apply");

  expect(applied).toMatchObject({ added: 0, changed: 0, conflicts: [] });
  expect([again.same, applied.same]).toEqual([107, 107]);
  expect(await headRevision()).toBe(head);
  // Only the address at which the server is reached differs while it does not run.
  const values = ({ rows }: Exported) => rows.map((row) => ({ ...row, fiche: undefined }));
  expect(values(await exported("--all"))).toEqual(values(before));
});

test("a second start imports nothing and prints no links", async () => {
  await program.stop();
  const head = await headRevision();

  await program.startAgain();

  expect((await document()).size).toBe(107);
  expect(program.output).not.toMatch(/http\S+\/connexion\//);
  expect(program.output).not.toContain("was imported");
  expect(await headRevision()).toBe(head);
});

const ONE_LINE = /^tablee: [^\n]+\n$/;

/** Starts a server that must not start. */
function starts(env: Record<string, string>): Promise<Failure> {
  const base = { PATH: process.env.PATH, HOME: process.env.HOME, TABLEE_LISTEN: "127.0.0.1:0" };
  return failureOf(binary, ["serve"], { ...base, TABLEE_DATA_DIR: join(program.folder, "autre"), ...env });
}

test("what keeps it from starting is said in one line, with exit 2", async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
  const { port } = squatter.address() as { port: number };
  const file = join(program.folder, "un-fichier");
  writeFileSync(file, "");
  const config = join(program.folder, "faux.toml");
  writeFileSync(config, "[server]\nlissten = '127.0.0.1:1'\n");

  const reasons: Record<string, [Record<string, string>, RegExp]> = {
    "a taken port": [{ TABLEE_LISTEN: `127.0.0.1:${port}` }, new RegExp(`127\\.0\\.0\\.1:${port}`)],
    "a folder that cannot be made": [{ TABLEE_DATA_DIR: "/proc/tablee" }, /\/proc\/tablee/],
    "a file where the folder should be": [{ TABLEE_DATA_DIR: file }, /un-fichier/],
    "a folder that another server has": [{ TABLEE_DATA_DIR: program.folder }, /./],
    "no address at all": [{ TABLEE_LISTEN: "partout" }, /partout/],
    "an unknown database": [{ TABLEE_DATABASE_URL: "mysql://x/y" }, /sqlite:\/\//],
    "a public address that is none": [{ TABLEE_PUBLIC_URL: "chez nous" }, /chez nous/],
    "a setting that does not exist": [{ TABLEE_CONFIG: config }, /lissten/],
    "a settings file that is not there": [{ TABLEE_CONFIG: `${config}.autre` }, /autre/],
    "a first import that is not there": [{ TABLEE_FIRST_IMPORT: "/nulle/part.xlsx" }, /\/nulle\/part\.xlsx/],
  };
  for (const [name, [env, words]] of Object.entries(reasons)) {
    const failure = await starts(env);
    expect.soft(failure, name).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(ONE_LINE) });
    expect.soft(failure.stderr, name).toMatch(words);
  }
  squatter.close();
});

test("a missing tool is said in one line", async () => {
  const env = { ...process.env, PATH: "/usr/bin:/bin", MAKEFLAGS: "", HOME: program.folder };

  const failure = await failureOf("scripts/need", ["no-such-tool", "https://exemple.fr"], env);

  expect(failure.code).toBe(2);
  expect(failure.stderr).toMatch(ONE_LINE);
  expect(failure.stderr).toContain("no-such-tool");
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  for (const tool of ["cargo", "npm"]) expect(makefile).toContain(`scripts/need ${tool} `);
});
