import type * as Y from "yjs";
import { compareColumns, readColumn } from "./column";
import type { LocalEdit } from "./intent";
import { COLUMNS, ROWS } from "./layout";
import { Slots } from "./row";
import type { Column } from "./types";
import { History, MAKE } from "./undo";
import { KnownRows, Seen } from "./watch";
import { perform, type Write } from "./write";

/** What a document tells the table that stands on it. */
export interface HeldNews {
  /** One transaction is done. */
  changed(seen: Seen, local: boolean): void;
  /** One transaction of this tab is done, and these bytes say it. */
  edited(edit: LocalEdit): void;
  /** What it takes to put a row in the bin, or to take it out. */
  binning(row: string, binned: boolean): Write;
}

/** One document with what is known of it: rows, columns, undo. It watches until it is released. */
export class Held {
  readonly doc: Y.Doc;
  readonly rows: KnownRows;
  readonly history: History;
  columns: readonly Column[] = [];
  byId: ReadonlyMap<string, Column> = new Map();
  readonly #news: HeldNews;
  readonly #stored: Y.Map<unknown>;
  #seen = new Seen();
  /** Of the transaction that is just over, until its bytes come. */
  #told: Seen | null = null;
  #ids: { shown: readonly string[]; binned: readonly string[] } | null = null;

  constructor(doc: Y.Doc, news: HeldNews) {
    this.doc = doc;
    this.#news = news;
    const map = doc.getMap(ROWS);
    this.#stored = doc.getMap(COLUMNS);
    this.rows = new KnownRows(map, new Slots(doc));
    this.history = new History(map, (ids, binned) =>
      perform(
        doc,
        this.rows,
        ids.map((row) => news.binning(row, binned)),
        MAKE,
      ),
    );
    this.#readColumns();
    map.observeDeep(this.#watchRows);
    this.#stored.observeDeep(this.#watchColumns);
    // After the history's own listener, so that who hears of a change may ask whether it can be undone.
    doc.on("afterTransaction", this.#tell);
    doc.on("update", this.#keep);
  }

  /** Ids of the rows in their shared order: those in the table, and those in the bin. */
  ids(): { readonly shown: readonly string[]; readonly binned: readonly string[] } {
    if (this.#ids === null) {
      const rows = [...this.rows.all()].sort((a, b) =>
        a.order === b.order ? (a.id < b.id ? -1 : 1) : a.order < b.order ? -1 : 1,
      );
      const ids = (binned: boolean) => rows.filter((row) => row.binned === binned).map(({ id }) => id);
      this.#ids = { shown: ids(false), binned: ids(true) };
    }
    return this.#ids;
  }

  release(): void {
    this.rows.map.unobserveDeep(this.#watchRows);
    this.#stored.unobserveDeep(this.#watchColumns);
    this.doc.off("afterTransaction", this.#tell);
    this.doc.off("update", this.#keep);
    this.history.end();
  }

  readonly #watchRows = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void =>
    this.rows.watch(events, this.#seen);

  readonly #watchColumns = (): void => {
    this.#seen.columns = true;
  };

  readonly #tell = (transaction: Y.Transaction): void => {
    if (this.#seen.isEmpty) return;
    const seen = this.#seen;
    this.#seen = new Seen();
    this.#told = seen;
    if (seen.rows) this.#ids = null;
    if (seen.columns) this.#readColumns();
    this.#news.changed(seen, transaction.local);
  };

  readonly #keep = (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction): void => {
    const intents = this.#told?.intents ?? [];
    this.#told = null;
    if (local) this.#news.edited({ intents, update });
  };

  #readColumns(): void {
    const all = [...this.#stored.entries()].flatMap(([id, column]) => readColumn(id, column) ?? []);
    this.byId = new Map(all.map((column) => [column.id, column]));
    this.columns = all.filter(({ archived }) => !archived).sort(compareColumns);
  }
}
