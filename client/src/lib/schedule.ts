import type { Dispose } from "./owner";

/** Runs `work` at most once per frame, however often it is asked for. */
export interface Frame {
  ask(): void;
  /** Runs now what was asked for, if anything was. */
  flush(): void;
  cancel: Dispose;
}

export function oncePerFrame(work: () => void): Frame {
  let asked = 0;
  return {
    ask() {
      if (asked !== 0) return;
      asked = requestAnimationFrame(() => {
        asked = 0;
        work();
      });
    },
    flush() {
      if (asked === 0) return;
      cancelAnimationFrame(asked);
      asked = 0;
      work();
    },
    cancel() {
      cancelAnimationFrame(asked);
      asked = 0;
    },
  };
}

/** Runs `work` once the asking has stopped for `milliseconds`. */
export function whenQuiet(milliseconds: number, work: () => void): Frame {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    ask() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        work();
      }, milliseconds);
    },
    flush() {
      if (timer === undefined) return;
      stop();
      work();
    },
    cancel: stop,
  };
}
