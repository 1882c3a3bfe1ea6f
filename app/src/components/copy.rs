//! A small button that copies the name or address beside it. Only the browser half can copy, so without it there is none.

use super::icon::{Icon, icon};
use crate::text::Text;
use leptos::prelude::*;

/// `label` says what is copied, for those who cannot see what it stands beside.
pub fn copy(text: &'static Text, label: &'static str, value: String) -> impl IntoView + use<> {
    view! {
        <button type="button" class="copy" data-copy=value data-copied=text.copy.copied aria-label=label title=label>
            {icon(Icon::Copy)}
        </button>
    }
}
