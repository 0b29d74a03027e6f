//! Lists of members that were sent in, on their way to people, and what was done with them.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberList {
    /// Its number.
    pub id: i64,
    /// Who sent it.
    pub by: Option<PersonId>,
    /// As whoever sent it called it.
    pub file_name: String,
    /// How far it is, by a word of whoever keeps it.
    pub state: String,
    /// What it would do, or did: JSON.
    pub content: String,
    /// When it was sent.
    pub made_at: Timestamp,
    /// When anything was last done with it.
    pub changed_at: Timestamp,
    /// Goes up with each change.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    made_by: Option<i64>,
    file_name: String,
    state: String,
    content: String,
    made_at: i64,
    changed_at: i64,
    version: i64,
}

impl From<Line> for MemberList {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            by: line.made_by.map(PersonId),
            file_name: line.file_name,
            state: line.state,
            content: line.content,
            made_at: Timestamp(line.made_at),
            changed_at: Timestamp(line.changed_at),
            version: line.version,
        }
    }
}

/// Keeps a list; its version is 1.
pub async fn add(
    tx: &mut Tx,
    by: PersonId,
    file_name: &str,
    (state, content): (&str, &str),
    at: Timestamp,
) -> Result<i64, StoreError> {
    const ADD: &str =
        "insert into member_lists (made_by, file_name, state, content, made_at, changed_at, version)
        values ($1, $2, $3, $4, $5, $5, 1)
        returning id";

    let file_name = storable(file_name, "member_lists.file_name")?;
    let state = storable(state, "member_lists.state")?;
    let content = storable(content, "member_lists.content")?;
    Ok(on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(by.get()).bind(file_name).bind(state).bind(content).bind(at.get())
        .fetch_one(&mut **conn).await?))
}

/// The list with this number.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<MemberList>, StoreError> {
    const FIND: &str = "select id, made_by, file_name, state, content, made_at, changed_at, version
        from member_lists
        where id = $1";

    let line: Option<Line> =
        on_engine!(tx, conn => sqlx::query_as(FIND).bind(id).fetch_optional(&mut **conn).await?);
    Ok(line.map(MemberList::from))
}

/// All lists, newest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<MemberList>, StoreError> {
    const LIST: &str = "select id, made_by, file_name, state, content, made_at, changed_at, version
        from member_lists
        order by id desc";

    let lines: Vec<Line> =
        on_engine!(tx, conn => sqlx::query_as(LIST).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(MemberList::from).collect())
}

/// Notes how far a list is that was seen at `version`; false where somebody was faster.
pub async fn set(
    tx: &mut Tx,
    id: i64,
    version: i64,
    (state, content): (&str, &str),
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SET: &str = "update member_lists
        set state = $3, content = $4, changed_at = $5, version = version + 1
        where id = $1
        and version = $2";

    let state = storable(state, "member_lists.state")?;
    let content = storable(content, "member_lists.content")?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(id).bind(version).bind(state).bind(content).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Forgets a list; says whether it was there.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    const REMOVE: &str = "delete from member_lists where id = $1";

    let gone = on_engine!(tx, conn =>
        sqlx::query(REMOVE).bind(id).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Forgets lists with which nothing was done since a moment; says how many.
pub async fn forget_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from member_lists where changed_at < $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(FORGET).bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    const LATER: Timestamp = Timestamp(NOON.0 + 1);

    both_engines! {
        async fn a_list_is_kept_with_who_sent_it(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, PersonId(1), "membres.xlsx", ("planned", "{}"), NOON).await;
            let id = id.unwrap();

            let found = find(&mut tx, id).await.unwrap().unwrap();

            let expected = MemberList {
                id,
                by: Some(PersonId(1)),
                file_name: "membres.xlsx".into(),
                state: "planned".into(),
                content: "{}".into(),
                made_at: NOON,
                changed_at: NOON,
                version: 1,
            };
            assert_eq!(found, expected);
            assert_eq!(list(&mut tx).await.unwrap(), [found]);
        }

        async fn who_saw_an_older_list_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, PersonId(1), "a.csv", ("planned", "1"), NOON).await.unwrap();

            assert_eq!(set(&mut tx, id, 1, ("applied", "2"), LATER).await, Ok(true));
            assert_eq!(set(&mut tx, id, 1, ("planned", "3"), LATER).await, Ok(false));

            let found = find(&mut tx, id).await.unwrap().unwrap();
            assert_eq!((found.state.as_str(), found.content.as_str()), ("applied", "2"));
            assert_eq!((found.version, found.changed_at), (2, LATER));
        }

        async fn a_list_is_forgotten_when_asked_or_after_a_while(db: TestDb) {
            let mut tx = db.begin().await;
            let one = add(&mut tx, PersonId(1), "a.csv", ("planned", "1"), NOON).await.unwrap();
            let two = add(&mut tx, PersonId(1), "b.csv", ("planned", "1"), NOON).await.unwrap();
            set(&mut tx, two, 1, ("applied", "1"), LATER).await.unwrap();
            let three = add(&mut tx, PersonId(1), "c.csv", ("planned", "1"), LATER).await.unwrap();

            assert_eq!(remove(&mut tx, three).await, Ok(true));
            assert_eq!(remove(&mut tx, three).await, Ok(false));
            assert_eq!(forget_before(&mut tx, LATER).await, Ok(1));

            assert_eq!(find(&mut tx, one).await.unwrap(), None);
            assert!(find(&mut tx, two).await.unwrap().is_some());
        }
    }
}
