use crate::fixture::{built, cluster, entry, fail, heard, kraft, timeout};
use model::cluster::{ControlMode, VersionSource};
use model::config::ConfigSource;
use model::observation::{BrokerApis, Quorum};
use model::version::{name_of_level, release_by_apis, release_of_level};
use model::{BrokerId, Observations};
use std::sync::Arc;

#[test]
fn levels_have_kafkas_own_names() {
    let cases = [
        (1, "3.0", "3.0-IV1"),
        (3, "3.2", "3.2-IV0"),
        (7, "3.3", "3.3-IV3"),
        (8, "3.4", "3.4-IV0"),
        (11, "3.5", "3.5-IV2"),
        (14, "3.6", "3.6-IV2"),
        (19, "3.7", "3.7-IV4"),
        (20, "3.8", "3.8-IV0"),
        (21, "3.9", "3.9-IV0"),
        (25, "4.0", "4.0-IV3"),
        (27, "4.1", "4.1-IV1"),
        (29, "4.2", "4.2-IV1"),
        (30, "4.3", "4.3-IV0"),
        (31, "4.4", "4.4-IV0"),
        (33, "4.4", "4.4-IV2"),
    ];
    for (level, release, name) in cases {
        assert_eq!((release_of_level(level), name_of_level(level).as_str()), (Some(release), name));
    }
    assert_eq!((release_of_level(40), name_of_level(40).as_str()), (Some("4.4"), "level 40"));
    assert_eq!((release_of_level(0), name_of_level(0).as_str()), (None, "level 0"));
}

fn with_levels(levels: &[(i16, i16)]) -> Observations {
    let mut all = cluster(levels.len() as i32, vec![]);
    for ((finalized, supported), observed) in levels.iter().zip(all.apis.values_mut()) {
        *observed = heard(BrokerApis {
            supported: [("metadata.version".to_owned(), (7, *supported))].into(),
            finalized: [("metadata.version".to_owned(), *finalized)].into(),
            ..kraft()
        });
    }
    all
}

#[test]
fn a_kraft_cluster_tells_its_metadata_version() {
    let version = built(with_levels(&[(30, 30), (30, 30)])).summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_lower_bound, version.is_mixed), ("4.3", false, false));
    assert_eq!(version.known_by, VersionSource::MetadataVersion);
    assert_eq!(version.metadata_version.as_deref(), Some("4.3-IV0"));
}

#[test]
fn a_level_from_the_future_is_survived() {
    let snapshot = built(with_levels(&[(40, 41)]));
    let version = snapshot.summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_lower_bound), ("4.4", true));
    assert_eq!(version.metadata_version.as_deref(), Some("level 40"));
    assert_eq!(snapshot.brokers[0].release.as_deref(), Some("4.4+"));
}

#[test]
fn binaries_of_different_releases_are_mixed() {
    let snapshot = built(with_levels(&[(29, 29), (29, 30)]));
    let version = snapshot.summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_mixed), ("4.2", true));
    let releases: Vec<_> = snapshot.brokers.iter().map(|broker| broker.release.as_deref()).collect();
    assert_eq!(releases, [Some("4.2"), Some("4.3")]);
}

#[test]
fn binaries_newer_than_the_level_in_force_are_told() {
    let version = built(with_levels(&[(29, 30), (29, 30)])).summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_lower_bound, version.is_mixed), ("4.3", false, false));
    assert_eq!(version.metadata_version.as_deref(), Some("4.2-IV1"));
}

#[test]
fn brokers_that_are_gone_do_not_make_the_release() {
    let mut all = with_levels(&[(29, 29), (29, 29), (29, 30)]);
    fail(all.apis.get_mut(&BrokerId(1)).unwrap(), timeout(), 5000);
    let metadata = Arc::make_mut(all.metadata.value.as_mut().unwrap());
    metadata.brokers.retain(|node| node.id != BrokerId(2));
    let version = built(all.clone()).summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_mixed), ("4.3", false));
    fail(all.apis.get_mut(&BrokerId(3)).unwrap(), timeout(), 5000);
    let version = built(all).summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_mixed), ("4.2", true), "what was known while none is up");
}

fn zookeeper() -> Observations {
    let mut all = cluster(2, vec![]);
    let apis = BrokerApis { apis: vec![(0, 0, 8), (1, 0, 11), (9, 0, 6), (45, 0, 0)], ..BrokerApis::default() };
    for observed in all.apis.values_mut() {
        *observed = heard(apis.clone());
    }
    all
}

#[test]
fn a_zookeeper_cluster_tells_its_protocol() {
    let mut all = zookeeper();
    for id in [1, 2] {
        let entries = vec![entry("inter.broker.protocol.version", "2.4-IV1", ConfigSource::Default)];
        all.broker_configs.insert(BrokerId(id), heard(entries));
    }
    let snapshot = built(all);
    let version = snapshot.summary.version.clone().unwrap();
    assert_eq!((version.release.as_str(), version.known_by), ("2.4", VersionSource::InterBrokerProtocol));
    assert_eq!((snapshot.summary.mode, snapshot.summary.controller), (ControlMode::Zookeeper, Some(BrokerId(1))));
    assert_eq!(snapshot.brokers[1].release.as_deref(), Some("2.4"));
    assert!(snapshot.brokers[0].is_controller && !snapshot.brokers[1].is_controller);
}

#[test]
fn a_protocol_somebody_set_says_nothing_about_the_binary() {
    let mut all = zookeeper();
    let entries = vec![entry("inter.broker.protocol.version", "2.3", ConfigSource::StaticBroker)];
    all.broker_configs.insert(BrokerId(1), heard(entries));
    let snapshot = built(all);
    let version = snapshot.summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_lower_bound), ("2.3", true));
    assert_eq!(snapshot.brokers[0].release, None);
}

#[test]
fn the_oldest_protocol_counts_and_a_default_is_sure() {
    let with = |protocols: [(&str, ConfigSource); 2]| {
        let mut all = zookeeper();
        for (id, (protocol, source)) in (1..).zip(protocols) {
            let entries = vec![entry("inter.broker.protocol.version", protocol, source)];
            all.broker_configs.insert(BrokerId(id), heard(entries));
        }
        let version = built(all).summary.version.unwrap();
        (version.release, version.is_lower_bound)
    };
    let (set, default) = (ConfigSource::StaticBroker, ConfigSource::Default);
    assert_eq!(with([("2.5-IV0", default), ("2.4-IV1", default)]), ("2.4".to_owned(), false));
    assert_eq!(with([("2.4-IV1", set), ("2.4-IV1", default)]), ("2.4".to_owned(), false));
    assert_eq!(with([("2.5-IV0", default), ("2.4-IV1", set)]), ("2.4".to_owned(), true));
    assert_eq!(with([("0.11.0-IV2", default), ("1.0-IV0", default)]), ("0.11.0".to_owned(), false));
}

#[test]
fn request_versions_alone_give_a_lower_bound() {
    let version = built(zookeeper()).summary.version.unwrap();
    assert_eq!((version.release.as_str(), version.is_lower_bound), ("2.4", true));
    assert_eq!(version.known_by, VersionSource::ApiVersions);
    let marks =
        [(&[(35, 0, 5)][..], Some("4.3")), (&[(60, 0, 2)], Some("4.0")), (&[(61, 0, 0), (60, 0, 0)], Some("3.0"))];
    for (apis, release) in marks {
        assert_eq!(release_by_apis(&BrokerApis { apis: apis.to_vec(), ..BrokerApis::default() }), release);
    }
    assert_eq!(release_by_apis(&BrokerApis::default()), None);
}

#[test]
fn the_controller_of_kraft_is_the_quorums_leader() {
    let mut all = cluster(2, vec![]);
    assert_eq!(built(all.clone()).summary.controller, None, "the metadata names a random broker");
    all.quorum =
        heard(Quorum { leader_id: BrokerId(2), leader_epoch: 1, high_watermark: 0, voters: vec![], observers: vec![] });
    let snapshot = built(all.clone());
    assert_eq!((snapshot.summary.mode, snapshot.summary.controller), (ControlMode::Kraft, Some(BrokerId(2))));
    assert!(snapshot.brokers[1].is_controller);
    Arc::make_mut(all.quorum.value.as_mut().unwrap()).leader_id = BrokerId(-1);
    assert_eq!(built(all).summary.controller, None, "no leader is no broker called -1");
}

#[test]
fn features_are_what_all_brokers_share_known_or_not() {
    let mut all = with_levels(&[(29, 29), (29, 30)]);
    let mut apis = kraft();
    apis.supported.insert("new.version".to_owned(), (2, 4));
    apis.supported.insert("metadata.version".to_owned(), (9, 30));
    all.apis.insert(BrokerId(2), heard(apis));
    let features = built(all).features;
    let told: Vec<_> =
        features.iter().map(|f| (f.name.as_str(), f.finalized, f.supported_min, f.supported_max)).collect();
    assert_eq!(told, [("metadata.version", Some(30), 9, 29), ("new.version", None, 2, 4)]);
    assert_eq!(features[0].finalized_name.as_deref(), Some("4.3-IV0"));
}
