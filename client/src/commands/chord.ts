import type { Lang } from "../i18n/t";
import { isMac } from "../lib/dom";

const NAMES: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  fr: {
    Mod: "Ctrl",
    Shift: "Maj",
    Alt: "Alt",
    Space: "Espace",
    Enter: "Entrée",
    Escape: "Échap",
    Delete: "Suppr",
    Backspace: "Retour arrière",
    Home: "Début",
    End: "Fin",
    PageUp: "Page préc.",
    PageDown: "Page suiv.",
    ContextMenu: "Menu",
  },
  en: {
    Mod: "Ctrl",
    Escape: "Esc",
    PageUp: "Page Up",
    PageDown: "Page Down",
    ContextMenu: "Menu",
  },
};
const ARROWS: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};
const MAC: Readonly<Record<string, string>> = { Mod: "⌘", Alt: "⌥", Shift: "⇧" };

/** A chord as it stands on the keys: `Mod+Shift+Z` is "Ctrl+Maj+Z", or "⌘+⇧+Z" on a Mac. */
export function chordWords(chord: string, lang: Lang, mac = isMac()): string {
  const parts = chord.endsWith("++") ? [...chord.slice(0, -2).split("+"), "+"] : chord.split("+");
  return parts
    .map((part) => (mac ? MAC[part] : undefined) ?? ARROWS[part] ?? NAMES[lang][part] ?? part)
    .join("+");
}
