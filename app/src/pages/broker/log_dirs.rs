//! The log directories of a broker.

use crate::components::cell;
use crate::components::mark::{Tone, tag};
use crate::components::notice::source_notice;
use crate::components::panel;
use crate::components::source::source;
use crate::components::table::plain_head;
use crate::pages::disk::{Volume, bar};
use crate::visit::Visit;
use leptos::prelude::*;
use model::broker::BrokerLogDir;
use model::{Broker, format};

pub fn panel(visit: &Visit, broker: &Broker) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let aside = source(visit, text.log_dirs_source, &broker.log_dirs_source);
    let fault = source_notice(visit, &broker.log_dirs_source);
    let list = if broker.log_dirs.is_empty() {
        // A fault, if there is one, has said more.
        fault.is_none().then(|| panel::empty(text.no_log_dirs, text.no_log_dirs_hint.into_any())).into_any()
    } else {
        let heads = [
            (text.path, ""),
            (text.state, ""),
            (text.usage, "m1"),
            (text.volume, "num"),
            (text.free, "num"),
            (text.data, "num m1"),
            (text.replicas, "num m1"),
        ];
        let rows = broker.log_dirs.iter().map(|dir| row(visit, broker.is_up(), dir)).collect_view();
        view! { <div class="scroll"><table>{plain_head(&heads)}<tbody>{rows}</tbody></table></div> }.into_any()
    };
    panel::panel(text.log_dirs, aside.into_any(), view! { {fault} {list} }.into_any())
}

fn row(visit: &Visit, is_up: bool, dir: &BrokerLogDir) -> impl IntoView + use<> {
    let text = &visit.text.brokers;
    let unknown = visit.text.list.unknown;
    let volume = Volume::of(dir);
    let state = match &dir.fault {
        Some(fault) => view! { <span title=fault.message.clone()>{tag(Tone::Bad, text.offline)}</span> }.into_any(),
        None if is_up => tag(Tone::Ok, text.online).into_any(),
        // What does not answer does not vouch for its disks.
        None => view! { <span title=text.last_known_hint>{tag(Tone::Quiet, text.last_known)}</span> }.into_any(),
    };
    let cordoned =
        dir.is_cordoned.then(|| view! { " "<span title=text.cordoned_hint>{tag(Tone::Warn, text.cordoned)}</span> });
    let percent = volume.map(|volume| {
        let total = cell::bytes(volume.total);
        view! { <small class="muted">{format::percent(volume.used_percent())}" % / "{total.0}</small> }
    });
    let told = |value: Option<i64>| value.map(cell::bytes);
    // What lies in a directory that is offline is not known.
    let data = dir.fault.is_none().then_some(dir.size_bytes);
    view! {
        <tr data-key=dir.path.to_string()>
            <td class="wrap path"><code>{dir.path.to_string()}</code></td> <td>{state}{cordoned}</td>
            <td class="m1 volume" title=text.volume_hint>{volume.map(|volume| bar(text, &dir.path, volume))}{percent}</td>
            {cell::told("num", told(volume.map(|volume| volume.used)), unknown)} {cell::told("num", told(dir.usable_bytes), unknown)}
            {cell::told("num m1", told(data), unknown)} {cell::known("num m1", data.map(|_| dir.replicas), unknown)}
        </tr>
    }
}
