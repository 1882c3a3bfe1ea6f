//! The throttle doctor: replication throttles that no reassignment needs any more.

use crate::address;
use crate::components::action::{action, offer};
use crate::components::mark::{Tone, tag};
use crate::components::panel;
use crate::components::table::plain_head;
use crate::console::Tracked;
use crate::pages::reassign::{megabytes, resource_words};
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::job::{ThrottleRecord, ThrottleResource};
use model::throttle_doctor::{DefaultRate, Leftover, default_rates, leftovers};
use model::{Snapshot, format};

/// Rows before the rest is only counted.
const SHOWN: usize = 50;
/// Of a list of replicas so much is shown.
const VALUE: usize = 60;

pub fn panel(visit: &Visit, snapshot: &Snapshot, jobs: &[Tracked]) -> Option<AnyView> {
    let running = jobs.iter().filter(|(job, _)| !job.phase.is_over());
    let ours: Vec<ThrottleRecord> = running.flat_map(|(job, _)| job.throttles.clone()).collect();
    let (found, defaults) = (leftovers(snapshot, &ours)?, default_rates(snapshot)?);
    let count = found.len() + defaults.len();
    if count == 0 {
        return None;
    }
    let is_effective = found.iter().any(|one| one.is_effective) || defaults.iter().any(|default| default.is_effective);
    let text = &visit.text.reassign;
    let heads = [(visit.text.job.on, ""), (visit.text.config.name, ""), (visit.text.job.set_to, "")];
    let of_all = defaults
        .iter()
        .map(|default| row(visit, visit.text.change.saying.all_brokers, &default.key, default.value.as_deref()));
    let rows =
        found.iter().map(|one| row(visit, &resource_words(visit, &one.resource), &one.key, one.value.as_deref()));
    let rows = of_all.chain(rows).take(SHOWN).collect_view();
    let rest = count.saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span>{(visit.text.form.electing.more_rows)(rest as u64)}</span> });
    let fix = (!found.is_empty()).then(|| {
        let offer = offer(visit, snapshot, Permission::ReassignPartitions, &[]);
        // Beside another button it says which of them.
        let label = if defaults.is_empty() { text.throttles_fix } else { text.throttles_fix_own };
        action(offer, "btn", label, clearing(snapshot, &found))
    });
    let fix_default = (!defaults.is_empty()).then(|| {
        let offer = offer(visit, snapshot, Permission::EditBrokerConfigs, &[]);
        action(offer, "btn", text.throttles_fix_default, clearing_defaults(snapshot, &defaults))
    });
    let body = view! {
        <p class="pad muted">{if is_effective { visit.text.finding.throttles_left_hint } else { visit.text.finding.throttles_asleep_hint }}" "{text.throttles_hint}</p>
        <div class="scroll leftovers"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>
        <div class="foot"><span class="decision">{fix}{fix_default}</span>{rest}</div>
    };
    Some(panel::panel(text.throttles, tag(Tone::Warn, format::count(count as i64)), body).into_any())
}

fn row(visit: &Visit, on: &str, key: &str, value: Option<&str>) -> AnyView {
    let value = value.unwrap_or(visit.text.list.unknown).to_owned();
    let short: String = value.chars().take(VALUE).collect();
    let more = (short.len() < value.len()).then_some("…");
    let rate = value.parse().ok().map(|rate| {
        let words = (visit.text.job.per_second)(&megabytes(rate));
        view! { " "<span class="muted nowrap">{format!("= {words}")}</span> }
    });
    view! {
        <tr data-key=format!("{on}/{key}")>
            <td class="name">{on.to_owned()}</td> <td class="wrap"><code>{breakable(key)}</code></td>
            <td class="wrap" title=value.clone()><code>{short}{more}</code>{rate}</td>
        </tr>
    }
    .into_any()
}

/// A key that may be broken after its dots.
fn breakable(key: &str) -> AnyView {
    key.split_inclusive('.').map(|part| view! { {part.to_owned()}<wbr /> }).collect_view().into_any()
}

/// The review that removes what brokers and topics have of their own.
fn clearing(snapshot: &Snapshot, found: &[Leftover]) -> String {
    let configs = found.iter().map(|Leftover { resource, key, .. }| {
        let whose = match resource {
            ThrottleResource::Broker(id) => format!("broker:{id}:{key}"),
            ThrottleResource::Topic(name) => format!("topic:{name}:{key}"),
        };
        ("config".to_owned(), whose)
    });
    let kind = [("kind".to_owned(), "clear_throttles".to_owned())];
    address::with_query(address::review(&snapshot.cluster), kind.into_iter().chain(configs))
}

/// The review that removes the dynamic default of all brokers.
fn clearing_defaults(snapshot: &Snapshot, defaults: &[DefaultRate]) -> String {
    let kind = [("kind", "edit_broker_configs"), ("broker", "default")];
    let keys = defaults.iter().map(|default| ("reset", default.key.as_str()));
    let fields = kind.into_iter().chain(keys).map(|(name, value)| (name.to_owned(), value.to_owned()));
    address::with_query(address::review(&snapshot.cluster), fields)
}
