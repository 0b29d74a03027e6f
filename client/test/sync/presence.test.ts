import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Owner } from "../../src/lib/owner";
import { PresenceRoom } from "../../src/sync/presence";
import type { AwarenessEntry } from "../../src/sync/protocol";

const at = (head: number) => ({ row: "a", column: "intitule", editing: true, anchor: 0, head });

let room: PresenceRoom;
let sent: AwarenessEntry[];

beforeEach(() => {
  vi.useFakeTimers();
  room = new PresenceRoom(new Owner());
  sent = [];
  room.join(7, (entries) => sent.push(...entries));
});

afterEach(() => {
  vi.useRealTimers();
});

describe("where we are", () => {
  it("is said ten times a second at most, and the last word is always said", () => {
    for (let head = 1; head <= 50; head += 1) {
      room.moveTo(at(head));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(200);

    expect(sent.length).toBeLessThanOrEqual(8);
    expect(sent.at(-1)?.state).toEqual({ at: at(50) });
  });

  it("is said again every 15 seconds, with a growing clock, also under the same writer later", () => {
    vi.advanceTimersByTime(46_000);
    room.leave();
    room.join(7, (entries) => sent.push(...entries));

    expect(sent.map(({ clock }) => clock)).toEqual([1, 2, 3, 4, 5]);
  });

  it("is nowhere while nobody looks, and comes back", () => {
    room.moveTo(at(1));
    vi.advanceTimersByTime(200);
    room.setAway(true);
    vi.advanceTimersByTime(200);
    expect(sent.at(-1)?.state).toEqual({});

    room.setAway(false);
    expect(sent.at(-1)?.state).toEqual({ at: at(1) });
  });
});

describe("where the others are", () => {
  it("is what the server says, and nothing without a line", () => {
    const user = { name: "Nour", colour: 14, person: 2 };
    room.receive([
      { writer: 9, clock: 1, state: { user, at: { ...at(3), secret: 1 } } },
      { writer: 10, clock: 1, state: { user: { name: 7 } } },
      { writer: 7, clock: 1, state: { user, at: null } },
    ]);

    expect(room.peers()).toEqual([
      { id: 9, name: "Nour", colour: 2, person: 2, self: false, at: at(3) },
      { id: 7, name: "Nour", colour: 2, person: 2, self: true, at: null },
    ]);
    room.receive([{ writer: 9, clock: 2, state: null }]);
    expect(room.peers().length).toBe(1);
    room.leave();
    expect(room.peers()).toEqual([]);
  });
});
