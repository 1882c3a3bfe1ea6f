// Topics that specifications make for themselves, and what Kafka's own tools say of them.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cluster } from "./world";

/** A name nobody has yet. It has no "s", so that a search for one finds the seeded topics alone. */
export function unused(start = "new"): string {
  return `${start}-${randomBytes(5).toString("hex")}`;
}

export interface Described {
  partitions: number;
  replicas: number;
  /** What the topic sets itself. */
  configs: Record<string, string>;
  /** By partition. */
  leaders: number[];
  assignment: number[][];
}

/** What `kafka-topics --describe` says. */
export function described(topic: string): Described {
  const said = cluster("tool", "kafka-topics", "--describe", "--topic", topic);
  const [head = "", ...rows] = said.split("\n").filter((line) => line.includes(`Topic: ${topic}`));
  const field = (line: string, name: string) => new RegExp(`${name}: ?([^\\t]*)`).exec(line)?.[1]?.trim() ?? "";
  const pairs = field(head, "Configs").split(/,(?=[a-z.]+=)/).filter(Boolean).map((pair) => pair.split("="));
  return {
    partitions: Number(field(head, "PartitionCount")),
    replicas: Number(field(head, "ReplicationFactor")),
    configs: Object.fromEntries(pairs),
    leaders: rows.map((row) => Number(field(row, "Leader"))),
    assignment: rows.map((row) => field(row, "Replicas").split(",").map(Number)),
  };
}

/** The names `kafka-topics --list` prints. */
export function listed(): string[] {
  return cluster("tool", "kafka-topics", "--list").trim().split("\n");
}

export function create(topic: string, partitions: number, ...more: string[]): void {
  cluster("tool", "kafka-topics", "--create", "--topic", topic, "--partitions", String(partitions), "--replication-factor", "3", ...more);
}

/** Prefers the next replica as the leader of every partition; whoever leads now goes on leading. */
export function turned(topic: string, { assignment }: Described): number[][] {
  const next = assignment.map(([first = 0, ...rest]) => [...rest, first]);
  const folder = mkdtempSync(join(tmpdir(), "steward-"));
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify({ version: 1, partitions: next.map((replicas, partition) => ({ topic, partition, replicas })) }));
  try {
    cluster("tool", "kafka-reassign-partitions", "--reassignment-json-file", file, "--execute");
  } finally {
    rmSync(folder, { recursive: true });
  }
  return next;
}
