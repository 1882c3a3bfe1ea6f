//! The way to a list as CSV.

use super::icon::{Icon, icon};
use crate::text::Text;
use leptos::prelude::*;

/// `address` has the filters and the order of the page.
pub fn csv(text: &'static Text, address: String) -> impl IntoView + use<> {
    view! { <a class="btn m1" href=address rel="external" download="">{icon(Icon::Download)}{text.list.csv}</a> }
}
