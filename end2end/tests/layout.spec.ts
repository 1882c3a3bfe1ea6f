// What holds on every page: it fits a phone, nothing is cut off, it has one heading, one main part and a title of its own.

import { PHONE } from "../support/browser";
import { ALL, PAGES, STATES, VARIANTS } from "../support/pages";
import { at } from "../support/steward";
import { expect, test } from "../support/test";

/** What is cut off because its box is too narrow. */
function cut(): string[] {
  return [...document.querySelectorAll("main *")]
    .filter((box) => getComputedStyle(box).overflowX === "clip" && getComputedStyle(box).textOverflow !== "ellipsis")
    .filter((box) => [...box.children].some((child) => child.getBoundingClientRect().right > box.getBoundingClientRect().right + 1))
    .map((box) => box.className);
}

for (const lang of ["en", "ko"]) {
  test(`every page fits, on a phone and on every screen (${lang})`, async ({ page, steward, see }) => {
    test.setTimeout(180_000);
    await page.context().addCookies([{ name: "lang", value: lang, url: process.env.STEWARD_URL ?? "" }]);
    const titles = new Set<string>();
    for (const sight of ALL) {
      await page.setViewportSize(PHONE);
      await see(sight);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      const beyond = await page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - innerWidth);
      expect.soft(beyond, `${sight.name}: pixels beyond the edge`).toBeLessThanOrEqual(0);
      for (const width of [1240, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        expect.soft(await page.evaluate(cut), `${sight.name}: cut off at ${width} pixels`).toEqual([]);
      }
      await expect.soft(steward.heading, sight.name).toHaveCount(1);
      await expect.soft(steward.main, sight.name).toHaveCount(1);
      await expect.soft(page, sight.name).toHaveTitle(/ · Steward$/);
      if (!VARIANTS.includes(sight)) titles.add(await page.title());
    }
    expect([...titles], "each has a title of its own").toHaveLength(PAGES.length + STATES.length);
  });
}

test("on a phone the menu opens, leads on and is closed again", async ({ page, steward }) => {
  await page.setViewportSize(PHONE);
  await steward.open(at());
  const link = page.getByRole("navigation", { name: steward.words.navigation, exact: true }).getByRole("link", { name: steward.words.topics });
  await expect(link).toBeHidden();
  await page.getByLabel(steward.words.menu, { exact: true }).click();
  await link.click();
  await steward.expectPage(at("/topics"), steward.words.topics);
  await expect(link).toBeHidden();
});

test("the first step of the Tab key leads past the navigation", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await page.keyboard.press("Tab");
  const skip = page.locator("a.skip");
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.querySelector("main")?.contains(document.activeElement))).toBe(true);
});
