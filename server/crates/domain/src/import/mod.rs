//! From a workbook to a plan: what an import would do, before anything is done.
//!
//! Every word of every cell ends up somewhere: in a row (a value or the contributor's own words), in the
//! mapping (headers), among the rows that are no offers, or among the complaints. To teach it a habit of
//! French offices: [`names`] for headers, [`rows`] for what is not an offer, `reading` for what cells say.

pub mod grid;
pub mod header;
pub mod matching;
pub mod names;
pub mod offer;
pub mod plan;
pub mod rows;

pub use grid::{FileKind, RawBook, RawCell, RawNote, RawRow, RawSheet, ReadAs};
pub use matching::{CellChange, Memory, Remembered};
pub use offer::Complaint;
pub use plan::{AddedRow, Conflict, ImportPlan, MatchedRow, SheetPlan, Source};
pub use rows::{NotOffer, WhyNot};

use std::collections::BTreeMap;

use self::header::Header;
use self::matching::{Match, Ordinals, difference, match_all, match_key};
use self::names::Names;
use self::offer::{OfferReader, ReadOffer, vocabularies};
use crate::offer::Status;
use crate::offer::completeness::{missing_in, status_of_an_import};
use crate::reading::{Vocabulary, Why, text};
use crate::table::{Plain, TableValues};

/// What is asked: what would this workbook do to this table?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The workbook.
    pub book: &'a RawBook,
    /// The table as it stands, with its columns.
    pub existing: &'a TableValues,
    /// What earlier imports brought.
    pub remembered: &'a [Remembered],
    /// Whether it is the first import, which publishes what may be published.
    pub first_import: bool,
}

/// An offer of the file on its way into the plan.
struct FileOffer {
    sheet: String,
    row: u32,
    key: String,
    read: ReadOffer,
}

/// Answers the question. Pure: the same file and table give the same plan.
pub fn plan(question: Question<'_>) -> ImportPlan {
    let columns = &question.existing.columns;
    let names = Names::of(columns);
    let vocabularies = vocabularies(columns);
    let mut plan = ImportPlan::default();
    let mut offers = Vec::new();
    for sheet in &question.book.sheets {
        match Header::find(sheet, &names, columns) {
            Some(header) => {
                let reader = OfferReader::new(&sheet.name, &header, columns, &vocabularies);
                read_sheet(
                    &mut plan,
                    &mut offers,
                    sheet,
                    &header,
                    &reader,
                    vocabularies.get("type"),
                );
            }
            None => plan.not_offers.extend(rows::of_other_sheet(sheet)),
        }
        plan.complaints.extend(notes(sheet));
    }
    give_keys(&mut plan, &mut offers);
    settle(&mut plan, offers, question);
    plan
}

fn read_sheet(
    plan: &mut ImportPlan,
    offers: &mut Vec<FileOffer>,
    sheet: &RawSheet,
    header: &Header,
    reader: &OfferReader<'_>,
    types: Option<&Vocabulary>,
) {
    let nothing = Vocabulary::default();
    let sorted = rows::sort(sheet, header, types.unwrap_or(&nothing));
    let above = |other: &NotOffer| !header.lines.contains(&other.row);
    plan.not_offers.extend(sorted.others.into_iter().filter(above));
    plan.complaints.extend(hidden_columns(sheet, header));
    plan.sheets.push(SheetPlan {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        header: header.clone(),
        offers: sorted.offers.len(),
    });
    for row in &sorted.offers {
        let read = reader.read(row);
        offers.push(FileOffer {
            sheet: sheet.name.clone(),
            row: row.number,
            key: String::new(),
            read,
        });
    }
}

/// Notes may hold anything about anybody: they are told to the pilots and never taken.
fn notes(sheet: &RawSheet) -> impl Iterator<Item = Complaint> + '_ {
    sheet.notes.iter().map(|note| {
        let letters = grid::column_letters(note.column);
        Complaint {
            sheet: sheet.name.clone(),
            row: note.row,
            column: letters.clone(),
            letters,
            words: text::several_lines(&note.text),
            why: Why::NoteNotTaken,
        }
    })
}

fn hidden_columns<'a>(
    sheet: &'a RawSheet,
    header: &'a Header,
) -> impl Iterator<Item = Complaint> + 'a {
    let hidden = header.columns.iter().filter(|cell| sheet.hidden_columns.contains(&cell.at));
    hidden.map(|cell| Complaint {
        sheet: sheet.name.clone(),
        row: header.last_line(),
        letters: grid::column_letters(cell.at),
        column: cell.words.clone(),
        words: cell.words.clone(),
        why: Why::HiddenColumn,
    })
}

/// Gives each offer its key; a second copy in the file is taken too, and said.
fn give_keys(plan: &mut ImportPlan, offers: &mut [FileOffer]) {
    let mut ordinals = Ordinals::default();
    for offer in offers {
        let (key, again) = ordinals.next(match_key(&offer.read.values));
        offer.key = key;
        if again {
            plan.complaints.push(Complaint {
                sheet: offer.sheet.clone(),
                row: offer.row,
                letters: String::new(),
                column: String::new(),
                words: text_of(&offer.read.values, "intitule").to_owned(),
                why: Why::TwiceInFile,
            });
        }
    }
}

/// Compares the offers with the table and puts each into its list.
fn settle(plan: &mut ImportPlan, offers: Vec<FileOffer>, question: Question<'_>) {
    let keys: Vec<String> = offers.iter().map(|offer| offer.key.clone()).collect();
    let read: Vec<&ReadOffer> = offers.iter().map(|offer| &offer.read).collect();
    let found = match_all(&keys, &read, question.existing, question.remembered);
    for (mut offer, found) in offers.into_iter().zip(found) {
        plan.complaints.append(&mut offer.read.complaints);
        match found {
            Some(found) => settle_known(plan, &offer, found, question),
            None => settle_new(plan, offer, question.first_import),
        }
    }
}

fn settle_known(
    plan: &mut ImportPlan,
    offer: &FileOffer,
    found: Match<'_>,
    question: Question<'_>,
) {
    let difference = difference(&offer.read, found, &question.existing.columns);
    let state = text_of(&offer.read.values, Status::COLUMN);
    if !state.is_empty() && state != found.row.text(Status::COLUMN) {
        plan.complaints.push(state_not_taken(&offer.sheet, offer.row, state));
    }
    let conflicts = difference.conflicts.into_iter().map(|cell| Conflict {
        sheet: offer.sheet.clone(),
        file_row: offer.row,
        row: found.row.id.clone(),
        cell,
    });
    plan.conflicts.extend(conflicts);
    let matched =
        MatchedRow { source: offer.source(), row: found.row.id.clone(), cells: difference.changes };
    if matched.cells.is_empty() { plan.same.push(matched) } else { plan.changed.push(matched) }
}

fn settle_new(plan: &mut ImportPlan, offer: FileOffer, first_import: bool) {
    let source = offer.source();
    let FileOffer { sheet, row, read, .. } = offer;
    let state_not_taken = |words: &str| state_not_taken(&sheet, row, words);
    let mut values = read.values;
    let missing = missing_in(|column| values.get(column).unwrap_or(&Plain::Null));
    let in_file: Option<Status> = text_of(&values, Status::COLUMN).parse().ok();
    let status = status_of_an_import(&missing, first_import, in_file);
    let said = values.remove(&names::said_key(Status::COLUMN));
    let said = said.as_ref().and_then(Plain::as_text);
    let asked = in_file.filter(|asked| *asked != status).map(Status::as_str);
    plan.complaints.extend(said.or(asked).map(state_not_taken));
    values.insert(Status::COLUMN.to_owned(), status.into());
    let values = values.into_iter().collect();
    plan.added.push(AddedRow { source, values, status, missing });
}

fn state_not_taken(sheet: &str, row: u32, words: &str) -> Complaint {
    Complaint {
        sheet: sheet.to_owned(),
        row,
        letters: String::new(),
        column: Status::COLUMN.to_owned(),
        words: words.to_owned(),
        why: Why::StateOfTheFile,
    }
}

impl FileOffer {
    fn source(&self) -> Source {
        Source {
            sheet: self.sheet.clone(),
            row: self.row,
            match_key: self.key.clone(),
            memory: Memory::of(&self.read),
        }
    }
}

fn text_of<'a>(values: &'a BTreeMap<String, Plain>, key: &str) -> &'a str {
    values.get(key).and_then(Plain::as_text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::ids::{ColumnId, RowId};
    use crate::table::defaults::formations;
    use crate::table::{Columns, Row};
    use crate::text::fold;

    fn book(rows: &[&[&str]]) -> RawBook {
        let rows = rows.iter().enumerate().map(|(at, cells)| {
            let cells = cells.iter().enumerate().filter(|(_, words)| !words.is_empty());
            let cells = cells.map(|(at, words)| RawCell::text(u32::try_from(at).unwrap(), *words));
            RawRow { number: u32::try_from(at + 1).unwrap(), hidden: false, cells: cells.collect() }
        });
        let sheet =
            RawSheet { name: "Feuille".into(), rows: rows.collect(), ..RawSheet::default() };
        RawBook { sheets: vec![sheet], ..RawBook::default() }
    }

    const HEADER: &[&str] =
        &["Intitulé", "Organisme", "Type", "Thèmes", "Durée", "Lien", "Suivi par"];

    fn empty_table() -> TableValues {
        TableValues { columns: Columns::new(formations()), rows: vec![] }
    }

    fn first_plan(book: &RawBook) -> ImportPlan {
        let existing = empty_table();
        plan(Question { book, existing: &existing, remembered: &[], first_import: true })
    }

    /// What the table and the memory are once a plan was applied.
    fn applied(plan: &ImportPlan, table: &mut TableValues) -> Vec<Remembered> {
        let from = table.rows.len();
        let ids: Vec<RowId> = (0..plan.added.len())
            .map(|at| RowId::new(&format!("r{}", from + at)).unwrap())
            .collect();
        for (added, id) in plan.added.iter().zip(&ids) {
            let mut row = Row {
                id: id.clone(),
                cells: BTreeMap::new(),
                said: BTreeMap::new(),
                order: String::new(),
                deleted: false,
            };
            for (key, value) in &added.values {
                match key.strip_suffix("~said") {
                    Some(column) => {
                        let said = value.as_text().unwrap().to_owned();
                        row.said.insert(ColumnId::new(column).unwrap(), said);
                    }
                    None => {
                        row.cells.insert(ColumnId::new(key).unwrap(), value.clone());
                    }
                }
            }
            table.rows.push(row);
        }
        plan.to_remember(&ids)
    }

    fn everything_told(plan: &ImportPlan) -> BTreeSet<String> {
        let mut told = String::new();
        let mut tell = |words: &str| {
            told.push(' ');
            told.push_str(&fold(words));
        };
        for sheet in &plan.sheets {
            sheet.header.columns.iter().for_each(|cell| tell(&cell.words));
        }
        for row in &plan.added {
            for (key, value) in &row.values {
                match value {
                    Plain::Text(text) => tell(text),
                    Plain::Map(options) => options.keys().for_each(|option| tell(option)),
                    _ => {}
                }
                // An option says its label.
                let columns = formations();
                let column = columns.iter().find(|column| column.id.as_str() == key);
                for option in column.into_iter().flat_map(|column| &column.options) {
                    tell(&option.label.fr);
                }
            }
        }
        plan.not_offers.iter().for_each(|row| tell(&row.words));
        plan.complaints.iter().for_each(|complaint| tell(&complaint.words));
        told.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
    }

    #[test]
    fn the_first_import_publishes_what_is_complete_and_marks_the_rest() {
        let plan = first_plan(&book(&[
            HEADER,
            &["Animer", "Lisode", "formation courte", "eau", "2 jours", "https://lisode.com"],
            &["Évaluer", "", "MOOC", "", "", "https://x.fr"],
            &["Débattre", "Lisode", "on ne sait", "", "", "https://y.fr"],
        ]));

        let states: Vec<_> =
            plan.added.iter().map(|row| (row.status, row.missing.clone())).collect();
        let wanted = [
            (Status::Published, vec![]),
            (Status::ToCheck, vec![crate::offer::Missing::Provider]),
            (Status::ToCheck, vec![crate::offer::Missing::Type]),
        ];
        assert_eq!(states, wanted);
        assert!(plan.added.iter().all(|row| row.values.iter().any(|(key, _)| key == "etat")));
    }

    #[test]
    fn a_later_import_leaves_publishing_to_the_pilots() {
        let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "", "", "https://lisode.com"]]);
        let existing = empty_table();
        let question =
            Question { book: &book, existing: &existing, remembered: &[], first_import: false };

        assert_eq!(plan(question).added[0].status, Status::ToCheck);
    }

    #[test]
    fn the_same_file_again_changes_nothing_even_after_people_worked() {
        let book = book(&[
            HEADER,
            &[
                "Animer",
                "Lisode",
                "formation courte (intra)",
                "eau ; autre chose",
                "2 jours",
                "https://a.fr",
            ],
            &["Animer", "Lisode", "MOOC", "", "", "https://a.fr"],
            &["Évaluer"],
        ]);
        let mut table = empty_table();
        let remembered = applied(&first_plan(&book), &mut table);
        table.rows[0].cells.insert(ColumnId::new("intitule").unwrap(), "Tout changé".into());
        table.rows[1].deleted = true;

        let again = plan(Question {
            book: &book,
            existing: &table,
            remembered: &remembered,
            first_import: false,
        });

        assert!(again.changes_nothing());
        assert_eq!((again.same.len(), again.conflicts.len()), (3, 0));
    }

    #[test]
    fn a_file_that_changed_changes_only_what_nobody_touched() {
        let before =
            book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "2 jours", "https://a.fr"]]);
        let after =
            book(&[HEADER, &["Animer", "Lisode", "atelier", "eau", "3 jours", "https://a.fr"]]);
        let mut table = empty_table();
        let remembered = applied(&first_plan(&before), &mut table);
        table.rows[0].cells.insert(ColumnId::new("type").unwrap(), "autre".into());

        let plan = plan(Question {
            book: &after,
            existing: &table,
            remembered: &remembered,
            first_import: false,
        });

        let changed: Vec<_> = plan.changed[0].cells.iter().map(|cell| cell.key.as_str()).collect();
        assert!(changed.contains(&"duree_texte"));
        assert_eq!(plan.conflicts.len(), 1);
        assert_eq!(plan.conflicts[0].cell.key, "type");
    }

    #[test]
    fn a_state_written_in_a_file_holds_a_new_row_back_and_moves_no_known_one() {
        let header: &[&str] = &["Intitulé", "Organisme", "Type", "Lien", "Statut"];
        let row = |state| ["Animer", "Lisode", "MOOC", "https://a.fr", state];
        let (before, after) = (book(&[header, &row("archivé")]), book(&[header, &row("publiée")]));
        let mut table = empty_table();
        let first = first_plan(&before);
        let remembered = applied(&first, &mut table);

        let again = plan(Question {
            book: &after,
            existing: &table,
            remembered: &remembered,
            first_import: false,
        });

        assert_eq!(first.added[0].status, Status::Archived);
        assert_eq!(first.complaints[0].words, "archivé");
        assert!(again.changes_nothing());
        assert_eq!(again.complaints[0].why, Why::StateOfTheFile);
    }

    #[test]
    fn an_offer_that_people_had_added_is_not_added_twice() {
        let book = book(&[HEADER, &["Animer", "LISODE", "", "", "", "http://www.a.fr/"]]);
        let mut table = empty_table();
        let cells = [("intitule", "animer"), ("organisme", "Lisode"), ("url", "https://a.fr")];
        let cells = cells.map(|(key, text)| (ColumnId::new(key).unwrap(), Plain::from(text)));
        table.rows.push(Row {
            id: RowId::new("a").unwrap(),
            cells: cells.into(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        });

        let plan =
            plan(Question { book: &book, existing: &table, remembered: &[], first_import: false });

        assert_eq!(plan.added.len(), 0);
    }

    #[test]
    fn a_second_copy_is_taken_and_said() {
        let row: &[&str] = &["Animer", "Lisode", "MOOC", "", "", "https://a.fr"];
        let again: &[&str] = &["ANIMER ", "Lisode", "MOOC", "", "", "https://a.fr/"];

        let plan = first_plan(&book(&[HEADER, row, again]));

        assert_eq!(plan.added.len(), 2);
        assert!(plan.complaints.iter().any(|it| it.why == Why::TwiceInFile && it.row == 3));
    }

    #[test]
    fn notes_and_sheets_of_lists_are_told_and_not_taken() {
        let mut book = book(&[HEADER, &["Animer", "Lisode"]]);
        book.sheets[0].notes =
            vec![RawNote { row: 2, column: 0, text: "vérifié par tel".into() }];
        let list = RawRow { number: 1, hidden: false, cells: vec![RawCell::text(0, "MOOC")] };
        book.sheets.push(RawSheet {
            name: "Listes".into(),
            rows: vec![list],
            ..RawSheet::default()
        });

        let plan = first_plan(&book);

        assert_eq!(plan.complaints[0].words, "vérifié par tel");
        assert_eq!(plan.not_offers[0].why, WhyNot::OtherSheet);
        assert_eq!(plan.sheets.len(), 1);
    }

    #[test]
    fn the_plan_is_printed_as_the_contract_says() {
        let plan = first_plan(&book(&[HEADER, &["Animer", "Lisode", "", "", "", "", "x"]]));

        let json = plan.to_json(None);

        assert_eq!(json["sheet"], "Feuille");
        assert_eq!(json["header_line"], 1);
        assert_eq!(json["mapping"][0]["header"], "Intitulé");
        assert_eq!(json["mapping"][0]["column"], "intitule");
        assert_eq!(json["mapping"][6]["column"], Value::Null);
        assert_eq!(
            (&json["added"], &json["changed"], &json["same"]),
            (&1.into(), &0.into(), &0.into())
        );
        for key in ["sheet", "row", "column", "words", "reason"] {
            assert!(!json["complaints"][0][key].is_null(), "{key}");
        }
        assert!(
            json["batch"].is_null()
                && json["conflicts"].is_array()
                && json["not_offers"].is_array()
        );
    }

    use serde_json::Value;

    #[test]
    fn a_workbook_without_any_header_adds_nothing_and_tells_every_row() {
        let plan = first_plan(&book(&[&["bonjour"], &["à", "tous"]]));

        assert_eq!((plan.added.len(), plan.not_offers.len()), (0, 2));
    }

    fn cell_words() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[a-zé]{1,6}",
            1 => "[a-zA-Zé0-9@:/.,;()+ \n-]{0,30}",
            1 => Just("idem".to_owned()),
            1 => Just(String::new()),
            1 => prop::sample::select(vec![
                "élus ; agents", "présentiel", "https://a.fr/b?utm_source=c", "FORMATIONS COURTES", "Total : 4",
                "formation courte (intra)", "DurĂ©e", "à vérifier", "formation@x.fr (Marie)", "NC",
            ]).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn every_word_of_every_cell_is_found_somewhere(
            rows in prop::collection::vec(prop::collection::vec(cell_words(), 0..9), 0..8),
            links in prop::collection::vec((0usize..8, 0usize..9), 0..4),
        ) {
            let mut grid: Vec<Vec<&str>> = vec![vec!["titre du fichier"], HEADER.to_vec()];
            grid.extend(rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
            let grid: Vec<&[&str]> = grid.iter().map(Vec::as_slice).collect();
            let mut book = book(&grid);
            for (row, cell) in links {
                if let Some(cell) = book.sheets[0].rows.get_mut(row + 2).and_then(|it| it.cells.get_mut(cell)) {
                    cell.link = Some(format!("https://page{row}.fr/derriere"));
                }
            }

            let plan = first_plan(&book);

            let told = everything_told(&plan);
            for cell in book.sheets[0].rows.iter().flat_map(|row| &row.cells) {
                let repaired = fold(&text::repaired(&cell.shown));
                let said = format!("{} {}", fold(&cell.shown), cell.link.clone().unwrap_or_default());
                for word in said.split(|c: char| !c.is_alphanumeric()) {
                    let told = told.contains(word) || repaired.contains(word)
                        && repaired.split(|c: char| !c.is_alphanumeric()).all(|it| told.contains(it));
                    prop_assert!(told, "`{}` of {:?} in {:?}", word, cell, plan);
                }
            }
            prop_assert_eq!(plan.offers() + plan.not_offers.len() + 1 >= plan.sheets.len(), true);
        }

        #[test]
        fn importing_twice_is_importing_once(
            rows in prop::collection::vec(prop::collection::vec(cell_words(), 0..9), 0..8),
        ) {
            let mut grid: Vec<Vec<&str>> = vec![HEADER.to_vec()];
            grid.extend(rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
            let grid: Vec<&[&str]> = grid.iter().map(Vec::as_slice).collect();
            let book = book(&grid);
            let mut table = empty_table();
            let first = first_plan(&book);
            let remembered = applied(&first, &mut table);

            let again = plan(Question { book: &book, existing: &table, remembered: &remembered, first_import: false });

            prop_assert!(again.changes_nothing());
            prop_assert_eq!((again.same.len(), again.conflicts.len()), (first.added.len(), 0));
        }
    }
}
