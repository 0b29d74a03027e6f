/** What can be ended: the only shape in which a listener, a timer or an observer is held. */
export type Dispose = () => void;

/**
 * Holds what a part of the page has started, and ends it all at once, last started first.
 *
 * Every listener and timer of the client belongs to one: a part that is taken down leaves nothing behind.
 */
export class Owner {
  #held: Dispose[] = [];
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  add(dispose: Dispose): Dispose {
    if (this.#ended) {
      dispose();
      return () => {};
    }
    this.#held.push(dispose);
    return () => this.#release(dispose);
  }

  /** Listens to an event of the page for as long as the owner lives. */
  listen<K extends keyof DocumentEventMap>(
    target: Document,
    type: K,
    listener: (event: DocumentEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): Dispose;
  listen<K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): Dispose;
  listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): Dispose;
  listen(
    target: EventTarget,
    type: string,
    listener: (event: never) => void,
    options?: AddEventListenerOptions,
  ): Dispose {
    const heard = listener as EventListener;
    target.addEventListener(type, heard, options);
    return this.add(() => target.removeEventListener(type, heard, options));
  }

  /** Runs `work` once after `milliseconds`, unless the owner ends first. */
  after(milliseconds: number, work: () => void): Dispose {
    const timer = setTimeout(() => {
      forget();
      work();
    }, milliseconds);
    const forget = this.add(() => clearTimeout(timer));
    return forget;
  }

  end(): void {
    this.#ended = true;
    for (const dispose of this.#held.splice(0).reverse()) dispose();
  }

  #release(dispose: Dispose): void {
    const at = this.#held.indexOf(dispose);
    if (at < 0) return;
    this.#held.splice(at, 1);
    dispose();
  }
}
