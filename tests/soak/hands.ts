/** Hands that do the steps of a plan: in a tab of ours, or in a stock one. Each says false where there was nothing to do. */

import type * as Y from "yjs";
import type { Page } from "./browser.js";
import type { Ledger } from "./ledger.js";
import { LISTS, SCALARS, TEXTS } from "./plan.js";
import type { StockTab } from "./stock.js";

/** Who does it, and where it is written down. */
export interface Deed {
  readonly who: number;
  readonly ledger: Ledger;
}

export interface Place {
  readonly row: number;
  readonly column: number;
  readonly at: number;
}

export interface Hand {
  types(deed: Deed, place: Place, word: string, opens: boolean): boolean;
  erases(deed: Deed, place: Place): boolean;
  sets(deed: Deed, place: Place): boolean;
  lists(deed: Deed, place: Place): boolean;
  addsRow(deed: Deed, word: string): boolean;
}

/** The first rows of the table, where everybody meets, or the last one, which somebody has just added. */
export function rowAt(rows: readonly string[], at: number): string | undefined {
  return at === 3 ? rows.at(-1) : rows[at % Math.max(rows.length, 1)];
}

/** A place in a text that does not cut a letter in two, in UTF-16 units. */
function unitsAt(text: string, at: number): number {
  const letters = [...text];
  return letters.slice(0, Math.floor(at * (letters.length + 1))).join("").length;
}

/** What a scalar column takes. */
function scalarOf(column: string, number: number): number | string {
  return column.startsWith("code") ? `RS${number}` : number;
}

export class TabHand implements Hand {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #table() {
    return this.#page.live.table;
  }

  #rowAt(at: number): string | undefined {
    return this.#page.live.hasDocument ? rowAt(this.#table.rowIds(), at) : undefined;
  }

  types(deed: Deed, place: Place, word: string, opens: boolean): boolean {
    const row = this.#rowAt(place.row);
    const column = TEXTS[place.column] ?? "intitule";
    if (row === undefined) return false;
    const types = () => deed.ledger.types(deed.who, { row, column }, word);
    const written = (now: string) => {
      const at = unitsAt(now, place.at);
      return { next: now.slice(0, at) + word + now.slice(at), caret: at + word.length };
    };
    if (opens) {
      // An editor takes letters once its text is there; a text that is refused takes none.
      const opening = this.#table.openText(row, column).then(
        (text) => {
          const { next, caret } = written(text.toString());
          types();
          text.replace(next, caret);
        },
        () => {},
      );
      this.#page.opens(opening);
    } else {
      types();
      const { next, caret } = written(String(this.#table.cell(row, column).value ?? ""));
      this.#table.setText(row, column, next, caret);
    }
    return true;
  }

  erases({ ledger }: Deed, place: Place): boolean {
    const row = this.#rowAt(place.row);
    const column = TEXTS[place.column] ?? "intitule";
    if (row === undefined) return false;
    const now = [...String(this.#table.cell(row, column).value ?? "")];
    const [letter] = now.splice(Math.floor(place.at * now.length), 1);
    if (letter === undefined) return false;
    ledger.erases(letter);
    this.#table.setText(row, column, now.join(""));
    return true;
  }

  sets({ who, ledger }: Deed, place: Place): boolean {
    const row = this.#rowAt(place.row);
    const column = SCALARS[place.column] ?? "code_rs";
    if (row === undefined) return false;
    const value = scalarOf(column, ledger.freshNumber());
    ledger.sets(who, `${row} ${column}`, value);
    this.#table.setValue(row, column, value);
    return true;
  }

  publishes(row: number): boolean {
    const chosen = this.#rowAt(row);
    if (chosen === undefined) return false;
    const next = this.#table.cell(chosen, "etat").value === "publiee" ? "a_verifier" : "publiee";
    this.#table.setValue(chosen, "etat", next);
    return true;
  }

  lists({ who, ledger }: Deed, place: Place): boolean {
    const row = this.#rowAt(place.row);
    const column = LISTS[place.column % LISTS.length] ?? "lieux";
    if (row === undefined) return false;
    const item = `i${ledger.freshNumber()}`;
    ledger.lists(who, `${row} ${column}/${item}`);
    const now = this.#table.cell(row, column).value as { readonly [item: string]: never } | null;
    this.#table.setValue(row, column, { ...now, [item]: itemOf(column, item) });
    return true;
  }

  addsRow(deed: Deed, word: string): boolean {
    if (!this.#page.live.hasDocument) return false;
    const row = this.#table.addRow(null);
    if (word !== "") {
      deed.ledger.types(deed.who, { row, column: "intitule" }, word);
      this.#table.setText(row, "intitule", word);
    }
    return true;
  }

  bins(at: number): boolean {
    const row = this.#rowAt(at);
    const [binned] = this.#table.binnedRowIds();
    if (row === undefined) return false;
    if (at % 2 === 1 && binned !== undefined) this.#table.setBinned([binned], false);
    else this.#table.setBinned([row], true);
    return true;
  }
}

export class StockHand implements Hand {
  readonly #tab: StockTab;

  constructor(tab: StockTab) {
    this.#tab = tab;
  }

  #cellAt(
    place: Place,
    columns: readonly string[],
  ): { row: string; column: string; map: Y.Map<unknown> } | null {
    const row = rowAt(this.#tab.rowIds(), place.row);
    const map = row === undefined ? undefined : this.#tab.rows.get(row);
    if (row === undefined || map === undefined) return null;
    return { row, column: columns[place.column % columns.length] ?? "", map };
  }

  /** A bare tab makes no text where there is none: that would be its own risk. */
  types(deed: Deed, place: Place, word: string): boolean {
    const cell = this.#cellAt(place, TEXTS);
    const text = cell === null ? null : this.#tab.text(cell.row, cell.column);
    if (cell === null || text === null) return false;
    deed.ledger.types(deed.who, cell, word);
    text.insert(unitsAt(text.toString(), place.at), word);
    return true;
  }

  erases({ ledger }: Deed, place: Place): boolean {
    const cell = this.#cellAt(place, TEXTS);
    const text = cell === null ? null : this.#tab.text(cell.row, cell.column);
    if (text === null || text.length === 0) return false;
    const letters = [...text.toString()];
    const at = Math.floor(place.at * letters.length);
    const letter = letters[at] ?? "";
    ledger.erases(letter);
    text.delete(letters.slice(0, at).join("").length, letter.length);
    return true;
  }

  sets({ who, ledger }: Deed, place: Place): boolean {
    const cell = this.#cellAt(place, SCALARS);
    if (cell === null) return false;
    const value = scalarOf(cell.column, ledger.freshNumber());
    ledger.sets(who, `${cell.row} ${cell.column}`, value);
    cell.map.set(cell.column, value);
    return true;
  }

  lists({ who, ledger }: Deed, place: Place): boolean {
    const cell = this.#cellAt(place, LISTS);
    if (cell === null) return false;
    const item = `i${ledger.freshNumber()}`;
    ledger.lists(who, `${cell.row} ${cell.column}/${item}`);
    cell.map.set(`${cell.column}/${item}`, itemOf(cell.column, item));
    return true;
  }

  addsRow(deed: Deed, word: string): boolean {
    const row = this.#tab.addRow(word);
    deed.ledger.types(deed.who, { row, column: "intitule" }, word);
    return true;
  }
}

/** What one item of a list is: a place, or that an option is chosen. */
const itemOf = (column: string, item: string) => (column === "lieux" ? { lieu: `Lieu ${item}` } : true);
