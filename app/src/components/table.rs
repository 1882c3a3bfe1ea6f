//! Table heads whose columns sort by link.

use leptos::prelude::*;
use model::query::{Chip, Column, Dir, Query};

/// The head of one column.
pub struct Head<C> {
    /// What the list can be sorted by here.
    pub sort: Option<C>,
    pub label: &'static str,
    /// What it tells, for pointing at; empty where the label says it.
    pub hint: &'static str,
    /// `num` stands right; `m1` goes on phones, `m2` also on narrow screens.
    pub class: &'static str,
}

impl<C> Head<C> {
    pub fn sorted(sort: C, class: &'static str, label: &'static str, hint: &'static str) -> Self {
        Self { sort: Some(sort), label, hint, class }
    }

    pub fn fixed(class: &'static str, label: &'static str) -> Self {
        Self { sort: None, label, hint: "", class }
    }
}

/// The head of a list in the order of `query`, whose page is at `path`.
pub fn table_head<C: Column, S: Chip>(
    query: &Query<C, S>,
    path: &str,
    heads: Vec<Head<C>>,
) -> impl IntoView + use<C, S> {
    let cells = heads
        .into_iter()
        .map(|head| {
            let hint = (!head.hint.is_empty()).then_some(head.hint);
            let is_sorted = head.sort == Some(query.sort);
            let order = is_sorted.then_some(if query.dir == Dir::Desc { "descending" } else { "ascending" });
            let label = match head.sort {
                Some(column) => view! { <a href=query.sorted_by(column).href(path)>{head.label}</a> }.into_any(),
                None => head.label.into_any(),
            };
            view! { <th scope="col" class=head.class title=hint aria-sort=order>{label}</th> }
        })
        .collect_view();
    view! { <thead><tr>{cells}</tr></thead> }
}

/// The head of a table with an order of its own: labels and classes.
pub fn plain_head(heads: &[(&'static str, &'static str)]) -> impl IntoView + use<> {
    let cells = heads.iter().map(|(label, class)| view! { <th scope="col" class=*class>{*label}</th> }).collect_view();
    view! { <thead><tr>{cells}</tr></thead> }
}
