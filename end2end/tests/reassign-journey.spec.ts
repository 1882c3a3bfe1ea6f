// The way of somebody who never moved a partition: from a goal in words to a reassignment that is verified, checked with Kafka's own tools.

import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { create, described, unused } from "../support/topics";
import { cluster } from "../support/world";

test("a wish becomes a verified reassignment", async ({ page, steward }) => {
  test.setTimeout(150_000);
  const { words, main } = steward;
  const topic = unused("move");
  cluster("tool", "kafka-topics", "--create", "--topic", topic, "--partitions", "3", "--replication-factor", "2");
  const button = (name: string) => main.getByRole("button", { name, exact: true }).last();
  await expect(async () => {
    const answer = await page.request.get(`/api/v1/clusters/shop/topics/${topic}`);
    expect(answer.status()).toBe(200);
  }).toPass();

  await test.step("goal: three copies instead of two", async () => {
    await steward.open(at("/reassignments"));
    await steward.follow(words.movePartitions);
    await expect(page).toHaveURL(at("/reassignments/new"));
    await main.getByRole("radio", { name: words.goalCopies }).check();
    await main.getByRole("spinbutton", { name: words.copies }).fill("0");
    await main.getByRole("spinbutton", { name: words.copies }).evaluate((field: HTMLInputElement) => field.removeAttribute("min"));
    await button(words.nextScope).click();
    // What was typed is not lost with what is wrong with it.
    await expect(main.getByRole("alert")).toBeVisible();
    await steward.ready();
    await expect(main.getByRole("radio", { name: words.goalCopies })).toBeChecked();
    await main.getByRole("spinbutton", { name: words.copies }).fill("3");
    await button(words.nextScope).click();
    await expect(page).toHaveURL(/drafts\/[0-9a-f]{32}\/scope$/);
    await steward.ready();
  });

  await test.step("scope: this topic, counted while it is typed", async () => {
    const pattern = main.getByLabel(words.topicsThatMove);
    await steward.filter("no-such-topic-at-all", pattern);
    await expect(main).toContainText(words.noSuchTopics);
    await steward.filter(topic, pattern);
    await expect(main.getByRole("link", { name: topic, exact: true })).toBeVisible();
    const limits = main.locator("details.limits");
    if (!(await limits.evaluate((one: HTMLDetailsElement) => one.open))) await limits.locator("summary").click();
    // The disk of a machine that runs tests may be nearly full.
    await main.getByLabel(words.keepFree).fill("0");
    await button(words.nextPlan).click();
    await expect(page).toHaveURL(/\/plan$/);
    await steward.ready();
  });

  await test.step("plan: proven, and the least there is", async () => {
    await expect(main).toContainText(words.verifiedChecks);
    await expect(main).toContainText(words.minimum(3));
    await expect(main.locator(".plan-map td.A")).toHaveCount(3);
    // A reload finds it again.
    await page.reload();
    await steward.ready();
    await expect(main.locator(".plan-map td.A")).toHaveCount(3);
    const file = await page.request.get(page.url().replace(/plan$/, "plan.json"));
    expect((await file.json()).partitions).toHaveLength(3);
    await main.getByRole("link", { name: words.nextPace, exact: true }).first().click();
    await expect(page).toHaveURL(/\/pace$/);
    await steward.ready();
  });

  await test.step("pace: nonsense is told, a rate is kept", async () => {
    const rate = main.getByLabel(words.rate);
    await steward.filter("fast", rate);
    await expect(main).toContainText(words.badRate);
    await rate.fill("50");
    await button(words.nextReview).click();
    await expect(page).toHaveURL(/\/review$/);
    await steward.ready();
  });

  await test.step("review, start, and it is done", async () => {
    await expect(main.locator("pre.commands")).toContainText("--throttle 50000000");
    await expect(main.locator("table.diff tbody tr")).toHaveCount(3);
    await steward.confirm(words.startReassignment);
    await expect(page).toHaveURL(/\/reassignments\/[0-9a-f]{32}$/);
    await expect(async () => {
      // Without JavaScript the reader reloads; with it the page does by itself.
      if (await page.locator("html:not([data-hydrated])").count()) await page.reload();
      await expect(main).toContainText(words.jobDone, { timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
    expect(described(topic)).toMatchObject({ partitions: 3, replicas: 3 });
    const configs = cluster("tool", "kafka-configs", "--entity-type", "topics", "--entity-name", topic, "--describe");
    expect(configs).not.toContain("throttled");
  });
});

test("a partition is placed by hand, and what cannot be is refused", async ({ page, steward }) => {
  test.setTimeout(90_000);
  const { words, main } = steward;
  const topic = unused("hand");
  create(topic, 1);
  await expect(async () => {
    expect((await page.request.get(`/api/v1/clusters/shop/topics/${topic}`)).status()).toBe(200);
  }).toPass();
  const [before = []] = described(topic).assignment;
  await steward.open(at(`/reassignments/new?goal=manual&topics=${topic}`));
  await expect(main.getByRole("radio", { name: words.goalManual })).toBeChecked();
  await main.getByRole("button", { name: words.nextScope, exact: true }).last().click();
  await expect(page).toHaveURL(/\/scope$/);
  await steward.ready();
  await main.getByLabel(words.keepFree, { exact: true }).or(main.getByLabel(words.topicsThatMove)).first().waitFor();
  await main.getByRole("button", { name: words.nextPlan, exact: true }).last().click();
  await expect(page).toHaveURL(/\/plan$/);
  await steward.ready();
  await main.getByRole("link", { name: words.editPlace(`${topic}-0`) }).click();
  const field = main.getByLabel(words.placeField);
  await expect(field).toHaveValue(before.join(", "));
  await field.fill("1, 1, 2");
  await main.getByRole("button", { name: words.placeSave }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("1, 1, 2");
  await steward.ready();
  await field.fill([...before].reverse().join(", "));
  await main.getByRole("button", { name: words.placeSave }).click();
  await expect(main).toContainText(words.changed1);
  await expect(main).toContainText(words.byHand);

  await test.step("what was typed is not thrown away by a slip", async () => {
    const draft = page.url().replace(/[?#].*$/, "");
    const id = /drafts\/([0-9a-f]{32})/.exec(draft)?.[1];
    const ask = async () => {
      await steward.open(at("/reassignments"));
      await main.locator(`tr[data-key="${id}"]`).getByRole("link", { name: words.discard }).click();
      await expect(main.getByRole("region", { name: words.discardFor })).toContainText(words.discardLoses);
      await steward.ready();
    };
    await ask();
    await main.getByRole("link", { name: words.discardKeep }).click();
    await expect(page).toHaveURL(/\/reassignments$/);
    await expect(main.locator(`tr[data-key="${id}"]`)).toBeVisible();
    await ask();
    await main.getByRole("button", { name: words.discardConfirm }).click();
    await expect(main).toContainText(words.discarded);
    await expect(main.locator(`tr[data-key="${id}"]`)).toHaveCount(0);
    await steward.open(draft, 404);
  });
});
