/** Hands on a field, as the browser reports them. */

export type Field = HTMLTextAreaElement | HTMLInputElement;

/** Types at the caret. */
export function type(field: Field, words: string): void {
  for (const letter of words) insert(field, letter);
}

export function insert(field: Field, words: string): void {
  const [start, end] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
  field.value = field.value.slice(0, start) + words + field.value.slice(end);
  field.setSelectionRange(start + words.length, start + words.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Composes a word as an input method does: drafts are shown, the last is kept. */
export function compose(field: Field, drafts: readonly string[], meanwhile: () => void = () => {}): void {
  field.dispatchEvent(new Event("compositionstart", { bubbles: true }));
  const start = field.selectionStart ?? 0;
  for (const draft of drafts) {
    field.setSelectionRange(start, field.selectionEnd ?? start);
    insert(field, draft);
    field.setSelectionRange(start, start + draft.length);
  }
  meanwhile();
  field.setSelectionRange(field.selectionEnd ?? 0, field.selectionEnd ?? 0);
  field.dispatchEvent(new Event("compositionend", { bubbles: true }));
}

export function press(target: EventTarget, key: string, modifiers: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
  target.dispatchEvent(event);
  return event;
}

/** A promise that a test keeps when it wants. */
export function later(): { promise: Promise<void>; come(): Promise<void> } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    promise,
    async come() {
      resolve();
      await settled();
    },
  };
}

/** Lets everything that is ready to happen happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
