import type { EditMode } from "../../commands/command";
import type { Translate } from "../../i18n/t";
import type { Owner } from "../../lib/owner";
import type { CellRef, Column, PeerPresence, Presence, Table } from "../../model/types";

/** What an editor of one cell is made from. It lives as long as `owner`. */
export interface EditorParts {
  readonly table: Table;
  readonly t: Translate;
  readonly ref: CellRef;
  readonly column: Column;
  readonly mode: EditMode;
  readonly owner: Owner;
  readonly presence: Presence;
  /** The accessible name of the field. */
  readonly label: string;
  /** Asks to be left as Enter does: the person chose something with the pointer. */
  leave(): void;
  /** Says something to the eye and to the screen reader. */
  notice(words: string, kind?: "plain" | "warn"): void;
  /** The editor took another size. */
  grew(): void;
  /** The others who are in this cell. */
  peers(): readonly PeerPresence[];
}

/** One open editor. A closed one never writes again, except what its round trip still owes. */
export interface CellEditor {
  /** Put into the cell. */
  readonly element: HTMLElement;
  /** Receives the focus and the keys. */
  readonly field: HTMLElement;
  /** Whether arrow keys belong to the editor even in quick edit. */
  readonly ownsArrows?: boolean;
  /** A key that the editor wants for itself; true when it took it. */
  onKey?(event: KeyboardEvent): boolean;
  /** The cell was changed by somebody else. */
  onRemote?(): void;
  onPeers?(): void;
  /** Writes what was entered. */
  commit(): void;
  /** Leaves the cell as it is now, without what was entered here. */
  cancel(): void;
}
