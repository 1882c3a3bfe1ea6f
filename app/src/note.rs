//! What an action tells the page it leads back to: that it was done, or why not and what was typed. Kept in memory under a key
//! that stands in the address, so nothing of it is in histories and logs; passwords are never part of it unless they are what is told.

use crate::address;
use crate::visit::Visit;
use model::query::url;

/// Bytes of a field that a note carries: what is longer came from a file, which is still where it came from.
const LONGEST: usize = 64 << 10;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// The form it is about, by its `id`; empty for the page as a whole.
    pub form: String,
    pub is_refusal: bool,
    /// One or two sentences in the reader's language.
    pub said: String,
    /// A password or a token, to be shown this once.
    pub secret: String,
    /// Names and values of fields, without passwords.
    pub typed: Vec<(String, String)>,
}

impl Note {
    pub fn done(said: String) -> Self {
        Self { said, ..Self::default() }
    }

    pub fn refused(form: &str, said: String, typed: Vec<(String, String)>) -> Self {
        Self { form: form.to_owned(), is_refusal: true, said, typed, ..Self::default() }
    }

    /// What was typed into a field.
    pub fn typed(&self, field: &str) -> Option<&str> {
        self.typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What was typed into the fields of that name, in order.
    pub fn all(&self, field: &str) -> Vec<&str> {
        self.typed.iter().filter(|(name, _)| name == field).map(|(_, value)| value.as_str()).collect()
    }

    /// Without fields that are too long to be kept.
    fn to_text(&self) -> String {
        let is = if self.is_refusal { "refusal" } else { "" };
        let own = [("form", self.form.as_str()), ("is", is), ("said", &self.said), ("secret", &self.secret)];
        let own = own.map(|(name, value)| format!("{name}={}", url::segment(value)));
        let short = self.typed.iter().filter(|(_, value)| value.len() <= LONGEST);
        let typed = short.map(|(name, value)| format!("typed.{}={}", url::segment(name), url::segment(value)));
        own.into_iter().chain(typed).collect::<Vec<_>>().join("&")
    }

    fn parse(text: &str) -> Self {
        let mut note = Self::default();
        for (name, value) in url::pairs(text) {
            match name.as_str() {
                "form" => note.form = value,
                "is" => note.is_refusal = value == "refusal",
                "said" => note.said = value,
                "secret" => note.secret = value,
                name => note.typed.extend(name.strip_prefix("typed.").map(|name| (name.to_owned(), value))),
            }
        }
        note
    }
}

/// Leads to `page`, a path of this site, which shows the note.
pub fn lead(visit: &Visit, page: &str, note: &Note) {
    let key = visit.console.keep(note.to_text());
    let fragment = if note.form.is_empty() { String::new() } else { format!("#{}", note.form) };
    (visit.redirect)(&format!("{}{fragment}", address::with_query(page, [("note", key)])));
}

/// The note the address leads to. It is gone then.
pub fn taken(visit: &Visit) -> Option<Note> {
    visit.query("note").and_then(|key| visit.console.take(key)).map(|text| Note::parse(&text))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Note};

    #[test]
    fn a_note_survives_being_kept() {
        let typed = vec![("name".to_owned(), "a&b=\"c\" %".to_owned()), ("role".to_owned(), String::new())];
        let refused =
            Note { secret: "&?".to_owned(), ..Note::refused("add", "Nein, 안 됩니다.".to_owned(), typed) };
        assert_eq!(Note::parse(&refused.to_text()), refused);
        assert_eq!(Note::parse(&Note::default().to_text()), Note::default());
        assert_eq!(refused.all("role"), [""]);
    }

    #[test]
    fn a_file_is_not_kept() {
        let typed = vec![("file".to_owned(), "x".repeat(LONGEST + 1)), ("topics".to_owned(), "a*".to_owned())];
        let kept = Note::parse(&Note::refused("", "no".to_owned(), typed).to_text());
        assert_eq!((kept.typed("file"), kept.typed("topics"), kept.said.as_str()), (None, Some("a*"), "no"));
    }
}
