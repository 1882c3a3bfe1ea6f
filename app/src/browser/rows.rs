//! Moves along the rows of the page's table: the first link of each row is what gets the focus, so Enter opens it.

use super::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Arrow keys, once a row has the focus; elsewhere they scroll. Returns whether the key was used.
pub fn arrow(key: &str) -> bool {
    let by = match key {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return false,
    };
    focused_row().is_some() && step(by)
}

/// To the next (1) or previous (-1) row; from nowhere to the first. Returns whether there are rows.
pub fn step(by: isize) -> bool {
    let rows: Vec<HtmlElement> = dom::all("main tbody tr").into_iter().filter(|row| link(row).is_some()).collect();
    let current = focused_row().and_then(|focused| rows.iter().position(|row| **row == focused));
    let wanted = match current {
        Some(index) => index.saturating_add_signed(by).min(rows.len().saturating_sub(1)),
        None => 0,
    };
    let Some(link) = rows.get(wanted).and_then(|row| link(row)) else { return false };
    let _ = link.focus();
    true
}

fn focused_row() -> Option<Element> {
    dom::document()?.active_element()?.closest("main tbody tr").ok()?
}

fn link(row: &Element) -> Option<HtmlElement> {
    row.query_selector("a[href]").ok()??.dyn_into().ok()
}
