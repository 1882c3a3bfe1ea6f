//! What a change would do, laid out for a decision: differences, warnings, who is affected, the commands.

use super::age::age;
use super::cell;
use super::copy::copy;
use super::mark::{Tone, glyph};
use super::table::plain_head;
use crate::address;
use crate::pages::reassign::rate_words;
use crate::text::Text;
use crate::visit::Visit;
use leptos::prelude::*;
use model::change::{AffectedGroup, Difference, Impact, Kind, Warning};
use model::job::{MoveState, Phase};
use model::{ClusterName, format};

/// Rows of each list before the rest is only counted.
const SHOWN: usize = 200;
const WARNINGS_IN_SIGHT: usize = 8;
const GROUPS_IN_SIGHT: usize = 12;

/// Before → after, by what it is on; `is_past` if it was applied already.
pub fn differences(text: &'static Text, all: &[Difference], is_past: bool) -> AnyView {
    let words = &text.change;
    let several = all.iter().any(|one| Some(&one.item) != all.first().map(|first| &first.item));
    let mut heads = vec![
        (words.reviewing.what, ""),
        (if is_past { words.reviewing.was } else { words.reviewing.before }, ""),
        (words.reviewing.after, ""),
    ];
    if several {
        heads.insert(0, (words.reviewing.item, ""));
    }
    let mut last: Option<&str> = None;
    let rows = all
        .iter()
        .take(SHOWN)
        .map(|one| {
            let is_new = last != Some(one.item.as_str());
            last = Some(&one.item);
            let item = several.then(|| {
                let item = is_new.then(|| one.item.clone());
                view! { <td class="name" title=one.item.clone()>{item}</td> }
            });
            let is_gone = one.field == "topic" && one.after.is_none();
            let after = if is_gone {
                view! { <b class="bad">{words.reviewing.deleted}</b> }.into_any()
            } else {
                value(text, &one.field, one.after.as_deref())
            };
            view! {
                <tr data-key=format!("{}/{}", one.item, one.field)>
                    {item} <td class="what">{what(text, &one.field)}</td> <td class="wrap was">{value(text, &one.field, one.before.as_deref())}</td>
                    <td class="wrap will">{after}</td>
                </tr>
            }
        })
        .collect_view();
    let rest = all.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(text.form.electing.more_rows)(rest as u64)}</p> });
    view! { <div class="scroll" tabindex="0"><table class="diff">{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} }
        .into_any()
}

/// The word for what changes; a config key is a name.
fn what(text: &'static Text, field: &str) -> AnyView {
    let known = match field {
        "topic" => text.change.reviewing.topic,
        "partitions" => text.form.creating.partitions,
        "replication_factor" => text.form.creating.replicas,
        "leader" => text.topic.leader,
        "earliest_offset" => text.topic.earliest,
        "placement" | "assignment" => text.form.placing.placement,
        "replicas" | "target" => text.job.route,
        "state" => text.job.state_head,
        "throttle" => text.pace.throttle,
        "inbound" => text.pace.inbound,
        "outbound" => text.pace.outbound,
        "at_once" => text.pace.at_once,
        "every_minutes" => text.job.minutes,
        _ => return view! { <code>{field.to_owned()}</code> }.into_any(),
    };
    known.into_any()
}

/// Not a config, whose value is a text to be written as it is.
fn is_number(field: &str) -> bool {
    matches!(
        field,
        "partitions"
            | "replication_factor"
            | "earliest_offset"
            | "leader"
            | "inbound"
            | "outbound"
            | "at_once"
            | "every_minutes"
    )
}

fn value(text: &'static Text, field: &str, value: Option<&str>) -> AnyView {
    match value {
        None => view! { <span class="none">{text.change.reviewing.none}</span> }.into_any(),
        Some("") => view! { <span class="none">{text.config.empty_value}</span> }.into_any(),
        Some(value) if field == "state" => state(text, value).into_any(),
        Some(value) if field == "throttle" => match value.parse() {
            Ok(rate) => rate_words(text, rate).into_any(),
            Err(_) => value.to_owned().into_any(),
        },
        Some(value) if is_number(field) && value.parse::<i64>().is_ok() => {
            let grouped = value.parse().map(format::count).unwrap_or_default();
            view! { <span class="tab-num">{grouped}</span> }.into_any()
        }
        Some(value) => {
            let readable = super::config_table::readable(text, field, value);
            view! { <code>{value.to_owned()}</code>{readable} }.into_any()
        }
    }
}

/// The word for the state of a reassignment or of one of its moves, by its name in JSON.
fn state(text: &'static Text, name: &str) -> String {
    let name = serde_json::Value::from(name);
    if let Ok(phase) = serde_json::from_value::<Phase>(name.clone()) {
        return (text.job.phase)(phase).to_owned();
    }
    match serde_json::from_value::<MoveState>(name.clone()) {
        Ok(state) => (text.job.state)(state).to_owned(),
        Err(_) => name.as_str().unwrap_or_default().to_owned(),
    }
}

/// How much a warning weighs.
fn weight(warning: &Warning) -> Tone {
    match warning {
        Warning::Irreversible | Warning::DataLoss { .. } | Warning::MinIsrUnreachable { .. } => Tone::Bad,
        Warning::CannotShrink | Warning::GroupsLearnLate { .. } | Warning::AllBrokers | Warning::Unverified { .. } => {
            Tone::Info
        }
        _ => Tone::Warn,
    }
}

/// Warnings in the model's order: the worst first.
pub fn warnings(text: &'static Text, all: &[Warning]) -> Option<AnyView> {
    if all.is_empty() {
        return None;
    }
    let split = if all.len() <= WARNINGS_IN_SIGHT + 1 { all.len() } else { WARNINGS_IN_SIGHT };
    let rows = |warnings: &[Warning]| {
        let row = |warning: &Warning| {
            let tone = weight(warning);
            let sign = if tone == Tone::Info {
                view! { <span class="g" aria-hidden="true">"i"</span> }.into_any()
            } else {
                glyph(tone).into_any()
            };
            view! { <li class=tone.class()>{sign}<span>{(text.objection.warning)(warning)}</span></li> }
        };
        warnings.iter().map(row).collect_view()
    };
    let (first, rest) = all.split_at(split);
    let more = (!rest.is_empty()).then(|| {
        let label = (text.finding.show_more)(rest.len() as u64);
        view! { <details class="more"><summary class="link">{label}</summary><ul class="weigh">{rows(rest)}</ul></details> }
    });
    Some(view! { <ul class="weigh">{rows(first)}</ul>{more} }.into_any())
}

/// Who and what is affected, in numbers and by name.
pub fn impact(visit: &Visit, cluster: &ClusterName, kind: Kind, impact: &Impact) -> AnyView {
    let text = visit.text;
    let words = &text.change;
    let fact = |label: &'static str, value: Option<cell::Told>| {
        value.map(|(short, exact)| view! { <div><dt>{label}</dt><dd title=exact>{short}</dd></div> })
    };
    let touched = (impact.partitions > 0).then(|| (format::count(impact.partitions.into()), String::new()));
    let is_copied = matches!(
        kind,
        Kind::Reassign | Kind::ControlReassignment | Kind::AdoptReassignments | Kind::CancelReassignments
    );
    let bytes = if is_copied { text.plan.bytes } else { words.reviewing.bytes };
    let rate =
        impact.records_per_second.map(|rate| ((text.topic.per_second)(&format::rate(rate)), format!("{rate:.2}")));
    let facts = view! {
        <dl class="weights">
            {fact(words.reviewing.touched, touched)} {fact(words.reviewing.records_lost, impact.records_lost.map(|n| (format::count(n), String::new())))}
            {fact(bytes, impact.bytes.map(cell::bytes))} {fact(words.reviewing.rate, rate)}
            {impact.last_write_at.map(|at| view! { <div><dt>{words.reviewing.last_write}</dt><dd>{age(visit, at)}</dd></div> })}
        </dl>
    };
    // Who reads is not looked at where it makes no difference.
    let is_about_readers = matches!(
        kind,
        Kind::CreateTopic | Kind::GrowPartitions | Kind::EditTopicConfigs | Kind::DeleteTopics | Kind::DeleteRecords
    );
    let groups = if impact.groups.is_empty() && !is_about_readers {
        ().into_any()
    } else if impact.groups.is_empty() {
        view! { <p class="pad muted">{words.reviewing.nobody}</p> }.into_any()
    } else {
        groups(text, cluster, &impact.groups)
    };
    view! { {facts}{groups} }.into_any()
}

fn groups(text: &'static Text, cluster: &ClusterName, all: &[AffectedGroup]) -> AnyView {
    let words = &text.change;
    let several = all.iter().any(|one| Some(&one.topic) != all.first().map(|first| &first.topic));
    let mut heads = vec![(words.reviewing.group, ""), (words.reviewing.members, "num"), (words.reviewing.lag, "num")];
    if several {
        heads.insert(1, (words.reviewing.topic, ""));
    }
    let rows = all
        .iter()
        .take(GROUPS_IN_SIGHT)
        .map(|one| {
            let topic = several.then(|| view! { <td class="name" title=one.topic.to_string()><a href=address::topic(cluster, &one.topic)>{one.topic.to_string()}</a></td> });
            let class = if one.members > 0 { "num warn" } else { "num muted" };
            let mark = (one.members > 0).then_some("▲ ");
            view! {
                <tr data-key=format!("{}/{}", one.group, one.topic)>
                    <td class="name" title=one.group.to_string()><a href=address::group(cluster, &one.group)>{one.group.to_string()}</a></td>
                    {topic} <td class=class>{mark}{format::count(one.members.into())}</td> {cell::known("num", one.lag, text.list.unknown)}
                </tr>
            }
        })
        .collect_view();
    let rest = all.len().saturating_sub(GROUPS_IN_SIGHT);
    let rest = (rest > 0).then(|| view! { <p class="foot">{(words.reviewing.more_groups)(rest as u64)}</p> });
    view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div>{rest} }.into_any()
}

/// A command with one option on each line, as a shell takes it too. Options within quotes are text.
fn folded(command: &str) -> String {
    let mut out = String::with_capacity(command.len() + 64);
    let mut is_quoted = false;
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '\\' if !is_quoted => {
                out.push(c);
                out.extend(rest.next());
                continue;
            }
            ' ' if !is_quoted && out.contains(".sh ") && rest.peek() == Some(&'-') => {
                out.push_str(" \\\n  ");
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The same with Kafka's own tools, ready to be copied.
pub fn commands(text: &'static Text, all: &[String]) -> Option<AnyView> {
    if all.is_empty() {
        return None;
    }
    let whole = all.iter().map(|command| folded(command)).collect::<Vec<_>>().join("\n");
    let hint =
        whole.contains("--command-config").then(|| view! { <p class="foot">{text.change.reviewing.commands_hint}</p> });
    let button = copy(text, text.change.reviewing.copy_commands, whole.clone());
    Some(
        super::panel::panel(
            text.change.reviewing.commands,
            button,
            view! { <pre class="commands" tabindex="0">{whole}</pre>{hint} },
        )
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn options_stand_on_lines_of_their_own_but_not_within_quotes() {
        assert_eq!(
            folded("kafka-topics.sh --bootstrap-server a:1 --create --topic 'a'\\''--b -c' --config x=1"),
            "kafka-topics.sh --bootstrap-server a:1 \\\n  --create \\\n  --topic 'a'\\''--b -c' \\\n  --config x=1"
        );
    }
}
