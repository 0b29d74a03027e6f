/** A tab that is none of ours: a stock `y-websocket` provider, with a login cookie and nothing else. */

import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

export class StockTab {
  readonly doc = new Y.Doc();
  readonly rows = this.doc.getMap<Y.Map<unknown>>("rows");
  /** The code with which it was sent away for good. */
  refused: number | null = null;
  readonly #provider: WebsocketProvider;
  #made = 0;

  constructor(url: string, cookie: string) {
    const withCookie = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols ?? [], { headers: { cookie } });
        this.on("error", () => {});
      }
    };
    this.#provider = new WebsocketProvider(`${url.replace(/^http/, "ws")}/live`, "formations", this.doc, {
      WebSocketPolyfill: withCookie as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      maxBackoffTime: 200,
    });
    this.#provider.on("connection-close", (event: { code: number } | null) => {
      if (event !== null && event.code >= 4400 && event.code < 4500) this.refused = event.code;
    });
  }

  get isOnline(): boolean {
    return this.#provider.shouldConnect;
  }

  get isAtRest(): boolean {
    return this.#provider.synced;
  }

  goOffline(): void {
    this.#provider.disconnect();
  }

  comeBack(): void {
    if (!this.#provider.wsconnected) {
      this.#provider.disconnect();
      this.#provider.connect();
    }
  }

  leave(): void {
    this.#provider.destroy();
    this.doc.destroy();
  }

  /** Rows as our own tabs order them, bin left out. */
  rowIds(): string[] {
    const order = (row: Y.Map<unknown>) => String(row.get("~order") ?? "");
    const shown = [...this.rows.entries()].filter(([, row]) => row.get("~deleted") == null);
    return shown
      .sort(([a, x], [b, y]) => (order(x) === order(y) ? (a < b ? -1 : 1) : order(x) < order(y) ? -1 : 1))
      .map(([id]) => id);
  }

  text(row: string, column: string): Y.Text | null {
    const text = this.rows.get(row)?.get(column);
    return text instanceof Y.Text ? text : null;
  }

  addRow(words: string): string {
    this.#made += 1;
    const id = `stock${String(this.#made).padStart(11, "0")}`;
    this.doc.transact(() => {
      const row = new Y.Map<unknown>();
      this.rows.set(id, row);
      row.set("~order", "b0");
      if (words !== "") row.set("intitule", new Y.Text(words));
    });
    return id;
  }
}
