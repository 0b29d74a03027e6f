/** A tab of ours without a browser: real Yjs, the frames of the wire, and what it was promised. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";

export interface Hello {
  type: "hello";
  epoch: number;
  writer: number;
  role: string;
  person: number;
  revision: number;
}

type Says =
  | Hello
  | { type: "saved"; upto: number }
  | { type: "refused"; frame: number; cells: { row: string; column: string }[]; reason: string }
  | { type: "text-made" | "notice" | "reload"; [key: string]: unknown };

export class Tab {
  readonly doc = new Y.Doc();
  readonly rows = this.doc.getMap<Y.Map<unknown>>("rows");
  /** Frames sent that hold an edit: step 2 and updates. */
  sent = 0;
  saved = 0;
  hello: Hello | null = null;
  said: Says[] = [];
  synced = false;
  closed: { code: number; reason: string } | null = null;
  /** Where the others are, by writer, as the server last said. */
  readonly seen = new Map<number, { clock: number; state: unknown }>();
  awarenessHeard = 0;
  /** How often the server asked for what we have. */
  step1Heard = 0;
  onSaved: () => void = () => {};
  #waiting: { holds: () => boolean; done: () => void }[] = [];
  readonly #socket: WebSocket;

  constructor(url: string, cookie: string, options: { origin?: string; epoch?: number } = {}) {
    const address = url.replace(/^http/, "ws");
    const asked = options.epoch === undefined ? "" : `?epoch=${options.epoch}`;
    const headers = { cookie, ...(options.origin === undefined ? {} : { origin: options.origin }) };
    this.#socket = new WebSocket(`${address}/live/formations${asked}`, ["tablee.v1"], { headers });
    this.#socket.binaryType = "arraybuffer";
    this.#socket.on("open", () => {
      const frame = encoding.createEncoder();
      encoding.writeVarUint(frame, 0);
      sync.writeSyncStep1(frame, this.doc);
      this.#socket.send(encoding.toUint8Array(frame));
    });
    this.#socket.on("message", (bytes: ArrayBuffer) => this.#hear(new Uint8Array(bytes)));
    this.#socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#look();
    });
    this.#socket.on("error", () => this.#look());
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      const frame = encoding.createEncoder();
      encoding.writeVarUint(frame, 0);
      sync.writeUpdate(frame, update);
      this.sent += 1;
      this.#socket.send(encoding.toUint8Array(frame));
    });
  }

  #hear(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const kind = decoding.readVarUint(decoder);
    if (kind === 0) {
      const reply = encoding.createEncoder();
      encoding.writeVarUint(reply, 0);
      const step = sync.readSyncMessage(decoder, reply, this.doc, this);
      if (step === sync.messageYjsSyncStep1) {
        this.step1Heard += 1;
        this.sent += 1;
        this.#socket.send(encoding.toUint8Array(reply));
      }
      if (step === sync.messageYjsSyncStep2) this.synced = true;
    } else if (kind === 1) {
      this.#hearAwareness(decoding.createDecoder(decoding.readVarUint8Array(decoder)));
    } else if (kind === 100) {
      const says = JSON.parse(decoding.readVarString(decoder)) as Says;
      this.said.push(says);
      if (says.type === "hello") {
        this.hello = says;
        this.doc.clientID = says.writer;
      }
      if (says.type === "saved") {
        this.saved = says.upto;
        this.onSaved();
      }
    }
    this.#look();
  }

  #hearAwareness(entries: decoding.Decoder): void {
    this.awarenessHeard += 1;
    for (let left = decoding.readVarUint(entries); left > 0; left -= 1) {
      const writer = decoding.readVarUint(entries);
      const clock = decoding.readVarUint(entries);
      this.seen.set(writer, { clock, state: JSON.parse(decoding.readVarString(entries)) });
    }
  }

  /** As a machine that is asleep: not even the system takes bytes in. */
  stopsReading(): void {
    this.#socket.pause();
  }

  readsAgain(): void {
    this.#socket.resume();
  }

  #look(): void {
    this.#waiting = this.#waiting.filter(({ holds, done }) => {
      const held = holds();
      if (held) done();
      return !held;
    });
  }

  /** Resolves when `holds` is true; it is asked again after each frame. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ holds, done }));
  }

  ready(): Promise<void> {
    return this.until(() => (this.synced && this.hello !== null) || this.closed !== null);
  }

  allSaved(): Promise<void> {
    return this.until(() => this.saved >= this.sent || this.closed !== null);
  }

  /** Asks what is answered after all that was sent before. */
  async roundTrip(): Promise<void> {
    const notices = () => this.said.filter(({ type }) => type === "notice").length;
    const before = notices();
    this.say({ type: "make-text", row: "nulle", column: "intitule" });
    await this.until(() => this.closed !== null || notices() > before);
  }

  /** Sends bytes as they are. */
  sendRaw(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  sendRawWhenOpen(bytes: Uint8Array): void {
    this.#socket.once("open", () => this.#socket.send(bytes));
  }

  say(says: unknown): void {
    const frame = encoding.createEncoder();
    encoding.writeVarUint(frame, 100);
    encoding.writeVarString(frame, JSON.stringify(says));
    this.sendRaw(encoding.toUint8Array(frame));
  }

  leaves(): void {
    this.#socket.terminate();
  }
}
