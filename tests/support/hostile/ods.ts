/** OpenDocument sheets that want to hurt. A cell or a row of theirs may stand for thousands of millions. */

import { bomb, type Part, stored, zip } from "./zip.js";

const NAMES = ["office", "table", "text"].map(
  (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
);
const OPEN = `<office:document-content ${NAMES.join(" ")} office:version="1.3"><office:body><office:spreadsheet><table:table table:name="S">`;
const CLOSE = "</table:table></office:spreadsheet></office:body></office:document-content>";
const MIB = 1 << 20;
const MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";

const cell = (words: string, more = "") =>
  `<table:table-cell office:value-type="string"${more}><text:p>${words}</text:p></table:table-cell>`;
const row = (cells: string, more = "") => `<table:table-row${more}>${cells}</table:table-row>`;
const HONEST = row(cell("Intitulé") + cell("Organisme")) + row(cell("Animer") + cell("Les Mots Dits"));

function ods(content: string | Part, manifest = ""): Buffer {
  const part =
    typeof content === "string" ? { name: "content.xml", content: OPEN + content + CLOSE } : content;
  const list = `<manifest:manifest xmlns:manifest="${MANIFEST}"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">${manifest}</manifest:file-entry></manifest:manifest>`;
  return zip([
    stored("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
    part,
    { name: "META-INF/manifest.xml", content: list },
  ]);
}

/** Too much of something, or what no spreadsheet writes. */
export function sheets(canary: string): Record<string, () => Buffer> {
  const laughs = Array.from(
    { length: 10 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join("");
  const declared = (declarations: string, used: string) => ({
    name: "content.xml",
    content: `<?xml version="1.0"?><!DOCTYPE x [${declarations}]>${OPEN}${row(cell(used))}${CLOSE}`,
  });
  return {
    "a-row-2147483648-times.ods": () =>
      ods(HONEST + row(cell("encore") + cell("et encore"), ' table:number-rows-repeated="2147483648"')),
    "a-cell-2147483648-times.ods": () =>
      ods(HONEST + row(cell("encore", ' table:number-columns-repeated="2147483648"'))),
    "12-million-repeated-cells.ods": () =>
      ods(
        HONEST +
          row(
            cell("x", ' table:number-columns-repeated="200"'),
            ' table:number-rows-repeated="60000"',
          ).repeat(1),
      ),
    "a-long-text-59000-times.ods": () =>
      ods(HONEST + row(cell("x".repeat(60_000)), ' table:number-rows-repeated="59000"')),
    "bomb-of-text.ods": () =>
      ods(
        bomb(
          "content.xml",
          `${OPEN}<table:table-row><table:table-cell office:value-type="string"><text:p>`,
          "a".repeat(MIB),
          2_048,
          `</text:p></table:table-cell></table:table-row>${CLOSE}`,
        ),
      ),
    "bomb-of-rows.ods": () => ods(bomb("content.xml", OPEN, row(cell("x")).repeat(10_000), 1_000, CLOSE)),
    "spaces-2147483648-times.ods": () =>
      ods(HONEST + row(cell('a<text:s text:c="2147483648"/>b') + cell("c"))),
    "merged-over-everything.ods": () =>
      ods(
        HONEST +
          row(
            cell(
              "Titre",
              ' table:number-rows-spanned="4294967295" table:number-columns-spanned="4294967295"',
            ),
          ).repeat(30_000),
      ),
    "a-thousand-million-laughs.ods": () => ods(declared(`<!ENTITY l0 "ha">${laughs}`, "&l10;")),
    "entity-of-a-file.ods": () => ods(declared(`<!ENTITY x SYSTEM "file://${canary}">`, "&x;")),
    "a-million-levels.ods": () => ods(row(`<table:table-cell>${"<text:p>".repeat(1_000_000)}`)),
    "tables-in-tables.ods": () => ods(row(cell(`<table:table table:name="T">`.repeat(20_000)))),
    "numbers-that-are-none.ods": () =>
      ods(
        row(cell("x"), ' table:number-rows-repeated="-5"') +
          row(cell("y", ' table:number-columns-repeated="99999999999999999999"')),
      ),
    "encrypted.ods": () =>
      ods(
        { name: "content.xml", content: "\u0001\u0002" },
        '<manifest:encryption-data manifest:checksum="x"/>',
      ),
    "cut-off.ods": () => ods({ name: "content.xml", content: OPEN + HONEST + row(cell("fin")).slice(0, -9) }),
    "without-content.ods": () => zip([stored("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]),
  };
}

/** What looks bad, harms nobody and is read. */
export function harmless(): Record<string, () => Buffer> {
  return {
    "empty-rows-to-the-end.ods": () =>
      ods(
        HONEST +
          row(
            '<table:table-cell table:number-columns-repeated="16384"/>',
            ' table:number-rows-repeated="1048574"',
          ),
      ),
  };
}
