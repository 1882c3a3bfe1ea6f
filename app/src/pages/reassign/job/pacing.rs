//! Another pace for a reassignment that is under way.

use super::review;
use crate::address;
use crate::components::field::hidden;
use crate::note::{Note, lead};
use crate::pages::reassign::pace::{self, Typed, order_name};
use crate::pages::users::acting;
use crate::visit::Visit;
use leptos::prelude::*;
use model::ClusterName;
use model::audit::ChangeId;
use model::job::Job;

/// The form, in the place of the numbers it is about.
pub fn form(visit: &Visit, cluster: &ClusterName, job: &Job, note: Option<&Note>) -> AnyView {
    let text = &visit.text.job;
    let note = note.filter(|note| note.form == "pace");
    let typed = note.map_or_else(|| Typed::saved(&job.pace), |note| Typed::of(&note.typed));
    let wrong = typed.read(visit).err().unwrap_or_default();
    let close = address::reassignment(cluster, &job.id);
    view! {
        <form id="pace" class="pacing" method="post" action="/do/job-pace" data-once="">
            {hidden("cluster", cluster.as_str())} {hidden("job", job.id.as_str())}
            {pace::fields(visit, &typed, &wrong)}
            <div class="decision"><button class="btn primary">{text.pace_review}</button><a class="btn" href=close>{text.pace_keep}</a><span class="muted">{text.pace_now}</span></div>
        </form>
    }
    .into_any()
}

/// Leads to the review of another pace.
#[server(prefix = "/do", endpoint = "job-pace")]
pub async fn job_pace(cluster: String, job: String, #[server(flatten)] typed: Typed) -> Result<(), ServerFnError> {
    let visit = acting()?;
    let Some(snapshot) = visit.console.cluster(&cluster) else { return Err(ServerFnError::new("no such cluster")) };
    let Some(id) = ChangeId::parse(&job) else { return Err(ServerFnError::new("no such reassignment")) };
    match typed.read(&visit) {
        Ok(pace) => {
            let fields = [
                ("throttle", pace.throttle.map(|rate| rate.to_string()).unwrap_or_default()),
                ("at_once", pace.at_once.to_string()),
                ("inbound", pace.inbound.to_string()),
                ("outbound", pace.outbound.to_string()),
                ("order", order_name(pace.order).to_owned()),
                ("resumes", pace.resumes.to_string()),
            ];
            (visit.redirect)(&review(&snapshot.cluster, &id, "pace", &fields));
        }
        Err(wrong) => {
            let said = (visit.text.form.problems)(wrong.len() as u64);
            let page = format!("{}?pace=1", address::reassignment(&snapshot.cluster, &id));
            lead(&visit, &page, &Note::refused("pace", said, typed.pairs()));
        }
    }
    Ok(())
}
