import type { Dispose } from "./owner";

/** Tells one kind of news to whoever listens. */
export class Emitter<News> {
  #listeners = new Set<(news: News) => void>();

  on(listener: (news: News) => void): Dispose {
    // A wrapper of its own, so that one function given twice is heard twice and let go twice.
    const entry = (news: News) => listener(news);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  emit(news: News): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
