import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Each page of the server names the entries it needs; the manifest says which hashed files they became.
const entries = {
  table: here("./src/entries/table.ts"),
  public: here("./src/entries/public.ts"),
  tokens: here("./src/styles/tokens.css"),
  base: here("./src/styles/base.css"),
  pages: here("./src/styles/pages.css"),
  print: here("./src/styles/print.css"),
  grid: here("./src/styles/grid.css"),
};

export default defineConfig({
  base: "/assets/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // The pages allow no `data:` scripts or fonts: every asset is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
    },
  },
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    setupFiles: ["test/setup.ts"],
    environment: "node",
  },
});
