//! One page of a list.

use super::list::MAX_PER;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// `{total, page, per, items}`, as the API sends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Rows of the whole list.
    pub total: u32,
    /// From 1; the last page if a later one was asked for.
    pub page: u32,
    /// Rows a full page has.
    pub per: u32,
    pub items: Vec<T>,
}

/// What a pager shows: page numbers and the gaps between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Page(u32),
    Gap,
}

impl<T> Page<T> {
    /// How many pages there are; an empty list has one.
    pub fn pages(&self) -> u32 {
        self.total.div_ceil(self.per.max(1)).max(1)
    }

    /// Number of the first row shown, from 1; 0 if there is none.
    pub fn first(&self) -> u32 {
        if self.items.is_empty() { 0 } else { (self.page - 1) * self.per + 1 }
    }

    /// Number of the last row shown.
    pub fn last(&self) -> u32 {
        self.first() + (self.items.len() as u32).saturating_sub(1)
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { total: self.total, page: self.page, per: self.per, items: self.items.into_iter().map(change).collect() }
    }

    /// The first page, the last, and the neighbours of this one.
    pub fn steps(&self) -> Vec<Step> {
        let last = self.pages();
        let near = |page: u32| page == 1 || page == last || page.abs_diff(self.page) <= 1;
        // A gap of one page is shown as that page.
        let shown = |page: u32| near(page) || (near(page - 1) && near(page + 1));
        let mut steps = Vec::new();
        let candidates = [1, 2, last.saturating_sub(1), last].into_iter();
        let mut pages: Vec<u32> = candidates
            .chain(self.page.saturating_sub(2)..=self.page + 2)
            .filter(|page| (1..=last).contains(page) && shown(*page))
            .collect();
        pages.sort_unstable();
        pages.dedup();
        for page in pages {
            match steps.last() {
                Some(Step::Page(before)) if before + 1 < page => steps.extend([Step::Gap, Step::Page(page)]),
                _ => steps.push(Step::Page(page)),
            }
        }
        steps
    }
}

/// The page that can be shown of `total` rows, and its rows.
pub(super) fn clamp(total: usize, page: u32, per: u32) -> (u32, u32, Range<usize>) {
    let per = per.clamp(1, MAX_PER);
    let last = (total as u32).div_ceil(per).max(1);
    let page = page.clamp(1, last);
    let start = (page - 1) as usize * per as usize;
    (page, per, start..(start + per as usize).min(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(page: u32, pages: u32) -> String {
        let page = Page { total: pages * 50, page, per: 50, items: vec![(); 50] };
        let text = page.steps().into_iter().map(|step| match step {
            Step::Page(page) => page.to_string(),
            Step::Gap => "…".to_owned(),
        });
        text.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_pager_shows_the_ends_and_the_neighbourhood() {
        assert_eq!(steps(1, 1), "1");
        assert_eq!(steps(1, 26), "1 2 … 26");
        assert_eq!(steps(4, 26), "1 2 3 4 5 … 26");
        assert_eq!(steps(13, 26), "1 … 12 13 14 … 26");
        assert_eq!(steps(26, 26), "1 … 25 26");
        assert_eq!(steps(2, 4), "1 2 3 4");
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last_one() {
        assert_eq!(clamp(101, 9, 50), (3, 50, 100..101));
        assert_eq!(clamp(100, 9, 50), (2, 50, 50..100));
        assert_eq!(clamp(0, 9, 50), (1, 50, 0..0));
        assert_eq!(clamp(10, 0, 0), (1, 1, 0..1));
        assert_eq!(clamp(10_000, 1, u32::MAX), (1, 500, 0..500));
    }

    #[test]
    fn rows_are_numbered_from_one() {
        let page = Page { total: 101, page: 3, per: 50, items: vec![()] };
        assert_eq!((page.pages(), page.first(), page.last()), (3, 101, 101));
        let empty = Page::<()> { total: 0, page: 1, per: 50, items: vec![] };
        assert_eq!((empty.pages(), empty.first(), empty.last()), (1, 0, 0));
    }
}
