import { copyOf, MAX_CELLS } from "../../commands/copying/copy";
import type { Pasted, PastePlan } from "../../commands/copying/paste";
import { loadReader, type Reader } from "../../commands/reader";
import { clearCell } from "../../commands/write";
import type { Translate } from "../../i18n/t";
import type { CellRef, Table } from "../../model/types";
import type { GridField } from "../field";
import type { GridSelection } from "../selection";

// More rows than this at the end of the table is more often a slip than a wish.
const ROWS_WITHOUT_ASKING = 50;

export interface BoardHost {
  readonly table: Table;
  readonly t: Translate;
  readonly field: GridField;
  readonly selection: GridSelection;
  say(words: string): void;
  notice(words: string): void;
  confirm(question: string, yes: string): Promise<boolean>;
  /** The cells marked as cut changed. */
  onCut(): void;
  onPasted(first: CellRef, last: CellRef): void;
}

/** The grid's side of the clipboard, and what was cut but not pasted yet. */
export class Board {
  readonly #host: BoardHost;
  #cut: {
    readonly cells: readonly CellRef[];
    readonly keys: ReadonlySet<string>;
    readonly text: string;
  } | null = null;

  constructor(host: BoardHost) {
    this.#host = host;
  }

  isCut(row: string, column: string): boolean {
    return this.#cut?.keys.has(`${row}/${column}`) === true;
  }

  /** Forgets what was cut. Says whether there was anything. */
  forgetCut(): boolean {
    if (this.#cut === null) return false;
    this.#cut = null;
    this.#host.onCut();
    return true;
  }

  copy(to: DataTransfer, how: "copy" | "cut"): void {
    const { selection, table, t, say, notice } = this.#host;
    const lines = selection.lines();
    const cells = lines.flat();
    if (cells.length === 0) return;
    if (cells.length > MAX_CELLS) {
      notice(t("grid.said.tooMuch", { n: cells.length, max: MAX_CELLS }));
      return;
    }
    const { text, html } = copyOf(lines, table, t.lang);
    to.setData("text/plain", text);
    to.setData("text/html", html);
    this.forgetCut();
    if (how === "cut") {
      this.#cut = { cells, keys: new Set(cells.map(({ row, column }) => `${row}/${column}`)), text };
      this.#host.onCut();
    }
    say(t(how === "cut" ? "grid.said.cut" : "grid.said.copied", { n: cells.length }));
  }

  async paste(html: string, text: string): Promise<void> {
    const { selection, field, t, notice, confirm } = this.#host;
    const box = selection.box();
    if (box === null || (html === "" && text === "")) return;
    // The cells that are meant are those of this moment.
    const { rows, columns } = field;
    const reader = await loadReader(t).catch(() => null);
    if (reader === null) {
      notice(t("load.part"));
      return;
    }
    const plan = reader.planPaste(reader.readClipboard(html, text), box, { rows, columns });
    if (plan.cells.length > MAX_CELLS) {
      notice(t("grid.said.tooMuch", { n: plan.cells.length, max: MAX_CELLS }));
      return;
    }
    if (plan.newRows > ROWS_WITHOUT_ASKING) {
      const question = t("grid.ask.addRows", { n: plan.newRows });
      if (!(await confirm(question, t("grid.ask.addRows.yes")))) return;
    }
    this.#write(reader, plan, text, rows[box.top]);
  }

  #write({ paste }: Reader, plan: PastePlan, text: string, topRow: string | undefined): void {
    const { table } = this.#host;
    // A cut moves its cells only if what is pasted is still what was cut, and only once.
    const moved = this.#cut !== null && normal(this.#cut.text) === normal(text) ? this.#cut.cells : [];
    const columns = [...new Set(plan.cells.map(({ column }) => column))];
    const lastColumn = columns.at(-1);
    const done = paste(table, plan, () => {
      for (const cell of moved) if (table.mayWrite(cell.row, cell.column)) clearCell(table, cell);
    });
    if (moved.length > 0) this.forgetCut();
    this.#report(done, plan);
    const rows = [...plan.cells.flatMap(({ row }) => (typeof row === "string" ? [row] : [])), ...done.rows];
    const lastRow = rows.at(-1);
    const [firstColumn, firstRow] = [columns[0], topRow ?? rows[0]];
    if (firstRow === undefined || lastRow === undefined || firstColumn === undefined) return;
    this.#host.onPasted(
      { row: firstRow, column: firstColumn },
      { row: lastRow, column: lastColumn ?? firstColumn },
    );
  }

  #report({ written, refused, unread, also }: Pasted, { cutOff }: PastePlan): void {
    const { t, say, notice } = this.#host;
    const words = [t("grid.said.pasted", { n: written })];
    if (unread > 0) words.push(t("grid.said.unread", { n: unread }));
    if (also > 0) words.push(t("grid.said.also", { n: also }));
    if (refused > 0) words.push(t("grid.said.refused", { n: refused }));
    if (cutOff > 0) words.push(t("grid.said.cutOff", { n: cutOff }));
    (words.length > 1 ? notice : say)(words.join(" "));
  }
}

// Clipboards on Windows turn line ends into theirs.
const normal = (text: string) => text.replace(/\r\n?/g, "\n");
