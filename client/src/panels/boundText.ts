import { Owner } from "../lib/owner";
import { movePosition, rebase, spliceBetween } from "../lib/splice";
import type { SharedText, Table } from "../model/types";

/** Which text a field shows, and who wants to hear of it. */
export interface BoundParts {
  readonly table: Table;
  readonly row: string;
  readonly column: string;
  /** The text may not be written, for the reason with this key. */
  refused(reason: string): void;
  /** Letters were typed here; null once the field was left. */
  typed?(words: string | null): void;
  /** The field is left, and what was typed here is in the text. */
  wrote?(words: string): void;
  /** The caret moved; null when the field was left. */
  moved(at: { readonly anchor: number; readonly head: number } | null): void;
}

/**
 * A field that writes a shared text letter by letter, together with everybody else.
 *
 * The text is opened when the field is first entered; what is typed before the answer is merged in when it comes,
 * even when the field is gone by then.
 */
export class BoundText {
  readonly #field: HTMLTextAreaElement;
  readonly #parts: BoundParts;
  readonly #owner = new Owner();
  #opening: Promise<void> | null = null;
  #shared: SharedText | null = null;
  /** What field and document held when they last agreed. */
  #agreed: string;
  #composing = false;
  /** Whether letters were typed here since the field was entered. */
  #typed = false;

  constructor(field: HTMLTextAreaElement, parts: BoundParts) {
    this.#field = field;
    this.#parts = parts;
    this.#agreed = this.#now();
    field.value = this.#agreed;
    const owner = this.#owner;
    owner.listen(field, "focus", () => this.#open());
    owner.listen(field, "input", () => {
      this.#typed = true;
      this.#agree();
      parts.typed?.(field.value);
    });
    owner.listen(field, "compositionstart", () => {
      this.#composing = true;
    });
    owner.listen(field, "compositionend", () => {
      this.#composing = false;
      this.#agree();
    });
    owner.listen(field, "blur", () => {
      this.#leave();
      parts.table.endStep();
      parts.moved(null);
    });
    owner.listen(field.ownerDocument, "selectionchange", () => this.#tellPlace());
    owner.add(
      parts.table.onChange(({ cells, rows }) => {
        if (this.#shared !== null) return;
        const mine = cells.some(({ row, column }) => row === parts.row && column === parts.column);
        if (mine || rows) this.#show(rebase(this.#agreed, this.#field.value, this.#takeNow()));
      }),
    );
  }

  end(): void {
    const typed = this.#field.value;
    if (this.#shared === null && this.#opening !== null && typed !== this.#agreed) {
      const [agreed, parts] = [this.#agreed, this.#parts];
      void parts.table.openText(parts.row, parts.column).then(
        (shared) => shared.replace(rebase(agreed, typed, shared.toString())),
        // The refusal was already shown beside the field.
        () => {},
      );
    }
    this.#leave();
    this.#parts.table.endStep();
    this.#owner.end();
  }

  #leave(): void {
    if (!this.#typed) return;
    this.#typed = false;
    this.#parts.typed?.(null);
    if (this.#shared !== null) this.#parts.wrote?.(this.#field.value);
  }

  #open(): void {
    this.#parts.table.endStep();
    if (this.#opening !== null) return;
    const { table, row, column, refused } = this.#parts;
    this.#opening = table.openText(row, column).then(
      (shared) => this.#bind(shared),
      (reason: unknown) => {
        this.#opening = null;
        this.#field.readOnly = true;
        refused(reasonOf(reason));
      },
    );
  }

  #bind(shared: SharedText): void {
    if (this.#owner.ended) return;
    this.#shared = shared;
    this.#owner.add(shared.observe(() => this.#agree()));
    this.#agree();
    this.#tellPlace();
  }

  /** Brings the others' letters into the field and ours into the document. Never while a word is being composed. */
  #agree(): void {
    if (this.#composing || this.#shared === null) return;
    const theirs = this.#shared.toString();
    if (theirs !== this.#agreed) this.#show(rebase(this.#agreed, this.#field.value, theirs));
    this.#agreed = theirs;
    const mine = this.#field.value;
    if (mine === theirs) return;
    this.#agreed = mine;
    this.#shared.replace(mine);
    this.#agreed = this.#shared.toString();
  }

  /** Puts a text into the field without moving the caret away from its letters. */
  #show(text: string): void {
    const { selectionStart, selectionEnd, value } = this.#field;
    const change = spliceBetween(value, text);
    if (change === null) return;
    this.#field.value = text;
    if (this.#field.ownerDocument.activeElement !== this.#field) return;
    this.#field.setSelectionRange(movePosition(selectionStart, change), movePosition(selectionEnd, change));
  }

  #now(): string {
    const { value } = this.#parts.table.cell(this.#parts.row, this.#parts.column);
    return value === null ? "" : String(value);
  }

  #takeNow(): string {
    this.#agreed = this.#now();
    return this.#agreed;
  }

  #tellPlace(): void {
    if (this.#composing || this.#field.ownerDocument.activeElement !== this.#field) return;
    const { selectionStart, selectionEnd } = this.#field;
    this.#parts.moved({ anchor: selectionStart, head: selectionEnd });
  }
}

function reasonOf(refusal: unknown): string {
  return refusal instanceof Error && "reason" in refusal ? String(refusal.reason) : "other";
}
