//! Frames that no tab sends: seeded mutants of honest ones. `TABLEE_SEED` makes others, `TABLEE_MUTANTS` more.

use std::fs;
use std::path::Path;

use tablee_domain::ids::{PersonId, Writer};
use tablee_domain::people::Role;
use tablee_live::presence::{Face, Presence};
use tablee_live::protocol::{self, AwarenessEntry, FromTab};
use tablee_live::verify::verify;
use tablee_storage::both_engines;
use yrs::{Map, ReadTxn, Transact};

use crate::chance::{Dice, from_env};
use crate::tab::{House, Tab, map_at, text_at, types};

/// Numbers at which readers go wrong, as they stand in a frame.
const EDGES: [&[u8]; 6] = [
    &[0],
    &[0x7f],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
];

/// Another frame, a few strokes away.
fn mutant(of: &[u8], corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = of.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.next() as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.splice(at..at, EDGES[dice.below(EDGES.len())].iter().copied())),
            4 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let other = &corpus[dice.below(corpus.len())];
                let from = dice.below(other.len());
                bytes.splice(at.., other[from..].iter().copied());
            }
        }
    }
    bytes
}

fn frames() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/frames");
    let files = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|it| it == "bin")).collect();
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn a_mutant_is_a_frame_that_is_written_as_it_was_read_or_no_frame() {
    let (mut dice, corpus) = (Dice::of_env(11), frames());
    let (mut read, all) = (0, from_env("TABLEE_MUTANTS", 100_000));

    for _ in 0..all {
        let bytes = mutant(&corpus[dice.below(corpus.len())], &corpus, &mut dice);
        let Ok(frame) = protocol::decode(&bytes) else { continue };
        let written = match &frame {
            FromTab::Step1(body) => protocol::step1(body),
            FromTab::Step2(body) => protocol::step2(body),
            FromTab::Update(body) => protocol::update(body),
            FromTab::Awareness(entries) => {
                let held: usize = entries.iter().map(|entry| entry.state.len()).sum();
                assert!(held + entries.len() <= bytes.len(), "no more than was sent: {bytes:?}");
                protocol::awareness(entries.iter())
            }
            FromTab::QueryAwareness | FromTab::Ours(_) => continue,
        };
        assert_eq!(protocol::decode(&written), Ok(frame), "seed {}: {bytes:?}", dice.seed);
        read += 1;
    }

    println!("{all} mutants, {read} of them frames");
    assert!(read > all / 20, "mutants must come near enough: {read}");
}

/// What a tab might say of itself and of others.
fn words_of_presence(round: usize, corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    const STATES: [&str; 4] = [
        r#"{"user":{"name":"Admin","colour":3},"at":{"row":"r1","column":"etat","editing":true}}"#,
        r#"{"at":{"row":"r1","column":"etat","anchor":4294967295}}"#,
        r#"{"at":null}"#,
        "null",
    ];
    let entries: Vec<_> = (0..dice.below(7))
        .map(|_| {
            let writer = Writer(dice.below(8) as u64 + 5);
            // Now and then an old word, or one after which nothing can follow.
            let later = round.saturating_sub(2) + dice.below(5);
            let clock = if dice.below(9_000) == 0 { u32::MAX } else { later as u32 };
            let state = STATES[dice.below(4)].as_bytes();
            let state =
                if dice.below(3) == 0 { mutant(state, corpus, dice) } else { state.to_vec() };
            let state = String::from_utf8_lossy(&state).into_owned();
            AwarenessEntry { writer, clock, state }
        })
        .collect();
    let frame = protocol::awareness(entries.iter()).to_vec();
    if dice.below(4) == 0 { mutant(&frame, corpus, dice) } else { frame }
}

#[test]
fn whatever_a_tab_says_of_presence_it_says_of_itself_only() {
    const HERS: Writer = Writer(7);
    let (mut dice, corpus) = (Dice::of_env(13), frames());
    let mut presence = Presence::default();
    let own = AwarenessEntry { writer: HERS, clock: 5, state: r#"{"at":null}"#.to_owned() };
    presence.take_in(1, &Face::new(PersonId(1), "Léa"), vec![own], |_| true);
    let hers = presence.all();
    let (face, mut heard) = (Face::new(PersonId(2), "Nour"), 0);

    for round in 0..from_env("TABLEE_MUTANTS", 100_000) / 5 {
        let bytes = words_of_presence(round, &corpus, &mut dice);
        let Ok(FromTab::Awareness(said)) = protocol::decode(&bytes) else { continue };
        let told = presence.take_in(2, &face, said.clone(), |writer| writer != HERS);
        for entry in told {
            let same =
                |one: &AwarenessEntry| (one.writer, one.clock) == (entry.writer, entry.clock);
            assert!(said.iter().any(same), "its clock is its own: {entry:?}");
            let state: serde_json::Value = serde_json::from_str(&entry.state).unwrap();
            assert!(state.is_null() || state["user"]["name"] == "Nour", "{entry:?}");
            heard += 1;
        }
        let all = presence.all();
        assert!(all.contains(&hers[0]) && all.len() <= 5, "{all:?}");
    }

    assert!(heard > 500, "mutants must come near enough: {heard}");
}

/// An honest edit of a member, as bytes; its tab keeps it to itself.
fn honest(tab: &Tab, dice: &mut Dice) -> Vec<u8> {
    let (kind, number) = (dice.below(4), dice.below(1_000));
    tab.edits(|txn, rows| match kind {
        0 => drop(map_at(txn, rows, "rang1").insert(txn, "niveau", "expert")),
        1 => {
            let text = text_at(txn, rows, "rang1", "intitule");
            types(txn, &text, " encore");
        }
        2 => {
            let row = rows.insert(txn, format!("rang{number}"), yrs::MapPrelim::default());
            row.insert(txn, "~order", "m");
        }
        _ => drop(map_at(txn, rows, "rang1").insert(txn, "themes/eau", true)),
    })
}

both_engines! {
    async fn no_mutant_breaks_a_room_or_what_it_keeps(db: TestDb) {
        let mut dice = Dice::of_env(17);
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let mut honest_tab = lea.opens(&house).await;
        honest_tab.adds_row("rang1", "Animer");
        honest_tab.sets("rang1", "etat", "publiee");
        honest_tab.until_saved().await;
        let (mut refused, mut taken, mut corpus) = (0, 0, Vec::new());

        for _ in 0..from_env("TABLEE_MUTANTS", 100_000) / 500 {
            let mut hostile = nour.opens(&house).await;
            let update = honest(&hostile, &mut dice);
            corpus.push(update.clone());
            let update = mutant(&update, &corpus, &mut dice);
            let before = house.table().await.revision;
            if dice.below(2) == 0 { hostile.sends_update(&update) } else { hostile.sends_step2(&update) }
            hostile.until(|tab| tab.closed.is_some() || tab.asked > 1 || tab.saved >= tab.sent).await;
            let after = house.table().await;

            assert!(hostile.closed.is_none_or(|code| code == 4403), "{:?} of {update:?}", hostile.closed);
            assert_eq!(house.cell("rang1", "etat").await, "publiee", "{update:?}");
            refused += usize::from(hostile.closed.is_some());
            if after.revision > before {
                taken += 1;
                let fresh = lea.opens(&house).await;
                assert!(!fresh.doc.transact().has_missing_updates(), "{update:?}");
            }
        }

        println!("seed {}: {refused} mutants refused, {taken} taken in", dice.seed);
        assert!(refused > 20 && taken > 5, "mutants must come near enough: {refused} {taken}");
        assert_eq!(honest_tab.closed, None);
        drop(honest_tab);
        house.rooms.stop().await;
        verify(db.store(), "formations").await.unwrap();
    }
}
