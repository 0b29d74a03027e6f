/** Things that have no place in a table. */

import * as Y from "yjs";
import { content, item, standsAt } from "../forge.js";
import { type Attack, block, edit, inCell, inRoot, inRows, row, title } from "./scene.js";

export const SHAPES: readonly Attack[] = [
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
];
