//! Which request has which answer, and which version of it two sides can speak.
//!
//! The generated types fill nullable fields with null, which often means "everything"; requests are therefore only
//! made by the constructors in [`crate::read`] and [`crate::write`], which set every field.

use bytes::{Bytes, BytesMut};
use kacrab_protocol::ProtocolError;
use kacrab_protocol::generated::*;
use model::observation::BrokerApis;
use model::{Fault, FaultKind};

/// A request body and how to read the answer to it.
pub(crate) trait Request: Send + Sync {
    const KEY: ApiKey;
    /// Never speak a higher version, even if the codec could.
    const HIGHEST: i16 = i16::MAX;
    type Response: Send + 'static;

    fn write(&self, to: &mut BytesMut, version: i16) -> Result<(), ProtocolError>;
    fn read(from: &mut Bytes, version: i16) -> Result<Self::Response, ProtocolError>;
}

macro_rules! requests {
    ($($key:ident $request:ident => $response:ident $(up to $highest:literal)?;)*) => {$(
        impl Request for $request {
            const KEY: ApiKey = ApiKey::$key;
            $(const HIGHEST: i16 = $highest;)?
            type Response = $response;

            fn write(&self, to: &mut BytesMut, version: i16) -> Result<(), ProtocolError> {
                $request::write(self, to, version)
            }

            fn read(from: &mut Bytes, version: i16) -> Result<$response, ProtocolError> {
                $response::read(from, version)
            }
        }
    )*};
}

requests! {
    AlterPartitionReassignments AlterPartitionReassignmentsRequestData => AlterPartitionReassignmentsResponseData;
    ConsumerGroupDescribe ConsumerGroupDescribeRequestData => ConsumerGroupDescribeResponseData;
    CreatePartitions CreatePartitionsRequestData => CreatePartitionsResponseData;
    CreateTopics CreateTopicsRequestData => CreateTopicsResponseData;
    DeleteRecords DeleteRecordsRequestData => DeleteRecordsResponseData;
    DeleteTopics DeleteTopicsRequestData => DeleteTopicsResponseData;
    DescribeCluster DescribeClusterRequestData => DescribeClusterResponseData;
    DescribeConfigs DescribeConfigsRequestData => DescribeConfigsResponseData;
    DescribeGroups DescribeGroupsRequestData => DescribeGroupsResponseData;
    DescribeLogDirs DescribeLogDirsRequestData => DescribeLogDirsResponseData;
    DescribeQuorum DescribeQuorumRequestData => DescribeQuorumResponseData;
    DescribeShareGroupOffsets DescribeShareGroupOffsetsRequestData => DescribeShareGroupOffsetsResponseData;
    ElectLeaders ElectLeadersRequestData => ElectLeadersResponseData;
    FindCoordinator FindCoordinatorRequestData => FindCoordinatorResponseData;
    IncrementalAlterConfigs IncrementalAlterConfigsRequestData => IncrementalAlterConfigsResponseData;
    ListGroups ListGroupsRequestData => ListGroupsResponseData;
    ListOffsets ListOffsetsRequestData => ListOffsetsResponseData;
    ListPartitionReassignments ListPartitionReassignmentsRequestData => ListPartitionReassignmentsResponseData;
    Metadata MetadataRequestData => MetadataResponseData;
    OffsetFetch OffsetFetchRequestData => OffsetFetchResponseData up to 9; // 10 knows topics by id only
    SaslAuthenticate SaslAuthenticateRequestData => SaslAuthenticateResponseData;
    SaslHandshake SaslHandshakeRequestData => SaslHandshakeResponseData up to 1;
    ShareGroupDescribe ShareGroupDescribeRequestData => ShareGroupDescribeResponseData;
    StreamsGroupDescribe StreamsGroupDescribeRequestData => StreamsGroupDescribeResponseData;
}

/// The name Kafka gives a request, e.g. `DescribeLogDirs`.
pub(crate) fn name(key: ApiKey) -> String {
    format!("{key:?}")
}

/// The versions of `key` a broker speaks; `None` if it does not offer it.
pub(crate) fn offered(apis: &BrokerApis, key: ApiKey) -> Option<(i16, i16)> {
    let at = apis.apis.binary_search_by_key(&(key as i16), |(key, _, _)| *key).ok()?;
    apis.apis.get(at).map(|(_, lowest, highest)| (*lowest, *highest))
}

/// The highest version of `R` both sides speak.
pub(crate) fn negotiate<R: Request>(apis: &BrokerApis) -> Result<i16, Fault> {
    let unsupported = |words: String| Fault::new(FaultKind::Unsupported { api: name(R::KEY) }, words);
    let (lowest, highest) =
        offered(apis, R::KEY).ok_or_else(|| unsupported(format!("this broker does not offer {}", name(R::KEY))))?;
    let ours = client_api_info(R::KEY);
    let version = highest.min(ours.max_version).min(R::HIGHEST);
    if version < lowest.max(ours.min_version) {
        return Err(unsupported(format!(
            "this broker speaks versions {lowest} to {highest} of {}, Steward {} to {}",
            name(R::KEY),
            ours.min_version,
            ours.max_version.min(R::HIGHEST)
        )));
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broker(apis: &[(i16, i16, i16)]) -> BrokerApis {
        BrokerApis { apis: apis.to_vec(), ..BrokerApis::default() }
    }

    #[test]
    fn takes_the_highest_common_version() {
        assert_eq!(negotiate::<ListOffsetsRequestData>(&broker(&[(2, 0, 5)])), Ok(5));
        assert_eq!(negotiate::<ListOffsetsRequestData>(&broker(&[(1, 0, 9), (2, 1, 99), (32000, 0, 3)])), Ok(11));
    }

    #[test]
    fn never_exceeds_the_request_s_own_limit() {
        assert_eq!(negotiate::<OffsetFetchRequestData>(&broker(&[(9, 1, 10)])), Ok(9));
    }

    #[test]
    fn says_what_is_not_offered() {
        let fault = negotiate::<DescribeQuorumRequestData>(&broker(&[(2, 0, 5)])).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsupported { api: "DescribeQuorum".to_owned() });
        let fault = negotiate::<OffsetFetchRequestData>(&broker(&[(9, 10, 12)])).unwrap_err();
        assert_eq!(fault.message, "this broker speaks versions 10 to 12 of OffsetFetch, Steward 1 to 9");
    }
}
