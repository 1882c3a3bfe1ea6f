//! What all lists share: filters, pages, empty states.

use super::{Say, Say1, Say3, grouped};

pub struct List {
    pub filter: Say,
    pub apply: Say,
    pub clear: Say,
    pub pages: Say,
    pub previous: Say,
    pub next: Say,
    pub page: Say1,
    /// First, last, total.
    pub range: Say3,
    pub rows: Say,
    pub csv: Say,
    pub all: fn(u64) -> String,
    pub no_match: Say,
    pub no_match_hint: Say,
    pub unknown: Say,
}

pub const EN: List = List {
    filter: "Filter by name",
    apply: "Apply",
    clear: "Clear filters",
    pages: "Pages",
    previous: "Previous page",
    next: "Next page",
    page: |number| format!("Page {number}"),
    range: |first, last, total| format!("{first}–{last} of {total}"),
    rows: "Rows",
    csv: "CSV",
    all: |count| format!("All {}", grouped(count)),
    no_match: "Nothing matches",
    no_match_hint: "No row has all that the filters ask for.",
    unknown: "not known",
};

pub const KO: List = List {
    filter: "이름으로 필터링",
    apply: "적용",
    clear: "필터 지우기",
    pages: "페이지",
    previous: "이전 페이지",
    next: "다음 페이지",
    page: |number| format!("페이지 {number}"),
    range: |first, last, total| format!("총 {total}개 중 {first}–{last}"),
    rows: "행 수",
    csv: "CSV",
    all: |count| format!("전체 {}", grouped(count)),
    no_match: "일치하는 항목이 없습니다",
    no_match_hint: "필터 조건을 모두 만족하는 행이 없습니다.",
    unknown: "알 수 없음",
};
