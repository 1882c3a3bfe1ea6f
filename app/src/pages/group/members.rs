//! The members of a group.

use crate::address;
use crate::components::panel::{self, empty};
use crate::components::table::plain_head;
use crate::text::groups::Groups;
use crate::visit::Visit;
use leptos::prelude::*;
use model::observation::Member;
use model::{ClusterName, Group, format};

/// Longer lists of assigned partitions are cut: the partitions panel has them all.
const MAX_TOPICS: usize = 8;
const MAX_PARTITIONS: usize = 24;
/// Members beyond this are counted only.
const MAX_MEMBERS: usize = 500;

pub fn panel(visit: &Visit, cluster: &ClusterName, group: &Group) -> impl IntoView + use<> {
    let text = &visit.text.groups;
    let list = if group.members.is_empty() {
        empty(text.no_members, text.no_members_hint.into_any()).into_any()
    } else {
        let heads =
            [(text.client, ""), (text.host, ""), (text.assigned, ""), (text.instance, "m1"), (text.member, "m2")];
        let rows = group.members.iter().take(MAX_MEMBERS).map(|member| row(visit, cluster, member)).collect_view();
        let rest = group.members.len().saturating_sub(MAX_MEMBERS);
        let rest = (rest > 0).then(|| view! { <div class="foot"><span>{(text.more)(rest as u64)}</span></div> });
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} }.into_any()
    };
    panel::panel(text.members, format::count(group.members.len() as i64).into_any(), list)
}

fn row(visit: &Visit, cluster: &ClusterName, member: &Member) -> impl IntoView + use<> {
    let text = &visit.text.groups;
    let instance = member.instance_id.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <tr data-key=member.member_id.clone()>
            <td class="name" title=member.client_id.clone()>{member.client_id.clone()}</td>
            <td>{member.host.trim_start_matches('/').to_owned()}</td> <td class="wrap" title=text.assigned_hint>{assigned(text, cluster, member)}</td>
            <td class="m1 name" title=text.instance_hint>{instance}</td>
            <td class="m2 name" title=member.member_id.clone()><code>{member.member_id.clone()}</code></td>
        </tr>
    }
}

fn assigned(text: &'static Groups, cluster: &ClusterName, member: &Member) -> AnyView {
    if member.assignment.is_empty() {
        return view! { <span class="faint">{text.nobody}</span> }.into_any();
    }
    let topics = member
        .assignment
        .iter()
        .take(MAX_TOPICS)
        .map(|(topic, partitions)| {
            let mut numbers: Vec<String> = partitions.iter().take(MAX_PARTITIONS).map(ToString::to_string).collect();
            if partitions.len() > MAX_PARTITIONS {
                numbers.push((text.more)((partitions.len() - MAX_PARTITIONS) as u64));
            }
            view! { <div><a href=address::topic(cluster, topic)>{topic.to_string()}</a>" "<span class="muted tab-num">{numbers.join(", ")}</span></div> }
        })
        .collect_view();
    let rest = member.assignment.len().saturating_sub(MAX_TOPICS);
    view! { {topics}{(rest > 0).then(|| view! { <div class="muted">{(text.more)(rest as u64)}</div> })} }.into_any()
}
