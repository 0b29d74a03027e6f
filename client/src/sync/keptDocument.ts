import * as Y from "yjs";
import type { LocalEdit } from "../model/intent";
import type { TableModel } from "../model/table";
import { type AbsenceList, leftBehind, othersBrought, othersMade } from "./absence";
import { Again } from "./again";
import { coalesced, confirmed, covers, lacks } from "./apply";
import type { Device, Kept } from "./device";
import { type Entry, type Outbox, tabOf } from "./outbox";
import type { Hello } from "./protocol";
import type { Settle } from "./wentBack";
import { broughtBy } from "./winner";

/** Kept updates after which the device's document is written anew in fewer bytes. */
const COMPACT_AFTER = 300;

/** The tabs of this browser. */
export interface Tabs {
  /** Names this one among all. */
  readonly tab: string;
  /**
   * The others that are open now; null where the browser cannot say. This one counts as open from then on, to
   * whoever asks.
   */
  livingTabs(): Promise<ReadonlySet<string> | null>;
}

/** What a document stands between. */
export interface Around {
  readonly table: TableModel;
  readonly outbox: Outbox;
  readonly device: Device;
  readonly absence: AbsenceList;
  readonly tabs: Tabs;
}

/**
 * The document under the table, together with what the device keeps of it: its life, how far it is level with the
 * server, and how it gives way to another without a word being lost or said twice.
 */
export class KeptDocument {
  /** The life of the document; null while there is none. */
  epoch: number | null;
  /** This tab wrote in it, so its writer stays. */
  wrote = false;
  readonly #around: Around;
  readonly #again: Again;
  /** Writers under which this person wrote, in this browser. */
  readonly #ownWriters: Set<number>;
  /** How far the server's log was when we last stood level with it, in this epoch. */
  #revision: number;
  #kept: number;

  constructor(around: Around, kept: Kept, epoch: number | null) {
    this.#around = around;
    this.#again = new Again(around.table, around.outbox);
    this.#ownWriters = new Set(kept.ownWriters);
    this.#revision = kept.revision;
    this.#kept = kept.updates.length;
    this.epoch = epoch;
    around.outbox.epoch = epoch;
  }

  /** Whether this person writes here under a writer, in any tab of this browser. */
  owns(writer: number): boolean {
    return this.#ownWriters.has(writer);
  }

  own(writer: number): void {
    if (this.#ownWriters.has(writer)) return;
    this.#ownWriters.add(writer);
    void this.#around.device.keepOwnWriter(writer);
  }

  /** Whether a server that says this of itself lacks what it had told us. Never so of another epoch: that is new. */
  isBehind(stateVector: Uint8Array, hello: Hello | null): boolean {
    if (this.epoch === null || hello?.epoch !== this.epoch) return false;
    if (hello.revision < this.#revision) return true;
    const { table, outbox } = this.#around;
    return lacks(stateVector, confirmed(table.doc, outbox.entries));
  }

  /** Takes in what the server said. */
  receive(update: Uint8Array): void {
    this.#around.table.receive(update);
    if (this.epoch === null) return;
    void this.#around.device.keepUpdate(this.epoch, update);
    this.#kept += 1;
  }

  /** Takes in all that the server had while it was not heard, and notes where others met what is not saved. */
  catchUp(update: Uint8Array, isOwn: (writer: number) => boolean): void {
    const { table, outbox, absence } = this.#around;
    const left = leftBehind(outbox.intents, table);
    this.receive(update);
    if (left.length === 0) return;
    absence.add(othersBrought(left, table, broughtBy(update, table.doc), isOwn), table);
  }

  /** The server has these on disk: they are part of the document. */
  saved(entries: readonly Entry[]): void {
    if (this.epoch === null || entries.length === 0) return;
    void this.#around.device.saved(this.epoch, entries);
    this.#kept += entries.length;
  }

  /** Both sides have what the other had. */
  isLevel(revision: number): void {
    if (revision > this.#revision) void this.#around.device.keepRevision(revision);
    this.#revision = Math.max(this.#revision, revision);
    void this.compact();
  }

  /** Notes an edit of this tab; false where it is a part of what is being done again. */
  edited(edit: LocalEdit): boolean {
    if (this.#again.takes(edit)) return false;
    const { table, device } = this.#around;
    if (!this.wrote) this.own(table.doc.clientID);
    this.wrote = true;
    const made = edit.intents.filter(({ what }) => what === "add-row").map(({ row }) => row);
    if (made.length > 0) void device.keepOwnRows(made);
    return true;
  }

  /**
   * A fresh document takes the place of this one: what was not saved is done again in it. Where the server went
   * back, `settle` also says what becomes of what it lost.
   */
  async giveWay(fresh: Y.Doc, { epoch, revision }: Hello, settle: Settle | null): Promise<void> {
    const { table, outbox, device, absence } = this.#around;
    const snapshot = Y.encodeStateAsUpdate(fresh);
    table.flush();
    [this.epoch, this.#revision, outbox.epoch] = [epoch, revision, epoch];
    const drop = outbox.take();
    const left = drop.filter((entry) => !isOf(entry, epoch) || !covers(fresh, entry.update));
    const unsaved = coalesced(left.flatMap(({ intents }) => intents));
    const places = leftBehind(unsaved, table);
    const old = table.doc;
    table.adopt(fresh);
    const met = othersMade(places, table);
    const settled = settle?.(old, table, unsaved) ?? { again: unsaved, aside: [] };
    const entries = this.#again.run(settled.again);
    outbox.setAside(settled.aside, "went-back");
    if (settle === null) absence.add(met, table);
    old.destroy();
    this.wrote = entries.length > 0;
    this.#kept = 0;
    outbox.put(entries);
    // Not one frame before the device has all of it: a page that died now would send the old words again.
    const kept = await device.replace({ epoch, revision, snapshot, drop, entries, asides: outbox.asides });
    outbox.keptAll(entries, kept);
  }

  /** Does again, in this document, what was done in another. */
  async bring(drop: readonly Entry[]): Promise<void> {
    if (drop.length === 0) return;
    const { table, outbox, device } = this.#around;
    const left = drop.filter((entry) => !isOf(entry, this.epoch) || !covers(table.doc, entry.update));
    const entries = this.#again.run(coalesced(left.flatMap(({ intents }) => intents)));
    this.wrote ||= entries.length > 0;
    outbox.put(entries);
    const kept = await device.exchange({ drop, entries, asides: outbox.asides });
    outbox.keptAll(entries, kept);
  }

  /** Takes over what tabs left that died while this one lived. To be asked while level with the server. */
  async takeUp(): Promise<void> {
    const { device, tabs } = this.#around;
    const entries = await device.entries();
    const living = await tabs.livingTabs();
    // What a living tab is about to send must not be said twice.
    if (living !== null) await this.bring(await takeOver(device, tabs, entries, living));
  }

  /** Keeps all that is not saved aside: nothing of it can be brought any more. */
  setAllAside(reason: string): void {
    const { table, outbox, device } = this.#around;
    table.flush();
    const drop = outbox.take();
    outbox.setAside(coalesced(drop.flatMap(({ intents }) => intents)), reason);
    void device.exchange({ drop, entries: [], asides: outbox.asides });
  }

  /** Another tab may have kept what this one has not heard yet, so only the last one tidies up. */
  async compact(): Promise<void> {
    const { table, outbox, device, tabs } = this.#around;
    if (this.#kept < COMPACT_AFTER || ((await tabs.livingTabs())?.size ?? 0) > 0) return;
    // Only the server's words: nothing of ours may be unsaved.
    if (this.#kept < COMPACT_AFTER || this.epoch === null || !outbox.isEmpty || table.isWaiting) return;
    this.#kept = 0;
    void device.compact(this.epoch, Y.encodeStateAsUpdate(table.doc));
  }
}

/**
 * What tabs left that are no more. `living` must have been asked after the entries were read: whoever made one of
 * them lived by then, and a tab that dies never comes back. Where nobody can say who lives, all are taken: the
 * same bytes twice are one edit.
 */
export async function takeOver(
  device: Device,
  { tab }: Tabs,
  entries: readonly Entry[],
  living: ReadonlySet<string> | null,
): Promise<readonly Entry[]> {
  const dead = new Set(entries.map(tabOf).filter((owner) => owner !== tab && living?.has(owner) !== true));
  if (dead.size === 0) return [];
  return (await device.claim(dead, tab)) ?? entries.filter((entry) => dead.has(tabOf(entry)));
}

/** Whether an entry's bytes belong to the document of this epoch. */
export const isOf = ({ epoch }: Entry, current: number | null): boolean =>
  epoch === undefined || epoch === current;
