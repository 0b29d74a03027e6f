//! The pilots' desk: each decision once, on what its pilot saw, and nobody's word lost.

mod forged;
mod letters;
mod many;
mod merging;
mod owners;
mod people;
mod rows;
mod stops;
mod words;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tablee::desk::deciding::mail_key;
use tablee_domain::ids::{ProposalId, RowId};
use tablee_domain::table::{Edit, Plain, Row};
use tablee_storage::proposals::{self, Kind, NewProposal, Proposal, State};
use tablee_storage::{history, mails};

use crate::history::{WATER, cell, changes, db_who, two_offers};
use crate::support::{Answer, Browser, TestApp};

/// The payload of a form.
fn payload(kind: &str, row: Option<&str>, cells: &[(&str, &str, &str)]) -> String {
    let said: BTreeMap<&str, &str> = cells.iter().map(|(key, _, said)| (*key, *said)).collect();
    let base = cells.iter().filter(|(_, base, _)| !base.is_empty());
    let base: BTreeMap<&str, &str> = base.map(|(key, base, _)| (*key, *base)).collect();
    json!({ "kind": kind, "row": row, "cells": said, "base": base }).to_string()
}

/// What Nour sends with the form, as it is kept.
async fn db_sends(app: &TestApp, kind: Kind, row: Option<&str>, payload: &str) -> ProposalId {
    let (nour, _) = db_who(app, "Nour").await;
    let row = row.map(|row| RowId::new(row).unwrap());
    let new = NewProposal { row, ..NewProposal::of_person(kind, nour, payload, payload) };
    db_adds(app, new).await
}

async fn db_adds(app: &TestApp, new: NewProposal) -> ProposalId {
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.begin().await.unwrap();
    let kept = proposals::add(&mut tx, table, &[new], app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    kept[0].id
}

async fn a_new_offer(app: &TestApp, title: &str) -> ProposalId {
    let cells = [
        ("intitule", "", title),
        ("organisme", "", "Coopérative Rive"),
        ("type", "", "formation_courte"),
        ("url", "", "https://rive.example/a"),
    ];
    db_sends(app, Kind::New, None, &payload("new", None, &cells)).await
}

async fn a_correction(app: &TestApp, cells: &[(&str, &str, &str)]) -> ProposalId {
    let payload = payload("correction", Some(WATER), cells);
    db_sends(app, Kind::Correction, Some(WATER), &payload).await
}

async fn a_suggestion(app: &TestApp, what: Value) -> ProposalId {
    let mut body = json!({ "row": WATER, "reason": "pilots-only", "at": 1_795_435_200_000_i64 });
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    db_sends(app, Kind::Suggestion, Some(WATER), &body.to_string()).await
}

async fn found(app: &TestApp, id: ProposalId) -> Proposal {
    let mut tx = app.app.store.read().await.unwrap();
    proposals::find(&mut tx, id).await.unwrap().unwrap()
}

async fn state(app: &TestApp, id: ProposalId) -> State {
    found(app, id).await.state
}

async fn edits(app: &TestApp, id: ProposalId) -> Vec<Edit> {
    history::of_proposal(&mut app.app.store.read().await.unwrap(), id).await.unwrap()
}

async fn rows(app: &TestApp) -> Vec<Row> {
    app.app.rooms.values("formations").await.unwrap().values.rows.clone()
}

/// Whether a mail about a decision waits.
async fn mail_waits(app: &TestApp, id: ProposalId) -> bool {
    let mut tx = app.app.store.begin().await.unwrap();
    let waits = mails::drop_by_key(&mut tx, &mail_key(id)).await.unwrap();
    tx.rollback().await.unwrap();
    waits
}

fn path(id: ProposalId) -> String {
    format!("/atelier/proposition/{}", id.get())
}

/// What a form of a page would send: its hidden fields, what is ticked, what stands in its fields.
fn form(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form class=\"deciding\"").nth(1).expect("a form that decides");
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split("<input ").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let of = |name: &str| {
            let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
            Some(unescaped(value))
        };
        let (Some(name), Some(value)) = (of("name"), of("value")) else { continue };
        let counts = of("type").as_deref() != Some("radio") || tag.contains(" checked");
        if counts && name != "jeton" {
            fields.push((name, value));
        }
    }
    for area in form.split("<textarea ").skip(1) {
        let (tag, words) = area.split_once('>').unwrap();
        let name = tag.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let words = unescaped(words.split("</textarea>").next().unwrap());
        fields.push((name.to_owned(), words));
    }
    fields
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#34;", "\""), ("&quot;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">")];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#38;", "&").replace("&amp;", "&")
}

/// The page of a thing, and what its form would send.
async fn opens(pilot: &mut Browser, path: &str) -> Vec<(String, String)> {
    let page = pilot.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    form(&page.body)
}

/// Presses a button of a form that was opened, with other words in some fields.
async fn presses(
    pilot: &mut Browser,
    path: &str,
    form: &[(String, String)],
    action: &str,
    typed: &[(&str, &str)],
) -> Answer {
    let mut fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !typed.iter().any(|(known, _)| known == name))
        .collect();
    fields.extend_from_slice(typed);
    fields.push(("action", action));
    pilot.post(path, &fields).await
}

/// Opens a proposal and presses a button at once.
async fn decides(
    pilot: &mut Browser,
    id: ProposalId,
    action: &str,
    typed: &[(&str, &str)],
) -> Answer {
    let form = opens(pilot, &path(id)).await;
    presses(pilot, &path(id), &form, action, typed).await
}

/// The number under which a page shows a column.
fn number(form: &[(String, String)], key: &str) -> String {
    let field = form.iter().find(|(name, value)| name.starts_with("cle-") && value == key);
    field.expect("the page shows the column").0.trim_start_matches("cle-").to_owned()
}

#[tokio::test]
async fn an_offer_that_is_accepted_stands_in_the_table_and_history_says_who_and_why() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Animer une réunion publique").await;

    let answer = decides(&mut lea, id, "publier", &[]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(answer.header("location").starts_with("/atelier?"));
    let kept = found(&app, id).await;
    assert_eq!(kept.state, State::Accepted);
    let all = rows(&app).await;
    let row = all.iter().find(|row| Some(&row.id) == kept.row.as_ref()).unwrap();
    assert_eq!(row.text("intitule"), "Animer une réunion publique");
    assert_eq!((row.text("etat"), row.text("verifie_le")), ("publiee", "2026-11-23"));
    let (lea_id, _) = db_who(&app, "Léa").await;
    let edits = edits(&app, id).await;
    assert!(!edits.is_empty() && edits.iter().all(|edit| edit.actor == Some(lea_id)));
    assert!(mail_waits(&app, id).await);
    let list = lea.get(answer.header("location")).await.body;
    assert!(
        list.contains("Animer une réunion publique") && list.contains("Annuler cette décision")
    );
    app.end().await;
}

#[tokio::test]
async fn what_nobody_can_reach_is_not_published_and_may_be_kept_to_be_checked() {
    let (app, _, mut lea) = two_offers().await;
    let bare = payload("new", None, &[("intitule", "", "Une offre sans rien")]);
    let id = db_sends(&app, Kind::New, None, &bare).await;

    let published = decides(&mut lea, id, "publier", &[]).await;
    let kept = decides(&mut lea, id, "a-verifier", &[]).await;

    assert_eq!((published.status, kept.status), (422, 303), "{}", published.body);
    let row = found(&app, id).await.row.unwrap();
    assert_eq!(cell(&app, row.as_str(), "etat").await, "a_verifier".into());
    assert_eq!(cell(&app, row.as_str(), "verifie_le").await, Plain::Null);
    app.end().await;
}

#[tokio::test]
async fn accepting_twice_changes_nothing() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Animer une réunion publique").await;
    let form = opens(&mut lea, &path(id)).await;

    let first = presses(&mut lea, &path(id), &form, "publier", &[]).await;
    let again = presses(&mut lea, &path(id), &form, "publier", &[]).await;

    assert_eq!((first.status, again.status), (303, 409));
    assert_eq!(rows(&app).await.len(), 3);
    assert_eq!(state(&app, id).await, State::Accepted);
    app.end().await;
}

#[tokio::test]
async fn words_of_the_table_and_of_a_correction_are_both_in_the_result() {
    let (app, _, mut lea) = two_offers().await;
    let before = "Dialoguer autour de l'eau";
    let id = a_correction(&app, &[("intitule", before, "Bien dialoguer autour de l'eau")]).await;
    changes(&app, "Nour", WATER, "intitule", "Dialoguer autour de l'eau douce").await;

    let answer = decides(&mut lea, id, "accepter", &[]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "intitule").await, "Bien dialoguer autour de l'eau douce".into());
    app.end().await;
}

#[tokio::test]
async fn a_pilot_takes_some_fields_leaves_others_and_writes_better_ones() {
    let (app, _, mut lea) = two_offers().await;
    let cells = [
        ("intitule", "Dialoguer autour de l'eau", "Dialoguer sur l'eau"),
        ("organisme", "Scop L'Orage", "Orage"),
        ("duree_heures", "", "n'importe"),
    ];
    let id = a_correction(&app, &cells).await;
    let form = opens(&mut lea, &path(id)).await;
    let [title, provider, hours] =
        ["intitule", "organisme", "duree_heures"].map(|key| number(&form, key));
    let typed = [
        (format!("choix-{title}"), "modifier".to_owned()),
        (format!("resultat-{title}"), "Dialoguer au sujet de l'eau".to_owned()),
        (format!("choix-{provider}"), "refuser".to_owned()),
        (format!("choix-{hours}"), "modifier".to_owned()),
        (format!("resultat-{hours}"), "18,5 h".to_owned()),
    ];
    let typed: Vec<_> = typed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();

    let answer = presses(&mut lea, &path(id), &form, "accepter", &typed).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer au sujet de l'eau".into());
    assert_eq!(cell(&app, WATER, "organisme").await, "Scop L'Orage".into());
    assert_eq!(cell(&app, WATER, "duree_heures").await, Plain::Number(18.5));
    let page = lea.get(&path(id)).await.body;
    assert!(page.contains("acceptée avec retouches"), "{page}");
    app.end().await;
}

#[tokio::test]
async fn words_that_are_no_value_come_back_with_all_that_was_typed() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_correction(&app, &[("effectif_max", "", "12")]).await;
    let form = opens(&mut lea, &path(id)).await;
    let n = number(&form, "effectif_max");
    let (choice, result) = (format!("choix-{n}"), format!("resultat-{n}"));
    let typed =
        [(choice.as_str(), "modifier"), (result.as_str(), "beaucoup"), ("note", "à revoir")];

    let answer = presses(&mut lea, &path(id), &form, "accepter", &typed).await;

    assert_eq!(answer.status, 422);
    assert!(answer.body.contains(">beaucoup</textarea>") && answer.body.contains(">à revoir<"));
    assert_eq!(state(&app, id).await, State::Received);
    app.end().await;
}

#[tokio::test]
async fn a_removal_archives_the_row_or_puts_it_in_the_bin() {
    for (action, status, deleted) in
        [("archiver", "archivee", false), ("corbeille", "publiee", true)]
    {
        let (app, _, mut lea) = two_offers().await;
        let body = json!({ "kind": "removal", "row": WATER, "reason": "closed depuis 2024" });
        let id = db_sends(&app, Kind::Removal, Some(WATER), &body.to_string()).await;
        let page = lea.get(&path(id)).await.body;
        assert!(
            page.contains("La formation n’existe plus") && page.contains("depuis 2024"),
            "{page}"
        );

        let answer = decides(&mut lea, id, action, &[]).await;

        assert_eq!(answer.status, 303, "{}", answer.body);
        let all = rows(&app).await;
        let row = all.iter().find(|row| row.id.as_str() == WATER).unwrap();
        assert_eq!((row.text("etat"), row.deleted), (status, deleted));
        assert_eq!(edits(&app, id).await.len(), 1);
        app.end().await;
    }
}

#[tokio::test]
async fn suggestions_of_one_person_about_a_row_are_one_entry_and_each_writes_its_cell() {
    let (app, _, mut lea) = two_offers().await;
    let set = |key, value| json!({ "what": "set", "key": key, "value": value, "before": null });
    let hours = a_suggestion(&app, set("duree_heures", json!(7.0))).await;
    let theme = a_suggestion(&app, set("themes/eau", json!(true))).await;
    let words = json!({ "what": "text", "key": "intitule", "from": "Dialoguer autour de l'eau", "to": "Dialoguer autour de l'eau vive" });
    let title = a_suggestion(&app, words).await;
    let list = lea.get("/atelier?quoi=suggestions").await.body;
    assert_eq!(list.matches("class=\"todo-entry\"").count(), 1, "{list}");
    let form = opens(&mut lea, &path(theme)).await;
    let refused = (format!("choix-{}", number(&form, "themes/eau")), "refuser");

    let typed = [(refused.0.as_str(), refused.1)];
    let answer = presses(&mut lea, &path(hours), &form, "accepter", &typed).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "duree_heures").await, Plain::Number(7.0));
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau vive".into());
    assert_eq!(cell(&app, WATER, "themes").await, Plain::Null);
    let states = [state(&app, hours).await, state(&app, title).await, state(&app, theme).await];
    assert_eq!(states, [State::Accepted, State::Accepted, State::Refused]);
    assert_eq!(edits(&app, hours).await.len(), 1);
    app.end().await;
}

#[tokio::test]
async fn the_list_tells_what_waits_by_urgency_and_what_looks_like_spam_apart() {
    let (app, _, mut lea) = two_offers().await;
    let removal = json!({ "kind": "removal", "row": WATER, "reason": "closed" }).to_string();
    db_sends(&app, Kind::Removal, Some(WATER), &removal).await;
    a_correction(&app, &[("organisme", "", "Orage")]).await;
    a_new_offer(&app, "Une nouvelle offre").await;
    let odd = payload("new", None, &[("intitule", "", "Gagnez de l'argent")]);
    let (nour, _) = db_who(&app, "Nour").await;
    let spam = NewProposal { score: 0.9, ..NewProposal::of_person(Kind::New, nour, "odd", &odd) };
    db_adds(&app, spam).await;
    let unseen = NewProposal::of_visitor(Kind::New, "x@exemple.fr", "unseen", &odd);
    db_adds(&app, unseen).await;

    let all = lea.get("/atelier").await.body;
    let spam = lea.get("/atelier?quoi=indesirables").await.body;

    let at = |words: &str| all.find(&format!("<span class=\"kind\">{words}")).unwrap_or(usize::MAX);
    assert!(at("Nouvelle offre") < at("Correction") && at("Correction") < at("Demande de retrait"));
    assert!(!all.contains("Gagnez de l’argent") && !all.contains("Gagnez de l'argent"), "{all}");
    assert_eq!(spam.matches("class=\"todo-entry\"").count(), 1, "{spam}");
    app.end().await;
}

#[tokio::test]
async fn whoever_is_no_pilot_sees_nothing_of_the_desk() {
    let (app, mut nour, _) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;

    for address in ["/atelier", &path(id), "/atelier/motifs", "/atelier/presence?sur=p1"] {
        assert_eq!(nour.get(address).await.status, 403, "{address}");
        assert_eq!(app.visitor().get(address).await.status, 401, "{address}");
    }
    let fields = [("version", "1.1"), ("action", "publier")];
    assert_eq!(nour.post(&path(id), &fields).await.status, 403);
    assert_eq!(state(&app, id).await, State::Received);
    app.end().await;
}

#[tokio::test]
async fn what_a_visitor_has_not_confirmed_is_on_no_page() {
    let (app, _, mut lea) = two_offers().await;
    let body = payload("new", None, &[("intitule", "", "Une offre")]);
    let id = db_adds(&app, NewProposal::of_visitor(Kind::New, "x@exemple.fr", "a", &body)).await;

    assert_eq!(lea.get(&path(id)).await.status, 404);
    let fields = [("version", format!("{}.1", id.get()))];
    let fields = [(fields[0].0, fields[0].1.as_str()), ("action", "publier")];
    assert_eq!(lea.post(&path(id), &fields).await.status, 404);
    app.end().await;
}
