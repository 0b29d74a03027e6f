import { options } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import type { Command } from "../commands/command";
import type { Translate } from "../i18n/t";
import { Emitter } from "../lib/emitter";
import type { Owner } from "../lib/owner";
import { oncePerFrame } from "../lib/schedule";
import type { LiveTable } from "../sync/liveTable";
import type { Aside } from "../sync/outbox";
import { wordsOf } from "../view/words";

/** What the parts around the grid may ask of it. */
export interface GridActions {
  run(command: string): void;
  search(words: string): void;
  counts(): { readonly shown: number; readonly total: number };
  /** To a cell, or to the row as far as it can be seen. */
  goTo(row: string, column?: string): void;
  focus(): void;
}

/** What stands open beside the grid. */
export type Open =
  | { readonly what: "row"; readonly row: string }
  | {
      readonly what: "history";
      readonly row: string;
      /** The one column it is about; null for the whole row. */
      readonly column: string | null;
      /** It was opened out of the panel of the row, and gives way to it. */
      readonly fromRow: boolean;
    };

/**
 * What the parts around the grid share. They read the table itself, and are told when any of it may have
 * changed, at most once a frame.
 */
export class Page {
  readonly live: LiveTable;
  readonly t: Translate;
  /** Names the table to the server. */
  readonly tableName: string;
  readonly told = new Emitter<void>();
  /** What the menu of the grid offers beside its own. */
  readonly commands: Command[] = [];
  /** The grid, once there is a table to show. */
  grid: GridActions | null = null;
  readonly #frame = oncePerFrame(() => this.told.emit());
  #open: Open | null = null;
  #search = "";
  #ownNotices = 0;
  readonly #keptAside = new Set<string>();

  constructor(live: LiveTable, t: Translate, tableName: string, owner: Owner) {
    this.live = live;
    this.t = t;
    this.tableName = tableName;
    owner.add(live.changes.on(() => this.#frame.ask()));
    owner.add(live.table.onChange(() => this.#frame.ask()));
    owner.add(live.presence.onChange(() => this.#frame.ask()));
    owner.add(() => this.#frame.cancel());
  }

  get open(): Open | null {
    return this.#open;
  }

  set open(open: Open | null) {
    this.#open = open;
    atOnce(() => this.told.emit());
  }

  /** Closes what stands open beside the grid and gives the keyboard back to the cell, or to the panel, it came from. */
  close(): void {
    const open = this.#open;
    if (open === null) return;
    if (open.what === "history" && open.fromRow) {
      this.open = { what: "row", row: open.row };
      return;
    }
    this.open = null;
    const column = open.what === "history" ? (open.column ?? undefined) : undefined;
    this.grid?.goTo(open.row, column);
  }

  /** Refused edits that wait for a decision: those that the person chose to keep aside do not ask again. */
  undecided(): readonly Aside[] {
    return this.live.outbox.asides.filter(({ id }) => !this.#keptAside.has(id));
  }

  keepAside(ids: readonly string[]): void {
    for (const id of ids) this.#keptAside.add(id);
    this.told.emit();
  }

  /** What the search box asks for. */
  get search(): string {
    return this.#search;
  }

  set search(words: string) {
    this.#search = words;
    this.grid?.search(words);
    this.told.emit();
  }

  /**
   * The server tells everybody of a restore, its author too: the next one of ours is known already. Returns what
   * to do when there will be none.
   */
  expectOwnNotice(): () => void {
    this.#ownNotices += 1;
    return () => {
      this.#ownNotices = Math.max(0, this.#ownNotices - 1);
    };
  }

  /** Whether this is the notice of something that this page asked for and tells by itself. */
  isOwnNotice(by: string | null): boolean {
    if (this.#ownNotices === 0 || by !== (this.live.me?.name ?? null)) return false;
    this.#ownNotices -= 1;
    return true;
  }

  /** Something outside the table changed, such as the selection. */
  tell(): void {
    this.#frame.ask();
  }

  /** What people call a row: the words of its first column. */
  titleOf(row: string): string {
    const [column] = this.live.table.columns();
    const words =
      column === undefined ? "" : wordsOf(this.live.table.cell(row, column.id), column, this.t.lang);
    return words === "" ? this.t("row.untitled") : words;
  }
}

/** Draws what `work` changes before it returns: on a narrow screen the grid takes no focus before the panel is gone. */
function atOnce(work: () => void): void {
  const usual = options.debounceRendering;
  options.debounceRendering = (draw) => draw();
  try {
    work();
  } finally {
    if (usual === undefined) Reflect.deleteProperty(options, "debounceRendering");
    else options.debounceRendering = usual;
  }
}

/** Draws a part again whenever the page is told of a change. */
export function useTold(page: Page): void {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => page.told.on(() => draw(undefined)), [page]);
}
