//! How full a volume is, as a bar.

use crate::components::cell;
use crate::components::mark::Tone;
use crate::text::brokers::Brokers;
use leptos::prelude::*;
use model::broker::BrokerLogDir;
use model::finding::{DISK_FREE_BAD_PERCENT, DISK_FREE_WARN_PERCENT};

/// Used and total bytes of a volume.
#[derive(Clone, Copy)]
pub struct Volume {
    pub used: i64,
    pub total: i64,
}

impl Volume {
    /// `None` if the broker does not tell (before 3.3).
    pub fn of(dir: &BrokerLogDir) -> Option<Self> {
        let (total, usable) = (dir.total_bytes?, dir.usable_bytes?);
        (total > 0).then_some(Self { used: total - usable, total })
    }

    pub fn used_percent(self) -> f64 {
        self.used as f64 * 100.0 / self.total as f64
    }

    /// By the bounds of the findings.
    pub fn tone(self) -> Tone {
        let free = 100.0 - self.used_percent();
        match free {
            free if free < DISK_FREE_BAD_PERCENT as f64 => Tone::Bad,
            free if free < DISK_FREE_WARN_PERCENT as f64 => Tone::Warn,
            _ => Tone::Quiet,
        }
    }
}

/// `label` says whose volume it is, for those who cannot see the bar.
pub fn bar(text: &'static Brokers, label: &str, volume: Volume) -> impl IntoView + use<> {
    let class = match volume.tone() {
        Tone::Bad => "usage bad",
        Tone::Warn => "usage warn",
        _ => "usage",
    };
    let (used, total) = (cell::bytes(volume.used), cell::bytes(volume.total));
    let percent = format!("{:.1}", volume.used_percent().clamp(0.0, 100.0));
    let told = format!("{label}: {} ({percent} %)", (text.used_of)(&used.0, &total.0));
    view! {
        <svg class=class role="img" aria-label=told>
            <title>{label.to_owned()}</title>
            <rect class="room" width="100%" height="100%" rx="2" />
            <rect class="fill" width=format!("{percent}%") height="100%" rx="2" />
        </svg>
    }
}
