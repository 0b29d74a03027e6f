//! Texts of pages and mails that somebody wrote in the site, in place of what the program says.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteText {
    /// Which text.
    pub key: String,
    /// In which language: `fr`, `en`.
    pub locale: String,
    /// What it says.
    pub text: String,
    /// Who wrote it; none for somebody who has left, and for the program.
    pub changed_by: Option<PersonId>,
    /// When.
    pub changed_at: Timestamp,
    /// How often it was written: whoever writes says which one they saw. A text that is not here has 0.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    key: String,
    locale: String,
    words: String,
    changed_by: Option<i64>,
    changed_at: i64,
    version: i64,
}

impl From<Line> for SiteText {
    fn from(line: Line) -> Self {
        Self {
            key: line.key,
            locale: line.locale,
            text: line.words,
            changed_by: line.changed_by.map(PersonId),
            changed_at: Timestamp(line.changed_at),
            version: line.version,
        }
    }
}

/// A text, if somebody wrote it.
pub async fn get(tx: &mut Tx, key: &str, locale: &str) -> Result<Option<SiteText>, StoreError> {
    const GET: &str = "select key, locale, words, changed_by, changed_at, version
        from site_texts
        where key = $1
        and locale = $2";

    let key = storable(key, "site_texts.key")?;
    let locale = storable(locale, "site_texts.locale")?;
    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(GET).bind(key).bind(locale).fetch_optional(&mut **conn).await?);
    Ok(line.map(SiteText::from))
}

/// All texts that somebody wrote, by their keys.
pub async fn all(tx: &mut Tx) -> Result<Vec<SiteText>, StoreError> {
    const ALL: &str = "select key, locale, words, changed_by, changed_at, version from site_texts";

    let lines: Vec<Line> =
        on_engine!(tx, conn => sqlx::query_as(ALL).fetch_all(&mut **conn).await?);
    let mut texts: Vec<SiteText> = lines.into_iter().map(SiteText::from).collect();
    texts.sort_by(|a, b| (&a.key, &a.locale).cmp(&(&b.key, &b.locale)));
    Ok(texts)
}

/// Writes a text that was seen at `version` (0: as the program says it); false where somebody was faster.
pub async fn set(
    tx: &mut Tx,
    (key, locale): (&str, &str),
    text: &str,
    version: i64,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const ADD: &str = "insert into site_texts (key, locale, words, changed_by, changed_at, version)
        values ($1, $2, $3, $4, $5, 1)
        on conflict (key, locale) do nothing";
    const SET: &str = "update site_texts
        set words = $3, changed_by = $4, changed_at = $5, version = version + 1
        where key = $1
        and locale = $2
        and version = $6";

    let key = storable(key, "site_texts.key")?;
    let locale = storable(locale, "site_texts.locale")?;
    let text = storable(text, "site_texts.words")?;
    let by = by.map(PersonId::get);
    let changed = on_engine!(tx, conn => {
        let query = sqlx::query(if version == 0 { ADD } else { SET })
            .bind(key).bind(locale).bind(text).bind(by).bind(at.get());
        let query = if version == 0 { query } else { query.bind(version) };
        query.execute(&mut **conn).await?.rows_affected()
    });
    Ok(changed == 1)
}

/// Goes back to what the program says; false where the text was written anew since `version`.
pub async fn remove(
    tx: &mut Tx,
    (key, locale): (&str, &str),
    version: i64,
) -> Result<bool, StoreError> {
    const REMOVE: &str = "delete from site_texts where key = $1 and locale = $2 and version = $3";

    let key = storable(key, "site_texts.key")?;
    let locale = storable(locale, "site_texts.locale")?;
    let gone = on_engine!(tx, conn => sqlx::query(REMOVE)
        .bind(key).bind(locale).bind(version).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    const LEGAL: (&str, &str) = ("legal", "fr");

    both_engines! {
        async fn a_text_is_kept_with_who_wrote_it(db: TestDb) {
            let mut tx = db.begin().await;
            let lea = Some(PersonId(1));
            assert_eq!(get(&mut tx, "legal", "fr").await, Ok(None));

            assert_eq!(set(&mut tx, LEGAL, "Été « 🌞 »", 0, lea, NOON).await, Ok(true));
            assert_eq!(set(&mut tx, ("legal", "en"), "Summer", 0, lea, NOON).await, Ok(true));
            assert_eq!(set(&mut tx, ("accueil", "fr"), "Bonjour", 0, None, NOON).await, Ok(true));

            let kept = get(&mut tx, "legal", "fr").await.unwrap().unwrap();
            let expected = SiteText {
                key: "legal".into(),
                locale: "fr".into(),
                text: "Été « 🌞 »".into(),
                changed_by: lea,
                changed_at: NOON,
                version: 1,
            };
            assert_eq!(kept, expected);
            let all = all(&mut tx).await.unwrap();
            let keys: Vec<_> =
                all.iter().map(|text| (text.key.as_str(), text.locale.as_str())).collect();
            assert_eq!(keys, [("accueil", "fr"), ("legal", "en"), ("legal", "fr")]);
        }

        async fn a_text_that_changes_in_one_language_stays_in_the_other(db: TestDb) {
            let mut tx = db.begin().await;
            for locale in ["fr", "en"] {
                set(&mut tx, ("legal", locale), "un", 0, None, NOON).await.unwrap();
            }

            assert_eq!(set(&mut tx, LEGAL, "deux", 1, None, NOON).await, Ok(true));

            let english = get(&mut tx, "legal", "en").await.unwrap().unwrap();
            assert_eq!((english.text.as_str(), english.version), ("un", 1));
        }

        async fn whoever_saw_an_older_text_writes_over_nobodys(db: TestDb) {
            let mut tx = db.begin().await;
            set(&mut tx, LEGAL, "un", 0, None, NOON).await.unwrap();

            assert_eq!(set(&mut tx, LEGAL, "deux", 0, None, NOON).await, Ok(false));
            assert_eq!(set(&mut tx, LEGAL, "deux", 1, None, NOON).await, Ok(true));
            assert_eq!(set(&mut tx, LEGAL, "trois", 1, None, NOON).await, Ok(false));
            assert_eq!(remove(&mut tx, LEGAL, 1).await, Ok(false));

            let kept = get(&mut tx, "legal", "fr").await.unwrap().unwrap();
            assert_eq!((kept.text.as_str(), kept.version), ("deux", 2));
            assert_eq!(remove(&mut tx, LEGAL, 2).await, Ok(true));
            assert_eq!(get(&mut tx, "legal", "fr").await, Ok(None));
        }

        async fn a_text_that_cannot_be_stored_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;

            let refused = set(&mut tx, LEGAL, "\0", 0, None, NOON).await;

            assert_eq!(refused, Err(StoreError::NotStorable { column: "site_texts.words" }));
            assert_eq!(all(&mut tx).await.unwrap(), []);
        }
    }
}
