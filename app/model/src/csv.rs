//! Lists as CSV (RFC 4180), for spreadsheets, which must not run what strangers named their topics.

use crate::audit::{Entry, Event};
use crate::query::GroupRow;
use crate::{Broker, BrokerId, BrokerState, Group, Partition, Topic};
use std::fmt::Write;
use std::sync::Arc;

/// The columns of the topics page and the API's fields.
pub fn topics(topics: &[Arc<Topic>]) -> String {
    let header = "name,partition_count,replication_factor,under_replicated,under_min_isr,offline,spread_percent,\
                  skew_percent,leader_skew_percent,preferred_percent,record_count,size_bytes,disk_bytes,\
                  records_per_second,group_count,cleanup_policy,retention_ms,retention_bytes,min_insync_replicas";
    table(header, topics, |row, topic| {
        row.text(topic.name.as_str());
        for count in [
            topic.partition_count,
            topic.replication_factor,
            topic.under_replicated,
            topic.under_min_isr,
            topic.offline,
            topic.spread_percent,
            topic.skew_percent,
            topic.leader_skew_percent,
            topic.preferred_percent,
        ] {
            row.number(Some(count));
        }
        row.number(topic.record_count);
        row.number(topic.size_bytes);
        row.number(topic.disk_bytes);
        row.fraction(topic.records_per_second);
        row.number(topic.group_count);
        row.text(topic.cleanup_policy.as_deref().unwrap_or_default());
        row.number(topic.retention_ms);
        row.number(topic.retention_bytes);
        row.number(topic.min_insync_replicas);
    })
}

/// The columns of the brokers page.
pub fn brokers(brokers: &[&Broker]) -> String {
    let header = "id,host,port,rack,state,is_controller,leaders,leader_percent,leader_skew_percent,replicas,\
                  replica_percent,replica_skew_percent,out_of_sync,size_bytes,usable_bytes,total_bytes,release";
    table(header, brokers, |row, broker| {
        row.number(Some(broker.id));
        row.text(broker.host.as_deref().unwrap_or_default());
        row.number(broker.port);
        row.text(broker.rack.as_deref().unwrap_or_default());
        row.text(match broker.state {
            BrokerState::Up => "up",
            BrokerState::Unreachable { .. } => "unreachable",
            BrokerState::Unknown => "unknown",
        });
        row.number(Some(broker.is_controller));
        row.number(Some(broker.leaders));
        row.fraction(Some(broker.leader_percent));
        row.fraction(Some(broker.leader_skew_percent));
        row.number(Some(broker.replicas));
        row.fraction(Some(broker.replica_percent));
        row.fraction(Some(broker.replica_skew_percent));
        row.number(Some(broker.out_of_sync));
        row.number(broker.size_bytes);
        row.number(broker.usable_bytes());
        row.number(broker.total_bytes());
        row.text(broker.release.as_deref().unwrap_or_default());
    })
}

/// The columns of the groups page.
pub fn groups(groups: &[Arc<Group>]) -> String {
    let header = "id,kind,protocol_type,state,coordinator,assignor,member_count,topic_count,total_lag,\
                  unknown_lag_partitions";
    table(header, groups, |row, group| {
        for text in [group.id.as_str(), &group.kind, &group.protocol_type, &group.state] {
            row.text(text);
        }
        row.number(group.coordinator);
        row.text(&group.assignor);
        row.number(Some(group.member_count));
        row.number(Some(group.topic_count));
        row.number(group.total_lag);
        row.number(Some(group.unknown_lag_partitions));
    })
}

/// The columns of a topic's partition table; several brokers stand in one cell, separated by spaces.
pub fn partitions(partitions: &[&Partition]) -> String {
    let header = "partition,leader,leader_epoch,replicas,isr,adding,removing,earliest_offset,latest_offset,\
                  record_count,size_bytes,records_per_second";
    let ids = |ids: &[BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    table(header, partitions, |row, partition| {
        row.number(Some(partition.partition));
        row.number(partition.leader);
        row.number(Some(partition.leader_epoch));
        for brokers in [&partition.replicas, &partition.isr, &partition.adding, &partition.removing] {
            row.text(&ids(brokers));
        }
        row.number(partition.earliest_offset);
        row.number(partition.latest_offset);
        row.number(partition.record_count());
        row.number(partition.size_bytes);
        row.fraction(partition.records_per_second);
    })
}

/// The columns of a group's partition table.
pub fn group_partitions(rows: &[GroupRow]) -> String {
    let header = "topic,partition,committed_offset,end_offset,lag,client_id,host,member_id";
    table(header, rows, |row, read| {
        row.text(read.topic.as_str());
        row.number(Some(read.partition.partition));
        row.number(read.partition.committed_offset);
        row.number(read.partition.end_offset);
        row.number(read.partition.lag);
        let owner = read.owner;
        row.text(owner.map_or("", |owner| &owner.client_id));
        // The JVM writes an address without a name as `/10.0.0.1`.
        row.text(owner.map_or("", |owner| owner.host.trim_start_matches('/')));
        row.text(owner.map_or("", |owner| &owner.member_id));
    })
}

/// A header of the API's field names, then a line for each item. Unknown values are empty cells.
/// The audit log; `detail` writes an event out in full.
pub fn audit(entries: &[Entry], detail: impl Fn(&Event) -> String) -> String {
    table("seq,at,actor,address,cluster,event,detail,request,hash", entries, |row, entry| {
        let record = &entry.record;
        row.number(Some(entry.seq));
        row.number(Some(record.at.0));
        row.text(&record.actor);
        row.text(&record.address);
        row.text(record.cluster.as_ref().map(|cluster| cluster.as_str()).unwrap_or_default());
        row.text(record.event.name());
        row.text(&detail(&record.event));
        row.text(&record.request);
        row.text(&entry.hash);
    })
}

fn table<T>(header: &str, items: &[T], fill: impl Fn(&mut Row, &T)) -> String {
    let mut out = String::with_capacity(header.len() + 2 + items.len() * 96);
    out.push_str(header);
    out.push_str("\r\n");
    for item in items {
        fill(&mut Row { out: &mut out, is_first: true }, item);
        out.push_str("\r\n");
    }
    out
}

struct Row<'a> {
    out: &'a mut String,
    is_first: bool,
}

impl Row<'_> {
    fn separate(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(',');
        }
    }

    /// A number is never a formula, so it keeps its minus.
    fn number(&mut self, value: Option<impl std::fmt::Display>) {
        self.separate();
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = write!(self.out, "{value}");
        }
    }

    /// To three places.
    fn fraction(&mut self, value: Option<f64>) {
        self.number(value.map(|value| (value * 1000.0).round() / 1000.0));
    }

    fn text(&mut self, value: &str) {
        self.separate();
        push_text(self.out, value);
    }
}

/// Appends a text cell: quoted where RFC 4180 asks for it, and with a leading apostrophe where a spreadsheet would take it for
/// a formula (OWASP: `=`, `+`, `-`, `@`, tab, carriage return, line feed).
pub fn push_text(out: &mut String, value: &str) {
    let apostrophe = if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    if value.contains(['"', ',', '\r', '\n']) {
        out.push('"');
        out.push_str(apostrophe);
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(apostrophe);
        out.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_harmless() {
        let cell = |text: &str| {
            let mut out = String::new();
            push_text(&mut out, text);
            out
        };
        assert_eq!(cell("orders"), "orders");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-x"), "'-x");
        assert_eq!(cell("@cmd,x"), "\"'@cmd,x\"");
        assert_eq!(cell("\tx"), "'\tx");
        assert_eq!(cell("a=b"), "a=b");
    }
}
