import type { Plain } from "./types";

/**
 * What somebody meant to do at one place, in words that do not depend on the document it was done in:
 * what a device keeps until the server says "saved", and what is done again in another document when the
 * first one had to be dropped.
 */
export type Intent =
  | { readonly what: "add-row"; readonly row: string; readonly order: string }
  | { readonly what: "bin"; readonly row: string; readonly binned: boolean }
  | { readonly what: "move"; readonly row: string; readonly order: string }
  /** A value, an item of a list or the contributor's own words, under a key of `layout.ts`. */
  | {
      readonly what: "set";
      readonly row: string;
      readonly key: string;
      readonly value: Plain;
      readonly before: Plain;
    }
  /** An undo that lets the imported value show again. */
  | { readonly what: "unset"; readonly row: string; readonly key: string; readonly before: Plain }
  /** Letters, and the text they were written into. */
  | {
      readonly what: "text";
      readonly row: string;
      readonly column: string;
      readonly from: string;
      readonly to: string;
    };

/** One transaction of this tab: what was meant, and the bytes that say it to the server. */
export interface LocalEdit {
  readonly intents: readonly Intent[];
  readonly update: Uint8Array;
}

/** The place an intent is about, so that several edits of one cell count as one. */
export function placeOf(intent: Intent): string {
  switch (intent.what) {
    case "add-row":
      return `${intent.row} `;
    case "bin":
      return `${intent.row} ~deleted`;
    case "move":
      return `${intent.row} ~order`;
    case "set":
    case "unset":
      return `${intent.row} ${intent.key}`;
    case "text":
      return `${intent.row} ${intent.column}`;
  }
}

/** Whether it changes what people see. Making a text out of the same words does not. */
export function hasEffect(intent: Intent): boolean {
  return intent.what !== "text" || intent.from !== intent.to;
}
