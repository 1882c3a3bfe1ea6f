//! What `status` and `env` print.

use std::fmt::Write;

use cluster::{ADMIN, ALICE, Activity, Cluster, Listener, Result};
use serde_json::{Value, json};

/// For people.
pub fn text(cluster: &Cluster) -> Result<String> {
    let spec = cluster.spec();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}: Kafka {}, {} broker(s), in {}",
        spec.name,
        spec.version.release(),
        spec.brokers.len(),
        cluster.folder().display()
    );
    let mut keys: Vec<String> = spec.brokers.iter().map(cluster::Broker::key).collect();
    keys.extend(spec.zookeeper_port.map(|_| "zookeeper".to_owned()));
    keys.push("traffic".to_owned());
    for key in keys {
        let process = cluster.process(&key)?;
        let activity = process.map_or(Activity::Dead, |p| p.activity());
        let _ = write!(out, "  {key:<10} {:<8}", format!("{activity:?}").to_lowercase());
        if let Some(process) = process.filter(|_| activity != Activity::Dead) {
            let mib = process.resident_bytes().unwrap_or_default() / (1024 * 1024);
            let _ = write!(out, " pid {:<7} {mib} MiB", process.pid);
        }
        out.push('\n');
    }
    for &listener in spec.listeners() {
        let _ = writeln!(out, "  {:<15} {}", listener.protocol(), cluster.bootstrap(listener));
    }
    if spec.version.is_kraft() {
        let _ = writeln!(
            out,
            "  users: {}/{} (super), {}/{}; PLAIN, SCRAM-SHA-256, SCRAM-SHA-512\n  CA: {}\n  client certificate and key (CN={}): {}",
            ADMIN.name,
            ADMIN.password,
            ALICE.name,
            ALICE.password,
            cluster.ca_pem().display(),
            ALICE.name,
            cluster.client_pem().display()
        );
    }
    Ok(out)
}

/// For programs.
pub fn json(cluster: &Cluster) -> Result<Value> {
    let spec = cluster.spec();
    let mut brokers = Vec::new();
    for broker in &spec.brokers {
        let process = cluster.process(&broker.key())?;
        let addresses: serde_json::Map<String, Value> = spec
            .listeners()
            .iter()
            .map(|&l| {
                let address = format!("127.0.0.1:{}", broker.port_of(l));
                (l.protocol().to_owned(), address.into())
            })
            .collect();
        brokers.push(json!({
            "id": broker.id,
            "rack": spec.rack(broker),
            "addresses": addresses,
            "pid": process.map(|p| p.pid),
            "activity": process.map_or(Activity::Dead, |p| p.activity()),
            "resident_bytes": process.and_then(|p| p.resident_bytes()),
        }));
    }
    let bootstrap: serde_json::Map<String, Value> =
        spec.listeners().iter().map(|&l| (l.protocol().to_owned(), cluster.bootstrap(l).into())).collect();
    let traffic = cluster.process("traffic")?.filter(|p| p.is_alive());
    Ok(json!({
        "name": spec.name,
        "version": spec.version.release(),
        "kraft": spec.version.is_kraft(),
        "folder": cluster.folder(),
        "bootstrap": bootstrap,
        "brokers": brokers,
        "traffic_pid": traffic.map(|p| p.pid),
        "users": [
            {"name": ADMIN.name, "password": ADMIN.password, "super": true},
            {"name": ALICE.name, "password": ALICE.password, "super": false},
        ],
        "ca": cluster.ca_pem(),
        "wrong_ca": cluster.wrong_ca_pem(),
        "client": cluster.client_pem(),
    }))
}

/// For shells: `eval "$(cluster env)"`.
pub fn environment(cluster: &Cluster) -> String {
    let mut lines: Vec<(String, String)> = cluster
        .spec()
        .listeners()
        .iter()
        .map(|&l: &Listener| (format!("BOOTSTRAP_{l}"), cluster.bootstrap(l)))
        .collect();
    for (key, value) in [
        ("ADMIN", ADMIN.name),
        ("ADMIN_PASSWORD", ADMIN.password),
        ("USER", ALICE.name),
        ("USER_PASSWORD", ALICE.password),
    ] {
        lines.push((format!("KAFKA_{key}"), value.to_owned()));
    }
    for (key, path) in
        [("CA", cluster.ca_pem()), ("WRONG_CA", cluster.wrong_ca_pem()), ("CLIENT", cluster.client_pem())]
    {
        lines.push((format!("KAFKA_{key}_PEM"), path.display().to_string()));
    }
    let mut out = String::new();
    for (key, value) in lines {
        let quoted = value.replace('\'', r"'\''");
        let _ = writeln!(out, "export {key}='{quoted}'");
    }
    out
}
