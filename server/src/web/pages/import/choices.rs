//! What a form says of the rows of a plan, as decisions.

use std::collections::BTreeSet;

use tablee_domain::ids::RowId;
use tablee_domain::import::{Conflict, Decisions, ImportPlan, Is, Line, LineDecision};

use super::entries::{Entry, List, entries};
use crate::web::extract::Fields;

/// The answer of the form: it is another offer, a new row.
pub const NEW: &str = "nouvelle";
/// The answer of the form: as proposed.
pub const PROPOSED: &str = "";
/// The answer of the form: the table keeps its own.
pub const KEEP: &str = "table";
/// The answer of the form: the file wins.
pub const TAKE: &str = "fichier";

/// How a form names a row of the file: the number of its sheet, so that no name of a sheet makes a field long.
pub fn name_of(plan: &ImportPlan, line: &Line) -> String {
    let at = plan.sheets.iter().position(|sheet| sheet.name == line.sheet);
    format!("{}!{}", at.unwrap_or(plan.sheets.len()), line.row)
}

/// The row of the file that a form names.
fn line_of(plan: &ImportPlan, name: &str) -> Option<Line> {
    let (sheet, row) = name.split_once('!')?;
    let sheet = plan.sheets.get(sheet.parse::<usize>().ok()?)?;
    Some(Line::new(sheet.name.as_str(), row.parse().ok()?))
}

/// What was decided before, with what the form says of the rows that it showed.
///
/// Only rows and cells of the plan count: what the form makes up changes nothing.
pub fn decided(plan: &ImportPlan, before: &Decisions, list: List, fields: &Fields) -> Decisions {
    let mut decisions = before.clone();
    let shown = entries(plan, before, list, "");
    if list.has_ticks() {
        tick(plan, &mut decisions, &shown, fields);
    }
    for (name, answer) in fields.beginning("s") {
        let Some(line) = line_of(plan, name) else { continue };
        let alike = shown.iter().find_map(|entry| match entry {
            Entry::Alike(alike) if alike.line == line => Some(alike),
            _ => None,
        });
        let Some(alike) = alike else { continue };
        let row = RowId::new(answer).ok().filter(|row| alike.rows.iter().any(|(it, _)| it == row));
        let is = match answer {
            PROPOSED => None,
            NEW => Some(Is::New),
            _ => row.map(Is::Row),
        };
        change(&mut decisions, &line, |decision| decision.is = is);
    }
    if list == List::Conflicts {
        for (name, answer) in fields.beginning("k") {
            let Some((line, key)) = name.split_once('/') else { continue };
            let Some(line) = line_of(plan, line) else { continue };
            let is_known = |it: &&Conflict| it.line() == line && it.cell.key == key;
            if plan.conflicts.iter().any(|it| is_known(&it)) {
                settle(&mut decisions, &line, key, answer == TAKE);
            }
        }
    }
    decisions
}

/// Ticks or unticks all rows of a list, those that hold the words; for conflicts, takes or keeps all.
pub fn all_of(
    plan: &ImportPlan,
    before: &Decisions,
    (list, words): (List, &str),
    yes: bool,
) -> Decisions {
    let mut decisions = before.clone();
    for entry in entries(plan, before, list, words) {
        let Some(line) = entry.line() else { continue };
        match entry {
            Entry::Conflict(conflict, _) => settle(&mut decisions, &line, &conflict.cell.key, yes),
            _ if list.has_ticks() => change(&mut decisions, &line, |it| {
                it.skip = !yes;
                // Ticking a row takes all of it; unticking it leaves its cells as they were chosen.
                if yes {
                    it.skip_cells.clear();
                }
            }),
            _ => {}
        }
    }
    decisions
}

fn tick(plan: &ImportPlan, decisions: &mut Decisions, shown: &[Entry<'_>], fields: &Fields) {
    let seen: BTreeSet<&str> = fields.all("vu").collect();
    let rows: BTreeSet<&str> = fields.all("l").collect();
    let cells: BTreeSet<&str> = fields.all("c").collect();
    for entry in shown {
        let Some(line) = entry.line() else { continue };
        let name = name_of(plan, &line);
        if !seen.contains(name.as_str()) {
            continue;
        }
        change(decisions, &line, |decision| {
            decision.skip = !rows.contains(name.as_str());
            for key in entry.cells() {
                if cells.contains(format!("{name}/{key}").as_str()) {
                    decision.skip_cells.remove(key);
                } else {
                    decision.skip_cells.insert(key.to_owned());
                }
            }
        });
    }
}

fn settle(decisions: &mut Decisions, line: &Line, key: &str, takes: bool) {
    change(decisions, line, |decision| {
        if takes {
            decision.take_cells.insert(key.to_owned());
        } else {
            decision.take_cells.remove(key);
        }
    });
}

/// Changes the decision about a row; one that says nothing is none.
fn change(decisions: &mut Decisions, line: &Line, work: impl FnOnce(&mut LineDecision)) {
    let mut decision = decisions.lines.remove(line).unwrap_or_default();
    work(&mut decision);
    if decision != LineDecision::default() {
        decisions.lines.insert(line.clone(), decision);
    }
}

#[cfg(test)]
mod tests {
    use tablee_domain::import::{
        AddedRow, CellChange, ConflictWhy, MatchedRow, Memory, SheetPlan, Source,
    };
    use tablee_domain::table::Plain;

    use super::*;

    fn source(row: u32) -> Source {
        Source {
            sheet: "Avril ! fin".into(),
            row,
            match_key: String::new(),
            memory: Memory::default(),
            own_extract: false,
        }
    }

    fn cell(key: &str) -> CellChange {
        CellChange { key: key.into(), old: "a".into(), new: "b".into() }
    }

    fn plan() -> ImportPlan {
        let changed = |row| MatchedRow {
            source: source(row),
            title: "Animer".into(),
            row: RowId::new("r1").unwrap(),
            cells: vec![cell("url"), cell("themes/eau")],
            in_bin: false,
        };
        let added = |row| AddedRow {
            source: source(row),
            title: "Débattre".into(),
            values: vec![("url".into(), Plain::text("x")), ("etat".into(), "publiee".into())],
            status: tablee_domain::offer::Status::Published,
            missing: vec![],
        };
        let conflict = tablee_domain::import::Conflict {
            sheet: "Avril ! fin".into(),
            file_row: 4,
            row: RowId::new("r1").unwrap(),
            cell: cell("resume"),
            why: ConflictWhy::BothChanged,
        };
        ImportPlan {
            sheets: vec![
                SheetPlan::default(),
                SheetPlan { name: "Avril ! fin".into(), ..SheetPlan::default() },
            ],
            changed: vec![changed(4), changed(5)],
            added: vec![added(8).into()],
            conflicts: vec![conflict],
            ..ImportPlan::default()
        }
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        pairs.into()
    }

    fn line(row: u32) -> Line {
        Line::new("Avril ! fin", row)
    }

    #[test]
    fn a_form_that_says_what_is_proposed_decides_nothing() {
        let form = fields(&[
            ("vu", "1!4"),
            ("vu", "1!5"),
            ("l", "1!4"),
            ("l", "1!5"),
            ("c", "1!4/url"),
            ("c", "1!4/themes/eau"),
            ("c", "1!5/url"),
            ("c", "1!5/themes/eau"),
        ]);

        let after = decided(&plan(), &Decisions::default(), List::Changed, &form);

        assert_eq!(after, Decisions::default());
    }

    #[test]
    fn what_is_not_ticked_is_left_out_and_what_was_not_shown_stays_as_it_was() {
        let plan = plan();
        let before = LineDecision { skip: true, ..LineDecision::default() };
        let before = Decisions { lines: [(line(5), before)].into(), ..Decisions::default() };
        let form = fields(&[("vu", "1!4"), ("l", "1!4"), ("c", "1!4/themes/eau")]);

        let after = decided(&plan, &before, List::Changed, &form);
        let back =
            fields(&[("vu", "1!5"), ("l", "1!5"), ("c", "1!5/url"), ("c", "1!5/themes/eau")]);
        let back = decided(&plan, &after, List::Changed, &back);

        assert_eq!(after.lines[&line(4)].skip_cells, ["url".to_owned()].into());
        assert!(!after.lines[&line(4)].skip && after.lines[&line(5)].skip);
        assert!(!back.lines.contains_key(&line(5)));
    }

    #[test]
    fn a_form_that_makes_rows_up_decides_nothing() {
        let form = fields(&[
            ("vu", "0!4"),
            ("vu", "9!4"),
            ("vu", "1!99"),
            ("vu", "x"),
            ("s1!4", "r1"),
            ("s1!8", "inconnue"),
            ("k1!4/url", TAKE),
            ("k1!8/resume", TAKE),
        ]);

        for list in List::ALL {
            let after = decided(&plan(), &Decisions::default(), list, &form);
            assert_eq!(after, Decisions::default(), "{list:?}");
        }
    }

    #[test]
    fn a_conflict_is_settled_and_unsettled() {
        let plan = plan();
        let form = |answer| fields(&[("k1!4/resume", answer)]);

        let taken = decided(&plan, &Decisions::default(), List::Conflicts, &form(TAKE));
        let kept = decided(&plan, &taken, List::Conflicts, &form(KEEP));

        assert_eq!(taken.lines[&line(4)].take_cells, ["resume".to_owned()].into());
        assert_eq!(kept, Decisions::default());
        let all = all_of(&plan, &Decisions::default(), (List::Conflicts, ""), true);
        assert_eq!(all, taken);
    }

    #[test]
    fn all_rows_of_a_list_are_ticked_at_once_and_no_other() {
        let plan = plan();

        let none = all_of(&plan, &Decisions::default(), (List::Changed, "animer"), false);
        let other = all_of(&plan, &Decisions::default(), (List::Changed, "absent"), false);

        assert_eq!(none.lines.keys().map(|it| it.row).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(other, Decisions::default());
        assert_eq!(all_of(&plan, &none, (List::Changed, ""), true), Decisions::default());
    }
}
