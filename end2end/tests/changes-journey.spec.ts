// The way of an operator: a topic from its creation to its end, each step checked with Kafka's own tools.

import { readFile } from "node:fs/promises";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { create, described, listed, turned, unused } from "../support/topics";

test.use({ who: "operator" });

test("a topic is created, grown, configured and deleted", async ({ page, steward, isLive }) => {
  test.setTimeout(150_000);
  const { words, main } = steward;
  const topic = unused();
  const field = main.getByLabel(words.name, { exact: true });

  await test.step("create: a preset, a name that is taken, one that is free", async () => {
    await steward.open(at("/topics"));
    await steward.follow(words.create);
    await steward.expectPage(at("/create-topic"), words.createTitle);
    await main.getByRole("button", { name: words.eventLog }).click();
    await expect(main.getByRole("button", { name: words.eventLog })).toHaveAttribute("aria-pressed", "true");
    await expect(main.getByLabel("retention.ms", { exact: true })).toHaveValue("604800000");
    await steward.filter("orders", field);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(main).toContainText(words.taken);
    await steward.filter(topic, field);
    await expect(main).toContainText(words.free);
    await expect(field).not.toHaveAttribute("aria-invalid");
    // While one types the caret stays.
    if (isLive) await expect(field).toBeFocused();
    await main.getByLabel(words.partitions, { exact: true }).fill("4");
    await steward.review(words.createTitle);
    await expect(main.locator("pre.commands")).toContainText(`--topic ${topic}`);
    await steward.confirm(words.createConfirm);
    await steward.expectPage(new RegExp(`${at(`/topics/${topic}`)}\\?change=`), topic);
    await expect(steward.done).toContainText(words.done);
    expect(described(topic)).toMatchObject({ partitions: 4, replicas: 3, configs: { "retention.ms": "604800000", "cleanup.policy": "delete" } });
  });

  await test.step("add partitions", async () => {
    await steward.act(words.grow);
    await expect(page).toHaveURL(at(`/grow-partitions?topic=${topic}`));
    const total = main.getByLabel(words.growTotal);
    await expect(total).toHaveValue("8");
    await total.fill("6");
    await steward.review(words.grow);
    await expect(main.locator("table.diff")).toContainText(/4\s*6/);
    await steward.confirm(words.growConfirm);
    await expect(steward.done).toContainText(words.done);
    await expect(steward.heading).toHaveText(topic);
  });

  await test.step("set a config, with its difference", async () => {
    await steward.act(words.edit);
    await main.getByRole("button", { name: words.editOne("retention.ms"), exact: true }).click();
    const value = main.getByLabel("retention.ms", { exact: true });
    await expect(value).toHaveValue("604800000");
    await value.fill("86400000");
    await steward.review(words.editTitle);
    await expect(main.locator("table.diff")).toContainText(/retention\.ms.*604800000.*86400000/s);
    await steward.confirm(words.editConfirm);
    await expect(page).toHaveURL(new RegExp(at(`/topics/${topic}/config`)));
    await expect(steward.done).toContainText(words.done);
    expect(described(topic)).toMatchObject({ partitions: 6, configs: { "retention.ms": "86400000" } });
  });

  await test.step("reset it", async () => {
    await steward.act(words.edit);
    await main.getByRole("button", { name: words.editOne("retention.ms"), exact: true }).click();
    await main.getByLabel(words.reset).check();
    await steward.review(words.editTitle);
    await expect(main.locator("table.diff")).toContainText(/retention\.ms.*86400000/s);
    await steward.confirm(words.editConfirm);
    await expect(steward.done).toContainText(words.done);
  });

  await test.step("delete: a wrong name is refused, the right one is not", async () => {
    await steward.open(at(`/topics/${topic}`));
    await steward.act(words.delete);
    await expect(steward.heading).toHaveText(`${words.review}: ${words.deleteTitle}`);
    await steward.confirm(words.deleteConfirm, "orders");
    await expect(page.getByRole("alert")).toContainText(words.noMatch);
    const still = described(topic);
    expect(still.partitions).toBe(6);
    expect(still.configs, "the reset").not.toHaveProperty(["retention.ms"]);
    await steward.confirm(words.deleteConfirm, topic);
    await expect(page).toHaveURL(new RegExp(`${at("/topics")}\\?change=`));
    await expect(steward.done).toContainText(topic);
    const names = listed();
    expect(names).not.toContain(topic);
    expect(names).toContain("orders");
  });

  await test.step("the audit log has all of it", async () => {
    await steward.go(words.audit);
    await steward.expectPage("/audit", words.audit);
    await steward.filter(topic);
    await expect(page).toHaveURL(new RegExp(topic));
    const entries = [
      words.auditDelete(topic),
      words.auditReset(topic, "retention.ms"),
      words.auditSet(topic, "retention.ms", "86400000"),
      words.auditGrow(topic, 6),
      words.auditCreate(topic, 4),
    ];
    await expect(steward.entries).toHaveCount(entries.length);
    for (const [index, entry] of entries.entries()) {
      await expect(steward.entries.nth(index)).toContainText(entry);
      await expect(steward.entries.nth(index).locator("td.became")).toContainText(words.auditDone);
      await expect(steward.entries.nth(index).locator("td.by")).toHaveText("oscar");
    }
    const [download] = await Promise.all([page.waitForEvent("download"), main.getByRole("link", { name: words.csv }).click()]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
    expect(lines.filter((line) => line.includes(topic)).length).toBeGreaterThanOrEqual(entries.length);
    expect(lines.slice(1).every((line) => line.includes("oscar"))).toBe(true);
  });
});

test("leaders are elected where Kafka prefers others", async ({ page, steward }) => {
  test.setTimeout(90_000);
  const { words, main } = steward;
  const topic = unused();
  create(topic, 2);
  const before = described(topic);
  const wanted = turned(topic, before).map(([first]) => first);
  expect(wanted).not.toEqual(before.leaders);

  const row = main.locator("tbody tr", { has: page.getByRole("link", { name: topic, exact: true }) });
  await expect(async () => {
    await steward.open(at("/elections"));
    await expect(row.locator("td.num").nth(1)).toHaveText("2", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await row.getByRole("link", { name: words.electHere(topic) }).click();
  await expect(steward.heading).toHaveText(`${words.review}: ${words.electTitle}`);
  await expect(main.locator("table.diff tbody tr")).toHaveCount(2);
  const review = page.url();
  await steward.confirm(words.electConfirm);
  // Two partitions, so it is told one by one.
  await expect(steward.heading).toContainText("2");
  await expect(main.locator("tbody tr", { hasText: `${topic}-1` }).first()).toContainText(words.itemDone);
  expect(described(topic).leaders).toEqual(wanted);

  await test.step("then there is nothing to elect, and the pages say so", async () => {
    await steward.open(new URL(review).pathname + new URL(review).search);
    await expect(main).toContainText(words.alreadySo);
    await expect(main.getByRole("button", { name: words.electConfirm })).toHaveCount(0);
    await steward.open(at(`/topics/${topic}`));
    await expect(main.getByRole("link", { name: words.elect })).toHaveCount(0);
    await steward.open(`/audit?q=${topic}`);
    await expect(steward.entries.first()).toContainText(words.auditElect(2));
  });
});
