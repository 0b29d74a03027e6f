import { Emitter } from "../lib/emitter";
import type { Absence } from "./absence";
import { type Aside, type Entry, tabOf } from "./outbox";

/** What a device had kept of one table for one person. */
export interface Kept {
  /** The life of the kept document; null when there is none. */
  readonly epoch: number | null;
  /** What the server had said, all of it durable there. */
  readonly updates: readonly Uint8Array[];
  /** What this person did and the server had not yet said "saved" to. */
  readonly entries: readonly Entry[];
  readonly asides: readonly Aside[];
  readonly ownRows: readonly string[];
  /** Writers under which this person wrote here. */
  readonly ownWriters: readonly number[];
  /** How far the server's log of this epoch was when this device last stood level with it. */
  readonly revision: number;
  readonly absence: readonly Absence[];
}

/** Other entries in the place of some. */
export interface Exchange {
  readonly drop: readonly Entry[];
  readonly entries: readonly Entry[];
  readonly asides: readonly Aside[];
}

/** A new document in the place of the old one, with what is left to do in it. */
export interface Replacement extends Exchange {
  readonly epoch: number;
  readonly revision: number;
  readonly snapshot: Uint8Array;
}

const STORES = ["documents", "outbox", "asides", "meta"] as const;
type Stores = Readonly<Record<(typeof STORES)[number], IDBObjectStore>>;
interface Job {
  readonly run: (stores: Stores) => void;
  readonly done: (kept: boolean) => void;
}

const NOTHING: Kept = {
  epoch: null,
  updates: [],
  entries: [],
  asides: [],
  ownRows: [],
  ownWriters: [],
  revision: 0,
  absence: [],
};
const EPOCH = "epoch";
const REVISION = "revision";
/** One record each, so that several tabs may write at once. */
const OWN_ROW = "own-row/";
const OWN_WRITER = "own-writer/";
const ABSENCE = "absence/";
/** As one record, by an earlier client. */
const OWN_ROWS = "own-rows";

/**
 * What one browser keeps of one table for one person: never opened under another login.
 *
 * The document in it is only what the server has said; what is not saved yet stands apart, in the outbox, and
 * moves over when the server says "saved". Where the browser keeps nothing, `keeps` is false and every promise
 * to keep is answered honestly. While one transaction is under way the next is gathered.
 */
export class Device {
  readonly changes = new Emitter<void>();
  readonly #name: string;
  #db: IDBDatabase | null;
  #jobs: Job[] = [];
  #busy = false;
  #erased = false;

  private constructor(name: string, db: IDBDatabase | null) {
    this.#name = name;
    this.#db = db;
    if (db === null) return;
    db.onversionchange = ({ newVersion }) => {
      // Another tab signs out: what it erases must not come back from here.
      if (newVersion === null) this.#erased = true;
      this.#fail();
    };
    db.onclose = () => this.#fail();
  }

  static async open(factory: IDBFactory | undefined, person: number, table: string): Promise<Device> {
    const name = `tablee:${person}:${table}`;
    return new Device(name, factory === undefined ? null : await openDatabase(factory, name));
  }

  get keeps(): boolean {
    return this.#db !== null;
  }

  /** Another tab of this browser signed out, and all that was kept is gone. */
  get erased(): boolean {
    return this.#erased;
  }

  async load(): Promise<Kept> {
    if (this.#db === null) return NOTHING;
    try {
      return await readAll(this.#db);
    } catch {
      this.#fail();
      return NOTHING;
    }
  }

  /** Keeps what the server said; the promise says whether it is on the device. */
  keepUpdate(epoch: number, update: Uint8Array): Promise<boolean> {
    return this.#write(({ documents }) => documents.add({ epoch, update }));
  }

  keepEntry(entry: Entry): Promise<boolean> {
    return this.#write(({ outbox }) => outbox.put(entry));
  }

  /** The server has these: they are part of the document from now on. */
  saved(epoch: number, entries: readonly Entry[]): Promise<boolean> {
    return this.#write(({ documents, outbox }) => {
      for (const { id, update } of entries) {
        documents.add({ epoch, update });
        outbox.delete(id);
      }
    });
  }

  /** All or nothing: a page that dies half-way finds either the old document with its outbox or the new. */
  replace({ epoch, revision, snapshot, ...exchange }: Replacement): Promise<boolean> {
    return this.#write((stores) => {
      stores.documents.clear();
      stores.documents.add({ epoch, update: snapshot });
      stores.meta.put(epoch, EPOCH);
      stores.meta.put(revision, REVISION);
      put(stores, exchange);
    });
  }

  /** All or nothing: entries that became others, or asides. */
  exchange(exchange: Exchange): Promise<boolean> {
    return this.#write((stores) => put(stores, exchange));
  }

  /**
   * Takes over what dead tabs left: exactly once, since of two tabs that ask at once the second finds entries
   * that have a living owner. Null where the device does not keep it.
   */
  async claim(dead: ReadonlySet<string>, tab: string): Promise<Entry[] | null> {
    const claimed: Entry[] = [];
    const kept = await this.#write(({ outbox }) => {
      const all = outbox.getAll();
      all.onsuccess = () => {
        for (const entry of all.result as Entry[]) {
          if (!dead.has(tabOf(entry))) continue;
          claimed.push({ ...entry, owner: tab });
          outbox.put(claimed.at(-1));
        }
      };
    });
    return kept ? claimed : null;
  }

  /** What all tabs of this person have not saved. */
  async entries(): Promise<readonly Entry[]> {
    if (this.#db === null) return [];
    try {
      return await answer<Entry[]>(this.#db.transaction("outbox").objectStore("outbox").getAll());
    } catch {
      this.#fail();
      return [];
    }
  }

  /** The same document in fewer bytes. Only while nothing of ours is unsaved: a snapshot must hold nothing else. */
  compact(epoch: number, snapshot: Uint8Array): Promise<boolean> {
    return this.#write(({ documents }) => {
      documents.clear();
      documents.add({ epoch, update: snapshot });
    });
  }

  putAside(asides: readonly Aside[]): Promise<boolean> {
    return this.#write((stores) => {
      for (const aside of asides) stores.asides.put(aside);
    });
  }

  forgetAsides(ids: readonly string[]): Promise<boolean> {
    return this.#write((stores) => {
      for (const id of ids) stores.asides.delete(id);
    });
  }

  keepOwnRows(rows: Iterable<string>): Promise<boolean> {
    return this.#write(({ meta }) => {
      for (const row of rows) meta.put(row, OWN_ROW + row);
    });
  }

  keepOwnWriter(writer: number): Promise<boolean> {
    return this.#write(({ meta }) => meta.put(writer, OWN_WRITER + writer));
  }

  keepRevision(revision: number): Promise<boolean> {
    return this.#write(({ meta }) => meta.put(revision, REVISION));
  }

  keepAbsence(lines: readonly Absence[]): Promise<boolean> {
    return this.#write(({ meta }) => {
      for (const line of lines) meta.put(line, absenceKey(line));
    });
  }

  forgetAbsence(lines: readonly Absence[]): Promise<boolean> {
    return this.#write(({ meta }) => {
      for (const line of lines) meta.delete(absenceKey(line));
    });
  }

  /** Once all that was asked before is on the device, or is known not to be. */
  settled(): Promise<boolean> {
    return this.#write(() => {});
  }

  /** Erases all of it: the person signs out. */
  async erase(factory: IDBFactory | undefined): Promise<void> {
    this.#db?.close();
    this.#db = null;
    if (factory === undefined) return;
    await new Promise<void>((resolve) => {
      const request = factory.deleteDatabase(this.#name);
      request.onsuccess = () => resolve();
      request.onerror = () => resolve();
      // Other tabs of this person let go when they are told; the erasure then goes on by itself.
      request.onblocked = () => resolve();
    });
  }

  #write(run: (stores: Stores) => unknown): Promise<boolean> {
    if (this.#db === null) return Promise.resolve(false);
    return new Promise((done) => {
      this.#jobs.push({ run, done });
      if (!this.#busy) this.#next();
    });
  }

  #next(): void {
    const jobs = this.#jobs.splice(0);
    const db = this.#db;
    if (jobs.length === 0 || db === null) {
      this.#busy = false;
      for (const { done } of jobs) done(false);
      return;
    }
    this.#busy = true;
    const finish = (kept: boolean) => {
      if (!kept) this.#fail();
      for (const { done } of jobs) done(kept);
      this.#next();
    };
    try {
      const transaction = db.transaction(STORES, "readwrite");
      const stores = Object.fromEntries(
        STORES.map((name) => [name, transaction.objectStore(name)]),
      ) as Stores;
      transaction.oncomplete = () => finish(true);
      transaction.onabort = () => finish(false);
      for (const { run } of jobs) run(stores);
    } catch {
      // The browser took the database away between two transactions.
      finish(false);
    }
  }

  #fail(): void {
    if (this.#db === null) return;
    this.#db.close();
    this.#db = null;
    this.changes.emit();
  }
}

const absenceKey = ({ row, key }: Absence): string => `${ABSENCE}${row} ${key}`;

function put(stores: Stores, { drop, entries, asides }: Exchange): void {
  for (const { id } of drop) stores.outbox.delete(id);
  for (const entry of entries) stores.outbox.put(entry);
  for (const aside of asides) stores.asides.put(aside);
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    let request: IDBOpenDBRequest;
    try {
      request = factory.open(name, 1);
    } catch {
      // Private windows of some browsers have no storage at all.
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("documents", { autoIncrement: true });
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("asides", { keyPath: "id" });
      db.createObjectStore("meta");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

async function readAll(db: IDBDatabase): Promise<Kept> {
  const transaction = db.transaction(STORES, "readonly");
  const store = (name: (typeof STORES)[number]) => transaction.objectStore(name);
  const [documents, entries, asides, names, values] = await Promise.all([
    answer<{ epoch: number; update: Uint8Array }[]>(store("documents").getAll()),
    answer<Entry[]>(store("outbox").getAll()),
    answer<Aside[]>(store("asides").getAll()),
    answer<string[]>(store("meta").getAllKeys()),
    answer<unknown[]>(store("meta").getAll()),
  ]);
  const meta = new Map(names.map((name, at) => [name, values[at]]));
  const under = (prefix: string) =>
    names.filter((name) => name.startsWith(prefix)).map((name) => meta.get(name));
  const epoch = (meta.get(EPOCH) as number | undefined) ?? null;
  // A tab that had not heard of a new epoch may still have added to the old document.
  const updates = documents.filter((kept) => kept.epoch === epoch).map(({ update }) => update);
  return {
    epoch,
    updates,
    entries,
    asides,
    ownRows: [...((meta.get(OWN_ROWS) as string[] | undefined) ?? []), ...(under(OWN_ROW) as string[])],
    ownWriters: under(OWN_WRITER) as number[],
    revision: (meta.get(REVISION) as number | undefined) ?? 0,
    absence: under(ABSENCE) as Absence[],
  };
}

function answer<Value>(request: IDBRequest): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as Value);
    request.onerror = () => reject(request.error);
  });
}
