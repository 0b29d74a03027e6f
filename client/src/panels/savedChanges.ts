import type { Owner } from "../lib/owner";
import { whenQuiet } from "../lib/schedule";
import type { TableChange } from "../model/types";
import type { LiveTable } from "../sync/liveTable";

/** What is asked of a live table by those who follow it. */
export type Followed = Pick<LiveTable, "table" | "changes" | "isSaved" | "line">;

export interface Following {
  /** Whether a change is one to ask the server about. */
  concerns(change: TableChange): boolean;
  /** Whether the last answer was missed for want of a network. */
  missed(): boolean;
  ask(): void;
}

/** Long enough for the server to have written what was just done. */
const SETTLED_MS = 400;

/**
 * Asks the server again when something of concern changes, here or elsewhere, once that is saved; and when the
 * network comes back after an answer was missed. Until `owner` ends.
 */
export function followSaved(live: Followed, { concerns, missed, ask }: Following, owner: Owner): void {
  let stale = false;
  const again = whenQuiet(SETTLED_MS, () => {
    // What was done here is not on the server before it is saved: `changes` tells when it is.
    if (live.line.state.state !== "live" || !live.isSaved) return;
    stale = false;
    ask();
  });
  owner.add(again.cancel);
  owner.add(
    live.table.onChange((change) => {
      if (!concerns(change)) return;
      stale = true;
      again.ask();
    }),
  );
  owner.add(
    live.changes.on(() => {
      if (stale || (missed() && live.line.state.state === "live")) again.ask();
    }),
  );
}
