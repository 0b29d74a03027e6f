import type { Translate } from "../i18n/t";
import { oncePerFrame, whenQuiet } from "../lib/schedule";
import type { Table, TableChange } from "../model/types";
import type { Query, Shown } from "../view/shown";
import type { GridSelection } from "./selection";
import type { Viewport } from "./viewport";

// The list is made anew once a burst of remote changes is over.
const REORDER_AFTER = 150;
// Long enough to finish typing a word into the search box.
const COUNT_AFTER = 600;

export interface ListHost {
  readonly root: HTMLElement;
  readonly table: Table;
  readonly t: Translate;
  readonly shown: Shown;
  readonly selection: GridSelection;
  viewport(): Viewport;
  /** The row of the open editor. */
  editedRow(): string | null;
  render(): void;
  focus(): void;
  say(words: string): void;
  notice(words: string): void;
  onState(): void;
}

/** When the list of rows is made anew, and what must not move while it is. */
export class RowList {
  readonly #host: ListHost;
  readonly #reorder = whenQuiet(REORDER_AFTER, () => this.renew());
  readonly #count = whenQuiet(COUNT_AFTER, () => this.#sayCount());
  readonly #frame = oncePerFrame(() => this.#renewForOthers());
  #stale = false;
  /** The row one is in, if it changed so that it should be elsewhere. */
  #held: string | null = null;
  /** Where the row with the focus stood in the list, for when it is gone. */
  #lastIndex = 0;

  constructor(host: ListHost) {
    this.#host = host;
  }

  end(): void {
    this.#reorder.cancel();
    this.#count.cancel();
    this.#frame.cancel();
  }

  ask(change: Partial<Query>): void {
    const { shown } = this.#host;
    shown.ask({ ...shown.query, ...change });
    this.renew("moves");
    if (change.search !== undefined || change.filter !== undefined) this.#count.ask();
  }

  onChange(change: TableChange): void {
    const at = this.#host.selection.at?.row ?? null;
    if (change.cells.some(({ row }) => row === at)) this.#held = at;
    const concerned = this.#host.shown.concerns(change);
    // What this person did is seen at once; what others do is gathered.
    if (change.rows && change.local) this.renew();
    else if (change.rows) this.#frame.ask();
    else if (concerned) {
      this.#stale = true;
      this.catchUp();
    }
  }

  /** Nobody writes here any more: what waited may move now. */
  catchUp(): void {
    if (this.#stale && this.#host.editedRow() === null) this.#reorder.ask();
  }

  /** The focus may have gone to another row: the one it left goes to its place. */
  onMoved(): void {
    const left = this.#index() !== this.#lastIndex;
    if (this.#held !== this.#host.selection.at?.row) this.#held = null;
    if (left && (this.#stale || this.#host.shown.outOfPlace)) this.renew();
    this.#lastIndex = this.#index();
  }

  /** Shows a row although the query does not find it, until it is left. */
  hold(row: string): void {
    this.#held = row;
    this.renew("stays", this.#host.selection.at?.row ?? null);
  }

  /** Columns or rows changed: the selection must stand on something that is there. */
  settle(): void {
    this.#host.selection.settle(this.#lastIndex);
    this.#lastIndex = this.#index();
  }

  /**
   * Makes the list anew. The row one is in keeps its place (unless the person asked for another order), and what
   * is under one's eyes stays there when rows come or go above.
   */
  renew(own: "stays" | "moves" = "stays", behind: string | null = null): void {
    const { root, shown, render } = this.#host;
    this.#reorder.cancel();
    this.#frame.cancel();
    this.#stale = false;
    const edited = this.#host.editedRow();
    const anchor = this.#anchor();
    const distance = anchor === null ? 0 : this.#host.viewport().distanceOf(shown.indexOf(anchor));
    const hadFocus = root.contains(document.activeElement);
    const strayed = shown.strayed;
    if (own === "moves" || (this.#held !== null && this.#isBinned(this.#held))) this.#held = null;
    if (edited !== null && this.#isBinned(edited)) this.#held = edited;
    shown.refresh(this.#held, behind);
    this.settle();
    render();
    const index = anchor === null ? -1 : shown.indexOf(anchor);
    if (index >= 0) this.#scrollBy(this.#host.viewport().distanceOf(index) - distance);
    if (hadFocus && (edited === null || !root.contains(document.activeElement))) this.#host.focus();
    this.#sayStrayed(strayed, edited);
    this.#host.onState();
  }

  #renewForOthers(): void {
    const at = this.#host.selection.at?.row ?? null;
    const gone = at !== null && this.#isBinned(at) && this.#host.editedRow() !== at;
    this.renew();
    if (gone) this.#host.say(this.#host.t("grid.said.rowGone"));
  }

  #index(): number {
    const row = this.#host.selection.at?.row ?? null;
    return row === null ? -1 : this.#host.shown.indexOf(row);
  }

  #isBinned(row: string): boolean {
    return this.#host.table.binnedRowIds().includes(row);
  }

  #anchor(): string | null {
    const { shown, selection } = this.#host;
    const viewport = this.#host.viewport();
    const at = selection.at?.row ?? null;
    if (at !== null && viewport.shows(shown.indexOf(at))) return at;
    return shown.rows[viewport.top] ?? null;
  }

  #scrollBy(pixels: number): void {
    if (Math.abs(pixels) < 1) return;
    const { scale, measures } = this.#host.viewport();
    const above = scale.toRows(measures.scrollTop) + pixels;
    this.#host.root.scrollTop = scale.toScroll(Math.max(0, above));
    this.#host.render();
  }

  #sayStrayed(before: string | null, edited: string | null): void {
    const { t, shown } = this.#host;
    const now = shown.strayed;
    if (now === null || now === before) return;
    if (!this.#isBinned(now)) this.#host.say(t("grid.said.strayed"));
    else if (edited === now) this.#host.notice(t("grid.said.rowBinned"));
  }

  #sayCount(): void {
    const { t, shown } = this.#host;
    this.#host.say(t("grid.said.found", { n: shown.matching }));
  }
}
