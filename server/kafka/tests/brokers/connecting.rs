//! Both planes through every door, and every way to be turned away.

use crate::{config, sasl, shared};
use cluster::Listener;
use kafka::config::{ClusterConfig, Identity, Mechanism, Password};
use kafka::{ReadClient, RecordPlane};
use model::FaultKind;
use std::time::{Duration, Instant};

async fn both_planes_reach(config: &ClusterConfig, what: &str) {
    let control =
        ReadClient::new(config).probe().await.unwrap_or_else(|fault| panic!("{what}: control plane: {fault:?}"));
    let records =
        RecordPlane::new(config).probe().await.unwrap_or_else(|fault| panic!("{what}: record plane: {fault:?}"));
    assert_eq!(control, records, "{what}");
    assert_eq!(control.brokers, 3, "{what}");
}

async fn both_planes_fail(config: &ClusterConfig, kind: FaultKind) {
    let begun = Instant::now();
    let fault = ReadClient::new(config).probe().await.unwrap_err();
    assert_eq!(fault.kind, kind, "control plane: {}", fault.message);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let fault = RecordPlane::new(config).probe().await.unwrap_err();
    assert_eq!(fault.kind, kind, "record plane: {}", fault.message);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_planes_enter_by_every_listener() {
    let cluster = shared();
    for listener in [Listener::Plaintext, Listener::Ssl] {
        both_planes_reach(&config(cluster, listener), listener.protocol()).await;
    }
    for listener in [Listener::SaslPlaintext, Listener::SaslSsl] {
        for mechanism in [Mechanism::Plain, Mechanism::ScramSha256, Mechanism::ScramSha512] {
            let mut config = config(cluster, listener);
            config.sasl = Some(sasl(mechanism, cluster::ADMIN.password));
            both_planes_reach(&config, &format!("{} {}", listener.protocol(), mechanism.name())).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_certificate_and_a_password_file_are_used() {
    let cluster = shared();
    let mut config_ssl = config(cluster, Listener::Ssl);
    config_ssl.tls.as_mut().unwrap().identity =
        Some(Identity { cert: cluster.client_pem(), key: cluster.client_pem() });
    both_planes_reach(&config_ssl, "client certificate").await;

    let file = std::env::temp_dir().join(format!("kafka-password-{}", std::process::id()));
    std::fs::write(&file, format!("{}\n", cluster::ADMIN.password)).unwrap();
    let mut config = config(cluster, Listener::SaslSsl);
    config.sasl.as_mut().unwrap().password = Password::File(file.clone());
    both_planes_reach(&config, "password file").await;
    std::fs::remove_file(file).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_an_authentication_fault() {
    let cluster = shared();
    for listener in [Listener::SaslPlaintext, Listener::SaslSsl] {
        for mechanism in [Mechanism::Plain, Mechanism::ScramSha256, Mechanism::ScramSha512] {
            let mut config = config(cluster, listener);
            config.sasl = Some(sasl(mechanism, "a wrong one"));
            both_planes_fail(&config, FaultKind::Authentication).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_authority_is_a_tls_fault() {
    let cluster = shared();
    for listener in [Listener::Ssl, Listener::SaslSsl] {
        let mut config = config(cluster, listener);
        config.tls.as_mut().unwrap().ca = Some(cluster.wrong_ca_pem());
        both_planes_fail(&config, FaultKind::Tls).await;
    }
}

/// The wrong kind of listener: each sentence says what to change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_of_another_kind_is_explained() {
    let cluster = shared();
    let address_of = |listener| config(cluster, listener).bootstrap;
    let cases = [
        (Listener::Plaintext, Listener::SaslPlaintext, FaultKind::Authentication, "asks for SASL (PLAIN"),
        (Listener::Plaintext, Listener::Ssl, FaultKind::Tls, "`tls` must be set"),
        (Listener::Ssl, Listener::Plaintext, FaultKind::Tls, "does this port speak TLS?"),
        (Listener::SaslPlaintext, Listener::Plaintext, FaultKind::Authentication, "does not use SASL"),
        (Listener::Ssl, Listener::SaslSsl, FaultKind::Authentication, "asks for SASL"),
    ];
    for (settings, address, kind, words) in cases {
        let mut config = config(cluster, settings);
        config.bootstrap = address_of(address);
        let fault = ReadClient::new(&config).probe().await.unwrap_err();
        assert_eq!(fault.kind, kind, "{}", fault.message);
        assert!(fault.message.contains(words), "{}", fault.message);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_living_bootstrap_address_is_enough() {
    let mut config = config(shared(), Listener::Plaintext);
    config.bootstrap.insert(0, kafka::Address::parse("127.0.0.1:7").unwrap());
    config.bootstrap.insert(1, kafka::Address::parse("no-such-host.invalid:9092").unwrap());
    for _ in 0..4 {
        assert_eq!(ReadClient::new(&config).probe().await.unwrap().brokers, 3);
    }
}
