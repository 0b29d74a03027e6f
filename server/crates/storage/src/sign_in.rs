//! Signing in by mail: a link, and a code for the browser that asked.
//!
//! Only hashes come here. A link signs in once; a code is tried five times. A transaction that tried a code
//! must be committed whatever came out, or the try is not counted.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};

/// How often a code may be tried.
pub const TRIES: i64 = 5;

/// What is sent in one mail.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Whom it signs in.
    pub person: PersonId,
    /// Hash of the secret in the link.
    pub token_hash: &'a [u8],
    /// Hash of the code beside it.
    pub code_hash: Option<&'a [u8]>,
    /// Hash of the cookie of the browser that asked: the code works in no other. None for a link that an
    /// operator made.
    pub asked_by: Option<&'a [u8]>,
    /// When it is made.
    pub made_at: Timestamp,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// A link that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLink {
    /// Whom it signs in.
    pub person: PersonId,
    /// Hash of the cookie of the browser that asked.
    pub asked_by: Option<Vec<u8>>,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// What came out of trying a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeOutcome {
    /// The code is right, and used up together with its link.
    Good(PersonId),
    /// The code is wrong.
    Wrong {
        /// How often this browser may still try.
        left: u32,
    },
    /// No code waits in this browser: none was asked for, or it is used up, too old or tried too often.
    None,
}

/// Keeps what a mail is about to carry.
pub async fn issue(tx: &mut Tx, invitation: Invitation<'_>) -> Result<(), StoreError> {
    const ISSUE: &str = "insert into sign_in_links
        (token_hash, person_id, code_hash, asked_by, tries, made_at, expires_at)
        values ($1, $2, $3, $4, 0, $5, $6)";

    on_engine!(tx, conn => {
        sqlx::query(ISSUE)
            .bind(invitation.token_hash).bind(invitation.person.get()).bind(invitation.code_hash)
            .bind(invitation.asked_by.unwrap_or_default())
            .bind(invitation.made_at.get()).bind(invitation.expires_at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Whether a link is still good, and for whom; looking does not use it.
pub async fn peek(
    tx: &mut Tx,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<OpenLink>, StoreError> {
    const PEEK: &str = "select person_id, asked_by, expires_at
        from sign_in_links
        where token_hash = $1
        and used_at is null
        and expires_at > $2";

    let line: Option<(i64, Vec<u8>, i64)> = on_engine!(tx, conn => sqlx::query_as(PEEK)
        .bind(token_hash).bind(at.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(|(person, asked_by, expires_at)| OpenLink {
        person: PersonId(person),
        asked_by: Some(asked_by).filter(|hash| !hash.is_empty()),
        expires_at: Timestamp(expires_at),
    }))
}

/// Uses a link up, together with its code; none if it was no longer good. However many try at once, one
/// gets in.
pub async fn redeem(
    tx: &mut Tx,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<PersonId>, StoreError> {
    const REDEEM: &str = "update sign_in_links
        set used_at = $1
        where token_hash = $2
        and used_at is null
        and expires_at > $1
        returning person_id";

    let person: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(REDEEM)
        .bind(at.get()).bind(token_hash).fetch_optional(&mut **conn).await?);
    Ok(person.map(PersonId))
}

/// Tries a code that a person typed in the browser `asked_by`; a right one uses up its link too.
///
/// Every code that this browser waits for is tried at once, so asking twice does not give twice the tries
/// for one guess, and a stranger's tries in another browser cost the person none. Commit in every case.
pub async fn redeem_code(
    tx: &mut Tx,
    person: PersonId,
    asked_by: Option<&[u8]>,
    code_hash: &[u8],
    at: Timestamp,
) -> Result<CodeOutcome, StoreError> {
    const TRY: &str = "update sign_in_links
        set tries = tries + 1
        where person_id = $1
        and asked_by = $2
        and code_hash is not null
        and used_at is null
        and expires_at > $3
        and tries < $4
        returning token_hash, code_hash, tries";

    let tried: Vec<(Vec<u8>, Vec<u8>, i64)> = on_engine!(tx, conn => sqlx::query_as(TRY)
        .bind(person.get()).bind(asked_by.unwrap_or_default()).bind(at.get()).bind(TRIES)
        .fetch_all(&mut **conn).await?);
    let left = tried.iter().map(|(_, _, tries)| TRIES - tries).max();
    let Some(left) = left else { return Ok(CodeOutcome::None) };
    match tried.into_iter().find(|(_, kept, _)| kept == code_hash) {
        None => Ok(CodeOutcome::Wrong { left: u32::try_from(left).unwrap_or(0) }),
        Some((token_hash, ..)) => match redeem(tx, &token_hash, at).await? {
            Some(person) => Ok(CodeOutcome::Good(person)),
            None => Err(Conflict::Raced.into()),
        },
    }
}

/// How many mails were made for a person since a moment, that moment included.
pub async fn count_since(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from sign_in_links
        where person_id = $1
        and made_at >= $2";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(person.get()).bind(at.get()).fetch_one(&mut **conn).await?))
}

/// Ends all links and codes of a person; says how many.
pub async fn revoke_of(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    const REVOKE: &str = "delete from sign_in_links where person_id = $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(REVOKE).bind(person.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Forgets what was worth nothing before a moment; says how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from sign_in_links where expires_at < $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(FORGET).bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOON, TestDb};
    use crate::{both_engines, people};
    use tablee_domain::people::Role;

    const LATER: Timestamp = Timestamp(NOON.0 + 60_000);
    const TOO_LATE: Timestamp = Timestamp(NOON.0 + 600_000);
    const HER_BROWSER: Option<&[u8]> = Some(b"her browser");

    async fn lea(tx: &mut Tx) -> PersonId {
        people::add(tx, "lea@exemple.fr", "Léa", Role::Member, NOON).await.unwrap()
    }

    fn invitation<'a>(person: PersonId, token: &'a [u8], code: &'a [u8]) -> Invitation<'a> {
        Invitation {
            person,
            token_hash: token,
            code_hash: Some(code),
            asked_by: HER_BROWSER,
            made_at: NOON,
            expires_at: TOO_LATE,
        }
    }

    /// Léa with an invitation: link `token`, code `123456`, asked for in her browser.
    async fn an_invited_person(db: &TestDb) -> PersonId {
        let mut tx = db.begin().await;
        let person = lea(&mut tx).await;
        issue(&mut tx, invitation(person, b"token", b"123456")).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    async fn try_code(
        db: &TestDb,
        person: PersonId,
        browser: Option<&[u8]>,
        code: &[u8],
        at: Timestamp,
    ) -> CodeOutcome {
        let mut tx = db.begin().await;
        let outcome = redeem_code(&mut tx, person, browser, code, at).await.unwrap();
        tx.commit().await.unwrap();
        outcome
    }

    both_engines! {
        async fn a_link_signs_in_once(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;
            let open = OpenLink {
                person,
                asked_by: HER_BROWSER.map(<[u8]>::to_vec),
                expires_at: TOO_LATE,
            };
            assert_eq!(peek(&mut tx, b"token", LATER).await, Ok(Some(open)));

            let first = redeem(&mut tx, b"token", LATER).await;
            let second = redeem(&mut tx, b"token", LATER).await;

            assert_eq!((first, second), (Ok(Some(person)), Ok(None)));
            assert_eq!(peek(&mut tx, b"token", LATER).await, Ok(None));
        }

        async fn of_twenty_who_use_a_link_at_once_one_gets_in(db: TestDb) {
            let person = an_invited_person(&db).await;

            let tries: Vec<_> = (0..20)
                .map(|_| {
                    let store = db.store().clone();
                    tokio::spawn(async move {
                        let mut tx = store.begin().await?;
                        let redeemed = redeem(&mut tx, b"token", LATER).await?;
                        tx.commit().await?;
                        Ok::<_, StoreError>(redeemed)
                    })
                })
                .collect();
            let mut got_in = Vec::new();
            for one in tries {
                got_in.extend(one.await.unwrap().unwrap());
            }

            assert_eq!(got_in, [person]);
        }

        async fn a_link_is_worth_nothing_when_its_time_is_over(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;

            assert_eq!(peek(&mut tx, b"token", TOO_LATE).await, Ok(None));
            assert_eq!(redeem(&mut tx, b"token", TOO_LATE).await, Ok(None));
            let code = redeem_code(&mut tx, person, HER_BROWSER, b"123456", TOO_LATE).await;
            assert_eq!(code, Ok(CodeOutcome::None));
        }

        async fn a_link_that_was_never_sent_signs_nobody_in(db: TestDb) {
            an_invited_person(&db).await;
            let mut tx = db.begin().await;

            assert_eq!(peek(&mut tx, b"guess", LATER).await, Ok(None));
            assert_eq!(redeem(&mut tx, b"guess", LATER).await, Ok(None));
        }

        async fn a_right_code_uses_up_itself_and_its_link(db: TestDb) {
            let person = an_invited_person(&db).await;

            let first = try_code(&db, person, HER_BROWSER, b"123456", LATER).await;
            let second = try_code(&db, person, HER_BROWSER, b"123456", LATER).await;

            assert_eq!((first, second), (CodeOutcome::Good(person), CodeOutcome::None));
            assert_eq!(redeem(&mut db.begin().await, b"token", LATER).await, Ok(None));
        }

        async fn a_used_link_takes_its_code_along(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;
            redeem(&mut tx, b"token", LATER).await.unwrap();

            let code = redeem_code(&mut tx, person, HER_BROWSER, b"123456", LATER).await;

            assert_eq!(code, Ok(CodeOutcome::None));
        }

        async fn a_code_is_tried_five_times_then_never_again(db: TestDb) {
            let person = an_invited_person(&db).await;

            for left in [4, 3, 2, 1, 0] {
                let outcome = try_code(&db, person, HER_BROWSER, b"000000", LATER).await;
                assert_eq!(outcome, CodeOutcome::Wrong { left });
            }
            let right = try_code(&db, person, HER_BROWSER, b"123456", LATER).await;

            assert_eq!(right, CodeOutcome::None);
            assert_eq!(redeem(&mut db.begin().await, b"token", LATER).await, Ok(Some(person)));
        }

        async fn guesses_at_once_are_not_more_than_five(db: TestDb) {
            let person = an_invited_person(&db).await;

            let guesses: Vec<_> = (0..20)
                .map(|_| {
                    let db = db.clone();
                    tokio::spawn(async move {
                        try_code(&db, person, HER_BROWSER, b"000000", LATER).await
                    })
                })
                .collect();
            let mut judged = 0;
            for guess in guesses {
                judged += i32::from(guess.await.unwrap() != CodeOutcome::None);
            }

            assert_eq!(judged, 5);
        }

        async fn a_code_works_only_in_the_browser_that_asked(db: TestDb) {
            let person = an_invited_person(&db).await;

            for browser in [Some(&b"another browser"[..]), None] {
                let outcome = try_code(&db, person, browser, b"123456", LATER).await;
                assert_eq!(outcome, CodeOutcome::None);
            }

            let hers = try_code(&db, person, HER_BROWSER, b"123456", LATER).await;
            assert_eq!(hers, CodeOutcome::Good(person));
        }

        async fn who_asks_twice_may_type_either_code(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;
            issue(&mut tx, invitation(person, b"second", b"654321")).await.unwrap();
            tx.commit().await.unwrap();

            let wrong = try_code(&db, person, HER_BROWSER, b"000000", LATER).await;
            let older = try_code(&db, person, HER_BROWSER, b"123456", LATER).await;

            assert_eq!(wrong, CodeOutcome::Wrong { left: 4 });
            assert_eq!(older, CodeOutcome::Good(person));
        }

        async fn a_link_without_a_code_has_nothing_to_guess(db: TestDb) {
            let mut tx = db.begin().await;
            let person = lea(&mut tx).await;
            let by_operator =
                Invitation { code_hash: None, asked_by: None, ..invitation(person, b"token", b"") };
            issue(&mut tx, by_operator).await.unwrap();

            let guess = redeem_code(&mut tx, person, None, b"", LATER).await;

            assert_eq!(guess, Ok(CodeOutcome::None));
            let open = peek(&mut tx, b"token", LATER).await.unwrap().unwrap();
            assert_eq!(open.asked_by, None);
        }

        async fn mails_are_counted_and_old_ones_forgotten(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;
            let late = Invitation {
                made_at: LATER,
                expires_at: Timestamp(TOO_LATE.get() + 1),
                ..invitation(person, b"late", b"1")
            };
            issue(&mut tx, late).await.unwrap();
            assert_eq!(count_since(&mut tx, person, NOON).await, Ok(2));
            assert_eq!(count_since(&mut tx, person, LATER).await, Ok(1));

            let forgotten = forget(&mut tx, Timestamp(TOO_LATE.get() + 1)).await;

            assert_eq!(forgotten, Ok(1));
            assert_eq!(count_since(&mut tx, person, NOON).await, Ok(1));
        }

        async fn links_that_were_taken_back_open_nothing(db: TestDb) {
            let person = an_invited_person(&db).await;
            let mut tx = db.begin().await;

            assert_eq!(revoke_of(&mut tx, person).await, Ok(1));

            assert_eq!(redeem(&mut tx, b"token", LATER).await, Ok(None));
            assert_eq!(revoke_of(&mut tx, person).await, Ok(0));
        }

        async fn nobody_is_invited_who_is_not_there(db: TestDb) {
            let mut tx = db.begin().await;

            let issued = issue(&mut tx, invitation(PersonId(404), b"token", b"1")).await;

            assert!(matches!(issued, Err(StoreError::Conflict(Conflict::Rule(_)))), "{issued:?}");
        }
    }
}
