//! A review page as a browser without JavaScript uses it: its confirm form, filled and sent.

use crate::World;
use axum::http::StatusCode;
use model::query::url::segment;

/// Review of `fields`, confirmed with `consent` typed; where the answer leads.
pub fn confirm(world: &World, fields: &[(&str, &str)], consent: &str) -> String {
    let page = review(world, fields);
    let mut form = hidden(&page);
    assert!(form.iter().any(|(name, _)| name == "base"), "no confirm form: {}", text(&page));
    form.push(("consent".to_owned(), consent.to_owned()));
    let (status, location) = world.steward.post_form("/do/change", &form);
    assert!(status.is_redirection(), "{status}");
    location
}

pub fn review(world: &World, fields: &[(&str, &str)]) -> String {
    let query: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", segment(name), segment(value))).collect();
    let (status, page) = world.steward.get(&format!("/clusters/changes/changes/review?{}", query.join("&")));
    assert_eq!(status, StatusCode::OK, "no review page");
    page
}

/// The hidden fields of the form that changes things.
pub fn hidden(page: &str) -> Vec<(String, String)> {
    let Some(form) = page.split("<form").find(|form| form.contains("action=\"/do/change\"")) else { return Vec::new() };
    let form = form.split("</form>").next().unwrap_or_default();
    form.split("<input")
        .skip(1)
        .map(|input| input.split('>').next().unwrap_or_default())
        .filter(|input| input.contains("type=\"hidden\""))
        .map(|input| (attribute(input, "name"), attribute(input, "value")))
        .collect()
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    value.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The page's content without its markup.
fn text(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let words = main.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text.trim()));
    words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
