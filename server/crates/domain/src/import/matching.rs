//! Which row of the table a row of the file is, and what of it changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::names::said_key;
use super::offer::{ReadOffer, text_column_beside};
use crate::ids::RowId;
use crate::offer::Status;
use crate::reading::link;
use crate::table::{Columns, Plain, Row, TableValues};
use crate::text::fold;

/// What is remembered of a row that an import brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// By which it is found again.
    pub match_key: String,
    /// The row it became.
    pub row: RowId,
    /// What the file said.
    pub memory: Memory,
}

/// What a file said of one offer: its words, and what they were read as.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The words by key.
    pub words: BTreeMap<String, String>,
    /// The values by key.
    pub values: BTreeMap<String, Plain>,
}

impl Memory {
    /// What is worth remembering of an offer.
    pub fn of(offer: &ReadOffer) -> Self {
        Self { words: offer.words.clone(), values: offer.values.clone() }
    }
}

/// The key of an offer: who gives it, what it is called, where its page is.
pub fn match_key(values: &BTreeMap<String, Plain>) -> String {
    let address = link::match_key(text(values, "url"));
    format!("{}|{address}", who_and_what(values))
}

fn who_and_what(values: &BTreeMap<String, Plain>) -> String {
    format!("{}|{}", fold(text(values, "organisme")), fold(text(values, "intitule")))
}

fn text<'a>(values: &'a BTreeMap<String, Plain>, key: &str) -> &'a str {
    values.get(key).and_then(Plain::as_text).unwrap_or_default()
}

/// Tells the copies of one offer in one file apart: the second is `…#2`.
#[derive(Debug, Default)]
pub struct Ordinals(BTreeMap<String, usize>);

impl Ordinals {
    /// The key of the next offer with this key, and whether there was one before.
    pub fn next(&mut self, key: String) -> (String, bool) {
        let count = self.0.entry(key.clone()).or_default();
        *count += 1;
        if *count == 1 { (key, false) } else { (format!("{key}#{count}"), true) }
    }
}

/// A row of the table that a row of the file is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match<'a> {
    /// The row.
    pub row: &'a Row,
    /// What an import remembers of it; none for a row that people made.
    pub memory: Option<&'a Memory>,
}

/// Finds the rows of the table that the rows of a file are. Each row is found once.
pub fn match_all<'a>(
    keys: &[String],
    offers: &[&ReadOffer],
    existing: &'a TableValues,
    remembered: &'a [Remembered],
) -> Vec<Option<Match<'a>>> {
    let rows: BTreeMap<&RowId, &Row> = existing.rows.iter().map(|row| (&row.id, row)).collect();
    let mut matcher = Matcher { found: vec![None; keys.len()], taken: BTreeSet::new() };
    let known: Vec<(&Remembered, &Row)> =
        remembered.iter().filter_map(|it| rows.get(&it.row).map(|row| (it, *row))).collect();
    let by_key = known.iter().map(|(it, row)| (it.match_key.clone(), (*row, Some(&it.memory))));
    matcher.by(keys, by_key.collect());
    let in_files: BTreeSet<&RowId> = known.iter().map(|(it, _)| &it.row).collect();
    let mut ordinals = Ordinals::default();
    let by_hand = existing.present().filter(|row| !in_files.contains(&row.id));
    let by_hand: Vec<(String, (&Row, Option<&Memory>))> =
        by_hand.map(|row| (ordinals.next(key_of_row(row)).0, (row, None))).collect();
    matcher.by(keys, by_hand);
    // A page that moved, was added or dropped: who and what still say which offer it is, if only one does.
    let file: Vec<String> = offers.iter().map(|offer| who_and_what(&offer.values)).collect();
    let moved =
        known.iter().map(|(it, row)| (who_and_what(&it.memory.values), (*row, Some(&it.memory))));
    matcher.by_unique(&file, moved.collect());
    matcher.found
}

fn key_of_row(row: &Row) -> String {
    let values =
        ["organisme", "intitule", "url"].map(|key| (key.to_owned(), row.cell(key).clone()));
    match_key(&BTreeMap::from(values))
}

struct Matcher<'a> {
    found: Vec<Option<Match<'a>>>,
    taken: BTreeSet<&'a RowId>,
}

type Candidate<'a> = (String, (&'a Row, Option<&'a Memory>));

impl<'a> Matcher<'a> {
    fn by(&mut self, keys: &[String], candidates: Vec<Candidate<'a>>) {
        let candidates: BTreeMap<String, (&Row, Option<&Memory>)> =
            candidates.into_iter().collect();
        for (place, key) in keys.iter().enumerate() {
            if let Some((row, memory)) = candidates.get(key) {
                self.take(place, row, *memory);
            }
        }
    }

    fn by_unique(&mut self, keys: &[String], candidates: Vec<Candidate<'a>>) {
        let free = |place: &usize| self.found[*place].is_none();
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for place in (0..keys.len()).filter(free) {
            places.entry(&keys[place]).or_default().push(place);
        }
        let mut rows: BTreeMap<String, Vec<(&'a Row, Option<&'a Memory>)>> = BTreeMap::new();
        for (key, candidate) in
            candidates.into_iter().filter(|(_, (row, _))| !self.taken.contains(&row.id))
        {
            rows.entry(key).or_default().push(candidate);
        }
        for (key, places) in places {
            if let ([place], Some([(row, memory)])) =
                (places.as_slice(), rows.get(key).map(Vec::as_slice))
            {
                self.take(*place, row, *memory);
            }
        }
    }

    fn take(&mut self, place: usize, row: &'a Row, memory: Option<&'a Memory>) {
        if self.found[place].is_none() && self.taken.insert(&row.id) {
            self.found[place] = Some(Match { row, memory });
        }
    }
}

/// One cell that an import would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellChange {
    /// The key in the row: a column, its own words, or one item of a list (`themes/eau`).
    pub key: String,
    /// What stands there; null where nothing does.
    pub old: Plain,
    /// What the file says; null clears.
    pub new: Plain,
}

/// What became of the cells of a row that the table already has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Cells that still stand as they were imported, or are empty: they follow the file.
    pub changes: Vec<CellChange>,
    /// Cells that both the file and people changed: they stay, and are said.
    pub conflicts: Vec<CellChange>,
}

/// Compares an offer of the file with the row that it is.
///
/// A file that says what it said before changes nothing, whatever people did since.
pub fn difference(offer: &ReadOffer, found: Match<'_>, columns: &Columns) -> Difference {
    let mut difference = Difference::default();
    let nothing = Memory::default();
    let memory = found.memory.unwrap_or(&nothing);
    let keys: BTreeSet<&String> = offer.values.keys().chain(memory.values.keys()).collect();
    for key in keys {
        // The state of a row that the table has is the pilots'.
        let is_state = key.split('~').next() == Some(Status::COLUMN);
        if is_state || says_the_same(key, offer, memory, found.memory.is_some()) {
            continue;
        }
        let new = offer.values.get(key).unwrap_or(&Plain::Null);
        let was = memory.values.get(key).unwrap_or(&Plain::Null);
        let current = current(found.row, key);
        if columns.get(key).is_some_and(|column| column.kind.is_list()) {
            difference.changes.extend(items_changed(key, &current, was, new));
        } else if *new != current && new != was {
            let change = CellChange { key: key.clone(), old: current.clone(), new: new.clone() };
            let untouched = current == *was || current.is_empty() && was.is_empty();
            let list = if untouched { &mut difference.changes } else { &mut difference.conflicts };
            list.push(change);
        }
    }
    if found.row.deleted && !(difference.changes.is_empty() && difference.conflicts.is_empty()) {
        // Someone put it in the bin: the file does not bring it back.
        difference.conflicts.append(&mut difference.changes);
    }
    difference
}

/// Whether the words from which a value comes are those that the file had before. A column that the file
/// lost says nothing.
fn says_the_same(key: &str, offer: &ReadOffer, memory: &Memory, was_imported: bool) -> bool {
    let column = key.strip_suffix("~said").unwrap_or(key);
    let beside = memory.words.keys().chain(offer.words.keys());
    let beside = beside.filter(|source| text_column_beside(source) == Some(column));
    let mut sources: Vec<&str> = beside.map(String::as_str).collect();
    let said = said_key(column);
    // The number of a shared contact cell and the page behind a title have no words of their own.
    let shared = match column {
        "contact_tel" => "contact_courriel",
        "url" => "intitule",
        _ => column,
    };
    sources.extend([column, said.as_str(), shared]);
    was_imported
        && sources.iter().all(|source| offer.words.get(*source) == memory.words.get(*source))
}

fn current(row: &Row, key: &str) -> Plain {
    match key.strip_suffix("~said") {
        Some(column) => row.said.get(column).map_or(Plain::Null, |said| Plain::text(said.as_str())),
        None => row.cell(key).clone(),
    }
}

/// Lists merge item by item: what the file added is added, what it dropped is dropped, the rest is people's.
fn items_changed(column: &str, current: &Plain, was: &Plain, new: &Plain) -> Vec<CellChange> {
    let items = |list: &Plain| list.as_map().cloned().unwrap_or_default();
    let (current, was, new) = (items(current), items(was), items(new));
    let added = new.iter().filter(|(id, _)| !was.contains_key(*id) && !current.contains_key(*id));
    let added = added.map(|(id, item)| (id, Plain::Null, item.clone()));
    let dropped = was.keys().filter(|id| !new.contains_key(*id));
    let dropped =
        dropped.filter_map(|id| current.get(id).map(|item| (id, item.clone(), Plain::Null)));
    let changes = added.chain(dropped);
    changes.map(|(id, old, new)| CellChange { key: format!("{column}/{id}"), old, new }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ColumnId;
    use crate::table::defaults::formations;

    fn offer(cells: &[(&str, &str)]) -> ReadOffer {
        let values = cells.iter().map(|(key, words)| ((*key).to_owned(), Plain::from(*words)));
        let words = cells.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned()));
        ReadOffer { values: values.collect(), words: words.collect(), ..ReadOffer::default() }
    }

    fn row(id: &str, cells: &[(&str, &str)]) -> Row {
        let cells =
            cells.iter().map(|(key, words)| (ColumnId::new(key).unwrap(), Plain::from(*words)));
        let id = RowId::new(id).unwrap();
        Row {
            id,
            cells: cells.collect(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }
    }

    fn compare(
        offer: &ReadOffer,
        row: &Row,
        memory: Option<&Memory>,
    ) -> (Vec<String>, Vec<String>) {
        let columns = Columns::new(formations());
        let difference = difference(offer, Match { row, memory }, &columns);
        let keys = |changes: Vec<CellChange>| changes.into_iter().map(|it| it.key).collect();
        (keys(difference.changes), keys(difference.conflicts))
    }

    const BEFORE: [(&str, &str); 2] = [("intitule", "Animer"), ("duree_texte", "2 jours")];
    const AFTER: [(&str, &str); 2] = [("intitule", "Animer"), ("duree_texte", "3 jours")];

    #[test]
    fn the_same_words_change_nothing_whatever_people_did() {
        let memory = Memory::of(&offer(&BEFORE));
        let edited = row("a", &[("intitule", "Tout autre chose")]);

        assert_eq!(compare(&offer(&BEFORE), &edited, Some(&memory)), (vec![], vec![]));
    }

    #[test]
    fn a_cell_that_nobody_touched_follows_the_file() {
        let memory = Memory::of(&offer(&BEFORE));

        let (changes, conflicts) = compare(&offer(&AFTER), &row("a", &BEFORE), Some(&memory));

        assert_eq!((changes, conflicts), (vec!["duree_texte".to_owned()], vec![]));
    }

    #[test]
    fn a_cell_that_people_changed_too_is_a_conflict() {
        let memory = Memory::of(&offer(&BEFORE));
        let edited = row("a", &[("intitule", "Animer"), ("duree_texte", "deux jours")]);

        let (changes, conflicts) = compare(&offer(&AFTER), &edited, Some(&memory));

        assert_eq!((changes, conflicts), (vec![], vec!["duree_texte".to_owned()]));
    }

    #[test]
    fn people_who_already_wrote_what_the_file_says_are_in_no_conflict() {
        let memory = Memory::of(&offer(&BEFORE));

        assert_eq!(compare(&offer(&AFTER), &row("a", &AFTER), Some(&memory)), (vec![], vec![]));
    }

    #[test]
    fn a_row_in_the_bin_is_not_brought_back() {
        let memory = Memory::of(&offer(&BEFORE));
        let binned = Row { deleted: true, ..row("a", &BEFORE) };

        let (changes, conflicts) = compare(&offer(&AFTER), &binned, Some(&memory));

        assert_eq!((changes, conflicts), (vec![], vec!["duree_texte".to_owned()]));
    }

    #[test]
    fn a_row_that_people_made_is_filled_and_never_overwritten() {
        let by_hand = row("a", &[("intitule", "ANIMER"), ("etat", "brouillon")]);
        let mut file = offer(&AFTER);
        file.values.insert("etat".to_owned(), "publiee".into());

        let (changes, conflicts) = compare(&file, &by_hand, None);

        assert_eq!(
            (changes, conflicts),
            (vec!["duree_texte".to_owned()], vec!["intitule".to_owned()])
        );
    }

    #[test]
    fn lists_follow_the_file_item_by_item() {
        let list = |items: &[&str]| {
            Plain::Map(items.iter().map(|id| ((*id).to_owned(), Plain::Bool(true))).collect())
        };

        let changes =
            items_changed("themes", &list(&["eau", "design"]), &list(&["eau"]), &list(&["elus"]));

        let keys: Vec<_> =
            changes.iter().map(|change| (change.key.as_str(), change.new.clone())).collect();
        assert_eq!(keys, [("themes/elus", true.into()), ("themes/eau", Plain::Null)]);
    }

    #[test]
    fn a_page_that_moved_does_not_make_a_second_offer() {
        let before =
            offer(&[("organisme", "Lisode"), ("intitule", "Animer"), ("url", "https://a.fr")]);
        let after =
            offer(&[("organisme", "LISODE"), ("intitule", "Animer"), ("url", "https://b.fr")]);
        let table = TableValues { columns: Columns::new(formations()), rows: vec![row("a", &[])] };
        let memory = Memory::of(&before);
        let remembered = [Remembered {
            match_key: match_key(&before.values),
            row: table.rows[0].id.clone(),
            memory,
        }];

        let found = match_all(&[match_key(&after.values)], &[&after], &table, &remembered);

        assert_eq!(found[0].unwrap().row.id.as_str(), "a");
    }

    #[test]
    fn two_copies_in_one_file_have_two_keys() {
        let mut ordinals = Ordinals::default();

        assert_eq!(ordinals.next("k".into()), ("k".to_owned(), false));
        assert_eq!(ordinals.next("k".into()), ("k#2".to_owned(), true));
    }
}
