// The wizard with the keyboard alone, and a plan that stays smooth while one looks around in it.

import { drafted } from "../support/pages";
import { at } from "../support/steward";
import { expect, test } from "../support/test";

test("a goal is chosen and saved with the keyboard alone", async ({ page, steward }) => {
  const { words, main } = steward;
  await steward.open(at("/reassignments/new?goal=rebalance"));
  const chosen = main.getByRole("radio", { checked: true });
  await chosen.focus();
  // Radios are one stop; arrows go through them, and the focus can be seen.
  await page.keyboard.press("ArrowDown");
  await expect(main.getByRole("radio", { name: /^Even out leaders only/ })).toBeChecked();
  const card = main.locator(".option:has(:focus-visible)");
  await expect(card).toHaveCount(1);
  expect(await card.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("solid");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/drafts\/[0-9a-f]{32}\/scope$/);
  await steward.ready();
  const next = main.getByRole("button", { name: words.nextPlan, exact: true }).last();
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(next).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0], timeout: 25_000 });
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/plan$/);
});

test("a plan is looked through without a long task", async ({ page, steward }) => {
  await page.addInitScript(() => {
    const kept: number[] = [];
    Object.assign(window, { longTasks: kept });
    new PerformanceObserver((list) => kept.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
  });
  await steward.open(drafted("plan?show=all"));
  const tasks = () => page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  const before = (await tasks()).length;
  await steward.filter("o", steward.main.getByRole("searchbox"));
  await expect(page).toHaveURL(/q=o/);
  await page.mouse.wheel(0, 4_000);
  await page.evaluate(() => new Promise(requestAnimationFrame));
  // Coming alive is measured elsewhere; this is about looking around.
  expect((await tasks()).slice(before).filter((duration) => duration > 100)).toEqual([]);
});
