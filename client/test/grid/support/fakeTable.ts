import { Emitter } from "../../../src/lib/emitter";
import { applySplice, spliceBetween } from "../../../src/lib/splice";
import { HeldWords } from "../../../src/model/heldWords";
import type {
  Cell,
  CellRef,
  Column,
  Kind,
  PeerPresence,
  Plain,
  Presence,
  SharedText,
  Table,
  TableChange,
  TextDelta,
} from "../../../src/model/types";

/** A column for a test: what it does not say is ordinary. */
export function column(id: string, kind: Kind, parts: Partial<Column> = {}): Column {
  return {
    id,
    kind,
    label: { fr: id, en: id },
    options: [],
    required: false,
    help: { fr: "", en: "" },
    order: 0,
    section: "",
    public: true,
    shown: true,
    curated: false,
    archived: false,
    ...parts,
  };
}

export function option(id: string, fr: string) {
  return { id, label: { fr, en: fr } };
}

type Rows = ReadonlyMap<string, { readonly binned: boolean; readonly cells: ReadonlyMap<string, Cell> }>;
const EMPTY: Cell = { value: null, said: null };

/** A table in memory, without any document: every state is kept, so that undo is going back to one. */
export class FakeTable implements Table {
  readonly #changes = new Emitter<TableChange>();
  readonly #texts = new Map<string, FakeText>();
  readonly #held = new HeldWords();
  #columns: readonly Column[];
  #rows: Rows = new Map();
  #past: Rows[] = [];
  #future: Rows[] = [];
  #step: Rows | null = null;
  #depth = 0;
  #touched: CellRef[] = [];
  #rowsTouched = false;
  #remote = false;
  #made = 0;
  /** What this person may not write. */
  readonly locked = new Set<string>();
  /** Ends the round trip of each `openText`; until a test says so, texts open at once. */
  textsOpen: Promise<void> = Promise.resolve();

  constructor(columns: readonly Column[], rows: readonly Readonly<Record<string, Plain>>[] = []) {
    this.#columns = columns;
    const made = rows.map(
      (cells, at) =>
        [
          `r${at}`,
          {
            binned: false,
            cells: new Map(Object.entries(cells).map(([id, value]) => [id, { value, said: null }])),
          },
        ] as const,
    );
    this.#rows = new Map(made);
    this.#made = rows.length;
  }

  columns(): readonly Column[] {
    return this.#columns;
  }

  column(id: string): Column | undefined {
    return this.#columns.find((column) => column.id === id);
  }

  rowIds(): readonly string[] {
    return [...this.#rows].filter(([, { binned }]) => !binned).map(([id]) => id);
  }

  binnedRowIds(): readonly string[] {
    return [...this.#rows].filter(([, { binned }]) => binned).map(([id]) => id);
  }

  cell(row: string, column: string): Cell {
    const held = this.#held.words(row, column);
    if (held !== undefined) return { value: null, said: held };
    return this.#rows.get(row)?.cells.get(column) ?? EMPTY;
  }

  setValue(row: string, column: string, value: Plain): void {
    this.#write(row, column, { ...this.cell(row, column), value });
  }

  setSaid(row: string, column: string, said: string | null): void {
    this.#write(row, column, { ...this.cell(row, column), said });
  }

  setText(row: string, column: string, text: string): void {
    this.#write(row, column, { value: text, said: null });
  }

  async openText(row: string, column: string): Promise<SharedText> {
    await this.textsOpen;
    if (!this.mayWrite(row, column)) throw new Error("réservé aux pilotes");
    return this.#textOf(row, column);
  }

  holdWords(row: string, column: string, words: string): () => boolean {
    return this.#held.hold(row, column, words);
  }

  addRow(after: string | null): string {
    const id = `r${this.#made}`;
    this.#made += 1;
    this.transact(() => {
      const before = [...this.#rows];
      const at = after === null ? before.length : before.findIndex(([row]) => row === after) + 1;
      const row = [id, { binned: false, cells: new Map<string, Cell>() }] as const;
      this.#rows = new Map([...before.slice(0, at), row, ...before.slice(at)]);
      this.#rowsTouched = true;
    });
    return id;
  }

  setBinned(rows: readonly string[], binned: boolean): void {
    this.transact(() => {
      this.#rows = new Map(
        [...this.#rows].map(([id, row]) => [id, rows.includes(id) ? { ...row, binned } : row]),
      );
      this.#rowsTouched = true;
    });
  }

  transact(work: () => void): void {
    this.#depth += 1;
    if (this.#depth === 1 && !this.#remote) this.#step ??= this.#rows;
    try {
      work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#tell();
    }
  }

  endStep(): void {
    if (this.#step === null) return;
    if (this.#step !== this.#rows) {
      this.#past.push(this.#step);
      this.#future = [];
    }
    this.#step = null;
  }

  joinStep(): void {}

  undo(): boolean {
    this.endStep();
    return this.#swap(this.#past, this.#future);
  }

  redo(): boolean {
    return this.#swap(this.#future, this.#past);
  }

  canUndo(): boolean {
    return this.#past.length > 0 || (this.#step !== null && this.#step !== this.#rows);
  }

  canRedo(): boolean {
    return this.#future.length > 0;
  }

  mayWrite(row: string, column: string): boolean {
    return !this.locked.has(column) && !this.locked.has(`${row}/${column}`);
  }

  mayBin(row: string): boolean {
    return !this.locked.has(row);
  }

  onChange(listener: (change: TableChange) => void): () => void {
    return this.#changes.on(listener);
  }

  /** Does something as somebody else does it. */
  byAnother(work: () => void): void {
    this.#remote = true;
    try {
      this.transact(work);
    } finally {
      this.#remote = false;
    }
  }

  #write(row: string, column: string, cell: Cell): void {
    this.transact(() => {
      const now = this.#rows.get(row);
      if (now === undefined) return;
      const cells = new Map(now.cells).set(column, cell);
      this.#rows = new Map(this.#rows).set(row, { ...now, cells });
      this.#touched.push({ row, column });
      this.#texts.get(`${row}/${column}`)?.tell(typeof cell.value === "string" ? cell.value : "");
    });
  }

  #textOf(row: string, column: string): SharedText {
    const key = `${row}/${column}`;
    const there = this.#texts.get(key);
    if (there !== undefined) return there;
    const text = new FakeText(String(this.cell(row, column).value ?? ""), (next) =>
      this.setText(row, column, next),
    );
    this.#texts.set(key, text);
    return text;
  }

  #swap(from: Rows[], to: Rows[]): boolean {
    const target = from.pop();
    if (target === undefined) return false;
    const now = this.#rows;
    to.push(now);
    this.#rows = target;
    for (const [row, { cells, binned }] of target) {
      const before = now.get(row);
      if (before?.binned !== binned) this.#rowsTouched = true;
      for (const column of this.#columns) {
        if (before?.cells.get(column.id) === cells.get(column.id)) continue;
        this.#touched.push({ row, column: column.id });
        this.#texts.get(`${row}/${column.id}`)?.tell(String(cells.get(column.id)?.value ?? ""));
      }
    }
    if (target.size !== now.size) this.#rowsTouched = true;
    this.#tell();
    return true;
  }

  #tell(): void {
    const change = { cells: this.#touched, rows: this.#rowsTouched, columns: false, local: !this.#remote };
    this.#touched = [];
    this.#rowsTouched = false;
    if (change.cells.length > 0 || change.rows) this.#changes.emit(change);
  }
}

class FakeText implements SharedText {
  readonly #changes = new Emitter<readonly TextDelta[]>();
  readonly #write: (text: string) => void;
  #text: string;
  #own = false;

  constructor(text: string, write: (text: string) => void) {
    this.#text = text;
    this.#write = write;
  }

  toString(): string {
    return this.#text;
  }

  replace(next: string, caret?: number): void {
    const splice = spliceBetween(this.#text, next, caret);
    if (splice === null) return;
    this.#text = applySplice(this.#text, splice);
    this.#own = true;
    this.#write(this.#text);
    this.#own = false;
  }

  observe(listener: (delta: readonly TextDelta[]) => void): () => void {
    return this.#changes.on(listener);
  }

  tell(text: string): void {
    if (this.#own) return;
    const splice = spliceBetween(this.#text, text);
    if (splice === null) return;
    this.#text = text;
    this.#changes.emit([{ retain: splice.at }, { delete: splice.removed }, { insert: splice.inserted }]);
  }
}

/** Where everybody is, as a test says. */
export class FakePresence implements Presence {
  readonly #changes = new Emitter<void>();
  #peers: readonly PeerPresence[] = [];
  /** Where this tab said it is, last. */
  told: PeerPresence["at"] = null;

  peers(): readonly PeerPresence[] {
    return this.#peers;
  }

  moveTo(at: PeerPresence["at"]): void {
    this.told = at;
  }

  onChange(listener: () => void): () => void {
    return this.#changes.on(listener);
  }

  put(...peers: readonly (Partial<PeerPresence> & { name: string })[]): void {
    this.#peers = peers.map((peer, at) => ({
      id: at + 1,
      colour: at,
      person: at + 1,
      self: false,
      at: null,
      ...peer,
    }));
    this.#changes.emit();
  }
}
