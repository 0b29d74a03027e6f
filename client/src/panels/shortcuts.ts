import { chordWords } from "../commands/chord";
import type { Command, Section } from "../commands/command";
import { COMMANDS } from "../commands/registry";
import type { Key, Translate } from "../i18n/t";
import { make } from "../lib/dom";
import { openDialog } from "../ui/dialog";

/** All keys of the grid, read from the commands themselves: the list cannot lie. */
export async function openShortcuts(t: Translate): Promise<void> {
  const sections = new Map<Section, Command[]>();
  for (const command of COMMANDS) {
    if (command.keys.length === 0) continue;
    sections.set(command.section, [...(sections.get(command.section) ?? []), command]);
  }
  const body = [...sections].map(([section, commands]) => sectionTable(t, section, commands));
  await openDialog({
    title: t("shortcuts.title"),
    body,
    actions: [{ value: "close", words: t("shortcuts.close") }],
    wide: true,
  });
}

function sectionTable(t: Translate, section: Section, commands: readonly Command[]): HTMLElement {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, t("shortcuts.does")),
    make("th", { scope: "col" }, t("shortcuts.keys")),
  );
  // One line for what does the same in four directions.
  const keysOf = new Map<Key, string[]>();
  for (const { label, keys } of commands) keysOf.set(label, [...(keysOf.get(label) ?? []), ...keys]);
  const lines = [...keysOf].map(([label, keys]) => {
    const words = keys.map((key) => make("kbd", {}, chordWords(key, t.lang)));
    return make("tr", {}, make("th", { scope: "row" }, t(label)), make("td", {}, ...spaced(words)));
  });
  const caption = make("caption", {}, t(`grid.section.${section}`));
  return make("table", { class: "shortcuts" }, caption, make("thead", {}, head), make("tbody", {}, ...lines));
}

function spaced(words: readonly HTMLElement[]): (Node | string)[] {
  return words.flatMap((word, at) => (at === 0 ? [word] : [" ", word]));
}
