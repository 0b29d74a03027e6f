//! Logins: signed-in browsers. Only a hash of the cookie is kept, so a stolen copy signs nobody in.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::words::storable;

/// A signed-in browser, or one that is about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Hash of what the cookie holds.
    pub id_hash: Vec<u8>,
    /// Who is signed in.
    pub person: Option<PersonId>,
    /// What the site keeps of this browser, as JSON.
    pub data: String,
    /// When it began.
    pub made_at: Timestamp,
    /// From when on it is over.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Line {
    id_hash: Vec<u8>,
    person_id: Option<i64>,
    data: String,
    made_at: i64,
    expires_at: i64,
}

impl From<Line> for Login {
    fn from(line: Line) -> Self {
        Self {
            id_hash: line.id_hash,
            person: line.person_id.map(PersonId),
            data: line.data,
            made_at: Timestamp(line.made_at),
            expires_at: Timestamp(line.expires_at),
        }
    }
}

/// Begins a login; a conflict where the identifier exists.
pub async fn create(tx: &mut Tx, login: &Login) -> Result<(), StoreError> {
    const CREATE: &str = "insert into logins (id_hash, person_id, data, made_at, expires_at)
        values ($1, $2, $3, $4, $5)
        on conflict (id_hash) do nothing";

    let data = storable(&login.data, "logins.data")?;
    let made = on_engine!(tx, conn => sqlx::query(CREATE)
        .bind(&login.id_hash[..]).bind(login.person.map(PersonId::get)).bind(data)
        .bind(login.made_at.get()).bind(login.expires_at.get())
        .execute(&mut **conn).await?.rows_affected());
    if made == 1 { Ok(()) } else { Err(Conflict::LoginExists.into()) }
}

/// Changes a login that is there, and says whether it was. One that was ended is never brought back, though
/// a request that began before still holds it. When it began stays as it was.
pub async fn save(tx: &mut Tx, login: &Login) -> Result<bool, StoreError> {
    const SAVE: &str = "update logins
        set person_id = $1, data = $2, expires_at = $3
        where id_hash = $4";

    let data = storable(&login.data, "logins.data")?;
    let changed = on_engine!(tx, conn => sqlx::query(SAVE)
        .bind(login.person.map(PersonId::get)).bind(data).bind(login.expires_at.get())
        .bind(&login.id_hash[..])
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// The login behind a cookie, unless it is over.
pub async fn load(tx: &mut Tx, id_hash: &[u8], at: Timestamp) -> Result<Option<Login>, StoreError> {
    const LOAD: &str = "select id_hash, person_id, data, made_at, expires_at
        from logins
        where id_hash = $1
        and expires_at > $2";

    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(LOAD)
        .bind(id_hash).bind(at.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(Login::from))
}

/// Ends a login; says whether it was there.
pub async fn delete(tx: &mut Tx, id_hash: &[u8]) -> Result<bool, StoreError> {
    const DELETE: &str = "delete from logins where id_hash = $1";

    let ended = on_engine!(tx, conn =>
        sqlx::query(DELETE).bind(id_hash).execute(&mut **conn).await?.rows_affected());
    Ok(ended == 1)
}

/// Ends all logins of a person; says how many.
pub async fn delete_of_person(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    const DELETE: &str = "delete from logins where person_id = $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(DELETE).bind(person.get()).execute(&mut **conn).await?.rows_affected()))
}

/// The logins of a person that are not over, newest first.
pub async fn of_person(
    tx: &mut Tx,
    person: PersonId,
    at: Timestamp,
) -> Result<Vec<Login>, StoreError> {
    const OF_PERSON: &str = "select id_hash, person_id, data, made_at, expires_at
        from logins
        where person_id = $1
        and expires_at > $2
        order by made_at desc, id_hash";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_PERSON)
        .bind(person.get()).bind(at.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(Login::from).collect())
}

/// Forgets the logins that are over; says how many.
pub async fn expire(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    const EXPIRE: &str = "delete from logins where expires_at <= $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(EXPIRE).bind(at.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, people};
    use tablee_domain::people::Role;

    const SOON: Timestamp = Timestamp(NOON.0 + 10);
    const OVER: Timestamp = Timestamp(NOON.0 + 1000);

    fn login(id_hash: &[u8], person: Option<PersonId>) -> Login {
        Login {
            id_hash: id_hash.to_vec(),
            person,
            data: r#"{"csrf":"été 🌞 \"'"}"#.into(),
            made_at: NOON,
            expires_at: OVER,
        }
    }

    async fn lea(tx: &mut Tx) -> PersonId {
        people::add(tx, "lea@exemple.fr", "Léa", Role::Member, NOON).await.unwrap()
    }

    both_engines! {
        async fn a_login_is_loaded_until_it_is_over(db: TestDb) {
            let mut tx = db.begin().await;
            let kept = login(b"a", None);
            create(&mut tx, &kept).await.unwrap();

            assert_eq!(load(&mut tx, b"a", SOON).await, Ok(Some(kept)));
            assert_eq!(load(&mut tx, b"a", OVER).await, Ok(None));
            assert_eq!(load(&mut tx, b"b", SOON).await, Ok(None));
        }

        async fn an_identifier_is_given_to_one_login(db: TestDb) {
            let mut tx = db.begin().await;
            let person = lea(&mut tx).await;
            create(&mut tx, &login(b"a", Some(person))).await.unwrap();

            let second = create(&mut tx, &login(b"a", None)).await;

            assert_eq!(second, Err(Conflict::LoginExists.into()));
            let kept = load(&mut tx, b"a", SOON).await.unwrap().unwrap();
            assert_eq!(kept.person, Some(person));
        }

        async fn a_login_that_is_there_can_be_changed(db: TestDb) {
            let mut tx = db.begin().await;
            let person = lea(&mut tx).await;
            create(&mut tx, &login(b"a", None)).await.unwrap();
            let changed = Login {
                person: Some(person),
                data: "{}".into(),
                expires_at: Timestamp(OVER.get() + 1),
                ..login(b"a", None)
            };

            assert_eq!(save(&mut tx, &changed).await, Ok(true));

            assert_eq!(load(&mut tx, b"a", OVER).await, Ok(Some(changed)));
        }

        async fn a_login_that_was_ended_is_not_brought_back(db: TestDb) {
            let mut tx = db.begin().await;
            create(&mut tx, &login(b"a", None)).await.unwrap();
            assert_eq!(delete(&mut tx, b"a").await, Ok(true));

            let saved = save(&mut tx, &login(b"a", None)).await;

            assert_eq!(saved, Ok(false));
            assert_eq!(load(&mut tx, b"a", SOON).await, Ok(None));
            assert_eq!(delete(&mut tx, b"a").await, Ok(false));
        }

        async fn all_logins_of_a_person_can_be_ended_at_once(db: TestDb) {
            let mut tx = db.begin().await;
            let person = lea(&mut tx).await;
            let newer = Login { made_at: SOON, ..login(b"b", Some(person)) };
            let over = Login { expires_at: SOON, ..login(b"c", Some(person)) };
            for one in [&login(b"a", Some(person)), &newer, &over, &login(b"d", None)] {
                create(&mut tx, one).await.unwrap();
            }
            let open = of_person(&mut tx, person, SOON).await;
            assert_eq!(open, Ok(vec![newer, login(b"a", Some(person))]));

            assert_eq!(delete_of_person(&mut tx, person).await, Ok(3));

            assert_eq!(of_person(&mut tx, person, NOON).await, Ok(vec![]));
            assert!(load(&mut tx, b"d", SOON).await.unwrap().is_some());
        }

        async fn what_is_over_is_forgotten(db: TestDb) {
            let mut tx = db.begin().await;
            create(&mut tx, &Login { expires_at: SOON, ..login(b"a", None) }).await.unwrap();
            create(&mut tx, &login(b"b", None)).await.unwrap();

            assert_eq!(expire(&mut tx, SOON).await, Ok(1));

            assert!(load(&mut tx, b"b", SOON).await.unwrap().is_some());
        }

        async fn data_that_cannot_be_stored_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let kept = login(b"a", None);
            create(&mut tx, &kept).await.unwrap();
            let bad = Login { data: "\0".into(), ..kept.clone() };

            let refused = Err(StoreError::NotStorable { column: "logins.data" });
            assert_eq!(save(&mut tx, &bad).await, refused);
            let created = create(&mut tx, &Login { id_hash: b"b".to_vec(), ..bad }).await;

            assert_eq!(created, Err(StoreError::NotStorable { column: "logins.data" }));
            assert_eq!(load(&mut tx, b"a", SOON).await, Ok(Some(kept)));
        }
    }
}
