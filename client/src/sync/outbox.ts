import { Emitter } from "../lib/emitter";
import { hasEffect, type Intent, type LocalEdit, placeOf } from "../model/intent";
import { coalesced } from "./apply";
import type { Device } from "./device";
import type { RefusedCell } from "./protocol";

/** Frames on their way at once: below what the server takes from one tab. */
const MOST_UNDERWAY = 32;

/** One transaction that the server has not yet said "saved" to. */
export interface Entry extends LocalEdit {
  /** Sorts in the order of doing. */
  readonly id: string;
  readonly at: number;
  /** The life of the document that the bytes belong to; an earlier client did not say. */
  readonly epoch?: number | null;
  /** The tab that took the entry over from the one that made it. */
  readonly owner?: string;
}

/** What was refused: the person's words, kept until the person lets them go. */
export interface Aside {
  readonly id: string;
  readonly at: number;
  readonly intent: Intent;
  /**
   * By the key of its sentence: what the server said (`pilots-only`, `not-own-row`, `too-large`…), `gone` for a row
   * that is no more, `no-role` where the person lost their place in the table, `went-back` for what a server that
   * was put back does not have.
   */
  readonly reason: string;
}

interface Waiting {
  readonly entry: Entry;
  /** Its number among the frames of this socket that count; null while it is not sent. */
  frame: number | null;
  /** It is on the device. */
  kept: boolean;
  /** Not to be sent before the device has it. */
  held: boolean;
}

/** What an outbox takes from the world. */
export interface OutboxWorld {
  now(): number;
  /** Names this tab among all. */
  readonly tab: string;
}

/**
 * What this person did and the server has not yet said "saved" to, and what it said no to.
 *
 * An entry leaves in three ways only: "saved", done again as new entries in another document, or put aside.
 */
export class Outbox {
  readonly changes = new Emitter<void>();
  /** The life of the document that entries are made in. */
  epoch: number | null = null;
  readonly #device: Device;
  readonly #world: OutboxWorld;
  #waiting: Waiting[] = [];
  #asides: Aside[] = [];
  #made = 0;

  constructor(device: Device, world: OutboxWorld) {
    this.#device = device;
    this.#world = world;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** How many places somebody changed and nobody has saved yet. */
  get unsaved(): number {
    return countPlaces(this.entries);
  }

  /** Whether something would be lost with this page. */
  get atRisk(): boolean {
    return this.#waiting.some(({ kept }) => !kept);
  }

  get entries(): readonly Entry[] {
    return this.#waiting.map(({ entry }) => entry);
  }

  /** What was meant and is not saved, oldest first. */
  get intents(): readonly Intent[] {
    return this.#waiting.flatMap(({ entry }) => entry.intents);
  }

  get asides(): readonly Aside[] {
    return this.#asides;
  }

  /** Takes up what the device had kept. */
  restore(entries: readonly Entry[], asides: readonly Aside[]): void {
    const known = new Set(this.#waiting.map(({ entry }) => entry.id));
    const back = entries.filter(({ id }) => !known.has(id));
    this.#waiting.unshift(...back.map((entry) => ({ entry, frame: null, kept: true, held: false })));
    this.#asides = [...asides, ...this.#asides];
    this.changes.emit();
  }

  add(edit: LocalEdit): void {
    const waiting: Waiting = { entry: this.entryOf(edit), frame: null, kept: false, held: false };
    this.#waiting.push(waiting);
    void this.#device.keepEntry(waiting.entry).then((kept) => {
      waiting.kept = kept;
      this.changes.emit();
    });
    this.changes.emit();
  }

  entryOf({ intents, update }: LocalEdit): Entry {
    return { id: this.#nextId(), at: this.#world.now(), epoch: this.epoch, intents, update };
  }

  /** The oldest entry that is not on its way, while the server takes more. */
  next(): Entry | null {
    const sent = new Set(this.#waiting.flatMap(({ frame }) => (frame === null ? [] : [frame])));
    if (sent.size >= MOST_UNDERWAY) return null;
    const next = this.#waiting.find(({ frame }) => frame === null);
    return next === undefined || next.held ? null : next.entry;
  }

  sent(entry: Entry, frame: number): void {
    const waiting = this.#waiting.find((one) => one.entry.id === entry.id);
    if (waiting !== undefined) waiting.frame = frame;
  }

  /** One frame carried all there was. */
  sentAll(frame: number): void {
    for (const waiting of this.#waiting) waiting.frame = frame;
  }

  /** The socket is gone: nothing is on its way any more. */
  unsend(): void {
    for (const waiting of this.#waiting) waiting.frame = null;
  }

  /** The server has the frames up to this one on disk: their entries leave. */
  saved(upTo: number): Entry[] {
    const isSaved = ({ frame }: Waiting) => frame !== null && frame <= upTo;
    const saved = this.#waiting.filter(isSaved).map(({ entry }) => entry);
    if (saved.length === 0) return [];
    this.#waiting = this.#waiting.filter((waiting) => !isSaved(waiting));
    this.changes.emit();
    return saved;
  }

  /**
   * The server said no to a frame: what it named is put aside, with what would meet the same no.
   *
   * Where it named nothing of ours, a frame that held one thing is the culprit; several are done again one by
   * one, and the culprit shows itself.
   */
  refuse(frame: number | null, cells: readonly RefusedCell[], reason: string): void {
    const held = this.#waiting.filter((waiting) => frame === null || waiting.frame === frame);
    const intents = held.flatMap(({ entry }) => entry.intents);
    let refused = intents.filter((intent) => cells.some((cell) => isAbout(intent, cell)));
    if (refused.length === 0 && frame !== null && intents.length === 1) refused = intents;
    const others = this.#waiting.flatMap(({ entry }) => entry.intents);
    const alike = others.filter((intent) => refused.some((one) => sharesFate(intent, one, reason)));
    const gone = new Set([...refused, ...alike]);
    if (gone.size === 0) return;
    // One question for the words of a cell, however many letters they have.
    this.setAside(coalesced([...gone]), reason);
    this.#waiting = this.#waiting.map((waiting) => ({
      ...waiting,
      entry: { ...waiting.entry, intents: waiting.entry.intents.filter((intent) => !gone.has(intent)) },
    }));
    this.changes.emit();
  }

  /** A frame was too large, and only one was under way: that one. */
  refuseOnlyUnderway(reason: string): void {
    const frames = new Set(this.#waiting.flatMap(({ frame }) => (frame === null ? [] : [frame])));
    const [only] = frames;
    if (only !== undefined && frames.size === 1) this.refuse(only, [], reason);
  }

  /** An entry that no frame can carry: alone it is put aside, several intents are done again one by one. */
  tooLarge(entry: Entry): void {
    this.sent(entry, 0);
    this.refuse(0, [], "too-large");
  }

  /** Keeps words that cannot be done, for the person to copy. */
  setAside(intents: readonly Intent[], reason: string): Aside[] {
    const at = this.#world.now();
    // A page that died between a refusal and the new document meets the same refusal again.
    const known = new Set(this.#asides.map(({ intent }) => JSON.stringify(intent)));
    const asides = intents
      .filter((intent) => hasEffect(intent) && !known.has(JSON.stringify(intent)))
      .map((intent): Aside => ({ id: this.#nextId(), at, intent, reason }));
    this.#asides = [...this.#asides, ...asides];
    void this.#device.putAside(asides);
    this.changes.emit();
    return asides;
  }

  forget(ids: readonly string[]): void {
    const gone = new Set(ids);
    this.#asides = this.#asides.filter(({ id }) => !gone.has(id));
    void this.#device.forgetAsides(ids);
    this.changes.emit();
  }

  /** Takes all entries out, to be done again in another document. */
  take(): Entry[] {
    return this.#waiting.splice(0).map(({ entry }) => entry);
  }

  /** Puts entries in that the device is about to be given. None is sent before: see `keptAll`. */
  put(entries: readonly Entry[]): void {
    this.#waiting.push(...entries.map((entry) => ({ entry, frame: null, kept: false, held: true })));
    this.changes.emit();
  }

  /** The device lost all of it. */
  keptNone(): void {
    for (const waiting of this.#waiting) waiting.kept = false;
    this.changes.emit();
  }

  keptAll(entries: readonly Entry[], kept: boolean): void {
    const ids = new Set(entries.map(({ id }) => id));
    for (const waiting of this.#waiting) {
      if (ids.has(waiting.entry.id)) [waiting.kept, waiting.held] = [kept, false];
    }
    this.changes.emit();
  }

  #nextId(): string {
    this.#made += 1;
    const at = String(this.#world.now()).padStart(15, "0");
    return `${at}/${this.#world.tab}/${String(this.#made).padStart(9, "0")}`;
  }
}

/** How many places some entries change. */
export function countPlaces(entries: readonly Entry[]): number {
  return new Set(entries.flatMap(({ intents }) => intents.filter(hasEffect).map(placeOf))).size;
}

/** The tab that answers for an entry: the one that made it, or that took it over. */
export const tabOf = ({ id, owner }: Entry): string => owner ?? id.split("/")[1] ?? "";

function isAbout(intent: Intent, { row, column }: RefusedCell): boolean {
  if (intent.row !== row) return false;
  switch (intent.what) {
    case "add-row":
      return column === "";
    case "bin":
      return column === "~deleted";
    case "move":
      return column === "~order";
    case "set":
    case "unset":
      return column === intent.key;
    case "text":
      return column === intent.column;
  }
}

/** Whether the same rule would say the same: no need to ask the server once for each cell of a paste. */
function sharesFate(intent: Intent, refused: Intent, reason: string): boolean {
  if (reason === "not-own-row") return intent.row === refused.row;
  if (reason !== "pilots-only" && reason !== "no-such-column") return false;
  return intent.what === refused.what && ruleOf(intent) === ruleOf(refused);
}

function ruleOf(intent: Intent): string {
  if (intent.what === "text") return intent.column;
  if (intent.what === "set" || intent.what === "unset") return intent.key.split(/[/~]/)[0] ?? "";
  return intent.what;
}
