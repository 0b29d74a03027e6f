//! The way from a question to a plan: sheets mapped, rows read, matched, and put into their lists.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Question;
use super::decisions::{Is, Line};
use super::difference::{SheetTells, column_of, difference};
use super::grid::RawCell;
use super::mapping::{MappedSheet, Mapper};
use super::matching::{Found, Match, Wanted, match_all};
use super::memory::{Memory, Ordinals, SheetMark, match_key};
use super::missing::missing;
use super::names;
use super::offer::{OfferReader, ReadOffer, vocabularies};
use super::options;
use super::plan::{AddedRow, Conflict, ImportPlan, MatchedRow, Source, Twice, Undecided};
use super::rows::{self, NotOffer, OfferRow, WhyNot};
use super::sheet::WhyNotTaken;
use super::similar::similar;
use super::told::{
    complaint, copy_key, hidden_columns, notes, state_not_taken, text_of, title_of, title_of_row,
};
use crate::ids::RowId;
use crate::offer::Status;
use crate::offer::completeness::{missing_in, status_of_an_import};
use crate::reading::{Vocabulary, Why};
use crate::table::{Columns, Plain, Row};

/// Answers the question.
pub(super) fn plan(question: Question<'_>) -> ImportPlan {
    let mut mapper = Mapper::new(question);
    let sheets = mapper.map_all();
    let (columns, new_columns) = with_options(mapper, &sheets);
    let mut planner = Planner {
        question,
        vocabularies: vocabularies(&columns),
        columns,
        plan: ImportPlan {
            read_as: question.book.read_as.clone(),
            new_columns,
            ..ImportPlan::default()
        },
        offers: Vec::new(),
        tells: Vec::new(),
    };
    for sheet in sheets {
        planner.take_sheet(sheet);
    }
    planner.give_keys();
    planner.settle();
    planner.tell_similar();
    planner.plan.missing = missing(question, &planner.plan);
    planner.plan
}

/// The columns of the table with those that the import adds, choices with the options that the file names.
fn with_options(
    mapper: Mapper<'_>,
    sheets: &[MappedSheet<'_>],
) -> (Columns, Vec<crate::table::Column>) {
    let (columns, mut added) = (mapper.columns, mapper.added);
    for column in added.iter_mut().filter(|column| column.kind.has_options()) {
        options::collect(column, sheets);
    }
    if added.is_empty() {
        return (columns, added);
    }
    let is_new = |id: &str| added.iter().any(|column| column.id.as_str() == id);
    let known = columns.iter().filter(|column| !is_new(column.id.as_str())).cloned();
    (Columns::new(known.chain(added.iter().cloned()).collect()), added)
}

/// An offer of the file on its way into the plan.
struct FileOffer {
    line: Line,
    /// Its sheet, by its place among those of the plan.
    sheet: usize,
    base_key: String,
    key: String,
    id: Option<String>,
    read: ReadOffer,
}

struct Planner<'a> {
    question: Question<'a>,
    columns: Columns,
    vocabularies: BTreeMap<String, Vocabulary>,
    plan: ImportPlan,
    offers: Vec<FileOffer>,
    /// What each sheet of the plan has columns for.
    tells: Vec<SheetTells>,
}

impl Planner<'_> {
    fn take_sheet(&mut self, mut sheet: MappedSheet<'_>) {
        let name = sheet.plan.name.clone();
        self.plan.complaints.extend(notes(sheet.raw, &name));
        let header = sheet.plan.header.clone().filter(|_| sheet.plan.take);
        let Some(header) = header else {
            let mut others = rows::of_other_sheet(sheet.raw);
            let decided = sheet.plan.why_not == Some(WhyNotTaken::Decided);
            for row in &mut others {
                name.clone_into(&mut row.sheet);
                row.why = if decided { WhyNot::NotTaken } else { row.why };
            }
            self.plan.not_offers.extend(others);
            self.end_sheet(sheet);
            return;
        };
        let nothing = Vocabulary::default();
        let types = self.vocabularies.get("type").unwrap_or(&nothing);
        let sorted = rows::sort(sheet.raw, &header, types);
        let others = sorted.others.into_iter().filter(|it| !header.lines.contains(&it.row));
        let others = others.map(|row| NotOffer { sheet: name.clone(), ..row });
        self.plan.not_offers.extend(others);
        self.plan.complaints.extend(hidden_columns(&sheet, header.last_line()));
        sheet.plan.offers = sorted.offers.len();
        let reader = OfferReader::new(&name, &header, &self.columns, &self.vocabularies);
        for mut row in sorted.offers {
            let id = sheet.id_at.and_then(|at| row.cells.get(&at));
            let id = id.map(|cell| cell.shown.trim().to_owned()).filter(|id| !id.is_empty());
            if id.is_some() {
                as_written(&mut row);
            }
            set_aside(&mut row, &sheet.set_aside);
            let read = reader.read(&row);
            self.offers.push(FileOffer {
                line: Line::new(name.as_str(), row.number),
                sheet: self.tells.len(),
                base_key: match_key(&read.values),
                key: String::new(),
                id,
                read,
            });
        }
        self.end_sheet(sheet);
    }

    fn end_sheet(&mut self, sheet: MappedSheet<'_>) {
        let own_extract = sheet.id_at.is_some();
        let (mapped, cleared) = (sheet.mapped, sheet.cleared);
        self.tells.push(SheetTells { mapped, cleared, own_extract });
        self.plan.sheets.push(sheet.plan);
    }

    /// Gives each offer its key; a second copy in the file is taken too, and said. Rows that an extract of ours
    /// tells apart are no copies.
    fn give_keys(&mut self) {
        let ids: HashSet<&str> =
            self.question.existing.rows.iter().map(|row| row.id.as_str()).collect();
        let mut ordinals = Ordinals::default();
        let mut first: HashMap<String, Line> = HashMap::new();
        for offer in &mut self.offers {
            let base = offer.base_key.clone();
            (offer.key, _) = ordinals.next(base.clone());
            if offer.id.as_deref().is_some_and(|id| ids.contains(id)) {
                continue;
            }
            if let Some(id) = &offer.id {
                self.plan.complaints.push(complaint(&offer.line, id, Why::UnknownId));
            }
            // Another page does not make another offer: a person looks at both.
            let same = copy_key(&offer.read.values).unwrap_or(base);
            let Some(first) = first.get(&same) else {
                first.insert(same, offer.line.clone());
                continue;
            };
            let title = title_of(&offer.read.values).to_owned();
            self.plan.complaints.push(complaint(&offer.line, &title, Why::TwiceInFile));
            let (line, first) = (offer.line.clone(), first.clone());
            self.plan.twice.push(Twice { line, first, title });
        }
    }

    /// Compares the offers with the table and puts each into its list.
    fn settle(&mut self) {
        let offers = std::mem::take(&mut self.offers);
        let lines = &self.question.decisions.lines;
        let decided =
            |line: &Line| if lines.is_empty() { None } else { lines.get(line)?.is.as_ref() };
        let wanted: Vec<Wanted<'_>> = offers
            .iter()
            .map(|offer| Wanted {
                key: &offer.base_key,
                offer: &offer.read,
                id: offer.id.as_deref(),
                is: decided(&offer.line),
            })
            .collect();
        let agrees = |place: usize, found: Match<'_>| {
            let offer: &FileOffer = &offers[place];
            difference(&offer.read, found, &self.tells[offer.sheet], &self.columns).is_empty()
        };
        let (existing, remembered) = (self.question.existing, self.question.remembered);
        let found = match_all(&wanted, existing, remembered, agrees);
        for (mut offer, found) in offers.into_iter().zip(found) {
            self.plan.complaints.append(&mut offer.read.complaints);
            match found {
                Found::Row(found) => self.settle_known(&offer, found),
                Found::New => self.settle_new(offer),
                Found::Undecided(rows) => {
                    let source = self.source(&offer, None);
                    let title = title_of(&offer.read.values).to_owned();
                    let rows = rows.into_iter().map(|row| row.id.clone()).collect();
                    self.plan.undecided.push(Undecided { source, title, rows });
                }
            }
        }
    }

    fn settle_known(&mut self, offer: &FileOffer, found: Match<'_>) {
        let difference = difference(&offer.read, found, &self.tells[offer.sheet], &self.columns);
        let state = text_of(&offer.read.values, Status::COLUMN);
        if !state.is_empty() && state != found.row.text(Status::COLUMN) {
            self.plan.complaints.push(state_not_taken(&offer.line, state));
        }
        let conflicts = difference.conflicts.into_iter().map(|(cell, why)| Conflict {
            sheet: offer.line.sheet.clone(),
            file_row: offer.line.row,
            row: found.row.id.clone(),
            cell,
            why,
        });
        self.plan.conflicts.extend(conflicts);
        let title = title_of_row(found.row);
        let matched = MatchedRow {
            source: self.source(offer, found.memory),
            title: if title.is_empty() { title_of(&offer.read.values) } else { title }.to_owned(),
            row: found.row.id.clone(),
            cells: difference.changes,
            in_bin: found.row.deleted,
        };
        let list =
            if matched.cells.is_empty() { &mut self.plan.same } else { &mut self.plan.changed };
        list.push(matched);
    }

    fn settle_new(&mut self, offer: FileOffer) {
        let source = self.source(&offer, None);
        let FileOffer { line, read, .. } = offer;
        let mut values = read.values;
        let missing = missing_in(|column| values.get(column).unwrap_or(&Plain::Null));
        let in_file: Option<Status> = text_of(&values, Status::COLUMN).parse().ok();
        let status = status_of_an_import(&missing, self.question.first_import, in_file);
        let said = values.remove(&names::said_key(Status::COLUMN));
        let said = said.as_ref().and_then(Plain::as_text);
        let asked = in_file.filter(|asked| *asked != status).map(Status::as_str);
        let told = said.or(asked).map(|words| state_not_taken(&line, words));
        self.plan.complaints.extend(told);
        values.insert(Status::COLUMN.to_owned(), status.into());
        let title = title_of(&values).to_owned();
        let values = values.into_iter().collect();
        self.plan.added.push(Arc::new(AddedRow { source, title, values, status, missing }));
    }

    /// Where a row comes from, and what will be remembered: an empty cell says nothing, so what it said before
    /// stays remembered.
    fn source(&self, offer: &FileOffer, before: Option<&Memory>) -> Source {
        let (tells, sheet) = (&self.tells[offer.sheet], &self.plan.sheets[offer.sheet]);
        let mut memory = Memory::of(&offer.read);
        let has_column = |key: &str| tells.mapped.contains(column_of(key));
        memory.in_passing = memory.values.keys().filter(|key| !has_column(key)).cloned().collect();
        if let Some(before) = before {
            memory.keep_where_nothing_is_said(before, tells);
        }
        memory.sheet =
            Some(SheetMark { name: sheet.name.clone(), fingerprint: sheet.fingerprint.clone() });
        Source {
            sheet: offer.line.sheet.clone(),
            row: offer.line.row,
            match_key: offer.key.clone(),
            memory,
            own_extract: tells.own_extract,
        }
    }

    /// Rows that no row of the file is may be rows of the file under another name.
    fn tell_similar(&mut self) {
        let plan = &self.plan;
        let had: HashSet<&RowId> = plan.matched().map(|it| &it.row).collect();
        let asked: HashSet<&RowId> = plan.undecided.iter().flat_map(|it| &it.rows).collect();
        let free = |row: &&Row| !had.contains(&row.id) && !asked.contains(&row.id);
        let lines = &self.question.decisions.lines;
        let is_new = |row: &AddedRow| {
            !lines.is_empty()
                && lines.get(&row.source.line()).is_some_and(|it| it.is == Some(Is::New))
        };
        let added = plan.added.iter().map(Arc::as_ref).filter(|row| !is_new(row));
        let found = similar(added, self.question.existing.present().filter(free));
        self.plan.similar = found;
    }
}

/// An extract of ours means what it says, `idem` and `//` too.
fn as_written(row: &mut OfferRow) {
    for (at, words, _) in std::mem::take(&mut row.repeated) {
        row.cells.insert(at, RawCell::text(at, words));
    }
}

/// Cells that nobody wants are not read, and not complained about.
fn set_aside(row: &mut OfferRow, columns: &BTreeSet<u32>) {
    for column in columns {
        row.cells.remove(column);
    }
    row.repeated.retain(|(at, _, _)| !columns.contains(at));
}
