use std::collections::{BTreeMap, BTreeSet};

use crate::tree::files;

/// Tables and their columns, as the `create table` statements of one engine say them.
fn tables(engine: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut tables = BTreeMap::new();
    for (_, text) in files(&format!("migrations/{engine}"), ".sql") {
        let text: String = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect::<Vec<_>>()
            .join("\n");
        for statement in text.split(';') {
            let statement = statement.trim();
            let Some(rest) = statement.strip_prefix("create table ") else { continue };
            let (name, body) = rest.split_once('(').expect("a table has columns");
            let columns = columns(body);
            assert!(!columns.is_empty(), "{name} has no columns");
            tables.insert(name.trim().to_owned(), columns);
        }
    }
    tables
}

fn columns(body: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut part = String::new();
    let mut parts = Vec::new();
    for letter in body.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {}
        }
        if depth < 0 {
            break;
        }
        if letter != ',' || depth > 0 {
            part.push(letter);
        }
    }
    parts.push(part);
    parts
        .iter()
        .filter_map(|part| part.split_whitespace().next())
        .filter(|word| !matches!(*word, "primary" | "unique" | "foreign" | "check" | "constraint"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (tables("sqlite"), tables("postgres"));

    assert!(sqlite.len() > 5, "the rule must see the tables: {sqlite:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn both_engines_have_the_same_steps() {
    let names = |engine: &str| -> Vec<String> {
        let folder = format!("migrations/{engine}");
        files(&folder, ".sql")
            .into_iter()
            .map(|(path, _)| path[folder.len()..].to_owned())
            .collect()
    };

    assert_eq!(names("sqlite"), names("postgres"));
}
