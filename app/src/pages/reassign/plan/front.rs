//! Move less or balance more: the plans along the front, each the best for its bytes.

use super::Step;
use super::facts::skew;
use crate::address;
use crate::components::field::hidden;
use crate::components::panel;
use crate::pages::reassign::{refuse, size};
use crate::pages::users::acting;
use crate::visit::Visit;
use leptos::prelude::*;
use model::ClusterName;
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit, FrontPoint, Planned};

/// Points that fit beside each other.
const SHOWN: usize = 6;

pub fn panel(visit: &Visit, cluster: &ClusterName, draft: &Draft, planned: &Planned) -> Option<AnyView> {
    let text = &visit.text.plan;
    if planned.front.len() < 2 {
        return None;
    }
    // A limit of one's own may lie between the points, or beyond the last one.
    let bytes = planned.result.as_ref().map_or(0, |plan| plan.metrics.bytes);
    let is_a_point = planned.front.iter().any(|point| point.max_bytes == draft.wish.max_bytes);
    let is_current = |point: &FrontPoint| {
        if is_a_point { point.max_bytes == draft.wish.max_bytes } else { point.bytes == bytes }
    };
    let points = thinned(&planned.front, is_current)
        .into_iter()
        .map(|point| {
            let value = point.max_bytes.map_or_else(|| "none".to_owned(), |bytes| bytes.to_string());
            let pressed = if is_current(point) { "true" } else { "false" };
            let (bytes, over) = (size(point.bytes), skew(point.bytes_skew));
            let label = (text.front_point)(&bytes, &over);
            view! {
                <li><button name="max_bytes" value=value aria-pressed=pressed aria-label=label><i aria-hidden="true"></i><b>{bytes}</b><small>{over}</small></button></li>
            }
        })
        .collect_view();
    let body = view! {
        <form class="front" method="post" action="/do/draft-budget">
            {hidden("cluster", cluster.as_str())} {hidden("draft", draft.id.as_str())}
            <ol>{points}</ol>
        </form>
        <p class="pad hint">{text.front_hint}</p>
    };
    Some(panel::panel(text.front, (), body).into_any())
}

/// Both ends, the current one, and some between.
fn thinned(front: &[FrontPoint], is_current: impl Fn(&FrontPoint) -> bool) -> Vec<&FrontPoint> {
    let last = front.len().saturating_sub(1);
    let step = front.len().div_ceil(SHOWN).max(1);
    let keeps = |(at, point): &(usize, &FrontPoint)| at % step == 0 || *at == last || is_current(point);
    front.iter().enumerate().filter(keeps).map(|(_, point)| point).collect()
}

/// Another point of the front.
#[server(prefix = "/do", endpoint = "draft-budget")]
pub async fn draft_budget(
    cluster: String,
    draft: String,
    #[server(default)] max_bytes: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let found = match ChangeId::parse(&draft) {
        Some(id) => visit.console.draft(&cluster, &id).await.ok().flatten(),
        None => None,
    };
    let Some(found) = found else {
        (visit.redirect)(&address::reassignments(&snapshot.cluster));
        return Ok(());
    };
    let page = address::reassignment_draft(&snapshot.cluster, &found.id, Step::Plan.name());
    let mut wish = found.wish.clone();
    wish.max_bytes = max_bytes.parse().ok();
    match visit.console.edit_draft(&cluster, Some(&found.id), DraftEdit::Wish(wish)).await {
        Ok(_) => (visit.redirect)(&page),
        Err(obstacle) => refuse(&visit, &page, "", obstacle, Vec::new()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_and_the_chosen_point_are_always_there() {
        let front: Vec<FrontPoint> =
            (0..40).map(|at| FrontPoint { max_bytes: Some(at), bytes: at, moves: 0, bytes_skew: 1.0 }).collect();
        let shown = thinned(&front, |point| point.bytes == 8);
        let bytes: Vec<u64> = shown.iter().map(|point| point.bytes).collect();
        assert!(bytes.len() <= SHOWN + 2, "{bytes:?}");
        for wanted in [0, 8, 39] {
            assert!(bytes.contains(&wanted), "{wanted} of {bytes:?}");
        }
    }
}
