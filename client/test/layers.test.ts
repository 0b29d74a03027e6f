import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** What each folder of `client/src` may import. Nobody looks up. */
const MAY_SEE = {
  lib: [],
  i18n: ["lib"],
  ui: ["lib", "i18n"],
  model: ["lib"],
  // What people write, understood: words in, values out.
  reading: ["lib", "model"],
  sync: ["lib", "model"],
  offline: [],
  view: ["lib", "model", "reading"],
  api: ["lib"],
  // Which questions of a form are asked.
  rules: ["lib"],
  propose: ["lib", "i18n", "model", "reading", "rules", "view"],
  commands: ["lib", "i18n", "model", "reading", "view"],
  grid: ["lib", "i18n", "ui", "model", "view", "commands"],
  desk: ["lib"],
  panels: ["lib", "i18n", "ui", "model", "view", "commands", "sync", "api"],
  entries: [
    "lib",
    "i18n",
    "ui",
    "model",
    "sync",
    "view",
    "api",
    "commands",
    "grid",
    "panels",
    "rules",
    "propose",
    "desk",
    "styles",
  ],
} as const satisfies Record<string, readonly string[]>;

type Folder = keyof typeof MAY_SEE;

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../src");
const LONGEST_FILE = 400;
// A list of messages is looked up, not read: it may be as long as the interface is.
const MESSAGES = /i18n\/(fr|frAsked|en)\.ts$/;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** The modules a source names, static or not. */
function imports(text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...found].map((match) => match[1] ?? "");
}

function folderOf(path: string): string {
  return relative(src, path).split("/")[0] ?? "";
}

/** Which imports of a file go where its folder may not look. */
function wrongArrows(path: string, text: string): string[] {
  const folder = folderOf(path);
  const allowed: readonly string[] = [folder, ...(MAY_SEE[folder as Folder] ?? [])];
  return imports(text)
    .filter((name) => name.startsWith("."))
    .map((name) => folderOf(resolve(dirname(path), name)))
    .filter((target) => !allowed.includes(target))
    .map((target) => `${relative(src, path)} looks at ${target}`);
}

describe("the folders of the client", () => {
  it("look only where they may", () => {
    const wrong = sources(src).flatMap((path) => wrongArrows(path, readFileSync(path, "utf8")));

    expect(wrong).toEqual([]);
  });

  it("are all known to this test", () => {
    const unknown = sources(src).filter((path) => !(folderOf(path) in MAY_SEE));

    expect(unknown).toEqual([]);
  });

  it("would be caught looking up", () => {
    const wrong = wrongArrows(join(src, "lib/dom.ts"), 'import { Grid } from "../grid/grid";');

    expect(wrong).toEqual(["lib/dom.ts looks at grid"]);
  });

  it("hold no file too long to be read in one go", () => {
    const read = sources(src).filter((path) => !MESSAGES.test(path));
    const long = read.filter((path) => readFileSync(path, "utf8").split("\n").length > LONGEST_FILE);

    expect(long).toEqual([]);
  });
});
