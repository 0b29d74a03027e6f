import { Emitter } from "../lib/emitter";
import { mergeTexts } from "../model/diff";
import type { Intent } from "../model/intent";
import { columnOf, DELETED } from "../model/layout";
import { isEmpty, samePlain } from "../model/plain";
import type { TableModel } from "../model/table";
import type { Plain } from "../model/types";
import type { Device } from "./device";
import type { Brought } from "./winner";

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

/** A place that I changed, as it was before the others were heard. */
interface Left {
  readonly row: string;
  readonly key: string;
  readonly isText: boolean;
  /** What I had started from. */
  readonly from: Plain;
  readonly mine: Plain;
}

/** What was left behind when others were not heard for a while: read before they are. */
export function leftBehind(intents: readonly Intent[], table: TableModel): Left[] {
  const found = new Map<string, Left>();
  const add = (row: string, key: string, from: Plain, isText: boolean) => {
    const name = `${row} ${key}`;
    if (!found.has(name)) found.set(name, { row, key, isText, from, mine: table.stored(row, key) });
  };
  const made = new Set<string>();
  for (const intent of intents) {
    if (intent.what === "add-row") made.add(intent.row);
    else if (intent.what === "text") add(intent.row, intent.column, intent.from, true);
    else if (intent.what === "set" || intent.what === "unset") {
      add(intent.row, intent.key, intent.before, false);
    } else if (intent.what === "bin") add(intent.row, DELETED, !intent.binned, false);
  }
  // Whoever edits a row is told when it went to the bin.
  for (const { row } of [...found.values()]) add(row, DELETED, table.stored(row, DELETED), false);
  return [...found.values()].filter(({ row }) => !made.has(row));
}

/** After a fresh document: what it said before my edits were done again in it is what the others had made. */
export function othersMade(left: readonly Left[], table: TableModel): Absence[] {
  return left.flatMap((place) => line(place, table.stored(place.row, place.key)));
}

/** After the others' updates came into the same document. */
export function othersBrought(
  left: readonly Left[],
  table: TableModel,
  { values, writers }: Brought,
  isOwn: (writer: number) => boolean,
): Absence[] {
  return left.flatMap((place) => {
    const name = `${place.row} ${place.key}`;
    const wrote = [...(writers.get(name) ?? [])];
    if (wrote.length > 0 && wrote.every(isOwn)) return [];
    const now = table.stored(place.row, place.key);
    if (place.isText) {
      const [from, mine, merged] = [place.from, place.mine, now].map((words) => String(words ?? ""));
      if (merged === mine) return [];
      return line(place, mergeTexts(mine ?? "", from ?? "", merged ?? ""));
    }
    if (place.key === DELETED) return line(place, now);
    return line(
      place,
      values.has(name) ? (values.get(name) ?? null) : samePlain(now, place.mine) ? place.from : now,
    );
  });
}

function line({ row, key, from, mine }: Left, theirs: Plain): Absence[] {
  if (saysTheSame(theirs, from) || saysTheSame(theirs, mine)) return [];
  return [{ row, column: columnOf(key) ?? "", key, mine, theirs, now: theirs }];
}

/** A cell that nobody wrote in is as empty as one whose letters were taken away. */
const saysTheSame = (a: Plain, b: Plain): boolean => samePlain(a, b) || (isEmpty(a) && isEmpty(b));

/** The lines that a person has not dismissed. */
export class AbsenceList {
  readonly changes = new Emitter<void>();
  readonly #device: Device;
  #lines: readonly Absence[];

  constructor(device: Device, kept: readonly Absence[]) {
    this.#device = device;
    this.#lines = kept;
  }

  get lines(): readonly Absence[] {
    return this.#lines;
  }

  /** Adds lines, with what stands there by now; a newer line about a place replaces the older. */
  add(lines: readonly Absence[], table: TableModel): void {
    if (lines.length === 0) return;
    const added = lines.map((one) => ({ ...one, now: table.stored(one.row, one.key) }));
    const places = new Set(added.map(({ row, key }) => `${row} ${key}`));
    const others = this.#lines.filter(({ row, key }) => !places.has(`${row} ${key}`));
    this.#lines = [...others, ...added];
    void this.#device.keepAbsence(added);
    this.changes.emit();
  }

  dismiss(seen: readonly Absence[]): void {
    const places = new Set(seen.map(({ row, key }) => `${row} ${key}`));
    this.#lines = this.#lines.filter(({ row, key }) => !places.has(`${row} ${key}`));
    void this.#device.forgetAbsence(seen);
    this.changes.emit();
  }
}
