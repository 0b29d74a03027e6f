import { turned } from "../commands/cells";
import type { Command, Desk, Spot, Step } from "../commands/command";
import { COMMANDS, commandNamed } from "../commands/registry";
import { freshId, make } from "../lib/dom";
import { Owner } from "../lib/owner";
import { oncePerFrame, whenQuiet } from "../lib/schedule";
import type { CellRef, TableChange } from "../model/types";
import { EVERYTHING, type Query, Shown } from "../view/shown";
import type { SortKey } from "../view/sort";
import { wordsOf } from "../view/words";
import { Announcer } from "./announce";
import { Board } from "./clipboard/board";
import { GridDesk } from "./desk";
import { Drawing } from "./draw";
import { Editor, type Leaving } from "./editor";
import { GridField } from "./field";
import { Keys, writes } from "./keys";
import { measure } from "./measure";
import type { GridOptions } from "./options";
import { Peers } from "./peers";
import { Pointer } from "./pointer";
import { GridSelection } from "./selection";
import { Viewport } from "./viewport";

// A tab that nobody looks at stops saying where its person is.
const HIDDEN_FOR = 60_000;
// The list is made anew once a burst of remote changes is over.
const REORDER_AFTER = 150;
// Long enough to finish typing a word into the search box.
const COUNT_AFTER = 600;

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
  readonly #keys: Keys;
  readonly #probe = make("div", { class: "grid-probe", "aria-hidden": "true" });
  readonly #empty = make("p", { class: "grid-empty" });
  readonly #frame = oncePerFrame(() => this.#render());
  readonly #reorder = whenQuiet(REORDER_AFTER, () => this.#relist());
  readonly #count = whenQuiet(COUNT_AFTER, () => this.#sayCount());
  #viewport: Viewport;
  #dirty: CellRef[] = [];
  #stale = false;
  #wantsFocus = false;
  #activeIndex = 0;
  #toldPlace: Spot | null = null;

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
    const notice = (words: string) => this.#notice(words);
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
      onLeave: (leaving) => this.#leaveEditor(leaving),
    });
    const help = make("p", { id: freshId("grid-help"), class: "grid-hidden" }, t("grid.help"));
    this.element = make(
      "div",
      {
        role: "grid",
        class: "grid",
        "aria-label": options.label,
        "aria-describedby": help.id,
        "aria-multiselectable": "true",
      },
      this.#drawing.headGroup,
      this.#drawing.body,
    );
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
      say,
    });
    this.#keys = new Keys([...COMMANDS, ...(options.commands ?? [])]);
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

  /** Changes some of what is asked for; says how many rows answer. */
  setQuery(change: Partial<Query>): void {
    const before = this.#shown.query;
    this.#shown.ask({ ...before, ...change });
    this.#relist(false);
    this.#drawing.sorted();
    if (change.search !== undefined || change.filter !== undefined) this.#count.ask();
  }

  resetQuery(): void {
    this.setQuery(EVERYTHING);
  }

  /** The columns to show may be others now: asks `options.columns` again. */
  refreshColumns(): void {
    this.#closeEditor("commit");
    this.#field.readColumns();
    this.#selection.settle(this.#activeIndex);
    this.#drawing.columns();
    this.#render();
  }

  /** Runs a command by its name, as a button does. Says whether it was allowed. */
  run(name: string): boolean {
    const command = commandNamed(name, this.#options.commands);
    if (command === undefined || !command.isAllowed(this.#desk)) return false;
    this.#closeEditor("commit");
    void command.run(this.#desk);
    return true;
  }

  can(name: string): boolean {
    return commandNamed(name, this.#options.commands)?.isAllowed(this.#desk) ?? false;
  }

  /** Goes to a cell and gives it the focus; false when it is not among the rows shown. */
  goTo(row: string, column?: string): boolean {
    this.#closeEditor("commit");
    return this.#desk.goTo(row, column);
  }

  focus(): void {
    this.#wantsFocus = true;
    this.#render();
  }

  end(): void {
    this.#closeEditor("commit");
    this.#owner.end();
    this.#drawing.end();
    this.#announcer.end();
    for (const frame of [this.#frame, this.#reorder, this.#count]) frame.cancel();
  }

  #listen(): void {
    const owner = this.#owner;
    const { table, presence } = this.#options;
    owner.add(table.onChange((change) => this.#onChange(change)));
    owner.add(presence.onChange(() => this.#onPeers()));
    owner.listen(this.element, "scroll", () => this.#frame.ask(), { passive: true });
    owner.listen(this.element, "keydown", (event) => this.#onKey(event));
    owner.listen(this.element, "focusin", (event) => this.#onFocus(event));
    owner.listen(this.element, "focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.#tellPlace(null);
    });
    // On the document: Firefox sends these to <body> when what has the focus cannot be edited.
    for (const type of ["copy", "cut", "paste"] as const) {
      owner.listen(document, type, (event) => this.#onClipboard(type, event));
    }
    owner.listen(document, "visibilitychange", () => {
      if (document.hidden) owner.after(HIDDEN_FOR, () => document.hidden && this.#tellPlace(null));
    });
    const resized = new ResizeObserver(() => this.#frame.ask());
    resized.observe(this.element);
    resized.observe(this.#probe);
    owner.add(() => resized.disconnect());
    new Pointer(
      {
        root: this.element,
        spotOf: (node) => this.#drawing.spotOf(node),
        spotNear: (x, y) => this.#spotNear(x, y),
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

  // ---- drawing

  #measure() {
    return measure({ root: this.element, head: this.#drawing.headGroup, probe: this.#probe }, this.#field);
  }

  #render(): void {
    this.#viewport = new Viewport(this.#measure(), this.#field.rows.length);
    const { length } = this.#field.rows;
    this.element.setAttribute("aria-rowcount", String(length + 1));
    this.element.setAttribute("aria-colcount", String(this.#field.columns.length));
    this.#empty.textContent = length === 0 ? this.#options.t("grid.empty") : "";
    this.#empty.hidden = length > 0;
    this.#drawing.rows(this.#viewport, this.#selection.at?.row ?? null);
    this.#drawing.cells(this.#dirty.splice(0));
    if (!this.#wantsFocus) return;
    this.#wantsFocus = false;
    if (this.#editor.ref === null) this.#activeElement()?.focus({ preventScroll: true });
  }

  #activeElement(): HTMLElement | null {
    return this.#selection.at === null ? null : this.#drawing.element(this.#selection.at);
  }

  // ---- changes of the table

  #onChange(change: TableChange): void {
    const reorders = this.#shown.concerns(change);
    if (change.columns) this.refreshColumns();
    this.#dirty.push(...change.cells);
    // One step of ours that adds a row is seen at once; others' are gathered, and wait while somebody writes here.
    if (change.rows) this.#relist();
    else if (reorders) {
      this.#stale = true;
      if (this.#editor.ref === null) this.#reorder.ask();
    }
    if (!change.local) this.#editor.onChange(change.cells);
    this.#frame.ask();
    this.#options.onState?.();
  }

  /** Makes the list of rows anew, keeping the row one is in and what is under one's eyes where they are. */
  #relist(hold = true): void {
    this.#reorder.cancel();
    this.#stale = false;
    const at = this.#selection.at?.row ?? null;
    const editing = this.#editor.ref?.row ?? null;
    const anchor = this.#anchorRow();
    const distance = anchor === null ? 0 : this.#viewport.distanceOf(this.#shown.indexOf(anchor));
    const hadFocus = this.element.contains(document.activeElement);
    const strayed = this.#shown.strayed;
    const binned = at !== null && this.#options.table.binnedRowIds().includes(at);
    this.#shown.refresh(editing ?? (hold && !binned ? at : null));
    this.#selection.settle(this.#activeIndex);
    this.#render();
    const index = anchor === null ? -1 : this.#shown.indexOf(anchor);
    if (index >= 0) this.#scrollBy(this.#viewport.distanceOf(index) - distance);
    if (hadFocus && !this.element.contains(document.activeElement)) this.focus();
    this.#sayStrayed(strayed, editing);
    this.#activeIndex = this.#indexOfActive();
    this.#options.onState?.();
  }

  #anchorRow(): string | null {
    const at = this.#selection.at?.row ?? null;
    if (at !== null && this.#viewport.shows(this.#shown.indexOf(at))) return at;
    return this.#shown.rows[this.#viewport.top] ?? null;
  }

  #scrollBy(pixels: number): void {
    if (Math.abs(pixels) < 1) return;
    const above = this.#viewport.scale.toRows(this.#viewport.measures.scrollTop) + pixels;
    this.element.scrollTop = this.#viewport.scale.toScroll(Math.max(0, above));
    this.#render();
  }

  #sayStrayed(before: string | null, editing: string | null): void {
    const now = this.#shown.strayed;
    if (now === null || now === before) return;
    const binned = this.#options.table.binnedRowIds().includes(now);
    if (binned && editing === now) this.#notice(this.#options.t("grid.said.rowBinned"));
    else if (!binned) this.#announcer.say(this.#options.t("grid.said.strayed"));
  }

  #onPeers(): void {
    this.#drawing.repaint(this.#peers.refresh());
    this.#editor.onPeers();
  }

  #sayCount(): void {
    const { t } = this.#options;
    this.#announcer.say(t("grid.said.found", { n: this.#shown.matching }));
  }

  // ---- the place of the keyboard

  #standSomewhere(): void {
    const [column] = this.#field.columns;
    if (column !== undefined) this.#selection.stand({ row: this.#field.rows[0] ?? null, column });
  }

  #indexOfActive(): number {
    const row = this.#selection.at?.row ?? null;
    return row === null ? -1 : this.#shown.indexOf(row);
  }

  #stand(spot: Spot, extend: boolean): void {
    this.#closeEditor("commit");
    this.#desk.forgetRun();
    this.#desk.forgetEscapes();
    this.#selection.stand(spot, extend);
    this.#moved();
  }

  /** The selection moved by a gesture: leave what was held, scroll there, draw, focus. */
  #moved(): void {
    const rowChanged = this.#indexOfActive() !== this.#activeIndex;
    if (rowChanged && (this.#stale || this.#shown.strayed !== null)) this.#relist();
    this.#activeIndex = this.#indexOfActive();
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
    const top = at.row === null ? null : viewport.scrollTopFor(this.#shown.indexOf(at.row));
    const left = viewport.scrollLeftFor(this.#field.columnIndex(at.column));
    if (top !== null) {
      // Far places can only be scrolled to once the content is as tall as the rows.
      this.#drawing.body.style.height = `${viewport.scale.height}px`;
      this.element.scrollTop = top;
    }
    if (left !== null) this.element.scrollLeft = left;
  }

  #spotNear(x: number, y: number): Spot | null {
    const box = this.element.getBoundingClientRect();
    const head = this.#drawing.headGroup.offsetHeight;
    const row = this.#field.rows[this.#viewport.rowAt(y - box.top - head)];
    const column = this.#field.columns[this.#viewport.columnAt(x - box.left)];
    return row === undefined || column === undefined ? null : { row, column };
  }

  #onFocus(event: FocusEvent): void {
    if (this.#holdsEditor(event.target)) return;
    const spot = this.#drawing.spotOf(event.target);
    if (spot === null) return;
    const at = this.#selection.at;
    // A screen reader may put the focus on any cell by itself.
    if (at?.row !== spot.row || at.column !== spot.column) {
      this.#closeEditor("commit");
      this.#selection.stand(spot);
      this.#activeIndex = this.#indexOfActive();
      this.#drawing.selection();
      this.#options.onState?.();
    }
    this.#tellPlace(spot);
  }

  #tellPlace(spot: Spot | null): void {
    if (this.#toldPlace?.row === spot?.row && this.#toldPlace?.column === spot?.column) return;
    this.#toldPlace = spot;
    const { presence } = this.#options;
    const { ref } = this.#editor;
    if (spot === null || spot.row === null) presence.moveTo(null);
    else presence.moveTo({ row: spot.row, column: spot.column, editing: ref !== null });
  }

  // ---- keys, editor, clipboard

  #onKey(event: KeyboardEvent): void {
    if (this.#editor.ref !== null) {
      if (this.#editor.onKey(event)) event.preventDefault();
      return;
    }
    if (event.isComposing || isModifier(event.key)) return;
    if (event.key !== "Escape") this.#desk.forgetEscapes();
    const command = this.#keys.commandsFor(event).find((command) => command.isAllowed(this.#desk));
    if (command !== undefined) this.#runByKey(command, event);
    else if (writes(event) && this.#selection.active !== null) this.#editByKey(event);
  }

  #runByKey(command: Command, event: KeyboardEvent): void {
    if (command.run(this.#desk) !== false) event.preventDefault();
  }

  // The key itself is left to the browser: it goes into the field that now has the focus, accents and input methods
  // included.
  #editByKey(event: KeyboardEvent): void {
    this.#desk.edit("replace");
    if (this.#editor.ref === null || !this.#editor.takesLetters()) event.preventDefault();
    if (this.#editor.ref !== null && !this.#editor.takesLetters()) this.#editor.onKey(event);
  }

  #holdsEditor(node: EventTarget | null): boolean {
    const held = this.#editor.holds(node);
    if (held) this.#editor.settle();
    return held;
  }

  #leaveEditor({ how, next }: Leaving): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#closeEditor(how);
    if (!hadFocus) return;
    if (next === "run") this.#desk.goOn();
    else if (next === "stay" || !this.#desk.go(next, false)) this.#moved();
  }

  #closeEditor(how: "commit" | "cancel"): void {
    const ref = this.#editor.close(how);
    if (ref === null) return;
    this.#toldPlace = null;
    const { table, t } = this.#options;
    if (table.binnedRowIds().includes(ref.row)) {
      this.#notice(t("grid.said.rowGone"));
      this.#relist();
    }
    this.#drawing.cells([ref]);
    if (this.#stale) this.#reorder.ask();
  }

  #onClipboard(type: "copy" | "cut" | "paste", event: ClipboardEvent): void {
    const inGrid = this.element.contains(document.activeElement);
    if (!inGrid || this.#editor.ref !== null || this.#selection.active === null) return;
    if (event.clipboardData === null) return;
    event.preventDefault();
    if (type !== "paste") this.#board.copy(event.clipboardData, type);
    else {
      const data = event.clipboardData;
      void this.#board.paste(data.getData("text/html"), data.getData("text/plain"));
    }
  }

  #afterPaste(first: CellRef, last: CellRef): void {
    this.#relist();
    this.#selection.cover(first, last);
    this.#moved();
  }

  #labelOf({ row, column }: CellRef): string {
    const { table, t } = this.#options;
    const label = table.column(column)?.label[t.lang] ?? column;
    const { title } = this.#field;
    if (title === undefined || title.id === column) return label;
    return `${label}, ${wordsOf(table.cell(row, title.id), title, t.lang)}`;
  }

  #notice(words: string): void {
    this.#announcer.say(words);
    this.#options.onNotice?.(words);
  }
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta" || key === "CapsLock";
}

export type { GridOptions, Query, SortKey, Step };
