import * as Y from "yjs";
import { Emitter } from "../lib/emitter";
import { Owner } from "../lib/owner";
import type { LocalEdit } from "../model/intent";
import { TableModel } from "../model/table";
import { type Absence, AbsenceList } from "./absence";
import { rebuilt } from "./apply";
import type { Line } from "./connection";
import { Conversation } from "./conversation";
import type { Device, Kept } from "./device";
import { isOf, KeptDocument, takeOver } from "./keptDocument";
import { countPlaces, Outbox } from "./outbox";
import type { Overtaken } from "./overtaken";
import { PresenceRoom } from "./presence";
import type { Hello, Notice } from "./protocol";
import type { Suggested } from "./suggest";
import type { WentBack, WentBackChoice } from "./wentBack";
import type { Address, World } from "./world";

/**
 * A table that is shared live: what is done here goes into the outbox and to the server, what the server says
 * goes into the document.
 *
 * A refusal, another epoch or a frame that is too large end the document, not the work: a fresh one is fetched
 * with a fresh writer, and what was not saved is done again in it, one thing at a time. Until it is there the
 * old one stays on screen and takes edits as offline. So it does while somebody has to say what becomes of what
 * a server that was put back does not have any more.
 */
export class LiveTable {
  readonly table: TableModel;
  readonly outbox: Outbox;
  readonly presence: PresenceRoom;
  readonly line: Line;
  readonly device: Device;
  /** Anything that a person may want to know of the state changed. */
  readonly changes = new Emitter<void>();
  /** A value of mine, not saved yet, gave way to somebody else's. */
  readonly overtaken: Emitter<Overtaken>;
  /** News that the server has for everybody, such as a restore: `key`, and who, how many cells, when. */
  readonly notices: Emitter<Notice>;

  readonly #address: Address;
  readonly #world: World;
  readonly #owner = new Owner();
  readonly #absence: AbsenceList;
  readonly #document: KeptDocument;
  readonly #conversation: Conversation;

  private constructor(address: Address, world: World, device: Device, kept: Kept, doc: Y.Doc | null) {
    this.#address = address;
    this.#world = world;
    this.device = device;
    const table = new TableModel(doc ?? new Y.Doc(), address.role, world);
    for (const row of kept.ownRows) table.ownRows.add(row);
    const outbox = new Outbox(device, world);
    const presence = new PresenceRoom(this.#owner);
    this.#absence = new AbsenceList(device, kept.absence);
    const around = { table, outbox, device, absence: this.#absence, tabs: world };
    const document = new KeptDocument(around, kept, doc === null ? null : kept.epoch);
    const subject = { address, table, outbox, presence, document };
    this.#document = document;
    this.#conversation = new Conversation(world.net, subject, this.#owner);
    [this.table, this.outbox, this.presence] = [table, outbox, presence];
    ({ line: this.line, overtaken: this.overtaken, notices: this.notices } = this.#conversation);
    this.#listen();
  }

  #listen(): void {
    const { table, line, device, outbox } = this;
    this.#owner.add(table.edits.on((edit) => this.#edited(edit)));
    this.#owner.add(table.lost.on(({ intent, reason }) => void outbox.setAside([intent], reason)));
    this.#owner.add(line.changes.on((now) => now.state === "ended" && now.why === "role" && this.#shutOut()));
    this.#owner.add(device.changes.on(() => device.erased && this.#signedOut()));
    const told = [
      this.#conversation.changes,
      line.changes,
      outbox.changes,
      device.changes,
      this.#absence.changes,
    ];
    for (const news of told) {
      this.#owner.add((news as Emitter<unknown>).on(() => this.changes.emit()));
    }
  }

  /** Takes up what the device kept. The line is opened by `start`. */
  static async open(address: Address, world: World, device: Device): Promise<LiveTable> {
    const kept = await device.load();
    const own = await takeOver(device, world, kept.entries, await world.livingTabs());
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

  /** Whose table this is on this device, whoever is signed in by now. */
  get person(): number {
    return this.#address.person;
  }

  /** Who we are here, once the server has said so. */
  get me(): Hello | null {
    return this.#conversation.hello;
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
    return this.#conversation.wentBack;
  }

  resolveWentBack(choice: WentBackChoice): void {
    this.#conversation.resolveWentBack(choice);
  }

  /** Proposes what was put aside to the pilots: those with these ids. Needs a login, not a role, and no live line. */
  async suggest(ids: readonly string[]): Promise<Suggested> {
    const { proposeAsides } = await import("./suggest");
    return proposeAsides(this.outbox, ids, this.#world.propose);
  }

  /** How many places this person changed and has not saved, in all tabs of this browser. */
  async unsavedOnDevice(): Promise<number> {
    return countPlaces([...(await this.device.entries()), ...this.outbox.entries]);
  }

  #edited(edit: LocalEdit): void {
    if (!this.#document.edited(edit)) return;
    this.outbox.add(edit);
    this.#conversation.pump();
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
}

export type { Address, World } from "./world";
