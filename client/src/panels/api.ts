/** What the panels ask of the server beside the live line: history, and what it writes back by itself. */
import type { Lang } from "../i18n/t";
import { bad, good, type Result } from "../lib/result";
import type { Plain } from "../model/types";
import type { Page } from "./page";

/** One thing that was done to one place. A run of one person in one cell is one entry. */
export interface Entry {
  readonly id: number;
  /** The last update it is made of. */
  readonly revision: number;
  readonly row: string;
  /** What people called the row. */
  readonly title: string;
  /** The key in the row's map, as `model/layout.ts` spells it; empty for the row itself. */
  readonly key: string;
  readonly before: Plain;
  readonly after: Plain;
  /** Who did it; null for the program. */
  readonly person: number | null;
  /** The name of that person; null for the program, and for somebody who left. */
  readonly by: string | null;
  /** Through what it came: the words of `domain::table::Origin`; others may come. */
  readonly origin: string;
  readonly importId: number | null;
  /** Whose proposal it was; null where it was none, or came from somebody without a login or who left. */
  readonly proposedBy: string | null;
  readonly at: number;
  /** Admitted, but another value written at the same time stands: this one never showed. */
  readonly lost: boolean;
}

export interface HistoryPage {
  readonly entries: readonly Entry[];
  /** Where the older ones begin; null when there are none. */
  readonly next: number | null;
}

export interface HistoryQuery {
  readonly row: string;
  /** One column with its items and words; null for the whole row. */
  readonly column: string | null;
  readonly before: number | null;
}

/** What the server is asked to write again. */
export type Restore =
  | { readonly what: "row"; readonly row: string; readonly revision: number }
  | { readonly what: "take-back"; readonly from: number; readonly to: number };

/** What a restore did, or would do. */
export interface Restored {
  readonly revision: number;
  readonly cells: number;
  readonly rows: number;
  /** Places left as they are. */
  readonly kept: readonly { readonly row: string; readonly title: string; readonly key: string }[];
}

/** Why there is no answer, by what a person can do about it. */
export type Problem =
  /** Wait for the network. */
  | "offline"
  /** Sign in again. */
  | "signed-out"
  /** Ask somebody who may. */
  | "forbidden"
  /** Nothing: it is not there, or no longer. */
  | "gone"
  /** Wait a little. */
  | "busy"
  /** Try again, and tell the operators if it lasts. */
  | "broken";

/** One thing to look at, in words, and the column to look at where there is one. */
export interface Check {
  readonly words: string;
  readonly column: string | null;
}

/** What the server's checks say of a row, in the language of the page. */
export interface Checks {
  /** What is expected of every offer, in the order of the reference. */
  readonly items: readonly (Check & { readonly isMet: boolean })[];
  /** What keeps it from being published. */
  readonly missing: readonly string[];
  readonly warnings: readonly Check[];
  /** When somebody last confirmed it. */
  readonly freshness: string;
}

/** The doors of one table's JSON API. */
export interface Api {
  checks(row: string, signal?: AbortSignal): Promise<Result<Checks, Problem>>;
  history(query: HistoryQuery, signal?: AbortSignal): Promise<Result<HistoryPage, Problem>>;
  restore(what: Restore, dryRun: boolean): Promise<Result<Restored, Problem>>;
}

const ENTRIES_AT_ONCE = 30;

/** The API of the server that the page came from, in its language where it answers in words. */
export function apiOf(table: string, lang: Lang, ask: typeof fetch = (...call) => fetch(...call)): Api {
  const base = `/api/v1/tables/${encodeURIComponent(table)}`;
  const send = async <Value>(
    path: string,
    init: RequestInit,
    read: (said: Fields) => Value | undefined,
  ): Promise<Result<Value, Problem>> => {
    try {
      const answer = await ask(base + path, { cache: "no-store", redirect: "manual", ...init });
      if (!answer.ok) return bad(problemOf(answer.status));
      const value = read(fieldsOf(await answer.json()));
      return value === undefined ? bad("broken") : good(value);
    } catch (cause) {
      // No network, a line that broke on the way, or a portal that answers pages instead of JSON.
      return bad(cause instanceof SyntaxError ? "broken" : "offline");
    }
  };
  return {
    checks: (row, signal) => {
      const query = lang === "en" ? "?lang=en" : "";
      const init = signal === undefined ? {} : { signal };
      return send(`/rows/${encodeURIComponent(row)}/checks${query}`, init, readChecks);
    },
    history: ({ row, column, before }, signal) => {
      const query = new URLSearchParams({ row, limit: String(ENTRIES_AT_ONCE) });
      if (column !== null) query.set("column", column);
      if (before !== null) query.set("before", String(before));
      return send(`/history?${query}`, signal === undefined ? {} : { signal }, readPage);
    },
    restore: (what, dryRun) => {
      const body = JSON.stringify({ ...what, dry_run: dryRun });
      const headers = { "content-type": "application/json" };
      return send("/restore", { method: "POST", headers, body }, readRestored);
    },
  };
}

const apis = new WeakMap<Page, Api>();

/** The API of a page, made when it is first asked for. */
export function apiOfPage(page: Page): Api {
  const api = apis.get(page) ?? apiOf(page.tableName, page.t.lang);
  apis.set(page, api);
  return api;
}

/** Gives a page another server to ask. */
export function giveApi(page: Page, api: Api): void {
  apis.set(page, api);
}

function problemOf(status: number): Problem {
  if (status === 401) return "signed-out";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "gone";
  if (status === 429 || status === 503) return "busy";
  return "broken";
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (said: unknown): Fields =>
  typeof said === "object" && said !== null ? (said as Fields) : {};

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";

function readChecks({ items, missing, warnings, freshness }: Fields): Checks | undefined {
  if (!Array.isArray(items) || !Array.isArray(warnings) || !isText(freshness)) return undefined;
  const check = ({ words, column }: Fields): Check => ({
    words: isText(words) ? words : "",
    column: textOrNull(column),
  });
  return {
    items: items.map(fieldsOf).map((item) => ({ ...check(item), isMet: item.is_met === true })),
    missing: (Array.isArray(missing) ? missing : []).filter(isText),
    warnings: warnings.map(fieldsOf).map(check),
    freshness,
  };
}

function readPage({ entries, next }: Fields): HistoryPage | undefined {
  if (!Array.isArray(entries)) return undefined;
  const read = entries.map((entry) => readEntry(fieldsOf(entry)));
  return {
    entries: read.filter((entry) => entry !== undefined),
    next: isNumber(next) ? next : null,
  };
}

function textOrNull(said: unknown): string | null {
  return isText(said) ? said : null;
}

function readEntry(said: Fields): Entry | undefined {
  const { id, revision, row, title, key, before, after, by, origin, at, lost } = said;
  if (!isNumber(id) || !isNumber(revision) || !isText(row) || !isText(key) || !isNumber(at)) return undefined;
  const { id: person, name } = fieldsOf(by);
  return {
    id,
    revision,
    row,
    title: isText(title) ? title : "",
    key,
    before: (before ?? null) as Plain,
    after: (after ?? null) as Plain,
    person: isNumber(person) ? person : null,
    by: textOrNull(name),
    origin: isText(origin) ? origin : "",
    importId: isNumber(said.import) ? said.import : null,
    proposedBy: textOrNull(fieldsOf(said.proposed_by).name),
    at,
    lost: lost === true,
  };
}

function readRestored({ revision, cells, rows, kept }: Fields): Restored | undefined {
  if (!isNumber(cells)) return undefined;
  return {
    revision: isNumber(revision) ? revision : 0,
    cells,
    rows: isNumber(rows) ? rows : 0,
    kept: (Array.isArray(kept) ? kept : []).map(fieldsOf).map((place) => ({
      row: isText(place.row) ? place.row : "",
      title: isText(place.title) ? place.title : "",
      key: isText(place.key) ? place.key : "",
    })),
  };
}
