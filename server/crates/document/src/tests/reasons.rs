//! Every reason to refuse is reached, and a refusal leaves no trace.

use std::collections::BTreeSet;
use std::path::Path;

use super::hostile::{self, Hostile};
use super::support::*;
use crate::admission::Refusal::{self, Malformed, Shape, TooLarge};
use crate::{Limits, TableDocument};

/// Every reason that the source of admission gives: what stands in quotes after the name of a refusal, or
/// after a limit.
fn reasons_in_the_source() -> BTreeSet<String> {
    let mut reasons = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/admission");
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap();
        for variant in ["Malformed", "Shape", "TooLarge"] {
            let opening = format!("{variant}(\"");
            let given = code.split(&opening).skip(1);
            let given = given.map(|rest| rest.split('"').next().unwrap());
            reasons.extend(given.map(|why| format!("{variant} {why}")));
        }
        let counts = code.split(".count(").skip(1).map(|rest| rest.split(')').next().unwrap());
        let limited = counts.filter_map(|arguments| arguments.split('"').nth(1));
        reasons.extend(limited.map(|what| format!("TooLarge {what}")));
    }
    reasons
}

fn reason(refusal: Refusal) -> Option<String> {
    match refusal {
        Malformed(why) => Some(format!("Malformed {why}")),
        Shape(why) => Some(format!("Shape {why}")),
        TooLarge(why) => Some(format!("TooLarge {why}")),
        _ => None,
    }
}

fn refusal(table: &TableDocument, hostile: &Hostile) -> Refusal {
    table.judge(&hostile.update, LEA, &hostile.limits).unwrap_err()
}

#[test]
fn every_reason_to_refuse_is_reached() {
    let table = hostile::stage();

    let reached = hostile::all(&table).iter().map(|one| refusal(&table, one)).collect::<Vec<_>>();

    let reasons: BTreeSet<String> = reached.iter().copied().filter_map(reason).collect();
    assert_eq!(reasons, reasons_in_the_source());
    let keys: BTreeSet<&str> = reached.iter().map(Refusal::key).collect();
    // The quota of writers is counted by the room.
    let counted_elsewhere = BTreeSet::from([Refusal::WriterQuota.key()]);
    assert_eq!(&keys | &counted_elsewhere, BTreeSet::from(Refusal::ALL_KEYS));
}

#[test]
fn each_hostile_update_is_refused_for_its_own_reason() {
    let table = hostile::stage();

    for (table, one) in [&table, &reloaded(&table)]
        .into_iter()
        .flat_map(|table| hostile::all(table).into_iter().map(move |one| (table, one)))
    {
        assert_eq!(refusal(table, &one), one.refusal, "{:?}", one.update);
    }
}

/// What holds for an update holds for an answer to sync step 1: both go through one gate.
#[test]
fn a_step_2_is_judged_as_an_update_is() {
    let table = hostile::stage();
    let within_limits = |one: &Hostile| one.limits == Limits::default();

    for one in hostile::all(&table).into_iter().filter(within_limits) {
        let refusal = table.judge(&one.update, LEA, &Limits::of_step2()).unwrap_err();
        assert_eq!(refusal, one.refusal, "{:?}", one.update);
    }
}

#[test]
fn a_refused_update_leaves_no_trace() {
    let mut table = hostile::stage();
    let tab = Tab::open(10, &table);
    let trace = |table: &TableDocument| {
        let claims: BTreeSet<_> = table.claims().collect();
        (table.snapshot(), table.values(), claims, table.index_segments(), table.tombstones())
    };
    let before = trace(&table);

    for one in hostile::all(&table) {
        refusal(&table, &one);
    }

    assert_eq!(trace(&table), before);
    assert_eq!(reloaded(&table).values(), table.values());
    // Nobody else pays for it.
    take_in(&mut table, &tab.sets("r1", "ville", "Nice"), LEA).unwrap();
    assert_eq!(shown(&table), tab.cells());
}
