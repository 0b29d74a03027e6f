import type { Door, Net } from "./connection";
import type { World } from "./liveTable";
import type { Answer, Suggestion } from "./suggest";

const ROW_ID_LENGTH = 16;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of the number of letters in a byte: above it, some letters would be more likely. */
const FAIR = 252;
const LOCK = "tablee-tab-";

/** Where a table is on this site. */
export interface Place {
  /** The path of its WebSocket. */
  readonly live: string;
  readonly table: string;
}

/** The world as a real browser gives it: clock, chance, network, other tabs. The only place that asks for them. */
export function browserWorld(page: Window, { live, table }: Place): World {
  const tab = randomWord(ROW_ID_LENGTH);
  const locks: LockManager | undefined = page.navigator.locks;
  const held = holdLock(locks, tab);
  return {
    now: () => Date.now(),
    newRowId: () => randomWord(ROW_ID_LENGTH),
    tab,
    livingTabs: async () => {
      await held;
      if (locks === undefined) return null;
      const all = (await locks.query()).held ?? [];
      const names = all.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
      return new Set(names.filter((name) => name !== tab));
    },
    propose: (suggestions) => propose(`/api/v1/tables/${table}/suggestions`, suggestions),
    net: browserNet(page, live),
  };
}

/** Held as long as the tab lives: whoever holds none has left its unsaved edits to the others. */
function holdLock(locks: LockManager | undefined, tab: string): Promise<void> {
  if (locks === undefined) return Promise.resolve();
  return new Promise((held) => {
    const forEver = new Promise<void>(() => {});
    locks
      .request(LOCK + tab, () => {
        held();
        return forEver;
      })
      // A page that is being left is given none.
      .catch(() => held());
  });
}

async function propose(path: string, suggestions: readonly Suggestion[]): Promise<Answer> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ suggestions }),
      redirect: "manual",
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") return "login";
    if (answer.status === 400 || answer.status === 413 || answer.status === 422) return "invalid";
    if (!answer.ok) return "refused";
    const { stored } = (await answer.json()) as { stored: readonly { id: string }[] };
    return stored.map(({ id }) => id);
  } catch {
    // No network, or an answer that is not the server's own.
    return "offline";
  }
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
    door: () => askDoor(liveUrl),
    now: () => Date.now(),
    chance: () => Math.random(),
  };
}

/** A refused upgrade does not say why; the same address asked plainly answers 401 or 403 to who may not come in. */
async function askDoor(liveUrl: string): Promise<Door | null> {
  try {
    const { status } = await fetch(liveUrl, { cache: "no-store", redirect: "manual" });
    if (status === 401) return "no-login";
    if (status === 403) return "no-role";
    return status >= 500 ? null : "open";
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
