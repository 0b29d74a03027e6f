import { isListKind, isTextKind } from "./column";
import type { Intent } from "./intent";
import { itemKey, saidKey } from "./layout";
import { samePlain } from "./plain";
import type { Row } from "./row";
import type { Column } from "./types";
import type { KnownRows } from "./watch";

/**
 * What it takes to make `theirs` say what `mine` says, place by place. By value: the two may be documents that
 * share no history. Rows that only `theirs` has are left alone.
 */
export function differences(
  mine: KnownRows,
  theirs: KnownRows,
  columnOf: (id: string) => Column | undefined,
): Intent[] {
  const found: Intent[] = [];
  for (const row of mine.all()) {
    const other = theirs.get(row.id);
    if (other === undefined) found.push({ what: "add-row", row: row.id, order: row.order });
    else if (other.order !== row.order) found.push({ what: "move", row: row.id, order: row.order });
    const columns = new Set([...row.columns(), ...(other?.columns() ?? [])]);
    for (const id of columns) {
      const column = columnOf(id);
      if (column !== undefined) found.push(...inColumn(row, other, column));
    }
    if (row.binned !== (other?.binned ?? false)) {
      found.push({ what: "bin", row: row.id, binned: row.binned });
    }
  }
  return found;
}

function inColumn(row: Row, other: Row | undefined, column: Column): Intent[] {
  if (isTextKind(column.kind)) {
    const [to, from] = [row, other].map((one) => String(one?.plain(column.id) ?? ""));
    return to === from
      ? []
      : [{ what: "text", row: row.id, column: column.id, from: from ?? "", to: to ?? "" }];
  }
  const keys = [saidKey(column.id)];
  if (isListKind(column.kind)) {
    const items = { ...row.list(column.id), ...other?.list(column.id) };
    keys.push(...Object.keys(items).map((item) => itemKey(column.id, item)));
  } else keys.push(column.id);
  return keys.flatMap((key): Intent[] => {
    const [value, before] = [row.stored(key), other?.stored(key) ?? null];
    return samePlain(value, before) ? [] : [{ what: "set", row: row.id, key, value, before }];
  });
}
