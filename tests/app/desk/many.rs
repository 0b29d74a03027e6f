//! Much at once: long lists, and more suggestions than a page shows.

use super::*;

fn set(n: u32) -> Value {
    json!({ "what": "set", "key": format!("themes/t{n}"), "value": true, "before": null })
}

#[tokio::test]
async fn a_long_list_shows_each_page_with_its_titles_in_their_order() {
    let (app, _, mut lea) = two_offers().await;
    for n in 0..30 {
        a_new_offer(&app, &format!("Offre numéro {n:02}")).await;
    }

    let first = lea.get("/atelier?quoi=nouvelles").await.body;
    let second = lea.get("/atelier?quoi=nouvelles&page=2").await.body;

    let titles = |page: &str| -> Vec<String> {
        let entries = page.split("data-step>").skip(1);
        entries.map(|entry| entry.split('<').next().unwrap().to_owned()).collect()
    };
    let expected: Vec<String> = (0..30).map(|n| format!("Offre numéro {n:02}")).collect();
    assert_eq!([titles(&first), titles(&second)].concat(), expected);
    assert_eq!(titles(&first).len(), 25);
    assert!(first.contains("30 éléments") && second.contains("informations attendues"), "{second}");
    app.end().await;
}

#[tokio::test]
async fn of_more_suggestions_than_a_page_shows_the_others_wait_and_the_page_says_so() {
    let (app, _, mut lea) = two_offers().await;
    let mut ids = Vec::new();
    for n in 0..203 {
        ids.push(a_suggestion(&app, set(n)).await);
    }
    assert!(lea.get("/atelier?quoi=suggestions").await.body.contains("203 modifications"));

    let page = lea.get(&path(ids[0])).await.body;
    let answer = decides(&mut lea, ids[0], "refuser", &[("motif-mots", "Non merci.")]).await;

    assert!(page.contains("3 autres modifications"), "{page}");
    assert_eq!(page.matches("class=\"field-row\"").count(), 200);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let mut waiting = 0;
    for id in &ids {
        let kept = found(&app, *id).await;
        match kept.state {
            State::Refused => assert_eq!(kept.reason.as_deref(), Some("Non merci.")),
            State::Received => waiting += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(waiting, 3);
    // Whoever opens one of the others finds it on the page.
    let last = *ids.last().unwrap();
    assert!(lea.get(&path(last)).await.body.contains("themes/t202"));
    app.end().await;
}

#[tokio::test]
async fn a_page_that_says_it_saw_more_than_any_page_shows_is_told_so_and_nothing_is_done() {
    let (app, _, mut lea) = two_offers().await;
    let mut ids = Vec::new();
    for n in 0..201 {
        ids.push(a_suggestion(&app, set(n)).await);
    }
    let version = ids.iter().map(|id| format!("{}.1", id.get())).collect::<Vec<_>>().join("-");

    for (action, words) in [("accepter", ("note", "")), ("refuser", ("motif-mots", "Non."))] {
        let fields = [("version", version.as_str()), ("action", action), words];
        let answer = lea.post(&path(ids[0]), &fields).await;

        assert_eq!(answer.status, 422, "{action}: {}", answer.body);
        assert!(answer.body.contains("Rien n’a été écrit"), "{action}");
    }
    for id in ids {
        assert_eq!(state(&app, id).await, State::Received);
    }
    app.end().await;
}

#[tokio::test]
async fn the_list_says_of_a_new_offer_that_it_may_be_there_already() {
    let (app, _, mut lea) = two_offers().await;
    let twin = [("intitule", "", "Dialoguer autour de l'eau"), ("organisme", "", "Scop L'Orage")];
    db_sends(&app, Kind::New, None, &payload("new", None, &twin)).await;
    a_new_offer(&app, "Tenir une assemblée").await;

    let list = lea.get("/atelier?quoi=nouvelles").await.body;

    assert_eq!(list.matches("class=\"todo-entry\"").count(), 2);
    assert_eq!(list.matches("doublon possible").count(), 1, "{list}");
    app.end().await;
}

#[tokio::test]
async fn two_rows_that_one_person_would_add_are_two_entries_each_with_its_cells() {
    let (app, _, mut lea) = two_offers().await;
    for row in ["nouvelle1", "nouvelle2"] {
        for what in [
            json!({ "what": "add-row", "value": "zz" }),
            json!({ "what": "set", "key": "organisme", "value": "Rive", "before": null }),
        ] {
            let mut body = json!({ "row": row, "reason": "pilots-only", "at": 1 });
            body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
            let words = body.to_string();
            db_sends(&app, Kind::Suggestion, None, &words).await;
        }
    }

    let list = lea.get("/atelier?quoi=suggestions").await.body;

    assert_eq!(list.matches("class=\"todo-entry\"").count(), 2, "{list}");
    assert_eq!(list.matches("2 modifications").count(), 2, "{list}");
    app.end().await;
}
