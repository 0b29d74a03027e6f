import * as Y from "yjs";
import { Emitter } from "../lib/emitter";
import { Owner } from "../lib/owner";
import type { Intent, LocalEdit } from "../model/intent";
import { columnOf } from "../model/layout";
import { type Role, TableModel, type TableWorld } from "../model/table";
import { SERVER } from "../model/undo";
import type { Absence } from "./absence";
import { coalesced, covers, rebuilt } from "./apply";
import { Line, type Net, type Parting, type Speaker } from "./connection";
import type { Device } from "./device";
import { TextRequests } from "./makeText";
import { type Entry, Outbox, tabOf } from "./outbox";
import type { Overtaken } from "./overtaken";
import { PresenceRoom } from "./presence";
import type { Frame, Hello, Notice, ServerSays } from "./protocol";
import type { Suggested } from "./suggest";
import type { WentBack, WentBackChoice } from "./wentBack";

/** Frames on their way at once: below what the server takes from one tab. */
const MOST_UNDERWAY = 32;
/** Kept updates after which the device's document is written anew in fewer bytes. */
const COMPACT_AFTER = 300;
const EMPTY_UPDATE = Uint8Array.of(0, 0);

/** Where the table is, and for whom. */
export interface Address {
  /** Of the WebSocket. */
  readonly url: string;
  readonly person: number;
  readonly role: Role;
}

/** What the live table takes from the world. */
export interface World extends TableWorld {
  readonly net: Net;
  /** Names this tab among all. */
  readonly tab: string;
  /** Tabs of this browser that are open now. */
  livingTabs(): Promise<ReadonlySet<string>>;
}

/**
 * A table that is shared live: what is done here goes into the outbox and to the server, what the server says
 * goes into the document.
 *
 * A refusal, another epoch or a frame that is too large end the document, not the work: a fresh one is fetched
 * with a fresh writer, and what was not saved is done again in it, one thing at a time. Until it is there the
 * old one stays on screen and takes edits as offline.
 */
export class LiveTable implements Speaker {
  readonly table: TableModel;
  readonly outbox: Outbox;
  readonly presence: PresenceRoom;
  readonly line: Line;
  readonly device: Device;
  /** Anything that a person may want to know of the state changed. */
  readonly changes = new Emitter<void>();
  /** A value of mine, not saved yet, gave way to somebody else's. */
  readonly overtaken = new Emitter<Overtaken>();
  /** News that the server has for everybody, such as a restore: `key`, and who, how many cells, when. */
  readonly notices = new Emitter<Notice>();

  readonly #address: Address;
  readonly #owner = new Owner();
  readonly #texts: TextRequests;
  #hello: Hello | null = null;
  /** The life of the table's document; null while there is none. */
  #epoch: number | null;
  #needsFresh: boolean;
  /** The document that is being fetched. */
  #fresh: Y.Doc | null = null;
  /** This tab wrote in the table's document, so its writer stays. */
  #wrote = false;
  /** Where edits go while they are done again. */
  #again: LocalEdit[] | null = null;
  /** Step 2 and update frames sent on this socket. */
  #frames = 0;
  #answered = false;
  #caughtUp = false;
  #sockets = 0;
  #kept = 0;

  private constructor(address: Address, world: World, device: Device, doc: Y.Doc, epoch: number | null) {
    this.#address = address;
    this.#epoch = epoch;
    this.#needsFresh = epoch === null;
    this.device = device;
    this.table = new TableModel(doc, address.role, world);
    this.outbox = new Outbox(device, world);
    this.presence = new PresenceRoom(this.#owner);
    this.#texts = new TextRequests(this.#owner);
    this.line = new Line(world.net, this);
    this.table.askForText = (row, column) => this.#askForText(row, column);
    this.#owner.add(this.table.edits.on((edit) => this.#edited(edit)));
    this.#owner.add(this.table.lost.on(({ intent, reason }) => void this.outbox.setAside([intent], reason)));
    for (const news of [this.line.changes, this.outbox.changes, device.changes]) {
      this.#owner.add((news as Emitter<unknown>).on(() => this.changes.emit()));
    }
  }

  /** Takes up what the device kept. The line is opened by `start`. */
  static async open(address: Address, world: World, device: Device): Promise<LiveTable> {
    const kept = await device.load();
    const living = await world.livingTabs();
    const own = kept.entries.filter((entry) => !living.has(tabOf(entry)));
    const doc = rebuilt(kept.updates, own);
    const live = new LiveTable(address, world, device, doc ?? new Y.Doc(), doc === null ? null : kept.epoch);
    for (const row of kept.ownRows) live.table.ownRows.add(row);
    live.outbox.restore(own, kept.asides);
    live.#kept = kept.updates.length;
    return live;
  }

  start(): void {
    this.line.start();
  }

  stop(): void {
    this.line.stop();
    this.#owner.end();
  }

  /** Whether there is a table to show. */
  get hasDocument(): boolean {
    return this.#epoch !== null;
  }

  /** Who we are here, once the server has said so. */
  get me(): Hello | null {
    return this.#hello;
  }

  /** Whether everything done here is on the server's disk. */
  get isSaved(): boolean {
    return this.outbox.isEmpty && !this.table.isWaiting;
  }

  /** Whether closing the page now would lose something. */
  get wouldLose(): boolean {
    return this.table.isWaiting || this.outbox.atRisk;
  }

  /** Places that I changed while away and others did too: after a reconnect with unsaved edits, until dismissed. */
  get absence(): readonly Absence[] {
    return [];
  }

  /** The person has seen these (all of them, if none is named). */
  dismissAbsence(_seen: readonly Absence[] = this.absence): void {}

  /** Writes my value again, as an ordinary edit that can be undone: for a line of `absence`, or what was `overtaken`. */
  takeMine(_place: Pick<Absence, "row" | "key" | "mine">): void {}

  /** The server went back to something older than what this device has from it: somebody must choose. Else null. */
  get wentBack(): WentBack | null {
    return null;
  }

  resolveWentBack(_choice: WentBackChoice): void {}

  /** Proposes what was put aside to the pilots: those with these ids. Needs a login, not a role, and no live line. */
  suggest(_ids: readonly string[]): Promise<Suggested> {
    return Promise.resolve({ stored: 0, failed: "refused" });
  }

  url(): string {
    return this.#needsFresh ? this.#address.url : `${this.#address.url}?epoch=${this.#epoch}`;
  }

  opened(): void {
    this.#sockets += 1;
    this.#frames = 0;
    this.#answered = false;
    this.#caughtUp = false;
    this.#fresh = this.#needsFresh ? new Y.Doc() : null;
  }

  heard(frame: Frame): void {
    switch (frame.frame) {
      case "step1":
        this.#answer(frame.stateVector);
        break;
      case "step2":
        this.#receive(frame.update);
        this.#caughtUp = true;
        if (this.#fresh === null) this.#ready();
        else void this.#moveIn(this.#fresh);
        break;
      case "update":
        this.#receive(frame.update);
        break;
      case "awareness":
        this.presence.receive(frame.entries);
        break;
      case "query-awareness":
        this.presence.renew();
        break;
      case "ours":
        if (frame.says.type !== "make-text") this.#told(frame.says);
    }
  }

  lost(why: Parting | null): void {
    if (why !== null) this.#needsFresh = true;
    if (why === "too-large") this.outbox.refuseOnlyUnderway("too-large");
    this.#fresh = null;
    this.#answered = false;
    this.outbox.unsend();
    this.presence.leave();
    this.#texts.lost();
  }

  prod(): void {
    this.presence.renew();
  }

  #told(says: ServerSays): void {
    switch (says.type) {
      case "hello":
        this.#greeted(says);
        break;
      case "saved":
        this.#saved(says.upto);
        break;
      case "refused":
        this.outbox.refuse(says.frame, says.cells, says.reason);
        this.line.restart("refused");
        break;
      case "text-made":
        this.#texts.made(says.row, says.column);
        break;
      case "reload":
        this.line.restart("other-epoch");
        break;
      case "notice":
        if (says.key === "make-text-refused") {
          this.#texts.refused(says.row ?? "", says.column ?? "", says.reason ?? "other");
        } else this.notices.emit(says);
    }
  }

  #greeted(hello: Hello): void {
    if (hello.person !== this.#address.person) {
      // Somebody else signed in meanwhile: what is kept here is not theirs to see or to send.
      this.line.end();
      return;
    }
    this.#hello = hello;
    this.table.role = hello.role;
    if (!this.#needsFresh && hello.epoch !== this.#epoch) {
      this.line.restart("other-epoch");
      return;
    }
    const doc = this.#fresh ?? this.table.doc;
    if (this.#fresh !== null || !this.#wrote) doc.clientID = hello.writer;
    this.line.send({ frame: "step1", stateVector: Y.encodeStateVector(doc) });
    this.presence.join(doc.clientID, (entries) => void this.line.send({ frame: "awareness", entries }));
    this.changes.emit();
  }

  /** The server says what it has: it gets the rest, in one frame. */
  #answer(stateVector: Uint8Array): void {
    const fresh = this.#fresh !== null;
    const update = fresh ? EMPTY_UPDATE : Y.encodeStateAsUpdate(this.table.doc, stateVector);
    if (update.length > (this.#hello?.limits.step2 ?? Number.POSITIVE_INFINITY)) {
      this.line.restart("too-large");
      return;
    }
    this.#frames += 1;
    this.line.send({ frame: "step2", update });
    if (fresh) return;
    this.outbox.sentAll(this.#frames);
    this.#answered = true;
    this.#ready();
  }

  #receive(update: Uint8Array): void {
    if (this.#fresh !== null) {
      Y.applyUpdate(this.#fresh, update, SERVER);
      return;
    }
    this.table.receive(update);
    if (this.#epoch === null) return;
    void this.device.keepUpdate(this.#epoch, update);
    this.#kept += 1;
  }

  #ready(): void {
    if (!this.#answered || !this.#caughtUp) return;
    this.line.synced();
    this.#pump();
    this.#compact();
  }

  #saved(upTo: number): void {
    const saved = this.outbox.saved(upTo);
    if (this.#epoch !== null && saved.length > 0) {
      void this.device.saved(this.#epoch, saved);
      this.#kept += saved.length;
    }
    this.line.saved(upTo);
    this.#pump();
    this.#compact();
  }

  #edited(edit: LocalEdit): void {
    if (this.#again !== null) {
      this.#again.push(edit);
      return;
    }
    this.#wrote = true;
    if (edit.intents.some(({ what }) => what === "add-row")) void this.device.keepOwnRows(this.table.ownRows);
    this.outbox.add(edit);
    this.#pump();
  }

  /** Sends what waits, as far as the server takes it. */
  #pump(): void {
    const limits = this.#hello?.limits;
    if (!this.#answered || limits === undefined) return;
    for (;;) {
      const entry = this.outbox.next(MOST_UNDERWAY);
      if (entry === null) return;
      const size = entry.update.length;
      if (size > limits.step2) {
        this.outbox.tooLarge(entry);
        this.line.restart("too-large");
        return;
      }
      this.#frames += 1;
      this.outbox.sent(entry, this.#frames);
      // A step 2 may be larger, and says the same.
      this.line.send({ frame: size > limits.update ? "step2" : "update", update: entry.update });
    }
  }

  /** The fresh document is here: what was not saved is done again in it, and it takes the old one's place. */
  async #moveIn(fresh: Y.Doc): Promise<void> {
    const [socket, epoch] = [this.#sockets, this.#hello?.epoch ?? 0];
    const snapshot = Y.encodeStateAsUpdate(fresh);
    this.#fresh = null;
    this.#needsFresh = false;
    this.#epoch = epoch;
    this.#wrote = false;
    this.table.flush();
    const drop = this.outbox.take();
    const left = drop.filter(({ update }) => !covers(fresh, update)).flatMap(({ intents }) => intents);
    const old = this.table.doc;
    this.table.adopt(fresh);
    old.destroy();
    const entries = this.#doAgain(coalesced(left)).map((edit) => this.outbox.entryOf(edit));
    this.#wrote = entries.length > 0;
    this.outbox.put(entries);
    this.#kept = 0;
    // Not one frame before the device has all of it: a page that died now would send the old words again.
    const kept = await this.device.replace({ epoch, snapshot, drop, entries, asides: this.outbox.asides });
    this.outbox.keptAll(entries, kept);
    if (socket !== this.#sockets || this.line.state.state !== "syncing") return;
    this.#answered = true;
    this.#ready();
  }

  #doAgain(intents: readonly Intent[]): LocalEdit[] {
    const edits: LocalEdit[] = [];
    this.#again = edits;
    try {
      for (const intent of intents) {
        const reason = this.#impossible(intent);
        if (reason === null) this.table.replay(intent);
        else this.outbox.setAside([intent], reason);
      }
    } finally {
      this.#again = null;
    }
    return edits;
  }

  /** Why an intent cannot be done here, as far as the tab can know. */
  #impossible(intent: Intent): string | null {
    if (intent.what === "add-row") return null;
    if (!this.table.hasRow(intent.row)) return "gone";
    if (intent.what === "bin" || intent.what === "move") return null;
    const column = this.table.column(intent.what === "text" ? intent.column : (columnOf(intent.key) ?? ""));
    if (column === undefined || column.archived) return "no-such-column";
    return column.curated && this.table.role === "member" ? "pilots-only" : null;
  }

  #askForText(row: string, column: string): Promise<void> | null {
    if (!this.#answered) return null;
    return this.#texts.ask(row, column, () =>
      this.line.send({ frame: "ours", says: { type: "make-text", row, column } }),
    );
  }

  #compact(): void {
    if (this.#kept < COMPACT_AFTER || this.#epoch === null || !this.isSaved) return;
    this.#kept = 0;
    void this.device.compact(this.#epoch, Y.encodeStateAsUpdate(this.table.doc));
  }
}
