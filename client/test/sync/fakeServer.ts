import * as Y from "yjs";
import type { Socket } from "../../src/sync/connection";
import {
  type AwarenessEntry,
  encode,
  type Frame,
  parse,
  type RefusedCell,
  type ServerSays,
} from "../../src/sync/protocol";
import { inventory } from "../model/inventory";

/** One change of an update, as the rules of the server see it. */
export interface Touched {
  readonly row: string;
  readonly key: string;
}

export interface Person {
  readonly id: number;
  readonly name: string;
  role: "member" | "pilot";
}

/** Why an update may not enter, or null. */
export type Rule = (touched: readonly Touched[], person: Person) => string | null;

const LIMITS = { update: 4_000, step2: 60_000, cell: 2_000, text: 20_000 };

/**
 * The server as a tab sees it: the promises of the wire over one Y.Doc, in memory.
 *
 * Frames cross on the next turn of the loop, so that everything that may overlap does.
 */
export class FakeServer {
  doc = inventory();
  epoch = 1;
  rule: Rule = () => null;
  /** A refusal says which cells it is about. */
  namesCells = true;
  /** The server took the frames, but its "saved" does not come. */
  holdsSaved = false;
  /** Every frame that a tab sent, for tests that count. */
  readonly heard: Frame[] = [];
  readonly lines = new Set<FakeSocket>();
  /** Ids of people who may not come in. */
  readonly shutOut = new Set<number>();
  revision = 1;
  readonly #presence = new Map<number, AwarenessEntry>();
  #writer = 1_000;

  connect(person: Person, epoch: number | null): FakeSocket {
    return new FakeSocket(this, person, epoch);
  }

  nextWriter(): number {
    this.#writer += 1;
    return this.#writer;
  }

  /** What a backup holds. */
  backup(): Backup {
    return { state: Y.encodeStateAsUpdate(this.doc), revision: this.revision };
  }

  /** The server is put back to a backup; everybody loses the line. */
  putBack({ state, revision }: Backup): void {
    this.doc = new Y.Doc();
    Y.applyUpdate(this.doc, state);
    this.doc.clientID = this.epoch;
    this.revision = revision;
    this.cut(1012);
  }

  /** An edit of the server's own, such as an import. */
  write(work: (rows: Y.Map<Y.Map<unknown>>) => void): void {
    const before = Y.encodeStateVector(this.doc);
    this.doc.transact(() => work(this.doc.getMap("rows")));
    this.revision += 1;
    this.broadcast(Y.encodeStateAsUpdate(this.doc, before), null);
  }

  /** The network goes away. */
  cut(code = 1006): void {
    for (const line of [...this.lines]) line.end(code);
  }

  /** A new life of the document: the same values, nothing of what was before. */
  rebuild(change: (doc: Y.Doc) => void = () => {}): void {
    const values = JSON.parse(JSON.stringify(this.doc.getMap("rows").toJSON())) as Record<
      string,
      Record<string, unknown>
    >;
    this.epoch += 1;
    this.doc = inventory(this.epoch);
    this.doc.transact(() => {
      for (const [id, row] of Object.entries(values)) {
        const map = new Y.Map<unknown>();
        for (const [key, value] of Object.entries(row)) {
          map.set(key, key === "intitule" && value !== null ? new Y.Text(String(value)) : value);
        }
        this.doc.getMap("rows").set(id, map);
      }
      change(this.doc);
    });
    for (const line of [...this.lines]) line.reload();
  }

  /** What an update would do, found in a copy. */
  touched(update: Uint8Array): { cells: Touched[]; replaces: boolean } {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.doc));
    const cells: Touched[] = [];
    let replaces = false;
    copy.getMap("rows").observeDeep((events) => {
      for (const event of events) {
        const [row, column] = event.path.map(String);
        if (column !== undefined) cells.push({ row: row ?? "", key: column });
        else {
          for (const [key, change] of event.changes.keys) {
            cells.push(row === undefined ? { row: key, key: "" } : { row, key });
            if (change.oldValue instanceof Y.AbstractType) replaces = true;
          }
        }
      }
    });
    Y.applyUpdate(copy, update);
    for (const struct of Y.decodeUpdate(update).structs) {
      const { client, clock } = struct.id;
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentType)) continue;
      if (Y.getState(this.doc.store, client) > clock || Y.getState(copy.store, client) <= clock) continue;
      // A second text of one cell that loses leaves no trace in any event.
      if (Y.getItem(copy.store, struct.id).deleted) replaces = true;
    }
    return { cells, replaces };
  }

  broadcast(update: Uint8Array, except: FakeSocket | null): void {
    for (const line of this.lines) if (line !== except && line.joined) line.tell({ frame: "update", update });
  }

  /** Who is where, for somebody who comes. */
  present(): readonly AwarenessEntry[] {
    return [...this.#presence.values()];
  }

  presence(entries: readonly AwarenessEntry[]): void {
    for (const entry of entries) this.#presence.set(entry.writer, entry);
    for (const line of this.lines) line.tell({ frame: "awareness", entries });
  }
}

export interface Backup {
  readonly state: Uint8Array;
  readonly revision: number;
}

export class FakeSocket implements Socket {
  binaryType: BinaryType = "blob";
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  joined = false;
  readonly person: Person;
  readonly #server: FakeServer;
  #frames = 0;
  #durable = 0;
  #closed = false;

  constructor(server: FakeServer, person: Person, epoch: number | null) {
    this.#server = server;
    this.person = person;
    queueMicrotask(() => this.#open(epoch));
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    queueMicrotask(() => {
      if (!this.#closed) this.#hear(parse(data.slice()));
    });
  }

  close(): void {
    this.#leave();
  }

  end(code: number): void {
    if (this.#closed) return;
    this.#leave();
    queueMicrotask(() => this.onclose?.({ code } as CloseEvent));
  }

  reload(): void {
    this.say({ type: "reload", reason: "epoch" });
    this.end(4409);
  }

  say(says: ServerSays): void {
    this.tell({ frame: "ours", says });
  }

  tell(frame: Frame): void {
    const data = encode(frame).slice().buffer;
    queueMicrotask(() => this.onmessage?.({ data } as MessageEvent));
  }

  saySaved(): void {
    if (this.#durable > 0) this.say({ type: "saved", upto: this.#durable });
  }

  #open(epoch: number | null): void {
    if (this.#closed) return;
    if (this.#server.shutOut.has(this.person.id)) {
      this.end(1006);
      return;
    }
    this.#server.lines.add(this);
    this.onopen?.({} as Event);
    if (epoch !== null && epoch !== this.#server.epoch) {
      this.reload();
      return;
    }
    const { id: person, name, role } = this.person;
    const writer = this.#server.nextWriter();
    const [colour, revision] = [person % 12, this.#server.revision];
    this.say({
      type: "hello",
      epoch: this.#server.epoch,
      writer,
      role,
      person,
      name,
      colour,
      revision,
      limits: LIMITS,
    });
    this.tell({ frame: "step1", stateVector: Y.encodeStateVector(this.#server.doc) });
    this.tell({ frame: "awareness", entries: this.#server.present() });
  }

  #leave(): void {
    this.#closed = true;
    this.#server.lines.delete(this);
  }

  #hear(frame: Frame | undefined): void {
    if (frame === undefined) throw new Error("a tab sent what is no frame");
    this.#server.heard.push(frame);
    switch (frame.frame) {
      case "step1":
        this.joined = true;
        this.tell({
          frame: "step2",
          update: Y.encodeStateAsUpdate(this.#server.doc, frame.stateVector),
        });
        break;
      case "step2":
      case "update":
        this.#take(frame.update);
        break;
      case "awareness": {
        const { id: person, name } = this.person;
        const stamp = (state: unknown) => ({
          user: { name, colour: person % 12, person },
          ...(state as object),
        });
        this.#server.presence(frame.entries.map((entry) => ({ ...entry, state: stamp(entry.state) })));
        break;
      }
      case "ours":
        if (frame.says.type === "make-text") this.#makeText(frame.says.row, frame.says.column);
    }
  }

  #take(update: Uint8Array): void {
    this.#frames += 1;
    if (update.length > LIMITS.step2) {
      this.end(4413);
      return;
    }
    const { cells, replaces } = this.#server.touched(update);
    const reason = replaces ? "shape" : this.#server.rule(cells, this.person);
    if (reason !== null) {
      const named: RefusedCell[] =
        replaces || !this.#server.namesCells
          ? []
          : cells
              .filter((cell) => this.#server.rule([cell], this.person) !== null)
              .map(({ row, key }) => ({ row, column: key }));
      this.say({ type: "refused", frame: this.#frames, cells: named, reason });
      this.end(4403);
      return;
    }
    Y.applyUpdate(this.#server.doc, update);
    if (cells.length > 0) this.#server.revision += 1;
    this.#server.broadcast(update, this);
    this.#durable = this.#frames;
    if (!this.#server.holdsSaved) this.saySaved();
  }

  #makeText(row: string, column: string): void {
    const before = Y.encodeStateVector(this.#server.doc);
    const map = this.#server.doc.getMap("rows").get(row) as Y.Map<unknown>;
    if (this.#server.rule([{ row, key: column }], this.person) !== null) {
      this.say({ type: "notice", key: "make-text-refused", row, column, reason: "pilots-only" });
      return;
    }
    if (!(map.get(column) instanceof Y.Text)) {
      const base = (map.get("~base") as unknown[] | undefined)?.[1];
      map.set(column, new Y.Text(typeof base === "string" ? base : ""));
      this.#server.broadcast(Y.encodeStateAsUpdate(this.#server.doc, before), null);
    }
    this.say({ type: "text-made", row, column });
  }
}
