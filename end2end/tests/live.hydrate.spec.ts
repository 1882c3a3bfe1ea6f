// What JavaScript adds: pages stay fresh and links answer without a reload, and what the reader is doing is left alone.

import { type Page } from "@playwright/test";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { create, unused } from "../support/topics";
import { cluster } from "../support/world";

/** News come with the next refresh of the source, then of the page. */
const SOON = { timeout: 25_000 };

/** Marks the document; a reload would lose the mark. */
async function mark(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => Object.assign(window, { mark: true }));
  return async () => expect(await page.evaluate(() => "mark" in window), "the page was reloaded").toBe(true);
}

/** Waits until the page on screen was patched with newer facts. */
async function refreshed(page: Page): Promise<void> {
  const html = page.locator("html");
  const before = (await html.getAttribute("data-now")) ?? "";
  await expect(html).not.toHaveAttribute("data-now", before, SOON);
}

test("a new topic appears, and a deleted one goes, without a reload", async ({ page, steward }) => {
  const topic = unused();
  await steward.open(at(`/topics?q=${topic}`));
  await expect(steward.main).toContainText(steward.words.nothingMatches);
  const isSame = await mark(page);
  create(topic, 2);
  try {
    await expect(steward.rows.filter({ hasText: topic })).toContainText("2", SOON);
  } finally {
    cluster("tool", "kafka-topics", "--delete", "--topic", topic);
  }
  await expect(steward.main).toContainText(steward.words.nothingMatches, SOON);
  await isSame();
});

test("a group's lag moves while one looks at it", async ({ page, steward }) => {
  await steward.open(at("/groups/logstash"));
  const isSame = await mark(page);
  const before = await steward.main.innerText();
  const numbers = (text: string) => text.match(/\d[\d,]*/g)?.join(" ");
  const ages = (text: string) => text.replaceAll(/\d+ (s|min) ago|just now/g, "");
  await expect.poll(async () => numbers(ages(await steward.main.innerText())), SOON).not.toBe(numbers(ages(before)));
  await isSame();
});

test("typing filters by itself; focus and caret outlast a refresh", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  const isSame = await mark(page);
  const depth = await page.evaluate(() => history.length);
  await steward.search.pressSequentially("order");
  await expect(page).toHaveURL(at("/topics?q=order"));
  await expect.poll(() => steward.names()).toEqual(["orders"]);
  await expect(steward.search).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await refreshed(page);
  await expect(steward.search).toBeFocused();
  expect(await steward.search.evaluate((field: HTMLInputElement) => [field.value, field.selectionStart])).toEqual(["order", 3]);
  await page.keyboard.type("-");
  await expect(page).toHaveURL(at("/topics?q=ord-er"));
  expect(await page.evaluate(() => history.length), "a filter is no step of the history").toBe(depth);
  await isSame();
});

test("what was opened stays open over a refresh and closes with the page", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  const details = page.locator("nav details").first();
  await details.locator("summary").click();
  await expect(details).toHaveAttribute("open", "");
  await refreshed(page);
  await expect(details).toHaveAttribute("open", "");
  await steward.follow("orders");
  await steward.expectPage(at("/topics/orders"), "orders");
  await expect(details).not.toHaveAttribute("open");
});

test("text being selected for copying is left alone", async ({ page, steward }) => {
  await steward.open(at("/topics/orders"));
  await steward.heading.selectText();
  const asked = page.waitForResponse((response) => response.url().endsWith("/topics/orders"), SOON);
  await expect(async () => {
    expect(await page.evaluate(() => getSelection()?.toString())).toContain("orders");
  }).toPass();
  await page.evaluate(() => getSelection()?.removeAllRanges());
  await asked;
});

test("links change the page in place: title, focus, scroll, history", async ({ page, steward }) => {
  await page.setViewportSize({ width: 1440, height: 420 });
  await steward.open(at("/topics"));
  const isSame = await mark(page);
  const row = steward.main.getByRole("link", { name: "web-access-log", exact: true });
  await row.scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 150);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  const place = await page.evaluate(() => scrollY);
  await row.click();
  await steward.expectPage(at("/topics/web-access-log"), "web-access-log");
  await expect(page).toHaveTitle(/^web-access-log/);
  await expect(steward.heading).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await steward.expectPage(at("/topics"), steward.words.topics);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(place);
  await page.goForward();
  await steward.expectPage(at("/topics/web-access-log"), "web-access-log");
  await isSame();
});

test("ages are counted on between refreshes", async ({ page, steward }) => {
  await steward.open(at());
  const age = page.locator("header time").first();
  const seen = new Set<string>();
  await expect
    .poll(async () => seen.add(await age.innerText()).size, { timeout: 12_000, intervals: [250] })
    .toBeGreaterThanOrEqual(3);
});

test("a server that stopped answering is told, and that it is back", async ({ page, steward, watch }) => {
  test.setTimeout(70_000);
  watch.forgive(/ERR_FAILED/);
  await steward.open(at());
  await page.route("**/clusters/**", (route) => route.abort());
  const silence = page.locator("[data-silence]");
  await expect(silence).toBeVisible(SOON);
  await expect(silence).not.toBeEmpty();
  await page.unroute("**/clusters/**");
  await expect(silence).toBeHidden(SOON);
});

test("whatever offers to be copied is copied", async ({ page, context, steward }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await steward.open(at());
  await page.evaluate(() => {
    const button = Object.assign(document.createElement("button"), { textContent: "copy" });
    button.dataset.copy = "kafka-topics --list";
    button.dataset.keep = "";
    document.querySelector("main")?.append(button);
  });
  const button = page.locator("[data-copy]").last();
  await button.click();
  await expect(button).toHaveAttribute("data-done", "");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("kafka-topics --list");
});

test("a name is copied by the button beside it, with the keyboard too", async ({ page, context, steward }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await steward.open(at("/topics/orders"));
  const button = page.locator("main [data-copy]").first();
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(button).toHaveAttribute("data-done", "");
  await expect(page.locator("[data-announce]")).not.toBeEmpty();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("orders");
});
