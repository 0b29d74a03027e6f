/**
 * Texts as fine changes to other texts, for words that have to be written again into a text that others have
 * changed meanwhile. Positions and lengths are UTF-16 units; no cut ever falls inside a surrogate pair.
 */
import { type Splice, spliceBetween } from "../lib/splice";

// Past this many differences the trace of the search costs more memory than a coarser answer costs anyone.
const MOST_DIFFERENCES = 600;

/** The splices that turn `before` into `after`, in order, at positions of `before`, as fine as is reasonable. */
export function splices(before: string, after: string): Splice[] {
  const whole = spliceBetween(before, after);
  if (whole === null) return [];
  const gone = [...before.slice(whole.at, whole.at + whole.removed)];
  const come = [...whole.inserted];
  if (gone.length === 0 || come.length === 0) return settled(before, [whole]);
  const kept = commonSubsequence(gone, come);
  return kept === null ? [whole] : settled(before, between(gone, come, kept, whole.at));
}

/**
 * Puts what only comes in, or only goes, as far right as it may stand: " grand" after "le" and "grand " before
 * "débat" are one change, and two hands that made it must be seen to have made the same.
 */
function settled(before: string, changes: readonly Splice[]): Splice[] {
  return changes.map((change, index) => {
    const limit = changes[index + 1]?.at ?? before.length;
    if (change.removed > 0 && change.inserted !== "") return change;
    let { at, removed, inserted } = change;
    let moving = removed > 0 ? before.slice(at, at + removed) : inserted;
    while (at + removed < limit) {
      const first = String.fromCodePoint(moving.codePointAt(0) ?? 0);
      if (!before.startsWith(first, at + removed)) break;
      moving = moving.slice(first.length) + first;
      at += first.length;
    }
    if (removed === 0) inserted = moving;
    return { at, removed, inserted };
  });
}

/** Turns pairs of kept characters into the splices between them. */
function between(gone: string[], come: string[], kept: [number, number][], offset: number): Splice[] {
  const found: Splice[] = [];
  let [from, to, at] = [0, 0, offset];
  for (const [a, b] of [...kept, [gone.length, come.length] as [number, number]]) {
    const removed = unitsOf(gone, from, a);
    const inserted = come.slice(to, b).join("");
    if (removed > 0 || inserted !== "") found.push({ at, removed, inserted });
    at += removed + (gone[a]?.length ?? 0);
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
  for (const { at, removed, inserted } of changes) {
    gone.fill(1, at, at + removed);
    if (inserted !== "") found.set(at, (found.get(at) ?? "") + inserted);
  }
  return found;
}
