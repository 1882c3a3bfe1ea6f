//! Whatever is done to the log behind Steward's back is noticed.

use crate::fixture::*;
use model::audit::Event;
use model::change::Outcome;
use sqlx::{AssertSqlSafe, SqlitePool};
use store::Store;
use tempfile::TempDir;

const ENTRIES: i64 = 5;

async fn log() -> (TempDir, Store, SqlitePool) {
    let (folder, store) = store().await;
    store.append(&record(1, "alice", None, Event::SignedIn)).await.unwrap();
    store.intent(&intent(1, "prod", "orders")).await.unwrap();
    store.append(&outcome(1, "prod", Outcome::Done)).await.unwrap();
    store.append(&record(4, "alice", None, Event::SignInFailed { user: "Zoë".into() })).await.unwrap();
    store.append(&record(5, "alice", None, Event::SignedOut)).await.unwrap();
    let raw = raw(&folder).await;
    (folder, store, raw)
}

async fn run(raw: &SqlitePool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(raw).await.unwrap();
}

/// What guards the table from within is gone for somebody with a shell.
async fn unguard(raw: &SqlitePool) {
    for trigger in ["is_never_changed", "is_never_shortened", "has_no_gaps", "head_moves_on", "head_stays"] {
        run(raw, &format!("DROP TRIGGER audit_{trigger}")).await;
    }
}

async fn broken(store: &Store) -> Option<i64> {
    store.verify().await.unwrap().broken.map(|(seq, _)| seq)
}

#[tokio::test]
async fn the_tables_refuse_it() {
    let (_folder, store, raw) = log().await;
    for sql in [
        "UPDATE audit SET body = '{}' WHERE seq = 1",
        "UPDATE audit SET hash = zeroblob(32)",
        "DELETE FROM audit WHERE seq = 5",
        "INSERT OR REPLACE INTO audit (seq, body, hash) VALUES (3, '{}', zeroblob(32))",
        "INSERT INTO audit (seq, body, hash) VALUES (7, '{}', zeroblob(32))",
        "UPDATE audit_head SET seq = 4",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, seq, hash) VALUES (2, 9, zeroblob(32))",
    ] {
        assert!(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&raw).await.is_err(), "{sql}");
    }
    assert_eq!(broken(&store).await, None);
}

#[tokio::test]
async fn every_byte_counts() {
    let (_folder, store, raw) = log().await;
    unguard(&raw).await;
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT seq, CAST(body AS BLOB), hash FROM audit").fetch_all(&raw).await.unwrap();
    let mut tried = 0;
    for (seq, body, hash) in &rows {
        let set = "UPDATE audit SET body = CAST($2 AS TEXT), hash = $3 WHERE seq = $1";
        let set = async |body: &[u8], hash: &[u8]| sqlx::query(set).bind(seq).bind(body).bind(hash).execute(&raw).await;
        for position in 0..body.len() + hash.len() {
            let (mut body, mut hash) = (body.clone(), hash.clone());
            match position.checked_sub(body.len()) {
                None => body[position] ^= 1 << (position % 8),
                Some(position) => hash[position] ^= 1 << (position % 8),
            }
            // Some flips make a text that the table's own types refuse.
            if set(&body, &hash).await.is_ok() {
                assert_eq!(broken(&store).await, Some(*seq), "byte {position} of entry {seq}");
                tried += 1;
            }
        }
        set(body, hash).await.unwrap();
        assert_eq!(broken(&store).await, None);
    }
    let bytes: usize = rows.iter().map(|(_, body, hash)| body.len() + hash.len()).sum();
    assert!(tried * 100 >= bytes * 95, "{tried} of {bytes}");
    for position in 1..=32 {
        let flip = format!(
            "UPDATE audit_head SET hash = CAST(substr(hash, 1, {position} - 1) ||
             CASE substr(hash, {position}, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(hash, {position} + 1) AS BLOB)"
        );
        let before: Vec<u8> = sqlx::query_scalar("SELECT hash FROM audit_head").fetch_one(&raw).await.unwrap();
        run(&raw, &flip).await;
        assert_eq!(broken(&store).await, Some(ENTRIES), "byte {position} of the head");
        sqlx::query("UPDATE audit_head SET hash = $1").bind(before).execute(&raw).await.unwrap();
    }
    assert_eq!(broken(&store).await, None);
}

#[tokio::test]
async fn every_missing_entry_is_noticed() {
    for missing in 1..=ENTRIES {
        let (_folder, store, raw) = log().await;
        unguard(&raw).await;
        run(&raw, &format!("DELETE FROM audit WHERE seq = {missing}")).await;
        assert_eq!(broken(&store).await, Some(missing));
    }
}

#[tokio::test]
async fn a_cut_end_is_noticed_even_if_the_head_is_moved() {
    let (_folder, store, raw) = log().await;
    unguard(&raw).await;
    run(&raw, "DELETE FROM audit WHERE seq > 3").await;
    assert_eq!(broken(&store).await, Some(4));
    run(&raw, "UPDATE audit_head SET seq = 3").await;
    assert_eq!(broken(&store).await, Some(3));
    run(&raw, "DELETE FROM audit_head").await;
    assert_eq!(broken(&store).await, Some(1));
}

#[tokio::test]
async fn moved_and_foreign_entries_are_noticed() {
    for (sql, expected) in [
        (
            "UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 99",
            3,
        ),
        ("UPDATE audit SET seq = 99 WHERE seq = 5", 6),
        ("INSERT INTO audit (seq, body, hash) VALUES (6, '{}', zeroblob(32))", 6),
        ("UPDATE audit SET body = (SELECT body FROM audit WHERE seq = 1) WHERE seq = 5", 5),
        ("DELETE FROM audit; UPDATE audit_head SET seq = 0, hash = randomblob(32)", 0),
    ] {
        let (_folder, store, raw) = log().await;
        unguard(&raw).await;
        run(&raw, sql).await;
        assert_eq!(broken(&store).await, Some(expected), "{sql}");
    }
}

/// An entry that lists do not find is as good as deleted.
#[tokio::test]
async fn an_index_that_hides_an_entry_is_noticed() {
    let (folder, store, raw) = log().await;
    raw.close().await;
    store.close().await;
    let path = folder.path().join("steward.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The index on events holds the name followed by the entry's number; the table holds it inside JSON.
    let found = bytes.windows(14).position(|window| window == b"sign_in_failed".as_slice());
    let in_index: Vec<usize> =
        (0..bytes.len() - 15).filter(|at| &bytes[*at..*at + 14] == b"sign_in_failed" && bytes[*at + 14] == 4).collect();
    assert!(found.is_some() && in_index.len() == 1, "{in_index:?}");
    bytes[in_index[0]] = b't';
    std::fs::write(&path, bytes).unwrap();
    match Store::open(folder.path()).await {
        Ok(store) => assert!(broken(&store).await.is_some()),
        Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
    }
}
