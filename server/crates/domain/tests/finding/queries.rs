//! `fixtures/search/queries.tsv`: what people type, and what they should see among the first ten.

use std::collections::BTreeSet;

use tablee_domain::offer::Query;
use tablee_domain::offer::session::Day;

use crate::offers;

/// How many offers somebody looks at.
const LOOKED_AT: usize = 10;

#[test]
fn people_find_what_they_look_for_among_the_first_ten() {
    let catalogue = offers::catalogue();
    let today = Day::first_of("2026-11-22").expect("a day");
    let queries = crate::lines("search/queries.tsv");

    let mut sum = 0.0;
    for line in &queries {
        let [typed, wanted, _] = &line[..] else { panic!("three cells: {line:?}") };
        let wanted: BTreeSet<usize> =
            wanted.split(' ').map(|number| number.parse().expect("a number")).collect();
        let query = Query { q: typed.clone(), ..Query::default() };
        let found = catalogue.find(&query, today);
        let first: Vec<usize> =
            found.rows.iter().take(LOOKED_AT).map(|row| offers::number(row)).collect();
        let seen = first.iter().filter(|number| wanted.contains(number)).count();
        let recall = seen as f64 / wanted.len().min(LOOKED_AT) as f64;
        sum += recall;
        let missed: Vec<&usize> = wanted.iter().filter(|number| !first.contains(number)).collect();
        println!(
            "{recall:.2}  {typed}  ({} found; not among the first: {missed:?})",
            found.total()
        );
    }
    let mean = sum / queries.len() as f64;

    println!("recall at {LOOKED_AT}: {mean:.3} over {} queries", queries.len());
    assert!(queries.len() >= 40 && mean >= 0.9, "{mean}");
}
