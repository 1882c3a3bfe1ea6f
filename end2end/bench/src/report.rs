//! Figures, their budgets, and the table they are printed in.

use crate::Fallible;
use serde_json::{Value, json};
use std::path::Path;

#[derive(Default)]
pub struct Report {
    section: String,
    figures: Vec<Value>,
    missed: usize,
}

impl Report {
    /// What follows belongs together.
    pub fn section(&mut self, title: &str) {
        title.clone_into(&mut self.section);
        println!("\n{title}");
    }

    /// A figure that nobody promised.
    pub fn figure(&mut self, name: &str, value: f64, unit: &str) {
        println!("  {name:<52} {:>10} {unit}", short(value));
        self.figures.push(json!({ "section": self.section, "name": name, "value": value, "unit": unit }));
    }

    /// A figure that should be at most `budget`.
    pub fn budget(&mut self, name: &str, value: f64, unit: &str, budget: f64) {
        let ratio = value / budget;
        let mark = if ratio <= 1.0 { "ok" } else { "MISSED" };
        self.missed += usize::from(ratio > 1.0);
        println!("  {name:<52} {:>10} {unit:<8} of {:>7}  {ratio:>6.2}  {mark}", short(value), short(budget));
        self.figures.push(json!({
            "section": self.section, "name": name, "value": value, "unit": unit,
            "budget": budget, "ratio": ratio, "ok": ratio <= 1.0,
        }));
    }

    /// Writes all figures as JSON.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self, path: &Path) -> Fallible<()> {
        let budgets = self.figures.iter().filter(|figure| figure["budget"].is_number()).count();
        println!("\n{} of {budgets} budgets missed; figures in {}", self.missed, path.display());
        std::fs::write(path, format!("{:#}\n", Value::Array(self.figures)))?;
        Ok(())
    }
}

/// Three digits that matter.
fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 || v == v.trunc() => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
