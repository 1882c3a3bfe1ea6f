//! Kafka's documentation of its config keys is written for a web page; this makes plain text of it.

/// Tags Kafka's documentation uses. Anything else in angle brackets is text, such as `<listener>`.
const TAGS: [&str; 22] = [
    "a", "b", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "i", "li", "ol", "p", "pre", "span", "strong",
    "table", "td", "tr", "tt", "ul",
];

/// Those that begin a new line.
const BREAKS: [&str; 11] = ["br", "div", "h1", "h2", "h3", "h4", "li", "ol", "p", "tr", "ul"];

/// `html` without its tags, with line breaks where it has paragraphs, list items or `<br>`, and its entities decoded.
/// The result is text and nothing else: it may hold `<` and `&`, and whoever shows it must show it as text.
pub fn plain(html: &str) -> String {
    let mut out = Text::default();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        out.push(before);
        rest = match tag(from).map(Piece::Tag).or_else(|| entity(from).map(Piece::Char)) {
            Some(Piece::Tag((name, is_end, after))) => {
                if BREAKS.contains(&name.as_str()) {
                    out.is_line_due = true;
                    out.is_item_due = name == "li" && !is_end;
                }
                after
            }
            Some(Piece::Char((decoded, after))) => {
                out.push(decoded);
                after
            }
            None => {
                let (sign, after) = from.split_at(1);
                out.push(sign);
                after
            }
        };
    }
    out.push(rest);
    out.done
}

enum Piece<'a> {
    /// Its name, whether it is an end tag, and what follows.
    Tag((String, bool, &'a str)),
    Char((&'static str, &'a str)),
}

/// Text with its white space collapsed, as a browser would.
#[derive(Default)]
struct Text {
    done: String,
    is_space_due: bool,
    is_line_due: bool,
    is_item_due: bool,
}

impl Text {
    fn push(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                self.is_space_due = true;
                continue;
            }
            if self.is_line_due && !self.done.is_empty() {
                self.done.push('\n');
            } else if self.is_space_due && !self.done.is_empty() {
                self.done.push(' ');
            }
            if self.is_item_due {
                self.done.push_str("• ");
            }
            (self.is_space_due, self.is_line_due, self.is_item_due) = (false, false, false);
            self.done.push(letter);
        }
    }
}

/// The tag `text` begins with.
fn tag(text: &str) -> Option<(String, bool, &str)> {
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    let is_end = inside.starts_with('/');
    let inside = inside.trim_matches('/');
    let name = inside.split(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
    TAGS.contains(&name.as_str()).then_some((name, is_end, after))
}

/// The character reference `text` begins with.
fn entity(text: &str) -> Option<(&'static str, &str)> {
    const KNOWN: [(&str, &str); 7] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", " "),
    ];
    KNOWN.iter().find_map(|(name, decoded)| Some((*decoded, text.strip_prefix(name)?)))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn tags_go_and_lines_stay() {
        let cases = [
            ("Use <code>delete</code> or <b>compact</b>.", "Use delete or compact."),
            ("One.<br>Two.<br/>Three.<p>Four.</p>", "One.\nTwo.\nThree.\nFour."),
            (
                "Levels: <ul> <li><code>0</code>: off</li> <li>1: on</li></ul> See <a href=\"#x\">this</a>.",
                "Levels:\n• 0: off\n• 1: on\nSee this.",
            ),
            ("  two\n   spaces  ", "two spaces"),
            ("", ""),
        ];
        for (html, text) in cases {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn what_is_no_tag_is_text() {
        let cases = [
            ("a &lt;b&gt; &amp;lt; c&nbsp;&quot;d&quot;", "a <b> &lt; c \"d\""),
            ("listener.name.<listener>.x", "listener.name.<listener>.x"),
            ("a < b && c > d &unknown; <", "a < b && c > d &unknown; <"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("한<br>글", "한\n글"),
        ];
        for (html, text) in cases {
            assert_eq!(plain(html), text, "{html}");
        }
    }
}
