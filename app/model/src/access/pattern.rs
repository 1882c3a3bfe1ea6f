//! Patterns of names: texts separated by spaces or commas, `*` stands for any run of characters.

use serde::{Deserialize, Serialize};

/// E.g. `*`, `orders-*`, `orders-* payments`. Matches whole names, with case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct Pattern(String);

impl Pattern {
    /// Everything.
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// Nothing between the separators is a pattern that matches nothing.
    pub fn new(text: &str) -> Self {
        Self(text.split([' ', ',', '\n', '\t', '\r']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one that matches everything, whatever may come.
    pub fn is_any(&self) -> bool {
        self.0.split(' ').any(|part| part == "*")
    }

    pub fn matches(&self, name: &str) -> bool {
        self.0.split(' ').filter(|part| !part.is_empty()).any(|part| matches(part, name))
    }
}

/// Greedy from both ends, the pieces between in order; linear in practice and never exponential.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let Some((middle, last)) = rest.rsplit_once('*') else { return name.ends_with(rest) };
    for piece in middle.split('*') {
        match name.find(piece) {
            Some(at) => name = name.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        let cases = [
            ("*", "", true),
            ("*", "a", true),
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("orders-*", "orders-eu", true),
            ("orders-*", "orders", false),
            ("*-dlq", "orders-dlq", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "ac", false),
            ("a*a", "a", false),
            ("a**b", "ab", true),
            ("x, y-*", "y-1", true),
            ("", "", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(Pattern::new(pattern).matches(name), expected, "{pattern:?} on {name:?}");
        }
    }

    #[test]
    fn only_the_lone_star_is_any() {
        assert!(Pattern::any().is_any() && Pattern::new("a *").is_any());
        assert!(!Pattern::new("a*").is_any() && !Pattern::new("**").is_any());
    }
}
