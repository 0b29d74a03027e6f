import type { Spot } from "../commands/command";
import type { Owner } from "../lib/owner";

export interface PointerHost {
  readonly root: HTMLElement;
  spotOf(node: EventTarget | null): Spot | null;
  /** The cell nearest to a point of the window, for a hand that drags beyond the edge. */
  spotNear(x: number, y: number): Spot | null;
  holdsEditor(node: EventTarget | null): boolean;
  active(): Spot | null;
  stand(spot: Spot, extend: boolean): void;
  edit(): void;
  sort(column: string, add: boolean): void;
  openRow(row: string): void;
  menu(at: { x: number; y: number }): void;
}

// How often the selection follows a hand held still beyond the edge.
const FOLLOW_EVERY = 60;

/** What mouse, pen and finger do in the grid. */
export class Pointer {
  readonly #host: PointerHost;
  readonly #owner: Owner;

  constructor(host: PointerHost, owner: Owner) {
    this.#host = host;
    this.#owner = owner;
    const { root } = host;
    owner.listen(root, "pointerdown", (event) => this.#down(event));
    owner.listen(root, "click", (event) => this.#click(event));
    owner.listen(root, "dblclick", (event) => this.#double(event));
    owner.listen(root, "contextmenu", (event) => this.#context(event));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#host.holdsEditor(event.target) || isControl(event.target)) return;
    const spot = this.#host.spotOf(event.target);
    // A finger that goes down may be about to scroll: it chooses when it comes up, as a click.
    if (spot === null || spot.row === null || event.pointerType === "touch") return;
    event.preventDefault();
    this.#host.stand(spot, event.shiftKey);
    this.#drag(event);
  }

  #click(event: MouseEvent): void {
    const { target } = event;
    if (this.#host.holdsEditor(target)) return;
    const spot = this.#host.spotOf(target);
    if (spot === null) return;
    if (target instanceof Element && target.closest(".cell-open") !== null && spot.row !== null) {
      this.#host.openRow(spot.row);
      return;
    }
    if (spot.row === null) {
      this.#host.stand(spot, false);
      this.#host.sort(spot.column, event.shiftKey);
      return;
    }
    if (!isTouch(event) || isControl(target)) return;
    const now = this.#host.active();
    // The second tap on a cell opens it, since a finger has no double click that does not zoom.
    if (now?.row === spot.row && now.column === spot.column) this.#host.edit();
    else this.#host.stand(spot, false);
  }

  #double(event: MouseEvent): void {
    if (this.#host.holdsEditor(event.target) || isControl(event.target) || isTouch(event)) return;
    const spot = this.#host.spotOf(event.target);
    if (spot !== null && spot.row !== null) this.#host.edit();
  }

  #context(event: MouseEvent): void {
    if (this.#host.holdsEditor(event.target)) return;
    const spot = this.#host.spotOf(event.target);
    if (spot === null) return;
    event.preventDefault();
    if (this.#host.active()?.row !== spot.row || this.#host.active()?.column !== spot.column) {
      this.#host.stand(spot, false);
    }
    this.#host.menu({ x: event.clientX, y: event.clientY });
  }

  /** Extends the selection as long as the button is down, scrolling where the hand is beyond the edge. */
  #drag({ pointerId, clientX, clientY }: PointerEvent): void {
    const { root } = this.#host;
    let [x, y] = [clientX, clientY];
    let moved = false;
    const follow = () => {
      if (!moved) return;
      const near = this.#host.spotNear(x, y);
      const at = this.#host.active();
      if (near !== null && (near.row !== at?.row || near.column !== at.column)) this.#host.stand(near, true);
    };
    const stops = [
      this.#owner.listen(root, "pointermove", (event) => {
        if (event.pointerId !== pointerId) return;
        [x, y] = [event.clientX, event.clientY];
        if (!moved && Math.abs(x - clientX) + Math.abs(y - clientY) < 4) return;
        if (!moved) root.setPointerCapture(pointerId);
        moved = true;
        follow();
      }),
      this.#owner.add(stopEvery(FOLLOW_EVERY, follow)),
      this.#owner.listen(document, "pointerup", () => end()),
      this.#owner.listen(document, "pointercancel", () => end()),
    ];
    const end = () => {
      for (const stop of stops) stop();
    };
  }
}

function stopEvery(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
}

function isTouch(event: MouseEvent): boolean {
  return "pointerType" in event && event.pointerType === "touch";
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button") !== null;
}
