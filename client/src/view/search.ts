import type { CellRef, Table } from "../model/types";
import { fold } from "./fold";
import { type Language, wordsOf } from "./words";

/** Finds rows by words. Keeps the folded words of each row until the row changes. */
export class Search {
  readonly #table: Table;
  readonly #language: Language;
  readonly #folded = new Map<string, string>();

  constructor(table: Table, language: Language) {
    this.#table = table;
    this.#language = language;
  }

  /** Forgets rows that changed; without an argument, all. */
  forget(cells?: readonly CellRef[]): void {
    if (cells === undefined) this.#folded.clear();
    else for (const { row } of cells) this.#folded.delete(row);
  }

  /** A test for rows that hold all the words, in any order and any column; null where nothing is asked. */
  matcher(asked: string): ((row: string) => boolean) | null {
    const words = fold(asked)
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) return null;
    return (row) => {
      const text = this.#textOf(row);
      return words.every((word) => text.includes(word));
    };
  }

  #textOf(row: string): string {
    let text = this.#folded.get(row);
    if (text === undefined) {
      const words = this.#table.columns().flatMap((column) => {
        const cell = this.#table.cell(row, column.id);
        // Own words may say more than the value that is shown.
        return [wordsOf(cell, column, this.#language), cell.said ?? ""];
      });
      // A line end between cells: no word of a search can reach from one into the next.
      text = fold(words.join("\n"));
      this.#folded.set(row, text);
    }
    return text;
  }
}
