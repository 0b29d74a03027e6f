import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const css = readFileSync(fileURLToPath(new URL("../../src/styles/tokens.css", import.meta.url)), "utf8");

/** The colours that a part of the file declares. */
function coloursOf(part: string): Map<string, string> {
  const declared = part.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g);
  return new Map([...declared].map(([, name = "", colour = ""]) => [name, colour]));
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(colours: Map<string, string>, one: string, other: string): number {
  const [darker = 0, lighter = 0] = [one, other]
    .map((name) => luminance(colours.get(name) ?? expect.fail(`--${name} is not a colour`)))
    .sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const [lightPart = "", darkPart = ""] = css.split("@media (prefers-color-scheme: dark)");
const light = coloursOf(lightPart);
const dark = new Map([...light, ...coloursOf(darkPart)]);

const GROUNDS = ["paper", "sheet", "well", "accent-wash"];
const PEERS = Array.from({ length: 12 }, (_, n) => `peer-${n}`);

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s colours", (_, colours) => {
  it("let every text be read on every ground it stands on", () => {
    const words = ["ink", "ink-soft", "accent", "good", "warn", "bad"];
    const pairs = GROUNDS.flatMap((ground) => words.map((word) => [word, ground]));
    pairs.push(["good", "good-wash"], ["warn", "warn-wash"], ["bad", "bad-wash"], ["on-accent", "accent"]);
    pairs.push(["ink", "good-wash"], ["ink", "warn-wash"], ["ink", "bad-wash"]);

    for (const [word = "", ground = ""] of pairs) {
      expect(contrast(colours, word, ground), `${word} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("let the borders of controls and the focus ring be seen", () => {
    for (const ground of GROUNDS) {
      expect(contrast(colours, "line-strong", ground), `line on ${ground}`).toBeGreaterThanOrEqual(3);
      expect(contrast(colours, "focus", ground), `focus on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });

  it("let every peer's name be read and every peer's frame be seen", () => {
    for (const peer of PEERS) {
      expect(contrast(colours, "peer-ink", peer), peer).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours, peer, "sheet"), peer).toBeGreaterThanOrEqual(3);
    }
    expect(new Set(PEERS.map((peer) => colours.get(peer))).size).toBe(PEERS.length);
  });
});

it("declare nothing in one scheme only", () => {
  const missing = [...light.keys()].filter((name) => !coloursOf(darkPart).has(name));

  expect(missing).toEqual([]);
});
