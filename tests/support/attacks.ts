/**
 * What a hostile tab may send through the socket, each by the number of its row in the threat model (A.1).
 *
 * To add one: its line here. `refused` says what the program must answer; a role that may lawfully do it is
 * named in `lawful`, and the attack is then not one.
 */

import type * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { Tab } from "../browser/support/tab.js";
import {
  clocksOf,
  content,
  forged,
  garbage,
  type Id,
  item,
  madeBy,
  nested,
  skip,
  standsAt,
  syncFrame,
} from "./forge.js";

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
const edit =
  (work: (scene: Scene) => void, step = 2) =>
  (scene: Scene): Uint8Array => {
    const before = Y.encodeStateVector(scene.doc);
    scene.doc.transact(() => work(scene));
    return syncFrame(Y.encodeStateAsUpdate(scene.doc, before), step);
  };

/** One block of the attacker's next clock. */
const block =
  (make: (scene: Scene) => (out: encoding.Encoder) => void) =>
  (scene: Scene): Uint8Array =>
    syncFrame(forged([{ client: scene.me, clock: 0, blocks: [make(scene)] }]));

const bytes =
  (...raw: number[]) =>
  (): Uint8Array =>
    syncFrame(Uint8Array.from(raw));

const row = (scene: Scene, name = "rowa"): Y.Map<unknown> => {
  const found = scene.rows.get(name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
};

const title = (scene: Scene, name = "rowa"): Y.Text => row(scene, name).get("intitule") as Y.Text;

/** A new value in a cell: the follower of what stands there. */
const inCell = (key: string, held: (scene: Scene) => ReturnType<typeof content.any>) =>
  block((scene) => item({ left: standsAt(row(scene), key) }, held(scene)));

const inRows = (held: () => ReturnType<typeof content.any>) =>
  block(() => item({ root: "rows", key: "rowz" }, held()));

const inRoot = (root: string, held: () => ReturnType<typeof content.any>, key?: string) =>
  block(() => item(key === undefined ? { root } : { root, key }, held()));

const deletes = (of: (scene: Scene) => readonly Id[]) => (scene: Scene) => {
  const ranges = of(scene).map((id) => ({ client: id.client, ranges: [[id.clock, 1] as const] }));
  return syncFrame(forged([], ranges));
};

const all = (scene: Scene) =>
  [...clocksOf(scene.doc)].map(([client, clock]) => ({ client, ranges: [[0, clock] as const] }));

const LIE = [0xff, 0xff, 0xff, 0x7a] as const;

const MEMBERS_ONLY: readonly Role[] = ["pilot"];
const WITH_ALL: readonly Role[] = ["pilot", "member"];

export const ATTACKS: readonly Attack[] = [
  // Nested values.
  ...[5, 100].map((depth) => ({
    row: 1,
    name: `a value nested ${depth} deep in a cell`,
    refused: "too-large",
    sends: inCell("niveau", () => content.any(nested(depth))),
  })),
  {
    row: 1,
    name: "a value nested 5 deep under a new row",
    refused: "too-large",
    sends: inRows(() => content.any(nested(5))),
  },
  {
    row: 1,
    name: "a map in a list in a map in a list in a map",
    refused: "too-large",
    sends: inCell("niveau", () => content.any({ a: [{ b: [{ c: 1 }] }] })),
  },

  // Lengths that lie.
  { row: 2, name: "a count of writers that is not there", refused: "malformed", sends: bytes(...LIE) },
  {
    row: 2,
    name: "a count of blocks that is not there",
    refused: "malformed",
    sends: bytes(1, ...LIE, 1, 0),
  },
  { row: 2, name: "a count of deleting writers", refused: "malformed", sends: bytes(0, ...LIE) },
  { row: 2, name: "a count of deletions", refused: "malformed", sends: bytes(0, 1, 1, ...LIE) },
  {
    row: 2,
    name: "a list that claims more than there is",
    refused: "malformed",
    sends: inCell("niveau", () => content.raw(1, 117, ...LIE)),
  },
  {
    row: 2,
    name: "a map that claims more than there is",
    refused: "malformed",
    sends: inCell("niveau", () => content.raw(1, 118, ...LIE)),
  },
  {
    row: 2,
    name: "a text that claims more than there is",
    refused: "malformed",
    sends: inCell("niveau", () => content.raw(1, 119, ...LIE)),
  },
  {
    row: 2,
    name: "more values than there are",
    refused: "malformed",
    sends: inCell("niveau", () => content.raw(...LIE)),
  },
  {
    row: 2,
    name: "a state vector that lies",
    refused: null,
    sends: () => syncFrame(Uint8Array.from(LIE), 0),
  },
  {
    row: 2,
    name: "awareness of more tabs than bytes",
    refused: null,
    sends: () => Uint8Array.from([1, 4, ...LIE]),
  },
  { row: 2, name: "bytes after the end", refused: "malformed", sends: bytes(0, 0, 0) },
  { row: 2, name: "a section without blocks", refused: "malformed", sends: bytes(1, 0, 1, 0, 0) },
  { row: 2, name: "half a frame", refused: null, sends: () => Uint8Array.from([0, 2, 9, 1]) },
  { row: 2, name: "a kind that does not exist", refused: null, sends: () => Uint8Array.from([9]) },
  { row: 2, name: "nothing", refused: null, sends: () => new Uint8Array() },

  // What waits for something that never comes.
  {
    row: 5,
    name: "an orphan, asked for and sent again",
    refused: "missing",
    sends: (scene) => {
      const orphan = forged([
        { client: scene.me, clock: 0, blocks: [item({ left: { client: 77, clock: 9 } }, content.any(1))] },
      ]);
      return [syncFrame(orphan), syncFrame(orphan, 1)];
    },
  },
  {
    row: 5,
    name: "deletions of what does not exist yet",
    refused: "missing",
    sends: (scene) => {
      const early = forged([], [{ client: scene.me, ranges: [[5, 1_000]] }]);
      return [syncFrame(early), syncFrame(early, 1)];
    },
  },
  {
    row: 5,
    name: "a clock that was skipped",
    refused: "missing",
    sends: (scene) => {
      const late = forged([
        { client: scene.me, clock: 7, blocks: [item({ root: "rows", key: "rowz" }, content.type(1))] },
      ]);
      return [syncFrame(late), syncFrame(late, 1)];
    },
  },

  // Deletions only.
  {
    row: 6,
    name: "all that was ever written, deleted in a few bytes",
    refused: "shape",
    sends: (scene) => syncFrame(forged([], all(scene))),
  },
  {
    row: 6,
    name: "a row deleted by its number",
    refused: "rows-stay",
    sends: deletes((scene) => [madeBy(row(scene))]),
  },
  {
    row: 6,
    name: "the state of a row deleted by its number",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: deletes((scene) => [standsAt(row(scene), "etat")]),
  },
  {
    row: 6,
    name: "a text deleted by its number",
    refused: "shape",
    sends: deletes((scene) => [madeBy(title(scene))]),
  },
  {
    row: 6,
    name: "a column deleted by its number",
    refused: "shape",
    sends: deletes((scene) => [standsAt(scene.doc.getMap("columns"), "etat")]),
  },
  { row: 6, name: "every row removed", refused: "rows-stay", sends: edit(({ rows }) => rows.clear()) },
  {
    row: 6,
    name: "a row replaced",
    refused: "rows-stay",
    sends: edit(({ rows }) => rows.set("rowa", new Y.Map())),
  },

  // Writing as somebody else.
  {
    row: 7,
    name: "the next clock of a victim",
    refused: "foreign-writer",
    sends: (scene) => {
      scene.doc.clientID = scene.victim.doc.clientID;
      return edit((as) => row(as).set("niveau", "expert"))(scene);
    },
  },
  {
    row: 7,
    name: "the writer of the server",
    refused: "foreign-writer",
    sends: (scene) => {
      scene.doc.clientID = standsAt(scene.doc.getMap("columns"), "etat").client;
      return edit((as) => row(as).set("niveau", "expert"))(scene);
    },
  },
  {
    row: 7,
    name: "a writer that was given to somebody who has not used it yet",
    refused: "foreign-writer",
    sends: (scene) => {
      scene.doc.clientID = scene.victim.hello?.writer ?? 0;
      return syncFrame(
        forged([
          {
            client: scene.victim.hello?.writer ?? 0,
            clock: clocksOf(scene.doc).get(scene.victim.hello?.writer ?? 0) ?? 0,
            blocks: [item({ root: "rows", key: "rowz" }, content.type(1))],
          },
        ]),
      );
    },
  },
  {
    row: 7,
    name: "a writer listed twice",
    refused: "malformed",
    sends: ({ me }) => {
      const blocks = [item({ root: "rows", key: "rowz" }, content.type(1))];
      return syncFrame(
        forged([
          { client: me, clock: 0, blocks },
          { client: me, clock: 1, blocks },
        ]),
      );
    },
  },

  // Clocks at their limit.
  {
    row: 8,
    name: "garbage of the utmost length",
    refused: "malformed",
    sends: block(() => garbage(2 ** 32 - 2)),
  },
  { row: 8, name: "garbage of no length", refused: "malformed", sends: block(() => garbage(0)) },
  {
    row: 8,
    name: "a hole of the utmost length",
    refused: "missing",
    sends: (scene) => {
      const hole = forged([{ client: scene.me, clock: 0, blocks: [skip(2 ** 32 - 2)] }]);
      return [syncFrame(hole), syncFrame(hole, 1)];
    },
  },
  {
    row: 8,
    name: "tombstones of the utmost length",
    refused: "malformed",
    sends: inCell("niveau", () => content.deleted(2 ** 31)),
  },
  {
    row: 8,
    name: "a writer beyond 53 bits",
    refused: "malformed",
    sends: bytes(1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 1, 0),
  },
  {
    row: 8,
    name: "deletions up to the last clock",
    refused: "malformed",
    sends: ({ me }) => syncFrame(forged([], [{ client: me, ranges: [[0, 2 ** 31]] }])),
  },

  // Roots, parents and keys that no table has.
  {
    row: 9,
    name: "another root",
    refused: "shape",
    sends: edit(({ doc }) => doc.getMap("secrets").set("x", 1)),
  },
  {
    row: 9,
    name: "a text in another root",
    refused: "shape",
    sends: edit(({ doc }) => doc.getText("t").insert(0, "x")),
  },
  {
    row: 9,
    name: "the columns",
    refused: "shape",
    sends: edit(({ doc }) => doc.getMap("columns").set("etat", {})),
  },
  {
    row: 9,
    name: "the meta data",
    refused: "shape",
    sends: edit(({ doc }) => doc.getMap("meta").set("epoch", 9)),
  },
  {
    row: 9,
    name: "the base of a row",
    refused: "shape",
    sends: edit((as) => row(as).set("~base", [0, "x"])),
  },
  { row: 9, name: "an unknown column", refused: "shape", sends: edit((as) => row(as).set("inconnue", "x")) },
  { row: 9, name: "a key that is none", refused: "shape", sends: edit((as) => row(as).set("Intitulé", "x")) },
  {
    row: 9,
    name: "a row whose name is a trap",
    refused: "shape",
    sends: edit(({ rows }) => rows.set("__proto__", new Y.Map())),
  },
  {
    row: 9,
    name: "a list in the root of the rows",
    refused: "shape",
    sends: inRoot("rows", () => content.any(1)),
  },
  {
    row: 9,
    name: "a key longer than any",
    refused: "too-large",
    sends: edit((as) => row(as).set(`lieux/${"x".repeat(200)}`, true)),
  },
  {
    row: 9,
    name: "a value larger than any",
    refused: "too-large",
    sends: edit((as) => row(as).set("niveau", "x".repeat(33 * 1024))),
  },

  // Types where others stand.
  ...(["array", "map", "text", "element", "fragment", "hook", "xml text"] as const).map((name, kind) => ({
    row: 10,
    name: `type ${name} in a plain cell`,
    refused: "shape",
    sends: inCell("niveau", () => content.type(kind)),
  })),
  {
    row: 10,
    name: "a link in a cell",
    refused: "shape",
    sends: inCell("niveau", () => content.type(7)),
  },
  ...[0, 2, 4, 6].map((kind) => ({
    row: 10,
    name: `a row that is of type ${kind}`,
    refused: "shape",
    sends: inRows(() => content.type(kind)),
  })),
  { row: 10, name: "a row that is a value", refused: "shape", sends: inRows(() => content.any("x")) },
  {
    row: 10,
    name: "letters in the root of the rows",
    refused: "shape",
    sends: inRoot("rows", () => content.letters("x")),
  },
  {
    row: 10,
    name: "letters under the name of a row",
    refused: "shape",
    sends: inRows(() => content.letters("x")),
  },
  {
    row: 10,
    name: "a document in a cell",
    refused: "shape",
    sends: inCell("niveau", () => content.document()),
  },
  {
    row: 10,
    name: "bytes in a cell",
    refused: "shape",
    sends: inCell("niveau", () => content.binary(Uint8Array.of(1))),
  },
  { row: 10, name: "old JSON in a cell", refused: "shape", sends: inCell("niveau", () => content.json("1")) },
  {
    row: 10,
    name: "something embedded in a cell",
    refused: "shape",
    sends: inCell("niveau", () => content.embed("{}")),
  },
  {
    row: 10,
    name: "a second text in one cell",
    refused: "shape",
    sends: edit((as) => row(as).set("intitule", new Y.Text("x"))),
  },
  {
    row: 10,
    name: "a plain value over a text",
    refused: "shape",
    sends: edit((as) => row(as).set("intitule", "Autre")),
  },
  { row: 10, name: "a text taken away", refused: "shape", sends: edit((as) => row(as).delete("intitule")) },
  {
    row: 10,
    name: "a text in a cell of numbers",
    refused: "shape",
    sends: edit((as) => row(as).set("duree_heures", new Y.Text("7"))),
  },
  {
    row: 10,
    name: "formatted letters",
    refused: "shape",
    sends: edit((as) => title(as).insert(0, "x", { bold: true })),
  },
  {
    row: 10,
    name: "something embedded in a text",
    refused: "shape",
    sends: edit((as) => title(as).insertEmbed(0, { x: 1 })),
  },
  {
    row: 10,
    name: "a child of a value",
    refused: "malformed",
    sends: block((scene) => item({ parent: standsAt(row(scene), "niveau"), key: "x" }, content.any(1))),
  },
  {
    row: 10,
    name: "neighbours in two cells",
    refused: "malformed",
    sends: block((scene) =>
      item({ left: standsAt(row(scene), "niveau"), right: standsAt(row(scene), "etat") }, content.any("x")),
    ),
  },

  // Rights.
  {
    row: 11,
    name: "a state that only pilots set",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => row(as).set("etat", "archivee")),
  },
  {
    row: 11,
    name: "a state that only pilots set, as a step 2",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => row(as).set("etat", "archivee"), 1),
  },
  {
    row: 11,
    name: "the state of a row of one's own making",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit(({ rows }) => {
      const made = new Y.Map<unknown>();
      rows.set("rowz", made);
      made.set("~order", "z");
      made.set("etat", "publiee");
    }),
  },
  {
    row: 11,
    name: "the order of somebody's row",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => row(as).set("~order", "zz")),
  },
  {
    row: 11,
    name: "the bin, for a row of somebody else",
    refused: "not-own-row",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => row(as).set("~deleted", { at: 1 })),
  },
  {
    row: 11,
    name: "out of the bin, a row that somebody else put there",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => row(as, "rowbin").set("~deleted", null)),
  },
  {
    row: 11,
    name: "an allowed and a forbidden cell together",
    refused: "pilots-only",
    lawful: MEMBERS_ONLY,
    sends: edit((as) => {
      row(as, "rowown").set("niveau", "expert");
      row(as).set("etat", "brouillon");
    }),
  },
  {
    row: 11,
    name: "a cell of a row of somebody else",
    refused: "not-own-row",
    lawful: WITH_ALL,
    sends: edit((as) => row(as).set("niveau", "expert")),
  },
  {
    row: 11,
    name: "letters in a row of somebody else",
    refused: "not-own-row",
    lawful: WITH_ALL,
    sends: edit((as) => title(as).insert(0, "x")),
  },
  {
    row: 11,
    name: "letters taken from a row of somebody else, by their numbers",
    refused: "not-own-row",
    lawful: WITH_ALL,
    sends: (scene) => {
      const first = (title(scene) as unknown as { _start: { id: Id } })._start.id;
      return syncFrame(forged([], [{ client: first.client, ranges: [[first.clock, 3]] }]));
    },
  },
  {
    row: 11,
    name: "one's own row and another's together",
    refused: "not-own-row",
    lawful: WITH_ALL,
    sends: edit((as) => {
      row(as, "rowown").set("niveau", "expert");
      row(as).set("lieux/x", { lieu: "Ici" });
    }),
  },

  // Storms.
  {
    row: 22,
    name: "more rivals for one cell than any tab has",
    refused: "too-large",
    sends: (scene) => {
      const parent = madeBy(row(scene));
      const rivals = Array.from({ length: 65 }, () => item({ parent, key: "cpf" }, content.any("oui")));
      return syncFrame(forged([{ client: scene.me, clock: 0, blocks: rivals }]));
    },
  },
  {
    row: 22,
    name: "more new writers in one frame than any tab has",
    refused: "too-large",
    sends: () => {
      const one = (client: number) => ({ client, clock: 0, blocks: [garbage(1)] });
      return syncFrame(forged(Array.from({ length: 257 }, (_, at) => one(1_000 + at))));
    },
  },

  // Values on which two engines differ.
  ...(
    [
      ["NaN", [1, 124, 0x7f, 0xc0, 0, 0], "shape"],
      ["infinity", [1, 123, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], "shape"],
      ["a bigint", [1, 122, 0, 0, 0, 0, 0, 0, 0, 1], "shape"],
      ["undefined", [1, 127], "shape"],
      ["bytes", [1, 116, 1, 7], "shape"],
      ["U+0000", [1, 119, 3, 97, 0, 98], "shape"],
      ["half a surrogate pair", [1, 119, 3, 0xed, 0xa0, 0x80], "malformed"],
      ["a kind of value that does not exist", [1, 3], "malformed"],
      [
        "a number beyond 53 bits",
        [1, 125, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        "malformed",
      ],
    ] as const
  ).map(([name, raw, refused]) => ({
    row: 30,
    name: `${name} in a cell`,
    refused,
    sends: inCell("niveau", () => content.raw(...raw)),
  })),
  { row: 30, name: "U+0000 in a text", refused: "shape", sends: edit((as) => title(as).insert(0, "\0")) },
  {
    row: 30,
    name: "several values in one block",
    refused: "shape",
    sends: inCell("niveau", () => content.any("a", "b")),
  },
  {
    row: 30,
    name: "a list where a value stands",
    refused: "shape",
    sends: inCell("niveau", () => content.any(["a"])),
  },
];
