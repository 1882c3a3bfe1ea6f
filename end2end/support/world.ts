// What the tests look at: a real Kafka of three brokers, filled, and Steward over it and over an address where nobody listens;
// once without users, as most specifications want it, and once with.
//
// For quick loops: CLUSTERS=<folder> keeps the Kafka in that folder and uses it again; STEWARD_URL=<address> uses a Steward that runs
// already over clusters named as below, SECURED_URL one with the people of people.ts.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { prepare } from "./draft";
import { CANARIES, PEOPLE, type Person } from "./people";

const here = resolve(__dirname, "..");
const target = process.env.TARGET ? resolve(process.env.TARGET) : resolve(here, "../target");

/** What Steward calls the Kafka with brokers. */
export const LIVE = "shop";
/** The name of the one nobody answers for. */
export const DEAD = "nobody-there";
/** The same brokers once more, in the Steward with users: nobody may change them under this name. */
export const FROZEN = "shop-read-only";
/** A change of two topics that was made in the Steward without users. */
export const OUTCOME = "0123456789abcdef0123456789abcdef";

/** A reassignment that was made in the Steward without users. */
const JOB = "fedcba9876543210fedcba9876543210";

/** What the `cluster` command calls it. */
const NAME = "e2e";

/** Playwright's global setup; what it returns is the teardown. */
export default async function world(): Promise<() => Promise<void>> {
  const undo: (() => void | Promise<void>)[] = [];
  const teardown = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    undo.push(kafka());
    if (!process.env.STEWARD_URL) undo.push(await steward("STEWARD_URL", "steward", []));
    if (!process.env.SECURED_URL) undo.push(await steward("SECURED_URL", "secured", Object.values(PEOPLE)));
    await filled();
    await changed();
    const origin = process.env.STEWARD_URL ?? "";
    process.env.DRAFT = await prepare(origin, LIVE, { goal: "replication", factor: "2" }, { topics: "orders inventory-changes" });
    process.env.REFUSED_DRAFT = await prepare(origin, LIVE, { goal: "replication", factor: "9" }, {});
    process.env.BLANK_DRAFT = await prepare(origin, LIVE, { goal: "manual" }, { topics: "orders" });
    process.env.IDLE_DRAFT = await prepare(origin, LIVE, { goal: "repair" }, { topics: "orders" });
    process.env.JOB = await moved();
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

/** Runs the `cluster` command on the tests' Kafka; returns what it printed. */
export function cluster(...args: string[]): string {
  const all = ["--dir", folder(), "--name", NAME, ...args];
  return execFileSync(join(target, "debug/cluster"), all, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Where the Kafka lives: in memory if there is such a place; one per checkout, so that a run finds what a killed one left. */
function folder(): string {
  if (process.env.CLUSTERS) return resolve(process.env.CLUSTERS);
  const checkout = createHash("sha256").update(here).digest("hex").slice(0, 8);
  return join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `steward-end2end-${checkout}`);
}

function kafka(): () => void {
  const keeps = process.env.CLUSTERS !== undefined;
  if (!keeps && existsSync(join(folder(), NAME))) cluster("down", "--delete");
  const down = () => {
    if (keeps) return;
    cluster("down", "--delete");
    rmSync(folder(), { recursive: true, force: true });
  };
  try {
    cluster("up");
    cluster("seed");
    cluster("traffic", "--detach");
  } catch (error) {
    down();
    throw error;
  }
  return down;
}

/** Starts a Steward over the Kafka; its address goes into the environment under `variable`. */
async function steward(variable: string, name: string, people: Person[]): Promise<() => Promise<void>> {
  const bootstrap: string = JSON.parse(cluster("status", "--json")).bootstrap.PLAINTEXT;
  const output = join(here, "test-results");
  mkdirSync(output, { recursive: true });
  const data = join(output, `${name}-data`);
  rmSync(data, { recursive: true, force: true });
  for (const { name: user, password, grant } of people) {
    const arguments_ = ["user", "add", user, ...grant, "--password-stdin", "--data", data];
    execFileSync(join(target, "debug/steward"), arguments_, { input: `${password}\n`, stdio: ["pipe", "ignore", "inherit"] });
  }
  const config = join(output, `${name}.toml`);
  // Shorter than in production, so that tests see news soon.
  writeFileSync(
    config,
    `data = "${data}"

[[cluster]]
name = "${LIVE}"
bootstrap = "${bootstrap}"
[cluster.refresh]
metadata = 2
heartbeat = 2
offsets = 3
disks = 10
configs = 10

[[cluster]]
name = "${DEAD}"
bootstrap = "127.0.0.1:${await freePort()}"
${people.length > 0 ? `\n[[cluster]]\nname = "${FROZEN}"\nbootstrap = "${bootstrap}"\nread_only = true\n` : ""}`,
  );
  const listen = `127.0.0.1:${await freePort()}`;
  const log = join(output, `${name}.log`);
  const file = openSync(log, "w");
  const arguments_ = ["serve", "--config", config, "--listen", listen];
  const process_ = spawn(join(target, "debug/steward"), arguments_, { stdio: ["ignore", file, file] });
  process.env[variable] = `http://${listen}`;
  const said = () => readFileSync(log, "utf8");
  try {
    await until(`Steward answers on ${listen}`, async () => {
      if (process_.exitCode !== null) throw new Error(`Steward ended:\n${said()}`);
      return (await fetch(`${process.env[variable]}/ready`)).ok;
    });
  } catch (error) {
    await stop(process_);
    throw error;
  }
  return async () => {
    await stop(process_);
    if (said().includes("panicked at")) throw new Error(`Steward panicked, see ${log}`);
    const leaks = [log, ...filesOf(data)].filter((path) => {
      const bytes = readFileSync(path);
      return CANARIES.some((canary) => bytes.includes(canary));
    });
    if (leaks.length > 0) throw new Error(`a password can be read in ${leaks.join(", ")}`);
    execFileSync(join(target, "debug/steward"), ["audit", "verify", "--data", data], { stdio: "inherit" });
  };
}

/** A Steward over a made-up cluster of `topics` times ten partitions, called `synthetic`; its address, and what ends it. */
export async function madeUp(topics: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const listen = `127.0.0.1:${await freePort()}`;
  const process_ = spawn(join(target, "debug/steward"), ["serve", "--synthetic", String(topics), "--listen", listen], { stdio: "ignore" });
  const url = `http://${listen}`;
  try {
    await until(`a Steward over made-up data answers on ${listen}`, async () => (await fetch(`${url}/health`)).ok);
  } catch (error) {
    await stop(process_);
    throw error;
  }
  return { url, stop: () => stop(process_) };
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Until the first round of every source is in: pages are complete from here on. */
async function filled(): Promise<void> {
  const get = async (path: string) => (await fetch(`${process.env.STEWARD_URL}/api/v1/clusters/${LIVE}/${path}`)).json();
  await until("Steward knows the cluster", async () => {
    const topic = await get("topics/orders");
    const groups = await get("groups");
    const billing = groups.items?.find((group: { id: string }) => group.id === "billing");
    return topic.size_bytes > 0 && topic.record_count > 0 && topic.configs?.length > 0 && billing?.member_count > 0;
  });
}

/** Makes the change `OUTCOME`: a harmless setting, another one each time. */
async function changed(): Promise<void> {
  const set = { "segment.ms": String(604_800_000 + (Date.now() % 1_000_000)) };
  const answer = await fetch(`${process.env.STEWARD_URL}/api/v1/clusters/${LIVE}/changes`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": OUTCOME },
    body: JSON.stringify({ edit_topic_configs: { topics: ["audit-trail", "sessions-cache"], set } }),
  });
  if (!answer.ok) throw new Error(`nothing could be changed: ${await answer.text()}`);
}

/** Moves a partition there and back, so that there is a reassignment to look at; returns the job's id. */
async function moved(): Promise<string> {
  const url = `${process.env.STEWARD_URL}/api/v1/clusters/${LIVE}`;
  const topic = await (await fetch(`${url}/topics/notifications`)).json();
  const [first, ...others]: number[] = topic.partitions[0].replicas;
  const reassign = { title: "Even out leaders", partitions: [{ topic: "notifications", partition: 0, replicas: [...others, first] }] };
  const answer = await fetch(`${url}/changes`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": JOB },
    body: JSON.stringify({ reassign }),
  });
  if (!answer.ok) throw new Error(`nothing could be moved: ${await answer.text()}`);
  await until("the reassignment is over", async () => (await (await fetch(`${url}/reassignments/${JOB}`)).json()).phase === "done");
  return JOB;
}

async function stop(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const ended = new Promise((resolve) => process_.once("exit", resolve));
  process_.kill("SIGTERM");
  const impatient = setTimeout(() => process_.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(impatient);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 60_000;
  let last: unknown;
  while (Date.now() < limit) {
    try {
      if (await holds()) return;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("Steward ended")) throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not within a minute: ${what}${last ? ` (${last})` : ""}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
