import type { Plain } from "../model/types";

/** A place that I changed while away, and that others changed too. Kept on the device until it is dismissed. */
export interface Absence {
  readonly row: string;
  /** Empty for the row itself. */
  readonly column: string;
  /** The key in the row, as `model/layout.ts` names it; `~deleted` where the row went to the bin meanwhile. */
  readonly key: string;
  /** What I had made of it. */
  readonly mine: Plain;
  /** What the others had made of it, without me. */
  readonly theirs: Plain;
  /** What stands there since: one of the two, or a text in which both are merged. */
  readonly now: Plain;
}
