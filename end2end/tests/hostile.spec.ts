// Names chosen by strangers are shown, never run. The watch fails on any dialog; the seeded group and client would open one.

import { at } from "../support/steward";
import { expect, test } from "../support/test";

const GROUP = "</title><script>alert(1)</script>";
const CLIENT = '"><img src=x onerror=alert(1)>';
const ASKED = `</title><script>alert(2)</script>"'><img src=x onerror=alert(3)>`;

test.afterEach(async ({ page }) => {
  await expect(page.locator("img[src=x], main script, title script")).toHaveCount(0);
  const scripts = await page.locator("script").allInnerTexts();
  expect(scripts.filter((script) => /alert\(\d\)/.test(script) && !script.includes("\\u003c"))).toEqual([]);
});

test("a group's id and its client's id stay text", async ({ page, steward }) => {
  await steward.open(at("/groups"));
  await steward.follow(GROUP);
  await steward.expectPage(at(`/groups/${encodeURIComponent(GROUP).replaceAll("(", "%28").replaceAll(")", "%29")}`), GROUP);
  await expect.poll(() => page.title()).toContain(GROUP);
  await expect(steward.main).toContainText(CLIENT);
});

test("the same after a reload and on the page of the topic it reads", async ({ page, steward }) => {
  await steward.open(at(`/groups/${encodeURIComponent(GROUP)}`));
  await expect.poll(() => page.title()).toContain(GROUP);
  await expect(steward.heading).toHaveText(GROUP);
  await steward.open(at("/topics/notifications/groups"));
  await expect(steward.main.getByRole("link", { name: GROUP }).first()).toBeVisible();
});

for (const path of ["/topics", "/groups", "/search", "/topics/orders/config", "/brokers/1/config"]) {
  test(`what is searched for stays text on ${path}`, async ({ page, steward }) => {
    await steward.open(at(`${path}?q=${encodeURIComponent(ASKED)}`));
    const field = path === "/search" ? page.getByRole("searchbox").first() : steward.search;
    await expect(field).toHaveValue(ASKED);
  });
}

for (const path of ["/topics", "/groups", "/brokers"]) {
  test(`a name that is missing stays text under ${path}`, async ({ page, steward }) => {
    await steward.open(at(`${path}/${encodeURIComponent(ASKED)}`), 404);
    await expect(steward.heading).toHaveText(steward.words.notFound);
    await expect(page).toHaveTitle(/Steward$/);
  });
}

test("a search typed while the page is open stays text", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await steward.filter(ASKED);
  await expect(page).toHaveURL(/q=/);
  await expect(steward.main).toContainText(steward.words.nothingMatches);
  await expect(steward.search).toHaveValue(ASKED);
});
