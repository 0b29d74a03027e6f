import * as Y from "yjs";
import { Emitter } from "../lib/emitter";
import type { Owner } from "../lib/owner";
import type { TableModel } from "../model/table";
import { SERVER } from "../model/undo";
import { Line, type Net, type Parting, type Speaker } from "./connection";
import type { KeptDocument } from "./keptDocument";
import { TextRequests } from "./makeText";
import type { Outbox } from "./outbox";
import { type Overtaken, Overtaking } from "./overtaken";
import type { PresenceRoom } from "./presence";
import type { Frame, Hello, Notice, ServerSays } from "./protocol";
import type { WentBack, WentBackChoice } from "./wentBack";
import type { Address } from "./world";

const EMPTY_UPDATE = Uint8Array.of(0, 0);

/** Whom and what a conversation is about. */
export interface Subject {
  readonly address: Address;
  readonly table: TableModel;
  readonly outbox: Outbox;
  readonly presence: PresenceRoom;
  readonly document: KeptDocument;
}

/**
 * What this tab and the server say to each other: who is here, what each has, what is done, what is saved.
 *
 * Nothing is sent before the server has said what it has, and nothing at all of a document that it has lost a part
 * of: a fresh one is fetched beside it, and somebody is asked.
 */
export class Conversation implements Speaker {
  readonly line: Line;
  readonly changes = new Emitter<void>();
  readonly overtaken = new Emitter<Overtaken>();
  readonly notices = new Emitter<Notice>();
  readonly #subject: Subject;
  readonly #texts: TextRequests;
  readonly #overtaking: Overtaking;
  #hello: Hello | null = null;
  #needsFresh: boolean;
  /** The document that is being fetched. */
  #fresh: Y.Doc | null = null;
  #wentBack: WentBack | null = null;
  #choice: WentBackChoice | null = null;
  #settling: typeof import("./wentBack") | null = null;
  /** Step 2 and update frames sent on this socket. */
  #frames = 0;
  #answered = false;
  #caughtUp = false;
  #sockets = 0;

  constructor(net: Net, subject: Subject, owner: Owner) {
    this.#subject = subject;
    this.#needsFresh = subject.document.epoch === null;
    this.#texts = new TextRequests(owner);
    this.#overtaking = new Overtaking(subject.table, (writer) => this.#who(writer), owner);
    this.line = new Line(net, this);
    subject.table.askForText = (row, column) => this.#askForText(row, column);
  }

  /** Who we are here, once the server has said so. */
  get hello(): Hello | null {
    return this.#hello;
  }

  get wentBack(): WentBack | null {
    return this.#wentBack;
  }

  resolveWentBack(choice: WentBackChoice): void {
    if (this.#wentBack === null) return;
    this.#wentBack = null;
    // After a line that was lost the fresh document may still be on its way.
    if (this.#fresh !== null && this.#caughtUp) void this.#moveIn(this.#fresh, choice);
    else this.#choice = choice;
    this.changes.emit();
  }

  url(): string {
    return this.#needsFresh
      ? this.#subject.address.url
      : `${this.#subject.address.url}?epoch=${this.#subject.document.epoch}`;
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
        for (const news of this.#overtaking.take()) this.overtaken.emit(news);
        break;
      case "awareness":
        this.#subject.presence.receive(frame.entries);
        break;
      case "query-awareness":
        this.#subject.presence.renew();
        break;
      case "ours":
        if (frame.says.type !== "make-text") this.#told(frame.says);
    }
  }

  lost(why: Parting | null): void {
    if (why !== null) this.#needsFresh = true;
    if (why === "too-large") this.#subject.outbox.refuseOnlyUnderway("too-large");
    this.#fresh = null;
    this.#answered = false;
    this.#subject.outbox.unsend();
    this.#subject.presence.leave();
    this.#texts.lost();
  }

  prod(): void {
    this.#subject.presence.renew();
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
        this.#subject.outbox.refuse(says.frame, says.cells, says.reason);
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
    if (hello.person !== this.#subject.address.person) {
      // Somebody else signed in meanwhile: what is kept here is not theirs to see or to send.
      this.line.end();
      return;
    }
    this.#hello = hello;
    this.#subject.document.own(hello.writer);
    this.#subject.table.role = hello.role;
    if (!this.#needsFresh && hello.epoch !== this.#subject.document.epoch) {
      this.line.restart("other-epoch");
      return;
    }
    const doc = this.#fresh ?? this.#subject.table.doc;
    if (this.#fresh !== null || !this.#subject.document.wrote) doc.clientID = hello.writer;
    this.line.send({ frame: "step1", stateVector: Y.encodeStateVector(doc) });
    this.#subject.presence.join(
      doc.clientID,
      (entries) => void this.line.send({ frame: "awareness", entries }),
    );
    this.changes.emit();
  }

  /** The server says what it has: it gets the rest, in one frame. */
  #answer(stateVector: Uint8Array): void {
    const fresh = this.#fresh !== null;
    if (!fresh && this.#subject.document.isBehind(stateVector, this.#hello)) {
      // Not one byte before somebody was asked: the fresh document will show what differs.
      this.line.restart("went-back");
      return;
    }
    const update = fresh ? EMPTY_UPDATE : Y.encodeStateAsUpdate(this.#subject.table.doc, stateVector);
    if (update.length > (this.#hello?.limits.step2 ?? Number.POSITIVE_INFINITY)) {
      this.line.restart("too-large");
      return;
    }
    this.#frames += 1;
    this.line.send({ frame: "step2", update });
    if (fresh) return;
    this.#subject.outbox.sentAll(this.#frames);
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
      this.#subject.document.catchUp(update, (writer) => this.#who(writer)?.own === true);
      // What met in an absence is told as such.
      this.#overtaking.take();
      this.#ready();
    }
  }

  /** A fresh document is here. Where it is older than the one we have, somebody has to say what becomes of the rest. */
  #consider(fresh: Y.Doc): void {
    if (this.#subject.document.isBehind(Y.encodeStateVector(fresh), this.#hello)) void this.#ask(fresh);
    else {
      this.#wentBack = null;
      void this.#moveIn(fresh, null);
    }
    this.changes.emit();
  }

  async #ask(fresh: Y.Doc): Promise<void> {
    try {
      // Hardly ever needed, so a part of its own.
      this.#settling ??= await import("./wentBack");
    } catch {
      // The network went away again: once more from the start.
      if (fresh === this.#fresh) this.line.restart("went-back");
      return;
    }
    if (fresh !== this.#fresh) return;
    const { table, outbox } = this.#subject;
    const { asked, lostBy } = this.#settling;
    const wentBack = asked(lostBy(fresh, table.doc, table), outbox.intents);
    const asks = wentBack.cells.length > 0;
    this.#wentBack = asks && this.#choice === null ? wentBack : null;
    if (this.#wentBack === null) void this.#moveIn(fresh, asks ? this.#choice : null);
    this.changes.emit();
  }

  #receive(update: Uint8Array): void {
    if (this.#fresh === null) this.#subject.document.receive(update);
    else Y.applyUpdate(this.#fresh, update, SERVER);
  }

  #ready(): void {
    if (!this.#answered || !this.#caughtUp) return;
    this.line.synced();
    this.pump();
    this.#subject.document.isLevel(this.#hello?.revision ?? 0);
    void this.#subject.document.takeUp().then(() => this.pump());
  }

  #saved(upTo: number): void {
    this.#subject.document.saved(this.#subject.outbox.saved(upTo));
    this.line.saved(upTo);
    this.pump();
    void this.#subject.document.compact();
  }

  /** Sends what waits, as far as the server takes it. */
  pump(): void {
    const limits = this.#hello?.limits;
    if (!this.#answered || limits === undefined) return;
    for (;;) {
      const entry = this.#subject.outbox.next();
      if (entry === null) return;
      const size = entry.update.length;
      if (size > limits.step2) {
        this.#subject.outbox.tooLarge(entry);
        this.line.restart("too-large");
        return;
      }
      this.#frames += 1;
      this.#subject.outbox.sent(entry, this.#frames);
      // A step 2 may be larger, and says the same.
      this.line.send({ frame: size > limits.update ? "step2" : "update", update: entry.update });
    }
  }

  async #moveIn(fresh: Y.Doc, choice: WentBackChoice | null): Promise<void> {
    const [socket, hello] = [this.#sockets, this.#hello];
    if (hello === null) return;
    [this.#fresh, this.#choice, this.#needsFresh] = [null, null, false];
    const settle = choice === null ? null : (this.#settling?.settle(choice) ?? null);
    await this.#subject.document.giveWay(fresh, hello, settle);
    if (socket !== this.#sockets || this.line.state.state !== "syncing") return;
    this.#answered = true;
    this.#ready();
  }

  #who(writer: number): { readonly name: string; readonly own: boolean } | null {
    const peer = this.#subject.presence.who(writer);
    const own = this.#subject.document.owns(writer) || peer?.person === this.#subject.address.person;
    return own || peer !== undefined ? { name: peer?.name ?? "", own } : null;
  }

  #askForText(row: string, column: string): Promise<void> | null {
    if (!this.#answered) return null;
    return this.#texts.ask(row, column, () =>
      this.line.send({ frame: "ours", says: { type: "make-text", row, column } }),
    );
  }
}
