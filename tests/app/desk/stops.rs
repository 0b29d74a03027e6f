//! A decision that is cut off, wherever that is, is carried out once, and whole.

use std::task::Poll;

use tablee::desk::deciding::{Act, Decision};
use tablee_domain::table::TableValues;
use tablee_storage::testing::Fault;

use super::*;
use crate::history::MUD;
use crate::support::Folder;

/// What pilots leave half done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// A new offer is published.
    Publishes,
    /// A correction is accepted.
    Corrects,
    /// Three suggestions are accepted at once.
    Takes,
    /// A published offer is taken back.
    Undoes,
}

const ALL: [Work; 4] = [Work::Publishes, Work::Corrects, Work::Takes, Work::Undoes];

/// A table, and what waits on its desk.
async fn prepared(work: Work) -> (Folder, Vec<ProposalId>) {
    let (app, _, mut lea) = two_offers().await;
    let set = |key, value| json!({ "what": "set", "key": key, "value": value, "before": null });
    let ids = match work {
        Work::Publishes | Work::Undoes => vec![a_new_offer(&app, "Une offre").await],
        Work::Corrects => {
            let title = ("intitule", "Dialoguer autour de l'eau", "Dialoguer sur l'eau");
            vec![a_correction(&app, &[title, ("organisme", "Scop L'Orage", "Orage")]).await]
        }
        Work::Takes => vec![
            a_suggestion(&app, set("duree_heures", json!(7.0))).await,
            a_suggestion(&app, set("themes/eau", json!(true))).await,
            a_suggestion(&app, set("prerequis", json!("Aucun"))).await,
        ],
    };
    if work == Work::Undoes {
        assert_eq!(decides(&mut lea, ids[0], "publier", &[]).await.status, 303);
    }
    (app.leaves_its_folder().await, ids)
}

/// Does the work until the power goes after so many commits. Says whether it went before the end.
async fn is_cut_off(
    folder: Folder,
    work: Work,
    ids: &[ProposalId],
    (after, fault): (u32, Fault),
) -> (Folder, bool) {
    let app = TestApp::start_asleep(folder, 8, |_| {}).await;
    let mut lea = app.signs_in("léa@exemple.fr").await;
    let form = opens(&mut lea, &path(ids[0])).await;
    let version = format!("{}.{}", ids[0].get(), found(&app, ids[0]).await.version);
    let store = app.app.store.clone();
    store.power_goes(after, fault);
    let whole = async {
        // Whoever presses the button may hear that it failed.
        match work {
            Work::Publishes => presses(&mut lea, &path(ids[0]), &form, "publier", &[]).await,
            Work::Corrects | Work::Takes => {
                presses(&mut lea, &path(ids[0]), &form, "accepter", &[]).await
            }
            Work::Undoes => {
                let fields = [("version", version.as_str()), ("action", "annuler")];
                lea.post(&path(ids[0]), &fields).await
            }
        }
    };
    tokio::select! {
        () = store.power_is_gone() => {}
        _ = whole => {}
    };
    let cut_off = !store.has_power();
    (app.leaves_its_folder().await, cut_off)
}

/// Starts again; presses the button again where nobody knows that it was pressed.
async fn comes_to_its_end(folder: Folder, work: Work, ids: &[ProposalId]) -> TestApp {
    let app = TestApp::start_asleep(folder, 9, |_| {}).await;
    app.wakes().await;
    let mut lea = app.signs_in("léa@exemple.fr").await;
    let kept = found(&app, ids[0]).await;
    let version = format!("{}.{}", ids[0].get(), kept.version);
    match (work, kept.state) {
        (Work::Undoes, State::Accepted) => {
            let fields = [("version", version.as_str()), ("action", "annuler")];
            assert_eq!(lea.post(&path(ids[0]), &fields).await.status, 303);
        }
        (Work::Undoes, State::Taken) | (_, State::Accepted) => {}
        (Work::Publishes, State::Received) => {
            assert_eq!(decides(&mut lea, ids[0], "publier", &[]).await.status, 303);
        }
        (_, State::Received) => {
            assert_eq!(decides(&mut lea, ids[0], "accepter", &[]).await.status, 303);
        }
        (work, state) => panic!("{work:?}: {state}"),
    }
    app
}

/// What everybody sees, rows by what they say and not by their identifiers.
fn seen(values: &TableValues) -> Vec<String> {
    let mut rows: Vec<String> =
        values.present().map(|row| format!("{:?} {:?}", row.cells, row.said)).collect();
    rows.sort();
    rows
}

async fn values(app: &TestApp) -> TableValues {
    app.app.rooms.values("formations").await.unwrap().values.clone()
}

#[tokio::test]
async fn a_decision_that_is_cut_off_at_any_commit_ends_as_if_it_had_not_been() {
    for work in ALL {
        let (prepared, ids) = prepared(work).await;
        let app = comes_to_its_end(prepared.copied(), work, &ids).await;
        let whole = seen(&values(&app).await);
        app.end().await;
        let mut boundaries = 0;

        for after in 0.. {
            let mut went = false;
            for fault in [Fault::Fails, Fault::EndUnknown] {
                let cut = is_cut_off(prepared.copied(), work, &ids, (after, fault)).await;
                went |= cut.1;
                let app = comes_to_its_end(cut.0, work, &ids).await;

                let told = format!("{work:?} after {after} commits, {fault:?}");
                assert_eq!(seen(&values(&app).await), whole, "{told}");
                for id in &ids {
                    let edits = edits(&app, *id).await;
                    let places: std::collections::BTreeSet<_> =
                        edits.iter().map(|edit| (&edit.row, &edit.key)).collect();
                    assert_eq!(places.len(), edits.len(), "{told}: nothing was written twice");
                    let ends = if work == Work::Undoes { State::Taken } else { State::Accepted };
                    let kept = found(&app, *id).await;
                    assert_eq!(kept.state, ends, "{told}");
                    if let Some(decision) = Decision::of(&kept) {
                        let last = edits.last().map(|edit| edit.revision);
                        assert_eq!(decision.written, last, "{told}: what undoing takes back");
                    }
                }
                assert_eq!(mail_waits(&app, ids[0]).await, work != Work::Undoes, "{told}");
                app.end().await;
            }
            if !went {
                break;
            }
            boundaries += 1;
        }

        assert!(boundaries >= 3, "{work:?}: fixed, written, said: {boundaries}");
    }
}

#[tokio::test]
async fn a_merge_that_is_cut_off_at_any_commit_is_whole_or_was_not() {
    let (app, _, _) = two_offers().await;
    changes(&app, "Nour", MUD, "intitule", "Dialoguer autour de l'eau !").await;
    changes(&app, "Nour", MUD, "prerequis", "Aucun").await;
    let prepared = app.leaves_its_folder().await;
    let pair = format!("/atelier/doublons/{MUD}/{WATER}");
    let mut boundaries = 0;

    for after in 0.. {
        let mut went = false;
        for fault in [Fault::Fails, Fault::EndUnknown] {
            let app = TestApp::start_asleep(prepared.copied(), 8, |_| {}).await;
            let mut lea = app.signs_in("léa@exemple.fr").await;
            let form = opens(&mut lea, &pair).await;
            let store = app.app.store.clone();
            store.power_goes(after, fault);
            tokio::select! {
                () = store.power_is_gone() => {}
                _ = presses(&mut lea, &pair, &form, "fusionner", &[("garder", WATER)]) => {}
            };
            went |= !store.has_power();
            let app = TestApp::start_asleep(app.leaves_its_folder().await, 9, |_| {}).await;
            app.wakes().await;

            let told = format!("after {after} commits, {fault:?}");
            let table = app.app.rooms.open("formations").await.unwrap().table();
            let mut tx = app.app.store.read().await.unwrap();
            let to = tablee_storage::merges::redirects(&mut tx, table).await.unwrap();
            drop(tx);
            let is_one = cell(&app, MUD, "etat").await == "archivee".into();
            assert_eq!(to.len(), usize::from(is_one), "{told}: an address without its row");
            let taken = cell(&app, WATER, "prerequis").await == "Aucun".into();
            assert_eq!(taken, is_one, "{told}: half a merge");
            app.end().await;
        }
        if !went {
            break;
        }
        boundaries += 1;
    }

    assert!(boundaries >= 3, "kept, written, said: {boundaries}");
}

#[tokio::test]
async fn what_people_write_between_the_stop_and_the_start_stays() {
    let (prepared, ids) = prepared(Work::Corrects).await;
    let (folder, _) = is_cut_off(prepared, Work::Corrects, &ids, (1, Fault::Fails)).await;
    let app = TestApp::start_asleep(folder, 9, |_| {}).await;
    assert_eq!(state(&app, ids[0]).await, State::Accepting, "it is fixed and not written");
    changes(&app, "Nour", WATER, "organisme", "Une autre maison").await;

    app.wakes().await;

    let organisme = cell(&app, WATER, "organisme").await.as_text().unwrap().to_owned();
    assert!(organisme.contains("Une autre maison"), "{organisme}");
    let kept = found(&app, ids[0]).await;
    match kept.state {
        // Both touched the same words: a pilot must say, and nothing was written.
        State::Taken => {
            assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau".into());
            assert!(edits(&app, ids[0]).await.is_empty());
        }
        other => panic!("{other}"),
    }
    app.end().await;
}

/// The browser of a pilot that goes away ends the request that served it, wherever that was.
#[tokio::test]
async fn a_decision_whose_pilot_went_away_is_carried_out_when_anybody_looks_at_the_desk() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    let kept = found(&app, id).await;
    let (lea_id, _) = db_who(&app, "Léa").await;
    let decision = json!({
        "act": "write", "row": "nouvelle1", "order": "zz", "after": 99, "retouched": false,
        "tells": true, "cells": [{ "key": "intitule", "seen": null, "result": "Une offre" }],
    });
    let at = app.app.clock.now();
    let decision = Some(decision.to_string());
    let change = proposals::Change { decision, ..proposals::Change::by(Some(lea_id), at) };
    let (from, to) = (&State::OPEN, State::Accepting);
    let mut tx = app.app.store.begin().await.unwrap();
    assert!(proposals::transition(&mut tx, id, kept.version, from, to, &change).await.unwrap());
    tx.commit().await.unwrap();

    let list = lea.get("/atelier").await;

    assert_eq!((list.status, state(&app, id).await), (200, State::Accepted));
    assert!(rows(&app).await.iter().any(|row| row.id.as_str() == "nouvelle1"));
    assert!(mail_waits(&app, id).await);
    app.end().await;
}

/// Follows some work for so many steps and hangs up. Says whether it came to its end.
async fn hangs_up_after<T>(steps: usize, work: impl Future<Output = T>) -> bool {
    let (mut work, mut left) = (Box::pin(work), steps);
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// Waits until nothing is under way on the desk; the desk says when something changed.
async fn nothing_is_under_way(app: &TestApp) {
    let mut news = app.app.desk.presence().watch();
    let settled = async {
        loop {
            let mut tx = app.app.store.read().await.unwrap();
            let deciding = proposals::in_state(&mut tx, State::Accepting).await.unwrap();
            let table = app.app.rooms.open("formations").await.unwrap().table();
            let merging = tablee_storage::merges::unwritten(&mut tx, table).await.unwrap();
            drop(tx);
            if deciding.is_empty() && merging.is_empty() {
                return;
            }
            news.changed().await.unwrap();
        }
    };
    let patience = std::time::Duration::from_secs(10);
    tokio::time::timeout(patience, settled).await.expect("what was begun comes to its end");
}

#[tokio::test]
async fn a_pilot_whose_browser_hangs_up_at_any_moment_leaves_no_decision_half_done() {
    let (app, _, mut lea) = two_offers().await;
    let mut came_to_its_end = false;

    for steps in 1.. {
        let id = a_new_offer(&app, &format!("Offre {steps}")).await;
        let form = opens(&mut lea, &path(id)).await;
        let address = path(id);
        let pressing = presses(&mut lea, &address, &form, "publier", &[]);
        came_to_its_end = hangs_up_after(steps, pressing).await;
        nothing_is_under_way(&app).await;

        let is_there =
            rows(&app).await.iter().any(|row| row.text("intitule") == format!("Offre {steps}"));
        let expected = if is_there { State::Accepted } else { State::Received };
        assert_eq!(state(&app, id).await, expected, "after {steps} steps");
        if came_to_its_end {
            break;
        }
    }

    assert!(came_to_its_end);
    app.end().await;
}

#[tokio::test]
async fn a_pilot_whose_browser_hangs_up_at_any_moment_leaves_no_merge_half_done() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Nour", MUD, "intitule", "Dialoguer autour de l'eau !").await;
    let pair = format!("/atelier/doublons/{MUD}/{WATER}");

    for steps in 1.. {
        let form = opens(&mut lea, &pair).await;
        let pressing = presses(&mut lea, &pair, &form, "fusionner", &[("garder", WATER)]);
        let came_to_its_end = hangs_up_after(steps, pressing).await;
        nothing_is_under_way(&app).await;

        let is_one = cell(&app, MUD, "etat").await == "archivee".into();
        if came_to_its_end {
            assert!(is_one);
            break;
        }
        if is_one {
            // Parted by hand, to be merged again a step later.
            let table = app.app.rooms.open("formations").await.unwrap().table();
            let mut tx = app.app.store.read().await.unwrap();
            let last = tablee_storage::merges::list(&mut tx, table, 1).await.unwrap().remove(0);
            drop(tx);
            let page = format!("/atelier/fusions/{}", last.id);
            assert_eq!(lea.post(&page, &[]).await.status, 200, "after {steps} steps");
        }
    }

    app.end().await;
}

#[tokio::test]
async fn an_undoing_that_was_cut_off_leaves_a_row_in_which_somebody_worked_since() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    decides(&mut lea, id, "publier", &[]).await;
    let kept = found(&app, id).await;
    let row = kept.row.clone().unwrap();
    let back = Decision { act: Act::TakeBack, ..Decision::of(&kept).unwrap() };
    let decision = Some(serde_json::to_string(&back).unwrap());
    let (lea_id, _) = db_who(&app, "Léa").await;
    let at = app.app.clock.now();
    let change = proposals::Change { decision, ..proposals::Change::by(Some(lea_id), at) };
    let (from, to) = (&[State::Accepted], State::Accepting);
    let mut tx = app.app.store.begin().await.unwrap();
    assert!(mails::drop_by_key(&mut tx, &mail_key(id)).await.unwrap());
    assert!(proposals::transition(&mut tx, id, kept.version, from, to, &change).await.unwrap());
    tx.commit().await.unwrap();
    changes(&app, "Nour", row.as_str(), "organisme", "Rive, à Lyon").await;

    assert_eq!(lea.get("/atelier").await.status, 200);

    assert_eq!(state(&app, id).await, State::Accepted);
    assert_eq!(cell(&app, row.as_str(), "organisme").await, "Rive, à Lyon".into());
    assert_eq!(cell(&app, row.as_str(), "etat").await, "publiee".into());
    assert!(mail_waits(&app, id).await, "its author is told after all");
    app.end().await;
}
