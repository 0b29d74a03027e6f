//! One row of a plan, as a page shows it.

use std::collections::BTreeMap;

use tablee_domain::ids::RowId;
use tablee_domain::import::{
    AddedRow, Complaint, Conflict, ConflictWhy, Decisions, ImportPlan, Is, Line, LineDecision,
    MatchedRow, NotOffer, Similar, Twice,
};
use tablee_domain::table::{Plain, Row, TableValues};

use super::choices::{KEEP, NEW, PROPOSED, TAKE};
use super::entries::{Alike, CELLS, Entry, SHOWN, added_cells};
use super::look::Look;
use crate::history::diff::{Effort, Fate, Piece, words};
use crate::history::places::Places;
use crate::i18n::{self, t, tn};
use crate::templates::history::Choice;
use crate::templates::import_plan::{Asked, CellView, EntryView};
use crate::wording::one_line;

/// Pieces of a comparison that are shown at most; what has more is shown as replaced.
const PIECES: usize = 16;
/// Columns that are set side by side.
const SIDES: usize = 10;

/// What rows are shown with.
pub struct Rows<'a> {
    /// Who looks at what.
    pub look: &'a Look<'a>,
    /// The plan.
    pub plan: &'a ImportPlan,
    /// The decisions that are shown.
    pub decisions: &'a Decisions,
    /// The table as it stands.
    pub values: &'a TableValues,
    /// The names of columns, new ones too.
    pub places: Places<'a>,
}

impl Rows<'_> {
    /// The row of an entry.
    pub fn entry(&self, entry: &Entry<'_>, effort: &mut Effort) -> EntryView {
        let mut view = match entry {
            Entry::Added(row) => self.added(row),
            Entry::Changed(row) => self.changed(row, effort),
            Entry::Same(row) => self.same(row),
            Entry::NotOffer(row) => self.not_offer(row),
            Entry::Doubt(doubt) => self.doubt(doubt),
            Entry::Twice(twice) => self.twice(twice),
            Entry::Alike(alike) => self.alike(alike),
            Entry::Conflict(conflict, title) => self.conflict(conflict, title, effort),
            Entry::Missing(row) => EntryView {
                title: self.title(&row.title),
                place: one_line(&row.sheet),
                links: vec![self.history(&row.row)],
                ..EntryView::default()
            },
        };
        view.line = self.name(entry);
        if let Some(line) = entry.line() {
            view.differs = self.differs(&line);
        }
        for cell in &mut view.cells {
            cell.name = format!("{}/{}", view.line, cell.name);
        }
        if let Some(asked) = &mut view.asked {
            let (start, rest) = asked.name.split_at(1);
            asked.name = format!("{start}{}{rest}", view.line);
        }
        view
    }

    fn t(&self, key: &str, args: &[(&str, &str)]) -> String {
        t(self.places.locale, key, args).into_owned()
    }

    fn title(&self, title: &str) -> String {
        match cut(&one_line(title), 200) {
            title if title.is_empty() => self.t("offer.untitled", &[]),
            title => title,
        }
    }

    /// Where a row stands in the file. The only sheet of a file needs no name.
    fn place(&self, sheet: &str, row: u32) -> String {
        let row = i18n::number(self.places.locale, f64::from(row));
        if self.plan.sheets.len() < 2 {
            return self.t("import.plan.where_only", &[("row", &row)]);
        }
        self.t("import.plan.where", &[("sheet", &cut(&one_line(sheet), 80)), ("row", &row)])
    }

    /// Where a column stands among the columns of the table.
    fn rank(&self, key: &str) -> usize {
        let column = key.split(['/', '~']).next().unwrap_or_default();
        let at = self.places.columns.iter().position(|known| known.id.as_str() == column);
        at.unwrap_or(usize::MAX)
    }

    fn decision(&self, line: &Line) -> Option<&LineDecision> {
        self.decisions.line(line)
    }

    /// Whether what is shown is not what is saved.
    fn differs(&self, line: &Line) -> bool {
        self.look.unsaved.is_some()
            && self.decisions.line(line) != self.look.view.decisions.line(line)
    }

    fn is_ticked(&self, line: &Line) -> bool {
        self.decision(line).is_none_or(|it| !it.skip)
    }

    fn takes_cell(&self, line: &Line, key: &str) -> bool {
        self.decision(line).is_none_or(|it| !it.skip_cells.contains(key))
    }

    fn words_of(&self, key: &str, value: &Plain) -> String {
        let words = cut(&self.places.value(key, value), SHOWN);
        if words.is_empty() { self.t("import.plan.nothing", &[]) } else { words }
    }

    fn more(&self, all: usize) -> Option<String> {
        let more = all.saturating_sub(CELLS);
        (more > 0).then(|| tn(self.places.locale, "import.plan.rest", more, &[]))
    }

    fn added(&self, row: &AddedRow) -> EntryView {
        let line = row.source.line();
        let state = self.places.value("etat", &row.status.into());
        let lacks = row.missing.iter().map(|it| self.t(&format!("import.lacks.{}", it.key()), &[]));
        let lacks: Vec<String> = lacks.collect();
        let fact = if lacks.is_empty() {
            self.t("import.plan.will_be", &[("state", &state)])
        } else {
            let reasons = lacks.join(", ");
            self.t("import.plan.because", &[("state", &state), ("reasons", &reasons)])
        };
        let all = added_cells(row).count();
        let cells = added_cells(row).take(CELLS).map(|(key, value)| CellView {
            name: key.to_owned(),
            column: self.places.label(key),
            is_ticked: Some(self.takes_cell(&line, key)),
            diff: vec![Piece { fate: Fate::Stays, words: self.words_of(key, value) }],
        });
        let mut cells: Vec<CellView> = cells.collect();
        cells.sort_by_key(|cell| self.rank(&cell.name));
        let title = self.title(&row.title);
        EntryView {
            place: self.place(&row.source.sheet, row.source.row),
            is_ticked: Some(self.is_ticked(&line)),
            facts: vec![fact],
            cells,
            folded: true,
            cells_told: tn(self.places.locale, "import.plan.values", all, &[]),
            cells_of: self.t("import.plan.cells_of", &[("title", &title)]),
            more: self.more(all),
            title,
            ..EntryView::default()
        }
    }

    fn changed(&self, row: &MatchedRow, effort: &mut Effort) -> EntryView {
        let line = row.source.line();
        let title = self.title(&row.title);
        let cells = row.cells.iter().take(CELLS).map(|cell| CellView {
            name: cell.key.clone(),
            column: self.places.label(&cell.key),
            is_ticked: Some(self.takes_cell(&line, &cell.key)),
            diff: self.diff(&cell.key, &cell.old, &cell.new, effort),
        });
        EntryView {
            place: self.place(&row.source.sheet, row.source.row),
            is_ticked: Some(self.is_ticked(&line)),
            links: vec![self.history(&row.row)],
            cells: cells.collect(),
            cells_of: self.t("import.plan.cells_of", &[("title", &title)]),
            more: self.more(row.cells.len()),
            title,
            ..EntryView::default()
        }
    }

    /// From what to what, short enough to be read.
    fn diff(&self, key: &str, old: &Plain, new: &Plain, effort: &mut Effort) -> Vec<Piece> {
        let (old, new) = (self.places.value(key, old), self.places.value(key, new));
        let pieces = words(&old, &new, effort);
        let is_long = pieces.iter().map(|it| it.words.chars().count()).sum::<usize>() > 2 * SHOWN;
        if pieces.len() <= PIECES && !is_long {
            return pieces;
        }
        let whole = [(Fate::Gone, old), (Fate::Came, new)].into_iter();
        let whole = whole.filter(|(_, words)| !words.is_empty());
        whole.map(|(fate, words)| Piece { fate, words: cut(&words, SHOWN) }).collect()
    }

    fn same(&self, row: &MatchedRow) -> EntryView {
        let in_bin = row.in_bin.then(|| self.t("import.conflict_why.in-bin", &[]));
        EntryView {
            title: self.title(&row.title),
            place: self.place(&row.source.sheet, row.source.row),
            links: vec![self.history(&row.row)],
            facts: in_bin.into_iter().collect(),
            ..EntryView::default()
        }
    }

    fn not_offer(&self, row: &NotOffer) -> EntryView {
        let key = format!("import.not_offer.{}", row.why.key());
        let why = self.t(&key, &[]);
        EntryView {
            title: self.place(&row.sheet, row.row),
            place: if why == key { row.why.fr().to_owned() } else { why },
            words: Some(cut(&one_line(&row.words), SHOWN)).filter(|words| !words.is_empty()),
            ..EntryView::default()
        }
    }

    fn doubt(&self, doubt: &Complaint) -> EntryView {
        let key = format!("import.why.{}", doubt.why.key());
        let why = self.t(&key, &[]);
        let cell = format!("{}{}", doubt.letters, doubt.row);
        let column = cut(&one_line(&doubt.column), 80);
        let column = if column.is_empty() || column == doubt.letters {
            cell
        } else {
            format!("{column} ({cell})")
        };
        EntryView {
            title: column,
            place: self.place(&doubt.sheet, doubt.row),
            facts: vec![if why == key { doubt.why.fr().to_owned() } else { why }],
            words: Some(cut(&doubt.words, SHOWN)).filter(|words| !words.is_empty()),
            ..EntryView::default()
        }
    }

    fn twice(&self, twice: &Twice) -> EntryView {
        let first = self.place(&twice.first.sheet, twice.first.row);
        EntryView {
            title: self.title(&twice.title),
            place: self.place(&twice.line.sheet, twice.line.row),
            is_ticked: Some(self.is_ticked(&twice.line)),
            facts: vec![self.t("import.plan.first", &[("place", &first)])],
            ..EntryView::default()
        }
    }

    fn alike(&self, alike: &Alike<'_>) -> EntryView {
        let title = self.title(alike.title);
        let decided = self.decision(&alike.line).and_then(|it| it.is.as_ref());
        let found = |id: &RowId| self.values.rows.iter().find(|row| row.id == *id);
        let rows: Vec<(&RowId, Option<&Similar>, Option<&Row>)> =
            alike.rows.iter().map(|(id, similar)| (id, *similar, found(id))).collect();
        let name = |row: Option<&Row>, similar: Option<&Similar>| {
            let known = row.map(|row| row.text("intitule").to_owned());
            self.title(&known.or_else(|| similar.map(|it| it.title.clone())).unwrap_or_default())
        };
        let choice = |value: &str, label: String, is_chosen| Choice {
            value: value.to_owned(),
            label,
            is_chosen,
        };
        let mut options = Vec::new();
        // Left alone, an open row is not written; one that only resembles another is a new one.
        if alike.is_open {
            options.push(choice(PROPOSED, self.t("import.plan.is_open", &[]), decided.is_none()));
        } else if rows.iter().all(|(_, similar, _)| similar.is_none()) {
            options.push(choice(
                PROPOSED,
                self.t("import.plan.is_proposed", &[]),
                decided.is_none(),
            ));
        }
        let is_new = matches!(decided, Some(Is::New)) || (decided.is_none() && options.is_empty());
        options.push(choice(NEW, self.t("import.plan.is_new", &[]), is_new));
        for (id, similar, row) in &rows {
            let label = self.t("import.plan.is_row", &[("title", &name(*row, *similar))]);
            let is_chosen = matches!(decided, Some(Is::Row(known)) if known == *id);
            options.push(choice(id.as_str(), label, is_chosen));
        }
        let likeness =
            rows.iter().filter_map(|(_, similar, _)| similar.map(|it| self.likeness(it)));
        let heads = rows.iter().map(|(id, similar, row)| {
            (name(*row, *similar), row.is_some().then(|| self.history(id).1))
        });
        let beside: Vec<Option<&Row>> = rows.iter().map(|(_, _, row)| *row).collect();
        EntryView {
            place: self.place(&alike.line.sheet, alike.line.row),
            facts: likeness.collect(),
            heads: heads.collect(),
            sides: self.sides(alike, &beside),
            sides_label: self.t("import.plan.which", &[("title", &title)]),
            asked: Some(Asked {
                name: "s".to_owned(),
                legend: self.t("import.plan.which", &[("title", &title)]),
                options,
            }),
            title,
            ..EntryView::default()
        }
    }

    fn likeness(&self, similar: &Similar) -> String {
        let percent = i18n::number(self.places.locale, (similar.score * 100.0).round());
        let alike = self.t("import.plan.alike", &[("percent", &percent)]);
        let why =
            similar.why.iter().map(|it| self.t(&format!("import.likeness.{}", it.key()), &[]));
        std::iter::once(alike).chain(why).collect::<Vec<_>>().join(", ")
    }

    /// What the file and the rows say, column by column.
    fn sides(&self, alike: &Alike<'_>, rows: &[Option<&Row>]) -> Vec<(String, Vec<String>)> {
        let nothing = BTreeMap::new();
        let file = alike.source.map_or(&nothing, |source| &source.memory.values);
        let mut sides = Vec::new();
        for column in self.places.columns.in_use().filter(|column| column.id.as_str() != "etat") {
            let key = column.id.as_str();
            let said = |value: &Plain| cut(&self.places.value(key, value), SHOWN / 2);
            let mut words = vec![file.get(key).map(&said).unwrap_or_default()];
            words.extend(
                rows.iter().map(|row| row.map(|row| said(row.cell(key))).unwrap_or_default()),
            );
            // What only the table says tells little about which offer it is, but for what names it.
            let tells = !words[0].is_empty() || matches!(key, "intitule" | "organisme" | "url");
            if tells && words.iter().any(|it| !it.is_empty()) && sides.len() < SIDES {
                sides.push((self.places.label(key), words));
            }
        }
        sides
    }

    fn conflict(&self, conflict: &Conflict, title: &str, effort: &mut Effort) -> EntryView {
        let key = &conflict.cell.key;
        let line = conflict.line();
        let column = self.places.label(key);
        let title = self.title(title);
        let takes = self.decision(&line).is_some_and(|it| it.take_cells.contains(key));
        let option = |value: &str, text: &str, said: &Plain, is_chosen| Choice {
            value: value.to_owned(),
            label: self.t(text, &[("value", &self.words_of(key, said))]),
            is_chosen,
        };
        // What lies in the bin has to come back before anything is written into it.
        let is_free = conflict.why != ConflictWhy::InBin;
        let asked = is_free.then(|| Asked {
            name: format!("k/{key}"),
            legend: self.t("import.plan.conflict_of", &[("column", &column), ("title", &title)]),
            options: vec![
                option(KEEP, "import.plan.keep", &conflict.cell.old, !takes),
                option(TAKE, "import.plan.take", &conflict.cell.new, takes),
            ],
        });
        let shown = CellView {
            name: key.clone(),
            column,
            is_ticked: None,
            diff: self.diff(key, &conflict.cell.old, &conflict.cell.new, effort),
        };
        EntryView {
            place: self.place(&conflict.sheet, conflict.file_row),
            links: vec![self.history(&conflict.row)],
            facts: vec![self.t(&format!("import.conflict_why.{}", conflict.why.key()), &[])],
            cells_of: self.t("import.plan.cells_of", &[("title", &title)]),
            cells: vec![shown],
            title,
            asked,
            ..EntryView::default()
        }
    }
}

/// The beginning of some words, without what would turn them around.
fn cut(words: &str, most: usize) -> String {
    match words.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}
