//! Which key means what. Pure.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The first half of a two-key command.
    Prefix,
    Filter,
    Help,
    NextRow,
    PreviousRow,
    /// To a page of the present cluster.
    Go(Place),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Brokers,
    Topics,
    Groups,
}

/// One keystroke: what it types, and which key it is by its place on a Latin keyboard (`KeyG`).
pub struct Stroke<'a> {
    pub key: &'a str,
    pub code: &'a str,
}

impl Stroke<'_> {
    /// The Latin letter meant, also while another script is typed (`ㅎ` on the key of `g`).
    fn letter(&self) -> Option<char> {
        let mut typed = self.key.chars();
        match (typed.next(), typed.next()) {
            (Some(letter), None) if letter.is_ascii() => Some(letter),
            (Some(_), None) => self.code.strip_prefix("Key")?.chars().next().map(|c| c.to_ascii_lowercase()),
            _ => None,
        }
    }
}

/// What a keystroke outside of any field does; `after_prefix`: the one before it was [`Action::Prefix`].
pub fn decide(stroke: &Stroke, after_prefix: bool) -> Option<Action> {
    match (stroke.letter()?, after_prefix) {
        ('o', true) => Some(Action::Go(Place::Overview)),
        ('b', true) => Some(Action::Go(Place::Brokers)),
        ('t', true) => Some(Action::Go(Place::Topics)),
        ('c', true) => Some(Action::Go(Place::Groups)),
        (_, true) => None,
        ('g', false) => Some(Action::Prefix),
        ('/', false) => Some(Action::Filter),
        ('?', false) => Some(Action::Help),
        ('j', false) => Some(Action::NextRow),
        ('k', false) => Some(Action::PreviousRow),
        _ => None,
    }
}

/// The address of `place` in the cluster of the page at `path`; `None` where there is no cluster.
pub fn address(path: &str, place: Place) -> Option<String> {
    let cluster = path.strip_prefix("/clusters/")?.split('/').next().filter(|name| !name.is_empty())?;
    let page = match place {
        Place::Overview => "",
        Place::Brokers => "/brokers",
        Place::Topics => "/topics",
        Place::Groups => "/groups",
    };
    Some(format!("/clusters/{cluster}{page}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keys_go_to_a_page() {
        let stroke = |key, code| Stroke { key, code };
        assert_eq!(decide(&stroke("g", "KeyG"), false), Some(Action::Prefix));
        assert_eq!(decide(&stroke("t", "KeyT"), true), Some(Action::Go(Place::Topics)));
        assert_eq!(decide(&stroke("t", "KeyT"), false), None);
        assert_eq!(decide(&stroke("j", "KeyJ"), true), None);
    }

    #[test]
    fn the_place_of_a_key_counts_while_another_script_is_typed() {
        assert_eq!(decide(&Stroke { key: "ㅎ", code: "KeyG" }, false), Some(Action::Prefix));
        // A Dvorak `j` lies where a Latin keyboard has `c`: what is typed counts.
        assert_eq!(decide(&Stroke { key: "j", code: "KeyC" }, false), Some(Action::NextRow));
        assert_eq!(decide(&Stroke { key: "Shift", code: "ShiftLeft" }, false), None);
    }

    #[test]
    fn places_are_in_the_cluster_of_the_page() {
        assert_eq!(address("/clusters/demo/topics/a", Place::Brokers).as_deref(), Some("/clusters/demo/brokers"));
        assert_eq!(address("/clusters/demo", Place::Overview).as_deref(), Some("/clusters/demo"));
        assert_eq!(address("/", Place::Topics), None);
    }
}
