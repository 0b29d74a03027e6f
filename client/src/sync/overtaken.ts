import type * as Y from "yjs";
import type { Intent } from "../model/intent";
import { placeOf } from "../model/intent";
import { columnOf, parseKey } from "../model/layout";
import { samePlain } from "../model/plain";
import type { TableModel } from "../model/table";
import type { Plain } from "../model/types";
import { confirmed } from "./apply";
import type { Outbox } from "./outbox";
import { itemAt, replacesKnown } from "./winner";

/**
 * A value of mine that nobody had called "saved" yet, and that somebody else's stands in the place of: both were
 * written at the same moment, and a cell holds one. Told once, and never for texts, which merge letter by letter.
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

type SetValue = Extract<Intent, { what: "set" }>;

/** Finds values of mine that gave way. Each intent is told once, whatever comes after. */
export class Overtaking {
  readonly #table: TableModel;
  readonly #outbox: Outbox;
  readonly #who: Who;
  readonly #told = new WeakSet<Intent>();

  constructor(table: TableModel, outbox: Outbox, who: Who) {
    this.#table = table;
    this.#outbox = outbox;
    this.#who = who;
  }

  /** To be asked after each update of others, while the line is good. */
  look(): Overtaken[] {
    if (this.#outbox.isEmpty) return [];
    const last = new Map(this.#outbox.intents.map((intent) => [placeOf(intent), intent]));
    return [...last.values()].flatMap((intent) => {
      if (intent.what !== "set" || this.#told.has(intent) || parseKey(intent.key) === undefined) return [];
      const theirs = this.#table.stored(intent.row, intent.key);
      if (says(theirs, intent.value)) return [];
      const by = this.#winner(intent);
      if (by === undefined) return [];
      this.#told.add(intent);
      const { row, key, value: mine } = intent;
      return [{ row, column: columnOf(key) ?? "", key, mine, theirs, by }];
    });
  }

  /** Who wrote over mine without having seen it; undefined where nobody did. */
  #winner({ row, key }: SetValue): string | null | undefined {
    const { doc } = this.#table;
    const item = itemAt(doc, row, key);
    if (item === undefined) return undefined;
    const writer = this.#who(item.id.client);
    if (writer?.own === true) return undefined;
    const clocks = confirmed(doc, this.#outbox.entries);
    const unsaved = ({ client, clock }: Y.ID) => clock >= (clocks.get(client) ?? 0) && this.#wrote(client);
    return replacesKnown(doc, item, unsaved) ? undefined : (writer?.name ?? null);
  }

  #wrote(writer: number): boolean {
    return this.#who(writer)?.own === true;
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
