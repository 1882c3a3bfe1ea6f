//! Table cells. Numbers are short in the cell and exact on pointing at it; what is not known is said to be so.

use leptos::prelude::*;
use model::format;

/// Short text and its exact form.
pub type Told = (String, String);

/// `1.2 M`, exactly `1,204,331`.
pub fn compact(value: i64) -> Told {
    (format::compact(value), format::count(value))
}

/// `612 GiB`, exactly `657,129,996,288 B`.
pub fn bytes(value: i64) -> Told {
    (format::bytes(value), format!("{} B", format::count(value)))
}

/// `8,210`, exactly `8210.25`.
pub fn rate(value: f64) -> Told {
    (format::rate(value), format!("{value:.2}"))
}

/// A value that may not be known; `unknown` says so on pointing at the dash.
pub fn told(class: &'static str, value: Option<Told>, unknown: &'static str) -> impl IntoView {
    let (short, exact) = value.unwrap_or_else(|| ("–".into(), unknown.into()));
    view! { <td class=class title=exact>{short}</td> }
}

/// A count that may not be known and is short enough to be written out.
pub fn known(class: &'static str, value: Option<impl Into<i64>>, unknown: &'static str) -> impl IntoView {
    let title = value.is_none().then_some(unknown);
    let text = value.map_or_else(|| "–".to_owned(), |value| format::count(value.into()));
    view! { <td class=class title=title>{text}</td> }
}
