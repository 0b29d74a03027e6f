//! The frames that both sides of the wire read alike: `fixtures/frames`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tablee_live::protocol::{self, FromTab, ServerSays};
use yrs::encoding::read::{Cursor, Read};

fn frames() -> Vec<(PathBuf, Vec<u8>, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/frames");
    let names = fs::read_dir(folder).expect("the frames are there").flatten();
    names
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "bin"))
        .map(|path| {
            let bytes = fs::read(&path).expect("its bytes");
            let meaning = fs::read(path.with_extension("json")).expect("its meaning");
            (path, bytes, serde_json::from_slice(&meaning).expect("JSON"))
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes everything");
        text
    })
}

/// What this side reads in a frame, in the words of the fixtures.
fn meaning(frame: &FromTab) -> Value {
    match frame {
        FromTab::Step1(bytes) => json!({"frame": "step1", "stateVector": hex(bytes)}),
        FromTab::Step2(bytes) => json!({"frame": "step2", "update": hex(bytes)}),
        FromTab::Update(bytes) => json!({"frame": "update", "update": hex(bytes)}),
        FromTab::QueryAwareness => json!({"frame": "query-awareness"}),
        FromTab::Ours(says) => json!({"frame": "ours", "says": says}),
        FromTab::Awareness(entries) => {
            let entries: Vec<Value> = entries
                .iter()
                .map(|entry| {
                    let state: Value = serde_json::from_str(&entry.state).expect("a state");
                    json!({"writer": entry.writer, "clock": entry.clock, "state": state})
                })
                .collect();
            json!({"frame": "awareness", "entries": entries})
        }
    }
}

#[test]
fn what_a_tab_sends_is_read_as_it_is_written_down() {
    let mut read = 0;
    for (path, bytes, expected) in frames() {
        let Ok(frame) = protocol::decode(&bytes) else { continue };

        assert_eq!(meaning(&frame), expected, "{}", path.display());
        read += 1;
    }

    assert!(read >= 10, "most frames come from tabs too: {read}");
}

#[test]
fn what_the_server_says_is_written_as_it_is_read_by_tabs() {
    let mut said = 0;
    for (path, bytes, expected) in frames() {
        if expected["frame"] != "ours" || expected["says"]["type"] == "make-text" {
            continue;
        }

        let says: ServerSays =
            serde_json::from_value(expected["says"].clone()).expect("it says so");
        let written = protocol::ours(&says);

        let text = |frame: &[u8]| -> Value {
            let mut cursor = Cursor::new(frame);
            assert_eq!(cursor.read_var::<u32>().expect("a kind"), 100);
            serde_json::from_str(cursor.read_string().expect("a text")).expect("JSON")
        };
        assert_eq!(text(&written), expected["says"], "{}", path.display());
        assert_eq!(text(&bytes), expected["says"], "{}", path.display());
        said += 1;
    }

    assert!(said >= 6, "every frame of the server is written down: {said}");
}
