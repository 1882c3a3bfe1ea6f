//! Patches the live document into a newly rendered one, in place: what did not change is not touched, so focus, caret,
//! scroll positions, open details and half-typed values stay.

use super::dom;
use super::reconcile::{Sign, pair, stay};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, FocusOptions, HtmlElement, HtmlFormElement, Node, Selection};

/// How the new rendering relates to the one on screen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The same page with newer facts or another filter: what the reader opened stays open, what they typed stays.
    Same,
    /// Another page: everything is as the server says.
    Other,
}

/// Attributes of `<html>` that the browser half owns.
const OWN: [&str; 3] = ["data-hydrated", "data-loading", "data-silent"];
/// Marks an island whose code runs.
const HYDRATED: &str = "$$hydrated";

/// Remembers the islands of the first page, which the page's own script hydrates.
pub fn start() {
    for island in dom::all("leptos-island") {
        let _ = js_sys::Reflect::set(&island, &HYDRATED.into(), &JsValue::TRUE);
    }
}

/// Patches the document on screen into `page`, whose nodes it takes.
pub fn morph(page: &Document, kind: Kind) {
    let Some(document) = dom::document() else { return };
    let (Some(old), Some(new)) = (document.body(), page.body()) else { return };
    let active = document.active_element();
    let patch = Patch { kind, active: active.clone(), selected: selection(kind) };
    if let (Some(root), Some(new_root)) = (document.document_element(), page.document_element()) {
        patch.attributes(&root, &new_root, &OWN);
    }
    if document.title() != page.title() {
        document.set_title(&page.title());
    }
    patch.element(&old, &new);
    if kind == Kind::Other {
        reset_forms(active.as_ref());
    }
    keep_focus(&document, active);
    hydrate_islands();
}

struct Patch {
    kind: Kind,
    active: Option<Element>,
    selected: Option<Selection>,
}

/// A name or number selected for copying must not change under the hand; a page selected whole must not stand still.
const LONGEST_HELD: u32 = 300;

/// The text the reader has selected, if the patch is to leave it as it is.
fn selection(kind: Kind) -> Option<Selection> {
    let selection = dom::window()?.get_selection().ok()??;
    let length = selection.to_string().length();
    (kind == Kind::Same && !selection.is_collapsed() && length <= LONGEST_HELD).then_some(selection)
}

impl Patch {
    fn node(&self, old: &Node, new: &Node) {
        if old.is_equal_node(Some(new)) {
            return;
        }
        match (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
            (Some(old), Some(new)) => self.element(old, new),
            _ => {
                let text = new.node_value();
                if old.node_value() != text && !self.is_selected(old) {
                    old.set_node_value(text.as_deref());
                }
            }
        }
    }

    fn is_selected(&self, text: &Node) -> bool {
        let holds = |selection: &Selection| selection.contains_node_with_allow_partial_containment(text, true);
        self.selected.as_ref().is_some_and(|selection| holds(selection).unwrap_or(false))
    }

    fn element(&self, old: &Element, new: &Element) {
        if is_kept(old) {
            return;
        }
        self.attributes(old, new, &[]);
        // An island's inside belongs to its own code.
        if old.tag_name() != "LEPTOS-ISLAND" {
            self.children(old, new);
        }
    }

    fn attributes(&self, old: &Element, new: &Element, own: &[&str]) {
        let is_mine = |name: &str| {
            own.contains(&name)
                || match name {
                    "open" => old.tag_name() == "DIALOG" || (self.kind == Kind::Same && old.tag_name() == "DETAILS"),
                    "value" => self.active.as_ref() == Some(old),
                    _ => false,
                }
        };
        for name in new.get_attribute_names().iter().filter_map(|name| name.as_string()) {
            let value = new.get_attribute(&name).unwrap_or_default();
            if !is_mine(&name) && old.get_attribute(&name).as_ref() != Some(&value) {
                let _ = old.set_attribute(&name, &value);
            }
        }
        for name in old.get_attribute_names().iter().filter_map(|name| name.as_string()) {
            if !is_mine(&name) && !new.has_attribute(&name) {
                let _ = old.remove_attribute(&name);
            }
        }
    }

    fn children(&self, old: &Element, new: &Element) {
        let (present, future) = (children_of(old), children_of(new));
        let signs = |nodes: &[Node]| nodes.iter().map(sign).collect::<Vec<_>>();
        let pairs = pair(&signs(&present), &signs(&future));
        let stays = stay(&pairs);

        let mut used = vec![false; present.len()];
        for index in pairs.iter().flatten() {
            used[*index] = true;
        }
        for (node, used) in present.iter().zip(used) {
            let is_kept = node.dyn_ref::<Element>().is_some_and(is_kept);
            if !used && !is_kept {
                let _ = old.remove_child(node);
            }
        }

        let mut anchor: Option<Node> = None;
        for ((new, index), stays) in future.iter().zip(&pairs).zip(stays).rev() {
            let node = match index.and_then(|index| present.get(index)) {
                Some(node) => {
                    self.node(node, new);
                    node
                }
                None => new,
            };
            if !stays {
                let _ = old.insert_before(node, anchor.as_ref());
            }
            anchor = Some(node.clone());
        }
    }
}

/// What no patch touches.
fn is_kept(element: &Element) -> bool {
    element.has_attribute("data-keep") || element.has_attribute("data-once")
}

/// Takes away what was told once, before another page is shown: the reader has read it.
pub fn forget_once() {
    dom::all("[data-once]").iter().for_each(|element| element.remove());
}

fn children_of(element: &Element) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut next = element.first_child();
    while let Some(node) = next {
        next = node.next_sibling();
        // Scripts of a patch never run, and must not look as if they had.
        if node.node_name() != "SCRIPT" {
            nodes.push(node);
        }
    }
    nodes
}

fn sign(node: &Node) -> Sign {
    let name = node.node_name();
    let key = node.dyn_ref::<Element>().and_then(|element| match name.as_str() {
        // Its properties are read once, when it is hydrated: other properties make another island.
        "LEPTOS-ISLAND" => {
            Some(["data-component", "data-props"].map(|name| element.get_attribute(name).unwrap_or_default()).join(" "))
        }
        // Not `id()`, which a form's field called "id" hides.
        _ => element.get_attribute("data-key").or_else(|| element.get_attribute("id").filter(|id| !id.is_empty())),
    });
    Sign { name, key }
}

/// On another page no field keeps what was typed into its namesake; the one being typed into does.
pub fn reset_forms(active: Option<&Element>) {
    for form in dom::all("form") {
        let is_active = active.is_some_and(|active| form.contains(Some(active)));
        if let (false, Some(form)) = (is_active, form.dyn_ref::<HtmlFormElement>()) {
            // By its class: a field called "reset" hides the form's own.
            let reset = js_sys::Reflect::get(&js_sys::Object::get_prototype_of(form), &"reset".into());
            let _ = reset.and_then(|reset| reset.unchecked_into::<js_sys::Function>().call0(form));
        }
    }
}

/// Gives the focus back to an element that had to move.
fn keep_focus(document: &Document, active: Option<Element>) {
    let Some(active) = active.filter(|active| document.active_element().as_ref() != Some(active)) else { return };
    let again = if active.is_connected() {
        Some(active)
    } else {
        Some(active.id()).filter(|id| !id.is_empty()).and_then(|id| document.get_element_by_id(&id))
    };
    if let Some(element) = again.and_then(|element| element.dyn_into().ok()) {
        focus(&element);
    }
}

/// Focuses without scrolling.
pub fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Starts the code of islands the patch brought in.
fn hydrate_islands() {
    let Some(window) = dom::window() else { return };
    let hydrate = js_sys::Reflect::get(&window, &"__hydrateIsland".into()).ok();
    let Some(hydrate) = hydrate.and_then(|f| f.dyn_into::<js_sys::Function>().ok()) else { return };
    for island in dom::all("leptos-island") {
        let is_hydrated = js_sys::Reflect::get(&island, &HYDRATED.into()).is_ok_and(|mark| mark.is_truthy());
        if !is_hydrated {
            let component = island.get_attribute("data-component").unwrap_or_default();
            let _ = js_sys::Reflect::set(&island, &HYDRATED.into(), &JsValue::TRUE);
            let _ = hydrate.call2(&JsValue::NULL, &island, &component.into());
        }
    }
}
