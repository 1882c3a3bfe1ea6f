//! Lists as CSV (RFC 4180), for spreadsheets, which must not run what strangers named their topics.

use crate::Topic;
use std::fmt::Write;
use std::sync::Arc;

/// The columns of the topics page, all rows, with a header of the API's field names. Unknown values are empty cells.
pub fn topics(topics: &[Arc<Topic>]) -> String {
    let mut out = String::with_capacity(128 + topics.len() * 96);
    out.push_str(
        "name,partition_count,replication_factor,under_replicated,under_min_isr,offline,spread_percent,skew_percent,\
         leader_skew_percent,preferred_percent,record_count,size_bytes,disk_bytes,records_per_second,group_count,\
         cleanup_policy,retention_ms,retention_bytes,min_insync_replicas\r\n",
    );
    for topic in topics {
        let mut row = Row { out: &mut out, is_first: true };
        row.text(topic.name.as_str());
        for count in [
            topic.partition_count,
            topic.replication_factor,
            topic.under_replicated,
            topic.under_min_isr,
            topic.offline,
            topic.spread_percent,
            topic.skew_percent,
            topic.leader_skew_percent,
            topic.preferred_percent,
        ] {
            row.number(Some(count));
        }
        row.number(topic.record_count);
        row.number(topic.size_bytes);
        row.number(topic.disk_bytes);
        row.number(topic.records_per_second.map(|rate| (rate * 1000.0).round() / 1000.0));
        row.number(topic.group_count);
        row.text(topic.cleanup_policy.as_deref().unwrap_or_default());
        row.number(topic.retention_ms);
        row.number(topic.retention_bytes);
        row.number(topic.min_insync_replicas);
        out.push_str("\r\n");
    }
    out
}

struct Row<'a> {
    out: &'a mut String,
    is_first: bool,
}

impl Row<'_> {
    fn separate(&mut self) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(',');
        }
    }

    /// A number is never a formula, so it keeps its minus.
    fn number(&mut self, value: Option<impl std::fmt::Display>) {
        self.separate();
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = write!(self.out, "{value}");
        }
    }

    fn text(&mut self, value: &str) {
        self.separate();
        push_text(self.out, value);
    }
}

/// Appends a text cell: quoted where RFC 4180 asks for it, and with a leading apostrophe where a spreadsheet would take it for
/// a formula (OWASP: `=`, `+`, `-`, `@`, tab, carriage return, line feed).
pub fn push_text(out: &mut String, value: &str) {
    let apostrophe = if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    if value.contains(['"', ',', '\r', '\n']) {
        out.push('"');
        out.push_str(apostrophe);
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(apostrophe);
        out.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_harmless() {
        let cell = |text: &str| {
            let mut out = String::new();
            push_text(&mut out, text);
            out
        };
        assert_eq!(cell("orders"), "orders");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-x"), "'-x");
        assert_eq!(cell("@cmd,x"), "\"'@cmd,x\"");
        assert_eq!(cell("\tx"), "'\tx");
        assert_eq!(cell("a=b"), "a=b");
    }
}
