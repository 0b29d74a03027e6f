/** The wire between one person's browser and the program: unplugged and plugged in again at will. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What passes: everything, pages but no live table, or nothing. */
export type Passing = "all" | "pages" | "nothing";

/**
 * Passes bytes to the program, and changes none. A browser that goes through it has an address of its own,
 * so others who go to the program itself stay connected while this one is unplugged.
 */
export class Wire {
  readonly #server: Server;
  readonly #to: URL;
  readonly #open = new Set<Socket>();
  #passing: Passing = "all";

  private constructor(to: string) {
    this.#to = new URL(to);
    this.#server = createServer((socket) => this.#take(socket));
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(url);
    wire.#server.listen(0, "127.0.0.1");
    await once(wire.#server, "listening");
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An address of the program, through this wire. */
  through(address: string): string {
    const { pathname, search } = new URL(address);
    return this.url + pathname + search;
  }

  /** Cuts what is open, and lets pass what is asked from now on. */
  lets(passing: Passing): void {
    this.#passing = passing;
    if (passing === "all") return;
    for (const socket of this.#open) socket.destroy();
  }

  async end(): Promise<void> {
    this.lets("nothing");
    this.#server.close();
    await once(this.#server, "close");
  }

  #take(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    // A browser that closes its tab resets what it had open: no fault of anybody.
    socket.on("error", () => socket.destroy());
    if (this.#passing === "nothing") {
      socket.destroy();
      return;
    }
    socket.once("data", (first) => {
      if (this.#passing === "pages" && first.toString("latin1").startsWith("GET /live/")) {
        socket.destroy();
        return;
      }
      const far = connect(Number(this.#to.port), this.#to.hostname);
      this.#open.add(far);
      far.once("close", () => {
        this.#open.delete(far);
        socket.destroy();
      });
      far.on("error", () => socket.destroy());
      socket.once("close", () => far.destroy());
      far.write(first);
      socket.pipe(far);
      far.pipe(socket);
    });
  }
}
