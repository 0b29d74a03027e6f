//! One row of a file as values: what each cell says, and what of it could not be taken.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::asides::{self, Around};
use super::cell;
use super::grid::{RawCell, column_letters};
use super::header::{Header, HeaderCell};
use super::names::{Target, said_key};
use super::rows::{OfferRow, words_of_cell};
use crate::offer::words::vocabulary;
use crate::reading::{self, Reading, Vocabulary, Why, contact, link, sign, text};
use crate::table::{Column, Columns, Kind, Plain};

/// One cell that could not be taken as it stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// The letters of its column.
    pub letters: String,
    /// The words of its header; its letters where it has none.
    pub column: String,
    /// The words in question.
    pub words: String,
    /// Why.
    pub why: Why,
}

/// What a file says of one offer, and what it said in so many words.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReadOffer {
    /// Values by key of the row: `intitule`, `themes`, `lieux~said`.
    pub values: BTreeMap<String, Plain>,
    /// The words of the file by key of the place where its header leads.
    pub words: BTreeMap<String, String>,
    /// What could not be taken.
    pub complaints: Vec<Complaint>,
}

/// Reads the rows of one sheet.
pub struct OfferReader<'a> {
    sheet: &'a str,
    header: BTreeMap<u32, &'a HeaderCell>,
    /// The surest place of each column in the sheet.
    at: BTreeMap<&'a str, u32>,
    columns: &'a Columns,
    vocabularies: &'a BTreeMap<String, Vocabulary>,
    nothing: Vocabulary,
    /// Readings of words that stood in a column before: many cells of a sheet say the same.
    known: RefCell<HashMap<u32, HashMap<String, Reading>>>,
}

/// The vocabularies of all columns that have options.
pub fn vocabularies(columns: &Columns) -> BTreeMap<String, Vocabulary> {
    let choices = columns.in_use().filter(|column| column.kind.has_options());
    choices.map(|column| (column.id.to_string(), vocabulary(column))).collect()
}

/// The column of own words that stands beside another one (`public_texte` beside `publics`).
pub fn text_column_beside(column: &str) -> Option<&'static str> {
    match column {
        "publics" => Some("public_texte"),
        "tarif_type" | "tarifs" => Some("tarif_texte"),
        "duree_heures" | "duree_jours" => Some("duree_texte"),
        _ => None,
    }
}

/// A row on its way.
struct Reader<'r> {
    row: &'r OfferRow,
    offer: ReadOffer,
    /// What cells said of other columns: the column, the value, where it stood and its words.
    asides: Vec<(String, Plain, u32, String)>,
}

impl<'a> OfferReader<'a> {
    /// A reader for the rows under a header.
    pub fn new(
        sheet: &'a str,
        header: &'a Header,
        columns: &'a Columns,
        vocabularies: &'a BTreeMap<String, Vocabulary>,
    ) -> Self {
        let mut at: BTreeMap<&str, u32> = BTreeMap::new();
        for cell in &header.columns {
            if let Some(Target::Cell(column)) = &cell.target {
                at.entry(column.as_str())
                    .or_insert_with(|| header.at(column.as_str()).unwrap_or(cell.at));
            }
        }
        let header = header.columns.iter().map(|cell| (cell.at, cell)).collect();
        Self {
            sheet,
            header,
            at,
            columns,
            vocabularies,
            nothing: Vocabulary::default(),
            known: RefCell::default(),
        }
    }

    /// Reads one row.
    pub fn read(&self, row: &OfferRow) -> ReadOffer {
        let mut reader = Reader { row, offer: ReadOffer::default(), asides: Vec::new() };
        let mut groups: BTreeMap<&Target, Vec<(f64, &RawCell)>> = BTreeMap::new();
        for (at, cell) in &row.cells {
            let why = match self.header.get(at) {
                Some(HeaderCell { target: Some(target), confidence, .. }) => {
                    groups.entry(target).or_default().push((*confidence, cell));
                    continue;
                }
                Some(_) => Why::UnknownColumn,
                None => Why::OutsideHeader,
            };
            self.complain(&mut reader, *at, &words_of_cell(cell), why);
        }
        for (target, mut cells) in groups {
            cells.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.column.cmp(&b.1.column)));
            let cells: Vec<&RawCell> = cells.into_iter().map(|(_, cell)| cell).collect();
            self.read_place(&mut reader, target, &cells);
        }
        self.take_links_behind_texts(&mut reader);
        self.take_section(&mut reader);
        self.take_asides(&mut reader);
        self.say_what_is_particular(&mut reader);
        reader.offer
    }

    fn read_place(&self, reader: &mut Reader<'_>, target: &Target, cells: &[&RawCell]) {
        let words: Vec<String> = cells.iter().map(|cell| words_of_cell(cell)).collect();
        reader.offer.words.insert(target.key(), words.join("\n"));
        let Some(column) = self.columns.get(target.column().as_str()) else {
            for cell in cells {
                self.complain(reader, cell.column, &words_of_cell(cell), Why::UnknownColumn);
            }
            return;
        };
        for cell in cells.iter().filter(|cell| cell.error.is_some()) {
            self.complain(reader, cell.column, &words_of_cell(cell), Why::ErrorCell);
        }
        for cell in cells {
            for link in &cell.more_links {
                self.complain(reader, cell.column, link, Why::SeveralLinks);
            }
        }
        let good = cells.iter().copied().filter(|cell| cell.error.is_none());
        match (target, column.kind) {
            (Target::Said(_), _) => {
                for cell in good {
                    keep(&mut reader.offer, &target.key(), &text::several_lines(&cell.shown));
                }
            }
            (_, Kind::Url) => good.for_each(|cell| self.read_link(reader, column, cell)),
            (_, Kind::Email) => good.for_each(|cell| self.read_contact(reader, cell)),
            _ => good.for_each(|cell| {
                let reading = self.read_cell(column, cell);
                self.settle(reader, cell, column, reading);
            }),
        }
    }

    /// What a cell says of its column, and of others. The same words say the same.
    fn read_cell(&self, column: &Column, cell: &RawCell) -> Reading {
        /// How many different words are kept of a column, and how long they may be.
        const KEPT: (usize, usize) = (4_096, 256);
        let only_words = cell.number.is_none() && cell.date.is_none();
        if !only_words || cell.shown.len() > KEPT.1 {
            return self.read_anew(column, cell);
        }
        let known =
            self.known.borrow().get(&cell.column).and_then(|it| it.get(&cell.shown).cloned());
        if let Some(known) = known {
            return known;
        }
        let reading = self.read_anew(column, cell);
        let mut known = self.known.borrow_mut();
        let known = known.entry(cell.column).or_default();
        if known.len() < KEPT.0 {
            known.insert(cell.shown.clone(), reading.clone());
        }
        reading
    }

    fn read_anew(&self, column: &Column, cell: &RawCell) -> Reading {
        let vocabulary = self.vocabularies.get(column.id.as_str()).unwrap_or(&self.nothing);
        let reading = cell::read(column, vocabulary, cell);
        let header = self.header.get(&cell.column).map_or("", |header| header.words.as_str());
        let number = cell.number.filter(|number| cell.date.is_none() && number.is_finite());
        let around =
            Around { columns: self.columns, vocabularies: self.vocabularies, header, number };
        asides::complete(around, column, &cell::shown(cell), reading)
    }

    /// Puts a reading where it belongs and passes its doubts on.
    fn settle(&self, reader: &mut Reader<'_>, cell: &RawCell, column: &Column, reading: Reading) {
        let at = cell.column;
        let key = column.id.to_string();
        let value = as_held(column, reading.value);
        let before = reader.offer.values.get(&key).cloned().unwrap_or_default();
        let both = together(column, &before, &value);
        let refused = both.is_none();
        if let Some(both) = both.filter(|both| !both.is_empty()) {
            reader.offer.values.insert(key.clone(), both);
        }
        let said = if refused { text::several_lines(&cell::shown(cell)) } else { reading.words };
        if !said.is_empty() {
            let beside = self.words_beside(&key);
            keep(&mut reader.offer, &beside, &said);
        }
        for doubt in &reading.doubts {
            self.complain(reader, at, &doubt.words, doubt.why);
        }
        if refused {
            self.complain(reader, at, &said, Why::OtherCellSays);
        }
        if reading.also.is_empty() {
            return;
        }
        let words = words_of_cell(cell);
        let asides = reading.also.into_iter();
        reader.asides.extend(asides.map(|(other, value)| (other, value, at, words.clone())));
    }

    /// Where the own words of a column stand; where the file has the column of own words too, its cell keeps it.
    fn words_beside(&self, column: &str) -> String {
        let beside = text_column_beside(column).filter(|beside| {
            self.columns.get(beside).is_some_and(|it| !it.archived) && !self.at.contains_key(beside)
        });
        beside.map_or_else(|| said_key(column), str::to_owned)
    }

    /// The address is behind the text or is the text; what people called it is said.
    fn read_link(&self, reader: &mut Reader<'_>, column: &Column, cell: &RawCell) {
        let shown = text::one_line(&cell.shown);
        let Some(behind) = &cell.link else {
            let reading = self.read_cell(column, cell);
            let bare = !reading.value.is_empty() && !shown.to_lowercase().contains("://");
            self.settle(reader, cell, column, reading);
            if bare {
                self.complain(reader, cell.column, &shown, Why::AddressRewritten);
            }
            return;
        };
        // The address itself is all there: marks of campaigns are told, not kept.
        let reading = link::link(&text::one_line(behind)).keeping("");
        if reading.value.is_empty() {
            let of_text = self.read_cell(column, cell);
            self.settle(reader, cell, column, of_text);
        } else {
            let same = link::match_key(&shown) == link::match_key(behind)
                || link::link(&shown).value == reading.value;
            if !same && !shown.is_empty() {
                self.complain(reader, cell.column, &shown, Why::LinkText);
            }
        }
        self.settle(reader, cell, column, reading);
    }

    /// One cell may hold both an address and a number; a number goes to its own column unless it has a header.
    fn read_contact(&self, reader: &mut Reader<'_>, cell: &RawCell) {
        let shown = text::one_line(&cell::shown(cell));
        let behind = cell.link.as_deref().and_then(|link| link.strip_prefix("mailto:"));
        let behind = behind.and_then(|address| address.split('?').next()).unwrap_or_default();
        let words = if shown.contains(behind) { shown } else { format!("{shown} {behind}") };
        if words.trim().is_empty() || sign::says_nothing(&words) {
            if !words.trim().is_empty() {
                self.complain(reader, cell.column, &words, Why::NothingSaid);
            }
            return;
        }
        let phone_here = !self.at.contains_key("contact_tel");
        let (email, phone) = if phone_here {
            contact::both(&words)
        } else {
            (contact::email(&words), Reading::nothing())
        };
        for (column, reading) in [("contact_courriel", email), ("contact_tel", phone)] {
            if let Some(column) = self.columns.get(column) {
                self.settle(reader, cell, column, reading);
            }
        }
    }

    /// Titles are often links: the address behind one is the page, where no other is given.
    fn take_links_behind_texts(&self, reader: &mut Reader<'_>) {
        let title = self.at.get("intitule").copied();
        let row = reader.row;
        let mut titles_first: Vec<(&u32, &RawCell)> =
            row.cells.iter().filter(|(_, cell)| cell.link.is_some()).collect();
        titles_first.sort_by_key(|(at, _)| title != Some(**at));
        for (at, cell) in titles_first {
            let Some(behind) = &cell.link else { continue };
            let target = self.header.get(at).and_then(|header| header.target.as_ref());
            let kind =
                target.and_then(|it| self.columns.get(it.column().as_str())).map(|it| it.kind);
            // Unknown columns have told their address already; these two have read it.
            if target.is_none() || matches!(kind, Some(Kind::Url | Kind::Email)) {
                continue;
            }
            let page = reader.offer.values.get("url").and_then(Plain::as_text);
            let same = page.is_some_and(|page| link::match_key(page) == link::match_key(behind));
            let reading = link::link(&text::one_line(behind));
            match (page, self.columns.get("url")) {
                _ if same => {}
                (None, Some(url)) if title == Some(*at) && !reading.value.is_empty() => {
                    self.settle(reader, cell, url, reading.keeping(""));
                }
                _ => self.complain(reader, *at, behind, Why::LinkBehindText),
            }
        }
    }

    /// A row without a type has that of its section.
    fn take_section(&self, reader: &mut Reader<'_>) {
        let Some((option, words)) = &reader.row.section else { return };
        let known = self.columns.get("type").is_some_and(|column| column.option(option).is_some());
        if known && !self.has_own(reader.row, "type") {
            reader.offer.values.insert("type".to_owned(), Plain::text(option.as_str()));
            reader.offer.words.insert("type".to_owned(), words.clone());
        }
    }

    /// Whether the row has a cell of its own that says something of a column.
    fn has_own(&self, row: &OfferRow, column: &str) -> bool {
        let cells = row.cells.iter().filter(|(at, _)| {
            let target = self.header.get(at).and_then(|header| header.target.as_ref());
            matches!(target, Some(Target::Cell(id)) if id.as_str() == column)
        });
        cells.into_iter().any(|(_, cell)| {
            cell.error.is_none() && !cell.is_empty() && !sign::says_nothing(&cell.shown)
        })
    }

    /// Fills the columns that have no cell of their own in this row from what other cells say of them. Where
    /// two cells disagree, that is a doubt: neither is overwritten.
    fn take_asides(&self, reader: &mut Reader<'_>) {
        let mut by_column: BTreeMap<String, Vec<(Plain, u32, String)>> = BTreeMap::new();
        for (column, value, at, words) in std::mem::take(&mut reader.asides) {
            by_column.entry(column).or_default().push((value, at, words));
        }
        for (id, told) in by_column {
            let Some(column) = self.columns.get(&id).filter(|it| !it.archived && !it.curated)
            else {
                continue;
            };
            let own = self.has_own(reader.row, &id);
            let mut value = reader.offer.values.get(&id).cloned().unwrap_or_default();
            let of_cell = !value.is_empty();
            let mut against = Vec::new();
            for (other, at, words) in &told {
                let other = as_held(column, other.clone());
                if own || of_cell {
                    if of_cell && !agree(&value, &other) {
                        against.push((*at, words.clone()));
                    }
                } else if value.is_empty() || column.kind == Kind::Choices {
                    value = together(column, &value, &other).unwrap_or_default();
                } else if !agree(&value, &other) {
                    against.push((*at, words.clone()));
                }
            }
            let disagree = !against.is_empty();
            for (at, words) in against {
                self.complain(reader, at, &words, Why::OtherCellSays);
            }
            if own || of_cell || disagree || value.is_empty() {
                continue;
            }
            reader.offer.values.insert(id.clone(), value);
            let words: Vec<String> = told.into_iter().map(|(_, _, words)| words).collect();
            reader.offer.words.entry(id).or_insert_with(|| words.join("\n"));
        }
    }

    fn say_what_is_particular(&self, reader: &mut Reader<'_>) {
        let row = reader.row;
        for (at, words, had_value) in &row.repeated {
            let why = if *had_value { Why::SameAsAbove } else { Why::NothingAbove };
            self.complain(reader, *at, words, why);
        }
        if row.hidden {
            let title = reader.offer.values.get("intitule").and_then(Plain::as_text);
            let title = title.unwrap_or_default().to_owned();
            let at = self.at.get("intitule").copied().unwrap_or_default();
            self.complain(reader, at, &title, Why::HiddenRow);
        }
    }

    fn complain(&self, reader: &mut Reader<'_>, at: u32, words: &str, why: Why) {
        let letters = column_letters(at);
        let header = self.header.get(&at).map(|header| header.words.clone());
        reader.offer.complaints.push(Complaint {
            sheet: self.sheet.to_owned(),
            row: reader.row.number,
            column: header.unwrap_or_else(|| letters.clone()),
            letters,
            words: words.to_owned(),
            why,
        });
    }
}

/// A value as a row holds it: lists by item.
fn as_held(column: &Column, value: Plain) -> Plain {
    if column.kind.is_list() { reading::items(&value) } else { value }
}

/// Two cells of one column together; none where only one of two values can stand.
fn together(column: &Column, before: &Plain, value: &Plain) -> Option<Plain> {
    match (column.kind, before, value) {
        (_, _, value) if value.is_empty() => Some(before.clone()),
        (_, before, _) if before.is_empty() || before == value => Some(value.clone()),
        (Kind::Choices, Plain::Map(before), Plain::Map(value)) => {
            Some(Plain::Map(before.clone().into_iter().chain(value.clone()).collect()))
        }
        (_, Plain::Map(before), Plain::Map(value)) => {
            let all = before.values().chain(value.values()).cloned().collect();
            Some(reading::items(&Plain::List(all)))
        }
        (Kind::LongText, Plain::Text(before), Plain::Text(value)) => {
            Some(format!("{before}\n{value}").into())
        }
        (Kind::Text, Plain::Text(before), Plain::Text(value)) => {
            Some(format!("{before} ; {value}").into())
        }
        _ => None,
    }
}

/// Whether what one cell says of a column is in what stands there: the same, or some of its options and items.
fn agree(value: &Plain, told: &Plain) -> bool {
    match (value, told) {
        (Plain::Map(value), Plain::Map(told)) => told.iter().all(|(id, item)| match item {
            Plain::Bool(_) => value.contains_key(id),
            _ => value.values().any(|known| known == item || begins_alike(known, item)),
        }),
        (Plain::Text(value), Plain::Text(told)) => value == told || says_less(told, value),
        _ => value == told,
    }
}

/// Whether an option is another one, said less precisely: `distanciel` of `distanciel_synchrone`.
fn says_less(option: &str, other: &str) -> bool {
    other.strip_prefix(option).is_some_and(|rest| rest.starts_with('_'))
}

/// Two sessions that begin on one day are one.
fn begins_alike(one: &Plain, other: &Plain) -> bool {
    let begin = |item: &Plain| item.as_map().and_then(|item| item.get("debut").cloned());
    begin(one).is_some() && begin(one) == begin(other)
}

/// Keeps own words under a key, behind those that stand there.
fn keep(offer: &mut ReadOffer, key: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    let kept = offer.values.get(key).and_then(Plain::as_text).unwrap_or_default();
    if kept.is_empty() {
        offer.values.insert(key.to_owned(), words.into());
    } else if !kept.split('\n').any(|line| line == words) && kept != words {
        offer.values.insert(key.to_owned(), format!("{kept}\n{words}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::{RawRow, RawSheet};
    use super::super::names::Names;
    use super::super::rows::sort;
    use super::*;
    use crate::table::defaults::formations;

    const HEADERS: [&str; 12] = [
        "Intitulé",
        "Organisme",
        "Type",
        "Public",
        "Thèmes",
        "Format",
        "Durée",
        "Lieu",
        "Lien",
        "Contact",
        "Effectif max",
        "Remarques",
    ];

    fn read(cells: Vec<(&str, RawCell)>) -> ReadOffer {
        let columns = Columns::new(formations());
        let at =
            |name: &str| u32::try_from(HEADERS.iter().position(|it| *it == name).unwrap()).unwrap();
        let header = HEADERS.iter().enumerate();
        let header =
            header.map(|(at, name)| RawCell::text(u32::try_from(at).unwrap(), *name)).collect();
        let mut cells: Vec<RawCell> =
            cells.into_iter().map(|(name, cell)| RawCell { column: at(name), ..cell }).collect();
        cells.push(RawCell::text(1, "Lisode"));
        let rows = vec![
            RawRow { number: 1, hidden: false, cells: header },
            RawRow { number: 2, hidden: false, cells },
        ];
        let sheet = RawSheet { name: "S".into(), rows, ..RawSheet::default() };
        let header = Header::find(&sheet, &Names::of(&columns), &columns).unwrap();
        let vocabularies = vocabularies(&columns);
        let sorted = sort(&sheet, &header, &vocabularies["type"]);
        OfferReader::new("S", &header, &columns, &vocabularies).read(&sorted.offers[0])
    }

    fn words(text: &str) -> RawCell {
        RawCell::text(0, text)
    }

    fn linked(text: &str, link: &str) -> RawCell {
        RawCell { link: Some(link.to_owned()), ..words(text) }
    }

    fn said(offer: &ReadOffer) -> Vec<(Why, &str)> {
        offer.complaints.iter().map(|it| (it.why, it.words.as_str())).collect()
    }

    #[test]
    fn the_address_behind_a_text_is_the_page() {
        let offer = read(vec![("Lien", linked("ici", "https://lisode.com/a?utm_source=x"))]);

        assert_eq!(offer.values["url"], "https://lisode.com/a".into());
        assert_eq!(said(&offer), [(Why::LinkText, "ici"), (Why::TrackingDropped, "utm_source=x")]);
    }

    #[test]
    fn a_title_that_is_a_link_gives_the_page_where_no_other_is_given() {
        let alone = read(vec![("Intitulé", linked("Animer", "https://lisode.com/a"))]);
        let with_page = read(vec![
            ("Intitulé", linked("Animer", "https://autre.fr")),
            ("Lien", words("https://lisode.com/a")),
        ]);

        assert_eq!(alone.values["url"], "https://lisode.com/a".into());
        assert!(alone.complaints.is_empty());
        assert_eq!(with_page.values["url"], "https://lisode.com/a".into());
        assert_eq!(said(&with_page), [(Why::LinkBehindText, "https://autre.fr")]);
    }

    #[test]
    fn durations_and_places_stay_the_words_they_are() {
        let offer = read(vec![
            ("Durée", words("2.5 jours (18.5 heures)")),
            ("Lieu", words("Roubaix ; Maubeuge")),
            ("Public", words("Élus ; usagers")),
        ]);

        assert_eq!(offer.values["duree_texte"], "2.5 jours (18.5 heures)".into());
        assert_eq!(offer.values["lieux~said"], "Roubaix ; Maubeuge".into());
        assert_eq!(offer.values["public_texte"], "Élus ; usagers".into());
        assert_eq!(said(&offer), [(Why::UnknownWords, "usagers")]);
    }

    #[test]
    fn a_column_that_nobody_knows_is_told_cell_by_cell() {
        let offer = read(vec![("Remarques", words("à relancer"))]);

        assert_eq!(said(&offer), [(Why::UnknownColumn, "à relancer")]);
        assert_eq!(offer.complaints[0].column, "Remarques");
        assert_eq!(offer.complaints[0].letters, "L");
    }

    #[test]
    fn an_error_is_told_and_leaves_the_cell_empty() {
        let error = RawCell { error: Some("#N/A".into()), ..words("#N/A") };

        let offer = read(vec![("Durée", error)]);

        assert_eq!(said(&offer), [(Why::ErrorCell, "#N/A")]);
        assert!(!offer.values.contains_key("duree_texte"));
    }

    #[test]
    fn a_date_that_a_spreadsheet_made_of_words_is_kept_and_doubted() {
        let date = RawCell {
            number: Some(45_353.0),
            date: Some("2024-03-02".into()),
            ..words("02/03/2024")
        };

        let offer = read(vec![("Durée", date)]);

        assert_eq!(offer.values["duree_texte"], "02/03/2024".into());
        assert_eq!(said(&offer), [(Why::DateByAccident, "02/03/2024")]);
    }

    #[test]
    fn a_contact_gives_its_address_and_number_and_no_name() {
        let offer = read(vec![("Contact", words("formation@x.org ou 01 23 45 67 89 (Marie D.)"))]);

        assert_eq!(offer.values["contact_courriel"], "formation@x.org".into());
        assert_eq!(offer.values["contact_tel"], "+33123456789".into());
        assert!(
            !offer
                .values
                .values()
                .any(|value| value.as_text().is_some_and(|it| it.contains("Marie")))
        );
        assert!(said(&offer).iter().any(|(_, words)| words.contains("Marie")));
    }

    #[test]
    fn a_number_says_more_than_its_format() {
        let number = RawCell { number: Some(18.0), ..words("18 pers.") };

        let offer = read(vec![("Effectif max", number)]);

        assert_eq!(offer.values["effectif_max"], 18.0.into());
        assert!(!offer.values.contains_key("effectif_max~said"));
    }
}
