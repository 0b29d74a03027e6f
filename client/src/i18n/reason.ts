import type { Translate } from "./t";

const KNOWN = [
  "not-own-row",
  "pilots-only",
  "server-only",
  "rows-stay",
  "no-such-column",
  "too-large",
  "writer-quota",
  "gone",
] as const;

/** The sentence for a reason that the server gave by its key. */
export function reasonWords(t: Translate, reason: string): string {
  return t(`refused.reason.${KNOWN.find((known) => known === reason) ?? "other"}`);
}
