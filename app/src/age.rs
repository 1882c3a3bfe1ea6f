//! How long ago, in whole units: told by the server in the page and ticked on by the browser, in the same words. Pure.

/// The words of a language for ages, from the page: now, seconds, minutes, hours, days, separated by `|`,
/// with `#` for the number, such as `now|# s ago|# min ago|# h ago|# d ago`.
pub struct Words<'a>([&'a str; 5]);

impl<'a> Words<'a> {
    /// `None` unless there are exactly five.
    pub fn parse(text: &'a str) -> Option<Self> {
        let words: Vec<&str> = text.split('|').collect();
        words.try_into().ok().map(Self)
    }

    /// An age of `ms` milliseconds in words; the future is now.
    pub fn say(&self, ms: i64) -> String {
        let seconds = ms.max(0) / 1000;
        let [now, second, minute, hour, day] = self.0;
        let (words, number) = match seconds {
            0 => return now.to_owned(),
            1..60 => (second, seconds),
            60..3_600 => (minute, seconds / 60),
            3_600..172_800 => (hour, seconds / 3_600),
            _ => (day, seconds / 86_400),
        };
        words.replace('#', &number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn ages_are_told_in_the_largest_whole_unit() {
        let Some(words) = Words::parse("방금|#초 전|#분 전|#시간 전|#일 전") else { panic!("five words") };
        let said =
            [-5, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 172_799_999, 172_800_000].map(|ms| words.say(ms));
        assert_eq!(said, ["방금", "방금", "1초 전", "59초 전", "1분 전", "59분 전", "1시간 전", "47시간 전", "2일 전"]);
    }

    #[test]
    fn a_page_without_the_five_words_has_no_words() {
        assert!(Words::parse("now|# s").is_none());
    }
}
