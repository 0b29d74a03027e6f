//! A text is made once, by the server, whoever opens the cell first.

use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain};
use tablee_live::protocol::{ServerSays, TabSays};
use tablee_storage::both_engines;
use yrs::{Map, Text, TextPrelim};

use crate::tab::{House, Tab, map_at, text_at, types};

fn asks_for_text(tab: &Tab, row: &str, column: &str) {
    let (row, column) = (RowId::new(row).unwrap(), ColumnId::new(column).unwrap());
    tab.says(&TabSays::MakeText { row, column });
}

fn has_text(tab: &Tab) -> bool {
    tab.said.iter().any(|says| matches!(says, ServerSays::TextMade { .. }))
}

/// A row whose title stands in its base: nobody has edited it.
async fn imported(house: &House) {
    let room = house.rooms.open("formations").await.unwrap();
    let row = RowId::new("rang1").unwrap();
    let made = room.write(Actor::Program, Origin::Command, move |writing| {
        let slots = writing.add_slots(&["intitule".to_owned()]);
        writing.add_row(&row, "m", Some((slots, vec![Plain::text("Titre")])), [].into());
    });
    made.await.unwrap();
}

both_engines! {
    async fn two_people_who_open_one_cell_at_once_type_in_one_text(db: TestDb) {
        let house = House::open(&db).await;
        imported(&house).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        asks_for_text(&left, "rang1", "intitule");
        asks_for_text(&right, "rang1", "intitule");
        left.until(has_text).await;
        right.until(has_text).await;
        left.writes(|txn, rows| {
            let text = text_at(txn, rows, "rang1", "intitule");
            types(txn, &text, " de Léa");
        });
        right.writes(|txn, rows| {
            text_at(txn, rows, "rang1", "intitule").insert(txn, 0, "De Nour ");
        });
        left.until(|tab| tab.text("rang1", "intitule") == "De Nour Titre de Léa").await;
        right.until(|tab| tab.text("rang1", "intitule") == "De Nour Titre de Léa").await;

        assert_eq!(house.cell("rang1", "intitule").await, "De Nour Titre de Léa");
    }

    async fn a_second_text_in_one_cell_is_refused(db: TestDb) {
        let house = House::open(&db).await;
        imported(&house).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut online, mut offline) = (lea.opens(&house).await, nour.opens(&house).await);
        asks_for_text(&online, "rang1", "intitule");
        online.until(has_text).await;

        offline.writes(|txn, rows| {
            map_at(txn, rows, "rang1").insert(txn, "intitule", TextPrelim::new("Autre"));
        });

        assert_eq!(offline.until_closed().await, 4403);
        assert_eq!(house.cell("rang1", "intitule").await, "Titre");
    }

    async fn no_text_is_made_where_none_may_stand(db: TestDb) {
        let house = House::open(&db).await;
        imported(&house).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;

        asks_for_text(&tab, "rang1", "niveau");
        asks_for_text(&tab, "autre", "intitule");
        asks_for_text(&tab, "rang1", "inconnue");
        tab.until(|tab| {
            let notices = tab.said.iter().filter(|says| matches!(says, ServerSays::Notice { .. }));
            notices.count() == 3
        })
        .await;

        assert_eq!(tab.closed, None);
        assert_eq!(tab.updates_seen, 0);
    }
}
