//! The files that brokers and ZooKeeper read, as text. No I/O.

use std::fmt::Write;
use std::path::Path;

use crate::listener::{ADMIN, ALICE, Listener};
use crate::state::{Broker, Spec};

/// Small threads and buffers: three brokers share a developer's machine with everything else.
const SMALL: &str = "\
num.network.threads=1
num.io.threads=2
background.threads=2
num.recovery.threads.per.data.dir=1
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=4194304
log.index.size.max.bytes=1048576
offsets.topic.num.partitions=6
transaction.state.log.num.partitions=3
share.coordinator.state.topic.num.partitions=3
";

/// A demo that runs for days must not fill the disk: at most about 8 MiB for each partition.
const BOUNDED: &str = "\
log.segment.bytes=2097152
log.retention.bytes=6291456
log.retention.check.interval.ms=60000
";

/// A dead or frozen broker is noticed within seconds; groups start at once.
const PROMPT: &str = "\
replica.lag.time.max.ms=8000
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
auto.leader.rebalance.enable=false
delete.topic.enable=true
";

const LOGIN: &str = "org.apache.kafka.common.security";

/// `server.properties` of one broker; its folder is `folder`, the certificates are in `tls`.
pub(crate) fn broker(spec: &Spec, broker: &Broker, folder: &Path, tls: &Path) -> String {
    let mut text =
        if spec.version.is_kraft() { quorum(spec, broker) + &security(tls) } else { zookeeper_client(spec, broker) };
    let replicas = spec.replication_factor();
    let in_sync = spec.min_in_sync();
    let folder = folder.display();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\
broker.rack={rack}
log.dirs={folder}/d0,{folder}/d1
default.replication.factor={replicas}
num.partitions=3
offsets.topic.replication.factor={replicas}
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
super.users=User:ANONYMOUS;User:{admin}
allow.everyone.if.no.acl.found=false
{SMALL}{BOUNDED}{PROMPT}",
        rack = spec.rack(broker),
        admin = ADMIN.name,
    );
    for (key, value) in &spec.properties {
        let _ = writeln!(text, "{key}={value}");
    }
    text
}

fn quorum(spec: &Spec, broker: &Broker) -> String {
    let voters: Vec<String> =
        spec.brokers.iter().map(|b| format!("{}@127.0.0.1:{}", b.id, b.controller_port())).collect();
    let doors: Vec<String> = Listener::ALL.iter().map(|&l| format!("{l}://127.0.0.1:{}", broker.port_of(l))).collect();
    let doors = doors.join(",");
    format!(
        "\
process.roles=broker,controller
node.id={id}
listeners={doors},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={doors}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
controller.quorum.voters={voters}
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=5000
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
",
        id = broker.id,
        controller = broker.controller_port(),
        voters = voters.join(","),
    )
}

fn security(tls: &Path) -> String {
    let mut text = String::from("sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512\n");
    for door in ["sasl_plaintext", "sasl_ssl"] {
        let _ = writeln!(
            text,
            "listener.name.{door}.plain.sasl.jaas.config={LOGIN}.plain.PlainLoginModule required \
             user_{}=\"{}\" user_{}=\"{}\";",
            ADMIN.name, ADMIN.password, ALICE.name, ALICE.password
        );
        for mechanism in ["scram-sha-256", "scram-sha-512"] {
            let _ = writeln!(
                text,
                "listener.name.{door}.{mechanism}.sasl.jaas.config={LOGIN}.scram.ScramLoginModule required;"
            );
        }
    }
    let tls = tls.display();
    let _ = write!(
        text,
        "\
ssl.keystore.type=PEM
ssl.keystore.location={tls}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={tls}/ca.pem
listener.name.ssl.ssl.client.auth=requested
listener.name.sasl_ssl.ssl.client.auth=none
ssl.principal.mapping.rules=RULE:^.*CN=([^,]+).*$/$1/,DEFAULT
delegation.token.secret.key=development
"
    );
    text
}

fn zookeeper_client(spec: &Spec, broker: &Broker) -> String {
    format!(
        "\
broker.id={id}
listeners=PLAINTEXT://127.0.0.1:{port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
zookeeper.connect=127.0.0.1:{zookeeper}/kafka
zookeeper.connection.timeout.ms=30000
zookeeper.session.timeout.ms=6000
authorizer.class.name=kafka.security.authorizer.AclAuthorizer
",
        id = broker.id,
        port = broker.port,
        zookeeper = spec.zookeeper_port.unwrap_or_default(),
    )
}

/// `zoo.cfg` of the one ZooKeeper; its folder is `folder`.
pub(crate) fn zookeeper(port: u16, folder: &Path) -> String {
    format!(
        "\
dataDir={}/data
clientPort={port}
clientPortAddress=127.0.0.1
tickTime=1000
initLimit=10
syncLimit=5
maxClientCnxns=0
4lw.commands.whitelist=*
admin.enableServer=false
",
        folder.display()
    )
}

/// `meta.properties` of one log directory: what formatting would write.
pub(crate) fn meta(cluster_id: &str, node: i32, directory_id: &str) -> String {
    format!("version=1\ncluster.id={cluster_id}\nnode.id={node}\ndirectory.id={directory_id}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::example;
    use crate::version::Version;
    use std::collections::{BTreeMap, HashSet};

    fn rendered(brokers: i32, version: Version) -> BTreeMap<String, String> {
        let spec = example(brokers, version);
        let text = broker(&spec, &spec.brokers[0], Path::new("/c/broker-1"), Path::new("/c/tls"));
        let lines: Vec<(&str, &str)> = text.lines().map(|l| l.split_once('=').expect(l)).collect();
        let keys: HashSet<&str> = lines.iter().map(|(k, _)| *k).collect();
        assert_eq!(keys.len(), lines.len(), "a key is set twice:\n{text}");
        lines.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    #[test]
    fn a_quorum_broker_has_four_doors_and_knows_all_voters() {
        let text = rendered(3, Version::V4_3);
        assert_eq!(
            text["listeners"],
            "PLAINTEXT://127.0.0.1:10100,SASL_PLAINTEXT://127.0.0.1:10102,SSL://127.0.0.1:10103,\
             SASL_SSL://127.0.0.1:10104,CONTROLLER://127.0.0.1:10101"
        );
        assert!(!text["advertised.listeners"].contains("CONTROLLER"));
        assert_eq!(text["controller.quorum.voters"], "1@127.0.0.1:10101,2@127.0.0.1:10201,3@127.0.0.1:10301");
        assert_eq!(text["log.dirs"], "/c/broker-1/d0,/c/broker-1/d1");
        assert_eq!(text["transaction.state.log.min.isr"], "2");
        assert_eq!(text["broker.rack"], "r1");
    }

    #[test]
    fn a_lonely_broker_asks_for_one_replica() {
        let text = rendered(1, Version::V4_3);
        assert_eq!(text["offsets.topic.replication.factor"], "1");
        assert_eq!(text["transaction.state.log.min.isr"], "1");
    }

    #[test]
    fn an_old_broker_knows_zookeeper_and_no_quorum() {
        let text = rendered(2, Version::V2_4);
        assert_eq!(text["zookeeper.connect"], "127.0.0.1:10050/kafka");
        assert!(!text.contains_key("process.roles"));
        assert!(!text["listeners"].contains("SASL"));
    }
}
