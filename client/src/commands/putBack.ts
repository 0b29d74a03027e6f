import { columnOf, parseKey } from "../model/layout";
import { isMap } from "../model/plain";
import type { Plain, Table } from "../model/types";
import { isNothing } from "../view/past";

/** Whether this person may write a value of the past again at this key. */
export function mayPutBack(table: Table, row: string, key: string): boolean {
  const column = columnOf(key);
  return column !== undefined && table.mayWrite(row, column);
}

/** Writes a value of the past again: an edit of today like any other, which can be undone. */
export function putBack(table: Table, row: string, key: string, then: Plain): void {
  const place = parseKey(key);
  if (place === undefined || !("column" in place)) return;
  const { column } = place;
  table.endStep();
  table.transact(() => {
    if (place.at === "said") table.setSaid(row, column, typeof then === "string" ? then : null);
    else if (place.at === "item") {
      const { value } = table.cell(row, column);
      const others = Object.entries(isMap(value) ? value : {}).filter(([item]) => item !== place.item);
      const items = isNothing(key, then) ? others : [...others, [place.item, then] as const];
      table.setValue(row, column, items.length === 0 ? null : Object.fromEntries(items));
    } else table.setValue(row, column, then);
  });
  table.endStep();
}
