/** People who go on editing, each a cell of their own, and note how long each edit takes to be saved. */

import * as Y from "yjs";
import type { Program } from "../browser/support/program.js";
import { Tab } from "../browser/support/tab.js";

/** Between two edits of one person, in ms. */
const BREATH_MS = 100;

export interface Latency {
  edits: number;
  p50: number;
  p99: number;
}

export class Peers {
  readonly #tabs: Tab[];
  #isEditing = false;
  #hands: Promise<void>[] = [];
  #waited: number[] = [];
  /** The last value of each person, by row. */
  readonly #last = new Map<string, number>();
  #made = 0;

  private constructor(tabs: Tab[]) {
    this.#tabs = tabs;
  }

  /** So many people sit down, each before a row that is theirs. */
  static async sitDown(program: Program, cookies: readonly string[], people: number): Promise<Peers> {
    const tabs = Array.from(
      { length: people },
      (_, at) => new Tab(program.url, cookies[at % cookies.length] ?? ""),
    );
    await Promise.all(tabs.map((tab) => tab.ready()));
    for (const [at, tab] of tabs.entries()) {
      if (tab.rows.has(rowOf(at))) continue;
      const row = new Y.Map<unknown>();
      row.set("~order", `z${at}`);
      tab.rows.set(rowOf(at), row);
      await tab.allSaved();
    }
    return new Peers(tabs);
  }

  begin(): void {
    this.#isEditing = true;
    this.#waited = [];
    this.#hands = this.#tabs.map((tab, at) => this.#edits(tab, rowOf(at)));
  }

  /** No more edits; gives what was measured since they began. */
  async rest(): Promise<Latency> {
    this.#isEditing = false;
    await Promise.all(this.#hands);
    const sorted = [...this.#waited].sort((a, b) => a - b);
    const at = (part: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
    return { edits: sorted.length, p50: at(0.5), p99: at(0.99) };
  }

  /** Resolves when so many edits more were saved. */
  async edit(count: number): Promise<void> {
    const until = this.#waited.length + count;
    while (this.#waited.length < until && this.#closed.length === 0) await breath();
  }

  /** Edits of which nobody said that they are saved, and people who were sent away. */
  get lost(): { unsaved: number; sentAway: number } {
    const unsaved = this.#tabs.reduce((sum, tab) => sum + Math.max(0, tab.sent - tab.saved), 0);
    return { unsaved, sentAway: this.#closed.length };
  }

  /** Cells in which somebody who comes now does not find the last value that was saved. */
  async differences(program: Program, cookie: string): Promise<string[]> {
    const fresh = new Tab(program.url, cookie);
    await fresh.ready();
    const odd = [...this.#last].filter(([row, value]) => fresh.rows.get(row)?.get("duree_heures") !== value);
    fresh.leaves();
    return odd.map(([row]) => row);
  }

  leave(): void {
    for (const tab of this.#tabs) tab.leaves();
  }

  get #closed(): Tab[] {
    return this.#tabs.filter((tab) => tab.closed !== null);
  }

  async #edits(tab: Tab, row: string): Promise<void> {
    while (this.#isEditing && tab.closed === null) {
      this.#made += 1;
      const value = this.#made;
      const began = performance.now();
      tab.rows.get(row)?.set("duree_heures", value);
      await tab.allSaved();
      if (tab.closed !== null) return;
      this.#waited.push(performance.now() - began);
      this.#last.set(row, value);
      await breath();
    }
  }
}

const rowOf = (at: number) => `pair${at.toString().padStart(2, "0")}`;
const breath = () => new Promise((resolve) => setTimeout(resolve, BREATH_MS));
