// Every page as a picture, into docs/screenshots: `make screenshots`.

import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser";

export default defineConfig({
  testDir: "screenshots",
  testMatch: /\.shots\.ts$/,
  globalSetup: "./support/world",
  outputDir: "test-results/screenshots",
  workers: 1,
  timeout: 600_000,
  reporter: [["list"]],
  use: { ...browser, locale: "en-US", contextOptions: { reducedMotion: "reduce" } },
});
