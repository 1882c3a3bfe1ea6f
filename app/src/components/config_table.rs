//! Configuration entries: what is set here first, where each value comes from, its documentation on demand.

use super::chips::{ChipLink, chips};
use super::filter::filter_form;
use super::mark::{Tone, tag};
use super::panel::empty;
use super::table::plain_head;
use crate::address;
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::config::ConfigDocs;
use model::config_value::{Reading, reading};
use model::doc_text;
use model::query::{ConfigQuery, ConfigShow};
use model::{ConfigEntry, ConfigSource};

/// Whose entries a table has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Topic,
    /// Has hundreds of entries, so it begins with those that somebody set.
    Broker,
}

/// Entries of one topic or broker with the search and the filter of the address at `path`; `edit` is the form that changes them.
pub fn config_table(
    visit: &Visit,
    path: &str,
    owner: Owner,
    entries: &[ConfigEntry],
    docs: &ConfigDocs,
    edit: Option<&str>,
) -> impl IntoView + use<> {
    let text = visit.text;
    let query = ConfigQuery::from_pairs(visit.query.iter().map(|(name, value)| (name, value)));
    // A search looks everywhere unless it was narrowed.
    let shown = query.show.unwrap_or(match owner {
        Owner::Broker if query.q.is_empty() => ConfigShow::Changed,
        _ => ConfigShow::All,
    });
    let found = ConfigQuery { show: Some(shown), ..query.clone() }.apply(entries);
    let chip = |label: &'static str, show: ConfigShow| ChipLink {
        label,
        count: Some(query.count(show, entries)),
        tone: Tone::Quiet,
        address: format!("{path}?{}", ConfigQuery { show: Some(show), ..query.clone() }.to_query_string()),
        is_on: shown == show,
    };
    let set = (owner == Owner::Topic).then(|| chip(text.config.set, ConfigShow::Set));
    let ends = [chip(text.config.all, ConfigShow::All), chip(text.config.changed, ConfigShow::Changed)];
    let [all, changed] = ends;
    let choice = [Some(all), set, Some(changed)].into_iter().flatten().collect();
    let kept = ConfigQuery { q: String::new(), ..query.clone() }.to_query_string();
    let rows = if entries.is_empty() {
        empty(text.config.none, "".into_any()).into_any()
    } else if found.is_empty() && shown == ConfigShow::Set && query.q.is_empty() {
        empty(text.config.none_set, text.config.none_set_hint.into_any()).into_any()
    } else if found.is_empty() && shown == ConfigShow::Changed && query.q.is_empty() {
        empty(text.config.none_changed, text.config.none_changed_hint.into_any()).into_any()
    } else if found.is_empty() {
        let clear = view! { {text.list.no_match_hint}" "<a href=path.to_owned()>{text.list.clear}</a> };
        empty(text.list.no_match, clear.into_any()).into_any()
    } else {
        let heads =
            [(text.config.name, ""), (text.config.value, ""), (text.config.source, ""), (text.config.kind, "m1")];
        let heads =
            heads.into_iter().chain(edit.is_some().then_some((text.change.actions, "unsaid"))).collect::<Vec<_>>();
        let rows = found.iter().map(|entry| row(text, entry, docs, edit)).collect_view();
        view! { <div class="scroll"><table class="configs">{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }
            .into_any()
    };
    view! {
        <div class="tools">{filter_form(text, path, query.q.clone(), text.config.search, &kept)}{chips(text.config.title, choice)}</div>
        {rows}
    }
}

fn row(text: &'static Text, entry: &ConfigEntry, docs: &ConfigDocs, edit: Option<&str>) -> impl IntoView + use<> {
    let words = &text.config;
    let doc = docs.get(&entry.name);
    let name = entry.name.to_string();
    let label = match doc.filter(|doc| !doc.text.is_empty()) {
        // The broker's documentation is English whatever the page's language.
        Some(doc) => view! {
            <details data-key=name.clone()>
                <summary><code>{name.clone()}</code></summary>
                <p class="doc" lang="en">{doc_text::plain(&doc.text)}</p>
            </details>
        }
        .into_any(),
        None => view! { <code>{name.clone()}</code> }.into_any(),
    };
    let value = match &entry.value {
        Some(value) if value.is_empty() => view! { <span class="none">{words.empty_value}</span> }.into_any(),
        Some(value) => view! { <code>{value.to_string()}</code>{readable(text, &name, value)} }.into_any(),
        None => view! { <span class="none" title=words.sensitive_hint>"••••••"</span> }.into_any(),
    };
    let marks = view! {
        {entry.is_sensitive.then(|| tag(Tone::Quiet, words.sensitive))}" "{entry.is_read_only.then(|| view! { <span title=text.form.read_only_hint>{tag(Tone::Quiet, words.read_only)}</span> })}
    };
    let source = (words.from)(entry.source);
    let source = match entry.source {
        ConfigSource::Default => view! { <span class="faint">{source}</span> }.into_any(),
        _ if entry.is_override() => tag(Tone::Info, source).into_any(),
        _ => source.into_any(),
    };
    let kind = doc.map(|doc| doc.kind.clone());
    let class = if entry.is_override() { "set" } else { "" };
    let edit = edit.map(|form| {
        let link = (!entry.is_read_only && !entry.is_sensitive).then(|| {
            let label = (text.change.edit_one)(&name);
            let address = address::with_query(form, [("key", name.as_str())]);
            view! { <a href=address aria-label=label>{text.change.edit}</a> }
        });
        view! { <td class="act">{link}</td> }
    });
    view! {
        <tr data-key=name class=class>
            <td class="wrap">{label}</td> <td class="wrap">{value}" "{marks}</td> <td>{source}</td>
            <td class="m1 faint">{kind}</td> {edit}
        </tr>
    }
}

/// What a number of milliseconds or bytes amounts to, beside it.
pub fn readable(text: &'static Text, name: &str, value: &str) -> Option<impl IntoView + use<>> {
    let words = reading_words(text, name, value)?;
    Some(view! { " "<span class="muted nowrap">{words}</span> })
}

/// The same as a text: `= 7 d`, `≈ 1.9 GiB`.
pub fn reading_words(text: &'static Text, name: &str, value: &str) -> Option<String> {
    let sign = |is_exact: bool| if is_exact { "=" } else { "≈" };
    Some(match reading(name, value)? {
        Reading::Span { span, is_exact } => format!("{} {}", sign(is_exact), (text.age.span)(&span)),
        Reading::Bytes { text, is_exact } => format!("{} {text}", sign(is_exact)),
        Reading::Unlimited => format!("= {}", text.config.unlimited),
        Reading::SameAs(key) => format!("= {}", (text.config.same_as)(key)),
        Reading::SystemDefault => format!("= {}", text.config.system_default),
    })
}
