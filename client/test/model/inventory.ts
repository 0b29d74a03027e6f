import * as Y from "yjs";
import { TableModel } from "../../src/model/table";
import type { Kind, Plain } from "../../src/model/types";

/** A small inventory, as the server lays it out. */

const KINDS: Readonly<Record<string, Kind>> = {
  intitule: "text",
  resume: "long_text",
  themes: "choices",
  duree_jours: "duration",
  tarifs: "prices",
  url: "url",
  etat: "choice",
};

export const EAU = "formation0000001";
export const DEBAT = "formation0000002";

function columnOf(id: string, kind: Kind, order: number): Record<string, unknown> {
  return {
    label: { fr: id, en: id },
    kind,
    options: kind === "choices" ? [option("eau"), option("debat")] : [],
    order,
    section: "presentation",
    shown: true,
    curated: id === "etat",
  };
}

const option = (id: string) => ({ id, label: { fr: id, en: id } });

/** What the server writes into a new document: columns, and two rows that an import brought. */
export function fillInventory(doc: Y.Doc, epoch = 1): void {
  doc.transact(() => {
    const [columns, meta] = [doc.getMap("columns"), doc.getMap("meta")];
    for (const [at, [id, kind]] of Object.entries(KINDS).entries()) columns.set(id, columnOf(id, kind, at));
    meta.set("format", 1);
    meta.set("epoch", epoch);
    meta.set("slots/1", ["intitule", "themes", "duree_jours", "duree_jours~said", "url"]);
    importRow(doc, EAU, "a0", ["Eau et débat", { eau: true }, 2.5, "2 jours et demi", null]);
    importRow(doc, DEBAT, "a1", ["Débattre", null, 1, null, "https://exemple.fr"]);
  });
}

export function importRow(doc: Y.Doc, id: string, order: string, values: readonly Plain[]): void {
  const row = new Y.Map<unknown>();
  row.set("~base", [1, ...values]);
  row.set("~order", order);
  doc.getMap("rows").set(id, row);
}

/** The inventory as the server's document, with the server's own writer. */
export function inventory(epoch = 1): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = epoch;
  fillInventory(doc, epoch);
  return doc;
}

let made = 0;

export function tableOn(doc: Y.Doc, role: "member" | "pilot" = "pilot"): TableModel {
  const newRowId = () => {
    made += 1;
    return `new${String(made).padStart(13, "0")}`;
  };
  return new TableModel(doc, role, { now: () => 1_000, newRowId });
}

export function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Two people with the same inventory, whose edits cross only when they are told to. */
export class Pair {
  readonly lea: TableModel;
  readonly nour: TableModel;

  constructor() {
    const doc = inventory();
    this.lea = tableOn(copyOf(doc));
    this.nour = tableOn(copyOf(doc));
  }

  meet(): void {
    const [a, b] = [this.lea.doc, this.nour.doc];
    const [forB, forA] = [
      Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)),
      Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)),
    ];
    this.lea.receive(forA);
    this.nour.receive(forB);
  }
}
