/**
 * What a key means on the desk: which element it presses, and when it means nothing.
 *
 * Letters count only while the focus is in no field, and can be switched off (WCAG 2.1.4).
 */

/** A key as the browser tells it. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/** What the desk does with a key. */
export type Meaning =
  | { readonly does: "help" }
  | { readonly does: "step"; readonly by: 1 | -1 }
  | { readonly does: "press"; readonly key: string }
  | { readonly does: "leave" };

/** Where the focus is: in a field that takes letters, on something that Enter presses, or elsewhere. */
export type Focus = "field" | "control" | "page";

const LETTERS = new Set(["a", "r", "e", "q", "d", "u"]);

/** What a pressed key means; null where it is the browser's own. */
export function meaning(pressed: Pressed, focus: Focus, letters: boolean): Meaning | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing) return null;
  if (pressed.key === "F1") return { does: "help" };
  if (focus === "field") return pressed.key === "Escape" ? { does: "leave" } : null;
  if (pressed.key === "Enter") return focus === "page" ? { does: "press", key: "Enter" } : null;
  // With Shift a letter is a capital: another key to whoever types, the same to whoever left Caps Lock on.
  const letter = pressed.key.toLowerCase();
  if (!letters || letter.length !== 1) return null;
  if (letter === "j") return { does: "step", by: 1 };
  if (letter === "k") return { does: "step", by: -1 };
  return LETTERS.has(letter) ? { does: "press", key: letter } : null;
}

const TYPED = new Set(["text", "search", "url", "email", "tel", "number", "password", "date"]);

/** Where the focus is, by the element that has it. */
export function focusOf(element: Element | null): Focus {
  if (!(element instanceof HTMLElement)) return "page";
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return "field";
  if (element.isContentEditable) return "field";
  if (element instanceof HTMLInputElement) return TYPED.has(element.type) ? "field" : "control";
  return element.closest("a[href], button, summary, dialog") === null ? "page" : "control";
}

/** The next stop from where one stands; the first where one stands nowhere yet. It does not go round. */
export function nextStop(count: number, at: number, by: 1 | -1): number {
  if (count === 0) return -1;
  if (at < 0) return by === 1 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + by));
}
