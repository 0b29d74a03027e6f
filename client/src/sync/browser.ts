import type { Net } from "./connection";
import type { World } from "./liveTable";

const ROW_ID_LENGTH = 16;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of the number of letters in a byte: above it, some letters would be more likely. */
const FAIR = 252;
const LOCK = "tablee-tab-";

/** The world as a real browser gives it: clock, chance, network, other tabs. The only place that asks for them. */
export function browserWorld(page: Window, liveUrl: string): World {
  const tab = randomWord(ROW_ID_LENGTH);
  // Held as long as the tab lives: who holds none has left its unsaved edits to the others.
  const locks: LockManager | undefined = page.navigator.locks;
  void locks?.request(LOCK + tab, () => new Promise(() => {}));
  return {
    now: () => Date.now(),
    newRowId: () => randomWord(ROW_ID_LENGTH),
    tab,
    livingTabs: async () => {
      const held = (await locks?.query())?.held ?? [];
      const names = held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
      return new Set(names.filter((name) => name !== tab));
    },
    net: browserNet(page, liveUrl),
  };
}

function browserNet(page: Window, liveUrl: string): Net {
  return {
    open: (url, subprotocol) => new WebSocket(url, subprotocol),
    online: () => page.navigator.onLine,
    onNetwork: (listener) => {
      const tell = () => listener(page.navigator.onLine);
      page.addEventListener("online", tell);
      page.addEventListener("offline", tell);
      return () => {
        page.removeEventListener("online", tell);
        page.removeEventListener("offline", tell);
      };
    },
    signedIn: () => askLogin(liveUrl),
    now: () => Date.now(),
    chance: () => Math.random(),
  };
}

/** A refused upgrade does not say why; the same address asked plainly answers 401 or 403 without a login. */
async function askLogin(liveUrl: string): Promise<boolean | null> {
  try {
    const { status } = await fetch(liveUrl, { cache: "no-store", redirect: "manual" });
    return status === 401 || status === 403 ? false : null;
  } catch {
    // No network after all.
    return null;
  }
}

/** The address of the WebSocket that belongs to a path of this site. */
export function socketUrl(place: Location, path: string): string {
  const url = new URL(path, place.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function randomWord(length: number): string {
  let word = "";
  while (word.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < FAIR && word.length < length) word += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return word;
}
