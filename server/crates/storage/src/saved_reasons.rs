//! Sentences that pilots send more than once: reasons to refuse, questions to authors.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReason {
    /// Its number.
    pub id: i64,
    /// The language it is written in: `fr`, `en`.
    pub language: String,
    /// What it serves: `refuse`, `ask`.
    pub purpose: String,
    /// The sentence.
    pub words: String,
}

/// All of them, in the order in which they were saved.
pub async fn list(tx: &mut Tx) -> Result<Vec<SavedReason>, StoreError> {
    const LIST: &str = "select id, language, purpose, words from saved_reasons order by id";

    let lines: Vec<(i64, String, String, String)> =
        on_engine!(tx, conn => sqlx::query_as(LIST).fetch_all(&mut **conn).await?);
    let of = |(id, language, purpose, words)| SavedReason { id, language, purpose, words };
    Ok(lines.into_iter().map(of).collect())
}

/// Saves a sentence, or one in place of `id`. None where that one is no longer there.
pub async fn set(
    tx: &mut Tx,
    id: Option<i64>,
    (language, purpose, words): (&str, &str, &str),
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<Option<i64>, StoreError> {
    const ADD: &str = "insert into saved_reasons (language, purpose, words, changed_by, changed_at)
        values ($1, $2, $3, $4, $5)
        returning id";
    const SET: &str = "update saved_reasons
        set language = $1, purpose = $2, words = $3, changed_by = $4, changed_at = $5
        where id = $6
        returning id";

    let language = storable(language, "saved_reasons.language")?;
    let purpose = storable(purpose, "saved_reasons.purpose")?;
    let words = storable(words.trim(), "saved_reasons.words")?;
    let by = by.map(PersonId::get);
    Ok(on_engine!(tx, conn => {
        let query = sqlx::query_scalar(if id.is_some() { SET } else { ADD })
            .bind(language).bind(purpose).bind(words).bind(by).bind(at.get());
        let query = if let Some(id) = id { query.bind(id) } else { query };
        query.fetch_optional(&mut **conn).await?
    }))
}

/// Forgets a sentence; says whether it was there.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    const REMOVE: &str = "delete from saved_reasons where id = $1";

    let gone = on_engine!(tx, conn =>
        sqlx::query(REMOVE).bind(id).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    both_engines! {
        async fn a_sentence_is_saved_changed_and_forgotten(db: TestDb) {
            let mut tx = db.begin().await;
            let nour = Some(PersonId(2));
            let first = ("fr", "refuse", " Hors sujet « 🌞 ». ");

            let id = set(&mut tx, None, first, nour, NOON).await.unwrap().unwrap();
            let other = set(&mut tx, None, ("en", "ask", "Which price?"), nour, NOON).await.unwrap();
            set(&mut tx, Some(id), ("fr", "refuse", "Hors champ."), None, NOON).await.unwrap();

            let kept = list(&mut tx).await.unwrap();
            let words: Vec<_> = kept.iter().map(|one| (one.id, one.words.as_str())).collect();
            assert_eq!(words, [(id, "Hors champ."), (other.unwrap(), "Which price?")]);
            assert_eq!((kept[1].language.as_str(), kept[1].purpose.as_str()), ("en", "ask"));
            let question = ("en", "ask", "Where?");
            assert_eq!(set(&mut tx, Some(id), question, None, NOON).await, Ok(Some(id)));
            let asked = &list(&mut tx).await.unwrap()[0];
            assert_eq!((asked.language.as_str(), asked.purpose.as_str()), ("en", "ask"));
            assert_eq!(remove(&mut tx, id).await, Ok(true));
            assert_eq!(remove(&mut tx, id).await, Ok(false));
            assert_eq!(set(&mut tx, Some(id), first, nour, NOON).await, Ok(None));
        }
    }
}
