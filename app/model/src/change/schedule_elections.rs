//! Preferred leaders elected by the clock.

use super::{Change, Draft, Preview, Reason, Setting};
use serde::{Deserialize, Serialize};

/// Elects preferred leaders wherever needed, again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleElections {
    /// `null` or left out: not any more.
    #[serde(default)]
    pub every_minutes: Option<u32>,
}

/// A day; and not so often that an election meets the one before.
const RANGE: (u32, u32) = (1, 1_440);

impl ScheduleElections {
    pub(super) fn preview(&self, setting: &Setting<'_>) -> Preview {
        let mut draft = Draft::new(setting);
        draft.rely_on(("schedule_elections", setting.elections_every));
        let (least, most) = RANGE;
        match self.every_minutes {
            Some(minutes) if !(least..=most).contains(&minutes) => {
                let reason = Reason::OutOfRange { least: least.into(), most: most.into() };
                draft.refuse("", "every_minutes", reason);
            }
            wanted if wanted == setting.elections_every => draft.refuse("", "every_minutes", Reason::NothingToDo),
            wanted => {
                let minutes = |every: Option<u32>| every.map(|minutes| minutes.to_string());
                draft.differ("preferred leaders", "every_minutes", minutes(setting.elections_every), minutes(wanted));
            }
        }
        draft.finish(Change::ScheduleElections(self.clone()), Change::ScheduleElections(self.clone()))
    }
}
