//! The header of a sheet: on which line it stands, and which column each of its cells means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grid::{Range, RawRow, RawSheet};
use super::names::{Names, Target};
use crate::reading::text::one_line;
use crate::table::{Columns, Kind};
use crate::text::fold;

/// How far down a header may stand.
const DEEPEST: usize = 40;
/// Longer words are a sentence, not the name of a column.
const LONGEST: usize = 80;

/// The header of one sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The numbers of its lines: one, or two where groups stand over columns.
    pub lines: Vec<u32>,
    /// Its cells from left to right.
    pub columns: Vec<HeaderCell>,
}

/// One cell of a header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeaderCell {
    /// Its column in the sheet, from 0.
    pub at: u32,
    /// Its words; a group stands before its part, as `Modalités / Durée`.
    pub words: String,
    /// Where the cells under it go; none when it is not known.
    pub target: Option<Target>,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
}

impl Header {
    /// Finds the header of a sheet that holds offers; none where no line names a title and something else.
    pub fn find(sheet: &RawSheet, names: &Names, columns: &Columns) -> Option<Self> {
        let top: Vec<&RawRow> = sheet.rows.iter().take(DEEPEST).collect();
        let single = top.iter().map(|row| Self::of_one_line(row, names));
        let pairs = top.windows(2).filter(|pair| pair[1].number == pair[0].number + 1);
        let double = pairs.filter_map(|pair| Self::of_two_lines(sheet, pair[0], pair[1], names));
        let mut best: Option<(f64, Self)> = None;
        for header in single.chain(double).map(|header| header.settled(columns)) {
            let score = header.score();
            let fits = header.names_a_title() && header.mapped().count() >= 2;
            if fits && best.as_ref().is_none_or(|(known, _)| score > *known + f64::EPSILON) {
                best = Some((score, header));
            }
        }
        best.map(|(_, header)| header)
    }

    /// The header on a line that a person chose, with the line below or above it where these make two lines of
    /// one header. None where the line holds no words.
    pub fn at_line(sheet: &RawSheet, line: u32, names: &Names, columns: &Columns) -> Option<Self> {
        let at = |number: u32| sheet.rows.iter().find(|row| row.number == number);
        let chosen = at(line)?;
        let above = line.checked_sub(1).and_then(at).map(|row| (row, chosen));
        let below = line.checked_add(1).and_then(at).map(|row| (chosen, row));
        let double = [below, above].into_iter().flatten();
        let double =
            double.filter_map(|(upper, lower)| Self::of_two_lines(sheet, upper, lower, names));
        let mut best = Self::of_one_line(chosen, names).settled(columns);
        if best.columns.is_empty() {
            return None;
        }
        for header in double.map(|header| header.settled(columns)) {
            if header.score() > best.score() + f64::EPSILON {
                best = header;
            }
        }
        Some(best)
    }

    fn of_one_line(row: &RawRow, names: &Names) -> Self {
        let cells = row.cells.iter().filter(|cell| !cell.shown.trim().is_empty());
        let columns = cells.map(|cell| HeaderCell::new(cell.column, one_line(&cell.shown), names));
        Self { lines: vec![row.number], columns: columns.collect() }
    }

    /// Groups over parts. The lower line must look like names, or a first offer would be taken for them.
    fn of_two_lines(
        sheet: &RawSheet,
        upper: &RawRow,
        lower: &RawRow,
        names: &Names,
    ) -> Option<Self> {
        let parts: Vec<_> = lower.cells.iter().filter(|cell| !cell.is_empty()).collect();
        let like_names = parts.iter().all(|cell| {
            cell.link.is_none() && cell.number.is_none() && cell.shown.chars().count() <= LONGEST
        });
        let known = parts.iter().filter(|cell| names.find(&cell.shown).is_some()).count();
        if parts.len() < 2 || !like_names || known * 2 < parts.len() {
            return None;
        }
        let mut columns: BTreeMap<u32, HeaderCell> = BTreeMap::new();
        for cell in upper.cells.iter().filter(|cell| !cell.shown.trim().is_empty()) {
            columns.insert(cell.column, HeaderCell::new(cell.column, one_line(&cell.shown), names));
        }
        let groups = Groups::over(sheet, upper);
        for part in parts {
            let group = groups.at(part.column);
            let part_words = one_line(&part.shown);
            let cell = HeaderCell::of_group(part.column, &group, &part_words, names);
            columns.insert(part.column, cell);
        }
        let columns = columns.into_values().collect();
        Some(Self { lines: vec![upper.number, lower.number], columns })
    }

    /// Leaves each column to its surest header. A second one is kept only where words can be added.
    fn settled(mut self, columns: &Columns) -> Self {
        self.columns.sort_by_key(|cell| cell.at);
        let mut best: BTreeMap<Target, (f64, u32)> = BTreeMap::new();
        for cell in &self.columns {
            let Some(target) = &cell.target else { continue };
            let known = best.get(target).map_or(-1.0, |(confidence, _)| *confidence);
            if cell.confidence > known {
                best.insert(target.clone(), (cell.confidence, cell.at));
            }
        }
        for cell in &mut self.columns {
            let Some(target) = &cell.target else { continue };
            let is_best = best.get(target).is_some_and(|(_, at)| *at == cell.at);
            let adds = takes_several(target, columns);
            if !is_best && !adds {
                cell.target = None;
                cell.confidence = 0.0;
            }
        }
        self
    }

    fn mapped(&self) -> impl Iterator<Item = &HeaderCell> {
        self.columns.iter().filter(|cell| cell.target.is_some())
    }

    fn score(&self) -> f64 {
        self.mapped().map(|cell| cell.confidence).sum()
    }

    fn names_a_title(&self) -> bool {
        self.at("intitule").is_some()
    }

    /// The place of a column in the sheet: that of its surest header.
    pub fn at(&self, column: &str) -> Option<u32> {
        let cells = self
            .mapped()
            .filter(|cell| matches!(&cell.target, Some(Target::Cell(id)) if id.as_str() == column));
        cells
            .max_by(|a, b| a.confidence.total_cmp(&b.confidence).then(b.at.cmp(&a.at)))
            .map(|it| it.at)
    }

    /// The header over a column of the sheet.
    pub fn over(&self, at: u32) -> Option<&HeaderCell> {
        let place = self.columns.binary_search_by_key(&at, |cell| cell.at).ok()?;
        self.columns.get(place)
    }

    /// The line under which the offers begin.
    pub fn last_line(&self) -> u32 {
        self.lines.iter().copied().max().unwrap_or_default()
    }

    /// Whether a row repeats the header, as at the top of each printed page.
    pub fn is_repeated_by(&self, row: &RawRow) -> bool {
        let cells: Vec<_> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
        let same = cells.iter().filter(|cell| {
            let words = one_line(&cell.shown);
            self.over(cell.column).is_some_and(|header| {
                header.words == words || header.words.ends_with(&format!(" / {words}"))
            })
        });
        cells.len() >= 2 && same.count() * 2 > cells.len()
    }
}

/// By which a header is known again: its words and their places, whatever their case and accents.
pub fn fingerprint(header: &Header) -> String {
    /// Fowler, Noll and Vo's hash: nobody gains by two headers with one fingerprint.
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let words = header.columns.iter().map(|cell| format!("{}:{}\n", cell.at, fold(&cell.words)));
    let hash = words
        .flat_map(String::into_bytes)
        .fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

impl HeaderCell {
    fn new(at: u32, words: String, names: &Names) -> Self {
        let found = Some(words.as_str()).filter(|it| it.chars().count() <= LONGEST);
        let found = found.and_then(|words| names.find(words));
        let (target, confidence) =
            found.map_or((None, 0.0), |(target, confidence)| (Some(target), confidence));
        Self { at, words, target, confidence }
    }

    /// The part says it, or the group with the part: `Contact / Téléphone`, `Durée / (heures)`.
    fn of_group(at: u32, group: &str, part: &str, names: &Names) -> Self {
        if group.is_empty() || group == part {
            return Self::new(at, part.to_owned(), names);
        }
        let both = Self::new(at, format!("{group} {part}"), names);
        let alone = Self::new(at, part.to_owned(), names);
        let surer = if both.confidence > alone.confidence { both } else { alone };
        Self { words: format!("{group} / {part}"), ..surer }
    }
}

/// Whether the cells of several columns can go to one place: words can be added there.
pub(super) fn takes_several(target: &Target, columns: &Columns) -> bool {
    let Target::Cell(column) = target else { return false };
    let kind = columns.get(column.as_str()).map(|column| column.kind);
    matches!(kind, Some(Kind::LongText | Kind::Choices | Kind::Places | Kind::Sessions))
}

/// The words of a line of groups, and how far each stands over the columns.
struct Groups<'a> {
    words: BTreeMap<u32, &'a str>,
    /// The first and the last column of what is merged there.
    merged: BTreeMap<u32, u32>,
}

impl<'a> Groups<'a> {
    fn over(sheet: &RawSheet, upper: &'a RawRow) -> Self {
        let there = |range: &&Range| (range.first_row..=range.last_row).contains(&upper.number);
        let merged = sheet.merges.iter().filter(there);
        Self {
            words: upper.cells.iter().map(|cell| (cell.column, cell.shown.as_str())).collect(),
            merged: merged.map(|range| (range.first_column, range.last_column)).collect(),
        }
    }

    /// The words over a column: its own cell's, or those of the one merged across it.
    fn at(&self, column: u32) -> String {
        let merged = self.merged.range(..=column).next_back();
        let first = merged.filter(|(_, last)| column <= **last).map_or(column, |(first, _)| *first);
        self.words.get(&first).map(|words| one_line(words)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::RawCell;
    use super::*;
    use crate::table::defaults::formations;

    fn row(number: u32, cells: &[&str]) -> RawRow {
        let cells = cells.iter().enumerate().filter(|(_, words)| !words.is_empty());
        let cells = cells.map(|(at, words)| RawCell::text(u32::try_from(at).unwrap(), *words));
        RawRow { number, hidden: false, cells: cells.collect() }
    }

    fn find(sheet: &RawSheet) -> Option<Header> {
        let columns = Columns::new(formations());
        Header::find(sheet, &Names::of(&columns), &columns)
    }

    fn mapping(header: &Header) -> Vec<(&str, String)> {
        let key = |cell: &HeaderCell| cell.target.as_ref().map_or_else(String::new, Target::key);
        header.columns.iter().map(|cell| (cell.words.as_str(), key(cell))).collect()
    }

    #[test]
    fn a_header_is_found_under_title_rows() {
        let sheet = RawSheet {
            rows: vec![
                row(1, &["Inventaire des formations – mis à jour le 12/09/24"]),
                row(2, &["Mode d'emploi : une formation par ligne, merci !"]),
                row(4, &["Intitulé", "Qui ?", "", "Lien"]),
                row(5, &["Animer", "Lisode", "", "https://lisode.com"]),
            ],
            ..RawSheet::default()
        };

        let header = find(&sheet).unwrap();

        assert_eq!(header.lines, [4]);
        assert_eq!(header.at("url"), Some(3));
    }

    #[test]
    fn groups_over_parts_are_two_lines_of_one_header() {
        let sheet = RawSheet {
            rows: vec![
                row(3, &["Formation", "Organisme", "Modalités", "", "", "Lien"]),
                row(4, &["", "", "Durée", "Lieu", "Coût", ""]),
                row(5, &["Animer", "Lisode", "2 jours", "Paris", "600 €", "ici"]),
            ],
            merges: vec![Range { first_row: 3, first_column: 2, last_row: 3, last_column: 4 }],
            ..RawSheet::default()
        };

        let header = find(&sheet).unwrap();

        assert_eq!(header.lines, [3, 4]);
        let wanted = [
            ("Formation", "intitule"),
            ("Organisme", "organisme"),
            ("Modalités / Durée", "duree_texte"),
            ("Modalités / Lieu", "lieux"),
            ("Modalités / Coût", "tarif_texte"),
            ("Lien", "url"),
        ];
        assert_eq!(mapping(&header), wanted.map(|(words, key)| (words, key.to_owned())));
    }

    #[test]
    fn a_line_that_a_person_chose_is_the_header_whatever_it_says() {
        let sheet = RawSheet {
            rows: vec![
                row(1, &["Formation", "Organisme", "Lien"]),
                row(2, &["Ce que c'est", "Prix (HT)", "Où"]),
                row(3, &["Animer", "600", "Paris"]),
            ],
            ..RawSheet::default()
        };
        let columns = Columns::new(formations());
        let names = Names::of(&columns);
        let chosen = |line| Header::at_line(&sheet, line, &names, &columns);

        let (second, third) = (chosen(2).unwrap(), chosen(3).unwrap());

        assert_eq!(find(&sheet).unwrap().lines, [1]);
        assert_eq!((second.lines.as_slice(), second.at("lieux")), ([2].as_slice(), Some(2)));
        assert!(third.columns.iter().all(|cell| cell.target.is_none()));
        assert_eq!(chosen(9), None);
    }

    #[test]
    fn either_line_of_a_header_stands_for_both() {
        let sheet = RawSheet {
            rows: vec![
                row(3, &["Formation", "Organisme", "Modalités", "", "Lien"]),
                row(4, &["", "", "Durée", "Coût", ""]),
            ],
            ..RawSheet::default()
        };
        let columns = Columns::new(formations());
        let names = Names::of(&columns);

        for line in [3, 4] {
            assert_eq!(Header::at_line(&sheet, line, &names, &columns).unwrap().lines, [3, 4]);
        }
    }

    #[test]
    fn a_header_is_known_again_by_its_words_and_their_places() {
        let of = |cells: &[&str]| {
            let sheet = RawSheet { rows: vec![row(1, cells)], ..RawSheet::default() };
            fingerprint(&find(&sheet).unwrap())
        };

        let known = of(&["Intitulé", "Durée", "Lien"]);

        assert_eq!(of(&["INTITULE ", "durée", "Lien"]), known);
        assert_ne!(of(&["Intitulé", "Lien", "Durée"]), known);
        assert_ne!(of(&["Intitulé", "", "Durée", "Lien"]), known);
    }

    #[test]
    fn the_first_offer_is_never_taken_for_a_second_line() {
        let sheet = RawSheet {
            rows: vec![
                row(1, &["Titre", "Structure", "Type", "Format"]),
                row(2, &["Formation", "Prestataire X", "MOOC", "distanciel"]),
            ],
            ..RawSheet::default()
        };

        assert_eq!(find(&sheet).unwrap().lines, [1]);
    }

    #[test]
    fn a_remark_that_happens_to_name_columns_is_no_second_line() {
        let remark = ["", "", "Lieu", "Durée", "à revoir", "avec toutes", "les équipes"];
        let sheet = RawSheet {
            rows: vec![row(1, &["Titre", "Structure", "A", "B", "C", "D", "E"]), row(2, &remark)],
            ..RawSheet::default()
        };

        assert_eq!(find(&sheet).unwrap().lines, [1]);
    }

    #[test]
    fn a_sheet_of_lists_has_no_header_of_offers() {
        let sheet = RawSheet {
            rows: vec![row(1, &["Type", "Thème", "Public"]), row(2, &["MOOC", "eau", "élus"])],
            ..RawSheet::default()
        };

        assert_eq!(find(&sheet), None);
    }

    #[test]
    fn of_two_headers_for_one_title_only_the_surer_is_kept() {
        let sheet = RawSheet {
            rows: vec![row(1, &["Formation", "Intitulé", "Structure"])],
            ..RawSheet::default()
        };

        let header = find(&sheet).unwrap();

        assert_eq!(header.at("intitule"), Some(1));
        assert_eq!(header.over(0).unwrap().target, None);
    }
}
