//! Two entries that tell of one offer, made one: what each cell of the survivor could say.
//!
//! A machine proposes, a pilot decides. Nothing is lost by what is proposed: lists are united, long texts stand
//! one after the other, and where only one of the two can stay, both are shown.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::LONGEST_SUMMARY;
use super::session::Day;
use crate::ids::{ColumnId, ItemId};
use crate::table::{Column, Columns, Kind, Plain, Row};
use crate::text::fold::key;

/// What a cell of the survivor becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// What the survivor says.
    Keep,
    /// What the other says.
    Take,
    /// Both.
    Unite,
}

/// One cell of two entries, and what is proposed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct CellUnion {
    /// The column.
    pub column: ColumnId,
    /// What the survivor says.
    pub keep: Plain,
    /// What the other says.
    pub gone: Plain,
    /// Both together, where that makes sense and differs from each.
    pub united: Option<Plain>,
    /// What is proposed.
    pub choice: Choice,
    /// The own words that go with what is proposed.
    pub said: Option<String>,
}

impl CellUnion {
    /// The value that is proposed.
    pub fn value(&self) -> &Plain {
        self.value_of(self.choice)
    }

    /// The value of a choice; uniting where nothing can be united keeps.
    pub fn value_of(&self, choice: Choice) -> &Plain {
        match choice {
            Choice::Keep => &self.keep,
            Choice::Take => &self.gone,
            Choice::Unite => self.united.as_ref().unwrap_or(&self.keep),
        }
    }

    /// Whether the two say different things, so that a pilot should look.
    pub fn differs(&self) -> bool {
        self.keep != self.gone && !self.gone.is_empty()
    }
}

/// What is proposed for each column in use of which one of the two says something, in the order of the columns.
pub fn union(columns: &Columns, keep: &Row, gone: &Row) -> Vec<CellUnion> {
    columns.in_use().filter_map(|column| of_column(column, keep, gone)).collect()
}

fn of_column(column: &Column, keep: &Row, gone: &Row) -> Option<CellUnion> {
    let name = column.id.as_str();
    let (ours, theirs) = (keep.cell(name), gone.cell(name));
    let said = |row: &Row| row.said.get(&column.id).filter(|said| !said.trim().is_empty()).cloned();
    let words = (said(keep), said(gone));
    if [ours, theirs].into_iter().all(Plain::is_empty) && words == (None, None) {
        return None;
    }
    let united = united(column, ours, theirs).filter(|it| it != ours && it != theirs);
    let choice = choice(column, ours, theirs, united.as_ref());
    let said = match (choice, words) {
        (Choice::Unite, (Some(one), Some(other))) if key(&one) != key(&other) => {
            Some(format!("{one} ; {other}"))
        }
        (Choice::Take, (one, other)) => other.or_else(|| one.filter(|_| theirs == ours)),
        // Words that nobody understood are better than none.
        (Choice::Keep, (None, other)) => other.filter(|_| ours.is_empty()),
        (_, (one, other)) => one.or(other.filter(|_| choice == Choice::Unite)),
    };
    let cell = CellUnion {
        column: column.id.clone(),
        keep: ours.clone(),
        gone: theirs.clone(),
        united,
        choice,
        said,
    };
    Some(cell)
}

fn choice(column: &Column, ours: &Plain, theirs: &Plain, united: Option<&Plain>) -> Choice {
    if ours == theirs || theirs.is_empty() {
        return Choice::Keep;
    }
    let is_unknown = |value: &Plain| value.is_empty() || value.as_text() == Some("inconnu");
    if is_unknown(ours) && !is_unknown(theirs) {
        return Choice::Take;
    }
    // The state is the survivor's own, the last check that of whoever looked last.
    if column.curated {
        let later = |value: &Plain| value.as_text().and_then(Day::last_of);
        let is_later = column.kind == Kind::Date && later(theirs) > later(ours);
        return if is_later { Choice::Take } else { Choice::Keep };
    }
    match united {
        Some(united) if fits(column, united) => Choice::Unite,
        None if says_more(column, theirs, ours) => Choice::Take,
        _ => Choice::Keep,
    }
}

/// A summary is read on a card: two of them are no summary any more.
fn fits(column: &Column, united: &Plain) -> bool {
    let length = united.as_text().map_or(0, |text| text.chars().count());
    column.id.as_str() != "resume" || length <= LONGEST_SUMMARY
}

/// Whether one value holds all of the other and something else.
fn says_more(column: &Column, one: &Plain, other: &Plain) -> bool {
    united(column, one, other).as_ref() == Some(one)
        && united(column, other, one).as_ref() != Some(other)
}

/// Both values in one; none where only one of them can stand.
fn united(column: &Column, one: &Plain, other: &Plain) -> Option<Plain> {
    match (one, other) {
        (Plain::Map(ours), Plain::Map(theirs)) if column.kind == Kind::Choices => {
            let both = ours.iter().chain(theirs).filter(|(_, mark)| **mark != Plain::Null);
            let both = both.filter(|(option, _)| option.as_str() != "inconnu" || ours == theirs);
            Some(Plain::Map(both.map(|(option, mark)| (option.clone(), mark.clone())).collect()))
        }
        (Plain::Map(ours), Plain::Map(theirs)) => Some(Plain::Map(items(ours, theirs))),
        (Plain::Text(ours), Plain::Text(theirs)) => match column.kind {
            Kind::LongText => Some(paragraphs(ours, theirs).into()),
            Kind::Text if column.id.as_str() == "partenaires" => Some(names(ours, theirs).into()),
            _ => None,
        },
        _ => None,
    }
}

/// The items of both lists. One that both have stands once, whatever its id; two that share an id and nothing
/// else both stay.
fn items(
    ours: &BTreeMap<String, Plain>,
    theirs: &BTreeMap<String, Plain>,
) -> BTreeMap<String, Plain> {
    let mut all = ours.clone();
    for (id, item) in theirs {
        if all.values().any(|known| known == item) {
            continue;
        }
        let id = free_id(&all, id);
        all.insert(id, item.clone());
    }
    all
}

fn free_id(taken: &BTreeMap<String, Plain>, wanted: &str) -> String {
    if !taken.contains_key(wanted) {
        return wanted.to_owned();
    }
    let stem: String = wanted.chars().take(ItemId::MAX - 8).collect();
    let mut numbered = (2..).map(|n| format!("{stem}_{n}"));
    numbered.find(|id| !taken.contains_key(id)).expect("a number is free")
}

/// The paragraphs of the first, then those of the second that it does not say yet.
fn paragraphs(ours: &str, theirs: &str) -> String {
    let ours_key = key(ours);
    let new = theirs.split("\n\n").filter(|part| {
        let part = key(part);
        !part.is_empty() && !ours_key.contains(&part)
    });
    let new: Vec<&str> = new.map(str::trim_end).collect();
    if new.is_empty() {
        return ours.to_owned();
    }
    // What says all that we say, and more, is enough by itself.
    if !ours_key.is_empty() && key(theirs).contains(&ours_key) {
        return theirs.to_owned();
    }
    format!("{}\n\n{}", ours.trim_end(), new.join("\n\n"))
}

/// The names of both lists, each once.
fn names(ours: &str, theirs: &str) -> String {
    let mut seen = BTreeSet::new();
    let names = ours.split(';').chain(theirs.split(';')).map(str::trim);
    let names: Vec<&str> =
        names.filter(|name| !name.is_empty() && seen.insert(key(name))).collect();
    names.join(" ; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::RowId;
    use crate::table::defaults::formations;

    fn row(cells: &[(&str, Plain)]) -> Row {
        let cells = cells.iter().map(|(key, value)| (ColumnId::new(key).unwrap(), value.clone()));
        Row {
            id: RowId::new("r").unwrap(),
            cells: cells.collect(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }
    }

    fn map(items: &[(&str, Plain)]) -> Plain {
        Plain::Map(items.iter().map(|(key, item)| ((*key).to_owned(), item.clone())).collect())
    }

    fn of(column: &str, keep: Plain, gone: Plain) -> (Choice, Plain) {
        let columns = Columns::new(formations());
        let cells = union(&columns, &row(&[(column, keep)]), &row(&[(column, gone)]));
        (cells[0].choice, cells[0].value().clone())
    }

    #[test]
    fn what_only_the_other_says_is_taken_and_what_both_say_is_kept() {
        assert_eq!(
            of("url", Plain::Null, "https://a.fr".into()),
            (Choice::Take, "https://a.fr".into())
        );
        assert_eq!(
            of("url", "https://a.fr".into(), Plain::Null),
            (Choice::Keep, "https://a.fr".into())
        );
        assert_eq!(of("url", "https://a.fr".into(), "https://b.fr".into()).0, Choice::Keep);
        assert_eq!(of("modalite", "inconnu".into(), "hybride".into()).0, Choice::Take);
        assert_eq!(of("modalite", "hybride".into(), "inconnu".into()).0, Choice::Keep);
    }

    #[test]
    fn options_of_both_are_chosen() {
        let ours = map(&[("eau", true.into()), ("elus", true.into())]);
        let theirs = map(&[("elus", true.into()), ("design", true.into())]);
        let fewer = map(&[("eau", true.into())]);

        let (choice, value) = of("themes", ours.clone(), theirs.clone());

        assert_eq!(choice, Choice::Unite);
        assert_eq!(value.as_map().unwrap().len(), 3);
        assert_eq!(of("themes", ours.clone(), fewer.clone()).0, Choice::Keep);
        assert_eq!(of("themes", fewer, ours).0, Choice::Take);
    }

    #[test]
    fn a_session_that_both_have_stands_once_and_none_is_lost() {
        let session = |from: &str| map(&[("debut", from.into())]);
        let ours = map(&[("a", session("2026-03-12")), ("b", session("2026-09-01"))]);
        let theirs = map(&[("x", session("2026-03-12")), ("b", session("2027-01-05"))]);

        let (choice, value) = of("sessions", ours, theirs);

        let starts: BTreeSet<&str> = value
            .as_map()
            .unwrap()
            .values()
            .map(|item| item.as_map().unwrap()["debut"].as_text().unwrap())
            .collect();
        assert_eq!(choice, Choice::Unite);
        assert_eq!(value.as_map().unwrap().len(), 3);
        assert_eq!(starts, ["2026-03-12", "2026-09-01", "2027-01-05"].into());
        assert!(value.as_map().unwrap().keys().all(|id| ItemId::new(id).is_ok()));
    }

    #[test]
    fn long_texts_stand_one_after_the_other_without_saying_anything_twice() {
        let both = of("objectifs", "Savoir animer.".into(), "Savoir évaluer.".into());
        let more =
            of("objectifs", "Savoir animer.".into(), "savoir animer. Savoir évaluer.".into());
        let same = of("objectifs", "Savoir animer.".into(), "SAVOIR ANIMER".into());

        assert_eq!(both, (Choice::Unite, "Savoir animer.\n\nSavoir évaluer.".into()));
        assert_eq!(more, (Choice::Take, "savoir animer. Savoir évaluer.".into()));
        assert_eq!(same.0, Choice::Keep);
    }

    #[test]
    fn two_summaries_are_one_too_many_unless_they_are_short() {
        let long = |letter: &str| Plain::from(letter.repeat(200));

        assert_eq!(of("resume", long("a"), long("b")).0, Choice::Keep);
        assert_eq!(of("resume", "Animer.".into(), "Évaluer.".into()).0, Choice::Unite);
    }

    #[test]
    fn the_state_is_the_survivors_and_the_last_check_the_latest() {
        assert_eq!(of("etat", "publiee".into(), "archivee".into()).0, Choice::Keep);
        assert_eq!(of("verifie_le", "2026-01-01".into(), "2026-06".into()).0, Choice::Take);
        assert_eq!(of("verifie_le", "2026-06".into(), "2026-01-01".into()).0, Choice::Keep);
    }

    #[test]
    fn own_words_go_with_what_they_tell_of() {
        let columns = Columns::new(formations());
        let said = |words: &str, value: Plain| {
            let mut row = row(&[("lieux", value)]);
            row.said.insert(ColumnId::new("lieux").unwrap(), words.to_owned());
            row
        };
        let place = |town: &str| map(&[("a", map(&[("commune", town.into())]))]);

        let only_words = union(&columns, &row(&[]), &said("partout", Plain::Null));
        let both = union(&columns, &said("Lyon", place("Lyon")), &said("Paris", place("Paris")));
        let ours =
            union(&columns, &row(&[("lieux", place("Lyon"))]), &said("à Lyon", place("Lyon")));

        assert_eq!(only_words[0].said.as_deref(), Some("partout"));
        assert_eq!(both[0].said.as_deref(), Some("Lyon ; Paris"));
        assert_eq!(ours[0].choice, Choice::Keep);
    }

    #[test]
    fn an_offer_merged_with_itself_changes_nothing() {
        let columns = Columns::new(formations());
        let one = row(&[
            ("intitule", "A".into()),
            ("themes", map(&[("eau", true.into())])),
            ("objectifs", "Un.\n\nDeux.".into()),
            ("sessions", map(&[("a", map(&[("debut", "2026".into())]))])),
        ]);

        for cell in union(&columns, &one, &one) {
            assert_eq!(
                (cell.choice, cell.differs(), cell.value()),
                (Choice::Keep, false, &cell.keep)
            );
        }
    }

    proptest! {
        #[test]
        fn no_paragraph_is_lost(ours in "[a-zé .\n]{0,60}", theirs in "[a-zé .\n]{0,60}") {
            let (_, value) = {
                let columns = Columns::new(formations());
                let cells = union(
                    &columns,
                    &row(&[("contenu", ours.as_str().into())]),
                    &row(&[("contenu", theirs.as_str().into())]),
                );
                let Some(cell) = cells.first() else { return Ok(()) };
                (cell.choice, cell.value().clone())
            };
            let all = key(value.as_text().unwrap_or_default());
            for part in ours.split("\n\n").chain(theirs.split("\n\n")) {
                prop_assert!(all.contains(&key(part)), "{part:?} is not in {all:?}");
            }
        }
    }
}
