/** One change to a text: `removed` units gone at `at`, `inserted` in their place. Positions are UTF-16 units. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** Whether cutting `text` at `at` would tear a character of two units apart. */
function tears(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

/**
 * The smallest single change from one text to another, never through the middle of a character.
 *
 * `caret` is where the hand stands after the change: in "aaa" it says which of the letters is new.
 */
export function spliceBetween(from: string, to: string, caret?: number): Splice | null {
  if (from === to) return null;
  const shorter = Math.min(from.length, to.length);
  const startLimit = caret === undefined ? shorter : Math.min(shorter, caret);
  let start = 0;
  while (start < startLimit && from.charCodeAt(start) === to.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)
  ) {
    end += 1;
  }
  if (tears(from, start) || tears(to, start)) start -= 1;
  if (tears(from, from.length - end) || tears(to, to.length - end)) end -= 1;
  return { at: start, removed: from.length - start - end, inserted: to.slice(start, to.length - end) };
}

export function applySplice(text: string, { at, removed, inserted }: Splice): string {
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

/** Where a position stands after a change. At the very place of an insertion, it stays before what came in. */
export function movePosition(position: number, { at, removed, inserted }: Splice): number {
  if (position <= at) return position;
  if (position >= at + removed) return position - removed + inserted.length;
  return at;
}

/**
 * Does again on `theirs` what turned `base` into `mine`. What others inserted is always kept, what they removed
 * stays removed, and what I inserted is always kept.
 */
export function rebase(base: string, mine: string, theirs: string): string {
  const own = spliceBetween(base, mine);
  if (own === null) return theirs;
  const other = spliceBetween(base, theirs);
  if (other === null) return mine;
  const ownEnd = own.at + own.removed;
  const otherEnd = other.at + other.removed;
  const shift = other.inserted.length - other.removed;
  if (ownEnd <= other.at) return applySplice(theirs, own);
  if (own.at >= otherEnd) return applySplice(theirs, { ...own, at: own.at + shift });
  // We both cut into the same words: my words go first, and theirs stay whole.
  const before = theirs.slice(0, Math.min(own.at, other.at));
  const after = theirs.slice(Math.max(ownEnd, otherEnd) + shift);
  return before + own.inserted + other.inserted + after;
}
