import { defineConfig } from "@playwright/test";

// One worker: the machine has two cores, and each suite runs a server of its own.
export default defineConfig({
  testDir: ".",
  testMatch: ["browser/**/*.spec.ts", "process/**/*.spec.ts", "soak/**/*.spec.ts"],
  outputDir: "results",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "fr-FR",
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    screenshot: "only-on-failure",
    trace: "off",
  },
});
