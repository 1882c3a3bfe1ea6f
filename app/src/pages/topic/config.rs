//! The configuration of a topic, its own settings first.

use super::{At, tab};
use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::config_table::{Owner, config_table};
use crate::components::mark::Tone;
use crate::components::notice::{fault_words, notice, source_notice};
use crate::components::panel::panel;
use crate::components::source::source;
use leptos::prelude::*;
use model::access::Permission;

pub fn page() -> AnyView {
    tab(At::Config, |visit, snapshot, topic| {
        let path = format!("{}/config", address::topic(&snapshot.cluster, &topic.name));
        let state = &snapshot.sources.topic_configs;
        // The fault of this very topic tells more than that of the source.
        let fault = match &topic.configs_fault {
            Some(fault) => Some(notice(Tone::Warn, fault_words(visit.text, fault), fault.message.clone()).into_any()),
            None => source_notice(visit, state),
        };
        let is_known = !topic.configs.is_empty() || fault.is_none();
        let form = address::with_query(address::edit_configs(&snapshot.cluster), [("topic", topic.name.as_str())]);
        let offer = offer(visit, snapshot, Permission::EditTopicConfigs, &[topic.name.as_str()]);
        let edit = matches!(offer, Offer::Open).then(|| form.clone());
        let table = is_known
            .then(|| config_table(visit, &path, Owner::Topic, &topic.configs, &snapshot.topic_config_docs, edit));
        let button = action(offer, "btn", visit.text.change.edit_configs, form);
        let aside = view! { {source(visit, visit.text.source.topic_configs, state)}{button} };
        panel(visit.text.config.title, aside, view! { {fault}{table} }).into_any()
    })
}
