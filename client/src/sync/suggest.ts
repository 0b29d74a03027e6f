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

/** The ids that the server has stored, or why it stored none; `invalid` where one of them was no suggestion to it. */
export type Answer = readonly string[] | "offline" | "login" | "refused" | "invalid";

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
  const waiting = portions(outbox.asides.filter(({ id }) => wanted.has(id)));
  let stored = 0;
  let failed: Suggested["failed"] = null;
  for (let some = waiting.shift(); some !== undefined; some = waiting.shift()) {
    const answer = await propose(some.map(suggestionOf));
    if (answer === "invalid") {
      // One that the server cannot take must not keep the others from the pilots.
      const middle = Math.ceil(some.length / 2);
      if (some.length > 1) waiting.unshift(some.slice(0, middle), some.slice(middle));
      else failed = "refused";
      continue;
    }
    if (typeof answer === "string") return { stored, failed: answer };
    const names = new Set(answer);
    const taken = some.map(({ id }) => id).filter((id) => names.has(nameOf(id)));
    outbox.forget(taken);
    stored += taken.length;
    if (taken.length < some.length) failed = "refused";
  }
  return { stored, failed };
}

/** The name of an aside on the wire, where a slash is no letter of one. */
const nameOf = (id: string): string => id.replaceAll("/", ":");

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
  const base = { id: nameOf(id), row, what, reason, at };
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
