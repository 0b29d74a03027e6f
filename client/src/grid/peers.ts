import type { Spot } from "../commands/command";
import type { PeerPresence, Presence } from "../model/types";

/** Somebody's place in a cell, as the grid shows it. */
export interface PeerMark {
  readonly names: string;
  readonly colour: number;
  readonly editing: boolean;
}

/** Who else is in which cell. */
export class Peers {
  readonly #presence: Presence;
  #byCell = new Map<string, readonly PeerPresence[]>();
  #rows = new Map<string, readonly string[]>();
  #told = "";

  constructor(presence: Presence) {
    this.#presence = presence;
  }

  /** Tells the others where we are, once for each place; headers and elsewhere are nowhere. */
  tell(spot: Spot | null, editing: boolean): void {
    const told = spot === null || spot.row === null ? "" : `${key(spot.row, spot.column)} ${editing}`;
    if (told === this.#told) return;
    this.#told = told;
    if (spot === null || spot.row === null) this.#presence.moveTo(null);
    else this.#presence.moveTo({ row: spot.row, column: spot.column, editing });
  }

  /** Reads anew who is where; answers the rows in which something changed. */
  refresh(): ReadonlySet<string> {
    const byCell = new Map<string, PeerPresence[]>();
    const rows = new Map<string, string[]>();
    for (const peer of this.#presence.peers()) {
      if (peer.self || peer.at === null) continue;
      const { row, column, editing } = peer.at;
      const there = byCell.get(key(row, column));
      if (there === undefined) byCell.set(key(row, column), [peer]);
      else there.push(peer);
      // Carets inside a text move without changing what the cells show.
      rows.set(row, [
        ...(rows.get(row) ?? []),
        `${peer.id} ${column} ${editing} ${peer.colour} ${peer.name}`,
      ]);
    }
    const touched = new Set([...rows.keys(), ...this.#rows.keys()]);
    for (const row of touched) {
      if (rows.get(row)?.join("\n") === this.#rows.get(row)?.join("\n")) touched.delete(row);
    }
    this.#byCell = byCell;
    this.#rows = rows;
    return touched;
  }

  in(row: string, column: string): readonly PeerPresence[] {
    return this.#byCell.get(key(row, column)) ?? [];
  }

  /** What to show on a cell; whoever is writing there comes first. */
  mark(row: string, column: string): PeerMark | null {
    const here = this.in(row, column);
    const writing = here.filter((peer) => peer.at?.editing);
    const [first] = [...writing, ...here];
    if (first === undefined) return null;
    const named = writing.length > 0 ? writing : here;
    return {
      names: [...new Set(named.map((peer) => peer.name))].join(", "),
      colour: first.colour,
      editing: writing.length > 0,
    };
  }
}

const key = (row: string, column: string) => `${row}/${column}`;
