import type * as Y from "yjs";
import type { Owner } from "../lib/owner";
import type { Intent, LocalEdit } from "../model/intent";
import { columnOf } from "../model/layout";
import { samePlain } from "../model/plain";
import type { TableModel } from "../model/table";
import type { CellRef, Plain } from "../model/types";
import { itemAt, replacesKnown } from "./winner";

/**
 * A value of mine that somebody else's stands in the place of, who had not seen it: both were written at the same
 * moment, and a cell holds one. Told once, and never for texts, which merge letter by letter.
 */
export interface Overtaken {
  readonly row: string;
  readonly column: string;
  /** The key in the row, as `model/layout.ts` names it: `duree_jours`, `themes/eau`, `duree_jours~said`. */
  readonly key: string;
  readonly mine: Plain;
  /** What stands there now; null where it was cleared. */
  readonly theirs: Plain;
  /** Who wrote it, where this tab knows. */
  readonly by: string | null;
}

/** What is known of a writer: one of ours, somebody by name, or nobody we have seen. */
export type Who = (writer: number) => { readonly name: string; readonly own: boolean } | null;

/** A value that I set, and the item of the document that says so. */
interface Mine {
  readonly row: string;
  readonly key: string;
  readonly value: Plain;
  readonly id: Y.ID;
}

/** Finds values of mine that gave way. What somebody wrote over mine having seen it is their good right. */
export class Overtaking {
  readonly #table: TableModel;
  readonly #who: Who;
  /** By cell, then by key: a list cell has one for each item. */
  readonly #mine = new Map<string, Map<string, Mine>>();
  #doc: Y.Doc;
  #found: Overtaken[] = [];

  constructor(table: TableModel, who: Who, owner: Owner) {
    this.#table = table;
    this.#who = who;
    this.#doc = table.doc;
    owner.add(table.edits.on((edit) => this.#note(edit)));
    owner.add(table.onChange(({ cells, local }) => local || this.#look(cells)));
  }

  /** What was found since it was last asked. */
  take(): readonly Overtaken[] {
    return this.#found.splice(0);
  }

  #note({ intents }: LocalEdit): void {
    this.#followTable();
    for (const intent of intents) if (intent.what === "set" || intent.what === "unset") this.#set(intent);
  }

  #set(intent: Extract<Intent, { what: "set" | "unset" }>): void {
    const { row, key } = intent;
    const item = itemAt(this.#doc, row, key);
    const cell = `${row} ${columnOf(key)}`;
    const keys = this.#mine.get(cell) ?? new Map<string, Mine>();
    this.#mine.set(cell, keys);
    // What shows again after an undo was nobody's choice of this moment.
    if (intent.what === "unset" || item === undefined) keys.delete(key);
    else keys.set(key, { row, key, value: intent.value, id: item.id });
  }

  #look(cells: readonly CellRef[]): void {
    this.#followTable();
    for (const { row, column } of cells) {
      const keys = this.#mine.get(`${row} ${column}`);
      for (const mine of keys?.values() ?? []) {
        const theirs = this.#table.stored(row, mine.key);
        if (says(theirs, mine.value)) continue;
        keys?.delete(mine.key);
        const by = this.#winner(mine);
        if (by !== undefined) this.#found.push({ row, column, key: mine.key, mine: mine.value, theirs, by });
      }
    }
  }

  /** Who wrote over mine without having seen it; undefined where nobody did. */
  #winner({ row, key, id }: Mine): string | null | undefined {
    const item = itemAt(this.#doc, row, key);
    const writer = item === undefined ? null : this.#who(item.id.client);
    if (item === undefined || writer?.own === true) return undefined;
    const isMine = ({ client, clock }: Y.ID) => client === id.client && clock >= id.clock;
    return replacesKnown(this.#doc, item, isMine) ? undefined : (writer?.name ?? null);
  }

  /** In another document nothing is where it was. */
  #followTable(): void {
    if (this.#table.doc === this.#doc) return;
    this.#doc = this.#table.doc;
    this.#mine.clear();
  }
}

/** Whether two values say the same, though the server may write one of them otherwise. */
function says(theirs: Plain, mine: Plain): boolean {
  return samePlain(theirs, mine) || plainest(theirs) === plainest(mine);
}

function plainest(value: Plain): string {
  if (value === null || value === false) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value).normalize("NFC").trim();
}
