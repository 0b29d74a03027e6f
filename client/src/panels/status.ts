import type { Translate } from "../i18n/t";
import type { Connection } from "../sync/connection";

/** What the words beside the title are made from. */
export interface Standing {
  readonly connection: Connection;
  /** How many places were changed here and are not saved. */
  readonly unsaved: number;
  /** Everything done here is on the server's disk. */
  readonly isSaved: boolean;
  /** Closing the page now would lose something. */
  readonly wouldLose: boolean;
  /** There is a table on screen. */
  readonly hasDocument: boolean;
}

/** Attempts that pass so fast that calling them "offline" would only frighten. */
const BRIEF = 2;

/** The words shown beside the table's title. Nothing is called saved that the server has not called so. */
export function statusText(t: Translate, standing: Standing): string {
  const { connection, isSaved, wouldLose, hasDocument } = standing;
  switch (connection.state) {
    case "live":
      return t(isSaved ? "state.saved" : "state.saving");
    case "syncing":
      return t("state.syncing");
    case "connecting":
      if (connection.attempt > BRIEF) return offlineText(t, standing);
      return t(hasDocument ? "state.connecting" : "state.opening");
    case "offline":
      return offlineText(t, standing);
    case "ended":
      if (connection.why === "role") return t("state.ended.role");
      return t(wouldLose ? "state.ended.login.unkept" : "state.ended.login");
  }
}

function offlineText(t: Translate, { unsaved, wouldLose }: Standing): string {
  if (unsaved === 0) return t("state.offline");
  return t(wouldLose ? "state.offline.unkept" : "state.offline.kept", { n: unsaved });
}

/** A word for styles and tests: the state, or `saved` and `saving` on a good line. */
export function statusName({ connection, isSaved }: Standing): string {
  if (connection.state !== "live") return connection.state;
  return isSaved ? "saved" : "saving";
}
