import { useEffect, useReducer, useState } from "preact/hooks";
import type { Emitter } from "../lib/emitter";

/** What tells of its changes until it is ended. */
interface Telling {
  readonly changes: Emitter<void>;
  end(): void;
}

/**
 * What `open` opens, drawn anew whenever it changes and ended with the part that shows it; null until it is open.
 * `open` is to be the same function for as long as it would open the same.
 */
export function useOpened<Opened extends Telling>(open: () => Opened): Opened | null {
  const [held, hold] = useState<{ readonly by: () => Opened; readonly opened: Opened } | null>(null);
  const [, draw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    const opened = open();
    const stop = opened.changes.on(() => draw(undefined));
    hold({ by: open, opened });
    return () => {
      stop();
      opened.end();
    };
  }, [open]);
  // Of something else until the effect has run.
  return held?.by === open ? held.opened : null;
}
