// The way of a reader through the console, by its links and forms.

import { readFile } from "node:fs/promises";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { LIVE } from "../support/world";

test("from all clusters to one partition by the links", async ({ page, steward }) => {
  const words = steward.words;
  await test.step("clusters", async () => {
    await steward.open("/");
    await expect(page.locator("html")).toHaveAttribute("lang", words.lang);
    await steward.expectPage("/", words.clusters);
    await steward.main.getByRole("link", { name: LIVE }).click();
  });
  await test.step("overview", async () => {
    await steward.expectPage(at(), LIVE);
    await steward.go(words.brokers);
  });
  await test.step("brokers", async () => {
    await steward.expectPage(at("/brokers"), words.brokers);
    await expect(steward.rows).toHaveCount(3);
    await steward.rows.nth(1).getByRole("link").first().click();
  });
  await test.step("broker", async () => {
    await steward.expectPage(at("/brokers/2"), new RegExp(words.broker(2)));
    await expect(steward.main).toContainText("r2");
    await steward.go(words.topics);
  });
  await test.step("topics", async () => {
    await steward.expectPage(at("/topics"), words.topics);
    await steward.follow("orders");
  });
  await test.step("topic", async () => {
    await steward.expectPage(at("/topics/orders"), "orders");
    await steward.main.locator(`a[href="${at("/topics/orders/partitions/3")}"]`).first().click();
  });
  await test.step("partition", async () => {
    await steward.expectPage(at("/topics/orders/partitions/3"), words.partition(3));
    await expect(steward.main).toContainText(words.canLoseOne);
    await expect(page).toHaveTitle(/orders.*Steward$/);
  });
  await test.step("back and forward", async () => {
    await page.goBack();
    await steward.expectPage(at("/topics/orders"), "orders");
    await page.goBack();
    await steward.expectPage(at("/topics"), words.topics);
    await page.goForward();
    await steward.expectPage(at("/topics/orders"), "orders");
  });
  await test.step("breadcrumbs lead up", async () => {
    await page.getByRole("navigation", { name: words.breadcrumbs }).getByRole("link", { name: LIVE }).click();
    await steward.expectPage(at(), LIVE);
  });
});

test("topics are searched, and the address says so", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await steward.filter("pay");
  await expect(page).toHaveURL(at("/topics?q=pay"));
  await expect.poll(() => steward.names()).toEqual(["payments.settled"]);
  await page.reload();
  await steward.ready();
  await expect(steward.search).toHaveValue("pay");
  await expect.poll(() => steward.names()).toEqual(["payments.settled"]);
});

test("a search without a result says how to get out", async ({ page, steward }) => {
  await steward.open(at("/topics?q=no-such-topic"));
  await expect(steward.main).toContainText(steward.words.nothingMatches);
  await steward.follow(steward.words.clear);
  await expect(page).toHaveURL(at("/topics"));
  await expect(steward.rows.filter({ hasText: "orders" })).toHaveCount(1);
});

test("topics are sorted by a column, turned round by a second click", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  const head = steward.main.getByRole("columnheader", { name: steward.words.partitions });
  const counts = async () => (await steward.column(steward.words.partitions)).map(Number);
  await head.getByRole("link").click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=/);
  const down = await counts();
  expect(down).toEqual(down.toSorted((a, b) => b - a));
  expect(down[0]).toBe(24);
  await head.getByRole("link").click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const up = await counts();
  expect(up).toEqual(up.toSorted((a, b) => a - b));
  expect(up.at(-1)).toBe(24);
});

test("topics come in pages, and all pages together are all topics", async ({ page, steward }) => {
  // Topics that other tests make meanwhile have no "s": they would move the rest from page to page.
  await steward.open(at("/topics?q=s&per=4"));
  const next = steward.main.getByRole("link", { name: steward.words.nextPage });
  const seen = await steward.names();
  expect(seen).toHaveLength(4);
  for (let number = 2; await next.isVisible(); number++) {
    await next.click();
    await expect(page).toHaveURL(new RegExp(`page=${number}`));
    await expect.poll(() => steward.names()).not.toEqual(seen.slice(-4));
    seen.push(...(await steward.names()));
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(["orders", "clickstream", "users", "notifications"]));
});

test("chips narrow the list and are taken back", async ({ page, steward }) => {
  await steward.open(at("/topics"));
  await expect(steward.rows.filter({ hasText: "__consumer_offsets" })).toHaveCount(0);
  await steward.chip(steward.words.internal).click();
  await expect(page).toHaveURL(/show=internal/);
  await expect(steward.chip(steward.words.internal)).toHaveAttribute("aria-current", "true");
  await expect(steward.rows.filter({ hasText: "__consumer_offsets" })).toHaveCount(1);
  await steward.chip(steward.words.internal).click();
  await expect(page).toHaveURL(at("/topics"));
  await steward.chip(steward.words.skewed).click();
  await expect.poll(() => steward.names()).not.toContain("orders");
  expect(await steward.names()).toContain("inventory-changes");
});

test("the list as CSV holds what the page shows", async ({ page, steward }) => {
  await steward.open(at("/topics?q=orders"));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    steward.main.getByRole("link", { name: steward.words.csv }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
  expect(lines[0]).toMatch(/^name,partition_count,replication_factor,/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^orders,12,3,/);
});

test("a topic's tabs: its groups, its configuration, its replicas", async ({ page, steward }) => {
  const words = steward.words;
  await steward.open(at("/topics/orders"));
  await steward.tab(words.tabGroups).click();
  await expect(page).toHaveURL(at("/topics/orders/groups"));
  await expect(steward.main.getByRole("link", { name: "fraud-scoring" }).first()).toBeVisible();
  await steward.tab(words.tabReplicas).click();
  await expect(page).toHaveURL(at("/topics/orders/replicas"));
  await expect(steward.main).toContainText("r3");
  await steward.tab(words.tabConfig).click();
  await expect(page).toHaveURL(at("/topics/orders/config"));
  await expect(steward.main).toContainText("retention.ms");
});

test("a topic's configuration is searched and narrowed to what was changed", async ({ page, steward }) => {
  await steward.open(at("/topics/payments.settled/config"));
  await steward.chip(steward.words.changed).click();
  await expect(page).toHaveURL(/show=changed/);
  await expect(steward.main).toContainText("max.message.bytes");
  await expect(steward.main).not.toContainText("flush.messages");
  await steward.filter("retention");
  await expect(page).toHaveURL(/q=retention/);
  await expect(steward.main).toContainText("retention.bytes");
  await expect(steward.main).not.toContainText("max.message.bytes");
});

test("a broker's configuration is searched by the address too", async ({ steward }) => {
  await steward.open(at("/brokers/1/config?q=log.cleaner"));
  await expect(steward.rows.filter({ hasText: "log.cleaner.backoff.ms" })).toContainText("20000");
  await expect(steward.rows.filter({ hasText: "log.retention" })).toHaveCount(0);
});

test("from the groups to one group and on to what it reads", async ({ page, steward }) => {
  await steward.open(at());
  await steward.go(steward.words.groups);
  await steward.expectPage(at("/groups"), steward.words.groups);
  await steward.filter("log");
  await expect(page).toHaveURL(at("/groups?q=log"));
  await steward.follow("logstash");
  await steward.expectPage(at("/groups/logstash"), "logstash");
  await expect(steward.main).toContainText("logstash-1");
  await steward.follow("web-access-log");
  await expect(page).toHaveURL(new RegExp(`${at("/topics/web-access-log")}`));
});

test("groups come with those furthest behind first", async ({ page, steward }) => {
  await steward.open(at("/groups"));
  await expect(steward.main.locator("th[aria-sort=descending]")).toHaveCount(1);
  expect((await steward.names())[0]).toBe("never-started");
  await steward.main.locator("th").first().getByRole("link").click();
  await expect(page).toHaveURL(at("/groups?sort=id"));
  await expect.poll(async () => (await steward.names()).at(-1)).toBe("search-indexer");
});

test("the search in the top bar finds topics and groups", async ({ page, steward }) => {
  await steward.open(at("/brokers"));
  const field = page.getByRole("searchbox", { name: steward.words.find });
  await field.fill("search");
  await field.press("Enter");
  await expect(page).toHaveURL(at("/search?q=search"));
  await steward.follow("search-indexer");
  await steward.expectPage(at("/groups/search-indexer"), "search-indexer");
});

test("an address that leads nowhere says so and offers what was meant", async ({ page, steward }) => {
  const words = steward.words;
  for (const address of ["/nowhere", "/clusters/nowhere", at("/brokers/99"), at("/groups/nobody"), at("/topics/orders/partitions/99")]) {
    await steward.open(address, 404);
    await expect(steward.heading, address).toHaveText(words.notFound);
  }
  await steward.open(at("/topics/order"), 404);
  await steward.follow("orders");
  await steward.expectPage(at("/topics/orders"), "orders");
  await expect(page).toHaveTitle(/^orders/);
});

test("theme and language are kept", async ({ page, steward }) => {
  const html = page.locator("html");
  await steward.open(at("/topics?q=orders"));
  await page.getByRole("button", { name: steward.words.dark }).click();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL(at("/topics?q=orders"));
  await steward.ready();
  await page.getByRole("button", { name: steward.words.otherLanguage }).click();
  const other = steward.words.lang === "en" ? "ko" : "en";
  await expect(html).toHaveAttribute("lang", other);
  await expect(page).toHaveURL(at("/topics?q=orders"));
  await steward.open(at("/brokers"));
  await expect(html).toHaveAttribute("lang", other);
  await expect(html).toHaveAttribute("data-theme", "dark");
});

test("a language in the address outranks all", async ({ page, steward }) => {
  const other = steward.words.lang === "en" ? "ko" : "en";
  await steward.open(at(`/topics?lang=${other}`));
  await expect(page.locator("html")).toHaveAttribute("lang", other);
});
