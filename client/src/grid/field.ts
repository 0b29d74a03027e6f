import type { Column, Kind, Table } from "../model/types";
import type { Shown } from "../view/shown";
import { type Language, wordsOf } from "../view/words";
import type { Field } from "./selection";

const WIDTHS: Readonly<Record<Kind, number>> = {
  text: 14,
  long_text: 18,
  number: 7,
  duration: 7,
  date: 8,
  prices: 13,
  sessions: 13,
  places: 12,
  choice: 11,
  choices: 14,
  url: 13,
  email: 13,
  phone: 9,
  boolean: 6,
  code: 9,
};
const TITLE_WIDTH = 19;
// Where the screen is small, the name of a row leaves room for something else.
const NARROW_TITLE_WIDTH = 12;
export const NARROW = "not all and (min-width: 40em)";

/** The rows and columns on screen, and where to find them. */
export class GridField implements Field {
  readonly #table: Table;
  readonly #shown: Shown;
  readonly #choose: (all: readonly Column[]) => readonly Column[];
  #shownColumns: readonly Column[] = [];
  #narrow = false;
  #ids: readonly string[] = [];
  #index = new Map<string, number>();

  constructor(table: Table, shown: Shown, choose: (all: readonly Column[]) => readonly Column[]) {
    this.#table = table;
    this.#shown = shown;
    this.#choose = choose;
    this.readColumns();
  }

  get rows(): readonly string[] {
    return this.#shown.rows;
  }

  get columns(): readonly string[] {
    return this.#ids;
  }

  get shownColumns(): readonly Column[] {
    return this.#shownColumns;
  }

  /** The column whose words name a row. */
  get title(): Column | undefined {
    return this.#shownColumns[0];
  }

  /** The words by which people know a row. */
  nameOf(row: string, language: Language): string {
    const { title } = this;
    return title === undefined ? "" : wordsOf(this.#table.cell(row, title.id), title, language);
  }

  rowIndex(row: string): number {
    return this.#shown.indexOf(row);
  }

  columnIndex(column: string): number {
    return this.#index.get(column) ?? -1;
  }

  /** Takes in which columns there are, and how much room. */
  readColumns(): void {
    this.#narrow = window.matchMedia(NARROW).matches;
    const all = this.#table.columns().filter((column) => !column.archived);
    const chosen = this.#choose(all);
    this.#shownColumns = chosen.length > 0 ? chosen : all;
    this.#ids = this.#shownColumns.map((column) => column.id);
    this.#index = new Map(this.#ids.map((id, at) => [id, at]));
  }

  /** How wide a column is, in the letters of the page (rem), so that it grows with them. */
  width(at: number): number {
    const column = this.#shownColumns[at];
    if (column === undefined) return 0;
    if (at > 0) return WIDTHS[column.kind];
    return this.#narrow ? NARROW_TITLE_WIDTH : TITLE_WIDTH;
  }

  /** Where each column starts and the last one ends, in rem. */
  edges(): readonly number[] {
    let end = 0;
    return [0, ...this.#shownColumns.map((_, at) => (end += this.width(at)))];
  }
}
