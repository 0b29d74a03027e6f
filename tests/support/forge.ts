/** Updates of Yjs by hand, byte by byte: what no honest tab would say. The layout is that of update v1. */

import * as encoding from "lib0/encoding";
import * as Y from "yjs";

export interface Id {
  readonly client: number;
  readonly clock: number;
}

/** What writes one block. */
export type Block = (out: encoding.Encoder) => void;

/** Where an item stands: beside others, in a root, or in what another item made. */
export interface Stands {
  readonly left?: Id;
  readonly right?: Id;
  readonly root?: string;
  readonly parent?: Id;
  readonly key?: string;
}

/** What an item holds: the number of its kind and its bytes. */
export type Content = readonly [kind: number, write: Block];

export const content = {
  deleted: (length: number): Content => [1, (out) => encoding.writeVarUint(out, length)],
  json: (text: string): Content => [
    2,
    (out) => {
      encoding.writeVarUint(out, 1);
      encoding.writeVarString(out, text);
    },
  ],
  binary: (bytes: Uint8Array): Content => [3, (out) => encoding.writeVarUint8Array(out, bytes)],
  letters: (text: string): Content => [4, (out) => encoding.writeVarString(out, text)],
  embed: (json: string): Content => [5, (out) => encoding.writeVarString(out, json)],
  format: (key: string, json: string): Content => [
    6,
    (out) => {
      encoding.writeVarString(out, key);
      encoding.writeVarString(out, json);
    },
  ],
  /** 0 array, 1 map, 2 text, 3 element, 4 fragment, 5 hook, 6 xml text, 7 link. */
  type: (kind: number): Content => [
    7,
    (out) => {
      encoding.writeVarUint(out, kind);
      if (kind === 3 || kind === 5) encoding.writeVarString(out, "p");
    },
  ],
  any: (...values: unknown[]): Content => [
    8,
    (out) => {
      encoding.writeVarUint(out, values.length);
      for (const value of values) encoding.writeAny(out, value as never);
    },
  ],
  /** Values as bytes that lib0 would never write. */
  raw: (...bytes: number[]): Content => [8, (out) => encoding.writeUint8Array(out, Uint8Array.from(bytes))],
  document: (): Content => [
    9,
    (out) => {
      encoding.writeVarString(out, "secret");
      encoding.writeAny(out, {});
    },
  ],
} as const;

export const garbage =
  (length: number): Block =>
  (out) => {
    encoding.writeUint8(out, 0);
    encoding.writeVarUint(out, length);
  };

export const skip =
  (length: number): Block =>
  (out) => {
    encoding.writeUint8(out, 10);
    encoding.writeVarUint(out, length);
  };

export const item =
  (stands: Stands, [kind, write]: Content): Block =>
  (out) => {
    const { left, right, root, parent, key } = stands;
    const info = kind | (left ? 0x80 : 0) | (right ? 0x40 : 0) | (key === undefined ? 0 : 0x20);
    encoding.writeUint8(out, info);
    for (const id of [left, right]) if (id !== undefined) writeId(out, id);
    if (left === undefined && right === undefined) {
      encoding.writeVarUint(out, root === undefined ? 0 : 1);
      if (root !== undefined) encoding.writeVarString(out, root);
      else writeId(out, parent ?? { client: 0, clock: 0 });
      if (key !== undefined) encoding.writeVarString(out, key);
    }
    write(out);
  };

function writeId(out: encoding.Encoder, { client, clock }: Id): void {
  encoding.writeVarUint(out, client);
  encoding.writeVarUint(out, clock);
}

/** Blocks of one writer from a clock on. */
export interface Section extends Id {
  readonly blocks: readonly Block[];
}

/** Ranges of one writer that are deleted. */
export interface Deletion {
  readonly client: number;
  readonly ranges: readonly (readonly [clock: number, length: number])[];
}

export function forged(sections: readonly Section[], deletions: readonly Deletion[] = []): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, sections.length);
  for (const { client, clock, blocks } of sections) {
    encoding.writeVarUint(out, blocks.length);
    writeId(out, { client, clock });
    for (const write of blocks) write(out);
  }
  encoding.writeVarUint(out, deletions.length);
  for (const { client, ranges } of deletions) {
    encoding.writeVarUint(out, client);
    encoding.writeVarUint(out, ranges.length);
    for (const [clock, length] of ranges) writeId(out, { client: clock, clock: length });
  }
  return encoding.toUint8Array(out);
}

/** The frames of the wire around them. */
export function syncFrame(bytes: Uint8Array, step = 2): Uint8Array {
  const frame = encoding.createEncoder();
  encoding.writeVarUint(frame, 0);
  encoding.writeVarUint(frame, step);
  encoding.writeVarUint8Array(frame, bytes);
  return encoding.toUint8Array(frame);
}

export interface AwarenessEntry {
  readonly writer: number;
  readonly clock: number;
  readonly state: unknown;
}

export function awarenessFrame(entries: readonly AwarenessEntry[]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const { writer, clock, state } of entries) {
    encoding.writeVarUint(body, writer);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, JSON.stringify(state ?? null));
  }
  const frame = encoding.createEncoder();
  encoding.writeVarUint(frame, 1);
  encoding.writeVarUint8Array(frame, encoding.toUint8Array(body));
  return encoding.toUint8Array(frame);
}

/** The element that stands under a key now. */
export function standsAt(map: Y.Map<unknown>, key: string): Id {
  const found = (map as unknown as { _map: Map<string, { id: Id }> })._map.get(key);
  if (found === undefined) throw new Error(`nothing stands at ${key}`);
  return found.id;
}

/** The element that made a row or a text. */
export function madeBy(type: Y.Map<unknown> | Y.Text): Id {
  const found = (type as unknown as { _item: { id: Id } | null })._item;
  if (found === null) throw new Error("a root was made by nobody");
  return found.id;
}

/** A value so many lists deep. */
export function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** How far a document knows each writer. */
export function clocksOf(doc: Y.Doc): Map<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc));
}
