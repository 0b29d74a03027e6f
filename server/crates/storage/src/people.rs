//! People with a login: their address, their name and their role.

mod leaving;

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_domain::text::{French, fold};

use crate::chunks::{chunks, parameters};
use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::words::storable;

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stable, never reused: the log remembers it after the person left.
    pub id: PersonId,
    /// The address, trimmed and in lower case.
    pub email: String,
    /// What others read.
    pub name: String,
    /// What they may do; none for a visitor, who reads what everybody reads.
    pub role: Option<Role>,
    /// When they were added.
    pub made_at: Timestamp,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
}

/// The word of those without a role.
const VISITOR: &str = "visitor";

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    email: String,
    name: String,
    role: String,
    made_at: i64,
    seen_at: Option<i64>,
}

impl TryFrom<Line> for Person {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let role = match line.role.as_str() {
            VISITOR => None,
            role => {
                Some(role.parse().map_err(|_| StoreError::corrupt("people", &line.id, "role"))?)
            }
        };
        Ok(Self {
            id: PersonId(line.id),
            email: line.email,
            name: line.name,
            role,
            made_at: Timestamp(line.made_at),
            seen_at: line.seen_at.map(Timestamp),
        })
    }
}

/// An address as it is kept and compared: trimmed, in lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds a person; a conflict where the address is in use.
pub async fn add(
    tx: &mut Tx,
    email: &str,
    name: &str,
    role: Role,
    at: Timestamp,
) -> Result<PersonId, StoreError> {
    const ADD: &str = "insert into people (email, name, role, made_at)
        values ($1, $2, $3, $4)
        on conflict (email) do nothing
        returning id";

    let email = normal_email(storable(email, "people.email")?);
    let name = storable(name.trim(), "people.name")?;
    let id: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(&email).bind(name).bind(role.as_str()).bind(at.get())
        .fetch_optional(&mut **conn).await?);
    id.map(PersonId).ok_or_else(|| Conflict::NameTaken(email).into())
}

/// The person with this identifier.
pub async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, StoreError> {
    const FIND: &str = "select id, email, name, role, made_at, seen_at from people where id = $1";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id.get()).fetch_optional(&mut **conn).await?);
    line.map(Person::try_from).transpose()
}

/// The person with this address, however it is written.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Person>, StoreError> {
    const FIND: &str =
        "select id, email, name, role, made_at, seen_at from people where email = $1";

    let email = normal_email(storable(email, "people.email")?);
    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(&email).fetch_optional(&mut **conn).await?);
    line.map(Person::try_from).transpose()
}

/// Everybody, in the order in which they were added.
pub async fn list(tx: &mut Tx) -> Result<Vec<Person>, StoreError> {
    const LIST: &str = "select id, email, name, role, made_at, seen_at from people order by id";

    let lines: Vec<Line> =
        on_engine!(tx, conn => sqlx::query_as(LIST).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Person::try_from).collect()
}

/// Who is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search<'a> {
    /// In whose name or address these words stand, whatever their case and accents; empty for anybody.
    pub words: &'a str,
    /// Of this role; none within for those without one.
    pub role: Option<Option<Role>>,
}

/// A page of people, by name as French sorts names, and how many there are in all.
pub async fn page(
    tx: &mut Tx,
    search: &Search<'_>,
    offset: usize,
    limit: usize,
) -> Result<(Vec<Person>, usize), StoreError> {
    let words = fold(search.words.trim());
    let is_asked = |person: &Person| {
        let is_named = fold(&person.name).contains(&words) || fold(&person.email).contains(&words);
        is_named && search.role.is_none_or(|role| role == person.role)
    };
    // Compared and sorted here, so that both engines agree; an association is no larger than that.
    let mut found: Vec<Person> = list(tx).await?.into_iter().filter(is_asked).collect();
    let french = French::new();
    found.sort_by(|a, b| french.compare(&a.name, &b.name).then_with(|| a.email.cmp(&b.email)));
    let total = found.len();
    Ok((found.into_iter().skip(offset).take(limit).collect(), total))
}

/// The people with these identifiers, as far as there are, in their order.
pub async fn find_many(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    const FIND: &str = "select id, email, name, role, made_at, seen_at from people where id in ";

    let mut found = Vec::with_capacity(ids.len());
    for chunk in chunks(ids) {
        let text = format!("{FIND}{}", parameters(1, chunk.len()));
        let lines: Vec<Line> = on_engine!(tx, conn => {
            let query = sqlx::query_as(AssertSqlSafe(text));
            let query = chunk.iter().fold(query, |query, id| query.bind(id.get()));
            query.fetch_all(&mut **conn).await?
        });
        for line in lines {
            found.push(Person::try_from(line)?);
        }
    }
    found.sort_by_key(|person| person.id);
    found.dedup_by_key(|person| person.id);
    Ok(found)
}

/// A person that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The address, however it is written.
    pub email: String,
    /// What others read.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Adds people, in their order. Whoever is already there stays as they are; says of each which person it is, and
/// whether they are new.
pub async fn add_many(
    tx: &mut Tx,
    people: &[NewPerson],
    at: Timestamp,
) -> Result<Vec<(PersonId, bool)>, StoreError> {
    for person in people {
        storable(&person.email, "people.email")?;
        storable(&person.name, "people.name")?;
    }
    let mut added = Vec::with_capacity(people.len());
    for person in people {
        let one = match add(tx, &person.email, &person.name, person.role, at).await {
            Ok(id) => (id, true),
            Err(StoreError::Conflict(Conflict::NameTaken(_))) => {
                let there = find_by_email(tx, &person.email).await?;
                let there = there.ok_or_else(|| StoreError::corrupt("people", &0, "email"))?;
                (there.id, false)
            }
            Err(error) => return Err(error),
        };
        added.push(one);
    }
    Ok(added)
}

/// How many people have this role.
pub async fn count_with_role(tx: &mut Tx, role: Role) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from people where role = $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query_scalar(COUNT).bind(role.as_str()).fetch_one(&mut **conn).await?))
}

/// Everybody with one of these roles, in the order in which they were added.
pub async fn with_roles(tx: &mut Tx, roles: &[Role]) -> Result<Vec<Person>, StoreError> {
    let has = |person: &Person| person.role.is_some_and(|role| roles.contains(&role));
    Ok(list(tx).await?.into_iter().filter(has).collect())
}

/// Gives a role, or takes it away; says whether there is such a person. Ending their sockets is up to the
/// caller, who knows the open tabs.
pub async fn set_role(tx: &mut Tx, id: PersonId, role: Option<Role>) -> Result<bool, StoreError> {
    const SET: &str = "update people set role = $1 where id = $2";

    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(role.map_or(VISITOR, Role::as_str)).bind(id.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives a name; says whether there is such a person.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &str) -> Result<bool, StoreError> {
    const SET: &str = "update people set name = $1 where id = $2";

    let name = storable(name.trim(), "people.name")?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(name).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives an address; a conflict where it is in use by somebody else. Says whether there is such a person.
pub async fn set_email(tx: &mut Tx, id: PersonId, email: &str) -> Result<bool, StoreError> {
    const SET: &str = "update people
        set email = $1
        where id = $2
        and not exists (select 1 from people where email = $1 and id <> $2)";

    let email = normal_email(storable(email, "people.email")?);
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(&email).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    if changed == 0 && find(tx, id).await?.is_some() {
        return Err(Conflict::NameTaken(email).into());
    }
    Ok(changed == 1)
}

/// Notes that a person is here. Never goes back in time.
pub async fn saw(tx: &mut Tx, id: PersonId, at: Timestamp) -> Result<(), StoreError> {
    const SAW: &str = "update people
        set seen_at = $1
        where id = $2
        and coalesce(seen_at, 0) < $1";

    on_engine!(tx, conn => {
        sqlx::query(SAW).bind(at.get()).bind(id.get()).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Removes a person: their address and name are gone, their logins and links end, their rows and proposals are
/// nobody's. What they wrote to pilots about a proposal goes with them, and so do mails to them; in what others
/// wrote about proposals their address and name are rubbed out. What they did stays in the log under a number that
/// nobody else ever gets. Says whether they were there.
pub async fn remove(tx: &mut Tx, id: PersonId) -> Result<bool, StoreError> {
    // Logins, links, preferences and news go with the line, by their foreign keys.
    const REMOVE: &str = "delete from people where id = $1";

    let Some(person) = find(tx, id).await? else { return Ok(false) };
    let forgotten = leaving::forget(tx, &person).await;
    if forgotten.is_err() {
        tx.doom();
    }
    forgotten?;
    let removed = on_engine!(tx, conn =>
        sqlx::query(REMOVE).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    Ok(removed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, logins, owners, sign_in, tables};
    use tablee_domain::ids::{Epoch, RowId};

    both_engines! {
        async fn a_person_is_found_however_the_address_is_written(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, " Léa@Exemple.FR ", " Léa « 🌿 » O'Neil ", Role::Pilot, NOON).await;
            let id = id.unwrap();

            let found = find_by_email(&mut tx, "LÉA@exemple.fr").await.unwrap().unwrap();

            let lea = Person {
                id,
                email: "léa@exemple.fr".into(),
                name: "Léa « 🌿 » O'Neil".into(),
                role: Some(Role::Pilot),
                made_at: NOON,
                seen_at: None,
            };
            assert_eq!(found, lea);
            assert_eq!(find(&mut tx, id).await.unwrap(), Some(lea.clone()));
            assert_eq!(list(&mut tx).await.unwrap(), [lea]);
        }

        async fn an_address_belongs_to_one_person(db: TestDb) {
            let mut tx = db.begin().await;
            add(&mut tx, "lea@exemple.fr", "Léa", Role::Member, NOON).await.unwrap();

            let second = add(&mut tx, "LEA@exemple.fr", "Léa bis", Role::Admin, NOON).await;

            assert_eq!(second, Err(Conflict::NameTaken("lea@exemple.fr".into()).into()));
            assert_eq!(list(&mut tx).await.unwrap().len(), 1);
        }

        async fn a_role_and_a_name_can_change(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();

            assert_eq!(set_role(&mut tx, id, None).await, Ok(true));
            assert_eq!(find(&mut tx, id).await.unwrap().unwrap().role, None, "a visitor now");
            assert_eq!(set_role(&mut tx, id, Some(Role::Admin)).await, Ok(true));
            assert_eq!(set_name(&mut tx, id, "Nour B.").await, Ok(true));

            let nour = find(&mut tx, id).await.unwrap().unwrap();
            assert_eq!((nour.role, nour.name.as_str()), (Some(Role::Admin), "Nour B."));
            assert_eq!(set_role(&mut tx, PersonId(404), Some(Role::Admin)).await, Ok(false));
            assert_eq!(set_name(&mut tx, PersonId(404), "Personne").await, Ok(false));
        }

        async fn a_name_that_cannot_be_stored_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();

            let named = set_name(&mut tx, id, "No\0ur").await;
            let added = add(&mut tx, "a\0@exemple.fr", "A", Role::Member, NOON).await;

            assert_eq!(named, Err(StoreError::NotStorable { column: "people.name" }));
            assert_eq!(added, Err(StoreError::NotStorable { column: "people.email" }));
            assert_eq!(find(&mut tx, id).await.unwrap().unwrap().name, "Nour");
            assert_eq!(list(&mut tx).await.unwrap().len(), 1);
        }

        async fn being_seen_never_goes_back_in_time(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();

            saw(&mut tx, id, Timestamp(20)).await.unwrap();
            saw(&mut tx, id, Timestamp(10)).await.unwrap();

            let seen = find(&mut tx, id).await.unwrap().unwrap().seen_at;
            assert_eq!(seen, Some(Timestamp(20)));
        }

        async fn who_leaves_takes_logins_links_and_rows_along(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            owners::set(&mut tx, table, &RowId::new("r1").unwrap(), id).await.unwrap();
            db_invite_and_sign_in(&mut tx, id).await;

            assert_eq!(remove(&mut tx, id).await, Ok(true));

            assert_eq!(find(&mut tx, id).await.unwrap(), None);
            let later = Timestamp(NOON.0 + 1);
            assert_eq!(logins::load(&mut tx, b"login", later).await.unwrap(), None);
            assert_eq!(sign_in::redeem(&mut tx, b"token", later).await.unwrap(), None);
            assert_eq!(owners::all(&mut tx, table).await.unwrap(), []);
            assert_eq!(remove(&mut tx, id).await, Ok(false));
        }

        async fn a_page_of_people_is_found_by_words_and_role_and_sorted_as_french_does(db: TestDb) {
            let mut tx = db.begin().await;
            let all = [
                ("z@exemple.fr", "Zoé", Role::Member),
                ("e@exemple.fr", "Élodie Ferrand", Role::Pilot),
                ("d@ferrand.fr", "Didier", Role::Member),
                ("x@exemple.fr", "", Role::Member),
            ];
            let new = all.map(|(email, name, role)| {
                NewPerson { email: email.into(), name: name.into(), role }
            });
            let added = add_many(&mut tx, &new, NOON).await.unwrap();
            let same = [NewPerson { name: "Autre".into(), ..new[0].clone() }];
            let again = add_many(&mut tx, &same, NOON).await.unwrap();
            assert_eq!(again, [(added[0].0, false)]);
            set_role(&mut tx, added[3].0, None).await.unwrap();

            let names = |(people, total): (Vec<Person>, usize)| {
                (people.into_iter().map(|person| person.name).collect::<Vec<_>>().join(","), total)
            };
            let asked = [
                (Search::default(), 0, ("Didier,Élodie Ferrand,Zoé,", 4)),
                (Search::default(), 1, ("Élodie Ferrand,Zoé,", 4)),
                (Search { words: " FERRAND", role: None }, 0, ("Didier,Élodie Ferrand", 2)),
                (Search { words: "elodie", role: None }, 0, ("Élodie Ferrand", 1)),
                (Search { words: "", role: Some(Some(Role::Member)) }, 0, ("Didier,Zoé", 2)),
                (Search { words: "", role: Some(None) }, 0, ("", 1)),
            ];
            for (search, offset, (expected, total)) in asked {
                let found = names(page(&mut tx, &search, offset, 9).await.unwrap());
                assert_eq!(found, (expected.to_owned(), total), "{search:?}");
            }
            assert_eq!(page(&mut tx, &Search::default(), 0, 1).await.unwrap().0.len(), 1);
            let ids = [added[2].0, PersonId(404), added[0].0, added[2].0];
            let found = find_many(&mut tx, &ids).await.unwrap();
            assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [added[0].0, added[2].0]);
            assert_eq!(count_with_role(&mut tx, Role::Member).await, Ok(2));
            let pilots = with_roles(&mut tx, &[Role::Pilot, Role::Admin]).await.unwrap();
            assert_eq!(pilots.len(), 1);
        }

        async fn an_address_changes_unless_it_is_somebody_elses(db: TestDb) {
            let mut tx = db.begin().await;
            let lea = add(&mut tx, "lea@exemple.fr", "Léa", Role::Member, NOON).await.unwrap();
            add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();

            assert_eq!(set_email(&mut tx, lea, " Lea@Autre.FR").await, Ok(true));
            assert_eq!(set_email(&mut tx, lea, "lea@autre.fr").await, Ok(true));
            let taken = set_email(&mut tx, lea, "NOUR@exemple.fr").await;
            assert_eq!(taken, Err(Conflict::NameTaken("nour@exemple.fr".into()).into()));
            assert_eq!(set_email(&mut tx, PersonId(404), "x@exemple.fr").await, Ok(false));

            assert_eq!(find(&mut tx, lea).await.unwrap().unwrap().email, "lea@autre.fr");
        }

        async fn the_number_of_who_left_is_never_given_again(db: TestDb) {
            let mut tx = db.begin().await;
            let gone = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();
            remove(&mut tx, gone).await.unwrap();

            let next = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();

            assert_ne!(next, gone);
        }

        async fn a_role_that_nobody_gave_is_corrupt_not_guessed(db: TestDb) {
            let mut tx = db.begin().await;
            let id = add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();
            on_engine!(tx, conn => {
                sqlx::query("update people set role = 'root'").execute(&mut **conn).await.unwrap();
            });

            let found = find(&mut tx, id).await;

            assert_eq!(found, Err(StoreError::corrupt("people", &id, "role")));
        }
    }

    async fn db_invite_and_sign_in(tx: &mut Tx, person: PersonId) {
        let expires_at = Timestamp(NOON.0 + 1000);
        let invitation = sign_in::Invitation {
            person,
            token_hash: b"token",
            code_hash: None,
            asked_by: None,
            made_at: NOON,
            expires_at,
        };
        sign_in::issue(tx, invitation).await.unwrap();
        let login = logins::Login {
            id_hash: b"login".to_vec(),
            person: Some(person),
            data: "{}".into(),
            made_at: NOON,
            expires_at,
        };
        logins::create(tx, &login).await.unwrap();
    }
}
