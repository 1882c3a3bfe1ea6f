//! The HTML document around every page.

use crate::routes::Routes;
use crate::visit::{Theme, visit};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// The whole document; `options` says where the site's files are.
pub fn document(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let visit = visit();
    let lang = visit.as_ref().map_or("en", |v| v.lang.tag());
    let theme = visit.as_ref().map_or(Theme::System, |v| v.theme).name();
    let now = visit.as_ref().map(|v| v.now.0.to_string());
    let age_words = visit.as_ref().map(|v| v.text.age.words);
    let style = format!("/{}/steward.css", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang=lang data-theme=theme data-now=now data-age-words=age_words>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=style />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <Routes />
                <div class="sr" role="status" data-announce="" data-keep=""></div>
            </body>
        </html>
    }
}
