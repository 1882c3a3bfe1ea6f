// What holds on every page: it fits a phone, it has one heading, one main part and a title of its own.

import { PHONE } from "../support/browser";
import { PAGES, STATES } from "../support/pages";
import { at } from "../support/steward";
import { expect, test } from "../support/test";

test("every page has a title, a heading and a main part of its own", async ({ page, steward }) => {
  const titles = new Set<string>();
  for (const { name, address, status } of [...PAGES, ...STATES]) {
    await steward.open(address, status);
    await expect.soft(steward.heading, name).toHaveCount(1);
    await expect.soft(steward.main, name).toHaveCount(1);
    await expect.soft(page, name).toHaveTitle(/ · Steward$/);
    if (name !== "nothing-matches") titles.add(await page.title());
  }
  expect([...titles]).toHaveLength(PAGES.length + STATES.length - 1);
});

for (const lang of ["en", "ko"]) {
  test(`no page is wider than a phone (${lang})`, async ({ page, steward }) => {
    await page.setViewportSize(PHONE);
    await page.context().addCookies([{ name: "lang", value: lang, url: process.env.STEWARD_URL ?? "" }]);
    for (const { name, address, status } of [...PAGES, ...STATES]) {
      await steward.open(address, status);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      const beyond = await page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - innerWidth);
      expect.soft(beyond, `${name}: pixels beyond the edge`).toBeLessThanOrEqual(0);
    }
  });
}

for (const width of [1240, 1440, 1920]) {
  test(`nothing is cut off at ${width} pixels`, async ({ page, steward }) => {
    await page.setViewportSize({ width, height: 900 });
    for (const { name, address } of PAGES) {
      await steward.open(address);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll("main *")]
          .filter((box) => getComputedStyle(box).overflowX === "clip" && getComputedStyle(box).textOverflow !== "ellipsis")
          .filter((box) => [...box.children].some((child) => child.getBoundingClientRect().right > box.getBoundingClientRect().right + 1))
          .map((box) => box.className),
      );
      expect.soft(cut, name).toEqual([]);
    }
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
