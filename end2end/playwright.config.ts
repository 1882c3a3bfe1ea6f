// Every specification runs with and without JavaScript; those named *.hydrate.spec.ts are about JavaScript. The journey also in Korean.

import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser";

const hydrate = /\.hydrate\.spec\.ts$/;
const journey = /journey\.spec\.ts$/;

export default defineConfig({
  testDir: "tests",
  globalSetup: "./support/world",
  outputDir: "test-results/tests",
  fullyParallel: true,
  forbidOnly: true,
  // With so many wrong something common to all is.
  maxFailures: 25,
  workers: 2,
  // What fails once and then passes is listed as flaky.
  retries: 1,
  timeout: 40_000,
  expect: { timeout: 8_000 },
  reporter: [["list"]],
  use: { ...browser, locale: "en-US", screenshot: "only-on-failure" },
  projects: [
    { name: "hydrated" },
    { name: "no-js", testIgnore: hydrate, use: { javaScriptEnabled: false } },
    { name: "hydrated-korean", testMatch: journey, use: { locale: "ko-KR" } },
    { name: "no-js-korean", testMatch: journey, use: { locale: "ko-KR", javaScriptEnabled: false } },
  ],
});
