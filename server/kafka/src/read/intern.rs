//! One allocation per text: ten thousand topics repeat the same names, keys and values.

use model::TopicName;
use std::collections::HashSet;
use std::sync::Arc;

/// The topic names of the last metadata answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(HashSet<TopicName>);

impl Names {
    pub fn new(names: impl IntoIterator<Item = TopicName>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The known name, or a new one for a topic the metadata has not told of.
    pub fn get(&self, text: &str) -> TopicName {
        self.0.get(text).cloned().unwrap_or_else(|| TopicName::from_broker(text))
    }

    pub fn contains(&self, text: &str) -> bool {
        self.0.contains(text)
    }
}

/// Texts seen so far.
#[derive(Debug, Default)]
pub(crate) struct Texts(HashSet<Arc<str>>);

impl Texts {
    pub fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_one_allocation() {
        let mut texts = Texts::default();
        assert!(Arc::ptr_eq(&texts.get("retention.ms"), &texts.get("retention.ms")));
        let names = Names::new([TopicName::from_broker("orders")]);
        assert!(std::ptr::eq(names.get("orders").as_str(), names.get("orders").as_str()));
        assert_eq!(names.get("new").as_str(), "new");
    }
}
