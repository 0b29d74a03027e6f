import { Emitter } from "../lib/emitter";
import type { Dispose, Owner } from "../lib/owner";
import type { PeerPresence, Presence } from "../model/types";
import type { AwarenessEntry } from "./protocol";

type At = PeerPresence["at"];

/** At most ten times a second. */
const PACE_MS = 100;
/** Stock tabs forget whoever was silent for 30 s; our own echo also shows that the line is alive. */
const RENEW_MS = 15_000;
/** A tab that nobody looks at is nowhere after this time. */
const AWAY_MS = 60_000;
const COLOURS = 12;

/** Where everybody is. Only while a socket is there: without one, nobody is shown. */
export class PresenceRoom implements Presence {
  readonly #changes = new Emitter<void>();
  readonly #peers = new Map<number, PeerPresence>();
  /** Everybody who was ever here: what they wrote may come long after they left. */
  readonly #seen = new Map<number, PeerPresence>();
  readonly #clocks = new Map<number, number>();
  readonly #owner: Owner;
  #line: { readonly writer: number; send(entries: readonly AwarenessEntry[]): void } | null = null;
  #at: At = null;
  #away = false;
  #stopPace: Dispose | null = null;
  #stopRenewal: Dispose | null = null;
  #asked = false;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  peers(): readonly PeerPresence[] {
    return [...this.#peers.values()];
  }

  /** Who a writer is, or was when last seen. */
  who(writer: number): PeerPresence | undefined {
    return this.#seen.get(writer);
  }

  moveTo(at: At): void {
    if (sameAt(at, this.#at)) return;
    this.#at = at;
    this.#tell();
  }

  /** Nobody looks at this tab any more, or somebody does again. */
  setAway(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#tell();
  }

  onChange(listener: () => void): () => void {
    return this.#changes.on(listener);
  }

  /** The socket is there: says where we are, as this writer. */
  join(writer: number, send: (entries: readonly AwarenessEntry[]) => void): void {
    this.leave();
    this.#line = { writer, send };
    this.#send();
  }

  /** The socket is gone. */
  leave(): void {
    this.#line = null;
    this.#stopPace?.();
    this.#stopRenewal?.();
    this.#stopPace = null;
    this.#stopRenewal = null;
    if (this.#peers.size === 0) return;
    this.#peers.clear();
    this.#changes.emit();
  }

  /** Says again where we are: whoever answers is alive. */
  renew(): void {
    this.#send();
  }

  receive(entries: readonly AwarenessEntry[]): void {
    for (const { writer, state } of entries) {
      const peer = readPeer(writer, state, writer === this.#line?.writer);
      if (peer === undefined) this.#peers.delete(writer);
      else {
        this.#peers.set(writer, peer);
        this.#seen.set(writer, peer);
      }
    }
    this.#changes.emit();
  }

  #tell(): void {
    if (this.#line === null) return;
    if (this.#stopPace !== null) {
      this.#asked = true;
      return;
    }
    this.#send();
    this.#stopPace = this.#owner.after(PACE_MS, () => {
      this.#stopPace = null;
      if (this.#asked) this.#tell();
    });
  }

  #send(): void {
    const line = this.#line;
    if (line === null) return;
    this.#asked = false;
    this.#stopRenewal?.();
    this.#stopRenewal = this.#owner.after(RENEW_MS, () => this.#send());
    const clock = (this.#clocks.get(line.writer) ?? 0) + 1;
    this.#clocks.set(line.writer, clock);
    const state = this.#at === null || this.#away ? {} : { at: this.#at };
    line.send([{ writer: line.writer, clock, state }]);
  }
}

/** Tells the room when nobody looks at the page: hidden, or without focus, for a minute. */
export function watchAttention(page: Document, room: PresenceRoom, owner: Owner): void {
  const view = page.defaultView;
  if (view === null) return;
  let stop: Dispose | null = null;
  const look = () => {
    stop?.();
    stop = null;
    if (page.visibilityState === "visible" && page.hasFocus()) room.setAway(false);
    else stop = owner.after(AWAY_MS, () => room.setAway(true));
  };
  owner.listen(page, "visibilitychange", look);
  owner.listen(view, "blur", look);
  owner.listen(view, "focus", look);
}

function sameAt(a: At, b: At): boolean {
  if (a === null || b === null) return a === b;
  const { row, column, editing, anchor, head } = a;
  return (
    row === b.row && column === b.column && editing === b.editing && anchor === b.anchor && head === b.head
  );
}

/** Reads the server's word about a tab; undefined when it left. */
function readPeer(id: number, state: unknown, self: boolean): PeerPresence | undefined {
  const { user, at } = { ...(state as { user?: unknown; at?: unknown } | null) };
  const { name, colour, person } = { ...(user as Partial<PeerPresence> | undefined) };
  if (typeof name !== "string" || typeof colour !== "number" || typeof person !== "number") return undefined;
  const shade = Number.isInteger(colour) ? ((colour % COLOURS) + COLOURS) % COLOURS : 0;
  return { id, name, colour: shade, person, self, at: readAt(at) };
}

function readAt(said: unknown): At {
  const { row, column, editing, anchor, head } = { ...(said as Partial<NonNullable<At>> | null | undefined) };
  if (typeof row !== "string" || typeof column !== "string") return null;
  return {
    row,
    column,
    editing: editing === true,
    ...(typeof anchor === "number" ? { anchor } : {}),
    ...(typeof head === "number" ? { head } : {}),
  };
}
