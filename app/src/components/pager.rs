//! The foot of a list: which rows of how many, other pages, rows per page.

use crate::text::Text;
use leptos::prelude::*;
use model::format::count;
use model::query::{Chip, Column, PER, Page, Query, Step};

/// `path` is the list's own address. Nothing but the range is shown while all rows fit.
pub fn pager<C: Column, S: Chip, T>(
    text: &'static Text,
    query: &Query<C, S>,
    path: &str,
    page: &Page<T>,
) -> impl IntoView + use<C, S, T> {
    let text = &text.list;
    let number = |n: u32| count(n.into());
    let range = (text.range)(&number(page.first()), &number(page.last()), &number(page.total));
    let pages = (page.pages() > 1).then(|| {
        let beside = |to: u32, label: &'static str, sign: &'static str, rel: &'static str| {
            (1..=page.pages()).contains(&to).then(|| {
                view! { <li><a href=query.with_page(to).href(path) rel=rel aria-label=label>{sign}</a></li> }
            })
        };
        let numbers = page
            .steps()
            .into_iter()
            .map(|step| match step {
                Step::Gap => view! { <li><span class="faint" aria-hidden="true">"…"</span></li> }.into_any(),
                Step::Page(n) => {
                    let label = (text.page)(&n.to_string());
                    let current = (n == page.page).then_some("page");
                    view! { <li><a href=query.with_page(n).href(path) aria-label=label aria-current=current>{number(n)}</a></li> }
                        .into_any()
                }
            })
            .collect_view();
        let before = beside(page.page - 1, text.previous, "‹", "prev");
        let after = beside(page.page + 1, text.next, "›", "next");
        view! { <nav aria-label=text.pages><ul>{before}{numbers}{after}</ul></nav> }
    });
    let per = PER.first().is_some_and(|least| page.total > *least).then(|| {
        let choices = PER
            .iter()
            .map(|per| {
                let current = (*per == page.per).then_some("true");
                view! { <li><a href=query.with_per(*per).href(path) aria-current=current>{*per}</a></li> }
            })
            .collect_view();
        view! { <div class="pager m1"><span id="rows-per-page">{text.rows}</span><ul aria-labelledby="rows-per-page">{choices}</ul></div> }
    });
    view! { <div class="foot"><span class="tab-num">{range}</span><div class="pager">{per}{pages}</div></div> }
}
