import { Emitter } from "../lib/emitter";
import { type Dispose, Owner } from "../lib/owner";
import { CLOSED, encode, type Frame, parse, SUBPROTOCOL } from "./protocol";

/** Where the tab stands with the server. Each state carries only what makes sense in it. */
export type Connection =
  /** Waiting to try again, or for the network to come back. */
  | { readonly state: "offline"; readonly since: number }
  /** `attempt` 1 is the first since the line was last good. */
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "syncing"; readonly socket: Socket }
  | { readonly state: "live"; readonly socket: Socket; readonly savedUpTo: number }
  /** Trying again cannot help: somebody has to sign in, or has no place in the live table any more. */
  | { readonly state: "ended"; readonly why: "login" | "role" };

/** What a WebSocket is to us. */
export interface Socket {
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** What the connection takes from the world. */
export interface Net {
  open(url: string, subprotocol: string): Socket;
  /** Whether the browser believes that there is a network. */
  online(): boolean;
  /** Tells when the browser finds or loses the network. */
  onNetwork(listener: (online: boolean) => void): Dispose;
  /** What the table's door says; null where it cannot be asked. A refused upgrade does not say why. */
  door(): Promise<Door | null>;
  now(): number;
  /** A number from 0 to 1. */
  chance(): number;
}

/** Whether this browser may come in: without a login nobody, and with one whoever has a role. */
export type Door = "open" | "no-login" | "no-role";

/**
 * Why a document is left for a fresh one: the server closed the line over it, or (`went-back`) the server itself
 * was put back to something older.
 */
export type Parting = "refused" | "other-epoch" | "too-large" | "went-back";

/** Who speaks on the line. */
export interface Speaker {
  url(): string;
  opened(): void;
  heard(frame: Frame): void;
  /** The line is gone; `why` when the server ended it for a reason that needs more than trying again. */
  lost(why: Parting | null): void;
  /** Sends anything that the server answers. */
  prod(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** No message for this long, though we asked: the line is dead. */
const SILENCE_MS = 45_000;
const LOOK_MS = 15_000;
/** A socket that does not open in this time never will. */
const OPENING_MS = 20_000;
/** A line that is asked whether it is still good answers within this time. */
const ANSWER_MS = 8_000;

/** Keeps a line to the server: opens it, watches it, opens it again. Knows nothing of documents. */
export class Line {
  readonly changes = new Emitter<Connection>();
  readonly #net: Net;
  readonly #speaker: Speaker;
  readonly #owner = new Owner();
  #state: Connection;
  #socket: Socket | null = null;
  #attempt = 0;
  /** Partings in a row: each costs a longer wait, so that nothing is ever repeated without delay. */
  #partings = 0;
  #offlineSince: number | null = null;
  /** When the socket was asked for, and last heard. */
  #askedAt = 0;
  #heardAt = 0;
  #proddedAt = 0;
  #stopWaiting: Dispose | null = null;

  constructor(net: Net, speaker: Speaker) {
    this.#net = net;
    this.#speaker = speaker;
    // Nothing has been tried yet: to call it offline would only frighten.
    this.#state = net.online() ? { state: "connecting", attempt: 0 } : { state: "offline", since: net.now() };
  }

  get state(): Connection {
    return this.#state;
  }

  start(): void {
    this.#owner.add(this.#net.onNetwork((online) => (online ? this.#tryNow() : this.#cutOff())));
    this.#watch();
    this.#connect();
  }

  stop(): void {
    this.#owner.end();
    this.#drop();
  }

  /** Sends a frame; false when there is no line. */
  send(frame: Frame): boolean {
    if (this.#socket === null) return false;
    this.#socket.send(encode(frame));
    return true;
  }

  /** Both sides have what the other had. */
  synced(): void {
    if (this.#socket === null) return;
    this.#attempt = 0;
    this.#offlineSince = null;
    this.#become({ state: "live", socket: this.#socket, savedUpTo: 0 });
  }

  saved(upTo: number): void {
    if (upTo > 0) this.#partings = 0;
    if (this.#state.state === "live") this.#become({ ...this.#state, savedUpTo: upTo });
  }

  /** Ends the line for good: somebody has to sign in. */
  end(): void {
    this.#over("login");
  }

  /** Closes the line for a reason of ours, and comes back. */
  restart(why: Parting): void {
    this.#comeBack(why);
  }

  #become(state: Connection): void {
    this.#state = state;
    this.changes.emit(state);
  }

  #connect(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    if (this.#owner.ended || this.#socket !== null) return;
    if (!this.#net.online()) {
      this.#become({ state: "offline", since: this.#since() });
      return;
    }
    this.#attempt += 1;
    this.#become({ state: "connecting", attempt: this.#attempt });
    const socket = this.#net.open(this.#speaker.url(), SUBPROTOCOL);
    this.#socket = socket;
    this.#askedAt = this.#net.now();
    let opened = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      opened = true;
      this.#opened(socket);
    };
    socket.onmessage = (event) => this.#heard(socket, event.data);
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      if (opened) this.#closed(event.code);
      else void this.#unopened(socket);
    };
  }

  #opened(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#heardAt = this.#net.now();
    this.#proddedAt = 0;
    this.#become({ state: "syncing", socket });
    this.#speaker.opened();
  }

  #heard(socket: Socket, data: unknown): void {
    if (socket !== this.#socket || !(data instanceof ArrayBuffer)) return;
    this.#heardAt = this.#net.now();
    const frame = parse(new Uint8Array(data));
    if (frame !== undefined) this.#speaker.heard(frame);
  }

  /** The upgrade failed: no network, no server, no login, or no role. */
  async #unopened(socket: Socket): Promise<void> {
    const door = this.#net.online() ? await this.#net.door() : null;
    if (socket !== this.#socket) return;
    if (door === "no-login" || door === "no-role") this.#over(door === "no-role" ? "role" : "login");
    else this.#comeBack(null);
  }

  #closed(code: number): void {
    if (code === CLOSED.loginEnded) this.#over("login");
    else this.#comeBack(partingOf(code));
  }

  #over(why: "login" | "role"): void {
    this.#drop();
    this.#stopWaiting?.();
    this.#speaker.lost(null);
    this.#become({ state: "ended", why });
  }

  #comeBack(why: Parting | null): void {
    this.#drop();
    this.#speaker.lost(why);
    if (why !== null) this.#partings += 1;
    this.#become({ state: "offline", since: this.#since() });
    this.#stopWaiting = this.#owner.after(this.#wait(why), () => this.#connect());
  }

  #wait(why: Parting | null): number {
    const tries = why === null ? this.#attempt : this.#partings - 2;
    if (tries < 0) return 0;
    const longest = Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 10), LONGEST_WAIT_MS);
    return longest * (0.5 + this.#net.chance() / 2);
  }

  #tryNow(): void {
    if (this.#state.state === "ended") return;
    if (this.#socket !== null) {
      this.#probe(this.#socket);
      return;
    }
    this.#attempt = 0;
    this.#connect();
  }

  /** Another network: the socket may be of the one before, and would only find out by silence. */
  #probe(socket: Socket): void {
    const asked = this.#net.now();
    this.#proddedAt = asked;
    if (this.#heardAt > 0) this.#speaker.prod();
    this.#owner.after(ANSWER_MS, () => {
      if (socket === this.#socket && this.#heardAt <= asked) this.#comeBack(null);
    });
  }

  /** The browser lost the network: a socket would only find out by silence, and "saved" would stay on screen. */
  #cutOff(): void {
    if (this.#socket !== null) this.#comeBack(null);
  }

  /** Timers of hidden pages are slowed down: silence counts only after we asked and waited for an answer. */
  #watch(): void {
    this.#owner.after(LOOK_MS, () => {
      this.#watch();
      if (this.#socket === null) return;
      const now = this.#net.now();
      if (this.#heardAt === 0) {
        if (now - this.#askedAt >= OPENING_MS) this.#comeBack(null);
        return;
      }
      if (now - this.#heardAt < LOOK_MS) return;
      const answered = this.#proddedAt <= this.#heardAt;
      if (!answered && now - this.#heardAt >= SILENCE_MS) this.#comeBack(null);
      else if (answered) {
        this.#proddedAt = now;
        this.#speaker.prod();
      }
    });
  }

  #since(): number {
    this.#offlineSince ??= this.#net.now();
    return this.#offlineSince;
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#heardAt = 0;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}

function partingOf(code: number): Parting | null {
  switch (code) {
    case CLOSED.refused:
      return "refused";
    case CLOSED.otherEpoch:
      return "other-epoch";
    // 1009 is what a WebSocket library says of a message beyond its own bound.
    case CLOSED.tooLarge:
    case 1009:
      return "too-large";
    default:
      return null;
  }
}
