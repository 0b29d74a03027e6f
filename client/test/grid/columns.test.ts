// @vitest-environment happy-dom
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { loadReader } from "../../src/commands/reader";
import { Grid } from "../../src/grid/grid";
import { translator } from "../../src/i18n/t";
import { Emitter } from "../../src/lib/emitter";
import type { CellRef, Column, TableChange } from "../../src/model/types";
import { column, FakePresence, FakeTable } from "./support/fakeTable";
import { type Field, press, settled, type } from "./support/typing";

/** A table whose columns a test can change, as a pilot does. */
class OpenTable extends FakeTable {
  readonly #told = new Emitter<TableChange>();
  #more: readonly Column[] = [];
  #others: readonly Column[] | null = null;

  override columns(): readonly Column[] {
    const all = this.#others ?? super.columns();
    return [...all, ...this.#more].filter(({ archived }) => !archived);
  }

  override column(id: string): Column | undefined {
    const all = this.#others ?? super.columns();
    return [...all, ...this.#more].find((column) => column.id === id);
  }

  override onChange(listener: (change: TableChange) => void): () => void {
    const stops = [super.onChange(listener), this.#told.on(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  setColumns(columns: readonly Column[]): void {
    this.#others = columns;
    this.#told.emit({ cells: [], rows: false, columns: true, local: false });
  }

  addColumn(added: Column): void {
    this.#more = [...this.#more, added];
    this.#told.emit({ cells: [], rows: false, columns: true, local: false });
  }
}

let table: OpenTable;
let grid: Grid;
let asked: CellRef[];
let narrow: MediaQueryList;

beforeAll(async () => {
  await loadReader(translator("fr"));
});

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<main id="host"></main>';
  narrow = window.matchMedia("(max-width: 1px)");
  vi.spyOn(window, "matchMedia").mockReturnValue(narrow);
  asked = [];
  table = new OpenTable([column("intitule", "text"), column("url", "url")], [{ intitule: "Eau", url: null }]);
  grid = new Grid(document.getElementById("host") as HTMLElement, {
    table,
    presence: new FakePresence(),
    t: translator("fr"),
    label: "Table",
    onOpenRow: () => {},
    onOpenHistory: (cell) => asked.push(cell),
    onHelp: () => {},
  });
  grid.focus();
  vi.advanceTimersByTime(50);
});

afterEach(() => {
  grid.end();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const field = () => document.activeElement as Field;
const headers = () =>
  [...document.querySelectorAll("[role=columnheader]")].map(({ textContent }) => textContent);

describe("whoever is writing", () => {
  it("goes on when the window gets narrow, as a telephone that is turned", async () => {
    grid.goTo("r0", "url");
    press(document.activeElement as HTMLElement, "h");
    type(field(), "https://");
    const before = field();

    narrow.dispatchEvent(new Event("change"));
    expect(document.activeElement).toBe(before);
    type(field(), "a.fr");
    press(field(), "Enter");
    await settled();

    expect(table.cell("r0", "url").value).toBe("https://a.fr");
  });

  it("goes on when somebody adds a column, which comes when the cell is closed", async () => {
    press(document.activeElement as HTMLElement, "F2");
    await settled();
    table.addColumn(column("lieu", "text"));
    expect(headers()).toEqual(["intitule", "url"]);

    type(field(), " vive");
    press(field(), "Enter");
    await settled();

    expect(table.cell("r0", "intitule").value).toBe("Eau vive");
    expect(headers()).toEqual(["intitule", "url", "lieu"]);
  });
});

describe("columns that a pilot changes elsewhere show at once", () => {
  const [title, url] = [column("intitule", "text"), column("url", "url")];
  const named = (fr: string) => ({ ...url, label: { fr, en: fr } });
  const place = () => grid.desk.selection.at;

  it("another name, another order, one more, and the focus stays on its column", () => {
    grid.goTo("r0", "url");

    table.setColumns([named("Page"), title, column("lieu", "text")]);
    vi.advanceTimersByTime(50);

    expect(headers()).toEqual(["Page", "intitule", "lieu"]);
    expect(place()).toEqual({ row: "r0", column: "url" });
    expect(grid.element.contains(document.activeElement)).toBe(true);
  });

  it("one of another kind takes the place of the old one, and the focus with it", () => {
    grid.goTo("r0", "url");

    table.setColumns([
      title,
      { ...url, archived: true },
      column("c_nouvelle", "text"),
      column("lieu", "text"),
    ]);
    vi.advanceTimersByTime(50);

    expect(headers()).toEqual(["intitule", "c_nouvelle", "lieu"]);
    expect(place()).toEqual({ row: "r0", column: "c_nouvelle" });
    expect(grid.element.contains(document.activeElement)).toBe(true);
  });

  it("the last one that goes leaves the focus on its neighbour", () => {
    grid.goTo("r0", "url");

    table.setColumns([title, { ...url, archived: true }]);
    vi.advanceTimersByTime(50);

    expect(place()).toEqual({ row: "r0", column: "intitule" });
  });

  it("an open cell of a column that is retired is closed, and what was typed is not lost", async () => {
    grid.goTo("r0", "url");
    press(document.activeElement as HTMLElement, "h");
    type(field(), "https://a.fr");

    table.setColumns([title, { ...url, archived: true }]);
    await settled();
    vi.advanceTimersByTime(50);

    expect(document.querySelector(".cell-open-editor")).toBeNull();
    expect(table.cell("r0", "url").value).toBe("https://a.fr");
    expect(headers()).toEqual(["intitule"]);
    expect(grid.element.contains(document.activeElement)).toBe(true);
  });
});

it("the history of a cell opens by its keys, and is in the menu with them", () => {
  press(document.activeElement as HTMLElement, "F2", { shiftKey: true });
  expect(asked).toEqual([{ row: "r0", column: "intitule" }]);

  grid.run("open-menu");

  const entry = [...document.querySelectorAll("[role=menuitem]")].find(({ textContent }) =>
    textContent?.startsWith("Historique de la cellule"),
  );
  expect(entry?.textContent).toContain("Maj+F2");
  (entry as HTMLElement).click();
  expect(asked).toHaveLength(2);
});
