// What is not done, and that it says why: the broker's words, a cluster that changed meanwhile, a second click, a missing role.

import { type Locator } from "@playwright/test";
import { asked, secured } from "../support/session";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { create, described, listed, unused } from "../support/topics";
import { FROZEN, LIVE, cluster } from "../support/world";

test.use({ who: "operator" });
// Each waits for Kafka's own tools, which take seconds.
test.describe.configure({ timeout: 90_000 });

/** A form's fields, as the page has them. */
async function fields(form: Locator): Promise<Record<string, string>> {
  return form.evaluate((form: HTMLFormElement) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
}

function review(kind: string, ...rest: [string, string][]): string {
  return at(`/changes/review?${new URLSearchParams([["kind", kind], ...rest])}`);
}

test("the broker's own words stand beside what it refuses, and what was entered is kept", async ({ steward }) => {
  const { main } = steward;
  const topic = unused();
  await steward.open(at(`/create-topic?name=${topic}&partitions=1&replication_factor=1&config.min.compaction.lag.ms=10&config.max.compaction.lag.ms=1`));
  await steward.review("Create a topic");
  const said = main.locator("section.bad");
  await expect(said).toContainText("This cannot be done");
  await expect(said).toContainText(/INVALID_CONFIG: .*min\.compaction\.lag\.ms/s);
  await expect(main.locator("form[method=post]")).toHaveCount(0);
  await steward.follow("Back to the form");
  await expect(main.getByLabel("Name", { exact: true })).toHaveValue(topic);
  await expect(main.getByLabel("max.compaction.lag.ms", { exact: true })).toHaveValue("1");
});

test("what Steward itself knows to be wrong stands at the field", async ({ steward }) => {
  const { main } = steward;
  await steward.open(at("/create-topic?name=a/b&partitions=0&replication_factor=9"));
  for (const [label, words] of [["Name", /letters/i], ["Partitions", /a number from 1 to/i], ["Replicas", /only 3 brokers/i]] as const) {
    const field = main.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    const ids = (await field.getAttribute("aria-describedby")) ?? "";
    await expect(main.locator(`[id="${ids.split(" ")[0]}"]`)).toContainText(words);
  }
  await expect(main.getByText("3 things to correct")).toBeVisible();
});

test("of two operators the second sees what the first did, and confirms that", async ({ steward, seat }) => {
  const topic = unused();
  create(topic, 2);
  const other = await seat("admin");
  await steward.open(review("grow_partitions", ["topic", topic], ["total", "5"]));
  await other.steward.open(review("grow_partitions", ["topic", topic], ["total", "3"]));
  await expect(steward.main.locator("table.diff")).toContainText(/2\s*5/);
  await other.steward.confirm("Add the partitions");
  await expect(other.steward.done).toContainText("Done");

  await steward.confirm("Add the partitions");
  await expect(steward.main.getByRole("alert")).toContainText("The cluster changed meanwhile, so nothing was applied");
  await expect(steward.main.locator("table.diff")).toContainText(/3\s*5/);
  expect(described(topic).partitions).toBe(3);
  await steward.confirm("Add the partitions");
  await expect(steward.done).toContainText("Done");
  expect(described(topic).partitions).toBe(5);
});

test("a change submitted twice is applied once", async ({ page, steward, cookies }) => {
  const topic = unused();
  await steward.open(review("create_topic", ["name", topic], ["partitions", "1"], ["replication_factor", "3"], ["placement", "balanced"]));
  const twice = await fields(steward.main.locator("form.confirm"));
  await Promise.all([page.waitForURL(/\?change=/), steward.main.getByRole("button", { name: "Create the topic" }).dblclick()]);
  await expect(steward.heading).toHaveText(topic);
  await steward.ready();
  // The same again, as a slow network might.
  const again = await asked(await cookies("operator"), "/do/change", { method: "POST", body: new URLSearchParams(twice) });
  expect(again.headers.get("location")).toContain(`/topics/${topic}?change=`);
  // Whoever goes back is shown what holds now.
  await page.goBack();
  await steward.ready();
  await expect(steward.main).toContainText("A topic of that name exists");
  await steward.open(`/audit?q=${topic}`);
  await expect(steward.entries).toHaveCount(1);
});

test("several topics are chosen in the list, and each has its own outcome", async ({ page, steward }) => {
  const { main } = steward;
  const start = unused("bulk");
  const topics = ["a", "b", "c"].map((end) => `${start}-${end}`);
  for (const topic of topics) create(topic, 1);
  await expect(async () => {
    await steward.open(at(`/topics?q=${start}`));
    await expect(steward.rows).toHaveCount(3, { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await steward.follow("Select");
  await expect(page).toHaveURL(/select=1/);
  for (const topic of topics.slice(0, 2)) await main.getByRole("checkbox", { name: `Select ${topic}` }).check();
  await main.getByRole("button", { name: "Delete topics" }).click();
  await expect(steward.heading).toHaveText("Review: Delete topics");
  await expect(main.locator("table.diff tbody tr")).toHaveCount(2);
  await expect(main).not.toContainText(`${start}-c`);
  await steward.confirm("Delete for ever", "delete 3 topics");
  await expect(main.getByRole("alert")).toContainText("what was typed does not match");
  await steward.confirm("Delete for ever", "delete 2 topics");
  await expect(page).toHaveURL(/\/changes\/[0-9a-f]{32}$/);
  for (const topic of topics.slice(0, 2)) await expect(main.locator("tbody tr", { hasText: topic }).first()).toContainText("done");
  expect(listed().filter((name) => name.startsWith(start))).toEqual([`${start}-c`]);
});

test("records are deleted up to an offset, and no further", async ({ steward }) => {
  const { main } = steward;
  const topic = unused();
  create(topic, 1);
  cluster("tool", "kafka-producer-perf-test", "--topic", topic, "--num-records", "50", "--record-size", "10", "--throughput", "-1");
  await expect(async () => {
    await steward.open(at(`/delete-records?topic=${topic}`));
    await expect(steward.rows.first().locator("td.num").nth(2)).toHaveText("50", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  const start = main.getByRole("spinbutton", { name: "New start of partition 0" });
  await steward.filter("99", start);
  await expect(main).toContainText("Partition 0 has offsets 0 to 50");
  await expect(start).toHaveAttribute("aria-invalid", "true");
  await start.fill("20");
  await steward.review("Delete records");
  await expect(main.locator("table.diff")).toContainText(/0\s*20/);
  await expect(main.locator("dl.weights").first()).toContainText(/Records lost\s*20/);
  await steward.confirm("Delete the records", topic);
  await expect(steward.done).toContainText("Done");
  const offsets = (time: string) => cluster("tool", "kafka-get-offsets", "--topic", topic, "--time", time).trim();
  expect(offsets("earliest")).toBe(`${topic}:0:20`);
  expect(offsets("latest")).toBe(`${topic}:0:50`);
});

test.describe("brokers", () => {
  test.use({ who: "admin" });

  test("a broker's config is set and reset", async ({ page, steward, isLive }) => {
    const { main } = steward;
    // Not the same broker with and without JavaScript: both run at once.
    const broker = isLive ? 2 : 3;
    const key = "log.cleaner.io.max.bytes.per.second";
    const value = String(1_000_000 + (Date.now() % 1_000_000));
    const own = () => cluster("tool", "kafka-configs", "--entity-type", "brokers", "--entity-name", String(broker), "--describe");
    await steward.open(at(`/brokers/${broker}/edit-configs?key=${key}`));
    await main.getByLabel(key, { exact: true }).fill(value);
    await steward.review("Edit broker configs");
    await steward.confirm("Apply the settings");
    await expect(page).toHaveURL(new RegExp(at(`/brokers/${broker}/config`)));
    await expect(steward.done).toContainText("Done");
    expect(own()).toContain(`${key}=${value}`);
    await steward.open(at(`/brokers/${broker}/edit-configs?key=${key}`));
    await main.getByLabel(/^reset to /).check();
    await steward.review("Edit broker configs");
    await steward.confirm("Apply the settings");
    await expect(steward.done).toContainText("Done");
    expect(own()).not.toContain(`${key}=${value}`);
  });

  test("a read-only cluster says why it offers nothing, even to an admin", async ({ page, steward, cookies }) => {
    const { main } = steward;
    const why = /read-only: Steward's configuration forbids every change/;
    const there = (path: string) => `/clusters/${FROZEN}${path}`;
    await steward.open(there("/topics"));
    await expect(page.getByRole("navigation", { name: "Main", exact: true })).toContainText("read-only");
    await expect(main.getByRole("link", { name: "Create topic" })).toHaveCount(0);
    await expect(main.locator("[aria-disabled=true]", { hasText: "Create topic" })).toHaveAttribute("title", why);
    await expect(main.getByRole("link", { name: "Select", exact: true })).toHaveCount(0);
    await steward.open(there("/topics/orders"));
    await main.locator("summary", { hasText: "Actions" }).click();
    const menu = main.locator("details.acts");
    await expect(menu.getByRole("link")).toHaveCount(0);
    await expect(menu.locator("[aria-disabled=true]").first()).toHaveAttribute("title", why);
    for (const path of ["/create-topic", "/grow-partitions?topic=orders", "/edit-configs?topic=orders", "/delete-records?topic=orders", "/brokers/1/edit-configs"]) {
      await steward.open(there(path));
      await expect(main, path).toContainText(why);
    }
    for (const kind of ["delete_topics&topic=orders", "grow_partitions&topic=orders&total=24"]) {
      await steward.open(there(`/changes/review?kind=${kind}`));
      await expect(main.locator("form[method=post]")).toHaveCount(0);
      await expect(main, kind).toContainText(why);
    }
    const answer = await asked(await cookies("admin"), `/api/v1${there("/changes")}?consent=orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ delete_topics: { topic: "orders" } }),
    });
    expect(answer.status).toBe(403);
    expect(listed()).toContain("orders");
  });
});

test.describe("a viewer", () => {
  test.use({ who: "viewer" });

  test("is told which role is missing, and can do nothing", async ({ page, steward, watch }) => {
    const { main } = steward;
    await steward.open(at("/topics"));
    await expect(main.getByRole("link", { name: "Create topic" })).toHaveCount(0);
    await expect(main.getByRole("link", { name: "Select", exact: true })).toHaveCount(0);
    await steward.open(at("/topics/orders"));
    await main.locator("summary", { hasText: "Actions" }).click();
    await expect(main.locator("details.acts").getByRole("link")).toHaveCount(0);
    await steward.open(at("/elections"));
    await expect(main.locator("a.btn, button")).toHaveCount(0);
    await steward.open(at("/create-topic"));
    await expect(main).toContainText("This needs the role operator here");
    await expect(page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: /Audit|Users/ })).toHaveCount(0);
    watch.forgive(/status of 403/);
    for (const address of ["/audit", "/users", "/users/ada"]) {
      expect((await page.goto(address))?.status(), address).toBe(403);
      await expect(steward.heading).toHaveText("Not allowed");
      await expect(main).toContainText("You are signed in as vera.");
    }
  });

  test("is refused whatever is posted, and that is written down", async ({ cookies, seat }) => {
    const viewer = await cookies("viewer");
    const topic = unused();
    const change = JSON.stringify({ create_topic: { name: topic, partitions: 1, replication_factor: 1 } });
    const id = topic.slice(-10).padStart(32, "0");
    const answer = await asked(viewer, "/do/change", {
      method: "POST",
      body: new URLSearchParams({ cluster: LIVE, id, change, base: "", back: at("/topics"), consent: "" }),
    });
    expect(answer.headers.get("location")).toMatch(/said=denied/);
    const json = { "content-type": "application/json" };
    const direct = await asked(viewer, `/api/v1/clusters/${LIVE}/changes`, { method: "POST", headers: json, body: change });
    expect(direct.status).toBe(403);
    for (const path of ["/do/user-add", "/do/user-grant", "/do/user-disable"]) {
      await asked(viewer, path, { method: "POST", body: new URLSearchParams({ name: "vera", "grants[0][role]": "admin", "grants[0][clusters]": "*", "grants[0][topics]": "*" }) });
    }
    expect((await fetch(secured(`/api/v1/clusters/${LIVE}/topics/${topic}`))).status).toBe(401);
    expect((await asked(viewer, `/api/v1/clusters/${LIVE}/topics/${topic}`)).status).toBe(404);
    const admin = await seat("admin");
    await admin.steward.open("/users");
    await expect(admin.steward.rows.filter({ hasText: "vera" })).toContainText("Viewer on all clusters");
    await admin.steward.open("/audit?actor=vera&show=denials");
    await expect(admin.steward.entries.filter({ hasText: "Tried to create topics" }).first()).toBeVisible();
  });
});
