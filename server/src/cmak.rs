//! CMAK's addresses lead to Steward's, so that bookmarks and runbooks keep working. Those of actions that Steward does
//! not have yet lead to the page that shows the same thing.

use crate::permissions::Routes;
use axum::extract::Path;
use axum::response::Redirect;
use axum::routing::get;
use model::access::Permission::{Public, SignedIn};
use model::query::url::segment;
use std::collections::HashMap;

/// CMAK's path, and Steward's with the same names in braces.
const MOVED: [(&str, &str); 8] = [
    ("/clusters/{c}/consumers", "/clusters/{c}/groups"),
    ("/clusters/{c}/consumers/{g}/type/{kind}", "/clusters/{c}/groups/{g}"),
    ("/clusters/{c}/consumers/{g}/topic/{t}/type/{kind}", "/clusters/{c}/groups/{g}"),
    ("/clusters/{c}/topics/{t}/updateConfig", "/clusters/{c}/topics/{t}/config"),
    ("/clusters/{c}/topics/{t}/addPartitions", "/clusters/{c}/topics/{t}"),
    ("/clusters/{c}/topics/{t}/assignments/manual", "/clusters/{c}/topics/{t}/replicas"),
    ("/clusters/{c}/brokers/{b}/updateConfig", "/clusters/{c}/brokers/{b}/config"),
    ("/api/health", "/health"),
];

/// They tell nothing but the new address.
pub fn routes() -> Routes {
    MOVED.iter().fold(Routes::new(), |routes, (old, new)| {
        let redirect = move |Path(names): Path<HashMap<String, String>>| {
            std::future::ready(Redirect::permanent(&fill(new, &names)))
        };
        // Load balancers have no name.
        let permission = if *new == "/health" { Public } else { SignedIn };
        routes.route(old, permission, get(redirect))
    })
}

fn fill(template: &str, names: &HashMap<String, String>) -> String {
    names.iter().fold(template.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), &segment(value)))
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn names_are_carried_over_escaped() {
        let names = [("c".to_owned(), "prod".to_owned()), ("g".to_owned(), "a/b c".to_owned())].into();
        assert_eq!(fill("/clusters/{c}/groups/{g}", &names), "/clusters/prod/groups/a%2Fb%20c");
    }
}
