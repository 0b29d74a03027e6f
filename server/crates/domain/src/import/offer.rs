//! One row of a file as values: what each cell says, and what of it could not be taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grid::{RawCell, column_letters};
use super::header::Header;
use super::names::{Target, said_key};
use super::rows::{OfferRow, words_of_cell};
use crate::offer::words::vocabulary;
use crate::reading::{self, Reading, Vocabulary, Why, contact, link, text};
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
    header: &'a Header,
    columns: &'a Columns,
    vocabularies: &'a BTreeMap<String, Vocabulary>,
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

impl<'a> OfferReader<'a> {
    /// A reader for the rows under a header.
    pub fn new(
        sheet: &'a str,
        header: &'a Header,
        columns: &'a Columns,
        vocabularies: &'a BTreeMap<String, Vocabulary>,
    ) -> Self {
        Self { sheet, header, columns, vocabularies }
    }

    /// Reads one row.
    pub fn read(&self, row: &OfferRow) -> ReadOffer {
        let mut offer = ReadOffer::default();
        let mut groups: BTreeMap<Target, Vec<&RawCell>> = BTreeMap::new();
        for (at, cell) in &row.cells {
            let header = self.header.over(*at);
            let why = match header.map(|header| &header.target) {
                Some(Some(target)) => {
                    groups.entry(target.clone()).or_default().push(cell);
                    continue;
                }
                Some(None) => Why::UnknownColumn,
                None => Why::OutsideHeader,
            };
            self.complain(&mut offer, row, *at, &words_of_cell(cell), why);
        }
        for (target, mut cells) in groups {
            let surer =
                |cell: &&RawCell| self.header.over(cell.column).map_or(0.0, |it| it.confidence);
            cells.sort_by(|a, b| surer(b).total_cmp(&surer(a)).then(a.column.cmp(&b.column)));
            self.read_place(&mut offer, row, &target, &cells);
        }
        self.take_links_behind_texts(&mut offer, row);
        self.take_section(&mut offer, row);
        self.say_what_is_particular(&mut offer, row);
        offer
    }

    fn read_place(
        &self,
        offer: &mut ReadOffer,
        row: &OfferRow,
        target: &Target,
        cells: &[&RawCell],
    ) {
        let words: Vec<String> = cells.iter().map(|cell| words_of_cell(cell)).collect();
        offer.words.insert(target.key(), words.join("\n"));
        let (Some(column), Some(first)) =
            (self.columns.get(target.column().as_str()), cells.first())
        else {
            return;
        };
        if let Target::Said(_) = target {
            let said = text::several_lines(&first.shown);
            if !said.is_empty() {
                offer.values.insert(target.key(), Plain::Text(said));
            }
            return;
        }
        for cell in cells.iter().filter(|cell| cell.error.is_some()) {
            self.complain(offer, row, cell.column, &words_of_cell(cell), Why::ErrorCell);
        }
        let good: Vec<&RawCell> =
            cells.iter().copied().filter(|cell| cell.error.is_none()).collect();
        let Some(first) = good.first() else { return };
        match column.kind {
            Kind::Url => self.read_link(offer, row, column, first),
            Kind::Email => self.read_contact(offer, row, first),
            _ => {
                let shown: Vec<&str> = good.iter().map(|cell| cell.shown.as_str()).collect();
                let reading = self.read_cell(column, first, &shown.join("\n"));
                self.settle(offer, row, first.column, column, &reading);
            }
        }
    }

    /// A cell that holds a number or a date says more by it than by the text that its format makes.
    fn read_cell(&self, column: &Column, cell: &RawCell, shown: &str) -> Reading {
        let numeric = matches!(column.kind, Kind::Number | Kind::Duration);
        if let (true, Some(number), None) = (numeric, cell.number, &cell.date) {
            let plain = Reading::sure(number);
            let spelt = reading::number::number(shown).value == plain.value;
            return if spelt { plain } else { plain.keeping(&text::one_line(shown)) };
        }
        if let (Kind::Date, Some(date)) = (column.kind, &cell.date) {
            let day = date.split('T').next().unwrap_or(date);
            let reading = reading::date::date(day);
            return if reading.value.is_empty() {
                reading
            } else {
                reading.keeping(&text::one_line(shown))
            };
        }
        let nothing = Vocabulary::default();
        let vocabulary = self.vocabularies.get(column.id.as_str()).unwrap_or(&nothing);
        let reading = reading::cell(column, vocabulary, shown);
        let words_expected = column.kind.is_text() || column.kind == Kind::Places;
        if words_expected && cell.date.is_some() {
            return reading.doubting(Why::DateByAccident, &text::one_line(shown));
        }
        reading
    }

    /// Puts a reading where it belongs and passes its doubts on.
    fn settle(
        &self,
        offer: &mut ReadOffer,
        row: &OfferRow,
        at: u32,
        column: &Column,
        reading: &Reading,
    ) {
        if !reading.value.is_empty() {
            offer.values.insert(column.id.to_string(), reading.value.clone());
        }
        if !reading.words.is_empty() {
            let beside = text_column_beside(column.id.as_str());
            let beside = beside.filter(|beside| {
                // Where the file has that column too, its own cell keeps it.
                self.columns.get(beside).is_some_and(|it| !it.archived)
                    && self.header.at(beside).is_none()
            });
            let key = beside.map_or_else(|| said_key(column.id.as_str()), str::to_owned);
            offer.values.insert(key, Plain::Text(reading.words.clone()));
        }
        for doubt in &reading.doubts {
            self.complain(offer, row, at, &doubt.words, doubt.why);
        }
    }

    /// The address is behind the text or is the text; what people called it is said.
    fn read_link(&self, offer: &mut ReadOffer, row: &OfferRow, column: &Column, cell: &RawCell) {
        let shown = text::one_line(&cell.shown);
        let Some(behind) = &cell.link else {
            let reading = self.read_cell(column, cell, &shown);
            self.settle(offer, row, cell.column, column, &reading);
            return;
        };
        let mut reading = link::link(&text::one_line(behind));
        if reading.value.is_empty() {
            reading = reading.keeping("");
            let of_text = self.read_cell(column, cell, &shown);
            self.settle(offer, row, cell.column, column, &of_text);
        } else {
            // The address itself is all there: marks of campaigns are told, not kept.
            reading = reading.keeping("");
            let same = link::match_key(&shown) == link::match_key(behind)
                || link::link(&shown).value == reading.value;
            if !same && !shown.is_empty() {
                self.complain(offer, row, cell.column, &shown, Why::LinkText);
            }
        }
        self.settle(offer, row, cell.column, column, &reading);
    }

    /// One cell may hold both an address and a number; a number goes to its own column unless it has a header.
    fn read_contact(&self, offer: &mut ReadOffer, row: &OfferRow, cell: &RawCell) {
        let shown = text::one_line(&cell.shown);
        let behind = cell.link.as_deref().and_then(|link| link.strip_prefix("mailto:"));
        let behind = behind.and_then(|address| address.split('?').next()).unwrap_or_default();
        let words = if shown.contains(behind) { shown } else { format!("{shown} {behind}") };
        if words.trim().is_empty() || text::says_nothing(&words) {
            if !words.trim().is_empty() {
                self.complain(offer, row, cell.column, &words, Why::NothingSaid);
            }
            return;
        }
        let phone_here = self.header.at("contact_tel").is_none();
        let (email, phone) = if phone_here {
            contact::both(&words)
        } else {
            (contact::email(&words), Reading::nothing())
        };
        for (column, reading) in [("contact_courriel", email), ("contact_tel", phone)] {
            if let Some(column) = self.columns.get(column) {
                self.settle(offer, row, cell.column, column, &reading);
            }
        }
    }

    /// Titles are often links: the address behind one is the page, where no other is given.
    fn take_links_behind_texts(&self, offer: &mut ReadOffer, row: &OfferRow) {
        let mut titles_first: Vec<(&u32, &RawCell)> = row.cells.iter().collect();
        titles_first.sort_by_key(|(at, _)| self.header.at("intitule") != Some(**at));
        for (at, cell) in titles_first {
            let Some(behind) = &cell.link else { continue };
            let target = self.header.over(*at).and_then(|header| header.target.as_ref());
            let kind =
                target.and_then(|it| self.columns.get(it.column().as_str())).map(|it| it.kind);
            // Unknown columns have told their address already; these two have read it.
            if target.is_none() || matches!(kind, Some(Kind::Url | Kind::Email)) {
                continue;
            }
            let page = offer.values.get("url").and_then(Plain::as_text);
            let same = page.is_some_and(|page| link::match_key(page) == link::match_key(behind));
            let reading = link::link(&text::one_line(behind));
            let is_title = self.header.at("intitule") == Some(*at);
            match (page, self.columns.get("url")) {
                _ if same => {}
                (None, Some(url)) if is_title && !reading.value.is_empty() => {
                    self.settle(offer, row, *at, url, &reading.keeping(""));
                }
                _ => self.complain(offer, row, *at, behind, Why::LinkBehindText),
            }
        }
    }

    /// A row without a type has that of its section.
    fn take_section(&self, offer: &mut ReadOffer, row: &OfferRow) {
        let Some((option, words)) = &row.section else { return };
        let has_own = self.header.at("type").is_some_and(|at| {
            row.cells.get(&at).is_some_and(|cell| !text::says_nothing(&cell.shown))
        });
        let known = self.columns.get("type").is_some_and(|column| column.option(option).is_some());
        if known && !has_own {
            offer.values.insert("type".to_owned(), Plain::text(option.as_str()));
            offer.words.insert("type".to_owned(), words.clone());
        }
    }

    fn say_what_is_particular(&self, offer: &mut ReadOffer, row: &OfferRow) {
        for (at, words, had_value) in &row.repeated {
            let why = if *had_value { Why::SameAsAbove } else { Why::NothingAbove };
            self.complain(offer, row, *at, words, why);
        }
        if row.hidden {
            let title = offer
                .values
                .get("intitule")
                .and_then(Plain::as_text)
                .unwrap_or_default()
                .to_owned();
            let at = self.header.at("intitule").unwrap_or_default();
            self.complain(offer, row, at, &title, Why::HiddenRow);
        }
    }

    fn complain(&self, offer: &mut ReadOffer, row: &OfferRow, at: u32, words: &str, why: Why) {
        let letters = column_letters(at);
        let header = self.header.over(at).map(|header| header.words.clone());
        offer.complaints.push(Complaint {
            sheet: self.sheet.to_owned(),
            row: row.number,
            column: header.unwrap_or_else(|| letters.clone()),
            letters,
            words: words.to_owned(),
            why,
        });
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
