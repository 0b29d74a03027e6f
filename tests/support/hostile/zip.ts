/** Archives as no honest program writes them: each field of each header can lie. */

import { constants, crc32, deflateRawSync } from "node:zlib";

export interface Part {
  readonly name: string;
  readonly content?: string | Buffer;
  /** The bytes as they stand in the archive, where they are not the packed content. */
  readonly packed?: Buffer;
  /** What the headers say, where it is not the truth. */
  readonly size?: number;
  readonly sum?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Where the list at the end says that it begins: another part's place, say. */
  readonly at?: number;
}

const STORED = 0;
const DEFLATED = 8;

/** An archive of these parts, in their order. */
export function zip(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content ?? "");
    const packed = part.packed ?? deflateRawSync(content, { level: 1 });
    const name = Buffer.from(part.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(part.flags ?? 0, 2);
    fields.writeUInt16LE(part.method ?? DEFLATED, 4);
    fields.writeUInt32LE(part.sum ?? crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(part.size ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from("PK\x03\x04"), fields, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(part.at ?? at, 10);
    list.push(Buffer.from("PK\x01\x02\x14\x00"), fields, rest, name);
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length & 0xffff, 8);
  end.writeUInt16LE(parts.length & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

/** A part that is not packed. */
export function stored(name: string, content: string | Buffer): Part {
  return { name, content, packed: Buffer.from(content), method: STORED };
}

/**
 * A part that unpacks to `head`, so many times `filling`, and `tail`; some kilobytes in the archive. Nothing is
 * unpacked here: one packed piece is repeated, so its sum is not known, and nobody should get so far.
 */
export function bomb(name: string, head: string, filling: string, times: number, tail: string): Part {
  const piece = (text: string) =>
    deflateRawSync(Buffer.from(text), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const block = piece(filling);
  // The last, empty block.
  const end = Buffer.from([3, 0]);
  const middle = Buffer.alloc(block.length * times, block);
  const size = head.length + filling.length * times + tail.length;
  return {
    name,
    packed: Buffer.concat([piece(head), middle, piece(tail), end]),
    size: Math.min(size, 0xffff_ffff),
    sum: 0,
  };
}
