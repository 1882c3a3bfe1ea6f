//! The topics of the shop.

use crate::state::Spec;
use crate::topics::{Placement, Topic};

/// All topics, laid out for the brokers there are.
pub(crate) fn topics(spec: &Spec) -> Vec<Topic> {
    let replicas = i32::try_from(spec.replication_factor()).unwrap_or(1);
    let spread = |name: &str, partitions, configs: &[(&'static str, &str)]| Topic {
        name: name.to_owned(),
        placement: Placement::Spread(partitions, replicas),
        configs: configs.iter().map(|&(k, v)| (k, v.to_owned())).collect(),
    };
    let in_sync = spec.min_in_sync().to_string();
    vec![
        spread("orders", 12, &[("min.insync.replicas", &in_sync), ("retention.ms", "172800000")]),
        spread("web-access-log", 6, &[("retention.ms", "86400000")]),
        spread("clickstream", 24, &[]),
        spread(
            "users",
            4,
            &[("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.1"), ("delete.retention.ms", "3600000")],
        ),
        Topic { placement: Placement::Spread(3, 1), ..spread("sessions-cache", 3, &[("retention.ms", "3600000")]) },
        spread(
            "payments.settled",
            6,
            &[
                ("min.insync.replicas", &in_sync),
                ("cleanup.policy", "compact,delete"),
                ("compression.type", "lz4"),
                ("max.message.bytes", "2097152"),
                ("message.timestamp.type", "LogAppendTime"),
                ("retention.bytes", "8388608"),
                ("retention.ms", "2592000000"),
                ("segment.ms", "86400000"),
                ("unclean.leader.election.enable", "false"),
            ],
        ),
        Topic {
            placement: Placement::Exactly(badly_placed(spec.brokers.len())),
            ..spread("inventory-changes", 8, &[])
        },
        spread("notifications", 4, &[]),
        spread("audit-trail", 3, &[("retention.ms", "-1")]),
    ]
}

/// Eight partitions that burden the first two brokers; the first leads them all.
fn badly_placed(brokers: usize) -> Vec<Vec<i32>> {
    (0..8)
        .map(|partition| match brokers {
            0 | 1 => vec![1],
            2 => vec![1, 2],
            _ => vec![1, if partition == 5 { 3 } else { 2 }],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::example;
    use crate::version::Version;

    #[test]
    fn no_topic_asks_for_brokers_that_are_not_there() {
        for brokers in 1..=4 {
            let spec = example(brokers, Version::V4_3);
            for topic in topics(&spec) {
                match topic.placement {
                    Placement::Spread(_, replicas) => assert!(replicas <= brokers),
                    Placement::Exactly(lists) => {
                        assert_eq!(lists.len(), 8);
                        assert!(lists.iter().flatten().all(|&b| b <= brokers));
                        assert!(lists.iter().all(|l| l[0] == 1));
                    }
                }
            }
        }
    }
}
