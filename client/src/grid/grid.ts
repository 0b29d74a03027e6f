import { turned } from "../commands/cells";
import type { Desk, Spot } from "../commands/command";
import { COMMANDS, commandNamed } from "../commands/registry";
import { freshId, make, setAttribute } from "../lib/dom";
import { Owner } from "../lib/owner";
import { oncePerFrame } from "../lib/schedule";
import type { CellRef, TableChange } from "../model/types";
import { type Query, Shown } from "../view/shown";
import type { SortKey } from "../view/sort";
import { Announcer } from "./announce";
import { Board } from "./clipboard/board";
import { GridDesk } from "./desk";
import { Drawing } from "./draw";
import { Editor } from "./editor";
import { GridField, NARROW } from "./field";
import { reveal } from "./focus";
import { Input } from "./input";
import { Keys } from "./keys";
import { RowList } from "./list";
import { measure, spotNear, watchSize } from "./measure";
import type { GridOptions } from "./options";
import { Peers } from "./peers";
import { Pointer } from "./pointer";
import { GridSelection } from "./selection";
import { Viewport } from "./viewport";

// Above so many changes in a frame, painting all that is seen is less work than looking for each.
const MANY_CELLS = 2_000;

/**
 * The table on screen: an ARIA grid of real elements, drawn only where it is seen.
 *
 * This file says who talks to whom. Changes of the table and gestures come in; both end in `#render`, which reads the
 * DOM once, then writes to it.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #owner = new Owner();
  readonly #announcer = new Announcer();
  readonly #shown: Shown;
  readonly #field: GridField;
  readonly #selection: GridSelection;
  readonly #peers: Peers;
  readonly #drawing: Drawing;
  readonly #editor: Editor;
  readonly #board: Board;
  readonly #desk: GridDesk;
  readonly #probe = make("div", { class: "grid-probe", "aria-hidden": "true" });
  readonly #empty = make("p", { class: "grid-empty" });
  readonly #frame = oncePerFrame(() => this.#render());
  readonly #list: RowList;
  readonly #input: Input;
  #viewport: Viewport;
  #dirty: CellRef[] = [];
  #wantsFocus = false;
  #staleColumns = false;

  constructor(host: HTMLElement, options: GridOptions) {
    const { table, presence, t } = options;
    this.#options = options;
    this.#shown = new Shown(table, t.lang);
    const choose = options.columns ?? ((all) => all.filter((column) => column.shown));
    this.#field = new GridField(table, this.#shown, choose);
    this.#selection = new GridSelection(this.#field);
    this.#peers = new Peers(presence);
    this.#peers.refresh();
    const say = (words: string) => this.#announcer.say(words);
    const notice = (words: string, kind?: "plain" | "warn") => this.#notice(words, kind);
    this.#board = new Board({
      table,
      t,
      field: this.#field,
      selection: this.#selection,
      say,
      notice,
      confirm: (question, yes) => this.#desk.confirm(question, yes),
      onCut: () => this.#drawing.repaintAll(),
      onPasted: (first, last) => this.#afterPaste(first, last),
    });
    this.#drawing = new Drawing({
      table,
      t,
      field: this.#field,
      selection: this.#selection,
      peerIn: (row, column) => this.#peers.mark(row, column),
      isCut: (row, column) => this.#board.isCut(row, column),
      sort: () => this.#shown.query.sort,
      strayed: () => this.#shown.strayed,
    });
    this.#editor = new Editor({
      table,
      presence,
      peers: this.#peers,
      t,
      labelOf: (cell) => this.#labelOf(cell),
      notice,
      onLeave: (leaving) => this.#input.leave(leaving),
    });
    const help = make("p", { id: freshId("grid-help"), class: "grid-hidden" }, t("grid.help"));
    this.element = this.#drawing.root;
    setAttribute(this.element, "aria-label", options.label);
    setAttribute(this.element, "aria-describedby", help.id);
    this.#desk = new GridDesk({
      options,
      root: this.element,
      field: this.#field,
      selection: this.#selection,
      editor: this.#editor,
      board: this.#board,
      sort: () => this.#shown.query.sort,
      setSort: (sort) => this.setQuery({ sort }),
      pageRows: () => this.#viewport.page,
      activeElement: () => this.#activeElement(),
      moved: () => this.#moved(),
      hold: (row) => this.#list.hold(row),
      opened: () => this.#tellPlace(this.#selection.at),
      say,
      notice,
    });
    this.#list = new RowList({
      root: this.element,
      table,
      t,
      shown: this.#shown,
      selection: this.#selection,
      viewport: () => this.#viewport,
      editedRow: () => this.#editor.ref?.row ?? null,
      render: () => this.#render(),
      focus: () => this.focus(),
      say,
      notice,
      onState: () => options.onState?.(),
    });
    this.#input = new Input(
      {
        root: this.element,
        table,
        keys: new Keys([...COMMANDS, ...(options.commands ?? [])]),
        desk: this.#desk,
        editor: this.#editor,
        board: this.#board,
        selection: this.#selection,
        onClosed: (cell) => this.#onClosed(cell),
        moved: () => this.#moved(),
      },
      this.#owner,
    );
    this.#empty.textContent = t("grid.empty");
    host.append(help, this.#probe, this.element, this.#empty, this.#announcer.element);
    this.#drawing.columns();
    this.#viewport = new Viewport(this.#measure(), this.#field.rows.length);
    this.#standSomewhere();
    this.#render();
    this.#listen();
  }

  /** How many rows the query finds, and how many there are. */
  get count(): { readonly shown: number; readonly total: number } {
    return { shown: this.#shown.matching, total: this.#shown.total };
  }

  get query(): Query {
    return this.#shown.query;
  }

  /** The rows on screen, in the order on screen. */
  get rows(): readonly string[] {
    return this.#shown.rows;
  }

  /** What the keyboard is on; rows and columns by id. */
  get desk(): Desk {
    return this.#desk;
  }

  /** Changes some of what is asked for. */
  setQuery(change: Partial<Query>): void {
    this.#list.ask(change);
    this.#drawing.sorted();
  }

  /** The columns to show may be others now: asks `options.columns` again. */
  refreshColumns(): void {
    this.#wantsFocus ||= this.element.contains(document.activeElement);
    this.#input.close("commit");
    this.#field.readColumns();
    this.#list.settle();
    this.#drawing.columns();
    this.#render();
  }

  /** Runs a command by its name, as a button does. Says whether it was allowed. */
  run(name: string): boolean {
    const command = commandNamed(name, this.#options.commands);
    if (command === undefined || !command.isAllowed(this.#desk)) return false;
    this.#input.close("commit");
    void command.run(this.#desk);
    return true;
  }

  can(name: string): boolean {
    return commandNamed(name, this.#options.commands)?.isAllowed(this.#desk) ?? false;
  }

  /** Goes to a cell and gives it the focus, even in a row that the query does not find; false when there is none. */
  goTo(row: string, column?: string): boolean {
    this.#input.close("commit");
    return this.#desk.goTo(row, column);
  }

  focus(): void {
    this.#wantsFocus = true;
    this.#render();
  }

  end(): void {
    this.#input.close("commit");
    this.#owner.end();
    this.#drawing.end();
    this.#announcer.end();
    this.#list.end();
    this.#frame.cancel();
  }

  #listen(): void {
    const owner = this.#owner;
    const { table, presence } = this.#options;
    owner.add(table.onChange((change) => this.#onChange(change)));
    owner.add(presence.onChange(() => this.#onPeers()));
    owner.listen(this.element, "scroll", () => this.#frame.ask(), { passive: true });
    owner.listen(this.element, "focusin", (event) => this.#onFocus(event));
    owner.listen(this.element, "focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.#tellPlace(null);
    });
    owner.listen(window.matchMedia(NARROW), "change", () => this.#columnsChanged());
    watchSize([this.element, this.#probe], owner, (seen) => {
      // Hidden behind a panel: what is being written is written, for nobody sees it any more.
      if (!seen) this.#input.close("commit");
      this.#frame.ask();
    });
    new Pointer(
      {
        root: this.element,
        spotOf: (node) => this.#drawing.spotOf(node),
        spotNear: (x, y) => spotNear(this.#measured, this.#viewport, this.#field, { x, y }),
        holdsEditor: (node) => this.#holdsEditor(node),
        active: () => this.#selection.at,
        stand: (spot, extend) => this.#stand(spot, extend),
        edit: () => this.#desk.edit("full"),
        sort: (column, add) => this.#desk.sortBy(turned(this.#desk, column, add)),
        openRow: (row) => this.#options.onOpenRow(row),
        menu: (at) => this.#desk.openMenu(at),
      },
      owner,
    );
  }

  get #measured() {
    return { root: this.element, head: this.#drawing.headGroup, probe: this.#probe };
  }

  #measure() {
    return measure(this.#measured, this.#field);
  }

  #render(): void {
    this.#viewport = new Viewport(this.#measure(), this.#field.rows.length);
    this.#empty.hidden = this.#field.rows.length > 0;
    this.#drawing.rows(this.#viewport, this.#selection.at?.row ?? null);
    this.#paintDirty();
    if (!this.#wantsFocus) return;
    this.#wantsFocus = false;
    if (this.#editor.ref === null) this.#activeElement()?.focus({ preventScroll: true });
  }

  #paintDirty(): void {
    const dirty = this.#dirty.splice(0);
    if (dirty.length > MANY_CELLS) this.#drawing.repaintAll();
    else this.#drawing.cells(dirty);
  }

  #activeElement(): HTMLElement | null {
    const { at } = this.#selection;
    return at && this.#drawing.element(at);
  }

  #onChange(change: TableChange): void {
    if (change.columns) this.#columnsChanged();
    // A tab that is not seen draws no frame: what changes meanwhile must not pile up.
    if (this.#dirty.length <= MANY_CELLS) for (const cell of change.cells) this.#dirty.push(cell);
    this.#list.onChange(change);
    if (!change.local) this.#editor.onChange(change.cells);
    this.#frame.ask();
    this.#options.onState?.();
  }

  #onPeers(): void {
    this.#drawing.repaint(this.#peers.refresh());
    this.#editor.onPeers();
  }

  #standSomewhere(): void {
    const [column] = this.#field.columns;
    if (column !== undefined) this.#selection.stand({ row: this.#field.rows[0] ?? null, column });
  }

  #stand(spot: Spot, extend: boolean): void {
    this.#input.close("commit");
    this.#desk.forgetRun();
    this.#desk.forgetEscapes();
    this.#selection.stand(spot, extend);
    this.#moved();
  }

  /** The selection moved by a gesture: leave what was held, scroll there, draw, focus. */
  #moved(): void {
    this.#list.onMoved();
    this.#reveal();
    this.#wantsFocus = true;
    this.#render();
    this.#tellPlace(this.#selection.at);
    this.#options.onState?.();
  }

  #reveal(): void {
    const at = this.#selection.at;
    if (at === null) return;
    const viewport = new Viewport(this.#measure(), this.#field.rows.length);
    const row = at.row === null ? -1 : this.#field.rowIndex(at.row);
    reveal(this.element, this.#drawing.body, viewport, row, this.#field.columnIndex(at.column));
  }

  #onFocus(event: FocusEvent): void {
    if (this.#editor.holds(event.target)) return;
    const spot = this.#drawing.spotOf(event.target);
    if (spot === null) return;
    const at = this.#selection.at;
    // A screen reader may put the focus on any cell by itself.
    if (at?.row !== spot.row || at.column !== spot.column) {
      this.#input.close("commit");
      this.#selection.stand(spot);
      this.#list.onMoved();
      this.#drawing.selection();
      this.#options.onState?.();
    }
    this.#tellPlace(spot);
  }

  #tellPlace(spot: Spot | null): void {
    this.#peers.tell(spot, this.#editor.ref !== null);
  }

  #holdsEditor(node: EventTarget | null): boolean {
    const held = this.#editor.holds(node);
    if (held) this.#editor.settle();
    return held;
  }

  /** Whoever is writing goes on writing; in a column that was retired, what was written is sent, and kept aside. */
  #columnsChanged(): void {
    this.#staleColumns = this.#options.table.column(this.#editor.ref?.column ?? "")?.archived === false;
    if (!this.#staleColumns) this.refreshColumns();
  }

  #onClosed(cell: CellRef): void {
    const { table, t } = this.#options;
    if (this.#staleColumns) this.#columnsChanged();
    if (table.binnedRowIds().includes(cell.row)) {
      this.#notice(t("grid.said.rowGone"));
      this.#list.renew();
    }
    this.#drawing.cells([cell]);
    this.#list.catchUp();
  }

  #afterPaste(first: CellRef, last: CellRef): void {
    this.#list.renew();
    this.#selection.cover(first, last);
    this.#moved();
  }

  #labelOf({ row, column }: CellRef): string {
    const { table, t } = this.#options;
    const label = table.column(column)?.label[t.lang] ?? column;
    return this.#field.title?.id === column ? label : `${label}, ${this.#field.nameOf(row, t.lang)}`;
  }

  #notice(words: string, kind?: "plain" | "warn"): void {
    const { onNotice } = this.#options;
    if (onNotice === undefined) this.#announcer.say(words);
    else onNotice(words, kind);
  }
}

export type { GridOptions, Query, SortKey };
