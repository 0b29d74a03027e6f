import { useEffect, useReducer } from "preact/hooks";
import type { Key, Translate } from "../i18n/t";
import { Emitter } from "../lib/emitter";
import type { Owner } from "../lib/owner";
import { oncePerFrame } from "../lib/schedule";
import type { LiveTable } from "../sync/liveTable";
import { wordsOf } from "../view/words";

/** What the parts around the grid may ask of it. */
export interface GridActions {
  run(command: string): void;
  search(words: string): void;
  counts(): { readonly shown: number; readonly total: number };
  goTo(row: string): void;
  focus(): void;
}

/**
 * What the parts around the grid share. They read the table itself, and are told when any of it may have
 * changed, at most once a frame.
 */
export class Page {
  readonly live: LiveTable;
  readonly t: Translate;
  readonly told = new Emitter<void>();
  /** The grid, once there is a table to show. */
  grid: GridActions | null = null;
  readonly #frame = oncePerFrame(() => this.told.emit());
  #openRow: string | null = null;

  constructor(live: LiveTable, t: Translate, owner: Owner) {
    this.live = live;
    this.t = t;
    owner.add(live.changes.on(() => this.#frame.ask()));
    owner.add(live.table.onChange(() => this.#frame.ask()));
    owner.add(live.presence.onChange(() => this.#frame.ask()));
    owner.add(() => this.#frame.cancel());
  }

  /** The row whose panel is open. */
  get openRow(): string | null {
    return this.#openRow;
  }

  set openRow(row: string | null) {
    this.#openRow = row;
    this.told.emit();
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

/** Draws a part again whenever the page is told of a change. */
export function useTold(page: Page): void {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => page.told.on(() => draw(undefined)), [page]);
}

/** The sentence for a reason that the server gave by its key. */
export function reasonWords(t: Translate, reason: string): string {
  const known: Readonly<Record<string, Key>> = {
    "not-own-row": "refused.reason.not-own-row",
    "pilots-only": "refused.reason.pilots-only",
    "server-only": "refused.reason.server-only",
    "rows-stay": "refused.reason.rows-stay",
    "no-such-column": "refused.reason.no-such-column",
    "too-large": "refused.reason.too-large",
    "writer-quota": "refused.reason.writer-quota",
    gone: "refused.reason.gone",
  };
  return t(known[reason] ?? "refused.reason.other");
}
