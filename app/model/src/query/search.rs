//! Searching by words.

/// What a person typed into a search box: every word must occur, in any order, upper or lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    pub fn new(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_lowercase).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` in lower case already.
    pub fn match_folded(&self, text: &str) -> bool {
        self.0.iter().all(|word| text.contains(word.as_str()))
    }

    /// Each word occurs in at least one of `texts`.
    pub fn match_any(&self, texts: &[&str]) -> bool {
        self.is_empty() || {
            let folded: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
            self.0.iter().all(|word| folded.iter().any(|text| text.contains(word.as_str())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_occur_in_any_order_and_case() {
        let words = Words::new("  LOG web ");
        assert!(words.match_folded("web-access-log"));
        assert!(!words.match_folded("web-access"));
        assert!(Words::new(" \t").match_folded("anything"));
        assert!(Words::new("주문").match_folded("주문-이벤트"));
        assert!(words.match_any(&["WEB", "blog"]) && !words.match_any(&["web"]));
    }
}
