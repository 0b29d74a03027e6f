/** Who else looks at the same thing, told by the server as soon as it changes. */

interface Told {
  /** What the server told last: it answers when it can tell something else. */
  readonly known: string;
  /** Who else looks at it, in words; empty where nobody does. */
  readonly who: string;
  /** That somebody else decided meanwhile, in words. */
  readonly moved: string;
}

const AGAIN = 5_000;
const PAUSE = 400;

/** An answer of the server, if it is one of ours. */
export function parse(answer: unknown): Told | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { known, who, moved } = answer as Record<string, unknown>;
  return [known, who, moved].every((word) => typeof word === "string") ? (answer as Told) : null;
}

/** Puts words where they are other words: a screen reader says each change once. */
export function say(region: Element | null, words: string): void {
  if (region !== null && region.textContent !== words) region.textContent = words;
}

const pause = (milliseconds: number) => new Promise((over) => setTimeout(over, milliseconds));

/** Shows who else is there, for as long as the page is. */
export async function follow(region: HTMLElement, moved: Element | null): Promise<void> {
  let known = region.dataset.known ?? "";
  for (;;) {
    let told: Told | null = null;
    try {
      const address = new URL(region.dataset.href ?? "", location.href);
      address.searchParams.set("vu", known);
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
      told = answer.ok ? parse(await answer.json()) : null;
    } catch {
      told = null;
    }
    if (told === null) {
      await pause(AGAIN);
      continue;
    }
    known = told.known;
    say(region, told.who);
    if (told.moved !== "") say(moved, told.moved);
    await pause(PAUSE);
  }
}
