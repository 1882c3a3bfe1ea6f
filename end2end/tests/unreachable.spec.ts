// A cluster nobody answers for: its pages answer, say why, and leave the others alone.

import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { DEAD, LIVE } from "../support/world";

for (const path of ["", "/brokers", "/topics", "/groups", "/search?q=orders"]) {
  test(`the page ${path || "of the cluster"} says what is wrong`, async ({ steward, page }) => {
    await steward.open(`/clusters/${DEAD}${path}`);
    const banner = page.getByRole("status").filter({ hasText: steward.words.unreachable });
    await expect(banner).toBeVisible();
    await expect(banner).toContainText(steward.words.refused);
    await expect(banner).toContainText(steward.words.neverReached);
    // Nothing is known, so nothing is counted.
    await expect(steward.main.getByRole("table").getByText(/^0$/)).toHaveCount(0);
  });
}

test("the list of clusters tells the dead one from the living one", async ({ steward }) => {
  await steward.open("/");
  await expect(steward.rows.filter({ hasText: DEAD })).toHaveCount(1);
  // Why stands in the row below, which has the whole width.
  await expect(steward.rows.filter({ hasText: steward.words.refused })).toHaveCount(1);
  await expect(steward.rows.filter({ hasText: LIVE })).toContainText("3/3");
});

test("the living cluster has no banner", async ({ page, steward }) => {
  await steward.open(at());
  await expect(page.getByText(steward.words.unreachable)).toHaveCount(0);
});

test("whether the dead cluster has a topic is not known: not found would be a guess", async ({ page, watch, steward }) => {
  watch.forgive(/status (of )?503/);
  const response = await page.goto(`/clusters/${DEAD}/topics/orders`);
  expect(response?.status()).toBe(503);
  await expect(steward.main).toContainText(steward.words.notKnownYet);
});
