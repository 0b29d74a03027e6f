//! What goes with a person who leaves.

use sqlx::AssertSqlSafe;
use tablee_domain::table::ToErase;
use tablee_domain::table::erasure::ERASED;

use super::Person;
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::member_lists;

/// Where others may have written an address or a name: the table, the column, and one that says the same in other
/// spelling and goes whole with it.
const WRITTEN: [(&str, &str, Option<&str>); 8] = [
    ("proposal_events", "words", None),
    ("proposals", "private", None),
    ("proposals", "reason", None),
    ("mails", "subject", None),
    ("mails", "body_text", Some("body_html")),
    ("mails", "body_html", None),
    ("mail_news", "words", None),
    ("saved_reasons", "words", None),
];
/// How many lines are in memory at a time.
const PIECE: i64 = 256;

/// Takes a person out of all places but their own line.
pub(super) async fn forget(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    // What they asked for stays, as what an unknown person asked for; its key is free of theirs.
    const DISOWN: [&str; 6] = [
        "delete from row_owners where person_id = $1",
        "update confirmations set person_id = null where person_id = $1",
        "update proposal_events set words = $2
            where actor = 'author'
            and words is not null
            and proposal_id in (select id from proposals where author = $1 or author_email = $3)",
        "delete from follow_links
            where proposal_id in (select id from proposals where author_email = $3)",
        "update proposals
            set author = null, author_email = null, author_name = null, private = null,
                key_of_client = 'gone-' || cast(id as text), version = version + 1
            where author = $1
            or author_email = $3",
        "delete from mails where person_id = $1 or recipient = $3",
    ];

    for text in DISOWN {
        on_engine!(tx, conn => {
            sqlx::query(text)
                .bind(person.id.get()).bind(ERASED).bind(&person.email)
                .execute(&mut **conn).await?;
        });
    }
    for (table, column, twin) in WRITTEN {
        rub_out(tx, person, (table, column, twin)).await?;
    }
    forget_lists(tx, person).await
}

/// Lists of members that name them are forgotten whole: who was added by one stays.
async fn forget_lists(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    const ALL: &str = "select id, file_name, content from member_lists";

    let lists: Vec<(i64, String, String)> =
        on_engine!(tx, conn => sqlx::query_as(ALL).fetch_all(&mut **conn).await?);
    for (id, file_name, content) in lists {
        if without(person, &file_name).or_else(|| without(person, &content)).is_some() {
            member_lists::remove(tx, id).await?;
        }
    }
    Ok(())
}

/// Rubs an address and a name out of one column of texts.
async fn rub_out(
    tx: &mut Tx,
    person: &Person,
    (table, column, twin): (&str, &str, Option<&str>),
) -> Result<(), StoreError> {
    let next = format!(
        "select id, {column} from {table} where id > $1 and {column} is not null order by id limit $2"
    );
    let twin = twin.map_or(String::new(), |twin| format!(", {twin} = null"));
    let rewrite = format!("update {table} set {column} = $1{twin} where id = $2");
    let mut after = 0;
    loop {
        let text = AssertSqlSafe(next.clone());
        let piece: Vec<(i64, String)> = on_engine!(tx, conn =>
            sqlx::query_as(text).bind(after).bind(PIECE).fetch_all(&mut **conn).await?);
        let Some((last, _)) = piece.last() else { return Ok(()) };
        after = *last;
        for (id, said) in piece {
            let Some(left) = without(person, &said) else { continue };
            let text = AssertSqlSafe(rewrite.clone());
            on_engine!(tx, conn => {
                sqlx::query(text).bind(left).bind(id).execute(&mut **conn).await?;
            });
        }
    }
}

/// A text without the address and the name of a person; none where it holds neither.
fn without(person: &Person, text: &str) -> Option<String> {
    let mut words = vec![person.email.clone()];
    let is_one_word = person.name.chars().all(char::is_alphanumeric);
    if !is_one_word {
        words.push(person.name.clone());
    }
    let left = ToErase { words, ..ToErase::default() }.redacted_text(text);
    let left = left.as_deref().unwrap_or(text);
    let left = if is_one_word { without_word(left, &person.name) } else { left.to_owned() };
    (left != text).then_some(left)
}

/// A text without a word. A first name alone may be part of any other word, which stays.
fn without_word(text: &str, word: &str) -> String {
    let word = word.to_lowercase();
    let is_gap = |letter: char| !letter.is_alphanumeric();
    let piece = |piece: &str| match piece.to_lowercase().strip_prefix(&word) {
        Some(gap) if !word.is_empty() && gap.chars().all(is_gap) => {
            let gap: String = piece.chars().skip_while(|letter| !is_gap(*letter)).collect();
            format!("{ERASED}{gap}")
        }
        _ => piece.to_owned(),
    };
    text.split_inclusive(is_gap).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mails::{self, NewMail};
    use crate::proposal_events::{self, By, Event};
    use crate::proposals::{self, Change, Kind, NewProposal, Proposal, State};
    use crate::testing::{NOON, TestDb};
    use crate::{
        Engine, both_engines, confirmations, follow_links, mail_news, mail_preferences, merges,
        owners, people, saved_reasons, sign_in, tables,
    };
    use tablee_domain::ids::{Epoch, PersonId, Revision, RowId, TableId, Timestamp};
    use tablee_domain::people::Role;

    /// In no other word of a database.
    const ADDRESS: &str = "zoe.quxferrand@exemple.fr";
    const NAME: &str = "Zoe Quxferrand";

    fn a_mail(to: &str, said: &str) -> NewMail {
        NewMail {
            to: to.into(),
            person: None,
            proposal: None,
            topic: "desk".into(),
            subject: format!("Objet {said}"),
            text: format!("Texte {said}"),
            html: format!("<p>{said}</p>"),
            not_before: NOON,
            dedupe_key: None,
            expires_at: None,
            secret: false,
        }
    }

    fn asked_by(author: PersonId, key: &str) -> NewProposal {
        NewProposal {
            private: Some(format!(r#"{{"contact":"{NAME}"}}"#)),
            ..NewProposal::of_person(Kind::New, author, key, r#"{"kind":"new","cells":{"a":1}}"#)
        }
    }

    struct Lived {
        zoe: PersonId,
        nour: PersonId,
        table: TableId,
        proposals: Vec<Proposal>,
    }

    /// A database in which Zoe left traces everywhere, beside Nour's.
    #[expect(clippy::too_many_lines, reason = "one line for each place that remembers people")]
    async fn lived(tx: &mut Tx) -> Lived {
        let table = tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id;
        let zoe = people::add(tx, ADDRESS, NAME, Role::Member, NOON).await.unwrap();
        let nour = people::add(tx, "nour@exemple.fr", "Nour", Role::Pilot, NOON).await.unwrap();
        let as_visitor = NewProposal {
            author_name: Some(NAME.into()),
            ..NewProposal::of_visitor(Kind::New, ADDRESS, "v", "{}")
        };
        let asked = [asked_by(zoe, "a"), as_visitor, asked_by(nour, "a")];
        let stored = proposals::add(tx, table, &asked, NOON).await.unwrap();
        let refuse =
            Change { reason: Some(format!("vu avec {NAME}")), ..Change::by(Some(nour), NOON) };
        for one in &stored {
            let answer = Event::Answered(format!("Appelez-moi, {NAME} ({ADDRESS})"));
            proposal_events::add(tx, one.id, NOON, By::Author, &answer).await.unwrap();
            let note = Event::Noted(format!("{NAME} insiste"));
            proposal_events::add(tx, one.id, NOON, By::Pilot(nour), &note).await.unwrap();
            proposals::transition(tx, one.id, 1, &State::ALL, State::Refused, &refuse)
                .await
                .unwrap();
        }
        let (id, scope) = (stored[1].id, follow_links::Scope::Follow);
        follow_links::issue(tx, id, b"f", scope, Timestamp(NOON.0 + 9)).await.unwrap();
        let to_zoe = NewMail { person: Some(zoe), ..a_mail("elsewhere@exemple.fr", "pour toi") };
        let mails = [to_zoe, a_mail(ADDRESS, "visiteuse"), a_mail("nour@exemple.fr", NAME)];
        for mail in &mails {
            mails::enqueue(tx, mail, NOON).await.unwrap();
        }
        let news = |person| mail_news::News {
            id: 0,
            person,
            topic: "desk".into(),
            proposal: None,
            dedupe_key: None,
            words: format!(r#"{{"of":"{NAME}"}}"#),
            at: NOON,
        };
        mail_news::add(tx, &news(zoe)).await.unwrap();
        mail_news::add(tx, &news(nour)).await.unwrap();
        let channel = mail_preferences::Channel::Daily;
        mail_preferences::set(tx, zoe, "desk", channel, NOON).await.unwrap();
        proposals::set_viewing(tx, stored[2].id, zoe, NOON).await.unwrap();
        let row = &RowId::new("r1").unwrap();
        owners::set(tx, table, row, zoe).await.unwrap();
        confirmations::add(tx, table, row, Some(zoe), NOON).await.unwrap();
        let reason = ("fr", "ask", "Demander à Zoe Quxferrand.");
        saved_reasons::set(tx, None, reason, Some(nour), NOON).await.unwrap();
        let gone = &RowId::new("r2").unwrap();
        let merge =
            merges::NewMerge { keep: row, gone, revision: Revision(1), by: Some(zoe), cells: "{}" };
        merges::add(tx, table, &merge, NOON).await.unwrap();
        let invitation = sign_in::Invitation {
            person: zoe,
            token_hash: b"t",
            code_hash: None,
            asked_by: None,
            made_at: NOON,
            expires_at: Timestamp(NOON.0 + 9),
        };
        sign_in::issue(tx, invitation).await.unwrap();
        let mut kept = Vec::new();
        for one in &stored {
            kept.push(proposals::find(tx, one.id).await.unwrap().unwrap());
        }
        Lived { zoe, nour, table, proposals: kept }
    }

    both_engines! {
        async fn what_a_person_asked_for_stays_as_nobodys(db: TestDb) {
            let mut tx = db.begin().await;
            let Lived { zoe, nour, table, proposals: there } = lived(&mut tx).await;

            assert_eq!(people::remove(&mut tx, zoe).await, Ok(true));

            assert_eq!(proposals::of_author(&mut tx, table, zoe, 9).await.unwrap(), []);
            for one in &there[..2] {
                let left = proposals::find(&mut tx, one.id).await.unwrap().unwrap();
                assert_eq!((left.author, left.author_email, left.author_name), (None, None, None));
                assert_eq!((left.private, left.payload), (None, one.payload.clone()));
                assert_eq!(left.reason.as_deref(), Some("vu avec [effacé]"));
                let told = proposal_events::of(&mut tx, one.id).await.unwrap();
                let told: Vec<_> = told.into_iter().map(|one| one.event).collect();
                let expected =
                    [Event::Answered("[effacé]".into()), Event::Noted("[effacé] insiste".into())];
                assert_eq!(told, expected);
            }
            let nours = proposals::find(&mut tx, there[2].id).await.unwrap().unwrap();
            assert_eq!((nours.author, nours.version), (Some(nour), there[2].version));
            assert_eq!(nours.private.as_deref(), Some(r#"{"contact":"[effacé]"}"#));
            assert_eq!(follow_links::find(&mut tx, b"f", NOON).await, Ok(None));
            let left = mails::due(&mut tx, NOON, 9).await.unwrap();
            assert_eq!(left.len(), 1);
            assert_eq!((left[0].subject.as_str(), left[0].html.as_str()), ("Objet [effacé]", ""));
            let row = &RowId::new("r1").unwrap();
            let said = confirmations::latest(&mut tx, table, row).await.unwrap().unwrap();
            assert_eq!(said.by, None);
        }

        async fn two_who_left_may_have_used_the_same_key(db: TestDb) {
            let mut tx = db.begin().await;
            let Lived { zoe, nour, .. } = lived(&mut tx).await;

            assert_eq!(people::remove(&mut tx, zoe).await, Ok(true));
            assert_eq!(people::remove(&mut tx, nour).await, Ok(true));
            assert_eq!(people::remove(&mut tx, nour).await, Ok(false));
        }
    }

    #[tokio::test]
    async fn no_byte_of_the_file_tells_of_who_left() {
        let db = TestDb::open(Engine::Sqlite).await.unwrap();
        let mut tx = db.begin().await;
        let Lived { zoe, .. } = lived(&mut tx).await;
        tx.commit().await.unwrap();
        db.store().scrub().await.unwrap();
        assert!(holds(&db, "quxferrand") && holds(&db, "insiste"));

        let mut tx = db.begin().await;
        people::remove(&mut tx, zoe).await.unwrap();
        tx.commit().await.unwrap();
        db.store().scrub().await.unwrap();

        assert!(!holds(&db, "quxferrand"), "their name or address");
        assert!(holds(&db, "insiste"), "what others wrote stays");
        db.remove().await;
    }

    /// Whether a word stands in any file of the database, in any case.
    fn holds(db: &TestDb, word: &str) -> bool {
        let file = std::path::Path::new(db.url().strip_prefix("sqlite://").unwrap());
        let mut files = std::fs::read_dir(file.parent().unwrap()).unwrap();
        files.any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap().to_ascii_lowercase();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        })
    }

    #[test]
    fn a_first_name_is_rubbed_out_where_it_stands_alone() {
        assert_eq!(
            without_word("Ana analyse. (ANA) d'Ana", "Ana"),
            "[effacé] analyse. ([effacé]) d'[effacé]"
        );
        assert_eq!(without_word("Anaïs", "Ana"), "Anaïs");
        assert_eq!(without_word("rien", ""), "rien");
    }
}
