//! The groups that read a topic.

use super::{At, tab};
use crate::address;
use crate::components::cell;
use crate::components::mark::lag_mark;
use crate::components::notice::source_notice;
use crate::components::panel::{empty, panel};
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::text::Text;
use leptos::prelude::*;
use model::{Group, Snapshot, Topic, format};
use std::sync::Arc;

pub fn page() -> AnyView {
    tab(At::Groups, |visit, snapshot, topic| {
        let text = &visit.text.topic;
        let state = &snapshot.sources.groups;
        let mut groups: Vec<&Arc<Group>> = snapshot.groups_of(&topic.name).collect();
        let lag =
            |group: &Group| group.topics.iter().find(|read| read.topic == topic.name).and_then(|read| read.total_lag);
        groups.sort_by(|a, b| lag(b).cmp(&lag(a)).then_with(|| a.id.cmp(&b.id)));
        let body = if !groups.is_empty() {
            let heads = [
                (text.group, ""),
                (text.group_state, ""),
                (text.members, "num"),
                (text.coverage, "num"),
                (text.lag, "num"),
            ];
            let rows = groups.iter().map(|group| row(visit.text, snapshot, topic, group)).collect_view();
            view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }.into_any()
        } else if state.observed_at.is_some() {
            empty(text.no_groups, text.no_groups_hint.into_any()).into_any()
        } else {
            ().into_any()
        };
        let aside = source(visit, visit.text.source.groups, state);
        panel(text.tab_groups, aside, view! { {source_notice(visit, state)}{body} }).into_any()
    })
}

fn row(text: &'static Text, snapshot: &Snapshot, topic: &Topic, group: &Group) -> impl IntoView + use<> {
    let read = group.topics.iter().find(|read| read.topic == topic.name);
    let lag = read.and_then(|read| read.total_lag);
    let (class, mark) = lag_mark(read.and_then(|read| model::lag::of_topic(read, &snapshot.topics)));
    let lag = lag.map_or_else(|| "–".to_owned(), |lag| format!("{mark}{}", format::count(lag)));
    let id = group.id.to_string();
    view! {
        <tr data-key=id.clone()>
            <td class="name" title=id.clone()><a href=address::group(&snapshot.cluster, &group.id)>{id.clone()}</a></td>
            <td class="muted">{group.state.clone()}</td> {cell::known("num", Some(group.member_count), "")}
            {cell::known("num", read.map(|read| read.coverage_percent), text.list.unknown)}
            <td class=format!("num {class}")>{lag}</td>
        </tr>
    }
}
