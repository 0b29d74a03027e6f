import * as Y from "yjs";
import { Emitter } from "../lib/emitter";
import { Owner } from "../lib/owner";
import type { LocalEdit } from "../model/intent";
import { TableModel } from "../model/table";
import { SERVER } from "../model/undo";
import { type Absence, AbsenceList } from "./absence";
import { rebuilt } from "./apply";
import { Line, type Parting, type Speaker } from "./connection";
import type { Device, Kept } from "./device";
import { isOf, KeptDocument, takeOver } from "./keptDocument";
import { TextRequests } from "./makeText";
import { countPlaces, Outbox } from "./outbox";
import { type Overtaken, Overtaking } from "./overtaken";
import { PresenceRoom } from "./presence";
import type { Frame, Hello, Notice, ServerSays } from "./protocol";
import { proposeAsides, type Suggested } from "./suggest";
import { asked, toSay, type WentBack, type WentBackChoice } from "./wentBack";
import type { Address, World } from "./world";

const EMPTY_UPDATE = Uint8Array.of(0, 0);

/**
 * A table that is shared live: what is done here goes into the outbox and to the server, what the server says
 * goes into the document.
 *
 * A refusal, another epoch or a frame that is too large end the document, not the work: a fresh one is fetched
 * with a fresh writer, and what was not saved is done again in it, one thing at a time. Until it is there the
 * old one stays on screen and takes edits as offline. So it does while somebody has to say what becomes of what
 * a server that was put back does not have any more.
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
  readonly #world: World;
  readonly #owner = new Owner();
  readonly #texts: TextRequests;
  readonly #overtaking: Overtaking;
  readonly #absence: AbsenceList;
  readonly #document: KeptDocument;
  #hello: Hello | null = null;
  #needsFresh: boolean;
  /** The document that is being fetched. */
  #fresh: Y.Doc | null = null;
  #wentBack: WentBack | null = null;
  #choice: WentBackChoice | null = null;
  /** Step 2 and update frames sent on this socket. */
  #frames = 0;
  #answered = false;
  #caughtUp = false;
  #sockets = 0;

  private constructor(address: Address, world: World, device: Device, kept: Kept, doc: Y.Doc | null) {
    this.#address = address;
    this.#world = world;
    this.#needsFresh = doc === null;
    this.device = device;
    this.table = new TableModel(doc ?? new Y.Doc(), address.role, world);
    for (const row of kept.ownRows) this.table.ownRows.add(row);
    this.outbox = new Outbox(device, world);
    this.presence = new PresenceRoom(this.#owner);
    this.line = new Line(world.net, this);
    this.#texts = new TextRequests(this.#owner);
    this.#overtaking = new Overtaking(this.table, this.outbox, (writer) => this.#who(writer));
    this.#absence = new AbsenceList(device, kept.absence);
    const { table, outbox } = this;
    const around = { table, outbox, device, absence: this.#absence, tabs: world };
    this.#document = new KeptDocument(around, kept, doc === null ? null : kept.epoch);
    this.table.askForText = (row, column) => this.#askForText(row, column);
    this.#listen();
  }

  #listen(): void {
    const { table, line, device, outbox } = this;
    this.#owner.add(table.edits.on((edit) => this.#edited(edit)));
    this.#owner.add(table.lost.on(({ intent, reason }) => void outbox.setAside([intent], reason)));
    this.#owner.add(line.changes.on((now) => now.state === "ended" && now.why === "role" && this.#shutOut()));
    this.#owner.add(device.changes.on(() => device.erased && this.#signedOut()));
    for (const news of [line.changes, outbox.changes, device.changes, this.#absence.changes]) {
      this.#owner.add((news as Emitter<unknown>).on(() => this.changes.emit()));
    }
  }

  /** Takes up what the device kept. The line is opened by `start`. */
  static async open(address: Address, world: World, device: Device): Promise<LiveTable> {
    const kept = await device.load();
    const own = await takeOver(device, world, kept.entries);
    const here = own.filter((entry) => isOf(entry, kept.epoch));
    const doc = rebuilt(kept.updates, here);
    const live = new LiveTable(address, world, device, kept, doc);
    live.outbox.restore(doc === null ? own : here, kept.asides);
    if (doc !== null) await live.#document.bring(own.filter((entry) => !isOf(entry, kept.epoch)));
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
    return this.#document.epoch !== null;
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
    return this.#absence.lines;
  }

  /** The person has seen these (all of them, if none is named). */
  dismissAbsence(seen: readonly Absence[] = this.absence): void {
    this.#absence.dismiss(seen);
  }

  /** Writes my value again, as an ordinary edit that can be undone: for a line of `absence`, or what was `overtaken`. */
  takeMine({ row, key, mine }: Pick<Absence, "row" | "key" | "mine">): void {
    this.table.endStep();
    this.table.store(row, key, mine);
  }

  /** The server went back to something older than what this device has from it: somebody must choose. Else null. */
  get wentBack(): WentBack | null {
    return this.#wentBack;
  }

  resolveWentBack(choice: WentBackChoice): void {
    if (this.#wentBack === null) return;
    this.#wentBack = null;
    if (this.#fresh !== null) void this.#moveIn(this.#fresh, choice);
    else this.#choice = choice;
    this.changes.emit();
  }

  /** Proposes what was put aside to the pilots: those with these ids. Needs a login, not a role, and no live line. */
  suggest(ids: readonly string[]): Promise<Suggested> {
    return proposeAsides(this.outbox, ids, this.#world.propose);
  }

  /** How many places this person changed and has not saved, in all tabs of this browser. */
  async unsavedOnDevice(): Promise<number> {
    return countPlaces([...(await this.device.entries()), ...this.outbox.entries]);
  }

  url(): string {
    return this.#needsFresh ? this.#address.url : `${this.#address.url}?epoch=${this.#document.epoch}`;
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
        this.#catchUp(frame.update);
        break;
      case "update":
        this.#receive(frame.update);
        if (this.#answered && this.#caughtUp) {
          for (const news of this.#overtaking.look()) this.overtaken.emit(news);
        }
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
    this.#document.own(hello.writer);
    this.table.role = hello.role;
    if (!this.#needsFresh && hello.epoch !== this.#document.epoch) {
      this.line.restart("other-epoch");
      return;
    }
    const doc = this.#fresh ?? this.table.doc;
    if (this.#fresh !== null || !this.#document.wrote) doc.clientID = hello.writer;
    this.line.send({ frame: "step1", stateVector: Y.encodeStateVector(doc) });
    this.presence.join(doc.clientID, (entries) => void this.line.send({ frame: "awareness", entries }));
    this.changes.emit();
  }

  /** The server says what it has: it gets the rest, in one frame. */
  #answer(stateVector: Uint8Array): void {
    const fresh = this.#fresh !== null;
    if (!fresh && this.#document.isBehind(stateVector, this.#hello)) {
      // Not one byte before somebody was asked: the fresh document will show what differs.
      this.line.restart("went-back");
      return;
    }
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

  /** All that the server has and we had not. */
  #catchUp(update: Uint8Array): void {
    const again = this.#caughtUp;
    this.#caughtUp = true;
    if (this.#fresh !== null) {
      this.#receive(update);
      this.#consider(this.#fresh);
    } else if (again) this.#receive(update);
    else {
      this.#document.catchUp(update, (writer) => this.#who(writer)?.own === true);
      this.#ready();
    }
  }

  /** A fresh document is here. Where it is older than the one we have, somebody has to say what becomes of the rest. */
  #consider(fresh: Y.Doc): void {
    const behind = this.#document.isBehind(Y.encodeStateVector(fresh), this.#hello);
    const wentBack = behind ? asked(toSay(this.table.doc, fresh, this.table), this.outbox.intents) : null;
    const asks = wentBack !== null && wentBack.cells.length > 0;
    this.#wentBack = asks && this.#choice === null ? wentBack : null;
    if (this.#wentBack === null) void this.#moveIn(fresh, asks ? this.#choice : null);
    this.changes.emit();
  }

  #receive(update: Uint8Array): void {
    if (this.#fresh === null) this.#document.receive(update);
    else Y.applyUpdate(this.#fresh, update, SERVER);
  }

  #ready(): void {
    if (!this.#answered || !this.#caughtUp) return;
    this.line.synced();
    this.#pump();
    this.#document.isLevel(this.#hello?.revision ?? 0);
    void this.#document.takeUp().then(() => this.#pump());
  }

  #saved(upTo: number): void {
    this.#document.saved(this.outbox.saved(upTo));
    this.line.saved(upTo);
    this.#pump();
    void this.#document.compact();
  }

  #edited(edit: LocalEdit): void {
    if (!this.#document.edited(edit)) return;
    this.outbox.add(edit);
    this.#pump();
  }

  /** Sends what waits, as far as the server takes it. */
  #pump(): void {
    const limits = this.#hello?.limits;
    if (!this.#answered || limits === undefined) return;
    for (;;) {
      const entry = this.outbox.next();
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

  async #moveIn(fresh: Y.Doc, choice: WentBackChoice | null): Promise<void> {
    const [socket, hello] = [this.#sockets, this.#hello];
    if (hello === null) return;
    [this.#fresh, this.#choice, this.#needsFresh] = [null, null, false];
    await this.#document.giveWay(fresh, hello, choice);
    if (socket !== this.#sockets || this.line.state.state !== "syncing") return;
    this.#answered = true;
    this.#ready();
  }

  /** This person has no place in the table any more: what is not saved is kept aside, to be proposed. */
  #shutOut(): void {
    this.table.closed = true;
    this.#document.setAllAside("no-role");
  }

  /** Another tab of this browser signed out: nothing is kept any more, and nobody is here. */
  #signedOut(): void {
    this.outbox.keptNone();
    this.line.end();
  }

  #who(writer: number): { readonly name: string; readonly own: boolean } | null {
    const peer = this.presence.who(writer);
    const own = this.#document.owns(writer) || peer?.person === this.#address.person;
    return own || peer !== undefined ? { name: peer?.name ?? "", own } : null;
  }

  #askForText(row: string, column: string): Promise<void> | null {
    if (!this.#answered) return null;
    return this.#texts.ask(row, column, () =>
      this.line.send({ frame: "ours", says: { type: "make-text", row, column } }),
    );
  }
}

export type { Address, World } from "./world";
