//! The route table, nothing else.

use crate::pages;
use leptos::prelude::*;
use leptos_router::SsrMode::Async;
use leptos_router::components::{Route, Router, Routes as Table};
use leptos_router::path;

/// `Async`: a page is made in memory in one go, so it is sent whole, with its title and status known.
#[component]
pub fn Routes() -> impl IntoView {
    view! {
        <Router>
            <Table fallback=pages::not_found::page>
                <Route path=path!("/") view=pages::clusters::page ssr=Async />
                <Route path=path!("/clusters/:cluster") view=pages::cluster::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics") view=pages::topics::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics/:topic") view=pages::topic::partitions::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics/:topic/groups") view=pages::topic::groups::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics/:topic/config") view=pages::topic::config::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics/:topic/replicas") view=pages::topic::replicas::page ssr=Async />
                <Route path=path!("/clusters/:cluster/topics/:topic/partitions/:partition") view=pages::partition::page ssr=Async />
                <Route path=path!("/clusters/:cluster/brokers") view=pages::brokers::page ssr=Async />
                <Route path=path!("/clusters/:cluster/brokers/:broker") view=pages::broker::page ssr=Async />
                <Route path=path!("/clusters/:cluster/brokers/:broker/config") view=pages::broker::config ssr=Async />
                <Route path=path!("/clusters/:cluster/groups") view=pages::groups::page ssr=Async />
                <Route path=path!("/clusters/:cluster/groups/:group") view=pages::group::page ssr=Async />
                <Route path=path!("/clusters/:cluster/create-topic") view=pages::change::create::page ssr=Async />
                <Route path=path!("/clusters/:cluster/grow-partitions") view=pages::change::grow::page ssr=Async />
                <Route path=path!("/clusters/:cluster/edit-configs") view=pages::change::edit::topics ssr=Async />
                <Route path=path!("/clusters/:cluster/brokers/:broker/edit-configs") view=pages::change::edit::broker ssr=Async />
                <Route path=path!("/clusters/:cluster/delete-records") view=pages::change::records::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments") view=pages::reassign::list::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/new") view=pages::reassign::goal::new ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft") view=pages::reassign::resume ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft/goal") view=pages::reassign::goal::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft/scope") view=pages::reassign::scope::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft/plan") view=pages::reassign::plan::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft/pace") view=pages::reassign::pace::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/drafts/:draft/review") view=pages::reassign::review::page ssr=Async />
                <Route path=path!("/clusters/:cluster/reassignments/:job") view=pages::reassign::job::page ssr=Async />
                <Route path=path!("/clusters/:cluster/elections") view=pages::change::elections::page ssr=Async />
                <Route path=path!("/clusters/:cluster/changes/review") view=pages::change::review::page ssr=Async />
                <Route path=path!("/clusters/:cluster/changes/:id") view=pages::change::outcome::page ssr=Async />
                <Route path=path!("/clusters/:cluster/search") view=pages::search::page ssr=Async />
                <Route path=path!("/audit") view=pages::audit::page ssr=Async />
                <Route path=path!("/users") view=pages::users::page ssr=Async />
                <Route path=path!("/users/:user") view=pages::user::page ssr=Async />
                <Route path=path!("/account") view=pages::account::page ssr=Async />
                <Route path=path!("/login") view=pages::login::page ssr=Async />
                <Route path=path!("/denied") view=pages::denied::page ssr=Async />
            </Table>
        </Router>
    }
}
