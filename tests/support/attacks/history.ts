/** Updates that rewrite what others did: their writers, their clocks, their deletions. */

import * as Y from "yjs";
import { clocksOf, content, forged, garbage, item, madeBy, skip, standsAt, syncFrame } from "../forge.js";
import { type Attack, all, block, bytes, deletes, edit, inCell, PILOTS, row, title } from "./scene.js";

export const HISTORY: readonly Attack[] = [
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
    lawful: PILOTS,
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
];
