use super::*;
use crate::testing::NOON;
use crate::{both_engines, imports, tables};

const FILE: &str = "export « été » 🌞 d'2026.xlsx";
const DECIDED: &str = r#"{"lines":{"Été!3":{"skip":true}}}"#;
const LATER: Timestamp = Timestamp(NOON.0 + 1_000);

fn id(id: &str) -> PlanId {
    PlanId::new(id).unwrap()
}

async fn a_table(tx: &mut Tx) -> TableId {
    tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
}

async fn added(tx: &mut Tx, table: TableId, id: &PlanId) {
    let new = NewPlan {
        id,
        table,
        actor: Some(PersonId(3)),
        file_name: FILE,
        sha256: b"hash",
        upload: b"file",
    };
    add(tx, new, NOON).await.unwrap();
}

const MADE: Made<'_> = Made {
    plan: b"plan",
    decisions: "{}",
    epoch: Epoch(1),
    revision: Revision(7),
    columns_sha256: b"columns",
};

async fn planned(tx: &mut Tx, table: TableId, id: &PlanId) {
    added(tx, table, id).await;
    assert_eq!(set_book(tx, id, b"book", NOON).await, Ok(true));
    assert_eq!(set_plan(tx, id, 1, MADE, NOON).await, Ok(true));
}

async fn applying(tx: &mut Tx, table: TableId, id: &PlanId) -> ImportId {
    planned(tx, table, id).await;
    let import = imports::begin(tx, table, FILE, b"hash", None, NOON).await.unwrap();
    let fixed = Fixed { import, row_ids: r#"["r1"]"#, total: 5 };
    assert_eq!(begin_applying(tx, id, 2, fixed, NOON).await, Ok(true));
    import
}

async fn state(tx: &mut Tx, id: &PlanId) -> Option<State> {
    find(tx, id).await.unwrap().map(|record| record.state)
}

/// The file, what it holds, the plan, the fixed identifiers: which of them are kept.
async fn kept(tx: &mut Tx, id: &PlanId) -> [bool; 4] {
    [
        upload(tx, id).await.unwrap().is_some(),
        book(tx, id).await.unwrap().is_some(),
        plan(tx, id).await.unwrap().is_some(),
        row_ids(tx, id).await.unwrap().is_some(),
    ]
}

#[test]
fn every_state_has_its_word() {
    for state in State::ALL {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    assert_eq!("elsewhere".parse::<State>(), Err(NoState));
}

both_engines! {
    async fn a_file_becomes_a_plan_and_the_plan_an_import(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, one) = (a_table(&mut tx).await, id("plan1"));
        added(&mut tx, table, &one).await;
        let fresh = find(&mut tx, &one).await.unwrap().unwrap();
        assert_eq!((fresh.state, fresh.version, fresh.actor), (State::Reading, 1, Some(PersonId(3))));
        assert_eq!((fresh.file_name.as_str(), fresh.sha256.as_slice()), (FILE, &b"hash"[..]));
        assert_eq!(upload(&mut tx, &one).await, Ok(Some(b"file".to_vec())));

        assert_eq!(set_book(&mut tx, &one, b"book", LATER).await, Ok(true));
        assert_eq!(kept(&mut tx, &one).await, [false, true, false, false]);
        assert_eq!(set_plan(&mut tx, &one, 1, MADE, LATER).await, Ok(true));
        assert_eq!(decide(&mut tx, &one, 2, DECIDED, LATER).await, Ok(true));
        let seen = find(&mut tx, &one).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.version, seen.decisions.as_str()), (State::Planned, 3, DECIDED));
        assert_eq!((seen.epoch, seen.revision, seen.changed_at), (Epoch(1), Revision(7), LATER));
        assert_eq!((fresh.planned_at, seen.planned_at), (Timestamp(0), LATER));
        assert_eq!(seen.columns_sha256, b"columns");
        assert_eq!(book(&mut tx, &one).await, Ok(Some(b"book".to_vec())));
        assert_eq!(plan(&mut tx, &one).await, Ok(Some(b"plan".to_vec())));

        let import = imports::begin(&mut tx, table, FILE, b"hash", None, LATER).await.unwrap();
        let fixed = Fixed { import, row_ids: r#"["r1"]"#, total: 5 };
        assert_eq!(begin_applying(&mut tx, &one, 3, fixed, LATER).await, Ok(true));
        progress(&mut tx, &one, 2).await.unwrap();
        let running = find(&mut tx, &one).await.unwrap().unwrap();
        assert_eq!((running.state, running.import), (State::Applying, Some(import)));
        assert_eq!((running.done, running.total), (2, 5));
        assert_eq!(row_ids(&mut tx, &one).await, Ok(Some(r#"["r1"]"#.to_owned())));
        assert_eq!(of_import(&mut tx, import).await, Ok(Some(running)));
        assert_eq!(of_import(&mut tx, ImportId(404)).await, Ok(None));

        assert_eq!(finish(&mut tx, &one, LATER).await, Ok(true));
        let done = find(&mut tx, &one).await.unwrap().unwrap();
        assert_eq!((done.state, done.done, done.decisions.as_str()), (State::Applied, 5, "{}"));
        assert_eq!(kept(&mut tx, &one).await, [false; 4]);
        assert_eq!(of_import(&mut tx, import).await, Ok(Some(done)));
    }

    async fn of_two_who_decide_at_once_one_is_told_that_the_other_was_faster(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, one) = (a_table(&mut tx).await, id("plan1"));
        planned(&mut tx, table, &one).await;
        tx.commit().await.unwrap();

        let (first, second) = (db.store().clone(), db.store().clone());
        let decides = |store: crate::Store, decisions: &'static str| async move {
            let mut tx = store.begin().await.unwrap();
            let won = decide(&mut tx, &id("plan1"), 2, decisions, LATER).await.unwrap();
            tx.commit().await.unwrap();
            won
        };
        let (lea, nour) = tokio::join!(
            tokio::spawn(decides(first, r#"{"léa":1}"#)),
            tokio::spawn(decides(second, r#"{"nour":1}"#)),
        );

        let (lea, nour) = (lea.unwrap(), nour.unwrap());
        assert!(lea != nour, "one of them: {lea} {nour}");
        let mut tx = db.begin().await;
        let kept = find(&mut tx, &one).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.decisions.contains("nour")), (3, nour));
        let import = imports::begin(&mut tx, table, FILE, b"hash", None, NOON).await.unwrap();
        let fixed = Fixed { import, row_ids: "[]", total: 1 };
        assert_eq!(begin_applying(&mut tx, &one, 2, fixed, NOON).await, Ok(false));
        assert_eq!(set_plan(&mut tx, &one, 2, MADE, NOON).await, Ok(false));
    }

    async fn no_step_is_taken_from_a_state_in_which_it_makes_no_sense(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let (read, plan, running, nobodys) = (id("a"), id("b"), id("c"), id("d"));
        added(&mut tx, table, &read).await;
        planned(&mut tx, table, &plan).await;
        let import = applying(&mut tx, table, &running).await;
        let fixed = Fixed { import, row_ids: "[]", total: 1 };

        for other in [&read, &running, &nobodys] {
            let version = find(&mut tx, other).await.unwrap().map_or(1, |record| record.version);
            assert_eq!(decide(&mut tx, other, version, "{}", NOON).await, Ok(false), "{other}");
            let begun = begin_applying(&mut tx, other, version, fixed, NOON).await;
            assert_eq!(begun, Ok(false), "{other}");
        }
        for other in [&plan, &running, &nobodys] {
            assert_eq!(set_book(&mut tx, other, b"x", NOON).await, Ok(false), "{other}");
            assert_eq!(set_refused(&mut tx, other, "{}", NOON).await, Ok(false), "{other}");
        }
        for other in [&read, &plan, &nobodys] {
            assert_eq!(finish(&mut tx, other, NOON).await, Ok(false), "{other}");
            assert_eq!(stop(&mut tx, other, "{}", NOON).await, Ok(false), "{other}");
        }
        assert_eq!(set_plan(&mut tx, &running, 3, MADE, NOON).await, Ok(false));
        assert_eq!(abandon(&mut tx, &running, NOON).await, Ok(false));
        assert_eq!(kept(&mut tx, &running).await, [false, true, true, true]);
        assert_eq!(kept(&mut tx, &plan).await, [false, true, true, false]);
    }

    async fn what_ends_early_keeps_its_reason_and_not_the_file(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let (refused, abandoned, stopped) = (id("a"), id("b"), id("c"));
        added(&mut tx, table, &refused).await;
        planned(&mut tx, table, &abandoned).await;
        applying(&mut tx, table, &stopped).await;

        let why = r#""encrypted""#;
        assert_eq!(set_refused(&mut tx, &refused, why, LATER).await, Ok(true));
        assert_eq!(abandon(&mut tx, &abandoned, LATER).await, Ok(true));
        assert_eq!(stop(&mut tx, &stopped, ERASED, LATER).await, Ok(true));

        for (plan, state, error) in [
            (&refused, State::Refused, Some(why)),
            (&abandoned, State::Abandoned, None),
            (&stopped, State::Stopped, Some(ERASED)),
        ] {
            let record = find(&mut tx, plan).await.unwrap().unwrap();
            assert_eq!((record.state, record.error.as_deref()), (state, error));
            assert_eq!(kept(&mut tx, plan).await, [false; 4], "{state}");
        }
    }

    async fn a_start_finds_what_was_under_way(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        added(&mut tx, table, &id("b")).await;
        added(&mut tx, table, &id("a")).await;
        applying(&mut tx, table, &id("c")).await;

        let ids = |records: Vec<PlanRecord>| {
            records.into_iter().map(|record| record.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(ids(in_state(&mut tx, State::Reading).await.unwrap()), ["a", "b"]);
        assert_eq!(ids(in_state(&mut tx, State::Applying).await.unwrap()), ["c"]);
        assert_eq!(ids(of_table(&mut tx, table, 2).await.unwrap()), ["a", "b"]);
        assert_eq!(ids(of_table(&mut tx, TableId(404), 9).await.unwrap()), Vec::<String>::new());
    }

    async fn only_what_was_never_applied_is_forgotten(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        for name in ["reading", "refused", "planned", "abandoned", "applying", "applied", "fresh"] {
            added(&mut tx, table, &id(name)).await;
        }
        set_refused(&mut tx, &id("refused"), "{}", NOON).await.unwrap();
        abandon(&mut tx, &id("abandoned"), NOON).await.unwrap();
        for name in ["planned", "applying", "applied", "fresh"] {
            assert_eq!(set_plan(&mut tx, &id(name), 1, MADE, NOON).await, Ok(true));
        }
        for name in ["applying", "applied"] {
            let import = imports::begin(&mut tx, table, FILE, b"hash", None, NOON).await.unwrap();
            let fixed = Fixed { import, row_ids: "[]", total: 1 };
            assert_eq!(begin_applying(&mut tx, &id(name), 2, fixed, NOON).await, Ok(true));
        }
        finish(&mut tx, &id("applied"), NOON).await.unwrap();
        decide(&mut tx, &id("fresh"), 2, "{}", LATER).await.unwrap();

        assert_eq!(forget_before(&mut tx, NOON).await, Ok(0));
        assert_eq!(forget_before(&mut tx, LATER).await, Ok(4));

        let mut left: Vec<String> = of_table(&mut tx, table, 9).await.unwrap()
            .into_iter().map(|record| record.id.to_string()).collect();
        left.sort();
        assert_eq!(left, ["applied", "applying", "fresh"]);
    }

    async fn an_erasure_leaves_no_plan_that_could_bring_anything_back(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let other = tables::create(&mut tx, "autre", Epoch(1), NOON).await.unwrap().id;
        added(&mut tx, table, &id("a")).await;
        planned(&mut tx, table, &id("b")).await;
        applying(&mut tx, table, &id("c")).await;
        applying(&mut tx, table, &id("d")).await;
        finish(&mut tx, &id("d"), NOON).await.unwrap();
        planned(&mut tx, other, &id("e")).await;
        assert_eq!(unapplied(&mut tx, table).await, Ok(3));

        assert_eq!(drop_unapplied(&mut tx, table).await, Ok(3));

        assert_eq!(unapplied(&mut tx, table).await, Ok(0));
        let mut states = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            states.push(state(&mut tx, &id(name)).await);
        }
        let expected = [None, None, Some(State::Stopped), Some(State::Applied), Some(State::Planned)];
        assert_eq!(states, expected);
        assert_eq!(kept(&mut tx, &id("c")).await, [false; 4]);
        assert_eq!(finish(&mut tx, &id("c"), NOON).await, Ok(false), "nothing of it is remembered");
    }

    async fn what_cannot_be_stored_is_refused(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, one) = (a_table(&mut tx).await, id("a"));
        let new = NewPlan {
            id: &one, table, actor: None, file_name: "\0.xlsx", sha256: b"", upload: b"\0",
        };

        let refused = |column| Err(StoreError::NotStorable { column });
        assert_eq!(add(&mut tx, new, NOON).await, refused("import_plans.file_name"));
        add(&mut tx, NewPlan { file_name: FILE, ..new }, NOON).await.unwrap();
        assert_eq!(
            set_refused(&mut tx, &one, "\0", NOON).await.map(|_| ()),
            refused("import_plans.error")
        );
        assert_eq!(
            decide(&mut tx, &one, 1, "\0", NOON).await.map(|_| ()),
            refused("import_plans.decisions")
        );
        assert_eq!(upload(&mut tx, &one).await, Ok(Some(b"\0".to_vec())), "bytes are bytes");
    }
}
