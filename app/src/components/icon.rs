//! The icons: 16 × 16, drawn with the colour of the text beside them, never alone in carrying a meaning.

use leptos::prelude::*;

#[derive(Clone, Copy)]
pub enum Icon {
    Overview,
    Broker,
    Topic,
    Group,
    Search,
    Sun,
    Moon,
    Screen,
    Menu,
    Close,
    Updown,
    Download,
    Copy,
    User,
    Users,
    Log,
    Lock,
    Leave,
    Crown,
    Move,
}

impl Icon {
    /// The strokes, as an SVG path.
    fn path(self) -> &'static str {
        match self {
            Self::Overview => "M2 13h12M4 13V8M8 13V3M12 13V6",
            Self::Broker => "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
            Self::Topic => "M3 4h10M3 8h10M3 12h6",
            Self::Group => {
                "M6 8a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 6 8M1.8 13.2c.3-2.2 2-3.5 4.2-3.5s3.9 1.3 4.2 3.5M10.6 3.6a2.2 2.2 0 0 1 0 4.2M12 10c1.3.5 2.1 1.6 2.3 3.2"
            }
            Self::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7L14 14",
            Self::Sun => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"
            }
            Self::Moon => "M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5 5.8 5.8 0 1 0 13.5 9.5z",
            Self::Screen => "M2 3h12v8H2zM6 14h4M8 11v3",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Close => "M3.5 3.5l9 9M12.5 3.5l-9 9",
            Self::Updown => "M5 6l3-3 3 3M5 10l3 3 3-3",
            Self::Copy => "M6 6h7.5v7.5H6zM3.5 10H2.5V2.5H10v1",
            Self::User => "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8M2.8 14c.4-2.6 2.5-4.2 5.2-4.2s4.8 1.6 5.2 4.2",
            Self::Users => {
                "M2 3h12v10H2zM6 7.6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M3.6 11c.3-1.3 1.2-2 2.4-2s2.1.7 2.4 2M10.5 6h1.5M10.5 9h1.5"
            }
            Self::Log => "M3 2h10v12H3zM5.5 5h5M5.5 8h5M5.5 11h3",
            Self::Lock => "M3.5 7h9v6.5h-9zM5.2 7V5a2.8 2.8 0 0 1 5.6 0v2M8 9.6v1.4",
            Self::Leave => "M6.5 13.5h-4v-11h4M10 4.8L13.2 8 10 11.2M13.2 8H6",
            Self::Crown => "M2.5 12.5h11M3 10L2 4.5l3.5 2.5L8 3l2.5 4L14 4.5 13 10z",
            Self::Move => "M2.5 5h10M9.5 2l3 3-3 3M13.5 11h-10M6.5 8l-3 3 3 3",
            Self::Download => "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
        }
    }
}

/// Hidden from assistive technology: the text beside it says the same.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}

/// Steward's own mark.
pub fn logo() -> impl IntoView {
    view! {
        <svg viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
            <rect x="2" y="2" width="6" height="6" rx="1.5" fill="currentColor" />
            <rect x="10" y="2" width="6" height="6" rx="1.5" />
            <rect x="2" y="10" width="6" height="6" rx="1.5" />
            <rect x="10" y="10" width="6" height="6" rx="1.5" fill="currentColor" />
        </svg>
    }
}
