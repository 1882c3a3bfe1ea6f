//! Whether the log is as it was written.

use super::START;
use crate::hash::{Hash, sha256};
use crate::{Store, StoreError};
use model::audit::{Record, Verification};
use sqlx::Row;

/// Rows read in one go: between them the write-ahead log may be cut back.
const STEP: u32 = 256;

impl Store {
    /// Reads the whole log and computes every hash anew, holding one entry at a time; others may append meanwhile.
    /// What is found broken is an answer, not an error.
    ///
    /// # Errors
    /// If it cannot be read at all.
    pub async fn verify(&self) -> Result<Verification, StoreError> {
        let mut chain = Chain { seq: 0, hash: START };
        loop {
            let head = match self.head().await? {
                Ok(head) => head,
                Err(broken) => return Ok(chain.broken(broken)),
            };
            if chain.seq >= head.seq {
                return Ok(match chain.end(&head) {
                    Err(broken) => chain.broken(broken),
                    Ok(()) => self.indexes(&chain).await?,
                });
            }
            if let Err(broken) = self.follow(&mut chain, head.seq).await? {
                return Ok(chain.broken(broken));
            }
        }
    }

    /// The end as the head tells it, unless rows say otherwise.
    async fn head(&self) -> Result<Result<Chain, Broken>, StoreError> {
        let row =
            sqlx::query("SELECT seq, hash, (SELECT max(seq) FROM audit), (SELECT min(seq) FROM audit) FROM audit_head")
                .fetch_optional(&self.readers().await)
                .await?;
        let Some(row) = row else { return Ok(Err(Broken::here("where the log ends is not recorded any more"))) };
        let (seq, last, first): (i64, Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(2)?, row.try_get(3)?);
        let hash: Vec<u8> = row.try_get(1)?;
        let Ok(hash) = Hash::try_from(hash) else {
            return Ok(Err(Broken::at(seq, "the hash of the log's end is cut")));
        };
        Ok(match (last.unwrap_or_default(), first.unwrap_or(1)) {
            (_, ..1) => Err(Broken::at(1, "there is an entry before the first")),
            (last, _) if last > seq => Err(Broken::at(seq + 1, "this entry was not appended by Steward")),
            (last, _) if last < seq => Err(Broken::at(last + 1, "the end of the log is missing")),
            _ => Ok(Chain { seq, hash }),
        })
    }

    /// Goes on along the rows, at most to `until`.
    async fn follow(&self, chain: &mut Chain, until: i64) -> Result<Result<(), Broken>, StoreError> {
        use futures_util::TryStreamExt;
        let readers = self.readers().await;
        let mut rows = sqlx::query_as::<_, (i64, Vec<u8>, Vec<u8>)>(
            "SELECT seq, CAST(body AS BLOB), hash FROM audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
        )
        .bind(chain.seq)
        .bind(until)
        .bind(STEP)
        .fetch(&readers);
        let mut is_empty = true;
        while let Some((seq, body, hash)) = rows.try_next().await? {
            is_empty = false;
            if let Err(broken) = chain.step(seq, &body, &hash) {
                return Ok(Err(broken));
            }
        }
        Ok(if is_empty { Err(Broken::at(chain.seq + 1, "this entry is missing")) } else { Ok(()) })
    }

    /// Whether what lists are made from agrees with the entries.
    async fn indexes(&self, chain: &Chain) -> Result<Verification, StoreError> {
        let answer: String =
            sqlx::query_scalar("PRAGMA integrity_check('audit')").fetch_one(&self.readers().await).await?;
        Ok(match answer.as_str() {
            "ok" => Verification { entries: chain.seq, broken: None },
            what => chain.broken(Broken { seq: None, why: format!("an index does not fit the entries: {what}") }),
        })
    }
}

struct Broken {
    /// The entry; `None` for the one after the last that fits.
    seq: Option<i64>,
    why: String,
}

impl Broken {
    fn here(why: &str) -> Self {
        Self { seq: None, why: why.to_owned() }
    }

    fn at(seq: i64, why: &str) -> Self {
        Self { seq: Some(seq), why: why.to_owned() }
    }
}

/// The last entry that fits.
struct Chain {
    seq: i64,
    hash: Hash,
}

impl Chain {
    fn step(&mut self, seq: i64, body: &[u8], hash: &[u8]) -> Result<(), Broken> {
        if seq != self.seq + 1 {
            return Err(Broken::at(self.seq + 1, "this entry is missing"));
        }
        let right = sha256(&[&self.hash, body]);
        if right != hash {
            return Err(Broken::at(seq, "the hash does not fit: this entry or the one before was changed"));
        }
        if let Err(error) = serde_json::from_slice::<Record>(body) {
            return Err(Broken::at(seq, &format!("this entry cannot be understood: {error}")));
        }
        *self = Self { seq, hash: right };
        Ok(())
    }

    /// Whether it ends where the head says.
    fn end(&self, head: &Chain) -> Result<(), Broken> {
        match self.seq == head.seq && self.hash == head.hash {
            true => Ok(()),
            false => Err(Broken::at(head.seq, "the last entry is not the one the log ended with")),
        }
    }

    fn broken(&self, broken: Broken) -> Verification {
        Verification { entries: self.seq, broken: Some((broken.seq.unwrap_or(self.seq + 1), broken.why)) }
    }
}
