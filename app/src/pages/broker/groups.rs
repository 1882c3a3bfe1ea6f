//! The groups a broker coordinates, furthest behind first.

use crate::components::panel;
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::pages::groups::{lag, link, state};
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::{Broker, Group, Snapshot, format};

/// Rows before the rest is only counted.
const SHOWN: usize = 5;

/// Nothing where it coordinates none, or groups were never read.
pub fn panel(visit: &Visit, snapshot: &Snapshot, broker: &Broker) -> Option<impl IntoView + use<>> {
    let text = &visit.text.groups;
    let groups = snapshot.groups_coordinated_by(broker.id);
    if groups.is_empty() {
        return None;
    }
    let heads = [(text.group, ""), (text.state, ""), (text.members, "num m1"), (text.lag, "num")];
    let rows = groups.iter().take(SHOWN).map(|group| row(visit.text, snapshot, group)).collect_view();
    let rest = groups.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <div class="foot">{(text.more)(rest as u64)}</div> });
    let body = view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} };
    let count = (text.count)(groups.len() as u64);
    let aside = view! { <span>{count}</span>{source(visit, visit.text.source.groups, &snapshot.sources.groups)} };
    Some(panel::panel(visit.text.brokers.coordinates, aside.into_any(), body.into_any()))
}

fn row(text: &'static Text, snapshot: &Snapshot, group: &Group) -> impl IntoView + use<> {
    let id = group.id.to_string();
    view! {
        <tr data-key=id.clone()>
            <td class="name" title=id.clone()>{link(&text.groups, &snapshot.cluster, &group.id)}</td> <td>{state(&group.state)}</td>
            <td class="num m1">{format::count(group.member_count.into())}</td> {lag(text, snapshot, group)}
        </tr>
    }
}
