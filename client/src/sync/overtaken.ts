import type { Plain } from "../model/types";

/**
 * A value of mine that nobody had called "saved" yet, and that somebody else's stands in the place of: both were
 * written at the same moment, and a cell holds one. Told once, and never for texts, which merge letter by letter.
 */
export interface Overtaken {
  readonly row: string;
  readonly column: string;
  /** The key in the row, as `model/layout.ts` names it: `duree_jours`, `themes/eau`, `duree_jours~said`. */
  readonly key: string;
  readonly mine: Plain;
  /** What stands there now; null where it was cleared. */
  readonly theirs: Plain;
  /** Who wrote it, where this tab knows. */
  readonly by: string | null;
}
