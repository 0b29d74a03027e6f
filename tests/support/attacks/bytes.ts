/** Bytes that lie about what they hold, and values on which engines break or differ. */

import { content, forged, garbage, item, madeBy, nested, syncFrame } from "../forge.js";
import { type Attack, bytes, edit, inCell, inRows, row, title } from "./scene.js";

const LIE = [0xff, 0xff, 0xff, 0x7a] as const;

export const BYTES: readonly Attack[] = [
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
];
