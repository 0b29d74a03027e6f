/** What it takes to leave one document for another without losing a word and without saying one twice. */
import * as Y from "yjs";
import type { Intent, LocalEdit } from "../model/intent";
import { placeOf } from "../model/intent";
import { SERVER } from "../model/undo";

/**
 * Whether a document already holds all that an update says. After a refusal this tells what the server took
 * of the old document, though its "saved" never came.
 */
export function covers(doc: Y.Doc, update: Uint8Array): boolean {
  const { from, to } = Y.parseUpdateMeta(update);
  const { ds } = Y.decodeUpdate(update);
  if (from.size === 0 && ds.clients.size === 0) return true;
  for (const [client, clock] of to) if (Y.getState(doc.store, client) < clock) return false;
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) if (!isGone(doc, client, clock, len)) return false;
  }
  return true;
}

function isGone(doc: Y.Doc, client: number, clock: number, length: number): boolean {
  if (Y.getState(doc.store, client) < clock + length) return false;
  const structs = doc.store.clients.get(client) ?? [];
  return structs.every(
    (struct) =>
      struct.deleted || struct.id.clock + struct.length <= clock || struct.id.clock >= clock + length,
  );
}

type Clocks = ReadonlyMap<number, number>;

/** How far each writer's doings in a document go that the server has said to have: all but what is not saved. */
export function confirmed(doc: Y.Doc, unsaved: readonly LocalEdit[]): Clocks {
  const clocks = Y.decodeStateVector(Y.encodeStateVector(doc));
  for (const { update } of unsaved) {
    for (const [writer, from] of Y.parseUpdateMeta(update).from) {
      clocks.set(writer, Math.min(from, clocks.get(writer) ?? 0));
    }
  }
  return clocks;
}

/** Whether a state vector misses something of these. */
export function lacks(stateVector: Uint8Array, clocks: Clocks): boolean {
  const there = Y.decodeStateVector(stateVector);
  return [...clocks].some(([writer, clock]) => clock > (there.get(writer) ?? 0));
}

/**
 * The same doings in fewer steps: letters typed one after the other become one change, the last value of a cell
 * is its value. What was done at other places in between changes nothing.
 */
export function coalesced(intents: readonly Intent[]): Intent[] {
  const result: Intent[] = [];
  const last = new Map<string, number>();
  for (const intent of intents) {
    const at = last.get(placeOf(intent));
    const joined = at === undefined ? undefined : join(result[at], intent);
    if (at !== undefined && joined !== undefined) result[at] = joined;
    else {
      last.set(placeOf(intent), result.length);
      result.push(intent);
    }
  }
  return result;
}

function join(first: Intent | undefined, then: Intent): Intent | undefined {
  if (first?.what === "text" && then.what === "text") {
    // Words of others came in between: joining would claim them as ours.
    return first.to === then.from ? { ...first, to: then.to } : undefined;
  }
  if (first?.what === "set" && (then.what === "set" || then.what === "unset")) {
    return { ...then, before: first.before };
  }
  if (first?.what === then.what && (then.what === "bin" || then.what === "move")) return then;
  return undefined;
}

/** The document as the device kept it, with what is not saved yet; null where there is none that can be read. */
export function rebuilt(updates: readonly Uint8Array[], own: readonly LocalEdit[]): Y.Doc | null {
  if (updates.length === 0) return null;
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update, SERVER);
      for (const { update } of own) Y.applyUpdate(doc, update, SERVER);
    }, SERVER);
    return doc;
  } catch {
    // Bytes that a browser damaged: the server has the document, and the outbox its intents.
    return null;
  }
}
