// Every page there is, by a name that can be a file's.

import { at } from "./steward";
import { DEAD } from "./world";

export interface Sight {
  name: string;
  address: string;
  status?: number;
}

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
];

export const STATES: Sight[] = [
  { name: "nothing-matches", address: at("/topics?q=no-such-topic") },
  { name: "not-found", address: at("/topics/order"), status: 404 },
  { name: "unreachable", address: `/clusters/${DEAD}` },
];
