/**
 * Texts as the smallest change to other texts. Positions and lengths are UTF-16 units, as in a Y.Text;
 * no cut ever falls inside a surrogate pair.
 */

/** Takes `remove` units away at `at` and puts `insert` there. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** How many units at the start are equal, whole characters only. */
function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let equal = 0;
  while (equal < most && a.charCodeAt(equal) === b.charCodeAt(equal)) equal += 1;
  return equal > 0 && isHigh(a.charCodeAt(equal - 1)) ? equal - 1 : equal;
}

/** How many units at the end are equal, whole characters only, and not more than `most`. */
function commonEnd(a: string, b: string, most: number): number {
  let equal = 0;
  while (equal < most && a.charCodeAt(a.length - 1 - equal) === b.charCodeAt(b.length - 1 - equal))
    equal += 1;
  return equal > 0 && isLow(a.charCodeAt(a.length - equal)) ? equal - 1 : equal;
}

/**
 * The one splice that turns `before` into `after`; null when they are equal.
 *
 * With `caret` (where the hand stands in `after`), of several equally small splices the one that was typed
 * is chosen: the second "l" of "ll" is not the first.
 */
export function smallestSplice(before: string, after: string, caret?: number): Splice | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start: number;
  let end: number;
  if (caret === undefined) {
    start = commonStart(before, after);
    end = commonEnd(before, after, shorter - start);
  } else {
    end = commonEnd(before, after, Math.min(shorter, after.length - caret));
    start = commonStart(before.slice(0, before.length - end), after.slice(0, after.length - end));
  }
  return { at: start, remove: before.length - start - end, insert: after.slice(start, after.length - end) };
}

// Past this many differences the trace of the search costs more memory than a coarser answer costs anyone.
const MOST_DIFFERENCES = 600;

/** The splices that turn `before` into `after`, in order, at positions of `before`, as fine as is reasonable. */
export function splices(before: string, after: string): Splice[] {
  const whole = smallestSplice(before, after);
  if (whole === null) return [];
  const gone = [...before.slice(whole.at, whole.at + whole.remove)];
  const come = [...whole.insert];
  if (gone.length === 0 || come.length === 0) return [whole];
  const kept = commonSubsequence(gone, come);
  return kept === null ? [whole] : between(gone, come, kept, whole.at);
}

/** Turns pairs of kept characters into the splices between them. */
function between(gone: string[], come: string[], kept: [number, number][], offset: number): Splice[] {
  const found: Splice[] = [];
  let [from, to, at] = [0, 0, offset];
  for (const [a, b] of [...kept, [gone.length, come.length] as [number, number]]) {
    const remove = unitsOf(gone, from, a);
    const insert = come.slice(to, b).join("");
    if (remove > 0 || insert !== "") found.push({ at, remove, insert });
    at += remove + (gone[a]?.length ?? 0);
    [from, to] = [a + 1, b + 1];
  }
  return found;
}

function unitsOf(characters: string[], from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at += 1) units += characters[at]?.length ?? 0;
  return units;
}

/** Myers' greedy search; null when the two differ too much for it to be worth its memory. */
function commonSubsequence(a: string[], b: string[]): [number, number][] | null {
  const most = Math.min(a.length + b.length, MOST_DIFFERENCES);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach[middle + k - 1] ?? 0) < (reach[middle + k + 1] ?? 0));
      let x = down ? (reach[middle + k + 1] ?? 0) : (reach[middle + k - 1] ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a.length, b.length, trace);
    }
  }
  return null;
}

/** Reads the kept pairs off the trace, last first, and returns them first first. */
function walkBack(endA: number, endB: number, trace: Int32Array[]): [number, number][] {
  const kept: [number, number][] = [];
  let [x, y] = [endA, endB];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d] ?? new Int32Array();
    const at = (k: number): number => reach[k + d + 1] ?? 0;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : at(down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      kept.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return kept.reverse();
}

/**
 * What `from` becomes when both `mine` and `theirs` are made of it: every letter that either put in is there,
 * every letter that either took out is gone, and what both did in the same way is done once.
 */
export function mergeTexts(from: string, mine: string, theirs: string): string {
  if (mine === theirs || mine === from) return theirs;
  if (theirs === from) return mine;
  const gone = new Uint8Array(from.length);
  const [mineIn, theirsIn] = [insertions(splices(from, mine), gone), insertions(splices(from, theirs), gone)];
  let merged = "";
  for (let at = 0; at <= from.length; at += 1) {
    const [own, other] = [mineIn.get(at) ?? "", theirsIn.get(at) ?? ""];
    merged += own === other ? own : other + own;
    if (at < from.length && gone[at] === 0) merged += from.charAt(at);
  }
  return merged;
}

/** What the splices put in, by place; what they take out is marked in `gone`. */
function insertions(changes: Splice[], gone: Uint8Array): Map<number, string> {
  const found = new Map<number, string>();
  for (const { at, remove, insert } of changes) {
    gone.fill(1, at, at + remove);
    if (insert !== "") found.set(at, (found.get(at) ?? "") + insert);
  }
  return found;
}
