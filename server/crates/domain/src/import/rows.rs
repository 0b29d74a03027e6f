//! Which rows of a sheet are offers, and what the others are.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::grid::{RawCell, RawRow, RawSheet};
use super::header::Header;
use crate::reading::{Vocabulary, refers_above, text};
use crate::text::fold;

/// Why a row is not an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// It stands over the header: a title, a word on how to use the file.
    AboveHeader,
    /// The header again, as on each printed page.
    HeaderAgain,
    /// A title over the rows below it.
    Section,
    /// A sum.
    Total,
    /// Words under the table.
    Footer,
    /// Nothing in it.
    Empty,
    /// Words in the middle of the table, without title, provider or page.
    Remark,
    /// A sheet that holds something else.
    OtherSheet,
    /// A sheet that somebody left out.
    NotTaken,
}

impl WhyNot {
    /// The key of its sentence in the texts of the interface, and its word in plans.
    pub fn key(self) -> &'static str {
        match self {
            Self::AboveHeader => "above-header",
            Self::HeaderAgain => "header-again",
            Self::Section => "section",
            Self::Total => "total",
            Self::Footer => "footer",
            Self::Empty => "empty",
            Self::Remark => "remark",
            Self::OtherSheet => "other-sheet",
            Self::NotTaken => "not-taken",
        }
    }

    /// Its sentence in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::AboveHeader => "au-dessus des titres de colonnes",
            Self::HeaderAgain => "les titres de colonnes, répétés",
            Self::Section => "un titre de section",
            Self::Total => "un total",
            Self::Footer => "une note sous le tableau",
            Self::Empty => "une ligne vide",
            Self::Remark => "ni intitulé, ni organisme, ni page",
            Self::OtherSheet => "cet onglet ne contient pas de formations",
            Self::NotTaken => "cet onglet n'est pas repris",
        }
    }
}

/// A row of the file that is not an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotOffer {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// All its words.
    pub words: String,
    /// Why.
    pub why: WhyNot,
}

/// A row that is an offer, merged cells filled and `idem` resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferRow {
    /// The row, from 1.
    pub number: u32,
    /// Hidden in the file.
    pub hidden: bool,
    /// Its cells by column of the sheet.
    pub cells: BTreeMap<u32, RawCell>,
    /// The columns where `idem` was written, with the words, and whether there was a row above.
    pub repeated: Vec<(u32, String, bool)>,
    /// The section or the tab above it, where that names a type: the option's id and the words.
    pub section: Option<(String, String)>,
}

/// A sheet sorted out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sorted {
    /// The offers in order.
    pub offers: Vec<OfferRow>,
    /// The other rows in order.
    pub others: Vec<NotOffer>,
}

/// Sorts the rows of a sheet that has a header. `types` is the vocabulary of the column that sections name.
pub fn sort(sheet: &RawSheet, header: &Header, types: &Vocabulary) -> Sorted {
    let sorter = Sorter::new(sheet, header, types);
    let last_words = sheet.rows.iter().filter(|row| !row.is_empty()).map(|row| row.number).max();
    let from_tab = types.find(&sheet.name).map(|option| (option.to_owned(), sheet.name.clone()));
    let mut section = from_tab.clone();
    let mut sorted = Sorted::default();
    for row in &sheet.rows {
        match sorter.why_not(row) {
            None => {
                let above = sorted.offers.last();
                let offer = OfferRow::new(row, &sorter.fills, above, section.clone());
                sorted.offers.push(offer);
            }
            // Formats reach down to the last line of many a sheet: empty rows count only between words.
            Some(WhyNot::Empty) if last_words.is_none_or(|last| row.number > last) => {}
            Some(why) => {
                if why == WhyNot::Section {
                    let words = words_of(row);
                    let named = types.find(&words).map(|option| (option.to_owned(), words));
                    section = named.or_else(|| from_tab.clone());
                }
                sorted.others.push(NotOffer::new(sheet, row, why));
            }
        }
    }
    sorted
}

/// All rows of a sheet that holds no offers.
pub fn of_other_sheet(sheet: &RawSheet) -> Vec<NotOffer> {
    let rows = sheet.rows.iter().filter(|row| !row.is_empty());
    rows.map(|row| NotOffer::new(sheet, row, WhyNot::OtherSheet)).collect()
}

impl NotOffer {
    fn new(sheet: &RawSheet, row: &RawRow, why: WhyNot) -> Self {
        Self { sheet: sheet.name.clone(), row: row.number, words: words_of(row), why }
    }
}

/// What one needs to judge the rows of a sheet.
struct Sorter<'a> {
    header: &'a Header,
    types: &'a Vocabulary,
    fills: Fills<'a>,
    /// The columns of the sheet under the header.
    under: BTreeSet<u32>,
    title: Option<u32>,
    provider: Option<u32>,
    page: Option<u32>,
    /// The cells that are merged over three columns and more.
    across: HashSet<(u32, u32)>,
    /// The last row with at least two cells under the header: what stands alone after it is a footer.
    last_offer: u32,
    /// The rows that hold something.
    filled_rows: BTreeSet<u32>,
}

impl<'a> Sorter<'a> {
    fn new(sheet: &'a RawSheet, header: &'a Header, types: &'a Vocabulary) -> Self {
        let filled = sheet.rows.iter().filter(|row| !row.is_empty()).map(|row| row.number);
        let filled_rows = filled.collect();
        let under: BTreeSet<u32> = header.columns.iter().map(|cell| cell.at).collect();
        let wide = sheet
            .merges
            .iter()
            .filter(|range| range.last_column.saturating_sub(range.first_column) >= 2);
        let across = wide.map(|range| (range.first_row, range.first_column)).collect();
        let fills = Fills::of(sheet, &under);
        let [title, provider, page] = ["intitule", "organisme", "url"].map(|it| header.at(it));
        let mut sorter = Self {
            header,
            types,
            fills,
            under,
            title,
            provider,
            page,
            across,
            last_offer: 0,
            filled_rows,
        };
        let offers = sheet.rows.iter().filter(|row| {
            row.number > header.last_line()
                && !starts_like_a_total(row)
                && sorter.cells_under(row) >= 2
        });
        sorter.last_offer = offers.map(|row| row.number).max().unwrap_or_default();
        sorter
    }

    /// How many cells a row has under the header, merged ones too; none where it has none of its own.
    fn cells_under(&self, row: &RawRow) -> usize {
        let own: BTreeSet<u32> =
            row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.column).collect();
        if own.is_empty() {
            return 0;
        }
        let filled = self.fills.of_row(row.number).map(|(column, _)| column);
        own.iter()
            .copied()
            .chain(filled)
            .collect::<BTreeSet<_>>()
            .iter()
            .filter(|it| self.under.contains(it))
            .count()
    }

    fn why_not(&self, row: &RawRow) -> Option<WhyNot> {
        if row.is_empty() {
            return Some(WhyNot::Empty);
        }
        if row.number <= self.header.last_line() {
            // The header's own words stand in the mapping.
            return Some(WhyNot::AboveHeader);
        }
        if self.header.is_repeated_by(row) {
            return Some(WhyNot::HeaderAgain);
        }
        if starts_like_a_total(row) {
            return Some(WhyNot::Total);
        }
        let mut cells = row.cells.iter().filter(|cell| !cell.is_empty());
        if let (Some(only), None) = (cells.next(), cells.next()) {
            return self.why_not_alone(row, only);
        }
        let mut told = [self.title, self.provider, self.page].into_iter().flatten();
        let says_what = told.any(|at| row.cell(at).is_some_and(|cell| !cell.is_empty()));
        match (says_what, row.number > self.last_offer) {
            (true, _) => None,
            (false, true) => Some(WhyNot::Footer),
            (false, false) => Some(WhyNot::Remark),
        }
    }

    /// A row with one cell: a section, a footer, or an offer of which only the title or the provider is known.
    fn why_not_alone(&self, row: &RawRow, only: &RawCell) -> Option<WhyNot> {
        if starts_like_a_footer(&only.shown) {
            return Some(WhyNot::Footer);
        }
        let at = Some(only.column);
        let merged_across = self.across.contains(&(row.number, only.column));
        let is_title = self.title == at;
        if row.number > self.last_offer {
            let touches = self.filled_rows.contains(&row.number.saturating_sub(1));
            let is_offer = is_title && touches && !merged_across && !is_shouted(&only.shown);
            return if is_offer { None } else { Some(WhyNot::Footer) };
        }
        if merged_across || self.types.find(&only.shown).is_some() || is_shouted(&only.shown) {
            return Some(WhyNot::Section);
        }
        let is_provider = self.provider == at;
        if is_title || is_provider { None } else { Some(WhyNot::Remark) }
    }
}

/// All letters are capitals, as in a title over a block.
fn is_shouted(words: &str) -> bool {
    let letters = || words.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 4 && letters().all(|c| !c.is_lowercase())
}

fn starts_like_a_total(row: &RawRow) -> bool {
    let first = row.cells.iter().find(|cell| !cell.is_empty());
    first.is_some_and(|cell| {
        let folded = fold(&cell.shown);
        let word = folded.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        matches!(word, "total" | "sous") && (folded.len() < 40)
            || folded.starts_with("nombre de formations")
    })
}

fn starts_like_a_footer(words: &str) -> bool {
    const STARTS: &[&str] = &[
        "n'hesitez",
        "merci de",
        "pour toute",
        "pour nous",
        "pour ajouter",
        "legende",
        "nb :",
        "nb:",
        "mis a jour",
        "derniere mise a jour",
        "ce tableau",
        "ce document",
        "(*)",
        "* ",
        "source :",
        "contact :",
    ];
    let folded = fold(words);
    STARTS.iter().any(|start| folded.starts_with(start))
}

/// All words of a row, with the addresses behind them.
fn words_of(row: &RawRow) -> String {
    let cells = row.cells.iter().filter(|cell| !cell.is_empty());
    cells.map(words_of_cell).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" | ")
}

/// All words of a cell, with its error and the address behind it.
pub fn words_of_cell(cell: &RawCell) -> String {
    let shown = text::several_lines(&cell.shown);
    let link = cell.link.clone().filter(|link| *link != shown);
    let error = cell.error.clone().filter(|error| *error != shown);
    let parts = [Some(shown), link, error].into_iter().flatten();
    let parts = parts.chain(cell.more_links.iter().cloned()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// The cells merged downwards: where their value stands. Only merging fills; an empty cell stays empty.
struct Fills<'a> {
    first_cell: BTreeMap<(u32, u32), &'a RawCell>,
}

impl<'a> Fills<'a> {
    /// Only under the header, and each cell once: a file may claim any number of merges, one over another.
    fn of(sheet: &'a RawSheet, under: &BTreeSet<u32>) -> Self {
        let rows: BTreeMap<u32, &RawRow> = sheet.rows.iter().map(|row| (row.number, row)).collect();
        let mut first_cell = BTreeMap::new();
        let mut downwards: Vec<_> = sheet
            .merges
            .iter()
            .filter(|range| {
                range.first_column == range.last_column
                    && range.first_row < range.last_row
                    && under.contains(&range.first_column)
            })
            .collect();
        downwards.sort_by_key(|range| (range.first_column, range.first_row));
        let mut free_from: BTreeMap<u32, u32> = BTreeMap::new();
        for range in downwards {
            let free = free_from.entry(range.first_column).or_default();
            if range.first_row < *free {
                continue;
            }
            *free = range.last_row.saturating_add(1);
            let first = rows.get(&range.first_row).and_then(|row| row.cell(range.first_column));
            let Some(first) = first else { continue };
            // Only over rows that exist: a range may claim a million.
            for (number, _) in rows.range(range.first_row + 1..=range.last_row) {
                first_cell.insert((*number, range.first_column), first);
            }
        }
        Self { first_cell }
    }

    fn of_row(&self, number: u32) -> impl Iterator<Item = (u32, &RawCell)> {
        self.first_cell
            .range((number, 0)..=(number, u32::MAX))
            .map(|((_, column), cell)| (*column, *cell))
    }
}

impl OfferRow {
    fn new(
        row: &RawRow,
        fills: &Fills<'_>,
        above: Option<&Self>,
        section: Option<(String, String)>,
    ) -> Self {
        let own = row.cells.iter().filter(|cell| !cell.is_empty());
        let mut cells: BTreeMap<u32, RawCell> =
            own.map(|cell| (cell.column, cell.clone())).collect();
        for (column, cell) in fills.of_row(row.number) {
            cells.entry(column).or_insert_with(|| cell.clone());
        }
        let idem: Vec<(u32, String)> = cells
            .iter()
            .filter(|(_, cell)| refers_above(&cell.shown))
            .map(|(column, cell)| (*column, words_of_cell(cell)))
            .collect();
        let mut repeated = Vec::new();
        for (column, words) in idem {
            let value = above.and_then(|above| above.cells.get(&column)).cloned();
            repeated.push((column, words, value.is_some()));
            match value {
                Some(value) => cells.insert(column, value),
                None => cells.remove(&column),
            };
        }
        Self { number: row.number, hidden: row.hidden, cells, repeated, section }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::Range;
    use super::super::names::Names;
    use super::*;
    use crate::offer::words::vocabulary;
    use crate::table::Columns;
    use crate::table::defaults::formations;

    fn row(number: u32, cells: &[&str]) -> RawRow {
        let cells = cells.iter().enumerate().filter(|(_, words)| !words.is_empty());
        let cells = cells.map(|(at, words)| RawCell::text(u32::try_from(at).unwrap(), *words));
        RawRow { number, hidden: false, cells: cells.collect() }
    }

    fn across(number: u32, first: u32, last: u32) -> Range {
        Range { first_row: number, first_column: first, last_row: number, last_column: last }
    }

    fn sorted(sheet: &RawSheet) -> Sorted {
        let columns = Columns::new(formations());
        let header = Header::find(sheet, &Names::of(&columns), &columns).unwrap();
        sort(sheet, &header, &vocabulary(columns.get("type").unwrap()))
    }

    fn sheet(rows: Vec<RawRow>) -> RawSheet {
        let mut all = vec![row(1, &["Organisme", "Intitulé", "Durée", "Type", "Lien"])];
        all.extend(rows);
        RawSheet { name: "Feuille 1".into(), rows: all, ..RawSheet::default() }
    }

    fn others(sorted: &Sorted) -> Vec<(u32, WhyNot)> {
        sorted.others.iter().map(|other| (other.row, other.why)).collect()
    }

    fn shown(offer: &OfferRow, column: u32) -> &str {
        offer.cells.get(&column).map_or("", |cell| cell.shown.as_str())
    }

    #[test]
    fn a_section_names_the_type_of_the_rows_below_it() {
        let mut sheet = sheet(vec![
            row(2, &["FORMATIONS COURTES"]),
            row(3, &["Lisode", "Animer"]),
            row(4, &["OCCITANIE"]),
            row(5, &["Lisode", "Évaluer"]),
        ]);
        sheet.merges = vec![across(2, 0, 4), across(4, 0, 4)];

        let sorted = sorted(&sheet);

        let sections: Vec<_> = sorted.offers.iter().map(|offer| offer.section.clone()).collect();
        let short = ("formation_courte".to_owned(), "FORMATIONS COURTES".to_owned());
        assert_eq!(sections, [Some(short), None]);
        assert_eq!(
            others(&sorted),
            [(1, WhyNot::AboveHeader), (2, WhyNot::Section), (4, WhyNot::Section)]
        );
    }

    #[test]
    fn the_name_of_a_tab_stands_for_a_section_that_is_not_there() {
        let mut sheet = sheet(vec![row(2, &["Lisode", "Animer"])]);
        sheet.name = "Formations courtes".into();

        assert_eq!(sorted(&sheet).offers[0].section.as_ref().unwrap().0, "formation_courte");
    }

    #[test]
    fn a_provider_is_carried_down_only_where_its_cells_are_merged() {
        let mut sheet = sheet(vec![
            row(2, &["Lisode", "Animer"]),
            row(3, &["", "Évaluer"]),
            row(4, &["", "Débattre"]),
        ]);
        sheet.merges = vec![Range { first_row: 2, first_column: 0, last_row: 3, last_column: 0 }];

        let sorted = sorted(&sheet);

        let providers: Vec<_> = sorted.offers.iter().map(|offer| shown(offer, 0)).collect();
        assert_eq!(providers, ["Lisode", "Lisode", ""]);
    }

    #[test]
    fn totals_footers_remarks_and_repeated_headers_are_not_offers() {
        let sorted = sorted(&sheet(vec![
            row(2, &["Lisode", "Animer", "2 jours"]),
            row(3, &[]),
            row(4, &["Organisme", "Intitulé", "Durée", "Type", "Lien"]),
            row(5, &["", "", "à compléter", ""]),
            row(6, &["", "Évaluer"]),
            row(7, &["Lisode", "Débattre"]),
            row(8, &["Total", "3"]),
            row(10, &["N'hésitez pas à compléter !"]),
            row(11, &["", "", "", "", ""]),
        ]));

        let numbers: Vec<_> = sorted.offers.iter().map(|offer| offer.number).collect();
        assert_eq!(numbers, [2, 6, 7]);
        let wanted = [
            (1, WhyNot::AboveHeader),
            (3, WhyNot::Empty),
            (4, WhyNot::HeaderAgain),
            (5, WhyNot::Remark),
            (8, WhyNot::Total),
            (10, WhyNot::Footer),
        ];
        assert_eq!(others(&sorted), wanted);
    }

    #[test]
    fn idem_takes_the_row_above_and_is_said() {
        let sorted = sorted(&sheet(vec![
            row(2, &["idem", "Animer", "2 jours"]),
            row(3, &["Lisode", "Évaluer", "idem"]),
        ]));

        assert_eq!(shown(&sorted.offers[1], 2), "2 jours");
        assert_eq!(sorted.offers[1].repeated, [(2, "idem".to_owned(), true)]);
        assert_eq!(sorted.offers[0].repeated, [(0, "idem".to_owned(), false)]);
        assert_eq!(shown(&sorted.offers[0], 0), "");
    }
}
