import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Door, Line, type Net, type Parting, type Socket } from "../../src/sync/connection";
import { encode } from "../../src/sync/protocol";

class Wire implements Socket {
  binaryType: BinaryType = "blob";
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  closed = false;
  send(): void {}
  close(): void {
    this.closed = true;
  }
  open(): void {
    this.onopen?.({} as Event);
  }
  end(code: number): void {
    this.onclose?.({ code } as CloseEvent);
  }
  speak(): void {
    const data = encode({ frame: "query-awareness" }).buffer;
    this.onmessage?.({ data } as MessageEvent);
  }
}

let wires: Wire[];
let online: boolean;
let chance: number;
let door: Door | null;
let partings: (Parting | null)[];
let prods: number;
let line: Line;
let tellNetwork: (online: boolean) => void;

beforeEach(() => {
  vi.useFakeTimers();
  [wires, online, door, partings, prods] = [[], true, null, [], 0];
  tellNetwork = () => {};
  chance = 1;
  const net: Net = {
    open: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
    online: () => online,
    onNetwork: (listener) => {
      tellNetwork = listener;
      return () => {};
    },
    door: async () => door,
    now: () => Date.now(),
    chance: () => chance,
  };
  line = new Line(net, {
    url: () => "ws://table.test/live/formations",
    opened: () => {},
    heard: () => {},
    lost: (why) => partings.push(why),
    prod: () => {
      prods += 1;
    },
  });
  line.start();
});

afterEach(() => {
  line.stop();
  vi.useRealTimers();
});

const last = (): Wire => wires.at(-1) as Wire;

async function fails(code = 1006): Promise<void> {
  last().end(code);
  await vi.advanceTimersByTimeAsync(0);
}

describe("a line to the server", () => {
  it("is tried again after longer and longer waits, half a minute at most", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const [count, from] = [wires.length, Date.now()];
      await fails();
      while (wires.length === count) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - from);
    }

    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("is tried at once when the network comes back", async () => {
    online = false;
    await fails();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wires.length).toBe(1);
    expect(line.state.state).toBe("offline");

    online = true;
    tellNetwork(true);

    expect(wires.length).toBe(2);
  });

  it("says offline at once when the browser loses the network, though the socket still seems good", () => {
    last().open();
    line.synced();

    online = false;
    tellNetwork(false);

    expect(line.state.state).toBe("offline");
    expect(wires[0]?.closed).toBe(true);
  });

  it.each([1006, 1001, 1012, 1013, 4500])("comes back after it was closed with %i", async (code) => {
    last().open();
    last().end(code);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(wires.length).toBe(2);
    expect(partings).toEqual([null]);
  });

  it.each([
    [4403, "refused"],
    [4409, "other-epoch"],
    [4413, "too-large"],
    [1009, "too-large"],
  ] as const)("says why when it was closed with %i, and comes back", async (code, why) => {
    last().open();
    last().end(code);
    await vi.advanceTimersByTimeAsync(0);

    expect(partings).toEqual([why]);
    expect(wires.length).toBe(2);
  });

  it("waits longer and longer when it is refused again and again", async () => {
    let opened = 0;
    for (let seconds = 0; seconds < 60; seconds += 1) {
      if (wires.length > opened) {
        opened = wires.length;
        last().open();
        last().end(4403);
      }
      await vi.advanceTimersByTimeAsync(1_000);
    }

    expect(opened).toBeLessThan(12);
  });

  it("ends for good with the login, said by the server or found out by asking", async () => {
    last().open();
    last().end(4401);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(line.state).toEqual({ state: "ended", why: "login" });
    expect(wires.length).toBe(1);
  });

  it("asks whether the login still stands when the upgrade is refused", async () => {
    door = "no-login";
    await fails();

    expect(line.state).toEqual({ state: "ended", why: "login" });
  });

  it("is over where the person has no role any more, and says so", async () => {
    door = "no-role";
    await fails();

    expect(line.state).toEqual({ state: "ended", why: "role" });
  });

  it.each([null, "open"] as const)("is tried again where the door says %s", async (says) => {
    door = says;
    await fails();
    await vi.advanceTimersByTimeAsync(5_000);

    expect(wires.length).toBeGreaterThan(1);
  });

  it("that never opens is given up", async () => {
    await vi.advanceTimersByTimeAsync(40_000);

    expect(wires[0]?.closed).toBe(true);
    expect(wires.length).toBeGreaterThan(1);
  });

  it("is asked whether it is still good when another network comes, and given up without an answer", async () => {
    last().open();
    line.synced();
    await vi.advanceTimersByTimeAsync(100);

    tellNetwork(true);
    expect(prods).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    last().speak();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(wires.length).toBe(1);

    tellNetwork(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(wires[0]?.closed).toBe(true);
    expect(wires.length).toBe(2);
  });

  it("waits by chance within bounds, so that not everybody comes back in one moment", async () => {
    const waits: number[] = [];
    for (const drawn of [0, 1]) {
      chance = drawn;
      const [count, from] = [wires.length, Date.now()];
      await fails();
      while (wires.length === count) await vi.advanceTimersByTimeAsync(50);
      waits.push(Date.now() - from);
    }

    expect(waits).toEqual([500, 2_000]);
  });

  it("is given up after a long silence, though it asked", async () => {
    last().open();
    line.synced();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(prods).toBe(1);
    expect(line.state.state).toBe("live");

    await vi.advanceTimersByTimeAsync(30_000);

    expect(wires[0]?.closed).toBe(true);
    expect(wires.length).toBe(2);
  });

  it("stays while somebody answers", async () => {
    last().open();
    line.synced();
    for (let minutes = 0; minutes < 20; minutes += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      last().speak();
    }

    expect(wires.length).toBe(1);
    expect(line.state.state).toBe("live");
  });
});
