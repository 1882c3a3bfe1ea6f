//! The encodings browsers take, at their highest level: compressed once, sent many times.

use crate::Fallible;
use std::io::Write;

pub struct Encoding {
    /// The file ending, which is also how the manifest names it.
    pub ending: &'static str,
    /// Compresses; the flag asks for speed instead of size.
    pub compress: fn(&[u8], bool) -> Fallible<Vec<u8>>,
}

pub const ENCODINGS: [Encoding; 2] =
    [Encoding { ending: "br", compress: brotli }, Encoding { ending: "gz", compress: gzip }];

fn brotli(content: &[u8], quick: bool) -> Fallible<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: if quick { 4 } else { 11 }, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut out, &parameters)?;
    Ok(out)
}

fn gzip(content: &[u8], quick: bool) -> Fallible<Vec<u8>> {
    let level = if quick { flate2::Compression::fast() } else { flate2::Compression::best() };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
