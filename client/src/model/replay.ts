import { mergeTexts } from "./diff";
import type { Intent } from "./intent";
import { samePlain } from "./plain";
import type { Row } from "./row";
import type { Write } from "./write";

/**
 * What it takes to do again, in this document, what was meant in another; nothing where it already stands.
 *
 * `row` is the row as it is here, if it is here. Words are merged with what others wrote since: letters that
 * anybody put in stay in.
 */
export function replayed(intent: Intent, row: Row | undefined, now: number): Write[] {
  if (intent.what === "add-row") {
    return row === undefined ? [{ write: "add-row", row: intent.row, order: intent.order }] : [];
  }
  if (row === undefined) return [];
  switch (intent.what) {
    case "bin":
      return row.binned === intent.binned ? [] : [binWrite(row.id, intent.binned, now)];
    case "move":
      return row.order === intent.order ? [] : [{ write: "move", row: row.id, order: intent.order }];
    case "set":
      if (samePlain(row.stored(intent.key), intent.value)) return [];
      return [{ write: "set", row: row.id, key: intent.key, value: intent.value }];
    case "unset":
      return row.map.has(intent.key) ? [{ write: "unset", row: row.id, key: intent.key }] : [];
    case "text": {
      const here = String(row.plain(intent.column) ?? "");
      const to = mergeTexts(intent.from, intent.to, here);
      return to === here ? [] : [{ write: "text", row: row.id, column: intent.column, to, fine: true }];
    }
  }
}

export function binWrite(row: string, binned: boolean, now: number): Write {
  return { write: "bin", row, mark: binned ? { at: now } : null };
}
