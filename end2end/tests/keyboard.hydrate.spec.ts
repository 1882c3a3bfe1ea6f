// A topic from its creation to its end without a mouse.

import { type Locator, type Page } from "@playwright/test";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { listed, unused } from "../support/topics";

test.use({ who: "operator" });

/** Goes there by the Tab key alone; a keyboard's reader must not need it more often. */
async function tabTo(page: Page, target: Locator, most = 60, key = "Tab"): Promise<void> {
  await expect(target.first()).toBeVisible();
  for (let times = 0; times < most; times++) {
    await page.keyboard.press(key);
    if (await target.evaluateAll((elements) => elements.includes(document.activeElement as HTMLElement))) return;
  }
  throw new Error(`${key} ${most} times does not lead to ${target}`);
}

test("a topic is created, reviewed, confirmed and deleted with the keyboard", async ({ page, steward }) => {
  test.setTimeout(90_000);
  const { main } = steward;
  const topic = unused();
  const button = (name: string) => main.getByRole("button", { name, exact: true });

  await steward.open(at());
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await steward.expectPage(at("/topics"), "Topics");
  await tabTo(page, main.getByRole("link", { name: "Create topic" }));
  await page.keyboard.press("Enter");
  await steward.expectPage(at("/create-topic"), "Create a topic");
  await tabTo(page, main.getByRole("button", { name: /^Event log/ }));
  await page.keyboard.press("Enter");
  await expect(main.getByRole("button", { name: /^Event log/ })).toHaveAttribute("aria-pressed", "true");
  await tabTo(page, main.getByLabel("Name", { exact: true }));
  await page.keyboard.type(topic);
  await expect(main).toContainText("Free: no topic has this name");
  await tabTo(page, main.getByLabel("Partitions", { exact: true }), 1);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("3");
  await expect(main).toContainText("with 3 partitions");
  await expect(main.getByLabel("Partitions", { exact: true })).toBeFocused();
  await tabTo(page, button("Review"), 30, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(steward.heading).toHaveText("Review: Create a topic");
  await expect(steward.heading).toBeFocused();
  await tabTo(page, button("Create the topic"));
  await page.keyboard.press("Enter");
  await steward.expectPage(new RegExp(`${at(`/topics/${topic}`)}\\?change=`), topic);
  await steward.ready();

  await page.keyboard.press("Tab");
  await expect(page.locator("a.skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, main.locator("summary", { hasText: "Actions" }), 15);
  await page.keyboard.press("Enter");
  await tabTo(page, main.getByRole("link", { name: "Delete topic" }), 8);
  await page.keyboard.press("Enter");
  await expect(steward.heading).toHaveText("Review: Delete topics");
  await tabTo(page, main.getByLabel("Type to confirm"));
  await page.keyboard.type(topic);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${at("/topics")}\\?change=`));
  await expect(steward.done).toContainText(topic);
  expect(listed()).not.toContain(topic);
});
