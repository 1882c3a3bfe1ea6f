//! Asks the server for a page.

use super::{ages, dom};
use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Document, DomParser, Headers, RequestCache, RequestInit, Response, SupportedType};

/// The header of a page's answer that names the data it was made from, and the one that sends it back.
const REVISION: &str = "x-steward-revision";
const SINCE: &str = "x-steward-since";
/// After this the server counts as silent. Pages come from memory: a healthy one answers in milliseconds.
const PATIENCE_MS: i32 = 10_000;

pub enum Answer {
    /// Nothing newer than what was asked about.
    Unchanged,
    Page(Page),
    /// Not a page of this build of Steward: a download, an error of a proxy, a newer Steward. Only a real navigation shows it.
    Foreign,
}

/// A rendered page, ready to be shown.
pub struct Page {
    /// Where it came from in the end; redirects lead elsewhere.
    pub url: String,
    pub revision: Option<String>,
    pub document: Document,
}

/// A request that can be given up; dropping it gives it up.
pub struct Request {
    controller: Option<AbortController>,
}

impl Request {
    pub fn new() -> Self {
        Self { controller: AbortController::new().ok() }
    }

    /// Fetches one page. An error means no answer: the network, the time limit, or the request was given up.
    /// So does a 5xx status, unless it comes from a page that says what is not known yet.
    pub async fn get(&self, url: &str, since: Option<&str>) -> Result<Answer, JsValue> {
        let window = dom::window().ok_or(JsValue::NULL)?;
        let headers = Headers::new()?;
        headers.set("accept", "text/html")?;
        if let Some(since) = since {
            headers.set(SINCE, since)?;
        }
        let init = RequestInit::new();
        init.set_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(self.controller.as_ref().map(AbortController::signal).as_ref());
        let controller = self.controller.clone();
        let _limit = dom::after(PATIENCE_MS, move || {
            if let Some(controller) = &controller {
                controller.abort();
            }
        });
        let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
        read(response).await
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

async fn read(response: Response) -> Result<Answer, JsValue> {
    let header = |name| response.headers().get(name).ok().flatten();
    match response.status() {
        204 => return Ok(Answer::Unchanged),
        500.. if header(REVISION).is_none() => return Err(response.status().into()),
        _ if !header("content-type").is_some_and(|kind| kind.starts_with("text/html")) => return Ok(Answer::Foreign),
        _ => {}
    }
    let revision = header(REVISION);
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let document = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    let _ = document.document_element().is_some_and(|root| ages::synchronise(&root));
    let here = dom::document().as_ref().and_then(build_of);
    if here != build_of(&document) {
        return Ok(Answer::Foreign);
    }
    Ok(Answer::Page(Page { url: response.url(), revision, document }))
}

/// What tells one build's pages from another's: the address of the style sheet carries a hash of all files.
fn build_of(document: &Document) -> Option<String> {
    document.query_selector("link[rel=stylesheet]").ok()??.get_attribute("href")
}
