//! The way from a question to a plan.

use std::collections::BTreeMap;

use super::Question;
use super::grid::{self, RawSheet};
use super::header::{self, Header};
use super::matching::{Match, Memory, Ordinals, difference, match_all, match_key};
use super::names::{self, Names};
use super::offer::{Complaint, OfferReader, ReadOffer, vocabularies};
use super::plan::{AddedRow, Conflict, ConflictWhy, ImportPlan, MatchedRow, Source};
use super::rows::{self, NotOffer};
use super::sheet::{self, SheetPlan, WhyNotTaken};
use crate::offer::Status;
use crate::offer::completeness::{missing_in, status_of_an_import};
use crate::reading::{Vocabulary, Why, text};
use crate::table::Plain;

/// An offer of the file on its way into the plan.
struct FileOffer {
    sheet: String,
    row: u32,
    key: String,
    read: ReadOffer,
}

/// Answers the question.
pub(super) fn plan(question: Question<'_>) -> ImportPlan {
    let columns = &question.existing.columns;
    let names = Names::of(columns);
    let vocabularies = vocabularies(columns);
    let mut plan = ImportPlan { read_as: question.book.read_as.clone(), ..ImportPlan::default() };
    let mut offers = Vec::new();
    for sheet in &question.book.sheets {
        match Header::find(sheet, &names, columns) {
            Some(header) => {
                let reader = OfferReader::new(&sheet.name, &header, columns, &vocabularies);
                let types = vocabularies.get("type");
                read_sheet(&mut plan, &mut offers, sheet, &header, &reader, types);
            }
            None => {
                plan.not_offers.extend(rows::of_other_sheet(sheet));
                plan.sheets.push(SheetPlan {
                    name: sheet.name.clone(),
                    hidden: sheet.hidden,
                    why_not: Some(WhyNotTaken::NoHeader),
                    head: sheet::head(sheet),
                    ..SheetPlan::default()
                });
            }
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
        take: true,
        fingerprint: header::fingerprint(header),
        header: Some(header.clone()),
        head: sheet::head(sheet),
        columns: sheet::columns(sheet, header),
        offers: sorted.offers.len(),
        ..SheetPlan::default()
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
        why: if found.row.deleted { ConflictWhy::InBin } else { ConflictWhy::BothChanged },
    });
    plan.conflicts.extend(conflicts);
    let matched = MatchedRow {
        source: offer.source(),
        title: found.row.text("intitule").to_owned(),
        row: found.row.id.clone(),
        cells: difference.changes,
        in_bin: found.row.deleted,
    };
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
    let title = text_of(&values, "intitule").to_owned();
    let values = values.into_iter().collect();
    plan.added.push(AddedRow { source, title, values, status, missing });
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
            own_extract: false,
        }
    }
}

fn text_of<'a>(values: &'a BTreeMap<String, Plain>, key: &str) -> &'a str {
    values.get(key).and_then(Plain::as_text).unwrap_or_default()
}
