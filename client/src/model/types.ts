/** What the live table is made of, as the rest of the client sees it. Only `model/` and `sync/` know Yjs. */

/** A plain value, as a document and a JSON text hold it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** What the cells of a column hold. The mirror of `domain::table::Kind`. */
export type Kind =
  | "text"
  | "long_text"
  | "number"
  | "prices"
  | "duration"
  | "date"
  | "sessions"
  | "places"
  | "choice"
  | "choices"
  | "url"
  | "email"
  | "phone"
  | "boolean"
  | "code";

/** A name in the languages of the interface. */
export interface Label {
  readonly fr: string;
  readonly en: string;
}

/** One option of a choice. */
export interface Choice {
  readonly id: string;
  readonly label: Label;
  readonly archived?: boolean;
}

/** One column. The mirror of `domain::table::Column`. */
export interface Column {
  readonly id: string;
  readonly label: Label;
  readonly kind: Kind;
  readonly options: readonly Choice[];
  readonly required: boolean;
  readonly help: Label;
  readonly order: number;
  readonly section: string;
  readonly public: boolean;
  readonly shown: boolean;
  readonly curated: boolean;
  readonly archived: boolean;
}

/** The name of one cell. */
export interface CellRef {
  readonly row: string;
  readonly column: string;
}

/** A cell as it stands: the value (list kinds: items by id), and the contributor's own words if they say more. */
export interface Cell {
  readonly value: Plain;
  readonly said: string | null;
}

/** What changed in the table, told once per transaction. */
export interface TableChange {
  /** Cells whose value or words changed. */
  readonly cells: readonly CellRef[];
  /** Rows were added, moved, binned or restored: the list of rows must be made again. */
  readonly rows: boolean;
  /** Columns changed. */
  readonly columns: boolean;
  /** It was done here, by this tab. */
  readonly local: boolean;
}

/** A text that several hands write at once. Positions are UTF-16 units. */
export interface SharedText {
  toString(): string;
  /**
   * Makes the text equal to `next` by the smallest change, as one step of this person's undo. `caret` is where the
   * hand stands in `next`: among equal letters it says which is new.
   */
  replace(next: string, caret?: number): void;
  /** Tells remote changes as a delta; returns how to stop listening. */
  observe(listener: (delta: readonly TextDelta[]) => void): () => void;
}

export type TextDelta =
  | { readonly retain: number }
  | { readonly insert: string }
  | { readonly delete: number };

/** The table in memory: the only thing that gestures and panels read and write. Implemented by `model/table.ts`. */
export interface Table {
  /** Columns in use, in order. */
  columns(): readonly Column[];
  column(id: string): Column | undefined;
  /** Ids of the rows that are not in the bin, in their shared order. */
  rowIds(): readonly string[];
  /** Ids of the rows in the bin. */
  binnedRowIds(): readonly string[];
  cell(row: string, column: string): Cell;
  /** Writes one scalar value (null clears), one option of a choice, or a whole list of items (merged item by item). */
  setValue(row: string, column: string, value: Plain): void;
  /** Writes the contributor's own words of a cell that is not a text. */
  setSaid(row: string, column: string, words: string | null): void;
  /** Sets the text of a text cell by the smallest change, making the text first where there is none. */
  setText(row: string, column: string, text: string): void;
  /** The shared text of a cell, asked from the server where there is none yet (offline: made here). */
  openText(row: string, column: string): Promise<SharedText>;
  /**
   * Shows words in a cell that is not a text until they can be read; should the page go before, they are kept as its
   * own words. Returns how to end that, which says whether they still waited.
   */
  holdWords(row: string, column: string, words: string): () => boolean;
  /** Adds a row after `after` (null: at the end) and says its id. */
  addRow(after: string | null): string;
  /** Puts rows in the bin, or takes them out. */
  setBinned(rows: readonly string[], binned: boolean): void;
  /** Does several writes as one transaction and one step of undo. */
  transact(work: () => void): void;
  /** Ends the current step of undo: the next write starts another. */
  endStep(): void;
  /** The next write belongs to the last step, however long ago it was. */
  joinStep(): void;
  undo(): boolean;
  redo(): boolean;
  canUndo(): boolean;
  canRedo(): boolean;
  /** Whether this person may write this cell, as far as the tab can know (the server decides). */
  mayWrite(row: string, column: string): boolean;
  mayBin(row: string): boolean;
  onChange(listener: (change: TableChange) => void): () => void;
}

/** Somebody else (or another tab of ours) in the table. */
export interface PeerPresence {
  /** The writer id of the tab. */
  readonly id: number;
  readonly name: string;
  /** 0 to 11, an index into the colours of `styles/tokens.css` (`--peer-0` …). */
  readonly colour: number;
  readonly person: number;
  /** True for this very tab. */
  readonly self: boolean;
  readonly at: {
    readonly row: string;
    readonly column: string;
    readonly editing: boolean;
    readonly anchor?: number;
    readonly head?: number;
  } | null;
}

/** Where everybody is. Implemented by `sync/presence.ts`. */
export interface Presence {
  peers(): readonly PeerPresence[];
  /** Tells the others where this tab is; null when nowhere. Throttled. */
  moveTo(at: PeerPresence["at"]): void;
  onChange(listener: () => void): () => void;
}
