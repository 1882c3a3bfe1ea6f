//! The partitions of a reassignment: how far each is, and what can be done about it.

use super::{may, review};
use crate::address;
use crate::components::action::Offer;
use crate::components::chips::{ChipLink, chips};
use crate::components::filter::filter_form;
use crate::components::mark::{Tone, tag};
use crate::components::panel::{empty, panel};
use crate::components::progress::{percent, progress};
use crate::components::table::plain_head;
use crate::pages::reassign::size;
use crate::visit::Visit;
use leptos::prelude::*;
use model::job::{Job, JobMove, MoveState, Phase};
use model::{BrokerId, ClusterName, Snapshot, format};

/// Rows of a page of partitions.
const PER: usize = 100;

/// What is listed of the partitions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    UnderWay,
    Waiting,
    Done,
    NotDone,
}

impl Show {
    const EACH: [Self; 5] = [Self::All, Self::UnderWay, Self::Waiting, Self::Done, Self::NotDone];

    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::UnderWay => "moving",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::NotDone => "other",
        }
    }

    fn takes(self, state: MoveState) -> bool {
        let of = match state {
            MoveState::Pending => Self::Waiting,
            MoveState::Submitting | MoveState::Copying | MoveState::Reverting => Self::UnderWay,
            MoveState::Done => Self::Done,
            MoveState::Reverted | MoveState::Skipped | MoveState::Failed => Self::NotDone,
        };
        self == Self::All || self == of
    }
}

/// What is under way first, then what failed, what waits, what is over.
fn rank(state: MoveState) -> u8 {
    match state {
        MoveState::Copying | MoveState::Submitting | MoveState::Reverting => 0,
        MoveState::Failed => 1,
        MoveState::Pending => 2,
        MoveState::Skipped | MoveState::Reverted => 3,
        MoveState::Done => 4,
    }
}

/// The panel of the partitions; the address says which of them.
pub fn moves(visit: &Visit, snapshot: &Snapshot, job: &Job) -> AnyView {
    let text = &visit.text.job;
    let q = visit.query("q").unwrap_or_default().trim().to_owned();
    let show = Show::EACH.into_iter().find(|show| Some(show.name()) == visit.query("show")).unwrap_or(Show::All);
    let labels = [text.all, text.under_way, text.waiting, text.done, text.not_done];
    let links = Show::EACH.into_iter().zip(labels).map(|(each, label)| ChipLink {
        label,
        count: Some(job.moves.iter().filter(|one| each.takes(one.state)).count() as u32),
        tone: Tone::Quiet,
        address: visit.with(&[("show", each.name())]),
        is_on: each == show,
    });
    let links = chips(text.state_head, links.collect());
    let mut found: Vec<&JobMove> = job
        .moves
        .iter()
        .filter(|one| {
            show.takes(one.state) && (q.is_empty() || format!("{}-{}", one.topic, one.partition).contains(&q))
        })
        .collect();
    // Stable: within a rank they stay in the order of topic and partition.
    found.sort_by_key(|one| rank(one.state));
    let pages = found.len().div_ceil(PER).max(1);
    let page = visit.query("page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1).clamp(1, pages);
    let may_act =
        matches!(may(visit, snapshot, job), Offer::Open) && (!job.phase.is_over() || job.phase == Phase::Failed);
    let has_why = found.iter().any(|one| one.why.is_some());
    let rows = found
        .iter()
        .skip((page - 1) * PER)
        .take(PER)
        .map(|one| row(visit, &snapshot.cluster, job, one, (may_act, has_why)))
        .collect_view();
    let mut heads = vec![
        (text.partition, ""),
        (text.state_head, ""),
        (text.size, ""),
        (text.route, "m1"),
        (visit.text.change.actions, "unsaid"),
    ];
    if has_why {
        heads.insert(4, (text.why, "m2"));
    }
    let table = if found.is_empty() {
        empty(text.no_moves, visit.text.list.no_match_hint).into_any()
    } else {
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }.into_any()
    };
    let kept = if show == Show::All { String::new() } else { format!("show={}", show.name()) };
    let filter = filter_form(visit.text, &visit.own_path(), q, visit.text.plan.filter, &kept);
    let beside = |to: usize, label: &'static str, sign: &'static str| {
        (to >= 1 && to <= pages)
            .then(|| view! { <li><a href=visit.with(&[("page", &to.to_string())]) aria-label=label>{sign}</a></li> })
    };
    let foot = (pages > 1).then(|| {
        let list = &visit.text.list;
        let (first, last) = ((page - 1) * PER + 1, (page * PER).min(found.len()));
        let number = |n: usize| format::count(n as i64);
        let range = (list.range)(&number(first), &number(last), &number(found.len()));
        view! {
            <div class="foot"><span class="tab-num">{range}</span><nav class="pager" aria-label=list.pages><ul>{beside(page - 1, list.previous, "‹")}{beside(page + 1, list.next, "›")}</ul></nav></div>
        }
    });
    panel(text.moves, (), view! { <div class="tools">{filter}{links}</div>{table}{foot} }).into_any()
}

fn state_tag(visit: &Visit, state: MoveState) -> AnyView {
    let tone = match state {
        MoveState::Pending | MoveState::Reverted => Tone::Quiet,
        MoveState::Submitting | MoveState::Copying => Tone::Info,
        MoveState::Reverting | MoveState::Skipped => Tone::Warn,
        MoveState::Done => Tone::Ok,
        MoveState::Failed => Tone::Bad,
    };
    tag(tone, (visit.text.job.state)(state)).into_any()
}

fn row(visit: &Visit, cluster: &ClusterName, job: &Job, one: &JobMove, (may_act, has_why): (bool, bool)) -> AnyView {
    let text = &visit.text.job;
    let name = format!("{}-{}", one.topic, one.partition);
    let list = |ids: &[BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let arriving = one.target.iter().filter(|id| !one.original.contains(id)).count() as u64;
    let total = one.size_bytes * arriving;
    let copied = match one.copied_bytes {
        Some(bytes) if one.state == MoveState::Copying => {
            let bar = progress((text.progress_of)(&name), percent(bytes, total), "small");
            view! { <span title=(text.of)(&size(bytes), &size(total))>{bar}</span> }.into_any()
        }
        _ if one.state == MoveState::Done => size(total).into_any(),
        _ => view! { <span class="faint">{size(total)}</span> }.into_any(),
    };
    let at = [("partition", name.clone())];
    let act = |control: &'static str, label: &'static str, whole: String| {
        let to = review(cluster, &job.id, control, &at);
        view! { <a class="link" href=to aria-label=whole>{label}</a> }
    };
    let act = may_act.then(|| match one.state {
        MoveState::Failed | MoveState::Skipped => Some(act("retry", text.retry, (text.retry_of)(&name))),
        MoveState::Pending | MoveState::Copying | MoveState::Submitting if job.phase != Phase::Cancelling => {
            Some(act("skip", text.skip, (text.skip_of)(&name)))
        }
        _ => None,
    });
    let why = has_why.then(|| {
        let why = one.why.as_ref().map(visit.text.why.why).unwrap_or_default();
        view! { <td class="m2 why fill muted" title=why.clone()>{why.clone()}</td> }
    });
    let tries =
        (one.attempts > 1).then(|| view! { " "<small class="faint">{(text.attempts)(one.attempts.into())}</small> });
    view! {
        <tr data-key=name.clone()>
            <td class="name" title=name.clone()><a href=address::partition(cluster, &one.topic, one.partition)>{name.clone()}</a></td>
            <td>{state_tag(visit, one.state)}{tries}</td> <td class="bar-cell tab-num">{copied}</td>
            <td class="m1 tab-num nowrap"><span class="muted">{list(&one.original)}</span>" → "{list(&one.target)}</td>
            {why} <td class="act">{act.flatten()}</td>
        </tr>
    }
    .into_any()
}
