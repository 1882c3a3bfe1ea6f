//! Frames: `[i32 length][header][body]`, both ways.

use bytes::{Buf, Bytes, BytesMut};
use kacrab_protocol::generated::{ApiKey, RequestHeaderData, ResponseHeaderData};
use kacrab_protocol::version::{request_header_version, response_header_version};
use kacrab_protocol::{KafkaString, ProtocolError};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest answer believed before authentication is through: what is not Kafka mostly reads as gigabytes
/// (`HTTP` is 1.2 GB), and an `ApiVersions` answer has a few KiB.
pub(crate) const CAP_STRANGER: usize = 1 << 20;
/// Longest answer of a broker: twenty times the metadata of 100,000 partitions.
pub(crate) const CAP_BROKER: usize = 100 << 20;
/// Memory is taken on the word of the length prefix only up to here.
const TRUSTED: usize = 16 << 20;

/// How this program calls itself in every request.
pub(crate) const CLIENT_ID: &str = "steward";

/// A whole request frame; `body` writes what follows the header.
pub(crate) fn encode(
    key: ApiKey,
    version: i16,
    correlation: i32,
    body: impl FnOnce(&mut BytesMut) -> Result<(), ProtocolError>,
) -> Result<BytesMut, ProtocolError> {
    let header = RequestHeaderData {
        request_api_key: key as i16,
        request_api_version: version,
        correlation_id: correlation,
        client_id: Some(KafkaString::from_static(CLIENT_ID)),
        _unknown_tagged_fields: Vec::new(),
    };
    let mut frame = BytesMut::with_capacity(256);
    frame.extend_from_slice(&[0; 4]);
    header.write(&mut frame, request_header_version(key as i16, version))?;
    body(&mut frame)?;
    let length = i32::try_from(frame.len() - 4).unwrap_or(i32::MAX);
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Splits an answer into its correlation id and its body.
pub(crate) fn decode(key: ApiKey, version: i16, mut frame: Bytes) -> Result<(i32, Bytes), ProtocolError> {
    let header = ResponseHeaderData::read(&mut frame, response_header_version(key as i16, version))?;
    Ok((header.correlation_id, frame))
}

/// Why no frame could be read.
#[derive(Debug)]
pub(crate) enum FrameError {
    Io(io::Error),
    /// The length prefix is negative or above the cap; these are its bytes.
    Length([u8; 4]),
}

/// Reads one frame of at most `cap` bytes, without its length prefix.
pub(crate) async fn read<R: AsyncRead + Unpin>(reader: &mut R, cap: usize) -> Result<Bytes, FrameError> {
    let mut prefix = [0; 4];
    reader.read_exact(&mut prefix).await.map_err(FrameError::Io)?;
    let length = match usize::try_from(i32::from_be_bytes(prefix)) {
        Ok(length) if (4..=cap).contains(&length) => length,
        _ => return Err(FrameError::Length(prefix)),
    };
    let mut frame = BytesMut::with_capacity(length.min(TRUSTED));
    let mut rest = reader.take(length as u64);
    while frame.len() < length {
        if rest.read_buf(&mut frame).await.map_err(FrameError::Io)? == 0 {
            return Err(FrameError::Io(io::ErrorKind::UnexpectedEof.into()));
        }
    }
    Ok(frame.freeze())
}

/// The error code an `ApiVersions` answer of any version begins with.
pub(crate) fn leading_code(body: &Bytes) -> Option<i16> {
    (body.len() >= 2).then(|| body.clone().get_i16())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_all(bytes: &[u8], cap: usize) -> Result<Bytes, FrameError> {
        read(&mut &bytes[..], cap).await
    }

    #[tokio::test]
    async fn reads_exactly_one_frame() {
        let frame = read_all(b"\0\0\0\x05hello world", 100).await.unwrap();
        assert_eq!(&frame[..], b"hello");
    }

    #[tokio::test]
    async fn refuses_lengths_beyond_the_cap_and_negative_ones() {
        assert!(matches!(read_all(b"HTTP/1.1 400", CAP_STRANGER).await, Err(FrameError::Length(p)) if &p == b"HTTP"));
        assert!(matches!(read_all(&[0xff; 8], CAP_BROKER).await, Err(FrameError::Length(_))));
        assert!(matches!(read_all(b"\0\0\0\x05hello", 4).await, Err(FrameError::Length(_))));
        assert!(
            matches!(read_all(b"\0\0\0\x03abc", 100).await, Err(FrameError::Length(_))),
            "no room for a correlation id"
        );
    }

    #[tokio::test]
    async fn a_frame_cut_short_is_an_end_of_file() {
        let error = read_all(b"\0\0\0\x09hello", 100).await.unwrap_err();
        assert!(matches!(error, FrameError::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof));
    }

    #[test]
    fn a_request_frame_carries_its_own_length_and_ids() {
        let frame = encode(ApiKey::Metadata, 12, 7, |body| {
            body.extend_from_slice(b"body");
            Ok(())
        })
        .unwrap();
        assert_eq!(i32::from_be_bytes(frame[..4].try_into().unwrap()) as usize, frame.len() - 4);
        assert_eq!(frame[4..12], [0, 3, 0, 12, 0, 0, 0, 7]);
        assert!(frame.ends_with(b"body"));
    }
}
