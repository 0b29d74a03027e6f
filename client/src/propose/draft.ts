/**
 * What was typed into a form, kept on the device from the first key until it is sent: nowhere else, and for one form
 * alone. Several pages of one form keep theirs apart, by the key that the server gave each of them.
 */
import type { Pairs } from "./fields";

/** What one page of the form was told. */
export interface Draft {
  /** The key of the page. */
  readonly key: string;
  /** When something was typed last. */
  readonly at: number;
  readonly pairs: Pairs;
  /** It was sent, and no answer was seen yet. */
  readonly sent?: boolean;
}

/** Where drafts are kept: what `localStorage` can do. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "tablee.proposer";
/** More are forgotten, the oldest first. */
const MOST = 4;
/** Nobody comes back to a form after this. */
const GOOD_FOR = 60 * 86_400_000;
/** Who sends it: not kept once it was sent. */
const PERSONAL = ["vous-nom", "vous-courriel"];

/** The drafts of one form. A device that keeps nothing is one where nothing is found. */
export class Drafts {
  readonly #shelf: Shelf;
  readonly #place: string;
  readonly #now: () => number;

  constructor(shelf: Shelf, form: string, now: () => number) {
    this.#shelf = shelf;
    this.#place = `${PREFIX}:${form}`;
    this.#now = now;
  }

  /** All of them, the newest first. */
  all(): readonly Draft[] {
    try {
      const kept: unknown = JSON.parse(this.#shelf.getItem(this.#place) ?? "[]");
      const since = this.#now() - GOOD_FOR;
      return (Array.isArray(kept) ? kept : []).filter(isDraft).filter(({ at }) => at > since);
    } catch {
      return [];
    }
  }

  of(key: string): Draft | undefined {
    return this.all().find((draft) => draft.key === key);
  }

  /** Keeps what one page was told, and says whether the device did. */
  keep(key: string, pairs: Pairs): boolean {
    return this.#put([{ key, at: this.#now(), pairs }, ...this.all().filter((draft) => draft.key !== key)]);
  }

  /** A page was sent: who sends it is nobody's business any more, here. */
  sent(key: string): void {
    const bare = ({ key: of, at, pairs }: Draft): Draft => ({
      key: of,
      at,
      pairs: pairs.filter(([name]) => !PERSONAL.includes(name)),
      sent: true,
    });
    this.#put(this.all().map((draft) => (draft.key === key ? bare(draft) : draft)));
  }

  /** Forgets what one page was told. */
  forget(key: string): void {
    this.#put(this.all().filter((draft) => draft.key !== key));
  }

  /** Forgets all of this form. */
  forgetAll(): void {
    this.#put([]);
  }

  #put(drafts: readonly Draft[]): boolean {
    try {
      if (drafts.length === 0) this.#shelf.removeItem(this.#place);
      else this.#shelf.setItem(this.#place, JSON.stringify(drafts.slice(0, MOST)));
      return true;
    } catch {
      return false;
    }
  }
}

/** The answer came: whatever form a page belonged to, it is forgotten. */
export function forgetSent(shelf: Storage, key: string, now: () => number): void {
  const names = Array.from({ length: shelf.length }, (_, at) => shelf.key(at) ?? "");
  for (const place of names.filter((name) => name.startsWith(`${PREFIX}:`))) {
    new Drafts(shelf, place.slice(PREFIX.length + 1), now).forget(key);
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { key, at, pairs } = value as Record<string, unknown>;
  return typeof key === "string" && typeof at === "number" && Array.isArray(pairs) && pairs.every(isPair);
}

const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((word) => typeof word === "string");

/** Whether two pages were told the same. */
export const same = (one: Pairs, other: Pairs): boolean => JSON.stringify(one) === JSON.stringify(other);
