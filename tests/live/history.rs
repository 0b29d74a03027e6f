//! Something earlier, written again: as an edit of today, told to everybody, and taken back like any other.

use tablee_domain::ids::{ImportId, Revision, RowId};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Edit, Origin, Plain};
use tablee_live::protocol::ServerSays;
use tablee_live::{Done, Notice, Restore, RoomError};
use tablee_storage::{both_engines, history, tables};
use yrs::Map;

use crate::tab::{House, Tab, Who, map_at};

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

async fn restores(house: &House, who: &Who, what: Restore) -> Done {
    let room = house.rooms.open("formations").await.unwrap();
    room.restore(who.actor(), what, false).await.unwrap()
}

/// What history tells, newest first.
async fn told(house: &House) -> Vec<Edit> {
    let mut tx = house.db.read().await;
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    let filter = history::Filter::default();
    let page = history::page(&mut tx, table, &filter, None, 1_000).await.unwrap();
    page.into_iter().map(|entry| entry.edit).collect()
}

fn notices(tab: &Tab) -> Vec<&Notice> {
    tab.said
        .iter()
        .filter_map(|says| match says {
            ServerSays::Notice(notice) => Some(notice),
            _ => None,
        })
        .collect()
}

/// An import with two rows, one of them there before.
async fn imports(house: &House) {
    house
        .writes(Origin::Import(ImportId(7)), |writing| {
            writing.set(&row("rang1"), "niveau", "expert".into());
            writing.add_row(&row("importe1"), "p", None, [("intitule".into(), "Un".into())].into());
            writing.add_row(
                &row("importe2"),
                "q",
                None,
                [("intitule".into(), "Deux".into())].into(),
            );
        })
        .await;
}

both_engines! {
    async fn a_row_that_is_restored_is_an_edit_that_everybody_sees_and_is_told_of(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let mut member = nour.opens(&house).await;
        member.adds_row("rang1", "Animer une réunion");
        member.until_saved().await;
        let then = house.table().await;
        member.sets("rang1", "niveau", "expert");
        member.sets("rang1", "url", "https://exemple.fr/");
        member.adds_row("rang2", "D'à côté");
        member.until_saved().await;

        let done = restores(&house, &lea, Restore::Row { row: row("rang1"), to: then.revision }).await;
        member.until(|tab| !notices(tab).is_empty()).await;

        assert_eq!((done.restored.changed, done.revision), (2, house.table().await.revision));
        assert_eq!(house.table().await.values.rows[0], then.values.rows[0]);
        assert_eq!(member.text("rang1", "niveau"), "null", "it was cleared in the open tab too");
        let notice = notices(&member)[0];
        assert_eq!((notice.key.as_str(), notice.by.as_deref(), notice.cells), ("restored", Some("Léa"), Some(2)));
        let last = told(&house).await.remove(0);
        assert_eq!((last.origin, last.actor, last.revision), (Origin::Restore, Some(lea.id()), done.revision));
        assert_eq!(house.cell("rang2", "intitule").await, "D'à côté");
    }

    async fn a_restore_is_taken_back_where_nobody_wrote_since(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Avant");
        tab.until_saved().await;
        let then = house.table().await.revision;
        tab.sets("rang1", "niveau", "expert");
        tab.sets("rang1", "url", "https://exemple.fr/");
        tab.adds_row("rang2", "Depuis");
        tab.until_saved().await;

        let done = restores(&house, &lea, Restore::Moment(then)).await;
        tab.until(|tab| tab.text("rang1", "niveau") == "null").await;
        tab.sets("rang1", "niveau", "initiation");
        tab.until_saved().await;
        let (from, to) = (done.revision, done.revision);
        let back = restores(&house, &lea, Restore::TakeBack { from, to }).await;

        assert_eq!(back.restored.kept, [(row("rang1"), "niveau".to_owned())]);
        assert_eq!(house.cell("rang1", "niveau").await, "initiation");
        assert_eq!(house.cell("rang1", "url").await, "https://exemple.fr/");
        let table = house.table().await;
        assert!(table.values.rows.iter().all(|row| !row.deleted), "out of the bin again");
    }

    async fn a_restore_names_its_own_update_and_not_that_of_somebody_in_the_same_commit(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Animer");
        tab.bins("rang1");
        tab.adds_row("rang2", "À côté");
        tab.until_saved().await;
        let room = house.rooms.open("formations").await.unwrap();

        let what = Restore::RowFromBin { row: row("rang1") };
        let work = |writing: &mut tablee_document::Writing<'_>| writing.set(&row("rang2"), "niveau", "expert".into());
        let (restored, written) = tokio::join!(
            room.restore(lea.actor(), what, false),
            room.write(Actor::Program, Origin::Command, work),
        );

        let (done, (_, other)) = (restored.unwrap(), written.unwrap());
        assert_eq!(other.get(), done.revision.get() + 1, "each has its own");
        let (from, to) = (done.revision, done.revision);
        let back = restores(&house, &lea, Restore::TakeBack { from, to }).await;
        assert_eq!(back.restored.rows.into_iter().collect::<Vec<_>>(), [row("rang1")]);
        assert_eq!(house.cell("rang2", "niveau").await, "expert", "somebody else's work stays");
    }

    async fn a_row_comes_back_out_of_the_bin(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Animer");
        tab.bins("rang1");
        tab.until_saved().await;

        let done = restores(&house, &lea, Restore::RowFromBin { row: row("rang1") }).await;
        let again = restores(&house, &lea, Restore::RowFromBin { row: row("rang1") }).await;

        assert!(!house.table().await.values.rows[0].deleted);
        assert_eq!((done.restored.changed, again.restored.changed), (1, 0));
        assert_eq!(again.revision, done.revision, "what changes nothing is no update");
    }

    async fn an_import_is_taken_back_but_for_rows_in_which_somebody_worked_since(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Avant");
        tab.until_saved().await;
        imports(&house).await;
        tab.until(|tab| tab.text("importe2", "intitule") == "Deux").await;
        tab.sets("importe2", "niveau", "expert");
        tab.until_saved().await;

        let done = restores(&house, &lea, Restore::Import(ImportId(7))).await;

        assert_eq!(house.cell("rang1", "niveau").await, "null");
        let table = house.table().await;
        let binned: Vec<_> = table.values.rows.iter().filter(|row| row.deleted).map(|row| row.id.as_str()).collect();
        assert_eq!(binned, ["importe1"]);
        assert_eq!(done.restored.kept[0], (row("importe2"), String::new()));
    }

    async fn a_dry_run_says_what_would_be_done_and_does_nothing(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Avant");
        tab.until_saved().await;
        let then = house.table().await.revision;
        imports(&house).await;
        tab.until(|tab| tab.text("importe2", "intitule") == "Deux").await;
        let (before, seen) = (house.everything().await, tab.updates_seen);
        let room = house.rooms.open("formations").await.unwrap();

        let rehearsed = room.restore(lea.actor(), Restore::Moment(then), true).await.unwrap();
        let unchanged = house.everything().await == before;
        let done = room.restore(lea.actor(), Restore::Moment(then), false).await.unwrap();
        tab.until(|tab| !notices(tab).is_empty()).await;

        assert!(unchanged);
        assert_eq!(rehearsed.restored, done.restored);
        assert_eq!(done.restored.changed, 3);
        assert_eq!((tab.updates_seen, notices(&tab).len()), (seen + 1, 1), "one restore was told");
    }

    async fn nothing_is_restored_from_what_is_not_kept(db: TestDb) {
        let house = House::open(&db).await;
        let room = house.rooms.open("formations").await.unwrap();

        for to in [Revision(0), Revision(99)] {
            let restored = room.restore(Actor::Program, Restore::Moment(to), false).await;
            assert!(matches!(restored, Err(RoomError::NoSuchMoment)), "{restored:?}");
        }
    }

    async fn a_value_that_was_admitted_and_lost_to_another_is_told_as_lost(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Pilot).await);
        let (mut one, mut two) = (lea.opens(&house).await, nour.opens(&house).await);
        one.adds_row("rang1", "Animer");
        one.until_saved().await;
        two.until(|tab| tab.updates_seen == 1).await;
        // Of two values written at once, that of the greater writer stands.
        if one.writer() < two.writer() {
            std::mem::swap(&mut one, &mut two);
        }

        let late = two.edits(|txn, rows| {
            map_at(txn, rows, "rang1").insert(txn, "niveau", "perdue");
        });
        one.sets("rang1", "niveau", "gagnante");
        one.until_saved().await;
        two.sends_update(&late);
        two.until_saved().await;

        assert_eq!(house.cell("rang1", "niveau").await, "gagnante");
        let last = told(&house).await.remove(0);
        assert_eq!((last.lost, last.before, last.after), (true, Plain::text("gagnante"), Plain::text("perdue")));
    }

    async fn what_one_person_types_in_one_cell_within_minutes_is_one_entry(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Animer");
        for letters in ["i", "in", "initi", "initiation"] {
            tab.sets("rang1", "niveau", letters);
            tab.until_saved().await;
        }
        house.clock.go_on(std::time::Duration::from_mins(6));
        tab.sets("rang1", "niveau", "expert");
        tab.until_saved().await;

        let entries: Vec<_> = told(&house)
            .await
            .into_iter()
            .filter(|edit| edit.key == "niveau")
            .map(|edit| (edit.before, edit.after))
            .collect();
        assert_eq!(entries, [("initiation".into(), "expert".into()), (Plain::Null, "initiation".into())]);
    }
}
