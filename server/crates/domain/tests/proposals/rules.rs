use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tablee_domain::proposal::rule::{self, Rule};
use tablee_domain::proposal::{Form, Requirement};
use tablee_domain::table::Columns;
use tablee_domain::table::defaults::formations;

type Fields = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
struct Holds {
    name: String,
    rule: Rule,
    fields: Fields,
    #[serde(rename = "holds")]
    is_so: bool,
}

#[derive(Deserialize)]
struct Hidden {
    name: String,
    rules: BTreeMap<String, Rule>,
    fields: Fields,
    #[serde(rename = "hidden")]
    not_asked: BTreeSet<String>,
}

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/rules");
    let text = fs::read_to_string(folder.join(name)).expect("a fixture");
    serde_json::from_str(&text).expect("vectors")
}

#[test]
fn a_rule_holds_where_the_vectors_say_so() {
    let cases: Vec<Holds> = fixture("holds.json");

    let wrong = cases.iter().filter(|it| it.rule.holds(&it.fields) != it.is_so);
    let wrong: Vec<&str> = wrong.map(|it| it.name.as_str()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_questions_that_are_not_asked_are_those_of_the_vectors() {
    let cases: Vec<Hidden> = fixture("hidden.json");

    for case in &cases {
        assert_eq!(rule::hidden(&case.rules, &case.fields), case.not_asked, "{}", case.name);
    }
    assert!(cases.len() + fixture::<Vec<Value>>("holds.json").len() >= 60);
}

#[test]
fn what_is_no_rule_is_not_taken_for_one() {
    for value in fixture::<Vec<Value>>("no-rules.json") {
        let read = serde_json::from_value::<Rule>(value.clone());
        assert!(read.is_err(), "{value} was read as {read:?}");
    }
}

#[test]
fn a_rule_is_the_same_after_its_json() {
    for case in fixture::<Vec<Holds>>("holds.json") {
        assert_eq!(serde_json::from_str::<Rule>(&case.rule.to_json()).unwrap(), case.rule);
    }
}

#[test]
fn the_default_questions_have_the_rules_of_the_vectors() {
    let columns = Columns::new(formations());
    let form = Form::of(&columns);

    let asked: BTreeMap<String, Rule> =
        form.fields().filter_map(|it| Some((it.name().to_owned(), it.shown_if.clone()?))).collect();
    let needed: BTreeMap<String, Rule> = form
        .fields()
        .filter_map(|it| match &it.required {
            Requirement::When(rule) => Some((it.name().to_owned(), rule.clone())),
            Requirement::No | Requirement::Always => None,
        })
        .collect();

    let wanted: BTreeMap<String, BTreeMap<String, Rule>> = fixture("formations.json");
    assert_eq!((&asked, &needed), (&wanted["asked"], &wanted["needed"]));
}
