import type { Table, TableChange } from "../model/types";
import { Search } from "./search";
import { type SortKey, sortRows } from "./sort";
import type { Language } from "./words";

/** Which rows a person asked to see, and in which order. Theirs alone: nobody else's table moves. */
export interface Query {
  readonly search: string;
  readonly sort: readonly SortKey[];
  /** Any other test, such as the filters of a view; null lets all pass. */
  readonly filter: ((row: string) => boolean) | null;
}

export const EVERYTHING: Query = { search: "", sort: [], filter: null };

/** The list of rows on screen. It changes only when told to, so that nothing moves under a hand. */
export class Shown {
  readonly #table: Table;
  readonly #language: Language;
  readonly #search: Search;
  #query: Query = EVERYTHING;
  #rows: readonly string[] = [];
  #index = new Map<string, number>();
  #matching = 0;
  #strayed: string | null = null;
  #outOfPlace = false;

  constructor(table: Table, language: Language) {
    this.#table = table;
    this.#language = language;
    this.#search = new Search(table, language);
    this.refresh(null);
  }

  get rows(): readonly string[] {
    return this.#rows;
  }

  get query(): Query {
    return this.#query;
  }

  /** How many rows the query finds, a row held in spite of it not counted. */
  get matching(): number {
    return this.#matching;
  }

  /** How many rows there are without any query. */
  get total(): number {
    return this.#table.rowIds().length;
  }

  /** The row that is shown although it no longer answers the query, or is in the bin. */
  get strayed(): string | null {
    return this.#strayed;
  }

  /** Whether a row is held elsewhere than where the query would put it. */
  get outOfPlace(): boolean {
    return this.#outOfPlace;
  }

  indexOf(row: string): number {
    return this.#index.get(row) ?? -1;
  }

  ask(query: Query): void {
    this.#query = query;
  }

  /** Whether a change may alter the list; forgets what it knew of the cells. */
  concerns(change: TableChange): boolean {
    this.#search.forget(change.columns ? undefined : change.cells);
    if (change.rows || change.columns) return true;
    if (this.#query.search.trim() !== "" || this.#query.filter !== null) return change.cells.length > 0;
    return change.cells.some(({ column }) => this.#query.sort.some((key) => key.column === column));
  }

  /**
   * Makes the list anew. The held row stays where it was among its neighbours, matching or not; one that was not
   * shown and does not match comes behind the row `behind`.
   */
  refresh(held: string | null, behind: string | null = null): void {
    const { search, sort, filter } = this.#query;
    const matches = this.#search.matcher(search);
    const found = this.#table
      .rowIds()
      .filter((row) => (matches === null || matches(row)) && (filter === null || filter(row)));
    const sorted = sortRows(found, sort, this.#table, this.#language);
    this.#matching = sorted.length;
    const settled = held === null ? sorted : holdInPlace(this.#rows, sorted, held, sort.length > 0, behind);
    this.#strayed = settled.length > sorted.length ? held : null;
    this.#outOfPlace = settled.length !== sorted.length || settled.some((row, at) => row !== sorted[at]);
    this.#rows = settled;
    this.#index = new Map(settled.map((row, at) => [row, at]));
  }
}

/**
 * The new list, with one row kept where a person is working in it: behind the row it stood behind before.
 *
 * Where nothing is sorted, a row that others moved goes where they put it.
 */
export function holdInPlace(
  before: readonly string[],
  after: readonly string[],
  held: string,
  sorted: boolean,
  behind: string | null,
): readonly string[] {
  const was = before.indexOf(held);
  const stays = after.includes(held);
  if (stays && (was < 0 || !sorted)) return after;
  const others = after.filter((row) => row !== held);
  const places = new Map(others.map((row, at) => [row, at]));
  for (let at = was < 0 ? before.indexOf(behind ?? "") : was - 1; at >= 0; at -= 1) {
    const place = places.get(before[at] ?? "");
    if (place !== undefined) return [...others.slice(0, place + 1), held, ...others.slice(place + 1)];
  }
  return [held, ...others];
}
