//! What visitors see: the published offers, found by words, narrowed by facets, in an order they choose.
//!
//! A [`Catalogue`] is made of one state of the table and answers any number of queries; whoever serves pages
//! keeps it until the next revision. Rows and columns that are not public never enter it, so nothing that
//! reads a catalogue can show them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::Status;
use super::display::{self, Language};
use super::query::{Query, Sort};
use super::search::{Answer, Corrected, Index, Text};
use super::session::{Dates, Day, sessions};
use super::words::usual_words;
use crate::ids::{ColumnId, RowId};
use crate::table::{Choice, Column, Columns, Kind, Plain, Row, TableValues};
use crate::text::French;

/// How many offers stand on a page.
pub const ON_A_PAGE: usize = 30;

/// The public part of a table.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    columns: Columns,
    entries: Vec<Entry>,
    by_id: BTreeMap<RowId, usize>,
    /// Made by the first search, once for all that follow.
    index: OnceLock<Index>,
}

/// One public row with what queries ask of it.
#[derive(Debug, Clone)]
struct Entry {
    row: Row,
    /// When its sessions take place, those called off left out.
    dates: Vec<Dates>,
    title_rank: usize,
    provider_rank: usize,
}

/// The offers that a query finds, all of them, in its order.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The offers.
    pub rows: Vec<&'a Row>,
    /// The facets with their counts.
    pub facets: Vec<Facet<'a>>,
    /// How many of them one would see with a session to come.
    pub to_come: usize,
    /// Words that no offer holds, and those that were looked for instead.
    pub corrected: Vec<Corrected>,
    /// No offer holds all words: these hold most of them.
    pub only_most: bool,
}

/// One column by which the offers can be narrowed.
#[derive(Debug, Clone)]
pub struct Facet<'a> {
    /// The column.
    pub column: &'a Column,
    /// Its options in the order of the column; retired ones only while an offer has them.
    pub options: Vec<FacetOption<'a>>,
}

/// One option of a facet.
#[derive(Debug, Clone)]
pub struct FacetOption<'a> {
    /// The option.
    pub option: &'a Choice,
    /// How many offers one would see with it, everything else of the query kept.
    pub count: usize,
    /// The query asks for it.
    pub chosen: bool,
}

/// One page of what was found.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The offers on it.
    pub rows: Vec<&'a Row>,
    /// Its number, from 1, within what exists.
    pub number: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many offers there are on all pages.
    pub total: usize,
}

impl Catalogue {
    /// The public part of a table at one moment.
    pub fn new(values: &TableValues) -> Self {
        let columns: Vec<Column> =
            values.columns.in_use().filter(|column| column.public).cloned().collect();
        let columns = Columns::new(columns);
        let public = values.present().filter(|row| Status::of(row).is_public());
        let mut entries: Vec<Entry> = public.map(|row| Entry::new(row, &columns)).collect();
        rank(&mut entries, "intitule", |entry| &mut entry.title_rank);
        rank(&mut entries, "organisme", |entry| &mut entry.provider_rank);
        let by_id = entries.iter().enumerate().map(|(at, it)| (it.row.id.clone(), at)).collect();
        Self { columns, entries, by_id, index: OnceLock::new() }
    }

    /// The public columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// A public offer.
    pub fn offer(&self, id: &RowId) -> Option<&Row> {
        self.by_id.get(id).map(|at| &self.entries[*at].row)
    }

    /// All public offers in the order of the table.
    pub fn offers(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.entries.iter().map(|entry| &entry.row)
    }

    /// The columns that can be facets: the public choices.
    pub fn facet_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.kind.has_options())
    }

    /// What a query finds on a day.
    pub fn find(&self, query: &Query, today: Day) -> Found<'_> {
        let answer = query.has_words().then(|| self.index().answer(&query.q));
        let answers = |at: usize| answer.as_ref().is_none_or(|it| it.scores.contains_key(&at));
        let asked: Vec<(&ColumnId, &BTreeSet<String>)> =
            query.facets.iter().filter(|(_, options)| !options.is_empty()).collect();
        let mut tally = Tally::default();
        let mut found: Vec<usize> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate().filter(|(at, _)| answers(*at)) {
            let mut failing =
                asked.iter().filter(|(column, wanted)| !entry.has_one(column, wanted));
            let failing = (failing.next(), failing.next());
            let comes = entry.comes(today);
            if failing == (None, None) && comes {
                tally.to_come += 1;
            }
            if query.to_come && !comes {
                continue;
            }
            match failing {
                (None, _) => {
                    found.push(at);
                    self.facet_columns().for_each(|column| tally.count(column, entry));
                }
                // It would be found but for this facet, so this facet's other options count it.
                (Some((column, _)), None) => {
                    if let Some(column) = self.columns.get(column.as_str()) {
                        tally.count(column, entry);
                    }
                }
                _ => {}
            }
        }
        self.sort(&mut found, query, answer.as_ref(), today);
        let facets = self.facet_columns().map(|column| tally.facet(column, query)).collect();
        let rows = found.into_iter().map(|at| &self.entries[at].row).collect();
        let Answer { corrected, only_most, .. } = answer.unwrap_or_default();
        Found { rows, facets, to_come: tally.to_come, corrected, only_most }
    }

    fn sort(&self, found: &mut [usize], query: &Query, answer: Option<&Answer>, today: Day) {
        let score = |at: &usize| answer.and_then(|it| it.scores.get(at)).copied().unwrap_or(0.0);
        let order = query.order();
        found.sort_by(|one, other| {
            let (a, b) = (&self.entries[*one], &self.entries[*other]);
            let chosen = match order {
                Sort::Relevance => score(other).total_cmp(&score(one)),
                Sort::Dates => a.next(today).cmp(&b.next(today)),
                Sort::Title => std::cmp::Ordering::Equal,
                Sort::Provider => a.provider_rank.cmp(&b.provider_rank),
                // The latest first; those never checked after all others.
                Sort::Recent => b.row.text("verifie_le").cmp(a.row.text("verifie_le")),
            };
            chosen.then(a.title_rank.cmp(&b.title_rank)).then_with(|| a.row.id.cmp(&b.row.id))
        });
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for entry in &self.entries {
                let texts = texts_of(&entry.row, &self.columns);
                let texts = texts.iter().map(|(weight, words)| Text { weight: *weight, words });
                index.add(entry.row.text("intitule"), texts);
            }
            index.ready()
        })
    }
}

impl<'a> Found<'a> {
    /// How many offers were found.
    pub fn total(&self) -> usize {
        self.rows.len()
    }

    /// One page of them; a number past the end gives the last.
    pub fn page(&self, number: usize) -> Page<'a> {
        let pages = self.rows.len().div_ceil(ON_A_PAGE).max(1);
        let number = number.clamp(1, pages);
        let rows =
            self.rows.iter().skip((number - 1) * ON_A_PAGE).take(ON_A_PAGE).copied().collect();
        Page { rows, number, pages, total: self.rows.len() }
    }

    /// The facet of a column.
    pub fn facet(&self, column: &str) -> Option<&Facet<'a>> {
        self.facets.iter().find(|facet| facet.column.id.as_str() == column)
    }
}

impl Entry {
    fn new(row: &Row, columns: &Columns) -> Self {
        let public = |column: &ColumnId| columns.get(column.as_str()).is_some();
        let row = Row {
            id: row.id.clone(),
            cells: kept(&row.cells, public),
            said: kept(&row.said, public),
            order: row.order.clone(),
            deleted: false,
        };
        let taking_place = sessions(&row).into_iter().filter(|session| !session.is_called_off());
        let dates = taking_place.filter_map(|session| session.dates).collect();
        Self { row, dates, title_rank: 0, provider_rank: 0 }
    }

    fn has_one(&self, column: &ColumnId, wanted: &BTreeSet<String>) -> bool {
        chosen(self.row.cell(column.as_str())).any(|option| wanted.contains(option))
    }

    /// Whether a session is to come or runs.
    fn comes(&self, today: Day) -> bool {
        self.dates.iter().any(|dates| dates.last >= today)
    }

    /// Sorts by what one can still attend: what begins first, then what runs already, then all else.
    fn next(&self, today: Day) -> (u8, Option<Day>) {
        let begins = self.dates.iter().filter(|dates| dates.first >= today);
        match begins.map(|dates| dates.first).min() {
            Some(first) => (0, Some(first)),
            None if self.comes(today) => (1, None),
            None => (2, None),
        }
    }
}

fn kept<T: Clone>(
    cells: &BTreeMap<ColumnId, T>,
    public: impl Fn(&ColumnId) -> bool,
) -> BTreeMap<ColumnId, T> {
    let kept = cells.iter().filter(|(column, _)| public(column));
    kept.map(|(column, value)| (column.clone(), value.clone())).collect()
}

/// How telling a column is in a search: who looks for a word wants it in the title first.
fn weight(column: &str) -> f32 {
    match column {
        "intitule" => 8.0,
        "organisme" => 6.0,
        "themes" | "type" => 5.0,
        "competences" | "publics" | "lieux" | "partenaires" | "modalite" | "resume" => 3.0,
        _ => 1.0,
    }
}

/// All that one may search in a row: its cells in both languages, the usual other words for its options, and
/// the contributors' own words.
fn texts_of(row: &Row, columns: &Columns) -> Vec<(f32, String)> {
    let mut texts = Vec::new();
    for column in columns.iter() {
        let value = row.cell(column.id.as_str());
        let mut words = match (column.kind, value) {
            // Whoever looks for `lisode` means the site; the words of an address are no words.
            (Kind::Url, Plain::Text(address)) => host(address),
            _ => display::value(column, value, Language::French),
        };
        if column.kind.has_options() {
            words.push('\n');
            words.push_str(&display::value(column, value, Language::English));
            for other in chosen(value).flat_map(|option| usual_words(column.id.as_str(), option)) {
                words.push('\n');
                words.push_str(other);
            }
        }
        words.push('\n');
        words.push_str(display::said(row, column));
        if !words.trim().is_empty() {
            texts.push((weight(column.id.as_str()), words));
        }
    }
    texts
}

fn host(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// The options that a cell names.
fn chosen(value: &Plain) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Plain::Text(option) => Box::new(std::iter::once(option.as_str())),
        Plain::Map(options) => Box::new(
            options
                .iter()
                .filter(|(_, mark)| **mark != Plain::Null)
                .map(|(option, _)| option.as_str()),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

/// Sorts once as French readers do, so that each query compares numbers only.
fn rank(entries: &mut [Entry], column: &str, place: fn(&mut Entry) -> &mut usize) {
    let french = French::new();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&entries[*a].row, &entries[*b].row);
        french.compare(a.text(column), b.text(column))
    });
    let mut rank = 0;
    for (at, entry) in order.iter().enumerate() {
        let same =
            at > 0 && entries[order[at - 1]].row.text(column) == entries[*entry].row.text(column);
        rank = if same { rank } else { at };
        *place(&mut entries[*entry]) = rank;
    }
}

/// How many offers have each option of each facet, and how many a session to come.
#[derive(Default)]
struct Tally {
    options: BTreeMap<ColumnId, BTreeMap<String, usize>>,
    to_come: usize,
}

impl Tally {
    fn count(&mut self, column: &Column, entry: &Entry) {
        for option in chosen(entry.row.cell(column.id.as_str())) {
            let counts = self.options.entry(column.id.clone()).or_default();
            *counts.entry(option.to_owned()).or_default() += 1;
        }
    }

    fn facet<'a>(&self, column: &'a Column, query: &Query) -> Facet<'a> {
        let counts = self.options.get(&column.id);
        let options = column.options.iter().map(|option| FacetOption {
            option,
            count: counts.and_then(|it| it.get(option.id.as_str())).copied().unwrap_or_default(),
            chosen: query.asks_for(&column.id, option.id.as_str()),
        });
        let options = options.filter(|it| !it.option.archived || it.count > 0 || it.chosen);
        Facet { column, options: options.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::defaults::formations;

    fn row(id: &str, cells: &[(&str, Plain)]) -> Row {
        let cells = cells.iter().map(|(key, value)| (ColumnId::new(key).unwrap(), value.clone()));
        Row {
            id: RowId::new(id).unwrap(),
            cells: cells.collect(),
            said: BTreeMap::new(),
            order: id.to_owned(),
            deleted: false,
        }
    }

    fn published(id: &str, title: &str, more: &[(&str, Plain)]) -> Row {
        let mut cells = vec![("intitule", title.into()), ("etat", "publiee".into())];
        cells.extend(more.iter().cloned());
        row(id, &cells)
    }

    fn themes(options: &[&str]) -> Plain {
        Plain::Map(options.iter().map(|option| ((*option).to_owned(), true.into())).collect())
    }

    fn catalogue(rows: Vec<Row>) -> Catalogue {
        Catalogue::new(&TableValues { columns: Columns::new(formations()), rows })
    }

    fn asked(pairs: &[(&str, &str)]) -> Query {
        Query::from_pairs(&Columns::new(formations()), pairs.iter().copied())
    }

    fn today() -> Day {
        Day::first_of("2026-11-22").unwrap()
    }

    fn titles<'a>(found: &Found<'a>) -> Vec<&'a str> {
        found.rows.iter().map(|row| row.text("intitule")).collect()
    }

    #[test]
    fn drafts_archives_and_binned_rows_are_not_in_it() {
        let binned = Row { deleted: true, ..published("d", "D", &[]) };
        let draft = row("b", &[("intitule", "B".into()), ("etat", "brouillon".into())]);
        let nameless = row("c", &[("intitule", "C".into())]);

        let catalogue = catalogue(vec![published("a", "A", &[]), draft, nameless, binned]);

        assert_eq!(titles(&catalogue.find(&Query::default(), today())), ["A"]);
        assert!(catalogue.offer(&RowId::new("b").unwrap()).is_none());
    }

    #[test]
    fn a_column_that_is_not_public_cannot_be_seen_nor_searched() {
        let mut columns = formations();
        let hidden = columns.iter_mut().find(|column| column.id.as_str() == "resume").unwrap();
        hidden.public = false;
        let rows = vec![published("a", "A", &[("resume", "un secret".into())])];

        let catalogue = Catalogue::new(&TableValues { columns: Columns::new(columns), rows });

        assert_eq!(catalogue.find(&asked(&[("q", "secret")]), today()).total(), 0);
        assert!(catalogue.offers().all(|row| row.cell("resume").is_empty()));
    }

    #[test]
    fn words_are_found_anywhere_whatever_their_accents_and_endings() {
        let offer = published(
            "a",
            "Former des formateur·trice·s",
            &[("organisme", "École du Dialogue".into()), ("themes", themes(&["eau"]))],
        );
        let catalogue = catalogue(vec![offer]);

        for words in [
            "ecole FORMER",
            "formatrices",
            "formateurs",
            "formateur·trice·s",
            "milieux eau",
            "water",
        ] {
            assert_eq!(catalogue.find(&asked(&[("q", words)]), today()).total(), 1, "{words}");
        }
        for words in ["ecole absente", "logue"] {
            assert_eq!(catalogue.find(&asked(&[("q", words)]), today()).total(), 0, "{words}");
        }
    }

    #[test]
    fn options_of_one_facet_widen_and_facets_narrow_each_other() {
        let offer = |id, kind: &str, format: &str| {
            published(id, id, &[("type", kind.into()), ("modalite", format.into())])
        };
        let catalogue = catalogue(vec![
            offer("a", "mooc", "distanciel"),
            offer("b", "formation_courte", "distanciel"),
            offer("c", "formation_courte", "presentiel"),
        ]);

        let both =
            catalogue.find(&asked(&[("type", "mooc"), ("type", "formation_courte")]), today());
        let narrow = catalogue
            .find(&asked(&[("type", "formation_courte"), ("modalite", "distanciel")]), today());

        assert_eq!(titles(&both), ["a", "b", "c"]);
        assert_eq!(titles(&narrow), ["b"]);
    }

    #[test]
    fn a_count_says_what_one_would_see_after_the_click() {
        let offer = |id, kind: &str, format: &str| {
            published(id, id, &[("type", kind.into()), ("modalite", format.into())])
        };
        let catalogue = catalogue(vec![
            offer("a", "mooc", "distanciel"),
            offer("b", "formation_courte", "distanciel"),
            offer("c", "formation_courte", "presentiel"),
        ]);

        let found = catalogue.find(&asked(&[("type", "formation_courte")]), today());

        let count = |column: &str, option: &str| {
            let facet = found.facet(column).unwrap();
            facet.options.iter().find(|it| it.option.id.as_str() == option).unwrap().count
        };
        assert_eq!(count("type", "mooc"), 1);
        assert_eq!(count("type", "formation_courte"), 2);
        assert_eq!(count("modalite", "distanciel"), 1);
    }

    #[test]
    fn offers_stand_in_the_order_that_was_asked_for() {
        let offer = |id, title: &str, provider: &str, checked: &str| {
            let more = [("organisme", Plain::from(provider)), ("verifie_le", Plain::from(checked))];
            published(id, title, &more)
        };
        let catalogue = catalogue(vec![
            offer("a", "Évaluer", "Zoé", ""),
            offer("b", "Débattre", "Adèle", "2025-01-02"),
            offer("c", "eau", "", "2026-01"),
        ]);

        assert_eq!(titles(&catalogue.find(&asked(&[]), today())), ["Débattre", "eau", "Évaluer"]);
        assert_eq!(
            titles(&catalogue.find(&asked(&[("tri", "organisme")]), today())),
            ["Débattre", "Évaluer", "eau"]
        );
        assert_eq!(
            titles(&catalogue.find(&asked(&[("tri", "recent")]), today())),
            ["eau", "Débattre", "Évaluer"]
        );
    }

    #[test]
    fn a_page_holds_thirty_and_one_past_the_end_is_the_last() {
        let rows =
            (0..61).map(|n| published(&format!("r{n}"), &format!("titre {n}"), &[])).collect();
        let catalogue = catalogue(rows);
        let found = catalogue.find(&Query::default(), today());

        let (first, last) = (found.page(0), found.page(99));

        assert_eq!((first.rows.len(), first.number, first.pages, first.total), (30, 1, 3, 61));
        assert_eq!((last.rows.len(), last.number), (1, 3));
    }

    #[test]
    fn an_empty_catalogue_has_one_empty_page() {
        let catalogue = Catalogue::default();

        let page = catalogue.find(&Query::default(), today()).page(1);

        assert_eq!((page.rows.len(), page.number, page.pages), (0, 1, 1));
    }
}
