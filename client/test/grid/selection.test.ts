import { beforeEach, describe, expect, it } from "vitest";
import { scaleFor } from "../../src/grid/scroll";
import { type Field, GridSelection } from "../../src/grid/selection";
import { type Measures, Viewport } from "../../src/grid/viewport";

class TestField implements Field {
  rows = ["a", "b", "c", "d"];
  columns = ["x", "y", "z"];
  rowIndex(row: string) {
    return this.rows.indexOf(row);
  }
  columnIndex(column: string) {
    return this.columns.indexOf(column);
  }
}

let field: TestField;
let selection: GridSelection;
beforeEach(() => {
  field = new TestField();
  selection = new GridSelection(field);
  selection.stand({ row: "b", column: "y" });
});

describe("a search that finds nothing", () => {
  it("leaves nobody on the header once it finds something again", () => {
    field.rows = [];
    selection.settle(1);
    expect(selection.active).toBeNull();
    selection.settle(-1);

    field.rows = ["c", "d"];
    selection.settle(-1);

    expect(selection.active).toEqual({ row: "c", column: "y" });
  });

  it("keeps on the header whoever went there by themselves", () => {
    selection.stand({ row: null, column: "x" });
    field.rows = [];
    selection.settle(-1);

    field.rows = ["c", "d"];
    selection.settle(-1);

    expect(selection.at).toEqual({ row: null, column: "x" });
  });
});

describe("steps", () => {
  it.each([
    [{ by: "cell", direction: "up" }, "a", "y"],
    [{ by: "cell", direction: "right" }, "b", "z"],
    [{ by: "edge", direction: "down" }, "d", "y"],
    [{ by: "edge", direction: "left" }, "b", "x"],
    [{ by: "row-end", direction: "right" }, "b", "z"],
    [{ by: "table-end", direction: "right" }, "d", "z"],
    [{ by: "table-end", direction: "left" }, "a", "x"],
    [{ by: "page", direction: "down" }, "d", "y"],
    [{ by: "page", direction: "up" }, "a", "y"],
    [{ by: "tab", direction: "right" }, "b", "z"],
  ] as const)("%j leads from b/y to %s/%s", (step, row, column) => {
    expect(selection.reach(step, 10)).toEqual({ row, column });
  });

  it("do not wrap with arrows, but do with Tab, which leaves at both ends", () => {
    selection.stand({ row: "b", column: "z" });
    expect(selection.reach({ by: "cell", direction: "right" }, 1)).toEqual({ row: "b", column: "z" });
    expect(selection.reach({ by: "tab", direction: "right" }, 1)).toEqual({ row: "c", column: "x" });

    selection.stand({ row: "d", column: "z" });
    expect(selection.reach({ by: "tab", direction: "right" }, 1)).toBeNull();
    selection.stand({ row: "a", column: "x" });
    expect(selection.reach({ by: "tab", direction: "left" }, 1)).toBeNull();
  });

  it("lead from the first row to the header and back", () => {
    selection.stand({ row: "a", column: "y" });

    const header = selection.reach({ by: "cell", direction: "up" }, 1);

    expect(header).toEqual({ row: null, column: "y" });
    selection.stand(header ?? { row: "a", column: "x" });
    expect(selection.active).toBeNull();
    expect(selection.reach({ by: "cell", direction: "down" }, 1)).toEqual({ row: "a", column: "y" });
  });
});

describe("a selection", () => {
  it("reaches from where it began to where it is, either way", () => {
    selection.stand({ row: "d", column: "x" }, true);

    expect(selection.box()).toEqual({ top: 1, bottom: 3, left: 0, right: 1 });
    expect(selection.rows()).toEqual(["b", "c", "d"]);
    expect(selection.columns().map((cells) => cells.length)).toEqual([3, 3]);
  });

  it("stays on its rows when others add some above", () => {
    selection.stand({ row: "c", column: "y" }, true);

    field.rows = ["new", ...field.rows];

    expect(selection.rows()).toEqual(["b", "c"]);
  });

  it("takes whole rows, columns, or all", () => {
    selection.takeWhole("rows");
    expect(selection.box()).toEqual({ top: 1, bottom: 1, left: 0, right: 2 });
    selection.takeWhole("columns");
    expect(selection.box()).toEqual({ top: 0, bottom: 3, left: 1, right: 1 });
    selection.takeWhole("all");
    expect(selection.lines().flat()).toHaveLength(12);
    expect(selection.narrow()).toBe(true);
    expect(selection.single).toBe(true);
  });

  it("stands at the same height when its row is gone", () => {
    field.rows = ["a", "c", "d"];
    selection.settle(1);
    expect(selection.active).toEqual({ row: "c", column: "y" });

    field.rows = [];
    selection.settle(1);
    expect(selection.at).toEqual({ row: null, column: "y" });
  });
});

const measures: Measures = {
  scrollTop: 1000,
  scrollLeft: 0,
  rowsHeight: 400,
  width: 500,
  rowHeight: 40,
  columnEdges: [0, 200, 400, 700],
  pinnedWidth: 200,
};

describe("the window on the rows", () => {
  it("draws what is seen and a little more", () => {
    const viewport = new Viewport(measures, 1000);

    expect(viewport.first).toBeLessThan(25);
    expect(viewport.end).toBeGreaterThan(35);
    expect(viewport.end - viewport.first).toBeLessThan(30);
    expect(viewport.top).toBe(25);
    expect(viewport.placeOf(30)).toBe(1200);
  });

  it("scrolls no further than it must", () => {
    const viewport = new Viewport(measures, 1000);

    expect(viewport.scrollTopFor(30)).toBeNull();
    expect(viewport.scrollTopFor(35)).toBe(1040);
    expect(viewport.scrollTopFor(10)).toBe(400);
    expect(viewport.scrollLeftFor(0)).toBeNull();
    expect(viewport.scrollLeftFor(2)).toBe(200);
    expect(viewport.columnAt(100)).toBe(0);
    expect(viewport.columnAt(450)).toBe(2);
  });

  it("never asks for a taller content than browsers can place, and still reaches the last row", () => {
    const count = 1_000_000;
    const { height } = scaleFor(count * 40, 400);
    expect(height).toBeLessThanOrEqual(7_000_000);

    const last = new Viewport({ ...measures, scrollTop: height - 400 }, count);
    expect(last.end).toBe(count);
    expect(last.placeOf(count - 1)).toBeCloseTo(height - 40, 3);

    const target = new Viewport(measures, count).scrollTopFor(500_000) ?? 0;
    expect(new Viewport({ ...measures, scrollTop: target }, count).shows(500_000)).toBe(true);
  });
});
