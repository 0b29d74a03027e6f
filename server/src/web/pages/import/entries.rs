//! What a plan holds, as lists: one kind at a time, narrowed by words, cut into pages.

use std::collections::{BTreeMap, HashMap};

use tablee_domain::ids::RowId;
use tablee_domain::import::{
    AddedRow, Complaint, Conflict, Counts, Decisions, ImportPlan, Is, Line, MatchedRow, MissingRow,
    NotOffer, Similar, Source, Twice,
};
use tablee_domain::table::Plain;
use tablee_domain::text::fold;

/// Rows on a page at most.
const ON_A_PAGE: usize = 50;
/// Bytes that the rows of a page may weigh, by a rough count that is rather too high than too low.
const HEAVIEST: usize = 180_000;
/// Bytes around one row, and around one of its cells.
const ROW: usize = 700;
const CELL: usize = 280;
/// Letters of a cell that are shown at most; an escaped one may take six bytes.
pub const SHOWN: usize = 500;
/// Cells of a row that are shown at most.
pub const CELLS: usize = 60;

/// A kind of what a plan holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Rows that would be added.
    Added,
    /// Rows that would be changed.
    Changed,
    /// Cells where file and table disagree.
    Conflicts,
    /// Rows that resemble rows of the table.
    Similar,
    /// Rows that stand in the file a second time.
    Twice,
    /// Cells that were read with a doubt.
    Doubts,
    /// Rows that are no offers.
    NotOffers,
    /// Rows that the table has already.
    Same,
    /// Rows that the file no longer has.
    Missing,
}

impl List {
    /// All kinds: what is to be decided first.
    pub const ALL: [Self; 9] = [
        Self::Added,
        Self::Changed,
        Self::Conflicts,
        Self::Similar,
        Self::Twice,
        Self::Doubts,
        Self::NotOffers,
        Self::Same,
        Self::Missing,
    ];

    /// Its word, in addresses and in the keys of its texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Conflicts => "conflicts",
            Self::Similar => "similar",
            Self::Twice => "twice",
            Self::Doubts => "doubts",
            Self::NotOffers => "not_offers",
            Self::Same => "same",
            Self::Missing => "missing",
        }
    }

    /// The kind with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word() == word)
    }

    /// The first kind that holds something; the first of all where none does.
    pub fn first_filled(plan: &ImportPlan, decisions: &Decisions) -> Self {
        let filled = |list: &Self| list.count(plan, decisions) > 0;
        Self::ALL.into_iter().find(filled).unwrap_or(Self::Added)
    }

    /// Whether its rows are ticked.
    pub fn has_ticks(self) -> bool {
        matches!(self, Self::Added | Self::Changed | Self::Twice)
    }

    /// How many there are.
    pub fn count(self, plan: &ImportPlan, decisions: &Decisions) -> usize {
        match self {
            Self::Added => plan.added.len(),
            Self::Changed => plan.changed.len(),
            Self::Conflicts => plan.conflicts.len(),
            Self::Similar => alike(plan, decisions).len(),
            Self::Twice => plan.twice.len(),
            Self::Doubts => plan.complaints.len(),
            Self::NotOffers => plan.not_offers.len(),
            Self::Same => plan.same.len(),
            Self::Missing => plan.missing.len(),
        }
    }
}

/// One row of a list.
#[derive(Debug, Clone)]
pub enum Entry<'p> {
    /// A row that would be added.
    Added(&'p AddedRow),
    /// A row that would be changed.
    Changed(&'p MatchedRow),
    /// A row that the table has already.
    Same(&'p MatchedRow),
    /// A row that is no offer.
    NotOffer(&'p NotOffer),
    /// A cell that was read with a doubt.
    Doubt(&'p Complaint),
    /// A row that stands in the file a second time.
    Twice(&'p Twice),
    /// A row that resembles rows of the table.
    Alike(Alike<'p>),
    /// A cell where file and table disagree, and what people know its row by.
    Conflict(&'p Conflict, &'p str),
    /// A row that the file no longer has.
    Missing(&'p MissingRow),
}

/// A row of the file, and the rows of the table that it may be.
#[derive(Debug, Clone)]
pub struct Alike<'p> {
    /// The row of the file.
    pub line: Line,
    /// What people know it by.
    pub title: &'p str,
    /// What the file says; none where the plan no longer has the row.
    pub source: Option<&'p Source>,
    /// Nothing is done with it until somebody says which row it is.
    pub is_open: bool,
    /// The rows of the table, with what was found where they resemble it.
    pub rows: Vec<(RowId, Option<&'p Similar>)>,
}

/// The rows of the file that the plan knows: their titles, and what they say.
fn known(plan: &ImportPlan) -> HashMap<(&str, u32), (&str, &Source)> {
    let added = plan.added.iter().map(|row| (&row.source, row.title.as_str()));
    let matched = plan.matched().map(|row| (&row.source, row.title.as_str()));
    let open = plan.undecided.iter().map(|row| (&row.source, row.title.as_str()));
    let all = added.chain(matched).chain(open);
    all.map(|(source, title)| ((source.sheet.as_str(), source.row), (title, source))).collect()
}

/// Rows that a person has to place, or has placed: open ones first, then those that resemble a row, then
/// those that were placed.
fn alike<'p>(plan: &'p ImportPlan, decisions: &Decisions) -> Vec<Alike<'p>> {
    let is_placed = |line: &Line| decisions.line(line).is_some_and(|it| it.is.is_some());
    if plan.undecided.is_empty()
        && plan.similar.is_empty()
        && !decisions.lines.values().any(|it| it.is.is_some())
    {
        return Vec::new();
    }
    let known = known(plan);
    let mut found: BTreeMap<Line, Alike<'p>> = BTreeMap::new();
    for open in &plan.undecided {
        let rows = open.rows.iter().map(|row| (row.clone(), None)).collect();
        let (title, source) = (open.title.as_str(), Some(&open.source));
        let line = open.source.line();
        found.insert(line.clone(), Alike { line, title, source, is_open: true, rows });
    }
    for similar in &plan.similar {
        let line = &similar.line;
        let entry = found.entry(line.clone()).or_insert_with(|| {
            let known = known.get(&(line.sheet.as_str(), line.row)).copied();
            let (title, source) = known.map_or(("", None), |(title, source)| (title, Some(source)));
            Alike { line: line.clone(), title, source, is_open: false, rows: Vec::new() }
        });
        match entry.rows.iter_mut().find(|(row, _)| *row == similar.row) {
            Some((_, likeness)) => *likeness = Some(similar),
            None => entry.rows.push((similar.row.clone(), Some(similar))),
        }
    }
    for (line, decision) in decisions.lines.iter().filter(|(line, _)| is_placed(line)) {
        let Some((title, source)) = known.get(&(line.sheet.as_str(), line.row)).copied() else {
            continue;
        };
        let entry = found.entry(line.clone()).or_insert_with(|| Alike {
            line: line.clone(),
            title,
            source: Some(source),
            is_open: false,
            rows: Vec::new(),
        });
        if let Some(Is::Row(row)) = &decision.is
            && !entry.rows.iter().any(|(known, _)| known == row)
        {
            entry.rows.push((row.clone(), None));
        }
    }
    let mut all: Vec<Alike<'p>> = found.into_values().collect();
    all.sort_by_key(|entry| (!entry.is_open, is_placed(&entry.line)));
    all
}

/// The rows of a list, those that hold all the words.
pub fn entries<'p>(
    plan: &'p ImportPlan,
    decisions: &Decisions,
    list: List,
    words: &str,
) -> Vec<Entry<'p>> {
    let mut entries: Vec<Entry<'p>> = match list {
        List::Added => plan.added.iter().map(|row| Entry::Added(row)).collect(),
        List::Changed => plan.changed.iter().map(Entry::Changed).collect(),
        List::Same => plan.same.iter().map(Entry::Same).collect(),
        List::NotOffers => plan.not_offers.iter().map(Entry::NotOffer).collect(),
        List::Doubts => plan.complaints.iter().map(Entry::Doubt).collect(),
        List::Twice => plan.twice.iter().map(Entry::Twice).collect(),
        List::Similar => alike(plan, decisions).into_iter().map(Entry::Alike).collect(),
        List::Conflicts => {
            let known = known(plan);
            let title = |it: &Conflict| {
                known.get(&(it.sheet.as_str(), it.file_row)).map(|(title, _)| *title)
            };
            plan.conflicts.iter().map(|it| Entry::Conflict(it, title(it).unwrap_or(""))).collect()
        }
        List::Missing => plan.missing.iter().map(Entry::Missing).collect(),
    };
    let asked = fold(words);
    let asked: Vec<&str> = asked.split_whitespace().collect();
    if !asked.is_empty() {
        entries.retain(|entry| {
            let said = fold(&entry.said());
            asked.iter().all(|word| said.contains(word))
        });
    }
    entries
}

/// Where each page of a list begins: the first at 0.
pub fn pages(entries: &[Entry<'_>]) -> Vec<usize> {
    let mut starts = vec![0];
    let (mut rows, mut weight) = (0, 0);
    for (at, entry) in entries.iter().enumerate() {
        let heavy = entry.weight();
        if rows == ON_A_PAGE || (rows > 0 && weight + heavy > HEAVIEST) {
            starts.push(at);
            (rows, weight) = (0, 0);
        }
        rows += 1;
        weight += heavy;
    }
    starts
}

impl Entry<'_> {
    /// The row of the file, where it is one that can be decided about.
    pub fn line(&self) -> Option<Line> {
        match self {
            Self::Added(row) => Some(row.source.line()),
            Self::Changed(row) | Self::Same(row) => Some(row.source.line()),
            Self::Twice(twice) => Some(twice.line.clone()),
            Self::Alike(alike) => Some(alike.line.clone()),
            Self::Conflict(conflict, _) => Some(conflict.line()),
            Self::NotOffer(_) | Self::Doubt(_) | Self::Missing(_) => None,
        }
    }

    /// The keys of its cells that are shown with a tick.
    pub fn cells(&self) -> Vec<&str> {
        match self {
            Self::Added(row) => added_cells(row).map(|(key, _)| key).take(CELLS).collect(),
            Self::Changed(row) => row.cells.iter().map(|it| it.key.as_str()).take(CELLS).collect(),
            _ => Vec::new(),
        }
    }

    /// All that can be looked for in it.
    fn said(&self) -> String {
        let mut said = String::new();
        let mut say = |words: &str| {
            said.push(' ');
            said.push_str(words);
        };
        match self {
            Self::Added(row) => {
                say(&row.title);
                say(&row.source.sheet);
                for (_, value) in &row.values {
                    tell(value, &mut say);
                }
            }
            Self::Changed(row) | Self::Same(row) => {
                say(&row.title);
                say(&row.source.sheet);
                for cell in &row.cells {
                    tell(&cell.old, &mut say);
                    tell(&cell.new, &mut say);
                }
            }
            Self::NotOffer(row) => {
                say(&row.words);
                say(&row.sheet);
            }
            Self::Doubt(doubt) => {
                for words in [&doubt.words, &doubt.column, &doubt.sheet] {
                    say(words);
                }
                say(doubt.why.fr());
            }
            Self::Twice(twice) => say(&twice.title),
            Self::Alike(alike) => {
                say(alike.title);
                for similar in alike.rows.iter().filter_map(|(_, likeness)| *likeness) {
                    say(&similar.title);
                }
            }
            Self::Conflict(conflict, title) => {
                say(title);
                tell(&conflict.cell.old, &mut say);
                tell(&conflict.cell.new, &mut say);
            }
            Self::Missing(row) => {
                say(&row.title);
                say(&row.sheet);
            }
        }
        said
    }

    /// How heavy it is on a page.
    fn weight(&self) -> usize {
        match self {
            Self::Added(row) => {
                ROW + added_cells(row)
                    .take(CELLS)
                    .map(|(_, value)| CELL + size(value))
                    .sum::<usize>()
            }
            Self::Changed(row) => {
                let cells = row.cells.iter().take(CELLS);
                ROW + cells.map(|it| CELL + 2 * (size(&it.old) + size(&it.new))).sum::<usize>()
            }
            Self::Conflict(it, _) => ROW + CELL + 2 * (size(&it.cell.old) + size(&it.cell.new)),
            Self::NotOffer(row) => ROW + bytes(&row.words),
            Self::Doubt(doubt) => ROW + bytes(&doubt.words),
            Self::Alike(alike) => {
                let values = alike.source.map(|source| &source.memory.values);
                let file: usize =
                    values.into_iter().flatten().map(|(_, value)| 100 + size(value)).sum();
                ROW + (1 + alike.rows.len()) * (CELL + file)
            }
            Self::Same(_) | Self::Twice(_) | Self::Missing(_) => ROW,
        }
    }
}

/// The cells of a new row; its state is said apart.
pub fn added_cells(row: &AddedRow) -> impl Iterator<Item = (&str, &Plain)> {
    row.values.iter().map(|(key, value)| (key.as_str(), value)).filter(|(key, _)| *key != "etat")
}

/// What the words of a value may weigh once they are escaped and cut.
fn size(value: &Plain) -> usize {
    let mut all = 0;
    tell(value, &mut |words| all += bytes(words) + 30);
    all.min(SHOWN * 6)
}

fn bytes(words: &str) -> usize {
    let escaped = words.chars().take(SHOWN).map(|letter| match letter {
        '<' | '>' | '&' | '"' | '\'' => 5,
        other => other.len_utf8(),
    });
    escaped.sum()
}

/// Says the words of a value one by one.
fn tell(value: &Plain, say: &mut impl FnMut(&str)) {
    match value {
        Plain::Text(text) => say(text),
        Plain::Number(number) => say(&number.to_string()),
        Plain::Null | Plain::Bool(_) => {}
        Plain::List(items) => items.iter().for_each(|item| tell(item, say)),
        Plain::Map(items) => items.iter().for_each(|(key, item)| {
            say(key);
            tell(item, say);
        }),
    }
}

/// What would be written, as counts with their texts' keys.
pub fn written(counts: &Counts) -> [(&'static str, usize); 4] {
    [
        ("import.count.added", counts.added),
        ("import.count.changed", counts.changed),
        ("import.count.cells", counts.cells),
        ("import.count.columns", counts.columns),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rows: u32, words: &str) -> ImportPlan {
        let row = |number: u32| AddedRow {
            source: Source {
                sheet: "Avril".into(),
                row: number,
                match_key: String::new(),
                memory: tablee_domain::import::Memory::default(),
                own_extract: false,
            },
            title: format!("Formation {number}"),
            values: vec![("resume".into(), Plain::text(words)), ("etat".into(), "publiee".into())],
            status: tablee_domain::offer::Status::Published,
            missing: vec![],
        };
        let added = (0..rows).map(|number| row(number).into());
        ImportPlan { added: added.collect(), ..ImportPlan::default() }
    }

    fn all<'p>(plan: &'p ImportPlan, words: &str) -> Vec<Entry<'p>> {
        entries(plan, &Decisions::default(), List::Added, words)
    }

    #[test]
    fn a_page_never_holds_more_than_fifty_rows() {
        let plan = plan(5_000, "court");

        let starts = pages(&all(&plan, ""));

        assert_eq!((starts.len(), starts[1]), (100, 50));
    }

    #[test]
    fn rows_that_are_heavy_come_fewer_on_a_page_and_never_none() {
        let plan = plan(100, &"<".repeat(32_000));
        let mut wide = plan.clone();
        for row in &mut wide.added {
            std::sync::Arc::make_mut(row).values =
                vec![("resume".into(), Plain::text("<".repeat(500))); 200];
        }

        assert!(pages(&all(&plan, "")).windows(2).all(|pair| pair[1] - pair[0] > 20));
        assert_eq!(pages(&all(&wide, "")).len(), 100);
    }

    #[test]
    fn words_are_looked_for_without_accents_and_all_of_them() {
        let plan = plan(30, "Écouter les élus");

        assert_eq!(all(&plan, "ELUS ecouter").len(), 30);
        assert_eq!(all(&plan, "élus 12").len(), 1);
        assert_eq!(all(&plan, "absent").len(), 0);
        assert_eq!(pages(&all(&plan, "absent")), [0]);
    }
}
