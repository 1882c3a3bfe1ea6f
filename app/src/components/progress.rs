//! How much of something is done, as a bar with its share beside it.

use leptos::prelude::*;
use model::format;

/// The share that is done, 0 to 100; all of nothing is 100.
pub fn percent(done: u64, total: u64) -> f64 {
    if total == 0 { 100.0 } else { (done as f64 * 100.0 / total as f64).clamp(0.0, 100.0) }
}

/// `label` says what is measured. Never shows 100 % before all is done.
pub fn progress(label: String, percent: f64, class: &'static str) -> impl IntoView {
    let shown = if percent < 100.0 { percent.min(99.0).floor() } else { 100.0 };
    let value = format!("{:.1}", if percent < 100.0 { percent.min(99.5) } else { 100.0 });
    view! {
        <span class=format!("progress {class}")>
            <progress max="100" value=value aria-label=label>{format!("{shown} %")}</progress>
            <span class="tab-num" aria-hidden="true">{format!("{} %", format::count(shown as i64))}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn all_of_nothing_is_all() {
        assert!((percent(0, 0) - 100.0).abs() < f64::EPSILON);
        assert!((percent(1, 4) - 25.0).abs() < f64::EPSILON);
        assert!((percent(9, 4) - 100.0).abs() < f64::EPSILON);
    }
}
