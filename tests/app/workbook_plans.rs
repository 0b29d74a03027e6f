//! The small inventories of `fixtures/workbooks/good`: each gives the plan that a person wrote beside it.
//!
//! `NAME.plan.json` says, from what the file says and not from what the program does: `sheets` with offers,
//! their header lines and what each header means; how many rows are `added`; `not_offers` (`sheet!row reason`);
//! `complaints` (`sheet!cell reason`; a row alone where the whole row is meant); the rows `to_check` and what
//! they lack; `rows`: cells of some telling ones as the export gives them, `null` where nothing may stand.
//! `after` is the plan that the file must give once another one was imported.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::Folder;
use crate::workbooks::{fixtures, json};

#[derive(Deserialize)]
struct Wanted {
    sheets: Vec<Sheet>,
    added: usize,
    not_offers: Vec<String>,
    complaints: Vec<String>,
    to_check: Vec<String>,
    rows: Vec<Map<String, Value>>,
    after: Option<After>,
}

#[derive(Deserialize)]
struct Sheet {
    #[serde(rename = "sheet")]
    name: String,
    #[serde(default)]
    hidden: bool,
    header_lines: Vec<u32>,
    offers: usize,
    mapping: BTreeMap<String, Option<String>>,
}

#[derive(Deserialize)]
struct After {
    file: String,
    added: Vec<String>,
    same: usize,
    missing: Vec<String>,
    changes: Vec<String>,
}

/// The plans that stand beside their files, by the name of the file.
fn wanted() -> BTreeMap<String, Wanted> {
    let files = std::fs::read_dir(fixtures("good")).unwrap().map(|entry| entry.unwrap().path());
    let plans = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_suffix(".plan.json")?.to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        Some((
            name,
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        ))
    });
    plans.collect()
}

/// A plan in lines that can be compared one by one.
fn lines_wanted(wanted: &Wanted) -> Vec<String> {
    let mut lines = vec![format!("added {}", wanted.added)];
    for sheet in &wanted.sheets {
        let Sheet { name, hidden, header_lines, offers, mapping } = sheet;
        lines.push(format!(
            "sheet {name}: hidden {hidden}, header {header_lines:?}, {offers} offers"
        ));
        lines.extend(mapping.iter().map(|(header, column)| {
            format!("{name}: {header} -> {}", column.as_deref().unwrap_or("nothing"))
        }));
    }
    lines.extend(wanted.not_offers.iter().map(|it| format!("no offer {it}")));
    lines.extend(wanted.complaints.iter().map(|it| format!("complaint {it}")));
    lines.extend(wanted.to_check.iter().map(|it| format!("to check {it}")));
    lines.sort();
    lines
}

/// What `import --json` printed, in the same lines.
fn lines_told(plan: &Value) -> Vec<String> {
    let mut lines = vec![format!("added {}", plan["added"])];
    let taken = list(&plan["sheets"]).filter(|sheet| sheet["offers"] != 0);
    for sheet in taken {
        let (name, header) = (text(&sheet["sheet"]), &sheet["header_lines"]);
        let header: Vec<u32> = serde_json::from_value(header.clone()).unwrap();
        lines.push(format!(
            "sheet {name}: hidden {}, header {header:?}, {} offers",
            sheet["hidden"], sheet["offers"]
        ));
        lines.extend(list(&sheet["mapping"]).map(|cell| {
            let column = cell["column"].as_str().unwrap_or("nothing");
            format!("{name}: {} -> {column}", text(&cell["header"]))
        }));
    }
    let reason =
        |it: &Value, place: &str| format!("{}!{} {}", text(&it["sheet"]), place, text(&it["key"]));
    lines.extend(
        list(&plan["not_offers"])
            .map(|it| format!("no offer {}", reason(it, &it["row"].to_string()))),
    );
    lines.extend(
        list(&plan["complaints"]).map(|it| format!("complaint {}", reason(it, text(&it["cell"])))),
    );
    for it in list(&plan["to_check"]) {
        let keys: Vec<&str> = list(&it["keys"]).map(text).collect();
        lines.push(format!("to check {}!{} {}", text(&it["sheet"]), it["row"], keys.join(" ")));
    }
    lines.sort();
    lines
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What one side says and the other does not.
fn difference(told: &[String], wanted: &[String]) -> Vec<String> {
    let lacks = |from: &[String], line: &String| from.iter().filter(|it| *it == line).count();
    let more = |side: &'static str, ours: &[String], theirs: &[String]| -> Vec<String> {
        let odd = ours.iter().filter(|line| lacks(ours, line) > lacks(theirs, line));
        odd.map(|line| format!("{side}: {line}")).collect()
    };
    [more("told", told, wanted), more("wanted", wanted, told)].concat()
}

/// The cells of telling rows that do not stand in the export as they should.
fn odd_cells(export: &Value, wanted: &[Map<String, Value>]) -> Vec<String> {
    let mut odd = Vec::new();
    for wanted in wanted {
        let rows = list(&export["rows"]).filter(|row| row["intitule"] == wanted["intitule"]);
        let rows: Vec<&Value> = rows.collect();
        if rows.is_empty() {
            odd.push(format!("no row {}", wanted["intitule"]));
        }
        for (key, cell) in wanted {
            // Of two rows with one title, the one that is meant.
            if !rows.iter().any(|row| row.get(key).unwrap_or(&Value::Null) == cell) {
                let found: Vec<_> = rows.iter().map(|row| row.get(key)).collect();
                odd.push(format!("{} {key}: wanted {cell}, found {found:?}", wanted["intitule"]));
            }
        }
    }
    odd
}

fn path_of(name: &str) -> String {
    fixtures("good").join(name).to_str().unwrap().to_owned()
}

#[test]
fn every_inventory_gives_the_plan_that_a_person_wrote_for_it() {
    let wanted = wanted();
    let mut odd: Vec<String> = Vec::new();

    for (name, wanted) in &wanted {
        let folder = Folder::fresh();
        let file = path_of(name);
        let plan = json(&folder, &["import", &file, "--json"]);
        odd.extend(
            difference(&lines_told(&plan), &lines_wanted(wanted))
                .iter()
                .map(|it| format!("{name}: {it}")),
        );
        let nothing_else = (&plan["changed"], &plan["same"], &plan["batch"]);
        assert_eq!(nothing_else, (&0.into(), &0.into(), &Value::Null), "{name}");

        let applied = json(&folder, &["import", &file, "--apply", "--json"]);
        assert_eq!((&applied["added"], &applied["batch"]), (&plan["added"], &1.into()), "{name}");
        let export = json(&folder, &["export", "--all", "--format", "json"]);
        assert_eq!(list(&export["rows"]).count(), wanted.added, "{name}");
        odd.extend(odd_cells(&export, &wanted.rows).iter().map(|it| format!("{name}: {it}")));
        let again = json(&folder, &["import", &file, "--json"]);
        let counts = (&again["added"], &again["changed"], &again["same"]);
        assert_eq!(counts, (&0.into(), &0.into(), &plan["added"]), "{name}: the same file again");
    }

    assert!(wanted.len() >= 20, "{} files", wanted.len());
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn a_sheet_that_was_worked_on_brings_its_three_changes_two_new_rows_and_tells_the_one_that_is_gone()
{
    let all = wanted();
    let later: Vec<_> =
        all.iter().filter_map(|(name, it)| Some((name, it.after.as_ref()?))).collect();
    assert!(!later.is_empty());

    for (name, wanted) in later {
        let folder = Folder::fresh();
        json(&folder, &["import", &path_of(&wanted.file), "--apply", "--json"]);

        let plan = json(&folder, &["import", &path_of(name), "--json"]);

        let mut changes: Vec<String> = list(&plan["changes"]).map(change).collect();
        changes.sort();
        changes.dedup();
        assert_eq!(changes, sorted(&wanted.changes));
        let changed = changes.iter().filter_map(|it| it.split(' ').next());
        let changed: std::collections::BTreeSet<&str> = changed.collect();
        let counts = ["added", "changed", "same"].map(|it| plan[it].as_u64().unwrap() as usize);
        assert_eq!(counts, [wanted.added.len(), changed.len(), wanted.same]);
        assert_eq!((list(&plan["conflicts"]).count(), list(&plan["complaints"]).count()), (0, 0));
        let missing: Vec<String> =
            list(&plan["missing"]).map(|it| text(&it["title"]).to_owned()).collect();
        assert_eq!(missing, wanted.missing);
        is_what_it_does(&folder, name, wanted);
    }
}

/// Applied, the file leaves what it says, the row that it no longer has among it.
fn is_what_it_does(folder: &Folder, name: &str, wanted: &After) {
    let titles = |folder: &Folder| -> Vec<String> {
        let export = json(folder, &["export", "--all", "--format", "json"]);
        list(&export["rows"]).map(|row| text(&row["intitule"]).to_owned()).collect()
    };
    let before = titles(folder);

    json(folder, &["import", &path_of(name), "--apply", "--json"]);

    let mut made = titles(folder);
    assert!(wanted.missing.iter().all(|it| made.contains(it)), "{made:?}");
    made.retain(|title| !before.contains(title));
    assert_eq!(sorted(&made), sorted(&wanted.added));
    let again = json(folder, &["import", &path_of(name), "--json"]);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
}

/// `Saison!6 lieux`: an item of a list is a change of its cell.
fn change(change: &Value) -> String {
    let column = text(&change["column"]).split('/').next().unwrap_or_default();
    format!("{}!{} {column}", text(&change["sheet"]), change["row"])
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    words.sort();
    words
}
