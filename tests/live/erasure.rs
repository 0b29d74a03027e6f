//! Erased means erased: from every place that holds a copy, and no tab brings it back.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use tablee_domain::ids::{ColumnId, Epoch, ImportId, RowId};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain, ToErase};
use tablee_live::erasing::Place;
use tablee_live::protocol::ServerSays;
use tablee_live::verify::verify;
use tablee_live::{Restore, RoomError, moments};
use tablee_storage::testing::{Fault, NOON, TestDb};
use tablee_storage::{
    both_engines, day_values, erasures, history, revisions, settings, snapshots, tables,
};

use crate::tab::{House, Tab, Who};

/// The words that must go, and never stood anywhere else.
const CANARY: &str = "Zoé Ferrand";

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

fn words() -> ToErase {
    ToErase { words: vec![CANARY.to_owned()], ..ToErase::default() }
}

/// The words in every place that holds a copy: live, in the bin, own words, overwritten, in the log, in
/// a snapshot, in the values of a day.
async fn a_house_full_of_it(db: &TestDb) -> (House, Who, Tab) {
    let house = House::open(db).await;
    let lea = house.person("Léa", Role::Pilot).await;
    let mut tab = lea.opens(&house).await;
    tab.adds_row("rang1", &format!("Demander {CANARY}"));
    tab.adds_row("rang2", &format!("{CANARY}, au panier"));
    tab.adds_row("rang3", "Rien à cacher");
    tab.sets("rang3", "url", &format!("https://exemple.fr/{CANARY}"));
    tab.sets("rang3", "url", "https://exemple.fr/");
    tab.bins("rang2");
    tab.until_saved().await;
    house
        .writes(Origin::Import(ImportId(1)), |writing| {
            let said = Plain::text(format!("deux jours avec {}", CANARY.to_uppercase()));
            writing.set(&row("rang3"), "duree_heures~said", said);
        })
        .await;
    house.clock.go_on(Duration::from_hours(24));
    tab.sets("rang1", "niveau", "expert");
    tab.until_saved().await;
    drop(tab);
    // A stop leaves a snapshot.
    let house = house.again().await;
    let tab = lea.opens(&house).await;
    house.table().await;
    (house, lea, tab)
}

fn count(places: &[Place], what: &str) -> i64 {
    let found = places.iter().find(|place| place.what == what);
    found.unwrap_or_else(|| panic!("no place `{what}` in {places:?}")).count
}

/// All that the database holds of the table, as text.
async fn all_bytes(db: &TestDb) -> String {
    let mut tx = db.read().await;
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    let mut all = String::new();
    for extent in revisions::epochs(&mut tx, table).await.unwrap() {
        let log =
            revisions::since(&mut tx, table, extent.epoch, extent.first, 9_999).await.unwrap();
        let first =
            revisions::since(&mut tx, table, extent.epoch, tablee_domain::ids::Revision(0), 1);
        for line in first.await.unwrap().iter().chain(&log) {
            all.push_str(&String::from_utf8_lossy(&line.update));
        }
        for snapshot in snapshots::kept(&mut tx, table, extent.epoch).await.unwrap() {
            all.push_str(&String::from_utf8_lossy(&snapshot.bytes));
        }
    }
    let told =
        history::page(&mut tx, table, &history::Filter::default(), None, 9_999).await.unwrap();
    write!(all, "{told:?}").unwrap();
    for day in day_values::all(&mut tx, table).await.unwrap() {
        let moment = moments::at_time(db.store(), "formations", day.at).await.unwrap();
        write!(all, "{:?}", moment.values).unwrap();
    }
    all
}

fn is_said(text: &str) -> bool {
    text.to_lowercase().contains(&CANARY.to_lowercase())
}

both_engines! {
    async fn a_snapshot_that_comes_late_does_not_bring_back_what_was_erased(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Pilot).await);
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", &format!("Demander {CANARY}"));
        tab.until_saved().await;
        // Her writer is reserved, and not yet on disk when the room closes.
        let mut reader = nour.opens(&house).await;
        let before = house.rooms.open("formations").await.unwrap();
        tab.leaves().await;
        reader.leaves().await;
        let busy = db.begin().await;
        before.rest().await.unwrap();
        before.closed().await;

        let room = house.rooms.open("formations").await.unwrap();
        let erasing = tokio::spawn(async move { room.erase(Actor::Program, &words()).await });
        // Nobody tells that it waits for the disk. Where it does not yet, the snapshot is not late this time.
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(busy);
        erasing.await.unwrap().unwrap();
        house.rooms.stop().await;

        assert!(!is_said(&all_bytes(&db).await));
        let mut tx = db.read().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
        assert_eq!(snapshots::kept(&mut tx, table, Epoch(1)).await.unwrap(), []);
    }

    async fn what_is_erased_is_in_no_place_any_more(db: TestDb) {
        let (house, lea, tab) = a_house_full_of_it(&db).await;
        assert!(is_said(&all_bytes(&db).await), "the search finds what is there");

        let before = house.rooms.erase_places("formations", &words()).await.unwrap();
        let room = house.rooms.open("formations").await.unwrap();
        let erased = room.erase(lea.actor(), &words()).await.unwrap();
        let after = house.rooms.erase_places("formations", &words()).await.unwrap();

        for (what, least) in [("live", 2), ("bin", 1), ("history", 3), ("log", 8), ("snapshots", 1), ("day-values", 1)] {
            assert!(count(&before, what) >= least, "{what}: {before:?}");
            assert_eq!(count(&erased.places, what), count(&before, what), "{what}: as the dry run said");
            assert!(what == "log" || count(&after, what) == 0, "{what}: {after:?}");
        }
        assert_eq!((erased.epoch, count(&after, "log")), (Epoch(2), 1), "the log begins anew");
        assert!(!is_said(&all_bytes(&db).await));
        assert_eq!(house.cell("rang1", "intitule").await, "Demander [effacé]");
        assert_eq!(house.cell("rang3", "intitule").await, "Rien à cacher");
        drop(tab);
        house.rooms.stop().await;
        verify(db.store(), "formations").await.unwrap();
        assert_eq!(db_files_that_say_it(&db), Vec::<String>::new());
    }

    async fn what_the_disk_could_not_rub_out_is_rubbed_out_at_the_next_start(db: TestDb) {
        let (house, lea, _) = a_house_full_of_it(&db).await;
        house.rooms.open("formations").await.unwrap().erase(lea.actor(), &words()).await.unwrap();
        assert!(!house.rooms.rub_out_what_is_owed().await.unwrap(), "the erasure did it itself");

        let mut tx = db.begin().await;
        settings::set(&mut tx, "rubbing_out_owed", "yes").await.unwrap();
        tx.commit().await.unwrap();

        assert!(house.rooms.rub_out_what_is_owed().await.unwrap());
        assert!(!house.rooms.rub_out_what_is_owed().await.unwrap());
    }

    async fn every_tab_loads_anew_and_the_old_one_brings_nothing_back(db: TestDb) {
        let (house, lea, mut tab) = a_house_full_of_it(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut stock = nour.knocks(&house, false, None).await;
        stock.until_synced().await;
        let epoch = tab.hello.clone().unwrap().epoch;
        let room = house.rooms.open("formations").await.unwrap();

        let what = words();
        let (erased, codes) = tokio::join!(room.erase(lea.actor(), &what), async {
            (tab.until_closed().await, stock.until_closed().await)
        });
        erased.unwrap();
        let before = house.everything().await;
        let mut ours = lea.comes_back(&house, &tab.doc, true, Some(epoch)).await;
        let mut unnamed = lea.comes_back(&house, &tab.doc, true, None).await;
        let mut theirs = nour.comes_back(&house, &stock.doc, false, None).await;
        let refused =
            [ours.until_closed().await, unnamed.until_closed().await, theirs.until_closed().await];

        assert_eq!(codes, (4409, 4409));
        assert!(tab.said.iter().any(|says| matches!(says, ServerSays::Reload { .. })));
        assert!(stock.said.is_empty(), "a stock tab knows no frame of ours");
        assert_eq!(refused, [4409, 4403, 4403]);
        assert_eq!(house.everything().await, before);
        let fresh = lea.opens(&house).await;
        assert_eq!(fresh.text("rang1", "niveau"), "");
        assert_eq!(house.cell("rang1", "niveau").await, "expert", "it stands in what the epoch began with");
    }

    async fn rows_and_cells_go_by_name_and_the_journal_knows_no_words(db: TestDb) {
        let (house, lea, tab) = a_house_full_of_it(&db).await;
        let url = ColumnId::new("url").unwrap();
        let what = ToErase { rows: vec![row("rang2")], cells: vec![(row("rang3"), url.clone())], ..words() };
        let room = house.rooms.open("formations").await.unwrap();

        let erased = room.erase(lea.actor(), &what).await.unwrap();

        let table = house.table().await;
        let left: Vec<_> = table.values.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(left, ["rang1", "rang3"]);
        assert_eq!(house.cell("rang3", "url").await, "null");
        let mut tx = db.read().await;
        let id = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
        let journal = erasures::all(&mut tx, id).await.unwrap().remove(0);
        assert_eq!((journal.asked_by, journal.at, &journal.rows), (Some(lea.id()), erased.at, &what.rows));
        let cell = |row_id: &str, column: &str| (row(row_id), ColumnId::new(column).unwrap());
        let cells = [cell("rang3", "url"), cell("rang1", "intitule"), cell("rang3", "duree_heures")];
        assert_eq!(journal.cells, cells, "where the words stood");
        assert_eq!(erased.journal, ToErase { words: Vec::new(), cells: cells.into(), ..what });
        drop(tab);
    }

    async fn a_moment_before_an_erasure_is_had_again_without_what_went(db: TestDb) {
        let (house, lea, tab) = a_house_full_of_it(&db).await;
        let room = house.rooms.open("formations").await.unwrap();
        room.erase(lea.actor(), &words()).await.unwrap();

        let yesterday = moments::at_time(db.store(), "formations", NOON).await.unwrap();
        let room = house.rooms.open("formations").await.unwrap();
        let restored = room.restore(lea.actor(), Restore::Moment(yesterday.revision), false).await;

        assert!(!yesterday.exact && !is_said(&format!("{:?}", yesterday.values)));
        assert_eq!(yesterday.values.rows[0].text("intitule"), "Demander [effacé]");
        assert!(matches!(restored, Err(RoomError::NoSuchMoment)), "{restored:?}");
        drop(tab);
    }

    async fn an_erasure_that_is_not_written_down_erased_nothing_and_says_so(db: TestDb) {
        let (house, _lea, mut tab) = a_house_full_of_it(&db).await;
        let before = house.everything().await;
        let room = house.rooms.open("formations").await.unwrap();

        db.store().next_commit(Fault::Fails);
        let what = words();
        let (failed, code) = tokio::join!(room.erase(Actor::Program, &what), tab.until_closed());
        let kept = house.everything().await;
        let room = house.rooms.open("formations").await.unwrap();
        db.store().next_commit(Fault::EndUnknown);
        let unknown = room.erase(Actor::Program, &words()).await;

        assert!(failed.is_err() && code == 4500, "tabs come back to the same epoch: {failed:?} {code}");
        assert_eq!(kept, before);
        assert!(unknown.is_err(), "nobody says that it was done");
        assert!(!is_said(&all_bytes(&db).await), "but it was, and whoever looks sees it");
    }
}

/// The files of the database in which the words stand.
fn db_files_that_say_it(db: &TestDb) -> Vec<String> {
    let Some(file) = db.url().strip_prefix("sqlite://") else { return Vec::new() };
    let folder = Path::new(file).parent().unwrap();
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files
        .filter(|file| {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            [CANARY.to_owned(), CANARY.to_uppercase()]
                .iter()
                .any(|words| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
        })
        .map(|file| file.path().display().to_string())
        .collect()
}
