// The watch itself: what it notices, and that it fails a test.

import { expect, test } from "../support/test";

test("an error in the console is noticed", async ({ page, steward, watch }) => {
  await steward.open("/");
  await page.evaluate(() => console.error("oh"));
  await expect.poll(() => watch.complaints).toEqual([expect.stringContaining("console: oh")]);
  watch.forgive(/oh/);
});

test("a broken rule of the policy is noticed", async ({ page, steward, watch }) => {
  await steward.open("/");
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await expect.poll(() => watch.complaints).toContainEqual(expect.stringMatching(/console: .*inline style violates .*style-src/));
  watch.forgive(/style-src/);
});

test("a failing server is noticed", async ({ page, watch }) => {
  await page.route("**/broken", (route) => route.fulfill({ status: 500, body: "oh" }));
  await page.goto("/broken");
  await expect.poll(() => watch.complaints).toContainEqual(expect.stringContaining("status 500"));
  watch.forgive(/500/);
});

test("a dialog is noticed", async ({ page, steward, watch }) => {
  await steward.open("/");
  await page.evaluate(() => alert("oh"));
  await expect.poll(() => watch.complaints).toEqual(["dialog: oh"]);
  watch.forgive(/dialog/);
});

test("what is noticed and not forgiven fails the test", async ({ page, steward, watch }) => {
  test.fail();
  await steward.open("/");
  await page.evaluate(() => console.error("oh"));
  await expect.poll(() => watch.complaints).toHaveLength(1);
});

test("where nothing is wrong it is quiet", async ({ page, steward, watch }) => {
  await steward.open("/");
  await expect(page).toHaveTitle(/Steward/);
  expect(watch.complaints).toEqual([]);
});
