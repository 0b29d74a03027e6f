import type { Command } from "../commands/command";
import { isMac } from "../lib/dom";

/** Turns a pressed key into the name that commands use: `Mod+Shift+Z`, `Alt+Enter`, `Mod+/`. */
export function chordOf(event: KeyboardEvent, mac = isMac()): string {
  const command = mac ? event.metaKey : event.ctrlKey;
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // The key that gives "/" needs Shift on one keyboard and not on another: only for letters does Shift count.
  const sign = key.length === 1 && !/\p{L}|\d/u.test(key);
  return [
    command ? "Mod+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey && !sign ? "Shift+" : "",
    key,
  ].join("");
}

/** The table of keys: which commands a chord asks for, in order of precedence. */
export class Keys {
  readonly #byChord = new Map<string, Command[]>();

  constructor(commands: readonly Command[]) {
    for (const command of commands) {
      if (command.heard === "browser") continue;
      for (const chord of command.keys) {
        const there = this.#byChord.get(sameOrder(chord));
        if (there === undefined) this.#byChord.set(sameOrder(chord), [command]);
        else there.push(command);
      }
    }
  }

  commandsFor(event: KeyboardEvent): readonly Command[] {
    return this.#byChord.get(sameOrder(chordOf(event))) ?? [];
  }
}

const MODIFIERS = ["Mod", "Alt", "Shift"];

function sameOrder(chord: string): string {
  const parts = chord.endsWith("++") ? [...chord.slice(0, -2).split("+"), "+"] : chord.split("+");
  const key = parts.at(-1) ?? "";
  return [...MODIFIERS.filter((modifier) => parts.slice(0, -1).includes(modifier)), key].join("+");
}

/** Whether a key begins writing into the cell: a letter, a dead accent, or the first key of an input method. */
export function writes({ key, ctrlKey, metaKey, altKey, keyCode }: KeyboardEvent): boolean {
  if (key === "Dead" || key === "Process" || keyCode === 229) return true;
  // AltGr is Ctrl and Alt at once, and gives signs: € or @.
  if (metaKey || ctrlKey !== altKey) return false;
  return [...key].length === 1 && key !== " ";
}
