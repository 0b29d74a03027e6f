/**
 * The frames on the wire, as closed unions: the mirror of `live/protocol.rs`.
 *
 * The framing is that of y-protocols v1; tabs that offered the subprotocol also exchange frames of kind 100,
 * one JSON text each. To add one: its case here, its pair of files in `fixtures/frames`, its twin in Rust.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { Role } from "../model/table";

export const SUBPROTOCOL = "tablee.v1";

const KIND = { sync: 0, awareness: 1, queryAwareness: 3, ours: 100 } as const;
const STEP = { step1: 0, step2: 1, update: 2 } as const;

/** Why a socket was closed for good; every other code means "try again". */
export const CLOSED = { loginEnded: 4401, refused: 4403, otherEpoch: 4409, tooLarge: 4413 } as const;

export interface Limits {
  readonly update: number;
  readonly step2: number;
  readonly cell: number;
  readonly text: number;
}

/** The first frame of all: who you are here. */
export interface Hello {
  readonly type: "hello";
  readonly epoch: number;
  /** A Yjs client id reserved for this person. */
  readonly writer: number;
  readonly role: Role;
  readonly person: number;
  readonly name: string;
  readonly colour: number;
  readonly revision: number;
  readonly limits: Limits;
}

/** A cell that was not allowed: a key of the row's map, empty for the row itself. */
export interface RefusedCell {
  readonly row: string;
  readonly column: string;
}

export type ServerSays =
  | Hello
  /** How many step 2 and update frames of this socket are durable. */
  | { readonly type: "saved"; readonly upto: number }
  | {
      readonly type: "refused";
      readonly frame: number;
      readonly cells: readonly RefusedCell[];
      readonly reason: string;
    }
  | { readonly type: "text-made"; readonly row: string; readonly column: string }
  | { readonly type: "reload"; readonly reason: string }
  | Notice;

/** News by the key of its sentence: `make-text-refused`, `restored`, `imported`, `columns`. */
export interface Notice {
  readonly type: "notice";
  readonly key: string;
  readonly row?: string;
  readonly column?: string;
  readonly reason?: string;
  /** The name of who did it. */
  readonly by?: string;
  /** How many cells it changed. */
  readonly cells?: number;
  readonly at?: number;
}

export interface TabSays {
  readonly type: "make-text";
  readonly row: string;
  readonly column: string;
}

/** What a tab says of itself, or the server of a tab; a null state is a goodbye. */
export interface AwarenessEntry {
  readonly writer: number;
  readonly clock: number;
  readonly state: unknown;
}

export type Frame =
  | { readonly frame: "step1"; readonly stateVector: Uint8Array }
  | { readonly frame: "step2"; readonly update: Uint8Array }
  | { readonly frame: "update"; readonly update: Uint8Array }
  | { readonly frame: "awareness"; readonly entries: readonly AwarenessEntry[] }
  | { readonly frame: "query-awareness" }
  | { readonly frame: "ours"; readonly says: ServerSays | TabSays };

export function encode(frame: Frame): Uint8Array<ArrayBuffer> {
  const out = encoding.createEncoder();
  switch (frame.frame) {
    case "step1":
      sync(out, STEP.step1, frame.stateVector);
      break;
    case "step2":
      sync(out, STEP.step2, frame.update);
      break;
    case "update":
      sync(out, STEP.update, frame.update);
      break;
    case "awareness":
      encoding.writeVarUint(out, KIND.awareness);
      encoding.writeVarUint8Array(out, encodeEntries(frame.entries));
      break;
    case "query-awareness":
      encoding.writeVarUint(out, KIND.queryAwareness);
      break;
    case "ours":
      encoding.writeVarUint(out, KIND.ours);
      encoding.writeVarString(out, JSON.stringify(frame.says));
  }
  return encoding.toUint8Array(out) as Uint8Array<ArrayBuffer>;
}

/** Reads one message; undefined for what is no frame that this client knows. */
export function parse(bytes: Uint8Array): Frame | undefined {
  try {
    const from = decoding.createDecoder(bytes);
    const frame = parseKind(decoding.readVarUint(from), from);
    return decoding.hasContent(from) ? undefined : frame;
  } catch {
    // lib0 throws at the end of truncated bytes, JSON.parse at what is no JSON.
    return undefined;
  }
}

function sync(out: encoding.Encoder, step: number, body: Uint8Array): void {
  encoding.writeVarUint(out, KIND.sync);
  encoding.writeVarUint(out, step);
  encoding.writeVarUint8Array(out, body);
}

function encodeEntries(entries: readonly AwarenessEntry[]): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, entries.length);
  for (const { writer, clock, state } of entries) {
    encoding.writeVarUint(out, writer);
    encoding.writeVarUint(out, clock);
    encoding.writeVarString(out, JSON.stringify(state ?? null));
  }
  return encoding.toUint8Array(out);
}

function parseKind(kind: number, from: decoding.Decoder): Frame | undefined {
  switch (kind) {
    case KIND.sync:
      return parseSync(decoding.readVarUint(from), decoding.readVarUint8Array(from));
    case KIND.awareness:
      return { frame: "awareness", entries: parseEntries(decoding.readVarUint8Array(from)) };
    case KIND.queryAwareness:
      return { frame: "query-awareness" };
    case KIND.ours:
      return parseOurs(JSON.parse(decoding.readVarString(from)));
    default:
      return undefined;
  }
}

function parseSync(step: number, body: Uint8Array): Frame | undefined {
  switch (step) {
    case STEP.step1:
      return { frame: "step1", stateVector: body };
    case STEP.step2:
      return { frame: "step2", update: body };
    case STEP.update:
      return { frame: "update", update: body };
    default:
      return undefined;
  }
}

function parseEntries(bytes: Uint8Array): AwarenessEntry[] {
  const from = decoding.createDecoder(bytes);
  const entries: AwarenessEntry[] = [];
  for (let left = decoding.readVarUint(from); left > 0; left -= 1) {
    const writer = decoding.readVarUint(from);
    const clock = decoding.readVarUint(from);
    entries.push({ writer, clock, state: JSON.parse(decoding.readVarString(from)) });
  }
  return entries;
}

function parseOurs(said: unknown): Frame | undefined {
  if (typeof said !== "object" || said === null || !("type" in said)) return undefined;
  const says = readOurs(said as Readonly<Record<string, unknown>>);
  return says === undefined ? undefined : { frame: "ours", says };
}

/** Takes what is there in the shape we know; a frame that lacks something is none. */
function readOurs(said: Readonly<Record<string, unknown>>): ServerSays | TabSays | undefined {
  switch (said.type) {
    case "hello":
      return readHello(said);
    case "saved":
      return isCount(said.upto) ? { type: "saved", upto: said.upto } : undefined;
    case "refused":
      if (!isCount(said.frame) || !Array.isArray(said.cells) || !isText(said.reason)) return undefined;
      return { type: "refused", frame: said.frame, cells: said.cells.flatMap(readCell), reason: said.reason };
    case "make-text":
    case "text-made":
      if (!isText(said.row) || !isText(said.column)) return undefined;
      return { type: said.type, row: said.row, column: said.column };
    case "reload":
      return isText(said.reason) ? { type: "reload", reason: said.reason } : undefined;
    case "notice":
      return isText(said.key) ? readNotice(said.key, said) : undefined;
    default:
      return undefined;
  }
}

function readHello(said: Readonly<Record<string, unknown>>): Hello | undefined {
  const { epoch, writer, person, name, colour, revision } = said;
  const role = (["member", "pilot", "admin"] as const).find((known) => known === said.role);
  const limits = readLimits(said.limits);
  if (role === undefined || limits === undefined || !isText(name)) return undefined;
  if (!isCount(epoch) || !isCount(writer) || !isCount(person) || !isCount(colour) || !isCount(revision)) {
    return undefined;
  }
  return { type: "hello", epoch, writer, role, person, name, colour, revision, limits };
}

function readLimits(said: unknown): Limits | undefined {
  const { update, step2, cell, text } = { ...(said as Partial<Limits> | undefined) };
  if (!isCount(update) || !isCount(step2) || !isCount(cell) || !isCount(text)) return undefined;
  return { update, step2, cell, text };
}

function readCell(said: Partial<RefusedCell> | null): RefusedCell[] {
  return isText(said?.row) && isText(said?.column) ? [{ row: said.row, column: said.column }] : [];
}

function readNotice(key: string, said: Readonly<Record<string, unknown>>): ServerSays {
  const { row, column, reason, by, cells, at } = said;
  return {
    type: "notice",
    key,
    ...(isText(row) ? { row } : {}),
    ...(isText(column) ? { column } : {}),
    ...(isText(reason) ? { reason } : {}),
    ...(isText(by) ? { by } : {}),
    ...(isCount(cells) ? { cells } : {}),
    ...(isCount(at) ? { at } : {}),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
