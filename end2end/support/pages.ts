// Every page there is, by a name that can be a file's.

import type { Who } from "./people";
import { at } from "./steward";
import { DEAD, FROZEN, OUTCOME } from "./world";

export interface Sight {
  name: string;
  address: string;
  status?: number;
  /** Who sees it, in the Steward that has users. Without it: the Steward without users. */
  who?: Who | "nobody";
}

function review(kind: string, rest: string): string {
  return at(`/changes/review?kind=${kind}&${rest}`);
}

/** A step of the reassignment that the global setup prepared. */
export function drafted(step: string, draft = process.env.DRAFT): string {
  return at(`/reassignments/drafts/${draft}/${step}`);
}

/** The reassignment that the global setup made. */
export function moved(): string {
  return at(`/reassignments/${process.env.JOB}`);
}

/** Each has a title of its own. */
export const PAGES: Sight[] = [
  { name: "clusters", address: "/" },
  { name: "cluster", address: at() },
  { name: "brokers", address: at("/brokers") },
  { name: "broker", address: at("/brokers/1") },
  { name: "broker-config", address: at("/brokers/1/config") },
  { name: "topics", address: at("/topics") },
  { name: "topic", address: at("/topics/orders") },
  { name: "topic-groups", address: at("/topics/orders/groups") },
  { name: "topic-config", address: at("/topics/payments.settled/config") },
  { name: "topic-replicas", address: at("/topics/orders/replicas") },
  { name: "partition", address: at("/topics/orders/partitions/0") },
  { name: "groups", address: at("/groups") },
  { name: "group", address: at("/groups/logstash") },
  { name: "search", address: at("/search?q=log") },
  { name: "create-topic", address: at("/create-topic?preset=work_queue&name=image.thumbnails") },
  { name: "grow-partitions", address: at("/grow-partitions?topic=orders") },
  { name: "edit-configs", address: at("/edit-configs?topic=payments.settled&set.retention.ms=3600000&key=cleanup.policy") },
  { name: "edit-broker-configs", address: at("/brokers/1/edit-configs?key=num.io.threads") },
  { name: "delete-records", address: at("/delete-records?topic=orders") },
  { name: "reassignments", address: at("/reassignments") },
  { name: "reassign-new", address: at("/reassignments/new?goal=drain&brokers=2") },
  { name: "reassign-scope", address: drafted("scope") },
  { name: "reassign-plan", address: drafted("plan") },
  { name: "reassign-pace", address: drafted("pace") },
  { name: "reassign-review", address: drafted("review") },
  { name: "reassignment", address: moved() },
  { name: "elections", address: at("/elections") },
  { name: "review-create", address: review("create_topic", "name=image.thumbnails&partitions=6&replication_factor=3&placement=balanced&config.retention.ms=86400000") },
  { name: "review-grow", address: review("grow_partitions", "topic=orders&total=24&placement=balanced") },
  { name: "review-edit", address: review("edit_topic_configs", "topic=orders&topic=clickstream&set.retention.ms=3600000&set.max.message.bytes=2097152") },
  { name: "review-broker", address: review("edit_broker_configs", "broker=default&set.num.io.threads=12") },
  { name: "review-delete", address: review("delete_topics", "topic=orders&topic=users") },
  { name: "review-records", address: review("delete_records", "topic=orders&to=end") },
  { name: "review-elect", address: review("elect_leaders", "election=preferred&scope=topics&topic=inventory-changes") },
  { name: "outcome", address: at(`/changes/${OUTCOME}`) },
  { name: "login", address: "/login", who: "nobody" },
  { name: "account", address: "/account", who: "operator" },
  { name: "users", address: "/users", who: "admin" },
  { name: "user", address: "/users/oscar", who: "admin" },
  { name: "audit", address: "/audit", who: "operator" },
];

/** Each has a title of its own. */
export const STATES: Sight[] = [
  { name: "not-found", address: at("/topics/order"), status: 404 },
  { name: "unreachable", address: `/clusters/${DEAD}` },
  { name: "denied", address: "/users", status: 403, who: "viewer" },
];

/** The same pages once more, otherwise. */
export const VARIANTS: Sight[] = [
  { name: "reassign-goal", address: drafted("goal") },
  { name: "reassign-new-add", address: at("/reassignments/new?goal=add_brokers") },
  { name: "reassign-new-file", address: at("/reassignments/new?goal=file") },
  { name: "reassign-plan-refused", address: drafted("plan", process.env.REFUSED_DRAFT) },
  { name: "reassign-plan-by-hand", address: drafted("plan", process.env.BLANK_DRAFT) },
  { name: "reassign-plan-idle", address: drafted("plan", process.env.IDLE_DRAFT) },
  { name: "review-rollback", address: `${review("control_reassignment", "control=rollback")}&job=${process.env.JOB}` },
  { name: "reassignments-discard", address: at(`/reassignments?discard=${process.env.BLANK_DRAFT}`) },
  { name: "reassign-place", address: drafted("plan?show=all&edit=orders%2F0") },
  { name: "reassign-scope-typed", address: drafted("scope?topics=nothing-like-it&headroom=ten&tolerance=5") },
  { name: "reassign-pace-slow", address: drafted("pace?rate=0.00001&at_once=50&inbound=2&outbound=3&order=by_name") },
  { name: "nothing-matches", address: at("/topics?q=no-such-topic") },
  { name: "topics-selected", address: at("/topics?q=o&select=1&all=1") },
  { name: "just-done", address: at(`/topics?change=${OUTCOME}`) },
  { name: "create-topic-wrong", address: at("/create-topic?name=orders&partitions=0&replication_factor=9&config.retention.ms=soon&placement=manual&assignment=1%2C1") },
  { name: "edit-topics", address: at("/edit-configs?topic=orders&topic=users&key=retention.ms&reset=cleanup.policy") },
  { name: "delete-records-offset", address: at("/delete-records?topic=orders&to=offset&offset=5") },
  { name: "review-refused", address: review("create_topic", "name=orders&partitions=0&replication_factor=9") },
  { name: "login-failed", address: "/login?failed=1", who: "nobody" },
  { name: "login-throttled", address: "/login?throttled=7", who: "nobody" },
  { name: "signed-in-already", address: "/login", who: "viewer" },
  { name: "read-only", address: `/clusters/${FROZEN}/topics/orders`, who: "admin" },
  { name: "read-only-review", address: `/clusters/${FROZEN}/changes/review?kind=delete_topics&topic=orders`, who: "admin" },
  { name: "read-only-form", address: `/clusters/${FROZEN}/create-topic`, who: "viewer" },
];

export const ALL: Sight[] = [...PAGES, ...STATES, ...VARIANTS];
