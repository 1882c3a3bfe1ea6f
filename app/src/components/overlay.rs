//! What lies over a page when asked for: the search palette and the help for the keys. Both need JavaScript to open.

use crate::address;
use crate::islands::{Labels, Palette};
use crate::visit::Visit;
use leptos::prelude::*;
use model::Snapshot;

pub fn overlays(visit: &Visit, snapshot: Option<&Snapshot>) -> impl IntoView + use<> {
    let text = &visit.text.search.palette;
    let labels = Labels {
        field: text.field.to_owned(),
        nothing: text.nothing.to_owned(),
        failed: text.failed.to_owned(),
        choose: text.choose.to_owned(),
        open: text.open.to_owned(),
        close: text.close.to_owned(),
    };
    let cluster = snapshot.map(|snapshot| snapshot.cluster.to_string()).unwrap_or_default();
    let page = snapshot.map(|snapshot| address::search(&snapshot.cluster)).unwrap_or_default();
    view! { <Palette cluster lang=visit.lang.tag().to_owned() page labels /> {keys(visit)} }
}

fn keys(visit: &Visit) -> impl IntoView + use<> {
    let text = &visit.text.search.keys;
    let shell = &visit.text.shell;
    let line = |keys: &[&'static str], what: &'static str| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{what}</dd></div> }
    };
    let go = |key: &'static str, what: &'static str| line(&["g", key], what);
    view! {
        <dialog class="keys" data-keys="" aria-labelledby="keys-title">
            <header><h2 id="keys-title">{text.title}</h2><form method="dialog"><button class="plain">{text.close}</button></form></header>
            <div class="keys-body">
                <section><h3>{text.anywhere}</h3><dl>
                    {line(&["Ctrl", "K"], text.palette)} {line(&["/"], text.filter)} {line(&["?"], text.help)}
                </dl></section>
                <section><h3>{text.lists}</h3><dl>{line(&["j", "k"], text.rows)} {line(&["↵"], text.open)}</dl></section>
                <section><h3>{text.go}</h3><dl>
                    {go("o", shell.overview)} {go("b", shell.brokers)} {go("t", shell.topics)} {go("c", shell.groups)}
                </dl></section>
            </div>
        </dialog>
    }
}
