/** The work that a suspicious sender's machine does: a word whose hash begins with enough zeros. */
import { sha256 } from "./sha256";

/** How long the page may be busy at a stretch, in milliseconds. */
const STRETCH = 12;

/** How many bits of a hash are zero at its beginning. */
export function zerosOf(hash: Int32Array): number {
  let zeros = 0;
  for (const word of hash) {
    zeros += Math.clz32(word);
    if (word !== 0) break;
  }
  return zeros;
}

/** Looks for the word, letting the page breathe: `rest` gives it a turn. */
export async function solve(
  riddle: string,
  zeros: number,
  now: () => number = () => performance.now(),
  rest: () => Promise<void> = () => new Promise((over) => setTimeout(over)),
): Promise<string> {
  const encoder = new TextEncoder();
  let stop = now() + STRETCH;
  for (let word = 0; ; word += 1) {
    if (zerosOf(sha256(encoder.encode(`${riddle}:${word}`))) >= zeros) return String(word);
    if (word % 64 === 0 && now() > stop) {
      await rest();
      stop = now() + STRETCH;
    }
  }
}
