//! The second step: what the plan may touch, and its limits.
#![expect(clippy::too_many_arguments, reason = "a server function takes each field of its form")]

use super::{Step, refuse, top};
use crate::address;
use crate::components::field::{field, hidden};
use crate::components::mark::Tone;
use crate::components::notice::notice;
use crate::components::panel::panel;
use crate::note::{Note, lead, taken};
use crate::pages::users::acting;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::Pattern;
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::plan::{Goal, Wish};
use model::{Broker, BrokerId, Snapshot, Topic, format};
use std::collections::BTreeSet;
use std::sync::Arc;

const GIB: u64 = 1 << 30;
/// Topics named as examples of what a pattern matches.
const EXAMPLES: usize = 12;
/// Above this many brokers their numbers are typed instead of ticked.
const TICKED: usize = 60;

/// The fields as they are typed.
#[derive(Default, Clone)]
struct Typed {
    topics: String,
    locked: String,
    excluded: Vec<String>,
    budget: String,
    headroom: String,
    tolerance: String,
    max_replicas: String,
    ignore_racks: bool,
    keep_leaders: bool,
}

impl Typed {
    fn saved(wish: &Wish) -> Self {
        Self {
            topics: wish.topics.as_str().to_owned(),
            locked: wish.locked.as_ref().map(|locked| locked.as_str().to_owned()).unwrap_or_default(),
            excluded: wish.excluded.iter().map(ToString::to_string).collect(),
            budget: wish.max_bytes.map(gib).unwrap_or_default(),
            headroom: wish.headroom_percent.to_string(),
            tolerance: wish.tolerance_percent.to_string(),
            max_replicas: wish.max_replicas.map(|most| most.to_string()).unwrap_or_default(),
            ignore_racks: wish.ignore_racks,
            keep_leaders: wish.keep_leaders,
        }
    }

    /// From pairs of names and values: the address while the form is being filled in, or what was refused.
    fn of(pairs: &[(String, String)]) -> Self {
        let all = |name: &str| {
            let named = pairs.iter().filter(move |(field, _)| field.trim_end_matches("[]") == name);
            named.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
        Self {
            topics: one("topics"),
            locked: one("locked"),
            excluded: all("excluded"),
            budget: one("budget"),
            headroom: one("headroom"),
            tolerance: one("tolerance"),
            max_replicas: one("max_replicas"),
            ignore_racks: !one("ignore_racks").is_empty(),
            keep_leaders: !one("keep_leaders").is_empty(),
        }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let flag = |is: bool| if is { "1".to_owned() } else { String::new() };
        let mut pairs = vec![
            ("topics", self.topics.clone()),
            ("locked", self.locked.clone()),
            ("budget", self.budget.clone()),
            ("headroom", self.headroom.clone()),
            ("tolerance", self.tolerance.clone()),
            ("max_replicas", self.max_replicas.clone()),
            ("ignore_racks", flag(self.ignore_racks)),
            ("keep_leaders", flag(self.keep_leaders)),
        ];
        pairs.extend(self.excluded.iter().map(|id| ("excluded", id.clone())));
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn excluded(&self) -> BTreeSet<BrokerId> {
        let parts = self.excluded.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_digit()));
        parts.filter_map(|id| id.parse().ok()).map(BrokerId).collect()
    }

    /// The wish with these limits, or the fields that cannot be read and why.
    fn apply(&self, visit: &Visit, wish: &Wish) -> Result<Wish, Vec<(&'static str, String)>> {
        let text = &visit.text.scope;
        let mut wrong: Vec<(&'static str, String)> = Vec::new();
        let budget = self.budget.trim();
        let max_bytes = match format::typed::<f64>(budget) {
            _ if budget.is_empty() => None,
            Some(gib) if gib.is_finite() && gib >= 0.0 => Some((gib * GIB as f64) as u64),
            _ => {
                wrong.push(("budget", text.not_number.to_owned()));
                None
            }
        };
        let mut percent = |name: &'static str, value: &str| match value.trim().parse::<u8>() {
            Ok(percent) if percent <= 90 => percent,
            _ => {
                wrong.push((name, text.not_percent.to_owned()));
                0
            }
        };
        let headroom_percent = percent("headroom", &self.headroom);
        let tolerance_percent = percent("tolerance", &self.tolerance);
        let most = self.max_replicas.trim();
        let max_replicas = match format::typed::<u32>(most) {
            _ if most.is_empty() => None,
            Some(most) if most > 0 => Some(most),
            _ => {
                wrong.push(("max_replicas", text.not_number.to_owned()));
                None
            }
        };
        let topics = if self.topics.trim().is_empty() { Pattern::any() } else { Pattern::new(&self.topics) };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Wish {
            topics,
            locked: Some(Pattern::new(&self.locked)).filter(|locked| !locked.as_str().is_empty()),
            excluded: self.excluded(),
            max_bytes,
            headroom_percent,
            tolerance_percent,
            max_replicas,
            ignore_racks: self.ignore_racks,
            keep_leaders: self.keep_leaders,
            goal: wish.goal.clone(),
        })
    }
}

/// `1.5`: bytes as a number of GiB.
fn gib(bytes: u64) -> String {
    let text = format!("{:.2}", bytes as f64 / GIB as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub fn page() -> AnyView {
    super::on_draft(Step::Scope, |visit, snapshot, draft| async move {
        let note = taken(&visit);
        let typed = match &note {
            Some(note) => Typed::of(&note.typed),
            None if visit.query("topics").is_some() => Typed::of(&visit.query),
            None => Typed::saved(&draft.wish),
        };
        form(&visit, &snapshot, &draft, &typed, note.as_ref())
    })
}

fn form(visit: &Visit, snapshot: &Snapshot, draft: &Draft, typed: &Typed, note: Option<&Note>) -> AnyView {
    let text = &visit.text.reassign;
    let words = &visit.text.scope;
    let cluster = &snapshot.cluster;
    let here = address::reassignment_draft(cluster, &draft.id, Step::Scope.name());
    let wrong = typed.apply(visit, &draft.wish).err().unwrap_or_default();
    let said = |name: &str| {
        wrong.iter().filter(|(field, _)| *field == name).map(|(_, words)| words.clone()).collect::<Vec<_>>()
    };
    let refused = note.filter(|note| note.is_refusal).map(|note| {
        view! { <div class="said" role="alert" data-once="">{notice(Tone::Bad, note.said.clone(), ())}</div> }
    });
    let next = (text.next)(text.plan);
    let actions = view! {
        // The first button of a form is the one that Enter presses, wherever it stands: it only looks again.
        <button class="sr" tabindex="-1" aria-hidden="true" form="scope">{visit.text.form.check}</button>
        <a class="btn" href=address::reassignment_draft(cluster, &draft.id, Step::Goal.name())>{text.back}</a>
        <button class="btn primary" form="scope" formmethod="post" formaction="/do/draft-scope">{next.clone()}</button>
    };
    let input = |name: &'static str, label: &'static str, hint: &'static str, value: &str, class: &'static str| {
        let value = value.to_owned();
        field(name, label.into_any(), hint.into_any(), &said(name), |slot| {
            view! { <input class=class id=slot.id.clone() name=name value=value aria-invalid=slot.invalid aria-describedby=slot.described.clone() autocomplete="off" spellcheck="false" /> }.into_any()
        })
    };
    let tick = |name: &'static str, words: (&'static str, &'static str), is_on: bool| {
        view! {
            <label class="ticking tall"><input type="checkbox" name=name value="1" checked=is_on /><span><b>{words.0}</b><small>{words.1}</small></span></label>
        }
    };
    let is_limited = !matches!(draft.wish.goal, Goal::Leaders | Goal::Manual(_));
    let has_own = is_limited.then(|| Typed::saved(&Wish::of(draft.wish.goal.clone()))).is_some_and(|usual| {
        usual.budget != typed.budget
            || usual.headroom != typed.headroom
            || usual.tolerance != typed.tolerance
            || usual.max_replicas != typed.max_replicas
            || typed.ignore_racks
            || typed.keep_leaders
    });
    let limits = is_limited.then(|| {
        view! {
            <details class="panel limits" open=has_own || !wrong.is_empty()>
                <summary><h2>{words.limits}</h2><span class="muted">{words.limits_hint}</span></summary>
                <div class="prompts">
                    <div class="pair">
                        {input("budget", words.budget, words.budget_hint, &typed.budget, "field tab-num")}
                        {input("headroom", words.headroom, words.headroom_hint, &typed.headroom, "field tab-num")}
                        {input("tolerance", words.tolerance, words.tolerance_hint, &typed.tolerance, "field tab-num")}
                        {input("max_replicas", words.max_replicas, words.max_replicas_hint, &typed.max_replicas, "field tab-num")}
                    </div>
                    {tick("keep_leaders", words.keep_leaders, typed.keep_leaders)} {tick("ignore_racks", words.ignore_racks, typed.ignore_racks)}
                </div>
            </details>
        }
    });
    let topics = view! {
        <div class="prompts">
            {input("topics", words.topics, words.topics_hint, &typed.topics, "field wide mono")}
            {input("locked", words.locked, words.locked_hint, &typed.locked, "field wide mono")}
        </div>
    };
    let excluded = (!matches!(draft.wish.goal, Goal::Leaders)).then(|| {
        let body = view! { <div class="prompts">{brokers(visit, snapshot, draft, &typed.excluded())}<p class="hint">{words.excluded_hint}</p></div> };
        panel(words.excluded, (), body)
    });
    view! {
        {top(visit, cluster, Step::Scope, Some(draft), actions.into_any())}
        {refused}
        <p class="lead muted">{words.lead}</p>
        <form id="scope" class="change" method="get" action=here data-filter="" data-whole="">
            {hidden("cluster", cluster.as_str())} {hidden("draft", draft.id.as_str())}
            <div class="cols change">
                <div>{panel(visit.text.shell.topics, (), topics)} {excluded} {limits}</div>
                <div class="ahead">{matched(visit, snapshot, draft, typed)} <div class="again"><button class="btn apply">{visit.text.form.check}</button></div></div>
            </div>
            <div class="onward"><span class="muted">{text.next_hint}</span><button class="btn primary" formmethod="post" formaction="/do/draft-scope">{next}</button></div>
        </form>
    }
    .into_any()
}

fn brokers(visit: &Visit, snapshot: &Snapshot, draft: &Draft, chosen: &BTreeSet<BrokerId>) -> AnyView {
    // What is to be emptied gets nothing anyway.
    let is_leaving = |id: &BrokerId| is_leaving(draft, *id);
    if snapshot.brokers.len() > TICKED {
        let typed = chosen.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let label = visit.text.scope.excluded;
        return view! { <input class="field wide" name="excluded[]" value=typed aria-label=label placeholder="4, 5" /> }.into_any();
    }
    let all = snapshot.brokers.iter().filter(|broker| !is_leaving(&broker.id)).map(|broker| {
        let rack = broker.rack.clone().map(|rack| view! { " "<small class="faint">{rack}</small> });
        view! {
            <label class="ticking">
                <input type="checkbox" name="excluded[]" value=broker.id.to_string() checked=chosen.contains(&broker.id) />
                <span>{(visit.text.cluster.broker)(&broker.id.to_string())}{rack}</span>
            </label>
        }
    });
    view! { <div class="ticks">{all.collect_view()}</div> }.into_any()
}

/// Whether the broker is to be emptied.
fn is_leaving(draft: &Draft, id: BrokerId) -> bool {
    matches!(&draft.wish.goal, Goal::Drain(ids) if ids.contains(&id))
}

/// What the patterns amount to now.
fn matched(visit: &Visit, snapshot: &Snapshot, draft: &Draft, typed: &Typed) -> AnyView {
    let text = &visit.text.scope;
    let pattern = if typed.topics.trim().is_empty() { Pattern::any() } else { Pattern::new(&typed.topics) };
    let lock = Pattern::new(&typed.locked);
    let wanted: Vec<&Arc<Topic>> =
        snapshot.topics.iter().filter(|topic| pattern.matches(topic.name.as_str())).collect();
    let (kept, free): (Vec<&Arc<Topic>>, Vec<&Arc<Topic>>) =
        wanted.into_iter().partition(|topic| lock.matches(topic.name.as_str()));
    let partitions: u64 = free.iter().map(|topic| u64::from(topic.partition_count)).sum();
    let bytes: i64 = free.iter().filter_map(|topic| topic.size_bytes).sum();
    let excluded = typed.excluded();
    let may = |broker: &&Broker| broker.is_up() && !excluded.contains(&broker.id) && !is_leaving(draft, broker.id);
    let able = snapshot.brokers.iter().filter(may).count();
    let number = |n: usize| format::count(n as i64);
    let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let facts = view! {
        <dl class="weights" aria-live="polite">
            {fact(visit.text.shell.topics, (text.of_topics)(&number(free.len()), &number(snapshot.topics.len())))}
            {fact(text.partitions, format::count(i64::try_from(partitions).unwrap_or(i64::MAX)))} {fact(text.data, format::bytes(bytes))}
            {fact(text.brokers, (text.of_topics)(&number(able), &number(snapshot.brokers.len())))}
        </dl>
    };
    let kept = (!kept.is_empty()).then(|| view! { <p class="foot">{(text.locked_count)(kept.len() as u64)}</p> });
    let body = if free.is_empty() {
        view! { {notice(Tone::Warn, text.matched_none, ())} }.into_any()
    } else {
        let names = free.iter().take(EXAMPLES).map(|topic| {
            view! { <li><a href=address::topic(&snapshot.cluster, &topic.name)>{topic.name.to_string()}</a></li> }
        });
        let rest = free.len().saturating_sub(EXAMPLES);
        let rest = (rest > 0).then(|| view! { <li class="muted">{(text.and_more)(rest as u64)}</li> });
        view! { {facts}<ul class="near pad">{names.collect_view()}{rest}</ul>{kept} }.into_any()
    };
    panel(text.in_scope, (), body).into_any()
}

/// Saves the scope and finds the plan; leads to it.
#[server(prefix = "/do", endpoint = "draft-scope")]
pub async fn draft_scope(
    cluster: String,
    draft: String,
    #[server(default)] topics: String,
    #[server(default)] locked: String,
    #[server(default)] excluded: Vec<String>,
    #[server(default)] budget: String,
    #[server(default)] headroom: Option<String>,
    #[server(default)] tolerance: Option<String>,
    #[server(default)] max_replicas: String,
    #[server(default)] ignore_racks: String,
    #[server(default)] keep_leaders: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let found = match ChangeId::parse(&draft) {
        Some(id) => visit.console.draft(&cluster, &id).await.ok().flatten(),
        None => None,
    };
    let Some(found) = found else {
        lead(
            &visit,
            &address::reassignments(&snapshot.cluster),
            &Note::refused("", visit.text.reassign.draft_gone.to_owned(), vec![]),
        );
        return Ok(());
    };
    let usual = Typed::saved(&found.wish);
    let typed = Typed {
        topics,
        locked,
        excluded,
        budget,
        // Where the goal has no limits the form has none either.
        headroom: headroom.unwrap_or(usual.headroom),
        tolerance: tolerance.unwrap_or(usual.tolerance),
        max_replicas,
        ignore_racks: !ignore_racks.is_empty(),
        keep_leaders: !keep_leaders.is_empty(),
    };
    let back = address::reassignment_draft(&snapshot.cluster, &found.id, Step::Scope.name());
    let wish = match typed.apply(&visit, &found.wish) {
        Ok(wish) => wish,
        Err(wrong) => {
            let said = visit.text.form.problems;
            lead(&visit, &back, &Note::refused("", said(wrong.len() as u64), typed.pairs()));
            return Ok(());
        }
    };
    match visit.console.edit_draft(&cluster, Some(&found.id), DraftEdit::Wish(wish)).await {
        Ok(draft) => (visit.redirect)(&address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Plan.name())),
        Err(obstacle) => refuse(&visit, &back, "", obstacle, typed.pairs()),
    }
    Ok(())
}
