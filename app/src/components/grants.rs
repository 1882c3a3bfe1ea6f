//! Roles: what somebody has as chips, as sentences, and the rows in which they are given.

use super::mark::{Tone, tag};
use crate::note::Note;
use crate::text::Text;
use crate::text::people::People;
use crate::visit::Visit;
use leptos::prelude::*;
use model::access::{Grant, Pattern, Permission, Role};
use serde::{Deserialize, Serialize};

/// Rows of a form that grants; there is always an empty one.
const LEAST_ROWS: usize = 3;

/// One row as it is typed: `grants[0][role]` and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRow {
    #[serde(default)]
    pub role: String,
    #[serde(default)]
    pub clusters: String,
    #[serde(default)]
    pub topics: String,
}

impl From<&Grant> for GrantRow {
    fn from(grant: &Grant) -> Self {
        Self {
            role: grant.role.name().to_owned(),
            clusters: grant.clusters.as_str().to_owned(),
            topics: grant.topics.as_str().to_owned(),
        }
    }
}

/// The grants of the rows that have a role; `None` if one of them does not say for what: an empty pattern would match nothing.
pub fn read_rows(rows: &[GrantRow]) -> Option<Vec<Grant>> {
    let chosen = rows.iter().filter_map(|row| Role::parse(&row.role).map(|role| (role, row)));
    chosen
        .map(|(role, row)| {
            let (clusters, topics) = (Pattern::new(&row.clusters), Pattern::new(&row.topics));
            let says = |pattern: &Pattern| !pattern.as_str().is_empty();
            (says(&clusters) && says(&topics)).then_some(Grant { role, clusters, topics })
        })
        .collect()
}

/// Rows as fields of a [`Note`].
pub fn keep_rows(rows: &[GrantRow]) -> Vec<(String, String)> {
    let fields = |row: &GrantRow| {
        [("role", row.role.clone()), ("clusters", row.clusters.clone()), ("topics", row.topics.clone())]
    };
    rows.iter().flat_map(fields).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The rows that were typed before the refusal.
pub fn kept_rows(note: &Note) -> Vec<GrantRow> {
    let (roles, clusters, topics) = (note.all("role"), note.all("clusters"), note.all("topics"));
    let rows = roles.iter().zip(clusters).zip(topics);
    rows.map(|((role, clusters), topics)| GrantRow {
        role: (*role).to_owned(),
        clusters: clusters.to_owned(),
        topics: topics.to_owned(),
    })
    .collect()
}

/// `Operator on prod-*, topics orders-*`.
pub fn grant_words(text: &People, grant: &Grant) -> String {
    let unless_any = |pattern: &Pattern| (!pattern.is_any()).then(|| pattern.as_str().to_owned());
    // Viewers change nothing, so topics say nothing.
    let topics = unless_any(&grant.topics).filter(|_| grant.role > Role::Viewer);
    (text.grant)((text.role)(grant.role), unless_any(&grant.clusters).as_deref(), topics.as_deref())
}

/// Each grant as a chip.
pub fn grant_tags(text: &People, grants: &[Grant]) -> impl IntoView + use<> {
    if grants.is_empty() {
        return view! { <span class="none">{text.no_role}</span> }.into_any();
    }
    let tone = |role: Role| if role == Role::Admin { Tone::Info } else { Tone::Quiet };
    let tags = grants.iter().map(|grant| tag(tone(grant.role), grant_words(text, grant))).collect_view();
    view! { <span class="grant-tags">{tags}</span> }.into_any()
}

/// Rows to choose roles in, `rows` filled in; only roles up to `most` are offered.
pub fn grant_rows(visit: &Visit, rows: &[GrantRow], most: Role) -> impl IntoView + use<> {
    let text = &visit.text.people;
    let count = (rows.len() + 1).max(LEAST_ROWS);
    let all = GrantRow { role: String::new(), clusters: "*".to_owned(), topics: "*".to_owned() };
    let rows = (0..count).map(|at| row(text, at, rows.get(at).unwrap_or(&all), most)).collect_view();
    let names = visit.console.clusters();
    let names =
        names.iter().map(|snapshot| view! { <option value=snapshot.cluster.to_string()></option> }).collect_view();
    view! {
        <fieldset class="grants">
            <legend>{text.managing.roles}</legend>
            {rows}
            <p class="hint">{text.managing.grants_hint}" "{text.managing.topics_hint}</p>
            <datalist id="cluster-names"><option value="*"></option>{names}</datalist>
        </fieldset>
    }
}

fn row(text: &'static People, at: usize, row: &GrantRow, most: Role) -> impl IntoView + use<> {
    let name = |field: &str| format!("grants[{at}][{field}]");
    let label = |field: &'static str| (text.managing.in_row)(field, &(at + 1).to_string());
    view! {
        <div class="grants-row">
            <label><span class="cap">{text.managing.role_label}</span>{role_select(text, name("role"), label(text.managing.role_label), &row.role, most, true)}</label>
            <label><span class="cap">{text.managing.clusters}</span><input class="field" name=name("clusters") value=row.clusters.clone() aria-label=label(text.managing.clusters) list="cluster-names" autocomplete="off" spellcheck="false" autocapitalize="none" /></label>
            <label><span class="cap">{text.managing.topics}</span><input class="field" name=name("topics") value=row.topics.clone() aria-label=label(text.managing.topics) autocomplete="off" spellcheck="false" autocapitalize="none" /></label>
        </div>
    }
}

/// A choice of roles up to `most`, with or without none.
pub fn role_select(
    text: &'static People,
    name: String,
    label: String,
    chosen: &str,
    most: Role,
    may_be_none: bool,
) -> impl IntoView + use<> {
    let roles = Role::ALL.into_iter().filter(|role| *role <= most);
    let options = roles
        .map(|role| view! { <option value=role.name() selected=role.name() == chosen>{(text.role)(role)}</option> })
        .collect_view();
    let none =
        may_be_none.then(|| view! { <option value="" selected=chosen.is_empty()>{text.managing.no_choice}</option> });
    view! { <select class="field pick-role" name=name aria-label=label>{none}{options}</select> }
}

/// The role matrix, behind a click.
pub fn matrix(text: &'static Text) -> impl IntoView {
    let people = &text.people;
    let heads = Role::ALL.map(|role| view! { <th scope="col" class="holds">{(people.role)(role)}</th> }).collect_view();
    let shown = Permission::ALL.into_iter().filter_map(|permission| Some((permission, permission.least_role()?)));
    let rows = shown
        .map(|(permission, least)| {
            let cells = Role::ALL.map(|role| {
                let (class, sign, word) = if role >= least {
                    ("holds ok", "✓", people.may)
                } else {
                    ("holds faint", "–", people.may_not)
                };
                view! { <td class=class><span aria-hidden="true">{sign}</span><span class="sr">{word}</span></td> }
            });
            view! { <tr><th scope="row">{(people.permission)(permission)}</th>{cells.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <details class="more matrix">
            <summary class="link">{people.matrix}</summary>
            <div class="scroll"><table>
                <thead><tr><th scope="col">{people.permissions}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="pad muted">{people.matrix_hint}</p>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(role: &str, clusters: &str, topics: &str) -> GrantRow {
        GrantRow { role: role.to_owned(), clusters: clusters.to_owned(), topics: topics.to_owned() }
    }

    #[test]
    fn rows_without_a_role_are_nothing_and_rows_without_a_pattern_are_refused() {
        let grants = read_rows(&[row("operator", "prod-*", " a,b "), row("", "x", ""), row("king", "*", "*")]);
        let expected = Grant { role: Role::Operator, clusters: Pattern::new("prod-*"), topics: Pattern::new("a b") };
        assert_eq!(grants, Some(vec![expected]));
        assert_eq!(read_rows(&[row("viewer", " ", "*")]), None);
        assert_eq!(read_rows(&[]), Some(Vec::new()));
    }

    #[test]
    fn rows_come_back_as_they_were_typed() {
        let rows = vec![row("viewer", "", "*"), row("", "a&b", "")];
        assert_eq!(kept_rows(&Note::refused("f", String::new(), keep_rows(&rows))), rows);
    }
}
