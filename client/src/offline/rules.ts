/**
 * What the service worker keeps, and for which requests: the shell of the live table and the files whose names say
 * what is in them. Never a page that somebody in particular is shown, never `/api`, never `/live`.
 */

/** The live table without anybody in it: who was here last, the device says. */
export const SHELL = "/table/hors-ligne";
/** The page that the shell stands in for. */
const TABLE = "/table";
const ASSETS = "/assets/";
const SIGN_IN = "/connexion";
const SIGN_OUT = "/deconnexion";
/** A cache that holds nothing, known to `sync/lastHere.ts` too: while it is there, who was here last is here no more. */
export const NOBODY = "tablee-nobody";
const CACHE = "tablee-shell-";

/** Longer than a server needs, shorter than a person waits: then the shell comes, and goes on asking. */
export const PATIENCE_MS = 6_000;

/** What a request is to the worker. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** `navigate` for a page. */
  readonly mode: string;
}

/** `kept-first` for files that never change, `network-first` for the table, and nothing of ours for the rest. */
export type Way = "kept-first" | "network-first" | "not-ours";

export function wayOf({ method, url, mode }: Asked, origin: string): Way {
  const { origin: site, pathname } = new URL(url);
  if (method !== "GET" || site !== origin) return "not-ours";
  if (mode === "navigate") return pathname === TABLE || pathname === SHELL ? "network-first" : "not-ours";
  return pathname.startsWith(ASSETS) ? "kept-first" : "not-ours";
}

/** `leaves` for signing out on any page, `comes` for signing in: the forms do it without a script of ours. */
export function handsOf({ method, url, mode }: Asked, origin: string): "leaves" | "comes" | null {
  const { origin: site, pathname } = new URL(url);
  if (method !== "POST" || mode !== "navigate" || site !== origin) return null;
  if (pathname === SIGN_OUT) return "leaves";
  return pathname === SIGN_IN || pathname.startsWith(`${SIGN_IN}/`) ? "comes" : null;
}

/** Whether an answer to the table's page is one of a gate before a server that is away. */
export const isAway = (status: number): boolean => status === 502 || status === 503 || status === 504;

/** Each build keeps its files under its own name: a shell never meets the scripts of another. */
export const cacheOf = (version: string): string => CACHE + version;

/** What earlier builds left. */
export function outdated(names: readonly string[], version: string): string[] {
  return names.filter((name) => name.startsWith(CACHE) && name !== cacheOf(version));
}
