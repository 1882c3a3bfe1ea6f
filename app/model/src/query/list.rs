//! What all list queries have in common.

use super::page::{self, Page};
use super::sort::{self, Dir, Key};
use super::url;
use serde::{Deserialize, Serialize};

/// Rows per page a person can choose from. A URL may ask for any number up to [`MAX_PER`].
pub const PER: [u32; 5] = [25, 50, 100, 250, 500];
pub const DEFAULT_PER: u32 = 50;
pub const MAX_PER: u32 = 500;
/// Longer searches are cut: no name is longer, and a URL is a stranger's text.
const MAX_Q: usize = 256;

/// A column a list can be sorted by. The default one, in its first direction, is the list's own order.
pub trait Column: Copy + Eq + Default + 'static {
    const ALL: &'static [Self];
    /// As the URL spells it: the field's name in the API.
    fn name(self) -> &'static str;
    /// Understands short forms too; `None` for anything else.
    fn parse(text: &str) -> Option<Self>;
    /// The direction a first click on the header should give: names from A, numbers from the largest.
    fn first_dir(self) -> Dir;
}

/// A filter that is on or off.
pub trait Chip: Copy + Eq + 'static {
    const ALL: &'static [Self];
    fn name(self) -> &'static str;
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|chip| chip.name() == text)
    }
}

/// The state of a list page, which is its URL: `q, sort, dir, page, per, show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    default,
    bound = "C: Column + Serialize + serde::de::DeserializeOwned, S: Chip + Serialize + serde::de::DeserializeOwned"
)]
pub struct Query<C, S> {
    /// What to search for; every word must occur.
    pub q: String,
    pub sort: C,
    pub dir: Dir,
    /// From 1.
    pub page: u32,
    pub per: u32,
    /// The chips that are on, in their own order.
    pub show: Vec<S>,
}

impl<C: Column, S> Default for Query<C, S> {
    fn default() -> Self {
        let sort = C::default();
        Self { q: String::new(), sort, dir: unsaid_dir(sort), page: 1, per: DEFAULT_PER, show: Vec::new() }
    }
}

/// The direction of a URL that names none.
fn unsaid_dir<C: Column>(sort: C) -> Dir {
    if sort == C::default() { sort.first_dir() } else { Dir::Asc }
}

impl<C: Column, S: Chip> Query<C, S> {
    /// Reads the pairs of a URL, decoded. Unknown keys are others' business; what makes no sense is left at its default.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut query = Self::default();
        let mut chosen: Vec<S> = Vec::new();
        let mut dir = None;
        for (key, value) in pairs {
            let value = value.as_ref();
            match key.as_ref() {
                "q" => query.q = value.trim().chars().take(MAX_Q).collect(),
                "sort" => query.sort = C::parse(value).unwrap_or_default(),
                "dir" => dir = [Dir::Asc, Dir::Desc].into_iter().find(|dir| dir.name() == value),
                "page" => query.page = value.parse().unwrap_or(1).max(1),
                "per" => query.per = value.parse().unwrap_or(DEFAULT_PER).clamp(1, MAX_PER),
                "show" => chosen.extend(value.split(',').filter_map(|name| S::parse(name.trim()))),
                _ => {}
            }
        }
        query.dir = dir.unwrap_or(unsaid_dir(query.sort));
        query.show = S::ALL.iter().copied().filter(|chip| chosen.contains(chip)).collect();
        query
    }

    /// Reads a query string, with or without its `?`.
    pub fn parse(query: &str) -> Self {
        Self::from_pairs(url::pairs(query.strip_prefix('?').unwrap_or(query)))
    }

    /// The canonical spelling without `?`; empty if all is default.
    pub fn to_query_string(&self) -> String {
        let mut out = String::new();
        let default = Self::default();
        if !self.q.is_empty() {
            url::push_pair(&mut out, "q", &self.q);
        }
        if self.sort != default.sort {
            url::push_pair(&mut out, "sort", self.sort.name());
        }
        if self.dir != unsaid_dir(self.sort) {
            url::push_pair(&mut out, "dir", self.dir.name());
        }
        if self.page != default.page {
            url::push_pair(&mut out, "page", &self.page.to_string());
        }
        if self.per != default.per {
            url::push_pair(&mut out, "per", &self.per.to_string());
        }
        if !self.show.is_empty() {
            let names: Vec<&str> = self.show.iter().map(|chip| chip.name()).collect();
            out.push_str(if out.is_empty() { "show=" } else { "&show=" });
            out.push_str(&names.join(","));
        }
        out
    }

    /// `path` with the query, without a bare `?`; behind what a path already asks for.
    pub fn href(&self, path: &str) -> String {
        match self.to_query_string() {
            query if query.is_empty() => path.to_owned(),
            query if path.contains('?') => format!("{path}&{query}"),
            query => format!("{path}?{query}"),
        }
    }

    pub fn shows(&self, chip: S) -> bool {
        self.show.contains(&chip)
    }

    /// As a click on a column's header: sorts by it, or turns the direction; back to the first page.
    pub fn sorted_by(&self, column: C) -> Self
    where
        Self: Clone,
    {
        let dir = if self.sort == column { self.dir.reversed() } else { column.first_dir() };
        Self { sort: column, dir, page: 1, ..self.clone() }
    }

    /// As a click on a chip; back to the first page.
    pub fn toggled(&self, chip: S) -> Self
    where
        Self: Clone,
    {
        let show = S::ALL.iter().copied().filter(|other| self.shows(*other) != (*other == chip)).collect();
        Self { show, page: 1, ..self.clone() }
    }

    pub fn with_page(&self, page: u32) -> Self
    where
        Self: Clone,
    {
        Self { page, ..self.clone() }
    }

    /// Another page length; back to the first page.
    pub fn with_per(&self, per: u32) -> Self
    where
        Self: Clone,
    {
        Self { per, page: 1, ..self.clone() }
    }

    /// All of `rows` in this query's order, as one list.
    pub(super) fn all_of<'a, T>(
        &self,
        rows: Vec<u32>,
        key: impl Fn(usize) -> Key<'a>,
        item: impl Fn(usize) -> Option<T>,
    ) -> Vec<T> {
        let len = rows.len();
        sort::window(rows, key, self.dir, 0..len).into_iter().filter_map(|row| item(row as usize)).collect()
    }

    /// The page of `rows` (positions in their own order) this query asks for.
    pub(super) fn page_of<'a, T>(
        &self,
        rows: Vec<u32>,
        key: impl Fn(usize) -> Key<'a>,
        item: impl Fn(usize) -> Option<T>,
    ) -> Page<T> {
        let total = rows.len();
        let (page, per, window) = page::clamp(total, self.page, self.per);
        let shown = sort::window(rows, key, self.dir, window);
        let items = shown.into_iter().filter_map(|row| item(row as usize)).collect();
        Page { total: total as u32, page, per, items }
    }
}

/// Declares the columns of a list: `Variant asc|desc "name" "alias"…`, the list's own order first.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $first:ident $first_dir:ident $first_name:literal $($first_alias:literal)*,
        $($variant:ident $dir:ident $text:literal $($alias:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            #[default]
            #[serde(rename = $first_name)]
            $first,
            $(#[serde(rename = $text)] $variant,)+
        }

        impl $crate::query::Column for $name {
            const ALL: &'static [Self] = &[Self::$first, $(Self::$variant),+];

            fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_name,
                    $(Self::$variant => $text,)+
                }
            }

            fn parse(text: &str) -> Option<Self> {
                match text {
                    $first_name $(| $first_alias)* => Some(Self::$first),
                    $($text $(| $alias)* => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn first_dir(self) -> $crate::query::Dir {
                match self {
                    Self::$first => columns!(@ $first_dir),
                    $(Self::$variant => columns!(@ $dir),)+
                }
            }
        }
    };
    (@ asc) => { $crate::query::Dir::Asc };
    (@ desc) => { $crate::query::Dir::Desc };
}

/// Declares the chips of a list: `/// meaning`, `Variant "name"`.
macro_rules! chips {
    ($(#[$doc:meta])* $name:ident { $($(#[$meaning:meta])* $variant:ident $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$meaning])* #[serde(rename = $text)] $variant,)+
        }

        impl $crate::query::Chip for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

pub(super) use {chips, columns};
