// The console without a mouse.

import { at } from "../support/steward";
import { expect, test } from "../support/test";

test("a slash goes to the filter and selects what is in it", async ({ page, steward }) => {
  await steward.open(at("/topics?q=orders"));
  await page.keyboard.press("/");
  await expect(steward.search).toBeFocused();
  await page.keyboard.type("user");
  await expect(page).toHaveURL(at("/topics?q=user"));
});

test("g and a letter go to a page", async ({ page, steward }) => {
  const { words } = steward;
  await steward.open(at());
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await steward.expectPage(at("/topics"), words.topics);
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await steward.expectPage(at("/brokers"), words.brokers);
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await steward.expectPage(at("/groups"), words.groups);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(at());
});

test("j and k walk along the rows, Enter opens one", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  const links = steward.rows.locator("> :first-child a");
  await page.keyboard.press("j");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(links.nth(2)).toBeFocused();
  await page.keyboard.press("k");
  await expect(links.nth(1)).toBeFocused();
  const name = await links.nth(1).innerText();
  await page.keyboard.press("Enter");
  await steward.expectPage(at(`/topics/${name}`), name);
});

test("letters typed into a field are letters", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await steward.search.click();
  await page.keyboard.type("g b?j");
  await expect(steward.search).toHaveValue("g b?j");
  await expect(steward.search).toBeFocused();
  await expect(page).toHaveURL(at("/topics?q=g+b%3Fj"));
});

test("a question mark shows the keys, Escape hides them", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await page.keyboard.press("?");
  const help = page.getByRole("dialog");
  await expect(help).toBeVisible();
  await expect(help).toContainText("g");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("the palette finds anything by a few letters", async ({ page, steward }) => {
  await steward.open(at("/brokers"));
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await expect(palette).toBeVisible();
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("web-acc");
  await expect(palette.getByRole("option").first()).toContainText("web-access-log");
  await page.keyboard.press("Enter");
  await steward.expectPage(at("/topics/web-access-log"), "web-access-log");
  await expect(palette).toBeHidden();
});

test("the field in the top bar opens the palette", async ({ page, steward }) => {
  await steward.open(at("/brokers"));
  await page.getByRole("searchbox", { name: steward.words.find }).click();
  const palette = page.getByRole("dialog");
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("logst");
  await palette.getByRole("option", { name: /logstash/ }).click();
  await steward.expectPage(at("/groups/logstash"), "logstash");
});

test("the arrows choose in the palette", async ({ page, steward }) => {
  await steward.open(at("/brokers"));
  await page.keyboard.press("Control+k");
  const options = page.getByRole("dialog").getByRole("option");
  await page.keyboard.type("o");
  // The answer to what was typed chooses the first again: the arrows are for its list.
  await expect(page.locator("#hits")).not.toHaveAttribute("aria-busy");
  await expect(options.nth(0)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(2)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
});

test("the palette is left with Escape, and focus returns", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await page.keyboard.press("j");
  const focused = steward.rows.first().locator("> :first-child a");
  await expect(focused).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(focused).toBeFocused();
});
