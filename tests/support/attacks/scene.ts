/** What an attacker has at hand, and short ways to say what is sent. */

import type * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { Tab } from "../../browser/support/tab.js";
import { clocksOf, type content, forged, type Id, item, standsAt, syncFrame } from "../forge.js";

export type Role = "member" | "member of own rows" | "pilot";

/** What an attacker has at hand. */
export interface Scene {
  /** The attacker's own tab. */
  readonly tab: Tab;
  /** A copy of the document, under the attacker's own writer. */
  readonly doc: Y.Doc;
  readonly rows: Y.Map<Y.Map<unknown>>;
  /** The attacker's writer, which has written nothing yet. */
  readonly me: number;
  /** Somebody who wrote the rows, and is here. */
  readonly victim: Tab;
}

export interface Attack {
  readonly row: number;
  readonly name: string;
  /** The reason on the wire; null where the bytes are no frame at all. */
  readonly refused: string | null;
  readonly lawful?: readonly Role[];
  /** One frame, or several. */
  readonly sends: (scene: Scene) => Uint8Array | readonly Uint8Array[];
}

/** An update that Yjs itself makes of a change. */
export const edit =
  (work: (scene: Scene) => void, step = 2) =>
  (scene: Scene): Uint8Array => {
    const before = Y.encodeStateVector(scene.doc);
    scene.doc.transact(() => work(scene));
    return syncFrame(Y.encodeStateAsUpdate(scene.doc, before), step);
  };

/** One block of the attacker's next clock. */
export const block =
  (make: (scene: Scene) => (out: encoding.Encoder) => void) =>
  (scene: Scene): Uint8Array =>
    syncFrame(forged([{ client: scene.me, clock: 0, blocks: [make(scene)] }]));

export const bytes =
  (...raw: number[]) =>
  (): Uint8Array =>
    syncFrame(Uint8Array.from(raw));

export const row = (scene: Scene, name = "rowa"): Y.Map<unknown> => {
  const found = scene.rows.get(name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

export const title = (scene: Scene, name = "rowa"): Y.Text => row(scene, name).get("intitule") as Y.Text;

/** A new value in a cell: the follower of what stands there. */
export const inCell = (key: string, held: (scene: Scene) => ReturnType<typeof content.any>) =>
  block((scene) => item({ left: standsAt(row(scene), key) }, held(scene)));

export const inRows = (held: () => ReturnType<typeof content.any>) =>
  block(() => item({ root: "rows", key: "rowz" }, held()));

export const inRoot = (root: string, held: () => ReturnType<typeof content.any>, key?: string) =>
  block(() => item(key === undefined ? { root } : { root, key }, held()));

export const deletes = (of: (scene: Scene) => readonly Id[]) => (scene: Scene) => {
  const ranges = of(scene).map((id) => ({ client: id.client, ranges: [[id.clock, 1] as const] }));
  return syncFrame(forged([], ranges));
};

export const all = (scene: Scene) =>
  [...clocksOf(scene.doc)].map(([client, clock]) => ({ client, ranges: [[0, clock] as const] }));

/** A pilot may do this. */
export const PILOTS: readonly Role[] = ["pilot"];
/** So may members, where they may change any row. */
export const WHO_EDIT_ALL: readonly Role[] = ["pilot", "member"];
