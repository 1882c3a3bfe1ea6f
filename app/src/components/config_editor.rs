//! Settings in a form: those being changed as fields, all others below to be found by name or meaning.
//!
//! Which settings are fields stands in the address (`key=…`, or their values), so buttons of the form add and remove them
//! and nothing entered is lost.

use super::config_table::readable;
use super::field::{id, wrong};
use super::mark::{Tone, tag};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::change::config_rule::{self, Hint};
use model::config::ConfigDocs;
use model::doc_text;
use model::query::Words;

/// A setting that could be changed.
pub struct Known {
    pub name: String,
    /// What holds now; of a new topic, what holds if nothing is set.
    pub now: Option<String>,
    /// What it falls back to when reset.
    pub inherited: Option<String>,
    /// It is set here, so it can be reset.
    pub is_set: bool,
    /// The chosen topics have different values.
    pub differs: bool,
    pub is_read_only: bool,
    pub is_sensitive: bool,
}

/// What one form's settings are called and what may be done with them.
pub struct Editor<'a> {
    pub prefix: &'static str,
    /// Settings that exist can go back to what they inherit.
    pub has_resets: bool,
    pub fields: &'a [(String, String)],
    pub known: &'a [Known],
    pub docs: &'a ConfigDocs,
    /// Settings that are fields.
    pub chosen: &'a [String],
    /// What speaks against a field, by its name.
    pub said: &'a dyn Fn(&str) -> Vec<String>,
    /// In sight without a search.
    pub in_sight: usize,
}

/// The settings that are fields: with a value or a reset in the address, or asked for, and not dropped. In order of appearance.
pub fn chosen(visit: &Visit, fields: &[(String, String)], prefix: &str) -> Vec<String> {
    let drop: Vec<&str> = visit.query.iter().filter(|(name, _)| name == "drop").map(|(_, key)| key.as_str()).collect();
    // A beginning takes the place of all that was chosen before.
    let begins = visit.query("preset").is_some() || visit.query("copy").is_some();
    let asked = visit.query.iter().filter(|(name, _)| name == "key" && !begins).map(|(_, key)| key.as_str());
    let with_value = fields.iter().filter_map(|(name, _)| name.strip_prefix(prefix)?.strip_prefix('.'));
    let reset = fields.iter().filter(|(name, _)| name == "reset").map(|(_, key)| key.as_str());
    let mut all: Vec<String> = Vec::new();
    for key in with_value.chain(reset).chain(asked) {
        let key = key.trim();
        if !key.is_empty() && !drop.contains(&key) && !all.iter().any(|one| one == key) {
            all.push(key.to_owned());
        }
    }
    all
}

pub fn editor(visit: &Visit, editor: &Editor<'_>) -> AnyView {
    let text = visit.text;
    let words = &text.form;
    let chosen = if editor.chosen.is_empty() {
        view! { <p class="pad muted">{if editor.has_resets { words.no_changes_hint } else { words.settings_none }}</p> }
            .into_any()
    } else {
        let rows = editor.chosen.iter().map(|key| chosen_row(text, editor, key)).collect_view();
        view! { <div class="set-keys">{rows}</div> }.into_any()
    };
    let q = visit.query("q").unwrap_or_default().to_owned();
    let wanted = Words::new(&q);
    let mut found: Vec<&Known> = editor
        .known
        .iter()
        .filter(|known| !editor.chosen.contains(&known.name))
        .filter(|known| {
            let doc = editor.docs.get(known.name.as_str()).map_or("", |doc| doc.text.as_str());
            wanted.match_any(&[&known.name, doc])
        })
        .collect();
    // A word in the name says more than one in the documentation.
    found.sort_by_key(|known| (!wanted.match_any(&[&known.name]), known.is_read_only || known.is_sensitive));
    let count = (words.settings_found)(found.len() as u64);
    let limit = if wanted.is_empty() { editor.in_sight } else { 200 };
    let rest = found.len().saturating_sub(limit);
    let rows = found.iter().take(limit).map(|known| offered_row(text, editor, known)).collect_view();
    let rest = (rest > 0).then(|| view! { <p class="foot">{(words.electing.more_rows)(rest as u64)}</p> });
    let list = if found.is_empty() {
        view! { <p class="pad muted">{words.settings_no_match}</p> }.into_any()
    } else {
        view! { <ul class="keys-offered" tabindex="0" aria-label=words.settings_more>{rows}</ul>{rest} }.into_any()
    };
    view! {
        {chosen}
        <div class="tools inner">
            <input class="field" type="search" name="q" value=q placeholder=words.settings_search aria-label=words.settings_search autocomplete="off" spellcheck="false" />
            <button class="btn apply">{text.list.apply}</button> <span class="faint">{count}</span>
        </div>
        {list}
    }
    .into_any()
}

fn doc_of(editor: &Editor<'_>, key: &str) -> (String, String) {
    editor.docs.get(key).map(|doc| (doc.kind.clone(), doc_text::plain(&doc.text))).unwrap_or_default()
}

/// One setting as a field.
fn chosen_row(text: &'static Text, editor: &Editor<'_>, key: &str) -> AnyView {
    let words = &text.form;
    let name = format!("{}.{key}", editor.prefix);
    let known = editor.known.iter().find(|known| known.name == key);
    let (_, doc) = doc_of(editor, key);
    let entered = editor.fields.iter().rev().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
    let is_reset = editor.fields.iter().any(|(field, value)| field == "reset" && value == key);
    let now = known.and_then(|known| known.now.clone());
    let differs = known.is_some_and(|known| known.differs);
    let value = entered.unwrap_or_else(|| if differs { String::new() } else { now.clone().unwrap_or_default() });
    let mut said = (editor.said)(&name);
    said.extend((editor.said)(&format!("reset.{key}")));
    let (id, said_id, note_id) = (id(&name), id(&format!("{name}-said")), id(&format!("{name}-note")));
    let described = if said.is_empty() { note_id.clone() } else { format!("{said_id} {note_id}") };
    let invalid = (!said.is_empty()).then_some("true");
    let hint = config_rule::hint(editor.docs, key);
    let control = control(text, &id, &name, key, &value, hint, (is_reset, invalid, described));
    let readable = readable(text, key, &value);
    let fact = match (&now, editor.has_resets) {
        _ if differs => words.differs.to_owned(),
        (Some(now), true) => (words.current)(&in_full(text, key, now)),
        (Some(now), false) => (words.inherited)(&in_full(text, key, now)),
        (None, _) => String::new(),
    };
    let expects = (words.expects)(&hint);
    let reset = (editor.has_resets && known.is_some_and(|known| known.is_set)).then(|| {
        let label = match known.and_then(|known| known.inherited.as_deref()) {
            Some(inherited) => (words.reset)(&in_full(text, key, inherited)),
            None => words.reset_unknown.to_owned(),
        };
        view! { <label class="ticking"><input type="checkbox" name="reset" value=key.to_owned() checked=is_reset />{label}</label> }
    });
    let doc = (!doc.is_empty()).then(
        || view! { <details class="doc-of"><summary>{words.about}</summary><p class="doc" lang="en">{doc}</p></details> },
    );
    view! {
        <div class="set-key" data-key=key.to_owned()>
            <input type="hidden" name="key" value=key.to_owned() />
            <label for=id.clone()><code>{key.to_owned()}</code></label>
            <div class="control">{control} {readable}</div>
            <button class="plain small" name="drop" value=key.to_owned() title=(words.remove_one)(key) aria-label=(words.remove_one)(key)>"✕"</button>
            <div class="beneath" id=note_id>{wrong(&said_id, &said)} <span class="faint">{fact}</span> <span class="faint">{expects}</span> {reset} {doc}</div>
        </div>
    }
    .into_any()
}

/// A value with what it amounts to: `604800000 = 7 d`.
fn in_full(text: &'static Text, key: &str, value: &str) -> String {
    match super::config_table::reading_words(text, key, value) {
        Some(words) => format!("{value} {words}"),
        None if value.is_empty() => text.config.empty_value.to_owned(),
        None => value.to_owned(),
    }
}

/// Values people often want, by the end of the key.
fn usual(key: &str) -> &'static [&'static str] {
    match key {
        _ if key.ends_with("retention.ms") => &["3600000", "86400000", "604800000", "2592000000", "-1"],
        _ if key.ends_with(".ms") => &["60000", "3600000", "86400000", "604800000"],
        _ if key.ends_with("retention.bytes") => &["1073741824", "10737418240", "107374182400", "-1"],
        _ if key.ends_with("segment.bytes") => &["134217728", "536870912", "1073741824"],
        _ => &[],
    }
}

fn control(
    text: &'static Text,
    id: &str,
    name: &str,
    key: &str,
    value: &str,
    hint: Hint,
    (is_reset, invalid, described): (bool, Option<&'static str>, String),
) -> AnyView {
    let words: Option<Vec<&str>> = match hint {
        Hint::Boolean => Some(vec!["true", "false"]),
        Hint::One(words) => Some(words.to_vec()),
        Hint::Some(words) if words.len() == 2 => Some(words.to_vec()),
        _ => None,
    };
    let both = matches!(hint, Hint::Some(_)).then(|| words.as_ref().map(|words| words.join(","))).flatten();
    if let Some(words) = words {
        let all: Vec<String> = words.iter().map(|word| (*word).to_owned()).chain(both).collect();
        // What stands there and is none of these is kept: it is not the form that refuses.
        let other = (!all.iter().any(|word| word == value)).then(|| value.to_owned());
        let options = other.into_iter().chain(all);
        let options = options.map(|word| {
            let is_selected = word == value;
            view! { <option value=word.clone() selected=is_selected>{word.clone()}</option> }
        });
        return view! {
            <select class="pick" id=id.to_owned() name=name.to_owned() disabled=is_reset aria-invalid=invalid aria-describedby=described>{options.collect_view()}</select>
        }
        .into_any();
    }
    let usual = usual(key);
    let list = format!("{id}-usual");
    let options = usual.iter().map(|value| {
        let label = super::config_table::reading_words(text, key, value);
        view! { <option value=*value label=label></option> }
    });
    let options = (!usual.is_empty()).then(|| view! { <datalist id=list.clone()>{options.collect_view()}</datalist> });
    let mode = matches!(hint, Hint::Whole { .. }).then_some("numeric");
    view! {
        <input class="field mono" id=id.to_owned() name=name.to_owned() value=value.to_owned() disabled=is_reset inputmode=mode
            list=(!usual.is_empty()).then_some(list) aria-invalid=invalid aria-describedby=described autocomplete="off" spellcheck="false" />
        {options}
    }
    .into_any()
}

/// One setting that could become a field.
fn offered_row(text: &'static Text, editor: &Editor<'_>, known: &Known) -> AnyView {
    let words = &text.form;
    let key = known.name.clone();
    let (kind, doc) = doc_of(editor, &key);
    let value = match (&known.now, known.differs) {
        (_, true) => view! { <span class="none">{words.differs}</span> }.into_any(),
        (Some(value), _) if value.is_empty() => {
            view! { <span class="none">{text.config.empty_value}</span> }.into_any()
        }
        (Some(value), _) => view! { <code>{value.clone()}</code>{readable(text, &key, value)} }.into_any(),
        (None, _) if known.is_sensitive => view! { <span class="none">"••••••"</span> }.into_any(),
        (None, _) => ().into_any(),
    };
    let act = match (known.is_sensitive, known.is_read_only) {
        (true, _) => {
            view! { <span title=words.sensitive_hint>{tag(Tone::Quiet, text.config.sensitive)}</span> }.into_any()
        }
        (_, true) => {
            view! { <span title=words.read_only_hint>{tag(Tone::Quiet, text.config.read_only)}</span> }.into_any()
        }
        _ => {
            let label = if editor.has_resets { text.change.edit } else { words.add };
            let full = if editor.has_resets { (text.change.edit_one)(&key) } else { (words.add_one)(&key) };
            view! { <button class="btn small" name="key" value=key.clone() aria-label=full>{label}</button> }.into_any()
        }
    };
    let own = (known.is_set && editor.has_resets).then(|| tag(Tone::Info, words.set_here));
    let name = if doc.is_empty() {
        view! { <code>{key.clone()}</code> }.into_any()
    } else {
        view! { <details data-key=key.clone()><summary><code>{key.clone()}</code></summary><p class="doc" lang="en">{doc}</p></details> }.into_any()
    };
    view! {
        <li data-key=key.clone()>
            <div class="key-name">{name}<span class="faint">{kind}</span></div> <div class="key-value">{value} {own}</div>
            <div class="key-act">{act}</div>
        </li>
    }
    .into_any()
}
