import { chordWords } from "../commands/chord";
import type { Command, Desk, EditMode, Step } from "../commands/command";
import { COMMANDS } from "../commands/registry";
import type { Translate } from "../i18n/t";
import type { CellRef, Table, TableChange } from "../model/types";
import { confirm } from "../ui/dialog";
import { openMenu } from "../ui/menu";
import type { SortKey } from "../view/sort";
import type { Board } from "./clipboard/board";
import type { Editor } from "./editor";
import type { GridField } from "./field";
import { leaveGrid } from "./focus";
import type { GridOptions } from "./options";
import type { GridSelection } from "./selection";

/** The parts of the grid that gestures move. */
export interface DeskParts {
  readonly options: GridOptions;
  readonly root: HTMLElement;
  readonly field: GridField;
  readonly selection: GridSelection;
  readonly editor: Editor;
  readonly board: Board;
  sort(): readonly SortKey[];
  setSort(keys: readonly SortKey[]): void;
  pageRows(): number;
  /** The element of the cell that has the focus. */
  activeElement(): HTMLElement | null;
  /** Shows a row that the query does not find. */
  hold(row: string): void;
  /** A cell was opened. */
  opened(): void;
  /** The selection moved: scroll there, draw, focus. */
  moved(): void;
  say(words: string): void;
  /** Says something that must be seen, too. */
  notice(words: string): void;
}

/** What commands reach of the grid. */
export class GridDesk implements Desk {
  readonly #parts: DeskParts;
  /** The column where a run of Tabs began: Enter goes back to it, one row down. */
  #runColumn: string | null = null;
  #escapes = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  get table(): Table {
    return this.#parts.options.table;
  }

  get t(): Translate {
    return this.#parts.options.t;
  }

  get selection(): GridSelection {
    return this.#parts.selection;
  }

  get sort(): readonly SortKey[] {
    return this.#parts.sort();
  }

  /** A gesture other than Escape: the next Escape is a first one. */
  forgetEscapes(): void {
    this.#escapes = 0;
  }

  /** A gesture other than Tab and Enter: the run of Tabs is over. */
  forgetRun(): void {
    this.#runColumn = null;
  }

  go(step: Step, extend: boolean): boolean {
    const { selection, pageRows } = this.#parts;
    const from = selection.at;
    const to = selection.reach(step, pageRows());
    if (from === null || to === null) return false;
    if (step.by === "tab") this.#runColumn ??= from.column;
    else this.forgetRun();
    // A selection holds cells: it does not reach into the header.
    if (extend && from.row !== null && to.row === null) return true;
    selection.stand(to, extend);
    this.#parts.moved();
    return true;
  }

  /** After Enter in an open cell: one row down, in the column where the run of Tabs began. */
  goOn(): void {
    const { selection } = this.#parts;
    const column = this.#runColumn ?? selection.at?.column;
    const down = selection.reach({ by: "cell", direction: "down" }, 1);
    if (column === undefined || down === null) return;
    this.forgetRun();
    selection.stand({ row: down.row, column });
    this.#parts.moved();
  }

  goTo(row: string, column?: string): boolean {
    const { field, selection } = this.#parts;
    const id = column ?? selection.at?.column ?? field.columns[0];
    if (id === undefined || field.columnIndex(id) < 0) return false;
    if (field.rowIndex(row) < 0 && this.table.rowIds().includes(row)) this.#parts.hold(row);
    if (field.rowIndex(row) < 0) return false;
    selection.stand({ row, column: id });
    this.#parts.moved();
    return true;
  }

  selectWhole(what: "all" | "rows" | "columns"): void {
    this.#parts.selection.takeWhole(what);
    this.#parts.moved();
  }

  edit(mode: EditMode): void {
    const { selection, editor, root, activeElement } = this.#parts;
    const ref = selection.active;
    if (ref === null) return;
    if (!this.table.mayWrite(ref.row, ref.column)) {
      const curated = this.table.column(ref.column)?.curated === true;
      this.#parts.notice(this.t(curated ? "grid.said.pilotsOnly" : "grid.said.notWritable"));
      return;
    }
    selection.narrow();
    this.#parts.moved();
    const cell = activeElement();
    if (cell === null) return;
    editor.open(ref, cell, mode, root.getBoundingClientRect());
    this.#parts.opened();
  }

  sortBy(keys: readonly SortKey[]): void {
    this.#parts.setSort(keys);
    const last = keys.at(-1);
    const column = last === undefined ? undefined : this.table.column(last.column);
    if (last === undefined || column === undefined) this.say(this.t("grid.said.unsorted"));
    else this.say(this.t(`grid.said.sorted.${last.direction}`, { column: column.label[this.t.lang] }));
  }

  undo(): boolean {
    return this.table.canUndo() && this.#goBack(() => this.table.undo());
  }

  redo(): boolean {
    return this.table.canRedo() && this.#goBack(() => this.table.redo());
  }

  copy(how: "copy" | "cut"): void {
    this.#parts.activeElement()?.focus({ preventScroll: true });
    // The event it causes is heard by the grid: both flavours are written in one place.
    document.execCommand(how);
  }

  async paste(): Promise<void> {
    const read = await readBoard();
    if (read === null) this.#parts.notice(this.t("grid.said.pasteByKey"));
    else await this.#parts.board.paste(read.html, read.text);
  }

  openRow(row: string): void {
    this.#parts.options.onOpenRow(row);
  }

  openHistory(cell: CellRef): void {
    this.#parts.options.onOpenHistory?.(cell);
  }

  openMenu(at?: { x: number; y: number }): void {
    const cell = this.#parts.activeElement();
    if (cell === null) return;
    const box = cell.getBoundingClientRect();
    const own = this.#parts.options.commands ?? [];
    const offered = [...COMMANDS, ...own].filter((command) => command.inMenu);
    openMenu(
      this.t("grid.menu.label"),
      offered.map((command, index) => ({
        words: this.t(command.label),
        ...keysOf(command, this.t),
        disabled: !command.isAllowed(this),
        starts: index > 0 && command.section !== offered[index - 1]?.section,
        run: () => void command.run(this),
      })),
      at ?? { x: box.left + 8, y: box.bottom },
    );
  }

  openHelp(): void {
    this.#parts.options.onHelp();
  }

  openSearch(): boolean {
    const { onSearch } = this.#parts.options;
    onSearch?.();
    return onSearch !== undefined;
  }

  escape(): void {
    this.#escapes += 1;
    const gaveUp = this.#parts.board.forgetCut();
    if (this.#parts.selection.narrow() || gaveUp) this.#parts.moved();
    if (this.#escapes < 2) return;
    this.#escapes = 0;
    this.leave("forward");
  }

  leave(direction: "forward" | "backward"): void {
    leaveGrid(this.#parts.root, direction);
  }

  say(words: string): void {
    this.#parts.say(words);
  }

  notice(words: string): void {
    this.#parts.notice(words);
  }

  confirm(question: string, yes: string): Promise<boolean> {
    return confirm(question, yes, this.t("grid.ask.no"));
  }

  /** Undoes or redoes, then goes where it happened. */
  #goBack(work: () => boolean): boolean {
    const touched: TableChange[] = [];
    const rowsBefore = new Set(this.table.rowIds());
    const stop = this.table.onChange((change) => touched.push(change));
    const done = work();
    stop();
    const { field } = this.#parts;
    const cells = touched.flatMap((change) => change.cells);
    const cell = cells.find(({ row, column }) => field.rowIndex(row) >= 0 && field.columnIndex(column) >= 0);
    if (cell !== undefined) {
      this.goTo(cell.row, cell.column);
      this.say(this.t("grid.said.undone", this.#named(cell)));
    } else {
      const back = this.table.rowIds().find((row) => !rowsBefore.has(row));
      if (back !== undefined) this.goTo(back);
    }
    return done && touched.length > 0;
  }

  #named({ row, column }: CellRef): { column: string; row: string } {
    const label = this.table.column(column)?.label[this.t.lang] ?? "";
    return { column: label, row: this.#parts.field.nameOf(row, this.t.lang) };
  }
}

function keysOf(command: Command, t: Translate): { keys?: string } {
  const [first] = command.keys;
  return first === undefined ? {} : { keys: chordWords(first, t.lang) };
}

/** The clipboard as a menu may read it: only where the browser and the person allow it. */
async function readBoard(): Promise<{ html: string; text: string } | null> {
  try {
    const [item] = await navigator.clipboard.read();
    if (item === undefined) return null;
    const words = async (type: string) =>
      item.types.includes(type) ? (await item.getType(type)).text() : "";
    return { html: await words("text/html"), text: await words("text/plain") };
  } catch {
    return null;
  }
}
