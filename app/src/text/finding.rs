//! What is wrong, in words: a headline and one line on what it means.

use super::{Count, Say, Say1, Say2, Say3, grouped, plural};
use model::finding::TopicTrouble;

pub struct FindingText {
    pub title: Say,
    pub none: Say,
    pub none_hint: Say,
    pub count: Count,
    pub bad: Say,
    pub warn: Say,
    pub note: Say,
    pub none_urgent: Say,
    pub cluster_unreachable: Say,
    pub broker_unreachable: Say1,
    /// Broker, partitions offline, partitions with fewer copies.
    pub broker_down: fn(&str, u64, u64) -> String,
    /// Offline, writes refused, at the last step; all zero if it goes on.
    pub broker_down_hint: fn(u64, u64, u64) -> String,
    /// Replicas.
    pub broker_unreachable_hint: Count,
    pub unhealthy_topics: Say,
    pub offline: fn(u64, &str) -> String,
    pub offline_hint: Say,
    pub under_min_isr: fn(u64, &str, u32) -> String,
    pub under_min_isr_hint: Say,
    pub under_replicated: fn(u64, &str) -> String,
    /// Brokers.
    pub under_replicated_hint: Say1,
    /// Partitions where the next loss hurts.
    pub last_step: Count,
    /// Trouble, topics, partitions: the same in further topics.
    pub more_topics: fn(TopicTrouble, u64, u64) -> String,
    pub more_under_replicated_hint: Say,
    pub log_dir_offline: Say1,
    /// Path, what the broker said.
    pub log_dir_offline_hint: Say2,
    /// Broker, percent.
    pub disk_nearly_full: Say2,
    /// Path, free, total.
    pub disk_nearly_full_hint: Say3,
    pub disk_full_soon: Say,
    pub voter_behind: Say1,
    pub observer_behind: Say1,
    pub behind_hint: Count,
    pub no_spare_voter: Say,
    pub mixed_versions: Say,
    pub mixed_versions_hint: Say1,
    /// Broker, percent.
    pub broker_skewed: Say2,
    /// Size, fair share.
    pub broker_skewed_hint: Say2,
    /// Broker, leaders, total, fair share.
    pub leaders_skewed: fn(&str, u64, u64, u64) -> String,
    /// Partitions an election would hand back.
    pub leaders_skewed_hint: Count,
    pub leaders_not_preferred: fn(u64, u64) -> String,
    pub leaders_not_preferred_hint: Say,
    /// Group, records.
    pub group_behind: Say2,
    pub group_empty_hint: Say,
    pub group_behind_hint: Say,
    /// Topic, partition, records.
    pub worst_partition: Say3,
    /// Groups, records.
    pub more_groups: fn(u64, &str) -> String,
    /// Topics, names of the first few.
    pub single_copy: fn(u64, &str) -> String,
    pub single_copy_hint: Say,
    /// Topics, brokers; not both zero.
    pub throttles_left: fn(u64, u64) -> String,
    pub throttles_left_hint: Say,
    pub throttles_asleep_hint: Say,
    pub show_more: Count,
    pub source_failing: Say1,
}

pub const EN: FindingText = FindingText {
    title: "What needs attention",
    none: "Nothing needs attention",
    none_hint: "All brokers answer, all replicas are in sync, all groups keep up.",
    count: |n| plural(n, "finding", "findings"),
    bad: "Urgent",
    warn: "Warning",
    note: "Note",
    none_urgent: "Nothing urgent",
    cluster_unreachable: "The cluster does not answer",
    broker_unreachable: |broker| format!("Broker {broker} is unreachable"),
    broker_down: |broker, offline, fewer| {
        let offline = (offline > 0).then(|| format!("{} offline", plural(offline, "partition", "partitions")));
        let fewer = (fewer > 0).then(|| match &offline {
            Some(_) => format!("{} with fewer copies", grouped(fewer)),
            None => format!("{} with fewer copies", plural(fewer, "partition", "partitions")),
        });
        let all: Vec<String> = offline.into_iter().chain(fewer).collect();
        format!("Broker {broker} is down: {}", all.join(", "))
    },
    broker_down_hint: |offline, refused, last_step| {
        let mut all = Vec::new();
        if offline > 0 {
            all.push(format!(
                "{} can be neither read nor written until it comes back.",
                plural(offline, "partition", "partitions")
            ));
        }
        if refused > 0 {
            all.push(format!("{} refuse acks=all writes.", plural(refused, "partition", "partitions")));
        }
        if last_step > 0 {
            all.push(format!(
                "One more lost replica stops acks=all writes to {}, or takes them offline.",
                plural(last_step, "partition", "partitions")
            ));
        }
        if all.is_empty() {
            all.push("Reads and writes go on with fewer copies.".to_owned());
        }
        all.join(" ")
    },
    broker_unreachable_hint: |replicas| match replicas {
        0 => "It holds no replicas.".to_owned(),
        _ => format!(
            "Steward gets no answer from it; its {} still in sync.",
            plural(replicas, "replica is", "replicas are")
        ),
    },
    unhealthy_topics: "Unhealthy topics",
    offline: |n, topic| format!("{} of {topic} without a leader", plural(n, "partition", "partitions")),
    offline_hint: "Nothing can be written to or read from them until a replica that was in sync comes back.",
    under_min_isr: |n, topic, min| format!("{} of {topic} below min ISR {min}", plural(n, "partition", "partitions")),
    under_min_isr_hint: "Writes with acks=all are refused until replicas have caught up.",
    under_replicated: |n, topic| format!("{} of {topic} lost a replica", plural(n, "partition", "partitions")),
    under_replicated_hint: |brokers| {
        format!("Not in sync: broker {brokers}. Reads and writes go on with fewer copies.")
    },
    last_step: |n| {
        format!(
            "One more lost replica stops acks=all writes to {}, or takes them offline.",
            plural(n, "partition", "partitions")
        )
    },
    more_topics: |trouble, topics, partitions| {
        let what = match trouble {
            TopicTrouble::Offline => "without a leader",
            TopicTrouble::UnderMinIsr => "below their min ISR",
            TopicTrouble::UnderReplicated => "that lost a replica",
        };
        format!(
            "{} more {} with {} {what}",
            grouped(topics),
            if topics == 1 { "topic" } else { "topics" },
            plural(partitions, "partition", "partitions")
        )
    },
    more_under_replicated_hint: "Reads and writes go on with fewer copies.",
    log_dir_offline: |broker| format!("A log directory of broker {broker} is offline"),
    log_dir_offline_hint: |path, said| format!("{path}: {said}"),
    disk_nearly_full: |broker, percent| format!("Broker {broker} has {percent} % of a volume left"),
    disk_nearly_full_hint: |path, free, total| format!("{path}: {free} free of {total}."),
    disk_full_soon: "Once it is full, the broker takes the replicas on it offline.",
    voter_behind: |node| format!("Voter {node} lags behind the metadata log"),
    observer_behind: |node| format!("Observer {node} lags behind the metadata log"),
    behind_hint: |n| format!("It lacks {}.", plural(n, "record", "records")),
    no_spare_voter: "If one more voter is lost, the quorum has no majority: no new leaders, no changes of topics.",
    mixed_versions: "Brokers run different releases",
    mixed_versions_hint: |releases| {
        format!("Seen: {releases}. Finish the rolling upgrade before raising feature levels.")
    },
    broker_skewed: |broker, percent| format!("Broker {broker} holds {percent} % more data than its fair share"),
    broker_skewed_hint: |size, fair| format!("{size} against {fair}."),
    leaders_skewed: |broker, leaders, total, fair| {
        format!(
            "Broker {broker} leads {} of {} (fair share {})",
            grouped(leaders),
            plural(total, "partition", "partitions"),
            grouped(fair)
        )
    },
    leaders_skewed_hint: |n| match n {
        0 => "It is their preferred leader: only a reassignment would spread them.".to_owned(),
        _ => format!(
            "An election of preferred leaders would hand {} back to other brokers.",
            plural(n, "partition", "partitions")
        ),
    },
    leaders_not_preferred: |n, total| {
        format!("{} of {} are not led by their preferred replica", grouped(n), plural(total, "partition", "partitions"))
    },
    leaders_not_preferred_hint: "An election of preferred leaders would bring the load back to where it was placed.",
    group_behind: |group, lag| format!("Group {group} is {lag} records behind"),
    group_empty_hint: "It has no members: nobody reads.",
    group_behind_hint: "It has members, and they do not keep up with what is written.",
    worst_partition: |topic, partition, lag| format!("Furthest behind: {topic}, partition {partition}, {lag} records."),
    more_groups: |n, lag| {
        format!(
            "{} more {} behind, {lag} records in all",
            grouped(n),
            if n == 1 { "group falls" } else { "groups fall" }
        )
    },
    single_copy: |n, names| format!("{} a single copy: {names}", plural(n, "topic has", "topics have")),
    single_copy_hint: "While its broker is down such a partition is offline; if its disk is lost, so is the data.",
    throttles_left: |topics, brokers| {
        let topics = (topics > 0).then(|| plural(topics, "topic", "topics"));
        let brokers = (brokers > 0).then(|| plural(brokers, "broker", "brokers"));
        let all: Vec<String> = topics.into_iter().chain(brokers).collect();
        format!("Replication throttles left on {}", all.join(" and "))
    },
    throttles_left_hint: "No reassignment is running that needs them. When a broker restarts, its replicas may not get back in sync.",
    throttles_asleep_hint: "No reassignment is running that needs them. They hold nothing back yet: a rate and a list of replicas only work together.",
    show_more: |n| format!("{} more", grouped(n)),
    source_failing: |source| format!("Cannot be read: {source}"),
};

pub const KO: FindingText = FindingText {
    title: "확인이 필요한 항목",
    none: "확인이 필요한 항목이 없습니다",
    none_hint: "모든 브로커가 응답하고, 모든 레플리카가 동기화 상태이며, 지연 중인 그룹이 없습니다.",
    count: |n| format!("확인 필요 {}건", grouped(n)),
    bad: "긴급",
    warn: "주의",
    note: "참고",
    none_urgent: "긴급 항목 없음",
    cluster_unreachable: "클러스터가 응답하지 않습니다",
    broker_unreachable: |broker| format!("브로커 {broker}: 연결할 수 없음"),
    broker_down: |broker, offline, fewer| {
        let offline = (offline > 0).then(|| format!("오프라인 파티션 {}개", grouped(offline)));
        let fewer = (fewer > 0).then(|| format!("복제본이 줄어든 파티션 {}개", grouped(fewer)));
        let all: Vec<String> = offline.into_iter().chain(fewer).collect();
        format!("브로커 {broker} 중단: {}", all.join(", "))
    },
    broker_down_hint: |offline, refused, last_step| {
        let mut all = Vec::new();
        if offline > 0 {
            all.push(format!(
                "파티션 {}개는 이 브로커가 돌아올 때까지 읽기와 쓰기가 모두 불가능합니다.",
                grouped(offline)
            ));
        }
        if refused > 0 {
            all.push(format!("파티션 {}개는 acks=all 쓰기를 거부합니다.", grouped(refused)));
        }
        if last_step > 0 {
            all.push(format!(
                "레플리카를 하나 더 잃으면 파티션 {}개의 acks=all 쓰기가 멈추거나 오프라인이 됩니다.",
                grouped(last_step)
            ));
        }
        if all.is_empty() {
            all.push("복제본이 줄었지만 읽기와 쓰기는 가능합니다.".to_owned());
        }
        all.join(" ")
    },
    broker_unreachable_hint: |replicas| match replicas {
        0 => "보유한 레플리카가 없습니다.".to_owned(),
        _ => format!("Steward의 요청에 응답하지 않지만, 레플리카 {}개는 아직 동기화 상태입니다.", grouped(replicas)),
    },
    unhealthy_topics: "비정상 토픽 보기",
    offline: |n, topic| format!("{topic}: 리더 없는 파티션 {}개", grouped(n)),
    offline_hint: "동기화되어 있던 레플리카가 돌아올 때까지 읽기와 쓰기가 모두 불가능합니다.",
    under_min_isr: |n, topic, min| format!("{topic}: 최소 ISR({min}) 미달 파티션 {}개", grouped(n)),
    under_min_isr_hint: "레플리카가 따라잡을 때까지 acks=all 쓰기가 거부됩니다.",
    under_replicated: |n, topic| format!("{topic}: 복제가 부족한 파티션 {}개", grouped(n)),
    under_replicated_hint: |brokers| {
        format!("동기화되지 않은 브로커: {brokers}. 복제본이 줄었지만 읽기와 쓰기는 가능합니다.")
    },
    last_step: |n| {
        format!("레플리카를 하나 더 잃으면 파티션 {}개의 acks=all 쓰기가 멈추거나 오프라인이 됩니다.", grouped(n))
    },
    more_topics: |trouble, topics, partitions| {
        let what = match trouble {
            TopicTrouble::Offline => "리더 없는 파티션",
            TopicTrouble::UnderMinIsr => "최소 ISR 미달 파티션",
            TopicTrouble::UnderReplicated => "복제가 부족한 파티션",
        };
        format!("그 외 토픽 {}개: {what} {}개", grouped(topics), grouped(partitions))
    },
    more_under_replicated_hint: "복제본이 줄었지만 읽기와 쓰기는 가능합니다.",
    log_dir_offline: |broker| format!("브로커 {broker}: 로그 디렉터리 오프라인"),
    log_dir_offline_hint: |path, said| format!("{path}: {said}"),
    disk_nearly_full: |broker, percent| format!("브로커 {broker}: 볼륨 여유 공간 {percent} %"),
    disk_nearly_full_hint: |path, free, total| format!("{path}: 전체 {total} 중 {free} 남음."),
    disk_full_soon: "가득 차면 이 볼륨의 레플리카가 오프라인이 됩니다.",
    voter_behind: |node| format!("보터(voter) {node}: 메타데이터 로그 지연"),
    observer_behind: |node| format!("옵저버(observer) {node}: 메타데이터 로그 지연"),
    behind_hint: |n| format!("레코드 {}건 뒤처져 있습니다.", grouped(n)),
    no_spare_voter: "보터(voter)를 하나 더 잃으면 쿼럼 과반이 무너져 리더 선출과 토픽 변경이 멈춥니다.",
    mixed_versions: "브로커 버전이 서로 다릅니다",
    mixed_versions_hint: |releases| {
        format!("확인된 버전: {releases}. 기능 레벨을 올리기 전에 롤링 업그레이드를 마치세요.")
    },
    broker_skewed: |broker, percent| format!("브로커 {broker}: 데이터가 균등 분배 기준보다 {percent} % 많음"),
    broker_skewed_hint: |size, fair| format!("현재 {size}, 균등 분배 기준 {fair}."),
    leaders_skewed: |broker, leaders, total, fair| {
        format!(
            "브로커 {broker}: 전체 파티션 {}개 중 {}개의 리더 (균등 분배 기준 {}개)",
            grouped(total),
            grouped(leaders),
            grouped(fair)
        )
    },
    leaders_skewed_hint: |n| match n {
        0 => "모두 이 브로커가 선호 리더이므로, 재할당을 해야만 분산됩니다.".to_owned(),
        _ => format!("선호 리더 선출을 실행하면 파티션 {}개가 다른 브로커로 돌아갑니다.", grouped(n)),
    },
    leaders_not_preferred: |n, total| {
        format!("파티션 {}개 중 {}개의 리더가 선호 레플리카가 아님", grouped(total), grouped(n))
    },
    leaders_not_preferred_hint: "선호 리더 선출을 실행하면 부하가 원래 배치대로 돌아갑니다.",
    group_behind: |group, lag| format!("그룹 {group}: {lag}건 지연"),
    group_empty_hint: "멤버가 없어 읽는 컨슈머가 없습니다.",
    group_behind_hint: "멤버가 있지만 소비 속도가 유입 속도를 따라가지 못하고 있습니다.",
    worst_partition: |topic, partition, lag| format!("지연이 가장 큰 곳: {topic} 파티션 {partition}, {lag}건."),
    more_groups: |n, lag| format!("그 외 그룹 {}개 지연, 합계 {lag}건", grouped(n)),
    single_copy: |n, names| format!("복제본이 하나뿐인 토픽 {}개: {names}", grouped(n)),
    single_copy_hint: "브로커가 중단되면 해당 파티션이 오프라인이 되고, 디스크를 잃으면 데이터도 사라집니다.",
    throttles_left: |topics, brokers| {
        let topics = (topics > 0).then(|| format!("토픽 {}개", grouped(topics)));
        let brokers = (brokers > 0).then(|| format!("브로커 {}개", grouped(brokers)));
        let all: Vec<String> = topics.into_iter().chain(brokers).collect();
        format!("남아 있는 복제 스로틀: {}", all.join(", "))
    },
    throttles_left_hint: "이 스로틀이 필요한 재할당이 없습니다. 브로커를 재시작하면 레플리카가 동기화 상태로 돌아오지 못할 수 있습니다.",
    throttles_asleep_hint: "이 스로틀이 필요한 재할당이 없습니다. 속도 제한과 레플리카 목록이 함께 있어야 동작하므로 지금은 영향이 없습니다.",
    show_more: |n| format!("{}건 더 보기", grouped(n)),
    source_failing: |source| format!("읽을 수 없음: {source}"),
};
