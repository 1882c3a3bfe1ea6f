// In order: the healthy cluster first, then with a broker killed. SHOTS=<pattern> makes only those with such names.

import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { PHONE, WIDE } from "../support/browser";
import { PAGES, type Sight, STATES, VARIANTS } from "../support/pages";
import { prepare } from "../support/draft";
import { at } from "../support/steward";
import { expect, test } from "../support/test";
import { LIVE, cluster, madeUp } from "../support/world";
import type { Page } from "@playwright/test";

const FOLDER = resolve(__dirname, "../../docs/screenshots");
/** A picture goes on below the window to the end of the page, but not beyond this. */
const TALLEST = 1080;

/** Width and theme of a picture. */
type Look = [viewport: typeof WIDE, theme: "light" | "dark"];
const ALL: Look[] = [[WIDE, "light"], [WIDE, "dark"], [PHONE, "light"], [PHONE, "dark"]];
/** For what is but a variation of a page. */
const TWO: Look[] = [[WIDE, "light"], [PHONE, "dark"]];

test.describe.configure({ mode: "serial" });
test.beforeAll(() => {
  if (process.env.SHOTS) return;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
});

async function shoot(page: Page, see: (sight: Sight) => Promise<void>, sight: Sight, looks = ALL, lang = "en"): Promise<void> {
  if (!new RegExp(process.env.SHOTS ?? "").test(sight.name)) return;
  const url = process.env.STEWARD_URL ?? "";
  for (const [viewport, theme] of looks) {
    await page.context().addCookies([
      { name: "lang", value: lang, url },
      { name: "theme", value: theme, url },
    ]);
    await page.setViewportSize(viewport);
    await see(sight);
    const height = await page.evaluate(() => document.scrollingElement?.scrollHeight ?? 0);
    await page.setViewportSize({ width: viewport.width, height: Math.min(Math.max(height, viewport.height), TALLEST) });
    const suffix = lang === "en" ? "" : `-${lang}`;
    await page.screenshot({ path: resolve(FOLDER, `${sight.name}${suffix}-${viewport.width}-${theme}.png`) });
  }
}

test("every page", async ({ page, steward, see }) => {
  // Rates need two readings of the offsets.
  await steward.open(at("/topics/orders"));
  await expect(steward.main).toContainText(/[1-9][\d.]* rec\/s/, { timeout: 30_000 });
  for (const sight of PAGES) await shoot(page, see, sight);
  for (const sight of [...STATES, ...VARIANTS]) await shoot(page, see, sight, TWO);
});

test("some pages in Korean", async ({ page, see }) => {
  const some = PAGES.filter(({ name }) => ["cluster", "topics", "topic", "partition", "reassign-new", "reassign-scope", "reassign-plan", "reassign-pace", "reassign-review"].includes(name));
  for (const sight of some) await shoot(page, see, sight, TWO, "ko");
});

test("reassignments on their way", async ({ page, steward, see }) => {
  const url = `${process.env.STEWARD_URL}/api/v1/clusters/${LIVE}`;
  const change = async (body: object) => {
    const headers = { "content-type": "application/json", "idempotency-key": randomBytes(16).toString("hex") };
    const answer = await fetch(`${url}/changes`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`nothing could be changed: ${await answer.text()}`);
    return headers["idempotency-key"];
  };
  const topic = await (await fetch(`${url}/topics/inventory-changes`)).json();
  const to = (replicas: number[]) => [...replicas.slice(0, -1), ...[1, 2, 3].filter((id) => !replicas.includes(id)).slice(0, 1)];
  const partitions = topic.partitions.map(({ partition, replicas }: { partition: number; replicas: number[] }) => ({
    topic: "inventory-changes", partition, replicas: to(replicas),
  }));
  // So slow that it is under way while it is looked at.
  const job = await change({ reassign: { title: "Even out all brokers", partitions: partitions.slice(1), pace: { throttle: 1_000, inbound: 1 } } });
  await steward.open(at(`/reassignments/${job}`));
  await expect(steward.main).toContainText("copying", { timeout: 30_000 });
  // Korean first: the language of the last picture stays.
  await shoot(page, see, { name: "reassignment-running", address: at(`/reassignments/${job}`) }, TWO, "ko");
  await shoot(page, see, { name: "reassignment-running", address: at(`/reassignments/${job}`) });
  await shoot(page, see, { name: "reassignment-pace", address: at(`/reassignments/${job}?pace=1`) }, TWO);
  await shoot(page, see, { name: "review-cancel", address: at(`/changes/review?kind=control_reassignment&control=cancel&job=${job}`) }, TWO);

  // One more, of somebody else.
  const file = resolve(__dirname, "../test-results/elsewhere.json");
  writeFileSync(file, JSON.stringify({ version: 1, partitions: partitions.slice(0, 1) }));
  const tool = ["tool", "kafka-reassign-partitions", "--reassignment-json-file", file];
  // Kafka's tool begins nothing beside others unless told to.
  cluster(...tool, "--execute", "--additional", "--throttle", "1000");
  await steward.open(at("/reassignments"));
  await expect(steward.main).toContainText("Begun elsewhere", { timeout: 30_000 });
  await shoot(page, see, { name: "reassignments-running", address: at("/reassignments") }, TWO, "ko");
  await shoot(page, see, { name: "reassignments-running", address: at("/reassignments") });
  cluster(...tool, "--cancel");

  await change({ control_reassignment: { job, control: "pause" } });
  await steward.open(at(`/reassignments/${job}`));
  await expect(steward.main).toContainText("paused", { timeout: 30_000 });
  await shoot(page, see, { name: "reassignment-paused", address: at(`/reassignments/${job}`) }, TWO);
  await change({ control_reassignment: { job, control: "cancel" } });
  await steward.open(at(`/reassignments/${job}`));
  await expect(steward.main).toContainText("cancelled", { timeout: 60_000 });
  await shoot(page, see, { name: "reassignment-cancelled", address: at(`/reassignments/${job}`) }, TWO);

  // What somebody forgot.
  const config = ["tool", "kafka-configs", "--alter", "--entity-type", "brokers", "--entity-name", "1"];
  cluster(...config, "--add-config", "leader.replication.throttled.rate=200000");
  await steward.open(at("/reassignments"));
  await expect(steward.main).toContainText("Leftover throttles", { timeout: 120_000 });
  await shoot(page, see, { name: "reassignments-leftover", address: at("/reassignments") }, TWO);
  // And what applies to every broker: a button of its own, for it takes another right.
  const everywhere = ["tool", "kafka-configs", "--alter", "--entity-type", "brokers", "--entity-default"];
  cluster(...everywhere, "--add-config", "follower.replication.throttled.rate=10000000");
  await expect(async () => {
    await steward.open(at("/reassignments"));
    await expect(steward.main).toContainText("Remove from the default of all brokers", { timeout: 3_000 });
  }).toPass({ timeout: 120_000 });
  await shoot(page, see, { name: "reassignments-leftover-default", address: at("/reassignments") }, TWO, "ko");
  await shoot(page, see, { name: "reassignments-leftover-default", address: at("/reassignments") });
  cluster(...everywhere, "--delete-config", "follower.replication.throttled.rate");
  cluster(...config, "--delete-config", "leader.replication.throttled.rate");
});

test("a plan of too many partitions", async ({ page, steward }) => {
  test.setTimeout(120_000);
  const made = await madeUp(1_400);
  try {
    const draft = await prepare(made.url, "synthetic", { goal: "replication", factor: "2" }, {});
    const see = async ({ address }: Sight) => steward.open(`${made.url}${address}`);
    const sight = { name: "reassign-plan-too-much", address: `/clusters/synthetic/reassignments/drafts/${draft}/plan` };
    const url = process.env.STEWARD_URL;
    // Cookies are of one address each.
    process.env.STEWARD_URL = made.url;
    try {
      await shoot(page, see, sight, TWO, "ko");
      await shoot(page, see, sight);
    } finally {
      process.env.STEWARD_URL = url;
    }
  } finally {
    await made.stop();
  }
});

test("with a broker killed", async ({ page, steward, see }) => {
  test.setTimeout(900_000);
  const url = `${process.env.STEWARD_URL}/api/v1/clusters/${LIVE}`;
  type Placed = { partition: number; replicas: number[] };
  const placed = async (topic: string): Promise<Placed[]> => (await (await fetch(`${url}/topics/${topic}`)).json()).partitions;
  // Another order is had at once, a copy on broker 2 never.
  const onto2 = (await placed("sessions-cache")).filter(({ replicas }) => !replicas.includes(2)).map(({ partition, replicas }) => ({
    topic: "sessions-cache", partition, replicas: [...replicas, 2],
  }));
  const reordered = (await placed("users")).map(({ partition, replicas }) => ({
    topic: "users", partition, replicas: [...replicas.filter((id) => id !== 2).reverse(), 2],
  }));
  const partitions = [...onto2, ...reordered];
  const headers = { "content-type": "application/json", "idempotency-key": randomBytes(16).toString("hex") };
  const reassign = { title: "Change to 2 replicas", partitions, pace: { throttle: 500 }, changes_replication_factor: true };
  const answer = await fetch(`${url}/changes`, { method: "POST", headers, body: JSON.stringify({ reassign }) });
  if (!answer.ok) throw new Error(`nothing could be moved: ${await answer.text()}`);
  const job = at(`/reassignments/${headers["idempotency-key"]}`);
  await steward.open(job);
  await expect(async () => {
    const states = (await (await fetch(`${url}/reassignments/${headers["idempotency-key"]}`)).json()).moves.map(({ state }: { state: string }) => state);
    expect(states.filter((state: string) => state === "done"), states.join()).toHaveLength(reordered.length);
    expect(states).toContain("copying");
  }).toPass({ timeout: 30_000 });
  cluster("kill", "2");
  await steward.open(at());
  await expect(steward.main).toContainText("Broker 2 is unreachable", { timeout: 40_000 });
  await steward.open(at("/topics/orders"));
  await expect(steward.main).toContainText(/12 under-replicated/, { timeout: 40_000 });
  await shoot(page, see, { name: "failing-clusters", address: "/" }, TWO);
  await shoot(page, see, { name: "failing-cluster", address: at() }, TWO);
  await shoot(page, see, { name: "failing-topic", address: at("/topics/orders") }, TWO);
  await shoot(page, see, { name: "failing-partition", address: at("/topics/orders/partitions/0") }, TWO);
  await steward.open(job);
  await expect(steward.main).toContainText("It does not get on", { timeout: 60_000 });
  await shoot(page, see, { name: "reassignment-stalled", address: job }, TWO, "ko");
  await shoot(page, see, { name: "reassignment-stalled", address: job }, TWO);
  // Five minutes it is waited for.
  await steward.open(job);
  await expect(steward.main).toContainText("could not be moved", { timeout: 420_000 });
  await shoot(page, see, { name: "reassignment-failed", address: job }, TWO, "ko");
  await shoot(page, see, { name: "reassignment-failed", address: job });
  cluster("start", "2");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await steward.open(at());
  await expect(steward.main, `${LIVE} is whole again`).not.toContainText("Broker 2 is unreachable", { timeout: 40_000 });
});
