//! What holds of any editing and of any bytes.
//!
//! `PROPTEST_CASES` says how many cases each property tries.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use tablee_domain::ids::Writer;
use tablee_domain::people::{MembersEdit, Role, RowFacts, allows};
use tablee_domain::table::{Action, Change, Place};
use yrs::types::{EntryChange, Event, PathSegment};
use yrs::updates::decoder::Decode;
use yrs::{
    Any, DeepObservable, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim,
    Transact, TransactionMut, Update,
};

use super::support::*;
use crate::layout::key_of;
use crate::{Judgement, Limits, Refusal, TableDocument};

/// One thing that a tab does. Data, so that a failing afternoon can be read.
#[derive(Debug, Clone)]
enum Step {
    Sets(u8, u8, u8),
    Unsets(u8, u8),
    MakesText(u8, u8),
    Types(u8, u8, u8),
    Erases(u8, u8, u8),
    AddsRow(u8),
    RemovesRow(u8),
}

const SCALARS: [&str; 4] = ["ville", "themes/eau", "heures~said", "~deleted"];
const TEXTS: [&str; 2] = ["titre", "notes"];

fn step() -> impl Strategy<Value = Step> {
    let (row, key, value) = (|| 0u8..5, || 0u8..4, any::<u8>);
    prop_oneof![
        6 => (row(), key(), value()).prop_map(|(row, key, value)| Step::Sets(row, key, value)),
        2 => (row(), key()).prop_map(|(row, key)| Step::Unsets(row, key)),
        1 => (row(), key()).prop_map(|(row, key)| Step::MakesText(row, key)),
        5 => (row(), key(), value()).prop_map(|(row, key, at)| Step::Types(row, key, at)),
        3 => (row(), key(), value()).prop_map(|(row, key, at)| Step::Erases(row, key, at)),
        1 => row().prop_map(Step::AddsRow),
    ]
}

/// Steps of which some are nobody's honest work.
fn wild_step() -> impl Strategy<Value = Step> {
    prop_oneof![8 => step(), 1 => (0u8..5).prop_map(Step::RemovesRow)]
}

fn value_for(key: &str, value: u8) -> Any {
    match key {
        "themes/eau" | "~deleted" if value.is_multiple_of(2) => Any::Null,
        "themes/eau" => true.into(),
        "~deleted" => Any::from(std::collections::HashMap::from([("at".to_owned(), Any::from(7))])),
        _ => format!("v{value}").into(),
    }
}

fn act(tab: &Tab, steps: &[Step], honest: bool) -> Vec<u8> {
    tab.edits(|txn, rows| steps.iter().for_each(|step| act_once(txn, rows, step, honest)))
}

fn act_once(txn: &mut TransactionMut<'_>, rows: &MapRef, step: &Step, honest: bool) {
    let row = |row: u8| format!("r{row}");
    let map = |txn: &TransactionMut<'_>, row: String| match rows.get(txn, &row) {
        Some(Out::YMap(map)) => Some(map),
        _ => None,
    };
    let text = |txn: &TransactionMut<'_>, row: String, key: u8| match map(txn, row)?
        .get(txn, TEXTS[key as usize % 2])
    {
        Some(Out::YText(text)) => Some(text),
        _ => None,
    };
    match *step {
        Step::Sets(r, key, value) => {
            let key = SCALARS[key as usize];
            if let Some(map) = map(txn, row(r)) {
                map.insert(txn, key, value_for(key, value));
            }
        }
        Step::Unsets(r, key) => {
            if let Some(map) = map(txn, row(r)) {
                map.remove(txn, SCALARS[key as usize]);
            }
        }
        Step::MakesText(r, key) => {
            if let (Some(map), true) =
                (map(txn, row(r)), !honest || text(txn, row(r), key).is_none())
            {
                map.insert(txn, TEXTS[key as usize % 2], TextPrelim::new("né🎉"));
            }
        }
        Step::Types(r, key, at) => {
            if let Some(text) = text(txn, row(r), key) {
                let letters = text.get_string(txn);
                let chars: Vec<char> = letters.chars().collect();
                let before = &chars[..at as usize % (chars.len() + 1)];
                let at = before.iter().map(|c| c.len_utf16() as u32).sum();
                text.insert(txn, at, if at % 2 == 0 { "ab" } else { "é🎈" });
            }
        }
        Step::Erases(r, key, at) => {
            if let Some(text) = text(txn, row(r), key) {
                let chars: Vec<char> = text.get_string(txn).chars().collect();
                if !chars.is_empty() {
                    let gone = at as usize % chars.len();
                    let at = chars[..gone].iter().map(|c| c.len_utf16() as u32).sum();
                    text.remove_range(txn, at, chars[gone].len_utf16() as u32);
                }
            }
        }
        Step::AddsRow(r) => {
            if !honest || map(txn, row(r)).is_none() {
                let map = rows.insert(txn, row(r), MapPrelim::default());
                map.insert(txn, "~order", "b1");
                map.insert(txn, "ville", "Pau");
            }
        }
        Step::RemovesRow(r) => {
            rows.remove(txn, &row(r));
        }
    }
}

/// Rows r0 to r3 with bases and texts; r4 is not there.
fn table() -> TableDocument {
    let mut table = empty_table();
    let done = table.write(|writing| {
        let n = writing.add_slots(&["ville".to_owned(), "titre".to_owned()]);
        for row in 0..4 {
            let id = row_id(&format!("r{row}"));
            let base = vec!["Lyon".into(), "Agir".into()];
            writing.add_row(&id, "a1", Some((n, base)), std::collections::BTreeMap::new());
            writing.make_text(&id, &column_id("titre"));
        }
    });
    done.unwrap();
    table
}

/// A second document whose events tell what an update really changed.
struct Shadow {
    tab: Tab,
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Shadow {
    fn of(table: &TableDocument) -> Self {
        let tab = Tab::open(7_777, table);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        tab.rows.observe_deep("shadow", move |txn, events| {
            let mut seen = sink.lock().unwrap();
            events.iter().for_each(|event| note(txn, event, &mut seen));
        });
        Self { tab, seen }
    }

    /// Row and key of each change that is seen; key "" for the row itself.
    fn takes(&self, update: &[u8]) -> Vec<(String, String)> {
        self.seen.lock().unwrap().clear();
        self.tab.receives(update);
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

fn note(txn: &TransactionMut<'_>, event: &Event, seen: &mut Vec<(String, String)>) {
    let path: Vec<String> = event
        .path()
        .into_iter()
        .map(|part| match part {
            PathSegment::Key(key) => key.to_string(),
            PathSegment::Index(index) => format!("#{index}"),
        })
        .collect();
    match (path.as_slice(), event) {
        ([], Event::Map(map)) => {
            for (row, change) in map.keys(txn) {
                seen.push((row.to_string(), String::new()));
                if let EntryChange::Inserted(Out::YMap(map))
                | EntryChange::Updated(_, Out::YMap(map)) = change
                {
                    seen.extend(map.iter(txn).map(|(key, _)| (row.to_string(), key.to_owned())));
                }
            }
        }
        ([row], Event::Map(map)) => {
            seen.extend(map.keys(txn).keys().map(|key| (row.clone(), key.to_string())));
        }
        ([row, key], Event::Text(_)) => seen.push((row.clone(), key.clone())),
        (path, _) => panic!("something else changed: {path:?}"),
    }
}

fn covers(changes: &[Change], (row, key): &(String, String)) -> bool {
    let mut of_row = changes.iter().filter(|change| change.row.as_str() == row);
    of_row.any(|change| {
        let whole_row = matches!(change.action, Action::ReplaceRow | Action::RemoveRow);
        key_of(&change.place) == *key || whole_row
    })
}

/// A member who may change own rows only and owns r0 alone.
fn is_allowed(table: &TableDocument, judgement: &Judgement) -> bool {
    judgement.changes.iter().all(|change| {
        let owner = (change.row.as_str() == "r0").then_some(LEA);
        let who = (LEA, Role::Member);
        allows(
            who,
            MembersEdit::Own,
            table.columns(),
            RowFacts { owner, ..RowFacts::default() },
            change,
        )
        .is_ok()
    })
}

/// What differs between two states.
fn differences(a: &Cells, b: &Cells) -> Vec<(String, String)> {
    let keys = a.keys().chain(b.keys()).filter(|key| a.get(*key) != b.get(*key));
    keys.cloned().collect()
}

/// proptest itself reads `PROPTEST_CASES`; without it, its 256 cases are what a suite can afford.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

type Turn = (usize, Vec<Step>, bool, bool);

fn afternoon() -> impl Strategy<Value = Vec<Turn>> {
    let steps = prop::collection::vec(step(), 1..4);
    prop::collection::vec((0usize..3, steps, any::<bool>(), any::<bool>()), 1..25)
}

proptest! {
    #![proptest_config(config())]

    /// Three tabs with delays, one server, restarts: what the judgement says covers what is seen to change,
    /// what the edits say is what differs, a refusal leaves no trace, and in the end all agree.
    #[test]
    fn all_tabs_and_the_server_converge(afternoon in afternoon()) {
        let mut table = table();
        let shadow = Shadow::of(&table);
        let mut tabs: Vec<Tab> = (10..13).map(|writer| Tab::open(writer, &table)).collect();
        let mut next_writer = 100;
        for (who, steps, pulls, restarts) in afternoon {
            if pulls {
                tabs[who].receives(&table.diff(&tabs[who].state_vector()).unwrap());
            }
            let update = act(&tabs[who], &steps, true);
            let before = shown(&table);
            match take_in_judged(&mut table, &update) {
                Ok((judgement, applied)) => {
                    for seen in shadow.takes(&applied.update) {
                        prop_assert!(covers(&judgement, &seen), "{seen:?} not in {judgement:?}");
                    }
                    for edit in &applied.edits {
                        prop_assert_ne!(&edit.before, &edit.after);
                    }
                    let after = shown(&table);
                    for difference in differences(&before, &after) {
                        prop_assert!(covers(&judgement, &difference), "{difference:?}");
                    }
                }
                // Two texts or rows made at once: the later tab starts anew.
                Err(refusal) => {
                    prop_assert!(matches!(refusal, Refusal::Shape(_)), "{refusal:?}");
                    prop_assert_eq!(&shown(&table), &before);
                    next_writer += 1;
                    tabs[who] = Tab::open(next_writer, &table);
                }
            }
            prop_assert_eq!(&shown(&table), &shadow.tab.cells());
            if restarts {
                let again = reloaded(&table);
                prop_assert_eq!(again.values(), table.values());
                table = again;
            }
        }
        for tab in &tabs {
            tab.receives(&table.diff(&tab.state_vector()).unwrap());
            prop_assert_eq!(&tab.cells(), &shown(&table));
        }
    }

    /// Bytes of a real update with mutations: what is admitted and allowed changes only what is allowed,
    /// leaves nothing pending and a document that a fresh tab can load; the rest leaves no trace.
    #[test]
    fn no_bytes_do_more_than_they_are_allowed(
        steps in prop::collection::vec(wild_step(), 1..10),
        mutations in prop::collection::vec((any::<u16>(), any::<u8>(), 0u8..4), 0..5),
        restarted in any::<bool>(),
    ) {
        let mut table = table();
        let seed = Tab::open(9, &table);
        let history = [Step::Sets(1, 0, 1), Step::Sets(0, 0, 1), Step::Types(0, 0, 1), Step::Erases(0, 0, 0)];
        let history = act(&seed, &history, true);
        take_in_judged(&mut table, &history).unwrap();
        if restarted {
            table = reloaded(&table);
        }
        let mut update = act(&Tab::open(10, &table), &steps, false);
        mutate(&mut update, &mutations);
        let (before, bytes) = (shown(&table), table.snapshot());

        let judged = table.judge(&update, LEA, &Limits::default());
        match judged {
            Ok(judgement) if is_allowed(&table, &judgement) => {
                let applied = table.apply(&update, judgement);
                prop_assert!(applied.is_ok(), "{applied:?}");
                for (row, key) in differences(&before, &shown(&table)) {
                    let own = row == "r0" || !before.contains_key(&(row.clone(), String::new()));
                    prop_assert!(own, "{row}/{key}");
                    prop_assert!(key != "~base", "{row}/{key}");
                }
                let again = reloaded(&table);
                prop_assert_eq!(again.values(), table.values());
                let follower = Tab::with_state(8, &bytes);
                follower.receives(&applied.unwrap().update);
                prop_assert_eq!(follower.cells(), shown(&table));
                let follower = follower.doc.transact();
                prop_assert!(!follower.has_missing_updates());
                prop_assert_eq!(follower.root_refs().count(), 3);
            }
            _ => prop_assert_eq!(&table.snapshot(), &bytes),
        }
    }
}

type Taken = (Vec<Change>, crate::Applied);

fn take_in_judged(table: &mut TableDocument, update: &[u8]) -> Result<Taken, Refusal> {
    let judgement = judge(table, update, LEA)?;
    let changes = judgement.changes.clone();
    assert!(changes.iter().all(|change| change.place != Place::Base));
    Ok((changes, table.apply(update, judgement).unwrap()))
}

fn mutate(update: &mut Vec<u8>, mutations: &[(u16, u8, u8)]) {
    for (at, value, kind) in mutations {
        if update.is_empty() {
            return;
        }
        let at = *at as usize % update.len();
        match kind {
            0 => update[at] = *value,
            1 => update[at] ^= 1 << (value % 8),
            2 => update.insert(at, *value),
            _ => {
                update.remove(at);
            }
        }
    }
}

/// A check of the checks: the engine alone, without admission, does take what admission refuses.
#[test]
fn without_admission_a_few_bytes_remove_a_row() {
    let table = table();
    let tab = Tab::open(10, &table);
    let update = act(&tab, &[Step::RemovesRow(1)], false);
    let engine = Tab::open(11, &table);

    engine.doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();

    assert!(!differences(&shown(&table), &engine.cells()).is_empty());
    assert!(!is_allowed(&table, &judge(&table, &update, LEA).unwrap()));
    assert_eq!(table.owner_of(Writer(10)), None);
}
