import type { Intent } from "../model/intent";
import type { Plain } from "../model/types";
import type { Aside, Outbox } from "./outbox";

/** What became of edits that were proposed to the pilots. Those that were stored are no longer aside. */
export interface Suggested {
  readonly stored: number;
  /** Why the rest stays aside: no network, no login, or the server did not take them. Null when nothing is left. */
  readonly failed: "offline" | "login" | "refused" | null;
}

/** One edit in the words of `POST /api/v1/tables/{table}/suggestions`. */
export interface Suggestion {
  /** The device's own name for it: sent twice, it is stored once. */
  readonly id: string;
  readonly row: string;
  readonly what: Intent["what"];
  /** For `set`, `unset` and `text` (there the column). */
  readonly key?: string;
  /** What was meant: the value, where the row goes (`add-row`, `move`), whether it goes to the bin (`bin`). */
  readonly value?: Plain;
  readonly before?: Plain;
  /** For `text`: the words it started from, and what they became. */
  readonly from?: string;
  readonly to?: string;
  readonly reason: string;
  readonly at: number;
}

/** The ids that the server has stored, or why it stored none. */
export type Answer = readonly string[] | "offline" | "login" | "refused";

/** Sends suggestions. */
export type Propose = (suggestions: readonly Suggestion[]) => Promise<Answer>;

/** What the server takes at once. */
const MOST = 500;
const MOST_LETTERS = 200_000;

/** Proposes asides in as many requests as it takes, and forgets those that were stored. */
export async function proposeAsides(
  outbox: Outbox,
  ids: readonly string[],
  propose: Propose,
): Promise<Suggested> {
  const wanted = new Set(ids);
  let stored = 0;
  for (const some of portions(outbox.asides.filter(({ id }) => wanted.has(id)))) {
    const answer = await propose(some.map(suggestionOf));
    if (typeof answer === "string") return { stored, failed: answer };
    const taken = some.map(({ id }) => id).filter((id) => answer.includes(id));
    outbox.forget(taken);
    stored += taken.length;
    if (taken.length < some.length) return { stored, failed: "refused" };
  }
  return { stored, failed: null };
}

function portions(asides: readonly Aside[]): Aside[][] {
  const all: Aside[][] = [];
  let letters = 0;
  for (const aside of asides) {
    const size = JSON.stringify(aside.intent).length;
    const open = all.at(-1);
    if (open === undefined || open.length >= MOST || letters + size > MOST_LETTERS) {
      all.push([aside]);
      letters = size;
    } else {
      open.push(aside);
      letters += size;
    }
  }
  return all;
}

export function suggestionOf({ id, at, reason, intent }: Aside): Suggestion {
  const { what, row } = intent;
  const base = { id, row, what, reason, at };
  switch (intent.what) {
    case "add-row":
    case "move":
      return { ...base, value: intent.order };
    case "bin":
      return { ...base, value: intent.binned };
    case "set":
      return { ...base, key: intent.key, value: intent.value, before: intent.before };
    case "unset":
      return { ...base, key: intent.key, before: intent.before };
    case "text":
      return { ...base, key: intent.column, from: intent.from, to: intent.to };
  }
}
