/**
 * What people did, and what must be true of it in the evening.
 *
 * Every letter of an afternoon is another character, so that each can be found again: one that is missing was
 * lost, one that stands twice was said twice.
 */

/** Letters of the common plane, then such as take two units. */
const COMMON = 0x4e00;
const WIDE = 0x20000;
const WIDE_EVERY = 5;

interface Letter {
  readonly letter: string;
  readonly row: string;
  readonly column: string;
  readonly who: number;
  /** Somebody took it away, or may have. */
  excused: boolean;
}

interface Value {
  readonly value: number | string;
  readonly who: number;
}

export class Ledger {
  readonly letters = new Map<string, Letter>();
  /** What was written in each scalar cell, in the order of doing. */
  readonly values = new Map<string, Value[]>();
  /** Items that were put in lists, as `row key`. */
  readonly items = new Map<string, { who: number; excused: boolean }>();
  /** Cells in which something else may stand than what hands wrote. */
  readonly #unsure = new Set<string>();
  #made = 0;

  /** So many new letters that nobody has typed yet. */
  fresh(count: number): string {
    let word = "";
    for (let n = 0; n < count; n += 1) {
      this.#made += 1;
      word += String.fromCodePoint((this.#made % WIDE_EVERY === 0 ? WIDE : COMMON) + this.#made);
    }
    return word;
  }

  /** A value that nobody has set yet. */
  freshNumber(): number {
    this.#made += 1;
    return this.#made;
  }

  types(who: number, place: { row: string; column: string }, word: string): void {
    for (const letter of word) this.letters.set(letter, { letter, ...place, who, excused: false });
  }

  erases(letter: string): void {
    const known = this.letters.get(letter);
    if (known !== undefined) known.excused = true;
  }

  sets(who: number, place: string, value: number | string): void {
    const values = this.values.get(place) ?? [];
    values.push({ value, who });
    this.values.set(place, values);
  }

  lists(who: number, place: string): void {
    this.items.set(place, { who, excused: false });
  }

  /** Somebody took back what they did, or something earlier was written again. */
  excuse(isMeant: (one: { who: number; row: string }) => boolean): void {
    for (const letter of this.letters.values()) if (isMeant(letter)) letter.excused = true;
    for (const [place, item] of this.items) {
      if (isMeant({ who: item.who, row: place.split(" ")[0] ?? "" })) item.excused = true;
    }
    for (const [place, values] of this.values) {
      const row = place.split(" ")[0] ?? "";
      if (values.some(({ who }) => isMeant({ who, row }))) this.#unsure.add(place);
    }
  }

  /** Cells that one hand alone wrote in, with the last value of that hand. */
  *soleValues(): Generator<{ row: string; key: string; value: number | string }> {
    for (const [place, values] of this.values) {
      const [row = "", key = ""] = place.split(" ");
      const last = values.at(-1);
      const sole = values.every(({ who }) => who === last?.who);
      if (last !== undefined && sole && !this.#unsure.has(place)) yield { row, key, value: last.value };
    }
  }
}
