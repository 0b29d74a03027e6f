mod asked;
mod disk;

use super::*;
use crate::history::Filter;
use crate::import_mappings::Mapping;
use crate::import_plans::{NewPlan, PlanId};
use crate::imports::ImportedRow;
use crate::proposals::{Kind, NewProposal};
use crate::testing::{NOON, TestDb};
use crate::{
    both_engines, history, import_mappings, import_plans, imports, owners, proposals, tables,
};
use tablee_domain::ids::{ColumnId, Epoch, PersonId, Revision};
use tablee_domain::table::{Edit, Origin, Plain};

const LEA: PersonId = PersonId(1);
/// Without an accent, so that every form of it is looked for in the bytes of a file.
const NAME: &str = "Zoe Ferrand";
const FIRST: Epoch = Epoch(1);

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

fn words(words: &str) -> ToErase {
    ToErase { words: vec![words.to_owned()], ..ToErase::default() }
}

fn whole_row(id: &str) -> ToErase {
    ToErase { rows: vec![row(id)], ..ToErase::default() }
}

fn one_cell(id: &str, column: &str) -> ToErase {
    ToErase { cells: vec![(row(id), ColumnId::new(column).unwrap())], ..ToErase::default() }
}

fn edit(number: i64, id: &str, key: &str, before: &str, after: &str) -> Edit {
    Edit {
        revision: Revision(number),
        row: row(id),
        key: key.into(),
        before: before.into(),
        after: after.into(),
        actor: None,
        origin: Origin::Table,
        at: NOON,
        lost: false,
    }
}

fn line(match_key: &str, id: &str, words: &str) -> ImportedRow {
    ImportedRow { match_key: match_key.into(), row: row(id), words: words.into() }
}

fn proposal(number: u32, id: &str, payload: &str) -> NewProposal {
    let asked = NewProposal::of_person(Kind::Suggestion, LEA, &format!("s{number}"), payload);
    NewProposal { row: Some(row(id)), ..asked }
}

/// A table where the name stands in row `r1` and in what is told of it; row `r2` is somebody else's.
async fn a_table(tx: &mut Tx) -> TableId {
    let table = tables::create(tx, "formations", FIRST, NOON).await.unwrap().id;
    let import = imports::begin(tx, table, "zoe ferrand.xlsx", b"1", None, NOON).await.unwrap();
    let by_import = |edit| Edit { origin: Origin::Import(import), ..edit };
    let told = [
        by_import(edit(1, "r1", "organisme", "", "ZOE FERRAND formations")),
        by_import(edit(1, "r2", "organisme", "", "L'Eau vive")),
        edit(2, "r1", "lieux/x1", "chez Zoe Ferrand", "Lyon"),
        edit(3, "r2", "intitule", "Eau", "Eau douce"),
    ];
    history::add(tx, table, &told).await.unwrap();
    let report = r#"{
        "not_offers": [{"sheet": "A", "row": 2, "words": ["demander zoe ferrand"], "key": "x"}],
        "complaints": [
            {"sheet": "A", "row": 3, "column": "lieux", "words": "mardi", "reason": "mardi ?", "key": "k"},
            {"sheet": "A", "row": 3, "column": "prix", "words": "cher", "reason": "cher ?", "key": "k"}
        ],
        "changes": [
            {"row": 3, "id": "r1", "column": "organisme", "old": null, "new": "ZOE FERRAND formations"},
            {"row": 4, "id": "r2", "column": "organisme", "old": null, "new": "L'Eau vive"}
        ]
    }"#;
    imports::finish(tx, import, report).await.unwrap();
    let lines = [
        line("zoe ferrand formations||a.fr", "r1", r#"{"words":{"lieux":"mardi"},"values":{}}"#),
        line("zoe ferrand||b.fr", "r1", r#"{"words":{"organisme":"Zoe Ferrand"},"values":{}}"#),
        line("l'eau vive||c.fr", "r2", r#"{"words":{"lieux":"Lyon"},"values":{"lieux":"Lyon"}}"#),
    ];
    imports::remember_rows(tx, table, import, &lines).await.unwrap();
    let asked = [
        proposal(
            1,
            "r1",
            r#"{"what":"set","row":"r1","key":"prix","value":12.5,"at":1790769600000}"#,
        ),
        proposal(2, "r2", r#"{"what":"set","row":"r2","key":"lieux","value":"chez Zoe FERRAND"}"#),
        // The table knows no such row yet: only the payload names it.
        NewProposal {
            row: None,
            ..proposal(
                3,
                "r2",
                r#"{"what":"add-row","row":"r2","value":{"lieux":"Lyon","prix":3}}"#,
            )
        },
    ];
    proposals::add(tx, table, &asked, NOON).await.unwrap();
    for id in ["r1", "r2"] {
        owners::set(tx, table, &row(id), LEA).await.unwrap();
    }
    table
}

/// All that the places hold, line by line.
async fn everything(tx: &mut Tx) -> Vec<String> {
    const ALL: [&str; 5] = [
        "select row_id, key, value_before, value_after from edits order by id",
        "select file_name, report, '', '' from imports order by id",
        "select match_key, row_id, words, '' from import_rows order by row_id, words",
        "select key_of_client, payload, coalesce(reason, ''), '' from proposals order by id",
        "select row_id, '', '', '' from row_owners order by row_id",
    ];
    let mut all = Vec::new();
    for text in ALL {
        let lines: Vec<(String, String, String, String)> = on_engine!(tx, conn =>
            sqlx::query_as(text).fetch_all(&mut **conn).await.unwrap());
        all.extend(lines.into_iter().map(|(a, b, c, d)| format!("{a} · {b} · {c} · {d}")));
    }
    all
}

fn counts(places: &[Place]) -> Vec<(&str, i64)> {
    places.iter().map(|place| (place.what.as_str(), place.count)).collect()
}

/// The places where something stands.
fn found(places: &[Place]) -> Vec<(&str, i64)> {
    counts(places).into_iter().filter(|(_, count)| *count > 0).collect()
}

both_engines! {
    async fn words_go_out_of_every_place_as_the_look_said(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;

        let seen = places(&mut tx, table, &words("zoe Ferrand")).await.unwrap();
        let gone = redact(&mut tx, table, &words("zoe Ferrand")).await.unwrap();

        assert_eq!(found(&seen), [("history", 2), ("imports", 3), ("proposals", 1)]);
        assert_eq!(gone, seen);
        let left = everything(&mut tx).await.join("\n");
        assert!(!left.to_lowercase().contains("ferrand"), "{left}");
        assert!(left.contains("[effacé] formations") && left.contains("chez [effacé]"), "{left}");
        assert!(left.contains("Eau douce") && left.contains("mardi"), "{left}");
    }

    async fn a_row_goes_from_every_place_and_its_neighbour_stays(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;

        let seen = places(&mut tx, table, &whole_row("r1")).await.unwrap();
        let gone = redact(&mut tx, table, &whole_row("r1")).await.unwrap();

        assert_eq!(found(&seen), [("history", 2), ("imports", 3), ("proposals", 1), ("owners", 1)]);
        assert_eq!(gone, seen);
        let left = everything(&mut tx).await;
        for said in ["formations", "Lyon\"", "mardi", "cher", "12.5"] {
            let of_r1 = left.iter().find(|line| line.contains(said) && !line.contains("r2"));
            assert_eq!(of_r1, None, "{said}");
        }
        for said in [
            r#"r2 · organisme · "" · "L'Eau vive""#,
            r#"r2 · intitule · "Eau" · "Eau douce""#,
            r#"l'eau vive||c.fr · r2 · {"words":{"lieux":"Lyon"},"values":{"lieux":"Lyon"}} · "#,
            "r2 ·  ·  · ",
            "r1 · organisme · \"\" · null",
        ] {
            assert!(left.iter().any(|line| line == said), "{said} is not in {left:#?}");
        }
        assert!(left.iter().any(|line| line.contains(r#""at":1790769600000"#)), "numbers stay whole");
    }

    async fn a_cell_goes_with_its_items_and_its_row_stays(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;

        let first = redact(&mut tx, table, &one_cell("r1", "lieux")).await.unwrap();
        let second = redact(&mut tx, table, &one_cell("r2", "lieux")).await.unwrap();

        assert_eq!(found(&first), [("history", 1), ("imports", 2)]);
        assert_eq!(found(&second), [("imports", 1), ("proposals", 2)]);
        let left = everything(&mut tx).await.join("\n");
        assert!(!left.contains("Lyon") && !left.contains("mardi"), "{left}");
        assert!(left.contains("cher") && left.contains("ZOE FERRAND formations"), "{left}");
        assert!(left.contains(r#""value":{"prix":3}"#), "{left}");
    }

    async fn files_on_their_way_go_whole_and_of_the_others_only_the_words(db: TestDb) {
        let mut tx = db.begin().await;
        let table = tables::create(&mut tx, "formations", FIRST, NOON).await.unwrap().id;
        let file_name = "Zoé Ferrand.xlsx";
        for id in ["lu", "fini"] {
            let id = &PlanId::new(id).unwrap();
            let new =
                NewPlan { id, table, actor: None, file_name, sha256: b"1", upload: b"Zoe Ferrand" };
            import_plans::add(&mut tx, new, NOON).await.unwrap();
        }
        on_engine!(tx, conn => {
            sqlx::query("update import_plans set state = 'applied', upload = null where id = 'fini'")
                .execute(&mut **conn).await.unwrap();
        });
        for (fingerprint, decisions) in [("a", r#"{"label":"Zoé Ferrand"}"#), ("b", "{}")] {
            let (fingerprint, decisions) = (fingerprint.into(), decisions.into());
            let mapping = Mapping { fingerprint, decisions };
            import_mappings::remember(&mut tx, table, &mapping, NOON).await.unwrap();
        }

        let seen = places(&mut tx, table, &words("zoé ferrand")).await.unwrap();
        let of_a_row = places(&mut tx, table, &whole_row("r1")).await.unwrap();
        let gone = redact(&mut tx, table, &words("zoé ferrand")).await.unwrap();

        let count = |places: &[Place]| {
            places.iter().find(|place| place.what == IMPORT_PLANS).unwrap().count
        };
        assert_eq!((count(&seen), count(&of_a_row), gone), (3, 1, seen));
        let left = import_plans::of_table(&mut tx, table, 9).await.unwrap();
        let left: Vec<_> = left.iter().map(|plan| (plan.id.as_str(), &*plan.file_name)).collect();
        assert_eq!(left, [("fini", "[effacé].xlsx")]);
        let left = import_mappings::all(&mut tx, table).await.unwrap();
        assert_eq!(left.into_iter().map(|it| it.fingerprint).collect::<Vec<_>>(), ["b"]);
    }

    async fn the_report_of_an_import_loses_what_it_says_of_a_row_and_stays_a_report(db: TestDb) {
        use tablee_domain::import::Report;

        let mut tx = db.begin().await;
        let table = tables::create(&mut tx, "formations", FIRST, NOON).await.unwrap().id;
        let import = imports::begin(&mut tx, table, "a.csv", b"1", None, NOON).await.unwrap();
        let remembered = [line("a", "r1", "{}"), line("b", "r2", "{}")];
        imports::remember_rows(&mut tx, table, import, &remembered).await.unwrap();
        let of = |row: &str, number: u32| serde_json::json!({
            "line": format!("Feuille!{number}"), "title": format!("Titre de {row}"), "row": row,
            "outcome": "changed", "why": null,
            "cells": [{"key": "lieux/a", "old": null, "new": format!("Lieu de {row}")},
                {"key": "url", "old": null, "new": format!("https://{row}.fr")}],
            "conflicts": [{"why": "moved",
                "cell": {"key": "lieux~said", "old": "x", "new": format!("chez {row}")}}],
            "complaints": [{"column": "Lieu", "letters": "B", "words": format!("Doute de {row}"),
                "why": "not-a-link"}],
        });
        let missing = |row: &str| serde_json::json!({
            "row": row, "title": format!("Absente {row}"), "sheet": "Feuille",
        });
        let report = serde_json::json!({
            "twice": [{"sheet": "Feuille", "row": 9, "title": "Deux fois"}],
            "undecided": [{"sheet": "Feuille", "row": 8, "ids": ["r1", "r3"], "title": "Laquelle"}],
            "similar": [{"sheet": "Feuille", "row": 7, "id": "r1", "title": "Semblable"}],
            "report": {"file": "a.csv", "import": 1, "lines": [of("r1", 2), of("r2", 3)],
                "missing": [missing("r1"), missing("r2")]},
        });
        imports::finish(&mut tx, import, &report.to_string()).await.unwrap();
        let report_of = async |tx: &mut Tx| {
            let report = imports::find(tx, import).await.unwrap().unwrap().report.unwrap();
            let json: serde_json::Value = serde_json::from_str(&report).unwrap();
            serde_json::from_value::<Report>(json["report"].clone()).unwrap();
            report
        };
        report_of(&mut tx).await;

        redact(&mut tx, table, &one_cell("r1", "lieux")).await.unwrap();
        let without_places = report_of(&mut tx).await;
        redact(&mut tx, table, &whole_row("r1")).await.unwrap();
        let without_row = report_of(&mut tx).await;

        for gone in ["Lieu de r1", "chez r1", "Doute de r1"] {
            assert!(!without_places.contains(gone), "{gone}: {without_places}");
        }
        for stays in ["Titre de r1", "https://r1.fr", "Lieu de r2", "Doute de r2", "Semblable"] {
            assert!(without_places.contains(stays), "{stays}: {without_places}");
        }
        for gone in ["Titre de r1", "https://r1", "Absente r1", "Semblable", "Laquelle", "Deux fois"] {
            assert!(!without_row.contains(gone), "{gone}: {without_row}");
        }
        for stays in ["Titre de r2", "chez r2", "Doute de r2", "Absente r2"] {
            assert!(without_row.contains(stays), "{stays}: {without_row}");
        }
    }

    async fn an_erasure_that_is_broken_off_changes_nothing(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        tx.commit().await.unwrap();
        let mut tx = db.read().await;
        let there = everything(&mut tx).await;
        drop(tx);

        for what in [words(NAME), whole_row("r1"), one_cell("r1", "lieux")] {
            let mut tx = db.begin().await;
            let gone = redact(&mut tx, table, &what).await.unwrap();
            assert!(gone.iter().any(|place| place.count > 0));
            drop(tx);
        }
        let mut tx = db.begin().await;
        redact(&mut tx, table, &words(NAME)).await.unwrap();
        db.store().next_commit(crate::testing::Fault::Fails);
        assert!(tx.commit().await.is_err());

        let mut tx = db.read().await;
        assert_eq!(everything(&mut tx).await, there);
    }

    async fn whoever_only_looks_changes_nothing(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let there = everything(&mut tx).await;
        tx.commit().await.unwrap();

        let mut tx = db.read().await;
        for what in [words(NAME), whole_row("r1"), one_cell("r1", "lieux"), ToErase::default()] {
            places(&mut tx, table, &what).await.unwrap();
        }

        assert_eq!(everything(&mut tx).await, there);
    }

    async fn what_is_erased_is_not_found_again(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let nothing = PLACES.map(|what| (what, 0));

        for what in [words(NAME), one_cell("r1", "lieux"), whole_row("r1"), whole_row("r2")] {
            redact(&mut tx, table, &what).await.unwrap();
            let again = redact(&mut tx, table, &what).await.unwrap();
            assert_eq!(counts(&again), nothing);
        }
    }

    async fn nothing_asked_erases_nothing(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let there = everything(&mut tx).await;

        for what in [ToErase::default(), words(" "), words(""), words("nulle part")] {
            let gone = redact(&mut tx, table, &what).await.unwrap();
            assert_eq!(counts(&gone), PLACES.map(|what| (what, 0)));
        }

        assert_eq!(everything(&mut tx).await, there);
    }

    async fn another_table_keeps_its_words(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let other = tables::create(&mut tx, "lieux", FIRST, NOON).await.unwrap().id;
        history::add(&mut tx, other, &[edit(1, "r1", "nom", "", NAME)]).await.unwrap();
        owners::set(&mut tx, other, &row("r1"), LEA).await.unwrap();

        redact(&mut tx, table, &words(NAME)).await.unwrap();
        redact(&mut tx, table, &whole_row("r1")).await.unwrap();

        let told = history::page(&mut tx, other, &Filter::default(), None, 9).await.unwrap();
        assert_eq!(told[0].edit.after, Plain::text(NAME));
        assert_eq!(owners::all(&mut tx, other).await.unwrap().len(), 1);
    }

    async fn a_long_history_is_walked_to_its_end(db: TestDb) {
        let mut tx = db.begin().await;
        let table = tables::create(&mut tx, "formations", FIRST, NOON).await.unwrap().id;
        let names = [0, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE];
        let told: Vec<Edit> = (0..=3 * PIECE)
            .map(|number| {
                let after = if names.contains(&number) { NAME } else { "personne" };
                edit(number + 1, &format!("r{number}"), "organisme", "", after)
            })
            .collect();
        history::add(&mut tx, table, &told).await.unwrap();

        let gone = redact(&mut tx, table, &words(NAME)).await.unwrap();

        assert_eq!(gone[0].count, names.len() as i64);
        let left = everything(&mut tx).await;
        assert_eq!(left.iter().filter(|line| line.ends_with("\"[effacé]\"")).count(), names.len());
        assert_eq!(left.iter().filter(|line| line.ends_with("\"personne\"")).count(), told.len() - 6);
    }

    async fn a_line_that_cannot_be_judged_stops_the_erasure(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        on_engine!(tx, conn => {
            sqlx::query("update proposals set payload = 'Zoe Ferrand' where key_of_client = 's3'")
                .execute(&mut **conn).await.unwrap();
        });

        let stopped = redact(&mut tx, table, &words(NAME)).await;

        assert_eq!(stopped, Err(StoreError::corrupt("proposals", &3, "payload")));
        assert!(matches!(tx.commit().await, Err(StoreError::Unavailable(_))));
    }

    async fn whatever_is_asked_the_look_counts_what_goes_and_nothing_is_left(db: TestDb) {
        let mut dice = 7_u64;
        let mut throw = move |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        for round in 0..12 {
            let mut tx = db.begin().await;
            let name = format!("t{round}");
            let table = tables::create(&mut tx, &name, FIRST, NOON).await.unwrap().id;
            let said = ["", NAME, "rien", "de ZOE FERRAND à", "Zoe", "Ferrand"];
            let told: Vec<Edit> = (1..=60)
                .map(|number| {
                    let key = ["organisme", "lieux/a", "prix~said", ""][throw(4) as usize];
                    let (before, after) = (said[throw(6) as usize], said[throw(6) as usize]);
                    edit(number, &format!("r{}", throw(5)), key, before, after)
                })
                .collect();
            history::add(&mut tx, table, &told).await.unwrap();
            let mut what = ToErase::default();
            if throw(2) == 0 {
                what.words.push(NAME.to_lowercase());
            }
            if throw(2) == 0 {
                what.rows.push(row(&format!("r{}", throw(5))));
            }
            if throw(2) == 0 {
                what.cells.push((row(&format!("r{}", throw(5))), ColumnId::new("lieux").unwrap()));
            }
            let must_go = told.iter().filter(|edit| {
                let goes = |value| what.redacted(&edit.row, &edit.key, value).is_some();
                goes(&edit.before) || goes(&edit.after)
            });
            let must_go = must_go.count() as i64;

            let seen = places(&mut tx, table, &what).await.unwrap();
            let gone = redact(&mut tx, table, &what).await.unwrap();
            let after = places(&mut tx, table, &what).await.unwrap();

            assert_eq!((gone[0].count, &gone), (must_go, &seen), "{what:?}");
            assert_eq!(counts(&after), PLACES.map(|what| (what, 0)), "{what:?}");
        }
    }

    async fn a_store_that_was_scrubbed_holds_what_it_held(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        redact(&mut tx, table, &words(NAME)).await.unwrap();
        let there = everything(&mut tx).await;
        tx.commit().await.unwrap();

        db.store().scrub().await.unwrap();
        db.store().scrub().await.unwrap();

        let mut tx = db.read().await;
        assert_eq!(everything(&mut tx).await, there);
        drop(tx);
        let mut tx = db.begin().await;
        history::add(&mut tx, table, &[edit(9, "r9", "intitule", "", "après")]).await.unwrap();
        tx.commit().await.unwrap();
    }
}
