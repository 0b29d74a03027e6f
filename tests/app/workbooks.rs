//! Files from outside, sent through the program: good ones give their plan, others one sentence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Folder;

pub fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/workbooks").join(folder)
}

/// Runs the program with a data folder of its own, as an operator does.
fn tablee(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tablee"));
    command.args(arguments).current_dir(folder.path()).env_clear();
    command.env("TABLEE_DATA_DIR", folder.path().join("data"));
    command.output().unwrap()
}

fn import(folder: &Folder, file: &Path) -> Output {
    tablee(folder, &["import", file.to_str().unwrap(), "--json"])
}

/// What a command prints as JSON.
pub fn json(folder: &Folder, arguments: &[&str]) -> Value {
    let output = tablee(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_file_that_is_refused_gets_its_sentence_and_nothing_else_happens() {
    let folder = Folder::fresh();
    let sentences = std::fs::read_to_string(fixtures("refused").join("sentences.json")).unwrap();
    let sentences: BTreeMap<String, String> = serde_json::from_str(&sentences).unwrap();

    for (name, sentence) in sentences {
        let output = import(&folder, &fixtures("refused").join(&name));

        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), told),
            (Some(2), format!("tablee: {sentence}\n")),
            "{name}"
        );
        assert!(output.stdout.is_empty(), "{name}");
    }
}

#[test]
fn a_file_that_is_read_has_a_plan() {
    let folder = Folder::fresh();

    for entry in std::fs::read_dir(fixtures("good")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|end| end == "json") {
            continue;
        }
        let output = import(&folder, &file);

        assert_eq!(output.status.code(), Some(0), "{}", file.display());
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(plan["batch"].is_null() && plan["complaints"].is_array(), "{}", file.display());
    }
}

#[test]
fn a_file_that_is_not_there_is_said() {
    let folder = Folder::fresh();

    let output = import(&folder, Path::new("nowhere.xlsx"));

    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("tablee: the file `nowhere.xlsx` cannot be read"), "{told}");
    assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1));
}

#[test]
fn the_reader_binds_itself_before_it_reads() {
    let mut reader = Command::new(env!("CARGO_BIN_EXE_tablee"))
        .arg("read-workbook")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It answers only when its input ends, so until then its limits can be looked at.
    let file = format!("/proc/{}/limits", reader.id());
    let deadline = Instant::now() + Duration::from_secs(20);
    let is_bound = |limits: &str| {
        let has = |name: &str, soft: &str, hard: &str| {
            let line = limits.lines().find(|line| line.starts_with(name));
            line.is_some_and(|line| line[name.len()..].split_whitespace().take(2).eq([soft, hard]))
        };
        has("Max address space", "805306368", "805306368")
            && has("Max cpu time", "20", "22")
            && has("Max file size", "0", "0")
            && has("Max core file size", "0", "0")
            && has("Max open files", "0", "0")
            && has("Max processes", "0", "0")
    };
    while !is_bound(&std::fs::read_to_string(&file).unwrap()) {
        assert!(Instant::now() < deadline, "it never bound itself");
        std::thread::yield_now();
    }

    drop(reader.stdin.take());
    let output = reader.wait_with_output().unwrap();

    assert_eq!(output.stdout, b"{\"refused\":\"empty\"}\n");
    assert_eq!(output.status.code(), Some(3));
}
