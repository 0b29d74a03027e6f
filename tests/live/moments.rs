//! A random run of edits, and any moment of it, restored.
//!
//! `TABLEE_EDITS` and `TABLEE_MOMENTS` make it longer, `TABLEE_SEED` another one.

use std::sync::Arc;

use tablee_domain::ids::{Revision, RowId};
use tablee_domain::people::Role;
use tablee_domain::table::{Origin, Plain, Row, TableValues};
use tablee_live::verify::verify;
use tablee_live::{Restore, Visible, moments};
use tablee_storage::both_engines;
use yrs::{Any, Text};

use crate::chance::{Dice, from_env};
use crate::tab::{House, Tab, text_at};

const TITLES: [&str; 5] = ["Animer", "L’eau 💧", "", "Débattre, décider", "Écouter\nautrement"];

/// One step of the run: a tab types, or the server writes.
async fn step(house: &House, tab: &mut Tab, dice: &mut Dice) {
    let at = dice.below(30);
    let id = format!("rang{at}");
    let there = tab.has_row(&id);
    match dice.below(10) {
        _ if !there => tab.adds_row(&id, TITLES[dice.below(5)]),
        0 => tab.bins(&id),
        1 if tab.text(&id, "~deleted").contains("at") => tab.unbins(&id),
        2 => return the_server_writes(house, tab, dice, &id).await,
        3..6 => {
            let (word, end) = (TITLES[dice.below(5)].to_owned(), dice.below(2) == 0);
            let start = dice.below(3) as u32;
            tab.writes(|txn, rows| {
                let text = text_at(txn, rows, &id, "intitule");
                let length = text.len(txn);
                if end || start + 1 > length {
                    text.insert(txn, length, &word);
                } else {
                    // Never between the halves of a pair.
                    text.remove_range(txn, 0, if length > 100 { length } else { 0 });
                    text.insert(txn, 0, &word);
                }
            });
        }
        6 => tab.puts(&id, "themes/eau", [Any::Bool(true), Any::Null][dice.below(2)].clone()),
        7 => tab.puts(&id, "niveau", Any::Null),
        8 => tab.sets(&id, "~order", &format!("m{}", dice.below(50))),
        _ => tab.sets(&id, "niveau", &format!("niveau{}", dice.below(4))),
    }
    tab.until_saved().await;
}

async fn the_server_writes(house: &House, tab: &mut Tab, dice: &mut Dice, id: &str) {
    let (id, title, number) = (RowId::new(id).unwrap(), dice.below(5), dice.below(9) as f64);
    let seen = tab.updates_seen;
    let changed = house
        .writes(Origin::Command, move |writing| {
            let said = writing.set(&id, "duree_heures~said", Plain::text(TITLES[title]));
            let changed = writing.set(&id, "duree_heures", Plain::Number(number));
            let text = writing.set(&id, "resume", Plain::text(TITLES[title]));
            said || changed || text
        })
        .await;
    if changed {
        tab.until(|tab| tab.updates_seen > seen).await;
    }
}

fn find<'t>(table: &'t TableValues, id: &RowId) -> Option<&'t Row> {
    table.rows.iter().find(|row| row.id == *id)
}

/// The rows of then say what they said then, and those made since are in the bin.
fn says_as_then(now: &Visible, then: &Visible) {
    for row in &now.values.rows {
        match find(&then.values, &row.id) {
            Some(then) => assert_eq!(row, then),
            None => assert!(row.deleted, "{row:?} was made since"),
        }
    }
    assert!(now.values.rows.len() >= then.values.rows.len());
}

both_engines! {
    async fn any_moment_of_a_run_is_had_again_and_can_be_restored_and_taken_back(db: TestDb) {
        let (edits, recorded) = (from_env("TABLEE_EDITS", 1_000), from_env("TABLEE_MOMENTS", 20));
        let mut dice = Dice::of_env(3);
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        let mut then: Vec<Arc<Visible>> = Vec::new();
        for number in 0..edits {
            step(&house, &mut tab, &mut dice).await;
            if dice.below(edits - number) < recorded - then.len().min(recorded) {
                then.push(house.table().await);
            }
        }
        dice.shuffle(&mut then);
        let room = house.rooms.open("formations").await.unwrap();

        for moment in &then {
            let kept = moments::at_revision(db.store(), "formations", moment.revision).await.unwrap();
            assert_eq!(kept.values.rows, moment.values.rows, "seed {}", dice.seed);
            let before = house.table().await;
            let done = room.restore(lea.actor(), Restore::Moment(moment.revision), false).await.unwrap();
            says_as_then(&*house.table().await, moment);
            if done.revision > before.revision && dice.below(2) == 0 {
                let Revision(number) = done.revision;
                let back = Restore::TakeBack { from: Revision(number), to: Revision(number) };
                let back = room.restore(lea.actor(), back, false).await.unwrap();
                assert!(back.restored.kept.is_empty());
                assert_eq!(house.table().await.values.rows, before.values.rows, "seed {}", dice.seed);
            }
        }

        println!("{} of {} moments of a run of {edits} edits restored", then.len(), then.len());
        assert_eq!(then.len(), recorded);
        drop(tab);
        house.rooms.stop().await;
        verify(db.store(), "formations").await.unwrap();
    }
}
