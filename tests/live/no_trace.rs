//! Every reason to refuse, through the room: none leaves a trace in the table, the log, history or the network.

use std::collections::BTreeSet;

use tablee_document::Refusal;
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::people::{Forbidden, MembersEdit, Role};
use tablee_domain::table::{Origin, Plain, defaults};
use tablee_live::protocol::{self, AwarenessEntry, ServerSays};
use tablee_live::{RoomConfig, protocol::TabSays};
use tablee_storage::both_engines;
use yrs::updates::decoder::Decode;
use yrs::{Doc, Map, MapPrelim, Options, ReadTxn, StateVector, Text, Transact, Update};

use crate::tab::{House, Tab, map_at, text_at};

/// How a hostile update is made, by a tab that has the table.
type Attack = fn(&Tab, &Tab) -> Vec<u8>;

/// Each reason with an update that meets it; those of forbidden changes carry allowed ones beside.
const ATTACKS: [(&str, Attack); 13] = [
    ("malformed", |_, _| vec![1, 1, 255, 255]),
    ("malformed", |tab, _| {
        let mut update = edits(tab, |row| ("niveau", row.into()));
        update.push(0);
        update
    }),
    ("too-large", |tab, _| edits(tab, |_| ("niveau", "x".repeat(40_000).into()))),
    ("shape", |tab, _| edits(tab, |_| ("inconnue", "x".into()))),
    ("shape", |tab, _| edits(tab, |_| ("~base", "x".into()))),
    ("shape", |tab, _| {
        tab.edits(|txn, _| {
            let evil = yrs::WriteTxn::get_or_insert_map(txn, "evil");
            evil.insert(txn, "k", "v");
        })
    }),
    ("foreign-writer", |tab, victim| {
        let (doc, rows) = tab.forged_as(victim.writer());
        let before = doc.transact().state_vector();
        let mut txn = doc.transact_mut();
        map_at(&txn, &rows, "a_nour").insert(&mut txn, "niveau", "expert");
        drop(txn);
        doc.transact().encode_diff_v1(&before)
    }),
    ("writer-quota", |tab, _| many_writers(tab)),
    ("missing", |tab, _| {
        edits(tab, |_| ("niveau", "jamais envoyée".into()));
        edits(tab, |_| ("niveau", "expert".into()))
    }),
    ("not-own-row", |tab, _| {
        tab.edits(|txn, rows| {
            map_at(txn, rows, "a_nour").insert(txn, "niveau", "expert");
            let text = text_at(txn, rows, "a_lea", "intitule");
            text.insert(txn, 0, "Pas à moi ");
        })
    }),
    ("pilots-only", |tab, _| {
        tab.edits(|txn, rows| {
            let row = map_at(txn, rows, "a_nour");
            row.insert(txn, "niveau", "expert");
            row.insert(txn, "etat", "publiee");
        })
    }),
    ("rows-stay", |tab, _| {
        tab.edits(|txn, rows| {
            rows.remove(txn, "a_nour");
        })
    }),
    ("no-such-column", |tab, _| edits(tab, |_| ("langue/fr", true.into()))),
];

fn edits(tab: &Tab, what: impl Fn(&str) -> (&'static str, yrs::Any)) -> Vec<u8> {
    tab.edits(|txn, rows| {
        let (key, value) = what("a_nour");
        map_at(txn, rows, "a_nour").insert(txn, key, value);
    })
}

/// One update under more writers than a person may have in a day.
fn many_writers(tab: &Tab) -> Vec<u8> {
    let whole = tab.doc.transact().encode_diff_v1(&StateVector::default());
    let all = Doc::with_options(Options::with_client_id(yrs::block::ClientID::new(9_999)));
    let apply = |doc: &Doc, update: &[u8]| {
        doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    };
    apply(&all, &whole);
    let before = all.transact().state_vector();
    for writer in 0..60 {
        let (doc, rows) = tab.forged_as(10_000 + writer);
        let since = doc.transact().state_vector();
        let mut txn = doc.transact_mut();
        let row = rows.insert(&mut txn, format!("rang{writer}"), MapPrelim::default());
        row.insert(&mut txn, "~order", "m");
        drop(txn);
        apply(&all, &doc.transact().encode_diff_v1(&since));
    }
    all.transact().encode_diff_v1(&before)
}

async fn a_table(house: &House) {
    let mut langue =
        defaults::formations().into_iter().find(|it| it.id.as_str() == "langue").unwrap();
    langue.archived = true;
    house.writes(Origin::Program, move |writing| writing.add_columns(&[langue])).await;
}

fn reason(tab: &Tab) -> Option<String> {
    tab.said.iter().find_map(|says| match says {
        ServerSays::Refused { reason, .. } => Some(reason.clone()),
        _ => None,
    })
}

/// All that reached a tab by now: its answer to a question comes behind it.
async fn heard(tab: &mut Tab) -> usize {
    let before = tab.heard;
    tab.send(vec![3].into());
    tab.until(|tab| tab.heard > before).await;
    tab.heard - 1
}

both_engines! {
    async fn no_reason_to_refuse_leaves_a_trace_live_or_after_an_absence(db: TestDb) {
        let config = RoomConfig { members_edit: MembersEdit::Own, writers_a_day: 50, ..RoomConfig::default() };
        let house = House::with(&db, config).await;
        a_table(&house).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut victim, mut owner) = (lea.opens(&house).await, nour.opens(&house).await);
        victim.adds_row("a_lea", "À Léa");
        owner.adds_row("a_nour", "À Nour");
        owner.until(|tab| tab.text("a_lea", "intitule") == "À Léa").await;
        victim.until(|tab| tab.text("a_nour", "intitule") == "À Nour").await;
        let at = AwarenessEntry { writer: tablee_domain::ids::Writer(victim.writer()), clock: 1, state: "{}".into() };
        victim.send(protocol::awareness([at].iter()));
        victim.until(|tab| !tab.awareness.is_empty()).await;
        drop(owner);
        let mut reached = BTreeSet::new();

        for (expected, attack) in ATTACKS {
            for whole in [false, true] {
                let mut hostile = nour.opens(&house).await;
                hostile.until(|tab| tab.saved >= tab.sent).await;
                let (before, told) = (house.everything().await, heard(&mut victim).await + 1);
                let update = attack(&hostile, &victim);
                match (whole, expected) {
                    (true, _) => hostile.sends_step2(&update),
                    (false, "missing") => {
                        // A live edit that builds on something missing is asked for the whole once.
                        hostile.sends_update(&update);
                        hostile.sends_step2(&update);
                    }
                    (false, _) => hostile.sends_update(&update),
                }
                if whole && expected == "missing" {
                    hostile.sends_step2(&update);
                }
                let code = hostile.until_closed().await;

                assert_eq!((code, reason(&hostile).as_deref()), (4403, Some(expected)), "whole: {whole}");
                assert_eq!(heard(&mut victim).await, told, "{expected}: nobody was told");
                assert_eq!(house.everything().await, before, "{expected}");
                reached.insert(expected);
            }
        }

        // What the rules would say of `~base` admission says before: it has no place in an update of a tab.
        let rules = [Forbidden::NotOwnRow, Forbidden::PilotsOnly, Forbidden::RowsStay, Forbidden::NoSuchColumn];
        let all: BTreeSet<_> = Refusal::ALL_KEYS.into_iter().chain(rules.map(Forbidden::key)).collect();
        assert_eq!(reached, all, "{} of {} reasons reached", reached.len(), all.len());
        println!("{} of {} reasons to refuse reached, twice each", reached.len(), all.len());
    }

    async fn a_text_that_may_not_be_made_leaves_no_trace(db: TestDb) {
        let house = House::with(&db, RoomConfig { members_edit: MembersEdit::Own, ..RoomConfig::default() }).await;
        let row = RowId::new("a_personne").unwrap();
        let made = row.clone();
        house
            .writes(Origin::Command, move |writing| {
                let slots = writing.add_slots(&["resume".to_owned()]);
                writing.add_row(&made, "m", Some((slots, vec![Plain::text("Base")])), [].into());
            })
            .await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;
        let before = house.everything().await;

        let says = TabSays::MakeText { row, column: ColumnId::new("resume").unwrap() };
        tab.says(&says);
        tab.until(|tab| tab.said.iter().any(|says| matches!(says, ServerSays::Notice { .. }))).await;

        assert_eq!((house.everything().await, tab.closed, tab.updates_seen), (before, None, 0));
    }

    async fn a_quota_that_is_used_up_is_so_after_a_restart_too_and_for_a_day_only(db: TestDb) {
        let house = House::with(&db, RoomConfig { writers_a_day: 3, ..RoomConfig::default() }).await;
        let nour = house.person("Nour", Role::Member).await;
        for _ in 0..3 {
            nour.opens(&house).await;
        }
        house.table().await;
        let house = house.again().await;

        let mut turned_away = nour.opens(&house).await;
        let code = turned_away.until_closed().await;
        house.clock.go_on(std::time::Duration::from_hours(24));
        let welcome = nour.opens(&house).await;

        assert_eq!((code, welcome.closed), (1013, None));
    }
}
