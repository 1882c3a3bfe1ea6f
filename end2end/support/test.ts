// What every specification begins with: `test` with a watched browser and the console as its reader sees it.

import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import type { Sight } from "./pages";
import { PEOPLE, type Who } from "./people";
import { type Cookies, secured, signIn } from "./session";
import { Steward } from "./steward";
import { Watch } from "./watch";
import { words } from "./words";

/** Another browser beside the test's own. */
export interface Seat {
  context: BrowserContext;
  page: Page;
  steward: Steward;
}

interface Fixtures {
  /** Whose browser it is, in the Steward that has users. Without it: the Steward without users, where there is nobody to be. */
  who: Who | "nobody" | undefined;
  /** Whether the page comes alive: JavaScript is on. */
  isLive: boolean;
  watch: Watch;
  steward: Steward;
  /** Opens a page as whoever is to see it. */
  see: (sight: Sight) => Promise<void>;
  /** Opens another browser, of somebody else or of the same person once more. */
  seat: (who: Who | "nobody") => Promise<Seat>;
}

interface Shared {
  /** Signs somebody in, once per worker. */
  cookies: (who: Who) => Promise<Cookies>;
}

export const test = base.extend<Fixtures, Shared>({
  who: [undefined, { option: true }],
  cookies: [
    async ({}, use) => {
      const signedIn = new Map<Who, Promise<Cookies>>();
      await use((who) => {
        const found = signedIn.get(who) ?? signIn(PEOPLE[who]);
        signedIn.set(who, found);
        return found;
      });
    },
    { scope: "worker" },
  ],
  baseURL: async ({ who }, use) => use(who ? process.env.SECURED_URL : process.env.STEWARD_URL),
  storageState: async ({ who, cookies }, use) => use(who && who !== "nobody" ? await cookies(who) : undefined),
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
  see: async ({ context, steward, cookies }, use) => {
    let last: Sight["who"];
    await use(async ({ address, status, who }) => {
      if (who !== last) {
        await context.clearCookies({ name: "steward" });
        if (who && who !== "nobody") await context.addCookies((await cookies(who)).cookies);
        last = who;
      }
      await steward.open(who ? secured(address) : `${process.env.STEWARD_URL}${address}`, status);
    });
  },
  seat: async ({ browser, cookies, isLive, watch, locale, javaScriptEnabled, viewport }, use) => {
    const seats: Seat[] = [];
    await use(async (who) => {
      const storageState = who === "nobody" ? undefined : await cookies(who);
      const context = await browser.newContext({ baseURL: process.env.SECURED_URL, storageState, locale, javaScriptEnabled, viewport });
      await watch.start(context, isLive);
      const page = await context.newPage();
      const seat = { context, page, steward: new Steward(page, isLive, watch, words(locale)) };
      seats.push(seat);
      return seat;
    });
    for (const { context } of seats) await context.close();
  },
});

export { expect };
