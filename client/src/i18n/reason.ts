import type { Key, Translate } from "./t";

/** The sentence for a reason that the server gave by its key. */
export function reasonWords(t: Translate, reason: string): string {
  const known: Readonly<Record<string, Key>> = {
    "not-own-row": "refused.reason.not-own-row",
    "pilots-only": "refused.reason.pilots-only",
    "server-only": "refused.reason.server-only",
    "rows-stay": "refused.reason.rows-stay",
    "no-such-column": "refused.reason.no-such-column",
    "too-large": "refused.reason.too-large",
    "writer-quota": "refused.reason.writer-quota",
    gone: "refused.reason.gone",
    "no-role": "refused.reason.no-role",
    "went-back": "refused.reason.went-back",
  };
  return t(known[reason] ?? "refused.reason.other");
}
