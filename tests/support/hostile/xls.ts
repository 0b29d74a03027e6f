/** Workbooks of Excel before 2007 that want to hurt: the container and the records inside can lie. */

const SECTOR = 512;
const END_OF_CHAIN = 0xffff_fffe;
const FREE = 0xffff_ffff;
const FAT_SECTOR = 0xffff_fffd;

/** A compound file of these streams. `bend` may spoil its header and its table of sectors before they are joined. */
export function container(
  streams: Record<string, Buffer>,
  bend: (header: Buffer, table: Buffer) => void = () => {},
): Buffer {
  const names = Object.keys(streams);
  // Small streams would stand elsewhere: all are made long enough to have sectors of their own.
  const bodies = names.map((name) => padded(streams[name] ?? Buffer.alloc(0), 4_096));
  const table = Buffer.alloc(SECTOR, 0xff);
  table.writeUInt32LE(FAT_SECTOR, 0);
  table.writeUInt32LE(END_OF_CHAIN, 4);
  const entries = [entry("Root Entry", 5, 1, END_OF_CHAIN, 0)];
  let sector = 2;
  for (const [at, body] of bodies.entries()) {
    const count = body.length / SECTOR;
    for (let n = 0; n < count; n += 1) {
      const next = n === count - 1 ? END_OF_CHAIN : sector + n + 1;
      table.writeUInt32LE(next, 4 * (sector + n));
    }
    const right = at + 1 < names.length ? at + 2 : FREE;
    entries.push(entry(names[at] ?? "", 2, FREE, sector, body.length, right));
    sector += count;
  }
  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(header);
  for (const [offset, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const) {
    header.writeUInt16LE(value, offset);
  }
  for (const [offset, value] of [
    [44, 1],
    [48, 1],
    [56, 4_096],
    [60, END_OF_CHAIN],
    [68, END_OF_CHAIN],
    [76, 0],
  ] as const) {
    header.writeUInt32LE(value, offset);
  }
  bend(header, table);
  return Buffer.concat([header, table, padded(Buffer.concat(entries), SECTOR), ...bodies]);
}

function padded(bytes: Buffer, least: number): Buffer {
  const size = Math.max(least, Math.ceil(bytes.length / SECTOR) * SECTOR);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

function entry(name: string, kind: number, child: number, start: number, size: number, right = FREE): Buffer {
  const made = Buffer.alloc(128);
  made.write(name, "utf16le");
  made.writeUInt16LE(2 * (name.length + 1), 64);
  made.writeUInt8(kind, 66);
  made.writeUInt8(1, 67);
  made.writeUInt32LE(FREE, 68);
  made.writeUInt32LE(right, 72);
  made.writeUInt32LE(child, 76);
  made.writeUInt32LE(start, 116);
  made.writeUInt32LE(size, 120);
  return made;
}

function record(kind: number, ...fields: Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  return Buffer.concat([u16(kind), u16(body.length), body]);
}

const u16 = (...values: number[]) => {
  const made = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) made.writeUInt16LE(value & 0xffff, 2 * at);
  return made;
};
const u32 = (...values: number[]) => {
  const made = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) made.writeUInt32LE(value >>> 0, 4 * at);
  return made;
};

const BEGIN_BOOK = record(0x0809, u16(0x0600, 0x0005, 0, 0), u32(0, 6));
const BEGIN_SHEET = record(0x0809, u16(0x0600, 0x0010, 0, 0), u32(0, 6));
const END = record(0x000a);

/** A text with two bytes a letter. */
const wide = (words: string) =>
  Buffer.concat([u16(words.length), Buffer.from([1]), Buffer.from(words, "utf16le")]);
const label = (row: number, column: number, words: string) =>
  record(0x0204, u16(row, column, 0), wide(words));
const HONEST = Buffer.concat([
  label(0, 0, "Intitulé"),
  label(0, 1, "Organisme"),
  label(1, 0, "Animer"),
  label(1, 1, "Les Mots Dits"),
]);

/** A book of one sheet with these records; `globals` stand before the list of sheets. */
function book(records: Buffer, globals: Buffer = Buffer.alloc(0)): Buffer {
  const name = Buffer.from("Feuille");
  const bound = (at: number) => record(0x0085, u32(at), Buffer.from([0, 0, name.length, 0]), name);
  const before = BEGIN_BOOK.length + globals.length + bound(0).length + END.length;
  return Buffer.concat([BEGIN_BOOK, globals, bound(before), END, BEGIN_SHEET, records, END]);
}

const xls = (records: Buffer, globals?: Buffer) => container({ Workbook: book(records, globals) });
const dimensions = (rows: number, columns: number) => record(0x0200, u32(0, rows), u16(0, columns, 0));

/** Too much of something, or what no spreadsheet writes. */
export function books(): Record<string, () => Buffer> {
  return {
    "asks-for-a-text-that-is-not-there.xls": () =>
      xls(record(0x00fd, u16(0, 0, 0), u32(899_999_999)), record(0x00fc, u32(1, 1), wide("x"))),
    "text-longer-than-its-record.xls": () =>
      xls(record(0x0204, u16(0, 0, 0), u16(0xffff), Buffer.from([1, 65, 0]))),
    "record-longer-than-the-file.xls": () => xls(Buffer.concat([HONEST, u16(0x0204, 0xffff)])),
    "password.xls": () => xls(HONEST, record(0x002f, u16(1, 1, 1), Buffer.alloc(48, 5))),
    "nonsense-in-the-book.xls": () => container({ Workbook: Buffer.alloc(9_000, 0xa5) }),
    "sheet-beyond-the-end.xls": () => {
      const bound = record(0x0085, u32(0x7fff_ffff), Buffer.from([0, 0, 1, 0]), Buffer.from("F"));
      return container({ Workbook: Buffer.concat([BEGIN_BOOK, bound, END]) });
    },
    "sectors-of-32-kb-squared.xls": () =>
      container({ Workbook: book(HONEST) }, (header) => {
        header.writeUInt16LE(30, 30);
      }),
    "without-a-book.xls": () => container({ Rien: Buffer.alloc(5_000) }),
    "password-of-a-new-workbook.xlsx": () =>
      container({ EncryptionInfo: Buffer.alloc(4_200, 4), EncryptedPackage: Buffer.alloc(9_000, 9) }),
    "cut-off.xls": () => xls(HONEST).subarray(0, 1_700),
  };
}

/** What looks bad, harms nobody and is read. */
export function harmless(): Record<string, () => Buffer> {
  return {
    "counts-4000000000-texts.xls": () =>
      xls(HONEST, record(0x00fc, u32(4_000_000_000, 4_000_000_000), wide("x"))),
    "sectors-in-a-ring.xls": () =>
      container({ Workbook: book(HONEST) }, (_, table) => {
        table.writeUInt32LE(2, 4 * 3);
      }),
    "a-container-of-4-gb.xls": () =>
      container({ Workbook: book(HONEST) }, (header) => {
        header.writeUInt32LE(0xffff_fff0, 44);
        header.writeUInt32LE(0xffff_fff0, 72);
      }),
    "dimensions-of-everything.xls": () => xls(Buffer.concat([dimensions(0xffff_ffff, 0xffff), HONEST])),
  };
}
