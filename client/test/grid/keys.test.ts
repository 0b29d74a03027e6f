import { describe, expect, it } from "vitest";
import { chordWords } from "../../src/commands/chord";
import { COMMANDS } from "../../src/commands/registry";
import { chordOf, Keys, writes } from "../../src/grid/keys";
import { translator } from "../../src/i18n/t";

type Press = Partial<Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "keyCode">>;
const press = (keys: Press) =>
  ({
    key: "",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    keyCode: 0,
    ...keys,
  }) as KeyboardEvent;

const keys = new Keys(COMMANDS);
const names = (keysPressed: Press) => keys.commandsFor(press(keysPressed)).map(({ name }) => name);

describe("the table of keys", () => {
  it.each([
    [{ key: "z", ctrlKey: true }, "undo"],
    [{ key: "Z", ctrlKey: true, shiftKey: true }, "redo"],
    [{ key: "y", ctrlKey: true }, "redo"],
    [{ key: " ", ctrlKey: true }, "select-column"],
    [{ key: " ", shiftKey: true }, "select-row"],
    [{ key: " " }, "open-row"],
    [{ key: "F2" }, "edit"],
    [{ key: "F10", shiftKey: true }, "open-menu"],
    [{ key: "ContextMenu" }, "open-menu"],
    [{ key: "ArrowDown", ctrlKey: true, shiftKey: true }, "extend-edge-down"],
    [{ key: "=", ctrlKey: true, altKey: true }, "add-row"],
    [{ key: "F6", shiftKey: true }, "leave-back"],
  ] as const)("%j asks for %s", (event, name) => {
    expect(names(event)).toContain(name);
  });

  it("finds the slash wherever the keyboard has it", () => {
    expect(names({ key: "/", ctrlKey: true })).toEqual(["open-help"]);
    expect(names({ key: "/", ctrlKey: true, shiftKey: true })).toEqual(["open-help"]);
  });

  it("leaves copy, cut and paste to the browser's events", () => {
    expect(names({ key: "c", ctrlKey: true })).toEqual([]);
  });

  it("gives one chord to one command only, but for headers", () => {
    const chords = COMMANDS.filter(({ heard }) => heard !== "browser").flatMap((command) => command.keys);

    expect(chords.filter((chord, at) => chords.indexOf(chord) !== at)).toEqual([]);
  });

  it("has a name for every command in both languages", () => {
    for (const { label } of COMMANDS) {
      expect(translator("fr")(label)).not.toBe("");
      expect(translator("en")(label)).not.toBe("");
    }
  });
});

describe("a key that writes", () => {
  it.each([
    [{ key: "a" }, true],
    [{ key: "É", shiftKey: true }, true],
    [{ key: "Dead" }, true],
    [{ key: "Process", keyCode: 229 }, true],
    [{ key: "€", ctrlKey: true, altKey: true }, true],
    [{ key: "a", ctrlKey: true }, false],
    [{ key: "a", metaKey: true }, false],
    [{ key: "F5" }, false],
    [{ key: " " }, false],
    [{ key: "Unidentified" }, false],
  ] as const)("%j: %s", (event, expected) => {
    expect(writes(press(event))).toBe(expected);
  });
});

describe("chords", () => {
  it("are written as on the keys", () => {
    expect(chordWords("Mod+Shift+Z", "fr", false)).toBe("Ctrl+Maj+Z");
    expect(chordWords("Mod+Alt++", "fr", false)).toBe("Ctrl+Alt++");
    expect(chordWords("Mod+ArrowUp", "en", true)).toBe("⌘+↑");
  });

  it("take the command key of the machine", () => {
    expect(chordOf(press({ key: "z", metaKey: true }), true)).toBe("Mod+Z");
    expect(chordOf(press({ key: "z", ctrlKey: true }), true)).toBe("Z");
  });
});
