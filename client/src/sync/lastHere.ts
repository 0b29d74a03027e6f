/**
 * Who was here last, for a table that opens without a network: the kept page names nobody. Written when the server
 * has greeted, erased when the login ends; without it, nobody's table opens.
 */
import type { Role } from "../model/table";

const NAME = "tablee:last";

/**
 * The cache by which the service worker says that somebody signed out, or in, on another page. It knows this name by
 * itself (`offline/rules.ts`): a worker shares no code with a page.
 */
export const NOBODY = "tablee-nobody";

export interface LastHere {
  readonly person: number;
  readonly role: Role;
  readonly name: string;
  readonly table: string;
}

/** What a page may write down; undefined where the browser forbids it. */
export function pageStorage(page: Window): Storage | undefined {
  try {
    return page.localStorage;
  } catch {
    // Cookies are blocked, and this with them.
    return undefined;
  }
}

export function rememberLast(storage: Storage | undefined, last: LastHere): void {
  try {
    storage?.setItem(NAME, JSON.stringify(last));
  } catch {
    // Full, or forbidden: then the table opens with a network only.
  }
}

/** Forgets this person; whoever came after them stays. */
export function forgetLast(storage: Storage | undefined, person: number): void {
  if (lastHere(storage)?.person === person) storage?.removeItem(NAME);
}

/** Undefined where nobody was, or where what stands there is not in our words. */
export function lastHere(storage: Storage | undefined): LastHere | undefined {
  try {
    const said: unknown = JSON.parse(storage?.getItem(NAME) ?? "null");
    const { person, role, name, table } = { ...(said as Partial<LastHere> | null) };
    const known = (["member", "pilot", "admin"] as const).find((one) => one === role);
    if (!Number.isSafeInteger(person) || known === undefined) return undefined;
    if (typeof name !== "string" || typeof table !== "string") return undefined;
    return { person: Number(person), role: known, name, table };
  } catch {
    return undefined;
  }
}
