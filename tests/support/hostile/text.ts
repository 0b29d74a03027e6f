/** Files of text, and files of other kinds under the names of workbooks. */

import { gzipSync } from "node:zlib";

const MIB = 1 << 20;
const HONEST = "Intitulé;Organisme\nAnimer;Les Mots Dits\n";

export function texts(): Record<string, () => Buffer> {
  return {
    "one-line-of-19-mb.csv": () => Buffer.from(`${HONEST}${"a".repeat(19 * MIB)}`),
    "3-million-cells.csv": () => Buffer.from(`${HONEST}${`${";x".repeat(200)}\n`.repeat(15_100)}`),
    "10-million-separators.csv": () => Buffer.from(HONEST + ";".repeat(10 * MIB)),
    "quote-that-never-ends.csv": () => Buffer.from(`${HONEST}"${"a;b\n".repeat(4 * MIB)}`),
    "60001-lines.csv": () => Buffer.from(HONEST + "Débattre;Orage\n".repeat(60_001)),
    "zeros.csv": () => Buffer.concat([Buffer.from(HONEST), Buffer.alloc(50_000), Buffer.from("x;y\n")]),
    "21-mb.csv": () => Buffer.from(HONEST + "a;b\n".repeat(21 * (MIB / 4))),
    "nothing.csv": () => Buffer.alloc(0),
    "spaces.csv": () => Buffer.from(" \r\n".repeat(100_000)),
    "document.pdf": () => Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "latin1"),
    "page-saved-as.xls": () =>
      Buffer.from("<html><table><tr><td>Intitulé</td></tr></table><script>alert(1)</script></html>"),
    "packed.csv.gz": () => gzipSync(Buffer.alloc(30 * MIB)),
    "picture.xlsx": () =>
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(3_000)]),
    "program.xls": () => Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), Buffer.alloc(3_000)]),
    "database.db": () => Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(4_000)]),
    "noise.xlsx": () => {
      // The same noise each time: a failure can be lived again.
      let seed = 42;
      const bytes = Buffer.alloc(200_000);
      for (let at = 0; at < bytes.length; at += 1) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        bytes[at] = seed >>> 16;
      }
      return bytes;
    },
  };
}

/** What looks bad, harms nobody and is read. */
export function harmless(): Record<string, () => Buffer> {
  return {
    "utf16-cut-in-a-letter.csv": () =>
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(HONEST, "utf16le"),
        Buffer.from([0x00, 0xd8, 0x41]),
      ]),
    "old-text.rtf": () => Buffer.from("{\\rtf1\\ansi Intitul\\'e9}"),
  };
}
