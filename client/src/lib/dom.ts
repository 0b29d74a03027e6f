type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Makes an element with its attributes and what it contains.
 *
 * `true` sets an empty attribute, `false`, `null` and `undefined` set none. Strings become text, never markup.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...inside);
  return element;
}

/** Sets an attribute only where it changes, and removes it for `null` and `false`. */
export function setAttribute(element: Element, name: string, value: Attributes[string]): void {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const words = value === true ? "" : String(value);
  if (element.getAttribute(name) !== words) element.setAttribute(name, words);
}

/** Whether a modifier that means "command" on this machine is held. */
export function isMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
}

let lastId = 0;

/** An id for `aria-labelledby` and its kind, unique in the page. */
export function freshId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
