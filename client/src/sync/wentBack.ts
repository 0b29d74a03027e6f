import type { Plain } from "../model/types";

/** A cell, or a row as such, that this device knew otherwise than the server that went back has it now. */
export interface Difference {
  readonly row: string;
  /** Empty for the row itself. */
  readonly column: string;
  /** The key in the row, as `model/layout.ts` names it; `~order` for a row that the server does not have. */
  readonly key: string;
  /** What this device has. */
  readonly mine: Plain;
  /** What the server has. */
  readonly theirs: Plain;
}

/** The server was put back to something older than what it had told this device. Nothing is sent until somebody chooses. */
export interface WentBack {
  readonly cells: readonly Difference[];
}

/** `keep-mine` writes the cells again, in my name; `keep-server` puts them aside. Unsaved edits are brought either way. */
export type WentBackChoice = "keep-mine" | "keep-server";
