import { make } from "../lib/dom";
import { Owner } from "../lib/owner";

export interface MenuItem {
  readonly words: string;
  /** The keys that do the same, shown at the end of the line. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** Draws a line above, to part groups. */
  readonly starts?: boolean;
  run(): void;
}

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/**
 * Opens a menu at a point of the window, with the keys people expect of menus: arrows, Home, End, first letters,
 * Enter, Escape. The focus goes back where it was before the chosen item runs.
 */
export function openMenu(label: string, items: readonly MenuItem[], at: MenuPlace): () => void {
  const owner = new Owner();
  const before = document.activeElement;
  const entries = items.map((item) => menuEntry(item));
  const menu = make("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 }, ...entries);
  const close = (giveBack = true) => {
    if (owner.ended) return;
    owner.end();
    menu.remove();
    if (giveBack && before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const choose = (entry: Element | null) => {
    const item = items[entries.indexOf(entry as HTMLElement)];
    if (item === undefined || item.disabled) return;
    close();
    item.run();
  };
  // Inside the landmark one comes from, so that the menu is part of the page for those who go by landmarks.
  (before?.closest("main") ?? document.body).append(menu);
  place(menu, at);
  owner.listen(menu, "keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "Enter" || event.key === " ") choose(document.activeElement);
    else if (!goBy(event.key, entries)) return;
    event.preventDefault();
  });
  owner.listen(menu, "click", (event) => choose((event.target as Element).closest("[role=menuitem]")));
  owner.listen(menu, "contextmenu", (event) => event.preventDefault());
  owner.listen(document, "pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) close(false);
  });
  owner.listen(window, "blur", () => close());
  (entries.find((entry) => entry.ariaDisabled !== "true") ?? menu).focus();
  return close;
}

function menuEntry({ words, keys, disabled, starts }: MenuItem): HTMLElement {
  const entry = make(
    "div",
    {
      class: starts ? "menu-item menu-starts" : "menu-item",
      role: "menuitem",
      tabindex: -1,
      "aria-disabled": disabled ? "true" : null,
    },
    make("span", { class: "menu-words" }, words),
  );
  if (keys !== undefined) entry.append(make("kbd", { class: "menu-keys", "aria-hidden": "true" }, keys));
  return entry;
}

function goBy(key: string, entries: readonly HTMLElement[]): boolean {
  const now = entries.indexOf(document.activeElement as HTMLElement);
  const last = entries.length - 1;
  let next: number;
  if (key === "ArrowDown") next = now === last ? 0 : now + 1;
  else if (key === "ArrowUp") next = now <= 0 ? last : now - 1;
  else if (key === "Home") next = 0;
  else if (key === "End") next = last;
  else if (key.length === 1) next = startingWith(key, entries, now);
  else return false;
  entries[next]?.focus();
  return true;
}

function startingWith(letter: string, entries: readonly HTMLElement[], after: number): number {
  const order = [...entries.slice(after + 1), ...entries.slice(0, after + 1)];
  const found = order.find((entry) => entry.textContent?.toLowerCase().startsWith(letter.toLowerCase()));
  return found === undefined ? after : entries.indexOf(found);
}

function place(menu: HTMLElement, { x, y }: MenuPlace): void {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, window.innerHeight - height - 4))}px`;
}
