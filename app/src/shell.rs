//! Rail, top bar and banner around a page.

use crate::address;
use crate::components::age::{age, moment};
use crate::components::grants::grant_tags;
use crate::components::head::{crumbs, head};
use crate::components::icon::{Icon, icon, logo};
use crate::components::notice::{fault_words, sentence};
use crate::components::overlay::overlays;
use crate::components::panel::empty;
use crate::components::title::title;
use crate::pages::change::outcome;
use crate::pages::login::ADD_USER;
use crate::pages::not_found;
use crate::text::shell::Shell;
use crate::visit::{Theme, Visit, visit};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::access::{ActorKind, Permission};
use model::audit::ChangeId;
use model::health::Health;
use model::{ClusterState, Fault, Snapshot, format};
use std::sync::Arc;

/// A page without its frame.
pub struct Page {
    /// For the document's title: from the innermost to the outermost.
    pub title: Vec<String>,
    pub body: AnyView,
}

/// Where in the navigation a page belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Brokers,
    Topics,
    Groups,
    Reassignments,
    Elections,
    /// Reached otherwise.
    Elsewhere,
}

/// A page about the cluster named in the address; a page saying so if there is none.
pub fn in_cluster(place: Place, page: impl FnOnce(&Visit, &Arc<Snapshot>) -> Page) -> AnyView {
    let Some(visit) = visit() else { return ().into_any() };
    let name = param("cluster");
    match visit.console.cluster(&name) {
        Some(snapshot) => {
            let page = if snapshot.is_known() { page(&visit, &snapshot) } else { unreached(&visit, &snapshot) };
            frame(&visit, Some(&snapshot), place, page)
        }
        None => {
            let page = not_found::cluster(&visit, &name);
            frame(&visit, None, Place::Elsewhere, page)
        }
    }
}

/// As [`in_cluster`], for a page that waits for the store or for Kafka.
pub fn in_cluster_later<F>(place: Place, page: impl FnOnce(Visit, Arc<Snapshot>) -> F) -> AnyView
where
    F: Future<Output = Page> + Send + 'static,
{
    let Some(visit) = visit() else { return ().into_any() };
    let name = param("cluster");
    match visit.console.cluster(&name) {
        Some(snapshot) if snapshot.is_known() => {
            let made = page(visit.clone(), Arc::clone(&snapshot));
            later(async move { frame(&visit, Some(&snapshot), place, made.await) })
        }
        _ => in_cluster(place, |_, _| Page { title: Vec::new(), body: ().into_any() }),
    }
}

/// As [`outside`], for a page that waits for the store.
pub fn outside_later<F>(page: impl FnOnce(Visit) -> F) -> AnyView
where
    F: Future<Output = Page> + Send + 'static,
{
    let Some(visit) = visit() else { return ().into_any() };
    let made = page(visit.clone());
    later(async move { frame(&visit, None, Place::Elsewhere, made.await) })
}

/// Pages are sent whole, so nobody sees a fallback.
fn later(made: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    view! { <Suspense>{Suspend::new(made)}</Suspense> }.into_any()
}

/// In place of any page while the cluster was never reached: no zeros, no "does not exist".
fn unreached(visit: &Visit, snapshot: &Snapshot) -> Page {
    let text = &visit.text.shell;
    let names_something = ["broker", "topic", "group"].iter().any(|name| !param(name).is_empty());
    unread(visit, snapshot, names_something.then_some(text.not_known_yet), snapshot.sources.metadata.fault.as_ref())
}

/// Says why nothing was read yet. `what` is not known therefore, if the address names something; the answer is 503 then.
pub fn unread(visit: &Visit, snapshot: &Snapshot, what: Option<&'static str>, fault: Option<&Fault>) -> Page {
    let text = visit.text;
    let (title, hint) = match fault {
        Some(fault) => (fault_words(text, fault), (text.fault.advice)(&fault.kind)),
        None => (text.shell.connecting.to_owned(), text.shell.connecting_hint),
    };
    if what.is_some() {
        (visit.set_status)(503);
    }
    let what = what.map(|what| view! { <p class="pad"><b>{what}</b></p> });
    let name = snapshot.cluster.to_string();
    let body = view! {
        {crumbs(text, vec![(text.shell.clusters.to_owned(), "/".to_owned())])} {head(name.clone(), (), ())}
        <section class="panel" aria-label=name.clone()>{what}{empty(title, hint)}</section>
    };
    Page { title: vec![name], body: body.into_any() }
}

/// A page about no cluster in particular.
pub fn outside(page: impl FnOnce(&Visit) -> Page) -> AnyView {
    let Some(visit) = visit() else { return ().into_any() };
    let page = page(&visit);
    frame(&visit, None, Place::Elsewhere, page)
}

/// A page in the frame of `snapshot`'s cluster, which was found otherwise than by [`in_cluster`].
pub fn around(visit: &Visit, snapshot: &Arc<Snapshot>, page: Page) -> AnyView {
    frame(visit, Some(snapshot), Place::Elsewhere, page)
}

/// A part of the address by its name in the route table, decoded; empty if there is none.
pub fn param(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

fn frame(visit: &Visit, snapshot: Option<&Arc<Snapshot>>, place: Place, page: Page) -> AnyView {
    let text = &visit.text.shell;
    let mut parts: Vec<&str> = page.title.iter().map(String::as_str).collect();
    parts.extend(snapshot.map(|snapshot| snapshot.cluster.as_str()).filter(|name| parts.last() != Some(name)));
    view! {
        {title(&parts)}
        <a class="skip" href="#main">{text.skip}</a>
        <details class="menu">
            <summary aria-label=text.menu>
                <span class="open">{icon(Icon::Menu)}</span><span class="shut">{icon(Icon::Close)}</span>
            </summary>
        </details>
        {rail(visit, snapshot, place)}
        {top(visit, snapshot)}
        <div class="banners">{open_banner(visit)} {unwritable(visit)} {snapshot.and_then(|snapshot| banner(visit, snapshot))}</div>
        <main id="main" tabindex="-1">{snapshot.and_then(|snapshot| just_done(visit, snapshot))} {page.body}</main>
        {overlays(visit, snapshot.map(AsRef::as_ref))}
    }
    .into_any()
}

/// On a page that a change led to (`change=…`): what was done. Only then the page waits, for the store.
fn just_done(visit: &Visit, snapshot: &Arc<Snapshot>) -> Option<AnyView> {
    let id = ChangeId::parse(visit.query("change")?)?;
    Some(later(outcome::done(visit.clone(), Arc::clone(snapshot), id)))
}

fn rail(visit: &Visit, snapshot: Option<&Arc<Snapshot>>, place: Place) -> AnyView {
    let text = &visit.text.shell;
    let clusters = visit.console.clusters();
    let current = snapshot.map(|snapshot| &snapshot.cluster);
    let choices = clusters
        .iter()
        .map(|other| {
            let is_current = current == Some(&other.cluster);
            view! {
                <li>
                    <a href=address::cluster(&other.cluster) aria-current=is_current.then_some("true")>
                        {dot(visit, other)} {other.cluster.to_string()}
                    </a>
                </li>
            }
        })
        .collect_view();
    let Some(snapshot) = snapshot else {
        return view! {
            <nav class="rail" aria-label=text.navigation>
                <a class="brand" href="/">{logo()}"Steward"</a>
                <ul>
                    <li><a href="/" aria-current=(visit.path == "/").then_some("page")>{text.all_clusters}</a></li>
                    {choices}
                </ul>
                {own_pages(visit)}
            </nav>
        }
        .into_any();
    };
    let summary = &snapshot.summary;
    let cluster = &snapshot.cluster;
    let brokers = match &summary.counts {
        None => ().into_any(),
        Some(counts) if counts.brokers_up < counts.brokers_known => {
            let up = format!("{}/{}", counts.brokers_up, counts.brokers_known);
            view! { <span class="bad">"● "{up}</span> }.into_any()
        }
        Some(counts) => format::count(counts.brokers_known.into()).into_any(),
    };
    let topics = topic_count(text, snapshot);
    let groups = summary.groups.map(|n| format::count(n.into())).into_any();
    let link = |at: Place, sign: Icon, label: &'static str, address: String, count: AnyView| {
        let current = (at == place).then_some("page");
        view! { <li><a href=address aria-current=current>{icon(sign)}{label}<span class="count">{count}</span></a></li> }
    };
    view! {
        <nav class="rail" aria-label=text.navigation>
            <a class="brand" href="/">{logo()}"Steward"</a>
            <details class="switch">
                <summary>
                    {dot(visit, snapshot)}<span>{cluster.to_string()}</span><span class="sr">{text.switch_cluster}</span>
                    {icon(Icon::Updown)}
                </summary>
                <ul>{choices}<li><a href="/">{text.all_clusters}</a></li></ul>
            </details>
            {read_only(visit, snapshot)}
            <ul>
                {link(Place::Overview, Icon::Overview, text.overview, address::cluster(cluster), ().into_any())}
                {link(Place::Brokers, Icon::Broker, text.brokers, address::brokers(cluster), brokers)}
                {link(Place::Topics, Icon::Topic, text.topics, address::topics(cluster), topics)}
                {link(Place::Groups, Icon::Group, text.groups, address::groups(cluster), groups)}
                {link(Place::Reassignments, Icon::Move, text.reassignments, address::reassignments(cluster), moving_count(text, snapshot))}
                {link(Place::Elections, Icon::Crown, text.elections, address::elections(cluster), ().into_any())}
            </ul>
            {own_pages(visit)}
        </nav>
    }
    .into_any()
}

/// The mark of a cluster that nobody may change.
pub fn read_only(visit: &Visit, snapshot: &Snapshot) -> Option<AnyView> {
    let text = &visit.text.people;
    let is_read_only = visit.console.is_read_only(snapshot.cluster.as_str());
    is_read_only.then(|| {
        view! { <span class="tag quiet read-only" title=text.read_only_hint>{icon(Icon::Lock)}{text.read_only}</span> }.into_any()
    })
}

/// The pages about Steward itself, as far as the reader may see them: address, sign, label.
fn own_links(visit: &Visit) -> Vec<(&'static str, Icon, &'static str)> {
    let pages = [
        ("/audit", Icon::Log, visit.text.audit.title, Permission::ReadAudit),
        ("/users", Icon::Users, visit.text.people.managing.users, Permission::ManageUsers),
    ];
    let seen = pages.into_iter().filter(|(.., permission)| visit.console.may(*permission, None, &[]).is_ok());
    seen.map(|(address, sign, label, _)| (address, sign, label)).collect()
}

fn own_pages(visit: &Visit) -> Option<AnyView> {
    let links = own_links(visit);
    if links.is_empty() {
        return None;
    }
    let links = links.into_iter().map(|(address, sign, label)| {
        let is_below = visit.path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let current = is_below.then_some(if visit.path == address { "page" } else { "true" });
        view! { <li><a href=address aria-current=current>{icon(sign)}{label}</a></li> }
    });
    Some(view! { <h2>{visit.text.people.steward}</h2><ul>{links.collect_view()}</ul> }.into_any())
}

/// Who is signed in, and what is theirs.
fn menu(visit: &Visit) -> AnyView {
    let text = &visit.text.people;
    let actor = visit.console.actor();
    if actor.kind == ActorKind::Nobody {
        return view! { <a class="btn" href=address::login(&visit.here())>{text.sign_in}</a> }.into_any();
    }
    let links = own_links(visit);
    let links = std::iter::once(("/account", Icon::User, text.own.account)).chain(links);
    let links = links.map(|(address, sign, label)| view! { <li><a href=address>{icon(sign)}{label}</a></li> });
    // Whoever is nobody in particular cannot leave.
    let out = (actor.kind != ActorKind::Local).then(|| {
        view! { <li><form method="post" action="/logout"><button>{icon(Icon::Leave)}{text.sign_out}</button></form></li> }
    });
    let label = (text.menu)(&actor.name);
    view! {
        <details class="user">
            <summary aria-label=label title=actor.name.clone()>{icon(Icon::User)}<span class="name">{actor.name.clone()}</span></summary>
            <div class="drop">
                <p class="whose"><b>{actor.name.clone()}</b>{grant_tags(text, &actor.grants)}</p>
                <ul>{links.collect_view()}{out}</ul>
            </div>
        </details>
    }
    .into_any()
}

/// While there are no users: only adding one ends it.
fn open_banner(visit: &Visit) -> Option<AnyView> {
    let text = &visit.text.people;
    visit.is_open.then(|| {
        view! {
            <div class="banner open" role="status">
                <span class="say"><b>"▲ "{text.open}</b>" "{text.open_hint}" "<span class="muted">{text.open_add}" "<code>{ADD_USER}</code></span></span>
            </div>
        }
        .into_any()
    })
}

/// Reading goes on when Steward's own records cannot be written, and nothing else does.
fn unwritable(visit: &Visit) -> Option<AnyView> {
    let why = visit.console.trouble().filter(|_| visit.console.actor().is_signed_in())?;
    let text = &visit.text.shell;
    Some(view! { <div class="banner" role="status"><span class="say"><b>"● "{text.unwritable}</b>" "{sentence(&why)}" "{text.unwritable_hint}</span></div> }.into_any())
}

/// A page by itself, without the ways to others.
pub fn alone(page: impl FnOnce(&Visit) -> Page) -> AnyView {
    let Some(visit) = visit() else { return ().into_any() };
    let page = page(&visit);
    let parts: Vec<&str> = page.title.iter().map(String::as_str).collect();
    view! {
        {title(&parts)}
        <header class="top bare"><span class="sp"></span>{preferences(&visit)}</header>
        <main id="main" class="alone" tabindex="-1">{page.body}<span data-still="" hidden></span></main>
    }
    .into_any()
}

/// How many topics there are, and before it how many of them are in trouble.
fn topic_count(text: &'static Shell, snapshot: &Snapshot) -> AnyView {
    let Some(counts) = &snapshot.summary.counts else { return ().into_any() };
    let all = format::count(counts.topics.into());
    let troubled = snapshot.topics.iter().filter(|topic| topic.is_unhealthy()).count() as u64;
    let badge = (troubled > 0).then(|| {
        let words = (text.troubled_topics)(troubled);
        view! { <span class="badge" role="img" title=words.clone() aria-label=words>{format!("● {troubled}")}</span>" " }
    });
    view! { {badge}{all} }.into_any()
}

/// How many partitions are on the move, by whomever.
fn moving_count(text: &'static Shell, snapshot: &Snapshot) -> AnyView {
    let moving = snapshot.reassignments.len();
    if moving == 0 {
        return ().into_any();
    }
    let words = (text.moving)(moving as u64);
    view! { <span role="img" title=words.clone() aria-label=words>{format::count(moving as i64)}</span> }.into_any()
}

/// How a cluster does as a small shape, in words for those who cannot see it.
pub fn dot(visit: &Visit, snapshot: &Snapshot) -> impl IntoView + use<> {
    let text = &visit.text.shell;
    let class = match snapshot.health() {
        Health::Good => "dot",
        Health::Warn => "dot warn",
        Health::Bad => "dot bad",
        Health::Unknown => "dot quiet",
    };
    let label = match (&snapshot.summary.state, u64::from(snapshot.troubles())) {
        (ClusterState::Connecting, _) => text.connecting.to_owned(),
        (ClusterState::Unreachable { .. }, _) => text.unreachable.to_owned(),
        (ClusterState::Reachable, 0) => text.reachable.to_owned(),
        (ClusterState::Reachable, found) => format!("{}, {}", text.reachable, (visit.text.finding.count)(found)),
    };
    view! { <span class=class role="img" aria-label=label.clone() title=label></span> }
}

fn top(visit: &Visit, snapshot: Option<&Arc<Snapshot>>) -> impl IntoView + use<> {
    let text = &visit.text.shell;
    let search = snapshot.map(|snapshot| {
        // On the search page the field keeps what was asked.
        let asked = visit.path.ends_with("/search").then(|| visit.query("q").unwrap_or_default().to_owned());
        view! {
            <form class="find" method="get" action=address::search(&snapshot.cluster) role="search" aria-label=text.search_all>
                {icon(Icon::Search)}
                <input type="search" name="q" value=asked placeholder=text.search_hint aria-label=text.search_hint autocomplete="off" spellcheck="false" data-find="" />
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </form>
        }
    });
    let live = snapshot.map(|snapshot| {
        let at = snapshot.sources.metadata.observed_at;
        let age = match at {
            Some(at) => age(visit, at).into_any(),
            None => text.no_data.into_any(),
        };
        view! { <span class="live">{dot(visit, snapshot)}{age}</span> }
    });
    view! {
        <header class="top">
            {search} <span class="sp"></span> <span class="live" data-silence=text.silent hidden></span> {live} {preferences(visit)} {menu(visit)}
        </header>
    }
}

/// Language and theme: plain forms, so they need no script.
fn preferences(visit: &Visit) -> impl IntoView + use<> {
    let text = &visit.text.shell;
    let other = visit.lang.other();
    // An address with `?lang=` would outrank the choice just made.
    let back = visit.with(&[("lang", ""), ("page", visit.query("page").unwrap_or_default())]);
    let theme = |theme: Theme, sign: Icon, label: &'static str| {
        let pressed = if visit.theme == theme { "true" } else { "false" };
        view! {
            <button name="theme" value=theme.name() aria-pressed=pressed aria-label=label title=label>{icon(sign)}</button>
        }
    };
    view! {
        <form class="prefs" method="post" action="/preferences">
            <input type="hidden" name="back" value=back />
            <button class="plain" name="lang" value=other.tag() lang=other.tag()>{other.name()}</button>
            <span class="seg" role="group" aria-label=text.theme>
                {theme(Theme::Light, Icon::Sun, text.theme_light)} {theme(Theme::System, Icon::Screen, text.theme_system)}
                {theme(Theme::Dark, Icon::Moon, text.theme_dark)}
            </span>
        </form>
    }
}

/// What an unreachable cluster's pages say before all else.
fn banner(visit: &Visit, snapshot: &Snapshot) -> Option<AnyView> {
    let ClusterState::Unreachable { since, fault } = &snapshot.summary.state else { return None };
    let text = &visit.text.shell;
    let shown = match snapshot.sources.metadata.observed_at {
        Some(at) => (text.shown_as_of)(&moment(at)),
        None => text.never_reached.to_owned(),
    };
    let since = (visit.text.fault.since)(&crate::components::age::age_text(visit, *since));
    let why = format!("{}: {} {since} {shown}", fault_words(visit.text, fault), sentence(&fault.message));
    Some(view! { <div class="banner" role="status"><span class="say"><b>"● "{text.unreachable}</b>" "{why}</span></div> }.into_any())
}
