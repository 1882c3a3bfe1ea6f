//! Why a fact could not be had: three cases told apart (cannot, may not, went wrong).

use super::{Say, Say1, Say2};
use model::FaultKind;

pub struct FaultText {
    pub unsupported: Say1,
    pub unauthorized: Say1,
    pub authentication: Say,
    pub unresolvable: Say,
    pub refused: Say,
    pub tls: Say,
    pub not_kafka: Say,
    pub timeout: Say,
    pub disconnected: Say,
    /// Name, code.
    pub failed: Say2,
    pub other: Say,
    /// What to look at when a cluster was never reached.
    pub advice: fn(&FaultKind) -> Say,
    /// An age such as `3 min ago`.
    pub since: Say1,
    /// An age: what is shown was read then.
    pub shown_is_old: Say1,
}

pub const EN: FaultText = FaultText {
    unsupported: |api| format!("This broker does not offer {api}"),
    unauthorized: |acl| format!("Not authorized: the ACL {acl} is missing"),
    authentication: "The credentials were not accepted",
    unresolvable: "The address cannot be resolved",
    refused: "Nothing accepts connections there",
    tls: "TLS could not be agreed",
    not_kafka: "What answers there is not Kafka",
    timeout: "No answer in time",
    disconnected: "The connection broke",
    failed: |name, code| format!("The broker answered {name} ({code})"),
    other: "It failed",
    advice: |kind| match kind {
        FaultKind::Authentication => {
            "Check user name, password and mechanism under sasl in steward.toml, and that the user exists on the brokers."
        }
        FaultKind::Unresolvable => {
            "Check the spelling of the bootstrap address in steward.toml and the name service of this machine."
        }
        FaultKind::Refused => {
            "Check the port in the bootstrap address, and that a broker is running and listens on this interface."
        }
        FaultKind::Tls => {
            "Check the CA file under tls in steward.toml, the host names in the brokers' certificates, and that this port speaks TLS."
        }
        FaultKind::NotKafka => "Check the port: it may belong to another listener, to ZooKeeper or to another program.",
        FaultKind::Timeout => "Check firewalls and routes between this machine and the brokers.",
        _ => "Steward keeps trying; this page fills as soon as the cluster answers.",
    },
    since: |age| format!("First failed {age}."),
    shown_is_old: |age| format!("What is shown was read {age}."),
};

pub const KO: FaultText = FaultText {
    unsupported: |api| format!("브로커가 지원하지 않는 요청입니다: {api}"),
    unauthorized: |acl| format!("권한이 없습니다. 필요한 ACL: {acl}"),
    authentication: "인증에 실패했습니다",
    unresolvable: "주소를 찾을 수 없습니다",
    refused: "연결이 거부되었습니다",
    tls: "TLS 협상에 실패했습니다",
    not_kafka: "응답한 서버가 Kafka가 아닙니다",
    timeout: "제한 시간 안에 응답이 없습니다",
    disconnected: "연결이 끊어졌습니다",
    failed: |name, code| format!("브로커 오류 응답: {name} ({code})"),
    other: "요청이 실패했습니다",
    advice: |kind| match kind {
        FaultKind::Authentication => {
            "steward.toml의 sasl 사용자, 비밀번호, 메커니즘과 브로커에 등록된 사용자를 확인하세요."
        }
        FaultKind::Unresolvable => "steward.toml의 부트스트랩 주소 철자와 이 서버의 DNS 설정을 확인하세요.",
        FaultKind::Refused => {
            "부트스트랩 주소의 포트와, 브로커가 실행 중이며 해당 인터페이스에서 수신하는지 확인하세요."
        }
        FaultKind::Tls => {
            "steward.toml의 tls CA 파일, 브로커 인증서의 호스트 이름, 그리고 TLS 포트가 맞는지 확인하세요."
        }
        FaultKind::NotKafka => "포트를 확인하세요. 다른 리스너나 ZooKeeper, 다른 프로그램의 포트일 수 있습니다.",
        FaultKind::Timeout => "이 서버와 브로커 사이의 방화벽과 네트워크 경로를 확인하세요.",
        _ => "Steward가 계속 다시 시도합니다. 클러스터가 응답하면 이 페이지가 채워집니다.",
    },
    since: |age| format!("최초 실패: {age}."),
    shown_is_old: |age| format!("표시된 값은 {age} 기준입니다."),
};
