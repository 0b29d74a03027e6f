import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Each page of the server names the entries it needs; the manifest says which hashed files they became.
const entries = {
  table: here("./src/entries/table.ts"),
  public: here("./src/entries/public.ts"),
  import: here("./src/entries/import.ts"),
  propose: here("./src/entries/propose.ts"),
  desk: here("./src/entries/desk.ts"),
  tokens: here("./src/styles/tokens.css"),
  base: here("./src/styles/base.css"),
  pages: here("./src/styles/pages.css"),
  importStyle: here("./src/styles/import.css"),
  proposeStyle: here("./src/styles/propose.css"),
  deskStyle: here("./src/styles/desk.css"),
  find: here("./src/styles/find.css"),
  print: here("./src/styles/print.css"),
  grid: here("./src/styles/grid.css"),
  sw: here("./src/offline/worker.ts"),
};

const BASE = "/assets/";
const WORKER = "sw.js";

/** Tells the service worker which files this build made: they are what it keeps, and their names its version. */
function fillWorker(): Plugin {
  return {
    name: "tablee-worker",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error(`no \`${WORKER}\` in this build`);
      if (worker.imports.length > 0) throw new Error(`\`${WORKER}\` must stand alone`);
      const files = Object.keys(bundle).filter((name) => name !== WORKER && !/\.(json|map)$/.test(name));
      const list = JSON.stringify(files.map((name) => BASE + name).sort());
      const version = createHash("sha256").update(list).update(worker.code).digest("hex").slice(0, 16);
      worker.code = worker.code
        .replaceAll("TABLEE_FILES", list)
        .replaceAll("TABLEE_VERSION", JSON.stringify(version));
    },
  };
}

/** Compresses each file once, as well as can be: the server hands out what stands beside it. */
function compress(): Plugin {
  return {
    name: "tablee-compress",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (name === WORKER || !/\.(js|css)$/.test(name)) continue;
        const path = join(dir, name);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}

export default defineConfig({
  base: BASE,
  plugins: [fillWorker(), compress()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // The pages allow no `data:` scripts or fonts: every asset is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Found by its name, and nothing else is: a worker's address is the same for ever.
        entryFileNames: ({ name }) => (name === "sw" ? WORKER : "assets/[name]-[hash].js"),
      },
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
    },
  },
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    setupFiles: ["test/setup.ts"],
    environment: "node",
    // What a test waits for is awaited; a busy machine only takes longer to get there.
    testTimeout: 30_000,
  },
});
