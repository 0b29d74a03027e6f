import type { Intent, LocalEdit } from "../model/intent";
import { columnOf } from "../model/layout";
import type { TableModel } from "../model/table";
import type { Entry, Outbox } from "./outbox";

/** Does again, one thing at a time, what was meant in another document: so that a refusal hits its culprit alone. */
export class Again {
  readonly #table: TableModel;
  readonly #outbox: Outbox;
  #edits: LocalEdit[] | null = null;

  constructor(table: TableModel, outbox: Outbox) {
    this.#table = table;
    this.#outbox = outbox;
  }

  /** Whether an edit is one of those that are being done again. */
  takes(edit: LocalEdit): boolean {
    this.#edits?.push(edit);
    return this.#edits !== null;
  }

  /** The entries that say it here; what cannot be done is put aside. They are not in the outbox yet. */
  run(intents: readonly Intent[]): Entry[] {
    const edits: LocalEdit[] = [];
    this.#edits = edits;
    try {
      for (const intent of intents) {
        const reason = this.#impossible(intent);
        if (reason === null) this.#table.replay(intent);
        else this.#outbox.setAside([intent], reason);
      }
    } finally {
      this.#edits = null;
    }
    return edits.map((edit) => this.#outbox.entryOf(edit));
  }

  /** Why an intent cannot be done here, as far as the tab can know. */
  #impossible(intent: Intent): string | null {
    if (intent.what === "add-row") return null;
    if (!this.#table.hasRow(intent.row)) return "gone";
    if (intent.what === "bin" || intent.what === "move") return null;
    const column = this.#table.column(intent.what === "text" ? intent.column : (columnOf(intent.key) ?? ""));
    if (column === undefined || column.archived) return "no-such-column";
    return column.curated && this.#table.role === "member" ? "pilots-only" : null;
  }
}
