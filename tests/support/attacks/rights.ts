/** What a role may not do, in every way of saying it. */

import * as Y from "yjs";
import { forged, type Id, syncFrame } from "../forge.js";
import { type Attack, edit, PILOTS, row, title, WHO_EDIT_ALL } from "./scene.js";

export const RIGHTS: readonly Attack[] = [
  // Rights.
  {
    row: 11,
    name: "a state that only pilots set",
    refused: "pilots-only",
    lawful: PILOTS,
    sends: edit((as) => row(as).set("etat", "archivee")),
  },
  {
    row: 11,
    name: "a state that only pilots set, as a step 2",
    refused: "pilots-only",
    lawful: PILOTS,
    sends: edit((as) => row(as).set("etat", "archivee"), 1),
  },
  {
    row: 11,
    name: "the state of a row of one's own making",
    refused: "pilots-only",
    lawful: PILOTS,
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
    lawful: PILOTS,
    sends: edit((as) => row(as).set("~order", "zz")),
  },
  {
    row: 11,
    name: "the bin, for a row of somebody else",
    refused: "not-own-row",
    lawful: PILOTS,
    sends: edit((as) => row(as).set("~deleted", { at: 1 })),
  },
  {
    row: 11,
    name: "out of the bin, a row that somebody else put there",
    refused: "pilots-only",
    lawful: PILOTS,
    sends: edit((as) => row(as, "rowbin").set("~deleted", null)),
  },
  {
    row: 11,
    name: "an allowed and a forbidden cell together",
    refused: "pilots-only",
    lawful: PILOTS,
    sends: edit((as) => {
      row(as, "rowown").set("niveau", "expert");
      row(as).set("etat", "brouillon");
    }),
  },
  {
    row: 11,
    name: "a cell of a row of somebody else",
    refused: "not-own-row",
    lawful: WHO_EDIT_ALL,
    sends: edit((as) => row(as).set("niveau", "expert")),
  },
  {
    row: 11,
    name: "letters in a row of somebody else",
    refused: "not-own-row",
    lawful: WHO_EDIT_ALL,
    sends: edit((as) => title(as).insert(0, "x")),
  },
  {
    row: 11,
    name: "letters taken from a row of somebody else, by their numbers",
    refused: "not-own-row",
    lawful: WHO_EDIT_ALL,
    sends: (scene) => {
      const first = (title(scene) as unknown as { _start: { id: Id } })._start.id;
      return syncFrame(forged([], [{ client: first.client, ranges: [[first.clock, 3]] }]));
    },
  },
  {
    row: 11,
    name: "one's own row and another's together",
    refused: "not-own-row",
    lawful: WHO_EDIT_ALL,
    sends: edit((as) => {
      row(as, "rowown").set("niveau", "expert");
      row(as).set("lieux/x", { lieu: "Ici" });
    }),
  },
];
