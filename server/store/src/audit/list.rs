//! Reading the log: by page, newest first, and in order for copies.

use super::entry;
use crate::{Store, StoreError};
use futures_util::TryStreamExt;
use model::ClusterName;
use model::audit::{Entry, Event, Filter, Record};
use model::query::{MAX_PER, Page};
use sqlx::{QueryBuilder, Sqlite};

/// Which entries somebody may see.
#[derive(Debug, Clone, Copy)]
pub enum Visible<'a> {
    All,
    /// Those about these clusters and, if `others`, those about none (signing in, users).
    Clusters {
        names: &'a [ClusterName],
        others: bool,
    },
}

impl Store {
    /// One page of the log, newest first. A page beyond the end is the last one; `per` is 1 to 500.
    ///
    /// Searching by words reads through all entries the rest of the filter leaves.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn entries(&self, filter: &Filter, visible: Visible<'_>) -> Result<Page<Entry>, StoreError> {
        let per = filter.per.clamp(1, MAX_PER);
        let words = words(filter);
        if words.is_empty() {
            self.entries_by_columns(filter, visible, per).await
        } else {
            self.entries_with_words(filter, visible, per, &words).await
        }
    }

    /// At most `limit` entries after number `seq`, oldest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn entries_after(&self, seq: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        sqlx::query_as("SELECT seq, body, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(limit)
            .fetch(&self.readers().await)
            .map_err(StoreError::from)
            .and_then(|row| std::future::ready(entry(row)))
            .try_collect()
            .await
    }

    /// At most `limit` entries before number `seq` that `filter` leaves, newest first; its page counts for nothing. Fewer than `limit`
    /// are all there are, and what is appended meanwhile moves none of them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn entries_before(
        &self,
        filter: &Filter,
        seq: i64,
        limit: u32,
        visible: Visible<'_>,
    ) -> Result<Vec<Entry>, StoreError> {
        let words = words(filter);
        let (mut query, glue) = matching(filter, visible, &words);
        query.push(glue).push("seq < ").push_bind(seq).push(" ORDER BY seq DESC");
        if words.is_empty() {
            query.push(" LIMIT ").push_bind(limit);
        }
        let place = if words.is_empty() { None } else { self.searches().acquire().await.ok() };
        let readers = self.readers().await;
        let mut rows = query.build_query_as().fetch(&readers);
        let mut entries = Vec::new();
        while entries.len() < limit as usize
            && let Some(row) = rows.try_next().await?
        {
            let entry = entry(row)?;
            if has_words(&entry.record, &words) {
                entries.push(entry);
            }
        }
        drop((rows, place));
        Ok(entries)
    }

    /// Number of the newest entry; 0 if there is none. Costs next to nothing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn newest_entry(&self) -> Result<i64, StoreError> {
        let seq: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM audit_head").fetch_optional(&self.readers().await).await?;
        Ok(seq.unwrap_or_default())
    }

    async fn entries_by_columns(
        &self,
        filter: &Filter,
        visible: Visible<'_>,
        per: u32,
    ) -> Result<Page<Entry>, StoreError> {
        let readers = self.readers().await;
        let mut count = QueryBuilder::new("SELECT count(*) FROM audit");
        conditions(&mut count, filter, visible);
        let total: u32 = count.build_query_scalar().fetch_one(&readers).await?;
        let page = filter.page.clamp(1, total.div_ceil(per).max(1));
        let mut query = QueryBuilder::new("SELECT seq, body, hash FROM audit");
        conditions(&mut query, filter, visible);
        query.push(" ORDER BY seq DESC LIMIT ").push_bind(per);
        query.push(" OFFSET ").push_bind(i64::from(page - 1) * i64::from(per));
        let items: Result<Vec<Entry>, _> =
            query.build_query_as().fetch_all(&readers).await?.into_iter().map(entry).collect();
        Ok(Page { total, page, per, items: items? })
    }

    /// SQL finds what may match, the record itself tells whether it does.
    async fn entries_with_words(
        &self,
        filter: &Filter,
        visible: Visible<'_>,
        per: u32,
        words: &[String],
    ) -> Result<Page<Entry>, StoreError> {
        let (mut query, _) = matching(filter, visible, words);
        query.push(" ORDER BY seq DESC");
        let place = self.searches().acquire().await;
        let readers = self.readers().await;
        let mut rows = query.build_query_as().fetch(&readers);
        let (mut total, mut items) = (0_u32, Vec::new());
        let first = (filter.page.max(1) - 1).saturating_mul(per);
        // The last page, in case the one asked for lies beyond.
        let mut last: Vec<Entry> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let entry = entry(row)?;
            if !has_words(&entry.record, words) {
                continue;
            }
            if total % per == 0 {
                last.clear();
            }
            total += 1;
            if total > first && items.len() < per as usize {
                items.push(entry);
            } else if total <= first {
                last.push(entry);
            }
        }
        drop((rows, place));
        let page = filter.page.clamp(1, total.div_ceil(per).max(1));
        let items = if page < filter.page { last } else { items };
        Ok(Page { total, page, per, items })
    }
}

fn words(filter: &Filter) -> Vec<String> {
    filter.q.split_whitespace().map(str::to_lowercase).collect()
}

/// The entries that may match, and what a further condition begins with: SQL finds those whose text has the words somewhere.
fn matching(filter: &Filter, visible: Visible<'_>, words: &[String]) -> (QueryBuilder<Sqlite>, &'static str) {
    let mut query = QueryBuilder::new("SELECT seq, body, hash FROM audit");
    let mut glue = conditions(&mut query, filter, visible);
    // SQLite lowers ASCII only, and JSON escapes some characters.
    let plain = |word: &&String| word.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
    for word in words.iter().filter(plain) {
        query.push(glue).push("instr(lower(body), ").push_bind(word.clone()).push(") > 0");
        glue = " AND ";
    }
    (query, glue)
}

/// Adds the conditions that columns answer; gives what a further one begins with.
fn conditions(query: &mut QueryBuilder<Sqlite>, filter: &Filter, visible: Visible<'_>) -> &'static str {
    let mut glue = " WHERE ";
    if !filter.events.is_empty() {
        query.push(glue).push("event IN (");
        let mut names = query.separated(", ");
        for event in &filter.events {
            names.push_bind(event.clone());
        }
        query.push(")");
        glue = " AND ";
    }
    if let Some(cluster) = &filter.cluster {
        query.push(glue).push("cluster = ").push_bind(cluster.as_str().to_owned());
        glue = " AND ";
    }
    if let Some(actor) = &filter.actor {
        // A user's tokens count as the user: `alice (token ab12)` lies between these two.
        query.push(glue).push("(actor = ").push_bind(actor.clone());
        query.push(" OR (actor >= ").push_bind(format!("{actor} (token "));
        query.push(" AND actor < ").push_bind(format!("{actor} (token!")).push("))");
        glue = " AND ";
    }
    if let Visible::Clusters { names, others } = visible {
        query.push(glue).push("(cluster IN (");
        let mut list = query.separated(", ");
        for name in names {
            list.push_bind(name.as_str().to_owned());
        }
        query.push(if others { ") OR cluster IS NULL)" } else { "))" });
        glue = " AND ";
    }
    glue
}

/// Whether each word occurs in something a person would search for.
fn has_words(record: &Record, words: &[String]) -> bool {
    let mut text = String::new();
    let mut add = |part: &str| {
        text.push_str(&part.to_lowercase());
        text.push('\n');
    };
    add(&record.actor);
    add(&record.address);
    add(&record.request);
    add(record.cluster.as_ref().map_or("", |cluster| cluster.as_str()));
    add(record.event.name());
    match &record.event {
        Event::Intent { id, change, diff, .. } => {
            add(id.as_str());
            add(change.kind().name());
            diff.iter().for_each(|difference| add(&difference.item));
        }
        Event::Outcome { id, outcome, items } => {
            add(id.as_str());
            add(outcome.name());
            items.iter().for_each(|item| add(&item.item));
        }
        Event::ReassignmentEnded { id, title, phase, .. } => {
            [id.as_str(), title, phase.name()].into_iter().for_each(&mut add);
        }
        Event::DraftDiscarded { id, of } => [id.as_str(), of].into_iter().for_each(&mut add),
        Event::Denied { what, .. } => add(what),
        Event::SignInFailed { user }
        | Event::UserAdded { user, .. }
        | Event::UserGranted { user, .. }
        | Event::UserDisabled { user }
        | Event::UserEnabled { user }
        | Event::PasswordChanged { user }
        | Event::SessionsEnded { user, .. } => add(user),
        Event::TokenCreated { user, token, label, .. } => [user, token, label].into_iter().for_each(|part| add(part)),
        Event::TokenRevoked { user, token } => [user, token].into_iter().for_each(|part| add(part)),
        Event::SignedIn | Event::SignedOut => {}
    }
    words.iter().all(|word| text.contains(word.as_str()))
}
