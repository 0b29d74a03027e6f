/** The files one takes away: opened by LibreOffice they say what the page says, and nothing in them runs. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import * as Y from "yjs";
import { converted, type OfficeCell, type OfficeRow, opened } from "./support/office.js";
import { Program } from "./support/program.js";
import { signIn } from "./support/sign-in.js";
import { Tab } from "./support/tab.js";

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };
type JsonRow = Readonly<Record<string, Value>>;

let program: Program;
/** Labels of the columns by id, and of the states by their word, from the table itself. */
const labels = new Map<string, string>();
const states = new Map<string, string>();

/** What spreadsheets run when it stands at the beginning of a cell, and what looks like it. */
const HOSTILE = [
  '=HYPERLINK("https://ailleurs.example","Cliquez")',
  "=1+1",
  "+33 6 00 00 00 00",
  "-2+3",
  "@SUM(1;1)",
  "\t=1+1",
  " =cmd|' /C calc'!A0",
  "＝1+1",
  "'=1+1",
  'Des "guillemets"; un point-virgule',
  "Deux\nlignes",
];
const CODES = { code_rncp: "00012345", code_rs: "0077", contact_tel: "0612345678" };

/** A row as a pilot makes it by hand, published. */
function publish(tab: Tab, id: string, order: string, cells: Record<string, unknown>): void {
  tab.doc.transact(() => {
    const row = new Y.Map<unknown>();
    tab.rows.set(id, row);
    for (const [key, value] of Object.entries({ "~order": order, etat: "publiee", ...cells }))
      row.set(key, value);
  });
}

test.beforeAll(async () => {
  program = await Program.start();
  const tab = new Tab(program.url, await signIn(program, "Léa", "pilot"));
  await tab.ready();
  const columns = tab.doc.getMap<{
    label: { fr: string };
    options?: { id: string; label: { fr: string } }[];
  }>("columns");
  for (const [id, column] of columns) labels.set(id, column.label.fr);
  for (const option of columns.get("etat")?.options ?? []) states.set(option.id, option.label.fr);
  for (const [at, text] of HOSTILE.entries()) {
    publish(tab, `hostile${String(at).padStart(9, "0")}`, `zz${String.fromCharCode(97 + at)}`, {
      intitule: new Y.Text(text),
      organisme: new Y.Text(text),
      "lieux~said": text,
    });
  }
  publish(tab, "lescodes00000000", "zzz", {
    intitule: new Y.Text("Codes, nombres et dates"),
    ...CODES,
    "lieux/bourg": { commune: "Bourg-en-Bresse", code_postal: "01000" },
    duree_heures: 7.5,
    effectif_max: 12,
    verifie_le: "2026-03-09",
    date_echeance: "2026-09",
    url: "https://exemple.fr/une-page?a=1&b=2",
  });
  await tab.allSaved();
  expect(tab.closed).toBeNull();
  tab.leaves();
});
test.afterAll(async () => {
  await program?.end();
});

async function get(path: string): Promise<Buffer> {
  const answer = await fetch(`${program.url}${path}`);
  expect(answer.status, path).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function json(query = ""): Promise<readonly JsonRow[]> {
  const text = (await get(`/exports/formations.json${query}`)).toString("utf8");
  return (JSON.parse(text) as { rows: JsonRow[] }).rows;
}

/** A file of the catalogue on disk, for LibreOffice. */
async function fileOf(name: string, query = ""): Promise<string> {
  const path = join(program.folder, name);
  writeFileSync(path, await get(`/exports/${name}${query}`));
  return path;
}

/** Cells of csv, quoted or not. */
function records(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r\\n]*)(${separator}|\\r\\n|$)`, "gy");
  for (const [whole, words = "", end] of text.matchAll(cell)) {
    if (whole === "") break;
    rows.at(-1)?.push(words.startsWith('"') ? words.slice(1, -1).replaceAll('""', '"') : words);
    if (end === "\r\n") rows.push([]);
  }
  if (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

/** The rows of the sheet by their id, their cells by the label over them. */
function byId(rows: readonly OfficeRow[]): Map<string, Map<string, OfficeCell>> {
  const [head, ...lines] = rows;
  const heads = [...(head?.cells ?? [])].map(([at, cell]) => [at, cell.shown] as const);
  const found = lines.map(({ cells }) => {
    const named = heads.flatMap(([at, label]) => {
      const cell = cells.get(at);
      return cell === undefined ? [] : [[label, cell] as const];
    });
    const row = new Map(named);
    return [row.get("id")?.shown ?? "", row] as const;
  });
  return new Map(found);
}

/** What a cell of the sheet must show for a value of the JSON. Lists of places, prices and sessions are told apart. */
function shownFor(value: Value): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "oui" : "non";
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(" ; ");
  return null;
}

/** Words that the first item of a list must show, however it is spelt: its place, its amount, its year. */
function wordsOf(item: Value | undefined): string[] {
  const { lieu, commune, montant, debut } = (item ?? {}) as Record<string, string | number | undefined>;
  const amount = montant === undefined ? undefined : Number(montant).toLocaleString("fr-FR");
  const words = [
    lieu,
    commune,
    amount
      ?.replace(/[^0-9,]/g, " ")
      .split(" ")
      .at(-1),
    String(debut ?? "").slice(0, 4),
  ];
  return words.filter((word) => word !== undefined && word !== "").map(String);
}

test("the workbook opens in LibreOffice and says what the JSON says, cell by cell", async () => {
  const [rows, [sheet]] = [await json(), await opened(await fileOf("formations.xlsx"))];
  const lines = byId(sheet?.rows ?? []);

  expect([...lines.keys()]).toEqual(rows.map((row) => row.id));
  let compared = 0;
  for (const { id, fiche, etat, ...cells } of rows) {
    const line = lines.get(String(id)) ?? new Map<string, OfficeCell>();
    expect(line.get("État")?.shown).toBe(states.get(String(etat)));
    const expected = new Map([
      ["id", 1],
      ["État", 1],
    ]);
    for (const [key, value] of Object.entries(cells)) {
      const words = labels.has(key) ? null : key.replace(/_texte$/, "");
      const label = words === null ? labels.get(key) : `${labels.get(words)} (texte)`;
      const cell = line.get(label ?? "");
      const where = `${id}, ${key}`;
      compared += 1;
      expected.set(label ?? "", 1);
      // Where no value was understood, the words stand in its column too.
      if (words !== null && !(words in cells)) {
        expected.set(labels.get(words) ?? "", 1);
        expect(line.get(labels.get(words) ?? "")?.shown, where).toBe(value);
      }
      if (typeof value === "number")
        expect(cell, where).toMatchObject({ kind: "float", value: String(value) });
      else if (/^\d{4}-\d\d-\d\d$/.test(String(value)))
        expect(cell, where).toMatchObject({ kind: "date", value });
      else {
        expect(cell?.kind, where).toBe("string");
        const shown = shownFor(value);
        if (shown !== null) expect(cell?.shown, where).toBe(shown);
        else for (const word of wordsOf((value as Value[])[0])) expect(cell?.shown, where).toContain(word);
      }
    }
    expect(
      [...line.keys()].filter((label) => !expected.has(label)),
      `${id} says more`,
    ).toEqual([]);
    expect(String(fiche)).toContain(String(id));
  }
  expect(compared).toBeGreaterThan(800);
  console.log(`${compared} cells alike`);
});

test("in the workbook codes are texts with their zeros, links are links, and nothing is a formula", async () => {
  const [rows, [sheet]] = [await json(), await opened(await fileOf("formations.xlsx"))];
  const lines = byId(sheet?.rows ?? []);
  const codes = lines.get("lescodes00000000");

  for (const [column, code] of Object.entries(CODES)) {
    expect(codes?.get(labels.get(column) ?? "")).toMatchObject({ kind: "string", shown: code });
  }
  expect(codes?.get("Lieux")).toMatchObject({ kind: "string", shown: expect.stringContaining("01000") });
  let links = 0;
  for (const { id, url } of rows) {
    const cell = lines.get(String(id))?.get("Page de la formation");
    if (url === undefined || cell === undefined) continue;
    expect(cell.shown).toBe(url);
    // An address that the format would change stands as text, rather than lead elsewhere.
    if (cell.links.length > 0) links += 1;
    for (const link of cell.links) expect(new URL(link).href).toBe(new URL(String(url)).href);
  }
  expect(codes?.get("Page de la formation")?.links).toEqual(["https://exemple.fr/une-page?a=1&b=2"]);
  expect(links).toBeGreaterThan(90);
  const cells = (sheet?.rows ?? []).flatMap((row) => [...row.cells.values()]);
  expect(cells.filter(({ formula, kind }) => formula !== null || kind === "error")).toEqual([]);
  for (const [at, text] of HOSTILE.entries()) {
    const title = lines.get(`hostile${String(at).padStart(9, "0")}`)?.get("Intitulé");
    expect(title, text).toMatchObject({ kind: "string", formula: null, links: [] });
    expect(title?.shown.trim(), text).toBe(text.trim());
  }
});

test("LibreOffice turns the workbook into a csv and an OpenDocument with as many lines", async () => {
  const [file, rows] = [await fileOf("formations.xlsx"), await json()];

  const [csv] = (await converted(file, "csv:Text - txt - csv (StarCalc):59,34,76")).values();
  const [ods] = (await converted(file, "ods")).values();

  const lines = records((csv?.toString("utf8") ?? "").replace(/\r?\n/g, "\r\n"), ";");
  expect(lines.length).toBe(rows.length + 1);
  expect(lines.slice(1).map((line) => line.at(-1))).toEqual(rows.map((row) => row.id));
  expect(ods?.subarray(0, 2).toString()).toBe("PK");
});

/** UTF-8 with `;`, formulas evaluated. */
const RUNS_FORMULAS = "CSV:59,34,76,1,,0,false,true,false,false,false,0,true";

/** What a cell of csv says: the guard before a formula is not part of it. */
const said = (cell: string | undefined) => (cell ?? "").replace(/^'(?='*\s*[=+\-@＝＋－＠\t\r])/u, "");

test("the csv has its mark and semicolons, says what the JSON says, and no cell of it begins like a formula", async () => {
  const text = (await get("/exports/formations.csv")).toString("utf8");
  const rows = await json();

  expect(text.startsWith("\ufeff")).toBe(true);
  const [heads = [], ...lines] = records(text.slice(1), ";");
  expect(heads.slice(0, 2)).toEqual(["Intitulé", "Organisme de formation"]);
  expect(lines.map((line) => line.at(-1))).toEqual(rows.map((row) => row.id));
  for (const [at, row] of rows.entries()) {
    expect(said(lines[at]?.[0])).toBe(row.intitule);
    for (const [key, value] of Object.entries(row)) {
      const shown = shownFor(value);
      const column = heads.indexOf(labels.get(key) ?? "");
      if (shown !== null && key !== "etat" && column >= 0) expect(said(lines[at]?.[column])).toBe(shown);
    }
    for (const code of Object.values(CODES)) {
      if (row.id === "lescodes00000000") expect(lines[at]).toContain(code);
    }
  }
  const begins = lines.flat().filter((cell) => /^\s*[=+\-@＝＋－＠]|^[\t\r]/u.test(cell));
  expect(begins).toEqual([]);

  // A spreadsheet that would run whatever it can: it does so with a file that is not guarded.
  const bare = join(program.folder, "sans-garde.csv");
  writeFileSync(bare, HOSTILE.map((text) => `"${text.replaceAll('"', '""')}"`).join("\r\n"));
  const runs = (await opened(bare, RUNS_FORMULAS))[0]?.rows.flatMap((line) => [...line.cells.values()]) ?? [];
  expect(runs.filter(({ formula }) => formula !== null).length).toBeGreaterThan(1);

  const [sheet] = await opened(await fileOf("formations.csv"), RUNS_FORMULAS);
  const cells = (sheet?.rows ?? []).flatMap((line) => [...line.cells.values()]);
  expect(cells.length).toBeGreaterThan(500);
  expect(cells.filter(({ formula, kind }) => formula !== null || kind === "error")).toEqual([]);
});

test("a csv for programs: commas and keys, on demand", async () => {
  const text = (await get("/exports/formations.csv?sep=,&cles=1")).toString("utf8");

  const [keys = [], ...lines] = records(text.slice(1), ",");
  expect(keys).toEqual(expect.arrayContaining(["intitule", "organisme", "type", "url", "etat", "id"]));
  expect(lines.length).toBe((await json()).length);
});

/** The offers of all pages of a list, in its order. */
async function listed(path: string, query: string): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const html = (await get(`${path}?${query}&page=${page}`)).toString("utf8");
    const links = html.matchAll(
      /(?:class="card-title" |<th scope="row"><a )href="\/formations\/[^"]*?([a-z0-9]{16})"/g,
    );
    found.push(...[...links].map(([, id]) => id ?? ""));
    if (!html.includes('rel="next"')) return found;
  }
}

const QUERIES = [
  "",
  "q=eau",
  "q=%C3%A9lus+ECOLE",
  "type=formation_courte",
  "type=mooc&type=atelier_webinaire",
  "themes=concertation&modalite=presentiel",
  "modalite=Distanciel",
  "tri=organisme",
  "tri=recent",
  "tri=-intitule",
  "q=participation&type=formation_courte&themes=concertation&tri=-organisme",
  "q=introuvable-xyz",
];

test("one query narrows and sorts the pages and the files alike", async () => {
  const sizes = new Set<number>();
  for (const query of QUERIES) {
    const ids = (await json(`?${query}`)).map((row) => String(row.id));
    const csv = records((await get(`/exports/formations.csv?${query}`)).toString("utf8").slice(1), ";");
    sizes.add(ids.length);

    expect(await listed("/", query), query).toEqual(ids);
    expect(await listed("/table", query), query).toEqual(ids);
    expect(
      csv.slice(1).map((line) => line.at(-1)),
      query,
    ).toEqual(ids);
  }
  // The queries do ask for different things.
  expect(sizes.size).toBeGreaterThan(6);

  const query = "q=participation&type=formation_courte&tri=-organisme";
  const [sheet] = await opened(await fileOf("formations.xlsx", `?${query}`));
  expect([...byId(sheet?.rows ?? []).keys()]).toEqual(await listed("/", query));
});

test("the links under a list lead to the files of that very list", async () => {
  const html = (await get("/?q=eau&tri=organisme")).toString("utf8");
  const links = [...html.matchAll(/href="(\/exports\/[^"]+)" download/g)].map(([, href]) =>
    href?.replace(/&(?:amp|#38|#x26);/g, "&"),
  );

  expect(links.map((href) => href?.split("?")[0])).toEqual(
    expect.arrayContaining([
      "/exports/formations.xlsx",
      "/exports/formations.csv",
      "/exports/formations.json",
    ]),
  );
  const file = links.find((href) => href?.includes(".json")) ?? "";
  const { rows } = JSON.parse((await get(file)).toString("utf8")) as { rows: JsonRow[] };
  expect(rows.map((row) => row.id)).toEqual(await listed("/", "q=eau&tri=organisme"));
});
