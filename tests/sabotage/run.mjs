// Every check can fail: each patch of this folder breaks one promise of the program, and the test it names
// must turn red for it, no other. Prints "n of n caught", and exits 1 where one was not.
//
//   node tests/sabotage/run.mjs [part of a patch's name …]
//
// A patch begins with three lines: what it breaks, the suite that is run, and the tests that must turn red.
// It works in a tree of its own (target/sabotage), so nothing it breaks can stay behind in yours.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const TREE = join(ROOT, "target", "sabotage", "tree");
const BUILD = join(ROOT, "target", "sabotage", "build");
const LONGEST = 20 * 60_000;

/** @typedef {{ file: string, what: string, suite: string, red: string[] }} Sabotage */

/** Runs a command and gives back what it printed; throws where it must succeed and does not. */
function run(command, args, { cwd = TREE, mustSucceed = true } = {}) {
  const env = { ...process.env, CARGO_TARGET_DIR: BUILD, CARGO_INCREMENTAL: "1", NO_COLOR: "1" };
  const done = spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: LONGEST, maxBuffer: 1 << 28 });
  const said = `${done.stdout ?? ""}${done.stderr ?? ""}`;
  if (mustSucceed && done.status !== 0) throw new Error(`${command} ${args.join(" ")}\n${said.slice(-4000)}`);
  return { status: done.status, said };
}

/** The tests of a suite that passed and that failed, by their names. */
function results(suite) {
  const [kind, ...words] = suite.split(" ");
  if (kind === "vitest") return vitest(words);
  if (kind !== "cargo") throw new Error(`a suite begins with cargo or vitest: ${suite}`);
  const { status, said } = run("cargo", ["test", "--locked", "--no-fail-fast", ...words], { mustSucceed: false });
  const named = (word) => [...said.matchAll(new RegExp(`^test (.+?)(?: - should panic)? \\.\\.\\. ${word}`, "gm"))];
  const [passed, failed] = [named("ok"), named("FAILED")].map((lines) => new Set(lines.map(([, name]) => name)));
  // A program that does not build, or that dies, tells nothing about any test.
  if (passed.size + failed.size === 0 || (status !== 0 && failed.size === 0)) throw new Error(said.slice(-4000));
  return { passed, failed };
}

function vitest(words) {
  const client = join(TREE, "client");
  if (!existsSync(join(client, "node_modules"))) {
    symlinkSync(join(ROOT, "client", "node_modules"), join(client, "node_modules"));
  }
  const folder = mkdtempSync(join(tmpdir(), "sabotage-"));
  const report = join(folder, "report.json");
  const args = ["vitest", "run", "--reporter=json", `--outputFile=${report}`, ...words];
  const { said } = run("npx", args, { cwd: client, mustSucceed: false });
  if (!existsSync(report)) throw new Error(said.slice(-4000));
  const tests = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap((file) => file.assertionResults);
  rmSync(folder, { recursive: true });
  const of = (status) => new Set(tests.filter((test) => test.status === status).map((test) => test.fullName));
  return { passed: of("passed"), failed: of("failed") };
}

/** Reads the three lines at the head of a patch. */
function read(file) {
  const head = readFileSync(join(HERE, file), "utf8").split("\n");
  const line = (name) => head.filter((one) => one.startsWith(`${name}: `)).map((one) => one.slice(name.length + 2));
  const [[what], [suite], red] = [line("Breaks"), line("Suite"), line("Red")];
  if (what === undefined || suite === undefined || red.length === 0) {
    throw new Error(`${file} does not say what it breaks, which suite tells, and which test turns red`);
  }
  return { file, what, suite, red };
}

function freshTree() {
  run("git", ["worktree", "prune"], { cwd: ROOT });
  rmSync(TREE, { recursive: true, force: true });
  mkdirSync(dirname(TREE), { recursive: true });
  run("git", ["worktree", "prune"], { cwd: ROOT });
  run("git", ["worktree", "add", "--detach", "--force", TREE, "HEAD"], { cwd: ROOT });
}

/** What went wrong with one sabotage; nothing where it was caught by the tests it names and by no other. */
function judge({ file, suite, red }, whole) {
  const missing = red.filter((name) => !whole.passed.has(name));
  if (missing.length > 0) return `the whole program does not pass ${missing.join(", ")}`;
  const patch = join(HERE, file);
  run("git", ["apply", "--whitespace=nowarn", patch]);
  try {
    const { failed } = results(suite);
    const quiet = red.filter((name) => !failed.has(name));
    const others = [...failed].filter((name) => !red.includes(name));
    if (quiet.length > 0) return `stayed green: ${quiet.join(", ")}`;
    if (others.length > 0) return `turned red as well: ${others.join(", ")}`;
    return null;
  } finally {
    run("git", ["apply", "--whitespace=nowarn", "--reverse", patch]);
  }
}

const wanted = process.argv.slice(2);
const patches = readdirSync(HERE).filter((file) => file.endsWith(".patch"));
const chosen = patches.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
/** @type {Sabotage[]} */
const sabotages = chosen.sort().map(read);
freshTree();
const whole = new Map();
let caught = 0;
try {
  for (const sabotage of sabotages) {
    if (!whole.has(sabotage.suite)) whole.set(sabotage.suite, results(sabotage.suite));
    let trouble;
    try {
      trouble = judge(sabotage, whole.get(sabotage.suite));
    } catch (error) {
      trouble = String(error);
    }
    if (trouble === null) caught += 1;
    console.log(`${trouble === null ? "caught" : "MISSED"}  ${sabotage.what}\n        ${trouble ?? sabotage.red.join(", ")}`);
  }
} finally {
  run("git", ["worktree", "remove", "--force", TREE], { cwd: ROOT, mustSucceed: false });
}
console.log(`${caught} of ${sabotages.length} caught`);
process.exitCode = caught === sabotages.length && sabotages.length > 0 ? 0 : 1;
