use std::collections::BTreeMap;

use crate::tree::{files, production, root};

/// What each crate may see. The arrows of ARCHITECTURE.md.
const MAY_SEE: [(&str, &[&str]); 6] = [
    ("domain", &[]),
    ("document", &["domain"]),
    ("exchange", &["domain"]),
    ("storage", &["domain"]),
    ("live", &["domain", "document", "storage"]),
    ("server", &["domain", "document", "exchange", "storage", "live"]),
];

fn manifest(name: &str) -> String {
    let path = match name {
        "server" => root().join("server/Cargo.toml"),
        name => root().join(format!("server/crates/{name}/Cargo.toml")),
    };
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn arrows_between_crates_point_one_way() {
    let allowed: BTreeMap<_, _> = MAY_SEE.into_iter().collect();

    for (name, may_see) in &allowed {
        let text = manifest(name);
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        let sees = allowed
            .keys()
            .filter(|other| dependencies.contains(&format!("\ntablee-{other}")))
            .collect::<Vec<_>>();
        let forbidden: Vec<_> = sees.into_iter().filter(|other| !may_see.contains(other)).collect();

        assert!(forbidden.is_empty(), "{name} must not see {forbidden:?}");
    }
}

#[test]
fn only_storage_speaks_sql() {
    let elsewhere: Vec<_> = files("server", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.starts_with("server/crates/storage/"))
        .filter(|(_, text)| text.contains("sqlx::"))
        .map(|(path, _)| path)
        .collect();

    assert!(elsewhere.is_empty(), "SQL outside storage: {elsewhere:?}");
}

#[test]
fn only_document_and_the_wire_touch_yrs() {
    let elsewhere: Vec<_> = files("server", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.starts_with("server/crates/document/"))
        .filter(|(path, _)| path != "server/crates/live/src/protocol.rs")
        .filter(|(_, text)| text.contains("yrs::"))
        .map(|(path, _)| path)
        .collect();

    assert!(elsewhere.is_empty(), "yrs outside document: {elsewhere:?}");
}

#[test]
fn live_knows_no_http() {
    for (path, text) in files("server/crates/live", ".rs") {
        assert!(!text.contains("axum") && !text.contains("http::"), "{path} knows HTTP");
    }
}

/// A door that is in no list is a door that no test walks through.
#[test]
fn every_door_stands_in_the_list() {
    let elsewhere: Vec<_> = files("server/src", ".rs")
        .into_iter()
        .filter(|(path, _)| path != "server/src/web/doors.rs")
        .filter(|(_, text)| {
            let text = production(text);
            text.contains(".route(") || text.contains("axum::routing")
        })
        .map(|(path, _)| path)
        .collect();

    assert!(elsewhere.is_empty(), "routes outside the list of doors: {elsewhere:?}");
}
