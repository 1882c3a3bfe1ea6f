//! What a browser downloads on its first visit.

use crate::Fallible;
use crate::client::Client;
use crate::report::Report;
use std::collections::BTreeSet;

/// The page, and everything of this site it names, and what that names in turn; all compressed as a browser of today asks for it.
pub fn measure(client: &Client, page: &str, report: &mut Report) -> Fallible<()> {
    let html = String::from_utf8(client.get(page)?.body)? + page;
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![page.to_owned()];
    let (mut all, mut usable) = (0, 0);
    while let Some(path) = open.pop() {
        if !known.insert(path.clone()) {
            continue;
        }
        let answer = client.ask(&path, "br")?;
        match answer.status {
            200 => {}
            // Scripts also name things that are no files: the glue's key for the wasm's imports ends in `.js`.
            404 if !html.contains(&path) => continue,
            status => return Err(format!("{path} answers {status}").into()),
        }
        let weight = answer.body.len() + answer.head;
        all += weight;
        let is_usable = path == page || path.ends_with(".css");
        usable += if is_usable { weight } else { 0 };
        report.figure(&format!("  {}", path.rsplit('/').next().unwrap_or(&path)), weight as f64 / 1000.0, "kB");
        if path == page || path.ends_with(".js") {
            let plain = client.get_as(&path, "identity")?;
            open.extend(names(&String::from_utf8_lossy(&plain.body), &path));
        }
    }
    if !known.iter().any(|path| path.ends_with(".wasm")) {
        return Err(format!("{page} names no wasm; found {known:?}").into());
    }
    report.budget("first visit, all in", all as f64 / 1000.0, "kB", 300.0);
    report.budget("usable: HTML and CSS", usable as f64 / 1000.0, "kB", 25.0);
    Ok(())
}

/// Files of this site that a page or script names between quotes: `/pkg/…`, icons, and `./snippets/…` beside a script.
fn names(text: &str, of: &str) -> Vec<String> {
    let folder = of.rsplit_once('/').map_or("", |(folder, _)| folder);
    text.split(['"', '\'', '`'])
        .filter_map(|word| {
            let is_file = [".css", ".js", ".wasm", ".svg", ".woff2"].iter().any(|end| word.ends_with(end));
            match word.strip_prefix("./") {
                _ if !is_file || word.contains(char::is_whitespace) => None,
                Some(beside) => Some(format!("{folder}/{beside}")),
                None => word.starts_with('/').then(|| word.to_owned()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_page_and_a_script_load() {
        let page = r#"<link rel="stylesheet" href="/pkg/1/steward.css"><script>import('/pkg/1/app.js')</script><a href="/a">.css</a>"#;
        assert_eq!(names(page, "/"), ["/pkg/1/steward.css", "/pkg/1/app.js"]);
        assert_eq!(names("from './snippets/a.js'", "/pkg/1/app.js"), ["/pkg/1/snippets/a.js"]);
    }
}
