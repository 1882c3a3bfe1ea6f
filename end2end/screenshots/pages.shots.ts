// In order: the healthy cluster first, then with a broker killed.

import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { PHONE, WIDE } from "../support/browser";
import { PAGES, type Sight, STATES, VARIANTS } from "../support/pages";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { LIVE, cluster } from "../support/world";
import type { Page } from "@playwright/test";

const FOLDER = resolve(__dirname, "../../docs/screenshots");
/** A picture goes on below the window to the end of the page, but not beyond this. */
const TALLEST = 1080;

/** Width and theme of a picture. */
type Look = [viewport: typeof WIDE, theme: "light" | "dark"];
const ALL: Look[] = [[WIDE, "light"], [WIDE, "dark"], [PHONE, "light"], [PHONE, "dark"]];
/** For what is but a variation of a page. */
const TWO: Look[] = [[WIDE, "light"], [PHONE, "dark"]];

test.describe.configure({ mode: "serial" });
test.beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
});

async function shoot(page: Page, see: (sight: Sight) => Promise<void>, sight: Sight, looks = ALL, lang = "en"): Promise<void> {
  const url = process.env.STEWARD_URL ?? "";
  for (const [viewport, theme] of looks) {
    await page.context().addCookies([
      { name: "lang", value: lang, url },
      { name: "theme", value: theme, url },
    ]);
    await page.setViewportSize(viewport);
    await see(sight);
    const height = await page.evaluate(() => document.scrollingElement?.scrollHeight ?? 0);
    await page.setViewportSize({ width: viewport.width, height: Math.min(Math.max(height, viewport.height), TALLEST) });
    const suffix = lang === "en" ? "" : `-${lang}`;
    await page.screenshot({ path: resolve(FOLDER, `${sight.name}${suffix}-${viewport.width}-${theme}.png`) });
  }
}

test("every page", async ({ page, steward, see }) => {
  // Rates need two readings of the offsets.
  await steward.open(at("/topics/orders"));
  await expect(steward.main).toContainText(/[1-9][\d.]* rec\/s/, { timeout: 30_000 });
  for (const sight of PAGES) await shoot(page, see, sight);
  for (const sight of [...STATES, ...VARIANTS]) await shoot(page, see, sight, TWO);
});

test("some pages in Korean", async ({ page, see }) => {
  const some = PAGES.filter(({ name }) => ["cluster", "topics", "topic", "partition"].includes(name));
  for (const sight of some) await shoot(page, see, sight, TWO, "ko");
});

test("with a broker killed", async ({ page, steward, see }) => {
  cluster("kill", "2");
  await steward.open(at());
  await expect(steward.main).toContainText("Broker 2 is unreachable", { timeout: 40_000 });
  await steward.open(at("/topics/orders"));
  await expect(steward.main).toContainText(/12 under-replicated/, { timeout: 40_000 });
  await shoot(page, see, { name: "failing-clusters", address: "/" }, TWO);
  await shoot(page, see, { name: "failing-cluster", address: at() }, TWO);
  await shoot(page, see, { name: "failing-topic", address: at("/topics/orders") }, TWO);
  await shoot(page, see, { name: "failing-partition", address: at("/topics/orders/partitions/0") }, TWO);
  cluster("start", "2");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await steward.open(at());
  await expect(steward.main, `${LIVE} is whole again`).not.toContainText("Broker 2 is unreachable", { timeout: 40_000 });
});
