/** Tabs of ours without a browser: the client's own live table, a storage that outlives the page, a real socket. */

import { IDBFactory } from "fake-indexeddb";
import WebSocket from "ws";
import type { Net } from "../../client/src/sync/connection";
import { Device } from "../../client/src/sync/device";
import { LiveTable } from "../../client/src/sync/liveTable";
import type { World } from "../../client/src/sync/world";

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly role: "member" | "pilot";
  readonly cookie: string;
}

/** One browser of one person: its storage, its tabs, and whether it has a network. */
export class Browser {
  readonly #storage = new IDBFactory();
  readonly #living = new Set<string>();
  readonly #person: Person;
  readonly #url: string;
  /** Names are counted, not drawn: a plan that is lived again makes the same rows. */
  #tabs = 0;
  #rows = 0;

  constructor(url: string, person: Person) {
    this.#url = url;
    this.#person = person;
  }

  async open(online = true): Promise<Page> {
    this.#tabs += 1;
    const tab = `p${this.#person.id}t${this.#tabs}`;
    this.#living.add(tab);
    const network = new Network(this.#url, this.#person.cookie, online);
    const device = await Device.open(this.#storage as unknown as IDBFactory, this.#person.id, "formations");
    const address = {
      url: `${this.#url.replace(/^http/, "ws")}/live/formations`,
      person: this.#person.id,
      role: this.#person.role,
    };
    const world: World = {
      now: () => Date.now(),
      newRowId: () => {
        this.#rows += 1;
        return `p${this.#person.id}r${String(this.#rows).padStart(10, "0")}`;
      },
      tab,
      livingTabs: async () => new Set([...this.#living].filter((name) => name !== tab)),
      // Nobody here presses the button that proposes: what is refused stays aside.
      propose: async () => "offline",
      net: network.net,
    };
    const live = await LiveTable.open(address, world, device);
    live.start();
    return new Page(live, network, () => this.#living.delete(tab));
  }
}

/** One tab that is open. */
export class Page {
  readonly live: LiveTable;
  readonly #network: Network;
  readonly #gone: () => void;
  readonly #opening = new Set<Promise<void>>();

  constructor(live: LiveTable, network: Network, gone: () => void) {
    this.live = live;
    this.#network = network;
    this.#gone = gone;
  }

  get isOnline(): boolean {
    return this.#network.online;
  }

  /** It will never be live again by itself: somebody has to load the page. */
  get isOver(): boolean {
    return this.live.line.state.state === "ended";
  }

  /** Everything done here is on the server's disk, or stands aside. */
  get isAtRest(): boolean {
    return this.live.line.state.state === "live" && this.live.isSaved && this.#opening.size === 0;
  }

  /** Remembers a text that was asked for until it is there. */
  opens(opening: Promise<void>): void {
    const kept = opening.finally(() => this.#opening.delete(kept));
    this.#opening.add(kept);
  }

  /** For people who look into a plan that failed. */
  get state(): string {
    const { line, outbox, table } = this.live;
    const waiting = `${this.#opening.size} texts opening${table.isWaiting ? ", words waiting" : ""}`;
    const asks = this.live.wentBack === null ? "" : ", asks about a server that went back";
    return `${line.state.state}, ${outbox.unsaved} unsaved, ${waiting}${asks}`;
  }

  goOffline(): void {
    this.#network.cut();
  }

  comeBack(): void {
    this.#network.restore();
  }

  /** The page goes, as a browser lets it: what was typed is on the device first. */
  async leave(): Promise<void> {
    this.live.table.flush();
    await this.live.device.settled();
    this.live.stop();
    this.#network.end();
    this.#gone();
  }
}

/** The network of one tab. When it is cut, what is under way is lost without a word. */
class Network {
  online: boolean;
  readonly #url: string;
  readonly #cookie: string;
  readonly #listeners = new Set<(online: boolean) => void>();
  readonly #sockets = new Set<WebSocket>();

  constructor(url: string, cookie: string, online: boolean) {
    this.#url = url;
    this.#cookie = cookie;
    this.online = online;
  }

  readonly net: Net = {
    open: (url: string, subprotocol: string) => {
      const socket = new WebSocket(url, [subprotocol], { headers: { cookie: this.#cookie } });
      this.#sockets.add(socket);
      // Why a socket failed is said by its closing.
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      return socket as unknown as ReturnType<Net["open"]>;
    },
    online: () => this.online,
    onNetwork: (listener: (online: boolean) => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
    door: async () => {
      try {
        const { status } = await fetch(`${this.#url}/live/formations`, { headers: { cookie: this.#cookie } });
        return status === 401 ? "no-login" : status === 403 ? "no-role" : "open";
      } catch {
        return null;
      }
    },
    now: () => Date.now(),
    chance: () => 0,
  };

  cut(): void {
    this.online = false;
    for (const socket of this.#sockets) socket.terminate();
    for (const listener of [...this.#listeners]) listener(false);
  }

  restore(): void {
    this.online = true;
    for (const listener of [...this.#listeners]) listener(true);
  }

  end(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}
