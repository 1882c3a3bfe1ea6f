//! The first step: what is wanted, in words.
#![expect(clippy::too_many_arguments, reason = "a server function takes each field of its form")]

use super::{Step, refuse, top};
use crate::address;
use crate::components::field::{choice, escaped, hidden};
use crate::components::mark::{Tone, glyph, tag};
use crate::components::notice::notice;
use crate::console::Obstacle;
use crate::note::{Note, lead, taken};
use crate::pages::users::acting;
use crate::shell::{Page, Place, in_cluster};
use crate::text::title::id_list;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::{Pattern, Permission};
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::plan::{Goal, Occasion, Target, Wish};
use model::{BrokerId, ClusterName, Snapshot, format, reassignment_file};
use std::collections::BTreeSet;

/// Above this many brokers their numbers are typed instead of ticked.
const TICKED: usize = 60;

/// A reassignment that is not saved yet; `goal`, `brokers` and `topics` of the address choose beforehand.
pub fn new() -> AnyView {
    in_cluster(Place::Reassignments, |visit, snapshot| {
        let note = taken(visit);
        let start = Start::of(visit, snapshot, note.as_ref());
        let body = form(visit, snapshot, None, &start, note.as_ref());
        Page { title: vec![visit.text.reassign.new_title.to_owned()], body }
    })
}

/// The goal of a draft.
pub fn page() -> AnyView {
    super::on_draft(Step::Goal, |visit, snapshot, draft| async move {
        let note = taken(&visit);
        let start = match &note {
            Some(note) => Start::typed(note),
            None => Start::saved(&draft.wish.goal),
        };
        form(&visit, &snapshot, Some(&draft), &start, note.as_ref())
    })
}

/// What the form starts with.
#[derive(Default)]
struct Start {
    goal: String,
    add: BTreeSet<BrokerId>,
    drain: BTreeSet<BrokerId>,
    factor: String,
    file: String,
    topics: String,
}

impl Start {
    fn of(visit: &Visit, snapshot: &Snapshot, note: Option<&Note>) -> Self {
        if let Some(note) = note {
            return Self::typed(note);
        }
        let occasion = Occasion::of(snapshot);
        let asked = visit.query("goal").unwrap_or_default().to_owned();
        let named = ids(visit.query("brokers").unwrap_or_default());
        let best = occasion.goals().into_iter().next();
        Self {
            goal: if asked.is_empty() { best.as_ref().map_or("rebalance", name).to_owned() } else { asked.clone() },
            add: if asked == "add_brokers" && !named.is_empty() {
                named.clone()
            } else {
                occasion.light.iter().copied().collect()
            },
            drain: if asked == "drain" { named } else { BTreeSet::new() },
            factor: occasion.usual_replicas.max(1).to_string(),
            topics: visit.query("topics").unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    fn saved(goal: &Goal) -> Self {
        let mut start = Self { goal: name(goal).to_owned(), ..Self::default() };
        match goal {
            Goal::AddBrokers(ids) => start.add = ids.clone(),
            Goal::Drain(ids) => start.drain = ids.clone(),
            Goal::ChangeReplicationFactor(factor) => start.factor = factor.to_string(),
            _ => {}
        }
        start
    }

    fn typed(note: &Note) -> Self {
        let one = |field: &str| note.typed(field).unwrap_or_default().to_owned();
        Self {
            goal: one("goal"),
            add: note.all("add").into_iter().flat_map(ids).collect(),
            drain: note.all("drain").into_iter().flat_map(ids).collect(),
            factor: one("factor"),
            file: one("file"),
            topics: one("topics"),
        }
    }
}

/// As it stands in forms and addresses.
pub fn name(goal: &Goal) -> &'static str {
    match goal {
        Goal::Rebalance => "rebalance",
        Goal::AddBrokers(_) => "add_brokers",
        Goal::Drain(_) => "drain",
        Goal::Repair => "repair",
        Goal::ChangeReplicationFactor(_) => "replication",
        Goal::Leaders => "leaders",
        Goal::Manual(targets) if targets.is_empty() => "manual",
        Goal::Manual(_) => "file",
    }
}

/// Broker ids separated by whatever; what is no number is left out.
fn ids(text: &str) -> BTreeSet<BrokerId> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).map(BrokerId).collect()
}

fn form(visit: &Visit, snapshot: &Snapshot, draft: Option<&Draft>, start: &Start, note: Option<&Note>) -> AnyView {
    let text = &visit.text.reassign;
    let words = &visit.text.goal;
    let cluster = &snapshot.cluster;
    let occasion = Occasion::of(snapshot);
    let said = note.filter(|note| note.is_refusal).map(|note| {
        view! { <div class="said" role="alert" data-once="">{notice(Tone::Bad, note.said.clone(), ())}</div> }
    });
    let next = (text.next)(text.scope);
    let cancel = address::reassignments(cluster);
    let actions = view! { <a class="btn" href=cancel>{visit.text.form.cancel}</a><button class="btn primary" form="goal">{next.clone()}</button> };
    let best: Vec<&str> = occasion.goals().iter().map(name).collect();
    let card =
        |value: &'static str, told: (&'static str, &'static str), now: Option<AnyView>, more: Option<AnyView>| {
            let is_best = best.contains(&value).then(|| tag(Tone::Info, words.recommended));
            let now = now.map(|now| view! { <p class="now">{now}</p> });
            let more = more.map(|more| view! { <div class="goal-more">{more}</div> });
            view! {
                <div class="goal" data-key=value>
                    {choice("goal", value, start.goal == value, told.0, told.1)}
                    <div class="goal-now">{is_best}{now}</div>
                    {more}
                </div>
            }
        };
    let topics = (!start.topics.is_empty()).then(|| hidden("topics", &start.topics));
    let id = draft.map(|draft| draft.id.to_string()).unwrap_or_default();
    let factor = view! {
        <label for="f-factor">{words.factor}</label>
        <input class="field short" type="number" min="1" max="20" id="f-factor" name="factor" value=start.factor.clone() aria-describedby="f-factor-hint" />
        <p class="hint" id="f-factor-hint">{words.factor_hint}</p>
    };
    let file = view! {
        <label for="f-file">{words.file_label}</label>
        <textarea class="field mono" id="f-file" name="file" rows="6" spellcheck="false" aria-describedby="f-file-hint" placeholder=r#"{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[1,2,3]}]}"#>{escaped(&start.file)}</textarea>
        <p class="hint" id="f-file-hint">{words.file_hint}</p>
        <label class="file-pick scripted">{words.file_pick}<input type="file" accept=".json,application/json,text/plain" data-into="f-file" /></label>
    };
    view! {
        <div data-still="">
            {top(visit, cluster, Step::Goal, draft, actions.into_any())}
            {said}
            <p class="lead muted">{words.lead}</p>
            <form id="goal" method="post" action="/do/draft-goal">
                {hidden("cluster", cluster.as_str())} {hidden("draft", &id)} {topics}
                <fieldset class="goals">
                    <legend class="sr">{text.goal}</legend>
                    {card("add_brokers", words.add_brokers, light(visit, &occasion), Some(brokers(visit, snapshot, "add", words.which_add, &start.add)))}
                    {card("drain", words.drain, None, Some(brokers(visit, snapshot, "drain", words.which_drain, &start.drain)))}
                    {card("repair", words.repair, Some(broken(visit, &occasion)), None)}
                    {card("rebalance", words.rebalance, Some(uneven(visit, &occasion)), None)}
                    {card("leaders", words.leaders, Some(leaders(visit, snapshot, &occasion)), None)}
                    {card("replication", words.replication, Some((words.now_replicas)(occasion.usual_replicas.into()).into_any()), Some(factor.into_any()))}
                    {card("manual", words.manual, None, None)}
                    {card("file", words.file, None, Some(file.into_any()))}
                </fieldset>
                <div class="onward"><span class="muted">{text.next_hint}</span><button class="btn primary">{next}</button></div>
            </form>
        </div>
    }
    .into_any()
}

fn light(visit: &Visit, occasion: &Occasion) -> Option<AnyView> {
    let some = !occasion.light.is_empty();
    some.then(|| view! { {glyph(Tone::Warn)}{(visit.text.goal.now_light)(&id_list(&occasion.light))} }.into_any())
}

fn broken(visit: &Visit, occasion: &Occasion) -> AnyView {
    let text = &visit.text.goal;
    if !occasion.is_broken() {
        return view! { {glyph(Tone::Ok)}{text.now_fine} }.into_any();
    }
    let mut all: Vec<(Tone, String)> = Vec::new();
    all.extend(occasion.dead.iter().map(|(id, n)| (Tone::Bad, (text.now_dead)(&id.to_string(), (*n).into()))));
    let counts = [(occasion.rack_violations, text.now_racks), (occasion.short, text.now_short)];
    all.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, words)| (Tone::Warn, words((*n).into()))));
    all.into_iter()
        .map(|(tone, words)| view! { <span class="line">{glyph(tone)}{words}</span> })
        .collect_view()
        .into_any()
}

fn uneven(visit: &Visit, occasion: &Occasion) -> AnyView {
    let text = &visit.text.goal;
    match occasion.fullest.filter(|_| occasion.is_uneven()) {
        Some(id) => {
            let words = (text.now_over)(&id.to_string(), &format::percent(occasion.over_percent));
            view! { {glyph(Tone::Warn)}{words} }.into_any()
        }
        None => view! { {glyph(Tone::Ok)}{text.now_even} }.into_any(),
    }
}

fn leaders(visit: &Visit, snapshot: &Snapshot, occasion: &Occasion) -> AnyView {
    let number = |n: u32| format::count(n.into());
    let text = &visit.text.goal;
    let now = (text.now_leaders)(&number(occasion.leaders.0), &number(occasion.leaders.1));
    // A plan chooses who should lead; an election makes it so.
    let elect = (occasion.not_led > 0).then(|| {
        let words = (text.not_led)(occasion.not_led.into());
        view! { <span class="line">{glyph(Tone::Warn)}<a href=address::elections(&snapshot.cluster)>{words}</a></span> }
    });
    view! { <span class="line">{now}</span>{elect} }.into_any()
}

fn brokers(
    visit: &Visit,
    snapshot: &Snapshot,
    field: &'static str,
    label: &'static str,
    chosen: &BTreeSet<BrokerId>,
) -> AnyView {
    let text = &visit.text.goal;
    let many = format!("{field}[]");
    if snapshot.brokers.len() > TICKED {
        let id = format!("f-{field}");
        let typed = chosen.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return view! { <label for=id.clone()>{label}</label><input class="field wide" id=id name=many value=typed placeholder="4, 5" /> }.into_any();
    }
    let all = snapshot.brokers.iter().map(|broker| {
        let size = broker.size_bytes.map_or_else(|| "–".to_owned(), format::bytes);
        let holds = (text.holds)(&format::count(broker.replicas.into()), &size);
        let down = (!broker.is_up()).then(|| view! { " "<span class="bad">"● "{text.is_down}</span> });
        let rack = broker.rack.clone().map(|rack| view! { " "<small class="faint">{rack}</small> });
        view! {
            <label class="ticking broker">
                <input type="checkbox" name=many.clone() value=broker.id.to_string() checked=chosen.contains(&broker.id) />
                <span><b>{(visit.text.cluster.broker)(&broker.id.to_string())}</b>{rack}{down}<small>{holds}</small></span>
            </label>
        }
    });
    view! { <fieldset class="ticks"><legend>{label}</legend>{all.collect_view()}</fieldset> }.into_any()
}

/// Saves the goal; leads to the scope.
#[server(prefix = "/do", endpoint = "draft-goal")]
pub async fn draft_goal(
    cluster: String,
    #[server(default)] draft: String,
    #[server(default)] goal: String,
    #[server(default)] add: Vec<String>,
    #[server(default)] drain: Vec<String>,
    #[server(default)] factor: String,
    #[server(default)] file: String,
    #[server(default)] topics: String,
) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let id = ChangeId::parse(&draft);
    let back = match &id {
        Some(id) => address::reassignment_draft(&snapshot.cluster, id, Step::Goal.name()),
        None => address::new_reassignment(&snapshot.cluster),
    };
    let typed = || {
        let mut typed: Vec<(String, String)> =
            [("goal", &goal), ("factor", &factor), ("file", &file), ("topics", &topics)]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect();
        typed.extend(add.iter().map(|id| ("add".to_owned(), id.clone())));
        typed.extend(drain.iter().map(|id| ("drain".to_owned(), id.clone())));
        typed
    };
    if let Err(denial) = visit.console.may(Permission::ReassignPartitions, Some(&snapshot), &[]) {
        refuse(&visit, &back, "", Obstacle::Denied(denial), typed());
        return Ok(());
    }
    let read = |all: &[String]| all.iter().flat_map(|text| ids(text)).collect::<BTreeSet<BrokerId>>();
    let wanted = match wanted(&visit, &snapshot, &goal, read(&add), read(&drain), &factor, &file) {
        Ok(goal) => goal,
        Err(said) => {
            lead(&visit, &back, &Note::refused("", said, typed()));
            return Ok(());
        }
    };
    let saved = match &id {
        Some(id) => visit.console.draft(&cluster, id).await.ok().flatten(),
        None => None,
    };
    let mut wish = saved.map_or_else(|| Wish::of(wanted.clone()), |draft| draft.wish);
    wish.goal = wanted;
    if !topics.trim().is_empty() {
        wish.topics = Pattern::new(&topics);
    }
    match visit.console.edit_draft(&cluster, id.as_ref(), DraftEdit::Wish(wish)).await {
        Ok(draft) => (visit.redirect)(&address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Scope.name())),
        Err(obstacle) => refuse(&visit, &back, "", obstacle, typed()),
    }
    Ok(())
}

/// The goal that the form's fields mean, or what is wrong with them.
fn wanted(
    visit: &Visit,
    snapshot: &Snapshot,
    goal: &str,
    add: BTreeSet<BrokerId>,
    drain: BTreeSet<BrokerId>,
    factor: &str,
    file: &str,
) -> Result<Goal, String> {
    let text = &visit.text.goal;
    match goal {
        "rebalance" => Ok(Goal::Rebalance),
        "repair" => Ok(Goal::Repair),
        "leaders" => Ok(Goal::Leaders),
        "manual" => Ok(Goal::Manual(Vec::new())),
        "add_brokers" if add.is_empty() => Err(text.no_brokers.to_owned()),
        "add_brokers" => Ok(Goal::AddBrokers(add)),
        "drain" if drain.is_empty() => Err(text.no_brokers.to_owned()),
        "drain" if snapshot.brokers.iter().all(|broker| drain.contains(&broker.id)) => Err(text.all_drained.to_owned()),
        "drain" => Ok(Goal::Drain(drain)),
        "replication" => match factor.trim().parse() {
            Ok(factor) if factor > 0 => Ok(Goal::ChangeReplicationFactor(factor)),
            _ => Err(text.bad_factor.to_owned()),
        },
        "file" if file.trim().is_empty() => Err(text.no_file.to_owned()),
        "file" => Ok(Goal::Manual(targets(visit, file)?)),
        _ => Err(text.no_goal.to_owned()),
    }
}

/// The placements in a file of Kafka's tool, or in a copy of what it printed.
fn targets(visit: &Visit, file: &str) -> Result<Vec<Target>, String> {
    let text = &visit.text.goal;
    let read = reassignment_file::parse(file).map_err(|bad| (text.bad_file)(&bad))?;
    let Some(block) = read.proposed() else { return Err(text.several_blocks.to_owned()) };
    if let Some(pinned) = block.log_dirs.first() {
        return Err((text.pinned)(&format!("{}-{}", pinned.topic, pinned.partition), &pinned.path));
    }
    if block.targets.is_empty() {
        return Err(text.empty_file.to_owned());
    }
    Ok(block.targets.clone())
}

/// The first step with a goal chosen beforehand.
pub fn prefilled(cluster: &ClusterName, goal: &Goal) -> String {
    let mut pairs = vec![("goal", name(goal).to_owned())];
    if let Goal::AddBrokers(ids) | Goal::Drain(ids) = goal {
        pairs.push(("brokers", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")));
    }
    address::with_query(address::new_reassignment(cluster), pairs)
}
