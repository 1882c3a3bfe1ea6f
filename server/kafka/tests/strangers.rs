//! What is not a Kafka broker, or not the right one: each gets its own fault, soon.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected is to fail there")]

use kafka::config::{ClusterConfig, TlsConfig};
use kafka::{Address, ReadClient, RecordPlane};
use model::{ClusterName, Fault, FaultKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What every first look has to end within, well or badly.
const LIMIT: Duration = Duration::from_secs(10);

fn config(bootstrap: &str) -> ClusterConfig {
    ClusterConfig::plaintext(ClusterName::parse("stranger").unwrap(), Address::parse_list(bootstrap).unwrap())
}

async fn fault_of(config: &ClusterConfig) -> Fault {
    let begun = Instant::now();
    let fault = ReadClient::new(config).probe().await.unwrap_err();
    assert!(begun.elapsed() < LIMIT, "{fault:?} after {:?}", begun.elapsed());
    fault
}

/// A server that does `talk` with every caller; its address.
async fn server<F, Fut>(talk: F) -> String
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(talk(stream));
        }
    });
    address
}

#[tokio::test]
async fn a_web_server_is_not_kafka() {
    let address = server(|mut stream| async move {
        let _ = stream.read(&mut [0; 512]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let fault = fault_of(&config(&address)).await;
    assert_eq!(fault.kind, FaultKind::NotKafka);
    assert!(fault.message.contains("HTTP") && fault.message.contains(&address), "{}", fault.message);
}

#[tokio::test]
async fn a_server_that_waits_for_the_end_of_a_line_is_not_kafka() {
    let address = server(|mut stream| async move {
        let mut heard = Vec::new();
        while !heard.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut heard).await.is_ok_and(|read| read == 0) {
                return;
            }
        }
        let _ = stream.write_all(b"501 what?\r\n").await;
    })
    .await;
    assert_eq!(fault_of(&config(&address)).await.kind, FaultKind::NotKafka);
}

#[tokio::test]
async fn garbage_of_a_believable_length_is_not_kafka() {
    for answer in
        [&b"\0\0\0\x10\0\0\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"[..], b"\0\0\0\x06\x7f\x7f\x7f\x7f\0\0"]
    {
        let address = server(move |mut stream| async move {
            let _ = stream.read(&mut [0; 512]).await;
            let _ = stream.write_all(answer).await;
            tokio::time::sleep(LIMIT).await;
        })
        .await;
        assert_eq!(fault_of(&config(&address)).await.kind, FaultKind::NotKafka);
    }
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let address = server(|stream| async move {
        tokio::time::sleep(LIMIT * 2).await;
        drop(stream);
    })
    .await;
    assert_eq!(fault_of(&config(&address)).await.kind, FaultKind::Timeout);
}

#[tokio::test]
async fn hanging_up_is_a_disconnection() {
    let address = server(|mut stream| async move {
        let _ = stream.read(&mut [0; 512]).await;
    })
    .await;
    assert_eq!(fault_of(&config(&address)).await.kind, FaultKind::Disconnected);
}

#[tokio::test]
async fn nobody_there_is_refused_and_no_such_name_is_unresolvable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap().to_string();
    drop(listener);
    assert_eq!(fault_of(&config(&closed)).await.kind, FaultKind::Refused);
    let fault = fault_of(&config("no-such-host.invalid:9092")).await;
    assert_eq!(fault.kind, FaultKind::Unresolvable);
    assert!(fault.message.contains("no-such-host.invalid"));
    // The record plane tells the same apart.
    for (bootstrap, kind) in
        [(closed.as_str(), FaultKind::Refused), ("no-such-host.invalid:9092", FaultKind::Unresolvable)]
    {
        let begun = Instant::now();
        assert_eq!(RecordPlane::new(&config(bootstrap)).probe().await.unwrap_err().kind, kind);
        assert!(begun.elapsed() < LIMIT);
    }
}

#[tokio::test]
async fn the_nearest_miss_of_several_addresses_is_told() {
    let address = server(|mut stream| async move {
        let _ = stream.write_all(b"SSH-2.0-x\r\n").await;
        tokio::time::sleep(LIMIT).await;
    })
    .await;
    let fault = fault_of(&config(&format!("no-such-host.invalid:1,{address}"))).await;
    assert_eq!(fault.kind, FaultKind::NotKafka);
    assert!(fault.message.contains("1 other address failed too"), "{}", fault.message);
}

/// A TLS server with a certificate for `name`; its address, and a file with the authority.
async fn tls_server(name: &str) -> (String, PathBuf) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let ca = std::env::temp_dir().join(format!("kafka-strangers-{}-{name}.pem", std::process::id()));
    std::fs::write(&ca, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let address = server(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 512]).await;
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            }
        }
    })
    .await;
    (address, ca)
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_unless_names_do_not_matter() {
    let (address, ca) = tls_server("elsewhere.example").await;
    let with = |verify_hostname| {
        let mut config = config(&address);
        config.tls = Some(TlsConfig { ca: Some(ca.clone()), identity: None, verify_hostname });
        config
    };
    let fault = fault_of(&with(true)).await;
    assert_eq!(fault.kind, FaultKind::Tls);
    assert!(fault.message.contains("127.0.0.1") && fault.message.contains("elsewhere.example"), "{}", fault.message);
    // Behind the handshake: it is a web server.
    assert_eq!(fault_of(&with(false)).await.kind, FaultKind::NotKafka);
    std::fs::remove_file(ca).unwrap();
}

#[tokio::test]
async fn without_names_the_authority_still_counts() {
    let (address, ca) = tls_server("one.example").await;
    let (_, other_ca) = tls_server("two.example").await;
    let mut config = config(&address);
    config.tls = Some(TlsConfig { ca: Some(other_ca.clone()), identity: None, verify_hostname: false });
    assert_eq!(fault_of(&config).await.kind, FaultKind::Tls);
    for file in [ca, other_ca] {
        std::fs::remove_file(file).unwrap();
    }
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let mut config = config("127.0.0.1:1");
    config.tls = Some(TlsConfig { ca: Some(PathBuf::from("no/such/ca.pem")), identity: None, verify_hostname: true });
    let fault = fault_of(&config).await;
    assert_eq!(fault.kind, FaultKind::Tls);
    assert!(fault.message.contains("tls.ca no/such/ca.pem"), "{}", fault.message);
}
