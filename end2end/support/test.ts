// What every specification begins with: `test` with a watched browser and the console as its reader sees it.

import { test as base, expect } from "@playwright/test";
import { Steward } from "./steward";
import { Watch } from "./watch";
import { words } from "./words";

interface Fixtures {
  /** Whether the page comes alive: JavaScript is on. */
  isLive: boolean;
  watch: Watch;
  steward: Steward;
}

export const test = base.extend<Fixtures>({
  isLive: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),
  watch: [
    async ({ context, isLive }, use) => {
      const watch = new Watch();
      await watch.start(context, isLive);
      await use(watch);
      await watch.end();
    },
    { auto: true },
  ],
  steward: async ({ page, isLive, watch, locale }, use) => use(new Steward(page, isLive, watch, words(locale))),
});

export { expect };
