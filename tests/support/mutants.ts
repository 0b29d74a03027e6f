/** Updates by chance: honest ones with bytes that fell, and such as were put together from pieces that fit badly. */

import * as Y from "yjs";
import {
  type Block,
  type Content,
  clocksOf,
  content,
  type Deletion,
  forged,
  garbage,
  type Id,
  item,
  madeBy,
  nested,
  type Section,
  type Stands,
  skip,
} from "./forge.js";

export type Dice = (sides: number) => number;

const ROOTS = ["rows", "rows", "rows", "columns", "meta", "x"] as const;
const KEYS = [
  "intitule",
  "resume",
  "niveau",
  "etat",
  "verifie_le",
  "duree_heures",
  "lieux",
  "lieux/a",
  "lieux/z",
  "themes/eau",
  "niveau~said",
  "~order",
  "~deleted",
  "~base",
  "inconnue",
  "__proto__",
  "",
] as const;
const ROW_KEYS = ["rowa", "rowb", "rowown", "rowz", "rowbin", "etat", "epoch", "Rangée"] as const;

function pick<T>(dice: Dice, from: readonly T[]): T {
  return from[dice(from.length)] as T;
}

/** An honest edit of somebody who may write in `rows`, as the update that says it. */
export function honest(dice: Dice, doc: Y.Doc, rows: readonly string[]): Uint8Array {
  const before = Y.encodeStateVector(doc);
  const map = doc.getMap<Y.Map<unknown>>("rows");
  doc.transact(() => {
    const row = map.get(pick(dice, rows));
    const title = row?.get("intitule");
    switch (dice(5)) {
      case 0:
        row?.set("duree_heures", dice(40));
        break;
      case 1:
        row?.set(`lieux/i${dice(9)}`, { lieu: `Lieu ${dice(9)}` });
        break;
      case 2: {
        const made = new Y.Map<unknown>();
        map.set(`rowm${dice(1e6)}`, made);
        made.set("~order", "z");
        made.set("intitule", new Y.Text("Offre"));
        break;
      }
      default:
        if (title instanceof Y.Text) {
          title.insert(dice(title.length + 1), "mot ");
          if (dice(3) === 0) title.delete(0, 1 + dice(3));
        }
        row?.set("niveau", `n${dice(5)}`);
    }
  });
  return Y.encodeStateAsUpdate(doc, before);
}

/** A well-formed edit of what somebody may not be allowed to write: any row, any key, by itself or beside an honest one. */
export function tempted(dice: Dice, doc: Y.Doc, rows: readonly string[]): Uint8Array {
  const before = Y.encodeStateVector(doc);
  const map = doc.getMap<Y.Map<unknown>>("rows");
  doc.transact(() => {
    if (dice(2) === 0) map.get(pick(dice, rows))?.set("duree_heures", dice(40));
    const id = pick(dice, ["rowa", "rowb", "rowbin", "rowown"]);
    const row = map.get(id);
    const title = row?.get("intitule");
    switch (dice(8)) {
      case 0:
        row?.set("~order", `b${dice(9)}`);
        break;
      case 1:
        row?.set("~deleted", dice(2) === 0 ? null : { at: dice(9) });
        break;
      case 2:
        if (title instanceof Y.Text) title.delete(0, Math.min(3, title.length));
        break;
      case 3:
        row?.delete(pick(dice, KEYS));
        break;
      case 4:
        if (dice(2) === 0) map.delete(id);
        else map.set(id, new Y.Map());
        break;
      default:
        row?.set(
          pick(dice, ["etat", "etat", "verifie_le", "niveau", "~base"]),
          pick(dice, ["publiee", "archivee"]),
        );
    }
  });
  return Y.encodeStateAsUpdate(doc, before);
}

/** The same bytes with a few that fell, were doubled or went missing. */
export function fallen(dice: Dice, update: Uint8Array): Uint8Array {
  let bytes = [...update];
  for (let n = 1 + dice(3); n > 0 && bytes.length > 0; n -= 1) {
    const at = dice(bytes.length);
    switch (dice(6)) {
      case 0:
        bytes.splice(at, 1 + dice(4));
        break;
      case 1:
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + dice(8)));
        break;
      case 2:
        bytes.splice(at, 0, pick(dice, [0, 1, 0x7f, 0x80, 0xff]));
        break;
      case 3:
        bytes = [...bytes.slice(0, at), ...bytes.slice(at).reverse()];
        break;
      default:
        bytes[at] = dice(256);
    }
  }
  return Uint8Array.from(bytes);
}

/** Pieces put together by chance, many of which say something that the engines would believe. */
export function assembled(dice: Dice, doc: Y.Doc, me: number): Uint8Array {
  const clocks = clocksOf(doc);
  const writers = [...clocks.keys()];
  const any = (): Id => {
    const client = dice(4) === 0 ? me : pick(dice, writers);
    return { client, clock: dice((clocks.get(client) ?? 0) + 2) };
  };
  const sections: Section[] = [];
  for (let n = 1 + dice(2); n > 0; n -= 1) {
    const client = dice(6) === 0 ? pick(dice, writers) : dice(8) === 0 ? dice(2 ** 31) : me;
    const next = clocks.get(client) ?? 0;
    const clock = dice(5) === 0 ? Math.max(0, next - 1 + dice(3)) : next;
    const blocks = Array.from({ length: 1 + dice(3) }, () => aBlock(dice, doc, any));
    if (sections.every((section) => section.client !== client)) sections.push({ client, clock, blocks });
  }
  const deletions: Deletion[] = [];
  if (dice(3) === 0) {
    const { client, clock } = any();
    deletions.push({ client, ranges: [[clock, 1 + dice(4)]] });
  }
  return forged(dice(6) === 0 ? [] : sections, deletions);
}

function aBlock(dice: Dice, doc: Y.Doc, any: () => Id): Block {
  if (dice(12) === 0) return dice(2) === 0 ? garbage(1 + dice(5)) : skip(1 + dice(5));
  return item(aPlace(dice, doc, any), aContent(dice));
}

function aPlace(dice: Dice, doc: Y.Doc, any: () => Id): Stands {
  const rows = [...doc.getMap<Y.Map<unknown>>("rows").values()].filter((row) => row instanceof Y.Map);
  switch (dice(6)) {
    case 0:
      return { root: pick(dice, ROOTS), key: pick(dice, ROW_KEYS) };
    case 1:
      return { left: any() };
    case 2:
      return dice(3) === 0 ? { left: any(), right: any() } : { right: any() };
    default:
      return { parent: dice(6) === 0 ? any() : madeBy(pick(dice, rows)), key: pick(dice, KEYS) };
  }
}

function aContent(dice: Dice): Content {
  switch (dice(12)) {
    case 0:
      return content.deleted(1 + dice(3));
    case 1:
      return content.letters(pick(dice, ["x", "é", "\u{1f600}", "\0", "<b>"]));
    case 2:
      return content.type(dice(8));
    case 3:
      return content.json("1");
    case 4:
      return pick(dice, [content.binary(Uint8Array.of(1)), content.document(), content.embed("{}")]);
    case 5:
      return content.format("bold", "true");
    case 6:
      return content.any(nested(dice(7)));
    case 7:
      return content.any({ at: 1 });
    default:
      return content.any(pick(dice, ["publiee", "archivee", 7, true, null, "x".repeat(20), -0.5]));
  }
}
