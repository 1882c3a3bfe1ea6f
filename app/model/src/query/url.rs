//! The little of URLs that queries need: pairs in, pairs out.

/// The pairs of a query string (without `?`), decoded; `+` is a space, a broken escape stays as it is.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    })
}

/// Bytes that are not UTF-8 become the replacement character.
pub fn decode(text: &str) -> String {
    let hex = |at: usize| text.as_bytes().get(at).and_then(|digit| char::from(*digit).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) => bytes.push(b' '),
            (byte, ..) => bytes.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
}

/// Appends `text` with everything escaped but RFC 3986's unreserved characters: safe in a path segment, a key or a value.
pub fn encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(HEX[usize::from(half)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// `text` as one path segment, e.g. a group id in `/clusters/c/groups/{g}`. The ids `.`, `..` and the empty one have no
/// spelling as a segment: browsers resolve them, escaped or not, as directories.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode(text, &mut out);
    out
}

/// Appends `key=value` with the `&` it needs.
pub(super) fn push_pair(out: &mut String, key: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(key);
    out.push('=');
    encode(value, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_are_decoded_and_broken_escapes_survive() {
        let read: Vec<_> = pairs("q=a+b%2Fc&&sort&x=100%&y=%zz&z=%FF").collect();
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let expected =
            [pair("q", "a b/c"), pair("sort", ""), pair("x", "100%"), pair("y", "%zz"), pair("z", "\u{fffd}")];
        assert_eq!(read, expected);
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text in any::<String>()) {
            let encoded = segment(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            prop_assert_eq!(decode(&encoded), text);
        }
    }
}
