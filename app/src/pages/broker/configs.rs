//! The configuration of a broker.

use crate::address;
use crate::components::action::{Offer, action, offer};
use crate::components::config_table::{Owner, config_table};
use crate::components::notice::source_notice;
use crate::components::panel;
use crate::components::source::source;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::{Broker, Snapshot};

pub fn panel(visit: &Visit, snapshot: &Snapshot, broker: &Broker) -> AnyView {
    let path = address::broker_config(&snapshot.cluster, broker.id);
    let fault = source_notice(visit, &broker.configs_source);
    // Where nothing was ever read the fault has said all there is to say.
    let has_table = !broker.configs.is_empty() || fault.is_none();
    let form = address::edit_broker_configs(&snapshot.cluster, Some(broker.id));
    let offer = offer(visit, snapshot, Permission::EditBrokerConfigs, &[]);
    let edit = matches!(offer, Offer::Open).then(|| form.clone());
    let table = has_table
        .then(|| config_table(visit, &path, Owner::Broker, &broker.configs, &snapshot.broker_config_docs, edit));
    let button = action(offer, "btn", visit.text.change.edit_configs, form);
    let aside = view! { {source(visit, visit.text.source.broker_configs, &broker.configs_source)}{button} };
    panel::panel(visit.text.config.title, aside.into_any(), view! { {fault} {table} }.into_any()).into_any()
}
