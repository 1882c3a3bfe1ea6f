//! The lines are exact: people paste them into a shell.

use super::{change, seen, setting, told};
use model::change::Setting;

const B: &str = "--bootstrap-server kafka:9092";

fn line(json: &str) -> String {
    let told = told(json);
    assert!(told.is_possible(), "{:?}", told.refusals);
    assert_eq!(told.commands.len(), 1, "{:?}", told.commands);
    told.commands.into_iter().next().unwrap()
}

#[test]
fn topics_are_created() {
    let numbers = line(
        r#"{"create_topic":{"name":"new.one","partitions":6,"replication_factor":3,
            "configs":{"cleanup.policy":"compact,delete","retention.ms":"5"}}}"#,
    );
    assert_eq!(
        numbers,
        format!(
            "kafka-topics.sh {B} --create --topic new.one --partitions 6 --replication-factor 3 \
             --config cleanup.policy=compact,delete --config retention.ms=5"
        )
    );
    let placed =
        line(r#"{"create_topic":{"name":"new","partitions":2,"replication_factor":2,"assignment":[[1,2],[2,3]]}}"#);
    assert_eq!(placed, format!("kafka-topics.sh {B} --create --topic new --replica-assignment 1:2,2:3"));
}

#[test]
fn what_one_option_cannot_say_is_said_by_another_tool() {
    let wish = change(
        r#"{"create_topic":{"name":"new","partitions":1,"replication_factor":3,
            "configs":{"cleanup.policy":"","retention.ms":"5"}}}"#,
    );
    assert_eq!(
        wish.preview(&setting(&seen())).commands,
        [
            format!(
                "kafka-topics.sh {B} --create --topic new --partitions 1 --replication-factor 3 --config retention.ms=5"
            ),
            format!("kafka-configs.sh {B} --alter --entity-type topics --entity-name new --add-config cleanup.policy=")
        ]
    );
}

#[test]
fn a_dot_in_a_name_is_no_pattern() {
    assert_eq!(
        line(r#"{"delete_topics":{"topic":"web.log"}}"#),
        format!(r"kafka-topics.sh {B} --delete --topic 'web\.log'")
    );
    assert_eq!(
        line(r#"{"grow_partitions":{"topic":"web.log","total":4}}"#),
        format!(r"kafka-topics.sh {B} --alter --topic 'web\.log' --partitions 4")
    );
    assert_eq!(
        line(r#"{"edit_topic_configs":{"topic":"web.log","set":{"retention.ms":"6000"}}}"#),
        format!(
            "kafka-configs.sh {B} --alter --entity-type topics --entity-name web.log --add-config retention.ms=6000"
        )
    );
}

#[test]
fn growth_lists_the_partitions_that_are_there_too() {
    assert_eq!(
        line(r#"{"grow_partitions":{"topic":"orders","total":4,"assignments":{"orders":[[3,2,1]]}}}"#),
        format!(
            "kafka-topics.sh {B} --alter --topic orders --partitions 4 \
             --replica-assignment 1:2:3,2:3:1,3:1:2,3:2:1"
        )
    );
}

#[test]
fn several_topics_take_a_line_each() {
    let told = told(r#"{"edit_topic_configs":{"topics":["table","orders"],"set":{"retention.ms":"6"}}}"#);
    let of = |topic: &str| {
        format!("kafka-configs.sh {B} --alter --entity-type topics --entity-name {topic} --add-config retention.ms=6")
    };
    assert_eq!(told.commands, [of("orders"), of("table")]);
}

#[test]
fn config_values_keep_their_commas_and_brackets() {
    let of = |value: &str| {
        let json =
            serde_json::json!({"edit_broker_configs": {"broker": 1, "set": {"a.b": "1", "listener.name.x.y": value}}});
        let told = change(&json.to_string()).preview(&setting(&seen()));
        let start = format!("kafka-configs.sh {B} --alter --entity-type brokers --entity-name 1 ");
        told.commands[0].strip_prefix(&start).unwrap().to_owned()
    };
    assert_eq!(of("a,b"), "--add-config 'a.b=1,listener.name.x.y=[a,b]'");
    assert_eq!(of("k=v"), "--add-config 'a.b=1,listener.name.x.y=[k=v]'");
    assert_eq!(of("it's"), r"--add-config 'a.b=1,listener.name.x.y=it'\''s'");
    assert_eq!(of(""), "--add-config a.b=1,listener.name.x.y=");
    assert_eq!(of("[a]"), "--add-config-file <(echo 'a.b=1\nlistener.name.x.y=[a]')");
    assert_eq!(of(" ü\\\n"), "--add-config-file <(echo 'a.b=1\nlistener.name.x.y=\\ \\u00fc\\\\\\n')");
    let reset = told(r#"{"edit_topic_configs":{"topic":"orders","reset":["retention.ms","segment.bytes"]}}"#);
    let end = "--entity-name orders --delete-config retention.ms,segment.bytes";
    assert_eq!(reset.commands, [format!("kafka-configs.sh {B} --alter --entity-type topics {end}")]);
    let all = told(r#"{"edit_broker_configs":{"set":{"num.io.threads":"9"}}}"#);
    let end = "--entity-default --add-config num.io.threads=9";
    assert_eq!(all.commands, [format!("kafka-configs.sh {B} --alter --entity-type brokers {end}")]);
}

#[test]
fn files_are_given_in_place() {
    assert_eq!(
        line(r#"{"delete_records":{"topic":"orders","before":{"offset":7},"partitions":[1]}}"#),
        format!(
            r#"kafka-delete-records.sh {B} --offset-json-file <(echo '{{"partitions":[{{"topic":"orders","partition":1,"offset":7}}],"version":1}}')"#
        )
    );
    assert_eq!(
        line(r#"{"elect_leaders":{}}"#),
        format!(
            r#"kafka-leader-election.sh {B} --election-type preferred --path-to-json-file <(echo '{{"partitions":[{{"topic":"hurt","partition":0}},{{"topic":"hurt","partition":2}}]}}')"#
        )
    );
    assert_eq!(
        line(r#"{"elect_leaders":{"election":"unclean"}}"#),
        format!("kafka-leader-election.sh {B} --election-type unclean --topic hurt --partition 2")
    );
}

#[test]
fn secured_clusters_take_the_clients_properties() {
    let snapshot = seen();
    let secured = Setting { is_secured: true, ..setting(&snapshot) };
    let of = |json: &str| change(json).preview(&secured).commands.remove(0);
    assert_eq!(
        of(r#"{"delete_topics":{"topic":"orders"}}"#),
        format!("kafka-topics.sh {B} --command-config client.properties --delete --topic orders")
    );
    assert_eq!(
        of(r#"{"elect_leaders":{"scope":{"broker":1}}}"#),
        format!(
            "kafka-leader-election.sh {B} --admin.config client.properties --election-type preferred --topic hurt --partition 0"
        )
    );
}

/// What bash makes of the words is what was meant.
#[test]
fn a_shell_reads_the_words_as_they_are() {
    let value = "a 'b' \"c\" $HOME `x` \\ ! * , = ;|&<>()#~";
    let json = serde_json::json!({"edit_broker_configs": {"broker": 1, "set": {"listener.name.x.y": value}}});
    let line = change(&json.to_string()).preview(&setting(&seen())).commands.remove(0);
    let script = format!("kafka-configs.sh() {{ printf '%s\\n' \"$@\"; }}\n{line}");
    let Ok(said) = std::process::Command::new("bash").args(["-c", &script]).output() else { return };
    let said = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.lines().last(), Some(format!("listener.name.x.y=[{value}]").as_str()));
}
