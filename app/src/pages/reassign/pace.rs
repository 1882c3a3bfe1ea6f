//! The fourth step: how fast it may go, in what order, and how long it will take.

use super::{Step, megabytes, refuse, size, top};
use crate::address;
use crate::components::field::{choice, field, hidden};
use crate::components::mark::{Tone, glyph};
use crate::components::notice::notice;
use crate::components::panel::panel;
use crate::note::{Note, lead, taken};
use crate::pages::users::acting;
use crate::visit::Visit;
use leptos::prelude::*;
use model::audit::ChangeId;
use model::draft::{Draft, DraftEdit};
use model::format::Span;
use model::job::{Order, Pace};
use model::plan::{Forecast, Plan};
use model::{Snapshot, format};
use serde::{Deserialize, Serialize};

/// Rates offered by a button, in megabytes a second.
const USUAL: [u64; 5] = [10, 25, 50, 100, 200];

/// The fields as they are typed, by their names in forms.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    #[serde(rename = "rate")]
    pub throttle: String,
    pub order: String,
    pub at_once: String,
    pub inbound: String,
    pub outbound: String,
    /// Ticked if there is anything.
    pub resumes: String,
}

impl Typed {
    pub fn saved(pace: &Pace) -> Self {
        Self {
            throttle: pace.throttle.map(exactly).unwrap_or_default(),
            order: order_name(pace.order).to_owned(),
            at_once: pace.at_once.to_string(),
            inbound: pace.inbound.to_string(),
            outbound: pace.outbound.to_string(),
            resumes: if pace.resumes { "1".to_owned() } else { String::new() },
        }
    }

    /// From pairs of names and values.
    pub fn of(pairs: &[(String, String)]) -> Self {
        let one = |name: &str| {
            pairs.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Self {
            throttle: one("rate"),
            order: one("order"),
            at_once: one("at_once"),
            inbound: one("inbound"),
            outbound: one("outbound"),
            resumes: one("resumes"),
        }
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        let pairs = [
            ("rate", self.throttle.as_str()),
            ("order", &self.order),
            ("at_once", &self.at_once),
            ("inbound", &self.inbound),
            ("outbound", &self.outbound),
            ("resumes", &self.resumes),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    /// The pace, or the fields that cannot be read and why.
    pub fn read(&self, visit: &Visit) -> Result<Pace, Vec<(&'static str, String)>> {
        let text = &visit.text.pace;
        let mut wrong = Vec::new();
        let throttle = match format::typed::<f64>(&self.throttle) {
            _ if self.throttle.trim().is_empty() => None,
            // Less than a byte a second cannot be written down, more than a petabyte no disk takes.
            Some(rate) if (0.000_001..1e9).contains(&rate) => Some((rate * 1e6).round() as u64),
            _ => {
                wrong.push(("rate", text.bad_rate.to_owned()));
                None
            }
        };
        let mut count = |name: &'static str, value: &str| match format::typed::<u32>(value) {
            Some(count) if (1..=10_000).contains(&count) => count,
            _ => {
                wrong.push((name, text.bad_count.to_owned()));
                1
            }
        };
        let pace = Pace {
            throttle,
            at_once: count("at_once", &self.at_once),
            inbound: count("inbound", &self.inbound),
            outbound: count("outbound", &self.outbound),
            order: order(&self.order),
            resumes: !self.resumes.is_empty(),
        };
        if wrong.is_empty() { Ok(pace) } else { Err(wrong) }
    }
}

/// A rate in megabytes a second as a field takes it: to the byte, so that saving it again changes nothing.
fn exactly(bytes_per_second: u64) -> String {
    let (whole, rest) = (bytes_per_second / 1_000_000, bytes_per_second % 1_000_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:06}").trim_end_matches('0').to_owned() }
}

/// As it stands in forms and addresses.
pub fn order_name(order: Order) -> &'static str {
    match order {
        Order::LargestFirst => "largest_first",
        Order::SmallestFirst => "smallest_first",
        Order::ByName => "by_name",
    }
}

fn order(name: &str) -> Order {
    match name {
        "smallest_first" => Order::SmallestFirst,
        "by_name" => Order::ByName,
        _ => Order::LargestFirst,
    }
}

pub fn page() -> AnyView {
    super::on_draft(Step::Pace, |visit, snapshot, draft| async move {
        let note = taken(&visit);
        let typed = match &note {
            Some(note) => Typed::of(&note.typed),
            None if visit.query("at_once").is_some() => Typed::of(&visit.query),
            None => Typed::saved(&draft.pace),
        };
        form(&visit, &snapshot, &draft, &typed, note.as_ref())
    })
}

/// `48–61 min`; nothing if it cannot be told.
pub fn duration_words(visit: &Visit, forecast: &Forecast) -> Option<String> {
    forecast.takes_ms.map(|(soonest, latest)| range_words(visit, soonest, latest))
}

/// A range of time in one unit where both ends share it.
pub fn range_words(visit: &Visit, soonest: i64, latest: i64) -> String {
    let rounded = |ms: i64| match ms {
        // No more precise than anybody can foretell.
        ms if ms < 60_000 => (ms / 5_000).max(1) * 5_000,
        ms if ms < 5_400_000 => (ms + 30_000) / 60_000 * 60_000,
        ms if ms < 129_600_000 => (ms + 900_000) / 1_800_000 * 1_800_000,
        ms => (ms + 21_600_000) / 43_200_000 * 43_200_000,
    };
    let (low, high) = (Span::of_ms(rounded(soonest)), Span::of_ms(rounded(latest.max(soonest))));
    let say = visit.text.age.span;
    if low == high {
        format!("≈ {}", say(&high))
    } else if low.unit == high.unit {
        format!("{}–{}", low.number, say(&high))
    } else {
        format!("{} – {}", say(&low), say(&high))
    }
}

fn form(visit: &Visit, snapshot: &Snapshot, draft: &Draft, typed: &Typed, note: Option<&Note>) -> AnyView {
    let text = &visit.text.pace;
    let cluster = &snapshot.cluster;
    let to = |step: Step| address::reassignment_draft(cluster, &draft.id, step.name());
    let read = typed.read(visit);
    let refused = note.filter(|note| note.is_refusal).map(|note| {
        view! { <div class="said" role="alert" data-once="">{notice(Tone::Bad, note.said.clone(), ())}</div> }
    });
    let next = (visit.text.reassign.next)(visit.text.reassign.review);
    let actions = view! {
        // The first button of a form is the one that Enter presses, wherever it stands: it only looks again.
        <button class="sr" tabindex="-1" aria-hidden="true" form="pace">{visit.text.form.check}</button>
        <a class="btn" href=to(Step::Plan)>{visit.text.reassign.back}</a>
        <button class="btn primary" form="pace" formmethod="post" formaction="/do/draft-pace">{next.clone()}</button>
    };
    let ahead = ahead(visit, snapshot, draft, read.as_ref().ok());
    let wrong = read.err().unwrap_or_default();
    view! {
        {top(visit, cluster, Step::Pace, Some(draft), actions.into_any())}
        {refused}
        <p class="lead muted">{text.lead}</p>
        <form id="pace" class="change" method="get" action=to(Step::Pace) data-filter="" data-whole="">
            {hidden("cluster", cluster.as_str())} {hidden("draft", draft.id.as_str())}
            <div class="cols change">
                <div>{fields(visit, typed, &wrong)}</div>
                <div class="ahead">{ahead} <div class="again"><button class="btn apply">{visit.text.form.check}</button></div></div>
            </div>
            <div class="onward"><span class="muted">{visit.text.reassign.next_hint}</span><button class="btn primary" formmethod="post" formaction="/do/draft-pace">{next}</button></div>
        </form>
    }
    .into_any()
}

/// Throttle, order and concurrency.
pub fn fields(visit: &Visit, typed: &Typed, wrong: &[(&'static str, String)]) -> AnyView {
    let text = &visit.text.pace;
    let said = |name: &str| {
        wrong.iter().filter(|(field, _)| *field == name).map(|(_, words)| words.clone()).collect::<Vec<_>>()
    };
    let input = |name: &'static str, label: &'static str, hint: &'static str, value: &str| {
        let value = value.to_owned();
        field(name, label.into_any(), hint.into_any(), &said(name), |slot| {
            view! { <input class="field tab-num" id=slot.id.clone() name=name value=value inputmode="decimal" aria-invalid=slot.invalid aria-describedby=slot.described.clone() autocomplete="off" /> }.into_any()
        })
    };
    let usual = USUAL.map(|rate| view! { <option value=rate.to_string()></option> });
    let throttle = field(
        "rate",
        text.throttle_field.into_any(),
        text.throttle_hint.into_any(),
        &said("rate"),
        |slot| {
            view! {
            <span class="unit"><input class="field tab-num" id=slot.id.clone() name="rate" value=typed.throttle.clone() list="usual-rates" inputmode="decimal" placeholder=text.unlimited aria-invalid=slot.invalid aria-describedby=slot.described.clone() autocomplete="off" />"MB/s"</span>
            <datalist id="usual-rates">{usual.into_iter().collect_view()}</datalist>
        }
        .into_any()
        },
    );
    let order = view! {
        <fieldset class="options">
            <legend class="sr">{text.order}</legend>
            {choice("order", "largest_first", order(&typed.order) == Order::LargestFirst, text.largest_first.0, text.largest_first.1)}
            {choice("order", "smallest_first", typed.order == "smallest_first", text.smallest_first.0, text.smallest_first.1)}
            {choice("order", "by_name", typed.order == "by_name", text.by_name.0, text.by_name.1)}
        </fieldset>
    };
    let parallel = view! {
        <div class="prompts">
            <div class="pair three">
                {input("at_once", text.at_once, text.at_once_hint, &typed.at_once)} {input("inbound", text.inbound, text.inbound_hint, &typed.inbound)}
                {input("outbound", text.outbound, text.outbound_hint, &typed.outbound)}
            </div>
            <label class="ticking tall"><input type="checkbox" name="resumes" value="1" checked=!typed.resumes.is_empty() /><span><b>{text.resumes.0}</b><small>{text.resumes.1}</small></span></label>
        </div>
    };
    view! {
        {panel(text.throttle, (), view! { <div class="prompts">{throttle}</div> })} {panel(text.order, (), view! { <div class="prompts">{order}</div> })}
        {panel(text.parallel, (), parallel)}
    }
    .into_any()
}

/// What the pace means for this plan.
fn ahead(visit: &Visit, snapshot: &Snapshot, draft: &Draft, pace: Option<&Pace>) -> AnyView {
    let text = &visit.text.plan;
    let words = &visit.text.pace;
    let plan = draft.planned.as_ref().and_then(|planned| planned.result.as_ref().ok());
    let (Some(plan), Some(pace)) = (plan, pace) else {
        let hint = view! { <p class="state muted">{visit.text.form.at_fields}</p> };
        return panel(words.predicted, (), hint).into_any();
    };
    let forecast = Forecast::of(snapshot, plan, pace);
    let takes = duration_words(visit, &forecast);
    let warned =
        |tone: Tone, hint: &'static str| view! { <p class="state">{glyph(tone)}<span>{hint}</span></p> }.into_any();
    let only_goes = plan.moves.iter().any(|one| one.removing().next().is_some());
    let nothing_copied = if only_goes { words.only_removed } else { words.nothing_copied };
    let (title, body) = match &takes {
        Some(takes) => (
            words.predicted,
            view! { <p class="big tab-num" aria-live="polite">{takes.clone()}</p><p class="pad hint">{words.predicted_hint}</p> }.into_any(),
        ),
        None if plan.metrics.bytes == 0 => (
            words.predicted,
            view! { <p class="big" aria-live="polite">{range_words(visit, 1, 30_000)}</p><p class="pad hint">{nothing_copied}</p> }.into_any(),
        ),
        None if forecast.is_endless => (words.floor.0, warned(Tone::Bad, words.floor.1)),
        None => (words.no_throttle, warned(Tone::Warn, words.no_throttle_hint)),
    };
    let floor = match forecast.floor {
        Some((broker, floor)) => {
            let rate = megabytes(floor.div_ceil(100_000) * 100_000);
            let words = if forecast.is_endless {
                (words.floor_of)(&broker.to_string(), &rate)
            } else {
                (words.floor_known)(&rate)
            };
            Some(words)
        }
        None if forecast.is_rate_unknown && plan.metrics.bytes > 0 => Some(words.floor_unknown.to_owned()),
        None => None,
    };
    let floor = floor.map(|words| view! { <p class="foot">{words}</p> });
    let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let busiest = forecast
        .busiest
        .map(|(broker, bytes)| fact(words.busiest, (words.busiest_in)(&broker.to_string(), &size(bytes))));
    let facts = view! {
        <dl class="weights">
            {fact(text.moves, format::count(plan.metrics.moves.into()))} {fact(text.bytes, size(plan.metrics.bytes))} {busiest}
        </dl>
    };
    let rates = rates(visit, snapshot, draft, plan, pace);
    view! { {panel(title, (), view! { {body}{facts}{floor} })} {rates} }.into_any()
}

/// How long it takes at usual rates, each a link that fills it in; nothing where all of them take no time.
fn rates(visit: &Visit, snapshot: &Snapshot, draft: &Draft, plan: &Plan, pace: &Pace) -> Option<AnyView> {
    /// Below this nobody minds how long.
    const SOON_MS: i64 = 60_000;
    let text = &visit.text.pace;
    let page = address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Pace.name());
    let paced = |rate: u64| Pace { throttle: Some(rate * 1_000_000), ..pace.clone() };
    let all: Vec<(u64, Forecast)> =
        USUAL.into_iter().map(|rate| (rate, Forecast::of(snapshot, plan, &paced(rate)))).collect();
    let is_long = |forecast: &Forecast| forecast.takes_ms.is_some_and(|(_, latest)| latest > SOON_MS);
    if !all.iter().any(|(_, forecast)| forecast.is_endless || is_long(forecast)) {
        return None;
    }
    let rows = all.into_iter().map(|(rate, forecast)| {
        let to = address::with_query(page.clone(), Typed::saved(&paced(rate)).pairs());
        let current = (pace.throttle == Some(rate * 1_000_000)).then_some("true");
        let takes = match duration_words(visit, &forecast) {
            Some(takes) => takes.into_any(),
            None => view! { <span class="bad">"● "{text.never}</span> }.into_any(),
        };
        view! { <li><a href=to aria-current=current><b>{(visit.text.job.per_second)(&rate.to_string())}</b><span>{takes}</span></a></li> }
    });
    let body = view! { <ul class="rates">{rows.collect_view()}</ul> };
    Some(panel(text.rates, (), body).into_any())
}

/// Saves the pace; leads to the review.
#[server(prefix = "/do", endpoint = "draft-pace")]
pub async fn draft_pace(cluster: String, draft: String, #[server(flatten)] typed: Typed) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&draft) else { return Err(ServerFnError::new("no such draft")) };
    let back = address::reassignment_draft(&snapshot.cluster, &id, Step::Pace.name());
    let pace = match typed.read(&visit) {
        Ok(pace) => pace,
        Err(wrong) => {
            let said = (visit.text.form.problems)(wrong.len() as u64);
            lead(&visit, &back, &Note::refused("", said, typed.pairs()));
            return Ok(());
        }
    };
    match visit.console.edit_draft(&cluster, Some(&id), DraftEdit::Pace(pace)).await {
        Ok(draft) => (visit.redirect)(&address::reassignment_draft(&snapshot.cluster, &draft.id, Step::Review.name())),
        Err(obstacle) => refuse(&visit, &back, "", obstacle, typed.pairs()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_rate_is_what_was_typed() {
        for (bytes, typed) in
            [(50_000_000, "50"), (12_500_000, "12.5"), (1_000, "0.001"), (1, "0.000001"), (125_000, "0.125")]
        {
            assert_eq!(exactly(bytes), typed);
        }
        assert_eq!(megabytes(1_000), "0.001");
        assert_eq!(megabytes(200_000), "0.2");
        assert_eq!(megabytes(12_500_000), "12");
    }
}
