//! The throttle doctor: replication throttles that no reassignment needs any more.

use crate::address;
use crate::components::action::{action, offer};
use crate::components::mark::{Tone, tag};
use crate::components::panel;
use crate::components::table::plain_head;
use crate::console::Tracked;
use crate::pages::reassign::megabytes;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Permission;
use model::job::{ThrottleRecord, ThrottleResource};
use model::throttle_doctor::{Leftover, leftovers};
use model::{Snapshot, format};

/// Rows before the rest is only counted.
const SHOWN: usize = 50;
/// Of a list of replicas so much is shown.
const VALUE: usize = 60;

pub fn panel(visit: &Visit, snapshot: &Snapshot, jobs: &[Tracked]) -> Option<AnyView> {
    let running = jobs.iter().filter(|(job, _)| !job.phase.is_over());
    let ours: Vec<ThrottleRecord> = running.flat_map(|(job, _)| job.throttles.clone()).collect();
    let found = leftovers(snapshot, &ours)?;
    if found.is_empty() {
        return None;
    }
    let is_effective = found.iter().any(|one| one.is_effective);
    let text = &visit.text.reassign;
    let heads = [(visit.text.job.on, ""), (visit.text.config.name, ""), (visit.text.job.set_to, "")];
    let rows = found.iter().take(SHOWN).map(|Leftover { resource, key, value, .. }| {
        let value = value.clone().unwrap_or_else(|| visit.text.list.unknown.to_owned());
        let short: String = value.chars().take(VALUE).collect();
        let more = (short.len() < value.len()).then_some("…");
        let rate = value.parse().ok().map(|rate| {
            let words = (visit.text.job.per_second)(&megabytes(rate));
            view! { " "<span class="muted nowrap">{format!("= {words}")}</span> }
        });
        view! {
            <tr data-key=format!("{resource}/{key}")>
                <td class="name">{resource.to_string()}</td> <td class="wrap"><code>{key.clone()}</code></td>
                <td class="wrap" title=value.clone()><code>{short}{more}</code>{rate}</td>
            </tr>
        }
    });
    let rest = found.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span>{(visit.text.form.more_rows)(rest as u64)}</span> });
    let configs = found.iter().map(|Leftover { resource, key, .. }| {
        let whose = match resource {
            ThrottleResource::Broker(id) => format!("broker:{id}:{key}"),
            ThrottleResource::Topic(name) => format!("topic:{name}:{key}"),
        };
        ("config".to_owned(), whose)
    });
    let kind = [("kind".to_owned(), "clear_throttles".to_owned())];
    let fix = address::with_query(address::review(&snapshot.cluster), kind.into_iter().chain(configs));
    let body = view! {
        <p class="pad muted">{if is_effective { visit.text.finding.throttles_left_hint } else { visit.text.finding.throttles_asleep_hint }}" "{text.throttles_hint}</p>
        <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows.collect_view()}</tbody></table></div>
        <div class="foot">{action(offer(visit, snapshot, Permission::ReassignPartitions, &[]), "btn", text.throttles_fix, fix)}{rest}</div>
    };
    Some(panel::panel(text.throttles, tag(Tone::Warn, format::count(found.len() as i64)), body).into_any())
}
