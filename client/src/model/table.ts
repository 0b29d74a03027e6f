import * as Y from "yjs";
import { Emitter } from "../lib/emitter";
import { AskedTexts, type AskForText, nameOf, type Waited } from "./askedTexts";
import { isListKind, isTextKind } from "./column";
import { Held } from "./held";
import { HeldWords } from "./heldWords";
import type { Intent, LocalEdit } from "./intent";
import { DELETED, itemKey, parseKey, saidKey } from "./layout";
import { between } from "./order";
import { isMap, type PlainMap, samePlain, storable, storableText } from "./plain";
import { binWrite, replayed } from "./replay";
import type { Row } from "./row";
import { OpenText } from "./sharedText";
import type { Cell, Column, Plain, SharedText, Table, TableChange } from "./types";
import { MAKE, SERVER, LocalEdit as Tracked } from "./undo";
import type { KnownRows, Seen } from "./watch";
import { makeText, perform, type Write } from "./write";

export type Role = "member" | "pilot" | "admin";

/** What the table takes from the world. */
export interface TableWorld {
  now(): number;
  /** A row id that nobody has: 16 random characters of a-z0-9. */
  newRowId(): string;
}

const LOCAL = new Tracked();
const NOTHING: Cell = { value: null, said: null };

/**
 * The table in memory, and the only place that writes the Y.Doc.
 *
 * It outlives its document: after a refusal or a rebuild `adopt` puts another one in, and whoever holds the
 * table only hears that rows and columns changed.
 */
export class TableModel implements Table {
  /** What this tab did, with the bytes that say it to the server: for the outbox. */
  readonly edits = new Emitter<LocalEdit>();
  /** Words that could not be written, because their text was refused. */
  readonly lost = new Emitter<{ readonly intent: Intent; readonly reason: string }>();
  /** Rows that this person made, as far as this device knows: members may bin these. */
  readonly ownRows = new Set<string>();
  /** Nobody may write here any more: this person has no place in the table. */
  closed = false;

  readonly #world: TableWorld;
  readonly #changes = new Emitter<TableChange>();
  readonly #open = new Set<OpenText>();
  readonly #asked: AskedTexts;
  readonly #unread = new HeldWords();
  /** The writes of a transaction under way, and what cells will say once it is done. */
  #writes: Write[] | null = null;
  readonly #staged = new Map<string, Plain>();
  #held: Held;
  #role: Role;

  constructor(doc: Y.Doc, role: Role, world: TableWorld) {
    this.#world = world;
    this.#role = role;
    this.#asked = new AskedTexts({
      write: (row, column, words) => this.#writeAsked(row, column, words),
      lose: (row, column, words, reason) => this.#lose(row, column, words, reason),
    });
    this.#held = this.#hold(doc);
  }

  get doc(): Y.Doc {
    return this.#held.doc;
  }

  get role(): Role {
    return this.#role;
  }

  set role(role: Role) {
    if (role === this.#role) return;
    this.#role = role;
    this.#changes.emit({ cells: [], rows: false, columns: true, local: false });
  }

  set askForText(ask: AskForText) {
    this.#asked.ask = ask;
  }

  columns(): readonly Column[] {
    return this.#held.columns;
  }

  column(id: string): Column | undefined {
    return this.#held.byId.get(id);
  }

  rowIds(): readonly string[] {
    return this.#held.ids().shown;
  }

  binnedRowIds(): readonly string[] {
    return this.#held.ids().binned;
  }

  /** Whether the document has this row, in the bin or not. */
  hasRow(row: string): boolean {
    return this.#held.rows.get(row) !== undefined;
  }

  /** What this document's rows say, key by key. */
  get rows(): KnownRows {
    return this.#held.rows;
  }

  /** What stands under a key of `layout.ts`; for `~deleted`, whether the row is in the bin. */
  stored(row: string, key: string): Plain {
    const known = this.#held.rows.get(row);
    if (known === undefined) return null;
    return key === DELETED ? known.binned : known.stored(key);
  }

  /** Writes what stands under a key of `layout.ts`, as an ordinary edit. */
  store(row: string, key: string, value: Plain): void {
    const place = parseKey(key);
    switch (place?.at) {
      case "deleted":
        this.setBinned([row], value !== null && value !== false);
        break;
      case "cell":
        this.setValue(row, place.column, value);
        break;
      case "said":
        this.setSaid(row, place.column, typeof value === "string" ? value : null);
        break;
      case "item": {
        const items = this.cell(row, place.column).value;
        this.setValue(row, place.column, { ...(isMap(items) ? items : {}), [place.item]: value });
      }
    }
  }

  cell(row: string, column: string): Cell {
    const unread = this.#unread.words(row, column);
    if (unread !== undefined) return { value: null, said: unread };
    const known = this.#held.rows.get(row);
    const coming = this.#staged.get(nameOf(row, column)) ?? this.#asked.words(row, column);
    if (known === undefined) return coming === undefined ? NOTHING : { value: coming, said: null };
    return { value: coming === undefined ? this.#valueOf(known, column) : coming, said: known.said(column) };
  }

  setValue(row: string, column: string, value: Plain): void {
    const known = this.column(column);
    if (known === undefined) return;
    if (isTextKind(known.kind)) this.setText(row, column, value === null ? "" : String(value));
    else if (isListKind(known.kind)) this.#setList(row, column, isMap(value) ? value : {});
    else if (!samePlain(this.cell(row, column).value, value)) {
      this.#put(row, column, value, [{ write: "set", row, key: column, value: storable(value) }]);
    }
  }

  setSaid(row: string, column: string, words: string | null): void {
    const kept = words === null || words === "" ? null : storableText(words);
    if (kept === this.cell(row, column).said) return;
    this.#do([{ write: "set", row, key: saidKey(column), value: kept }]);
  }

  setText(row: string, column: string, text: string, caret?: number): void {
    const [now, to] = [String(this.cell(row, column).value ?? ""), storableText(text)];
    if (to === now) return;
    if (this.#asked.hold(row, column, now, to)) this.#tellCell(row, column, true);
    else this.#put(row, column, to, [{ write: "text", row, column, to, caret }]);
  }

  async openText(row: string, column: string): Promise<SharedText> {
    if (this.#held.rows.get(row)?.text(column) === undefined) await this.#asked.made(row, column);
    const home = {
      letters: () => String(this.cell(row, column).value ?? ""),
      write: (to: string, caret: number | undefined) => this.setText(row, column, to, caret),
    };
    return new OpenText(home, [row, column], (text, on) =>
      on ? this.#open.add(text) : this.#open.delete(text),
    );
  }

  holdWords(row: string, column: string, words: string): () => boolean {
    const release = this.#unread.hold(row, column, words);
    this.#tellCell(row, column, true);
    return () => {
      const held = release();
      if (held) this.#tellCell(row, column, true);
      return held;
    };
  }

  addRow(after: string | null): string {
    const row = this.#world.newRowId();
    this.ownRows.add(row);
    this.#do([{ write: "add-row", row, order: this.#orderAfter(after) }]);
    return row;
  }

  setBinned(rows: readonly string[], binned: boolean): void {
    const changed = rows.filter((row) => this.#held.rows.get(row)?.binned === !binned);
    this.#do(changed.map((row) => binWrite(row, binned, this.#world.now())));
  }

  transact(work: () => void): void {
    if (this.#writes !== null) {
      work();
      return;
    }
    const writes: Write[] = [];
    this.#writes = writes;
    try {
      work();
    } finally {
      this.#writes = null;
      this.#staged.clear();
      this.#do(writes);
    }
  }

  endStep(): void {
    this.#held.history.endStep();
  }

  joinStep(): void {
    this.#held.history.joinStep();
  }

  undo(): boolean {
    return this.#held.history.undo();
  }

  redo(): boolean {
    return this.#held.history.redo();
  }

  canUndo(): boolean {
    return this.#held.history.canUndo();
  }

  canRedo(): boolean {
    return this.#held.history.canRedo();
  }

  mayWrite(row: string, column: string): boolean {
    const known = this.column(column);
    if (this.closed || known === undefined || known.archived) return false;
    const there = this.#held.rows.get(row);
    // A row of a transaction under way is not in the document yet, but it is ours to fill.
    const open = there === undefined ? this.ownRows.has(row) : !there.binned;
    return (this.#curates() || !known.curated) && open;
  }

  mayBin(row: string): boolean {
    return !this.closed && (this.#curates() || this.ownRows.has(row));
  }

  onChange(listener: (change: TableChange) => void): () => void {
    return this.#changes.on(listener);
  }

  /** Whether letters wait for a text that the server is still making, or words for being read. */
  get isWaiting(): boolean {
    return this.#asked.isWaiting || this.#unread.isWaiting;
  }

  /** Writes at once what waits, texts made here and words as they are: the page is about to go. */
  flush(): void {
    this.#asked.flush();
    for (const { row, column, words } of this.#unread.take()) {
      this.transact(() => {
        this.setValue(row, column, null);
        this.setSaid(row, column, words);
      });
    }
  }

  /** Takes in what the server said. */
  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, SERVER);
  }

  /** Puts another document in the place of this one. Undo starts afresh. */
  adopt(doc: Y.Doc): void {
    this.#held.release();
    this.#held = this.#hold(doc);
    this.#changes.emit({ cells: [], rows: true, columns: true, local: false });
    for (const text of [...this.#open]) text.heard(null);
  }

  /** Does again what was meant in another document. False where nothing was left to do. */
  replay(intent: Intent): boolean {
    const writes = replayed(intent, this.#held.rows.get(intent.row), this.#world.now());
    if (writes.length === 0) return false;
    this.endStep();
    this.#do(writes);
    return true;
  }

  #hold(doc: Y.Doc): Held {
    return new Held(doc, {
      changed: (seen, local) => this.#tell(seen, local),
      edited: (edit) => this.edits.emit(edit),
      binning: (row, binned) => binWrite(row, binned, this.#world.now()),
    });
  }

  #curates(): boolean {
    return this.#role !== "member";
  }

  #valueOf(row: Row, column: string): Plain {
    const kind = this.column(column)?.kind;
    return kind !== undefined && isListKind(kind) ? row.list(column) : row.plain(column);
  }

  #setList(row: string, column: string, items: PlainMap): void {
    const now = this.cell(row, column).value;
    const before: PlainMap = isMap(now) ? now : {};
    const writes: Write[] = [];
    for (const item of new Set([...Object.keys(before), ...Object.keys(items)])) {
      const value = storable(items[item] === false ? null : (items[item] ?? null));
      if (samePlain(before[item] ?? null, value)) continue;
      writes.push({ write: "set", row, key: itemKey(column, item), value });
    }
    if (writes.length > 0) this.#put(row, column, items, writes);
  }

  /** Does the writes of a cell; inside a transaction, later, but the cell already shows its new value. */
  #put(row: string, column: string, value: Plain, writes: readonly Write[]): void {
    if (this.#writes !== null) this.#staged.set(nameOf(row, column), value);
    this.#do(writes);
  }

  #do(writes: readonly Write[]): void {
    if (this.#writes !== null) this.#writes.push(...writes);
    else if (writes.length > 0) {
      const { doc, rows, history } = this.#held;
      perform(doc, rows, writes, LOCAL, (made) => history.madeRows(made));
    }
  }

  #orderAfter(after: string | null): string {
    const coming = (this.#writes ?? []).filter((write) => write.write === "add-row");
    const rows = [...this.#held.rows.all(), ...coming.map(({ row, order }) => ({ id: row, order }))];
    const from = after === null ? undefined : rows.find(({ id }) => id === after);
    const orders = rows.map(({ order }) => order).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    if (from === undefined) return between(orders.at(-1) ?? null, null);
    return between(from.order, orders.find((order) => order > from.order) ?? null);
  }

  /** Sees to it that the cell has a text, and writes the words that waited for it beside what others wrote meanwhile. */
  #writeAsked(row: string, column: string, waited: Waited | null): void {
    const { doc, rows } = this.#held;
    doc.transact(() => makeText(rows, row, column), MAKE);
    if (waited === null) return;
    this.#do(replayed({ what: "text", row, column, ...waited }, rows.get(row), this.#world.now()));
  }

  #lose(row: string, column: string, words: string, reason: string): void {
    const from = String(this.cell(row, column).value ?? "");
    this.lost.emit({ intent: { what: "text", row, column, from, to: words }, reason });
    this.#tellCell(row, column, false);
  }

  #tell(seen: Seen, local: boolean): void {
    const { cells, rows, columns } = seen;
    this.#changes.emit({ cells, rows, columns, local });
    for (const text of [...this.#open]) {
      const own = seen.texts.filter(({ row, column }) => row === text.row && column === text.column);
      for (const change of own) text.heard(change);
    }
  }

  #tellCell(row: string, column: string, local: boolean): void {
    this.#changes.emit({ cells: [{ row, column }], rows: false, columns: false, local });
  }
}

export { TextRefused } from "./askedTexts";
