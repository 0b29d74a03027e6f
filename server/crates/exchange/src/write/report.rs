//! The report of an import as a workbook, for whoever keeps it or works through it: what became of each line of
//! the file, which cells were written, what is in doubt.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError};
use tablee_domain::ids::RowId;
use tablee_domain::import::{Because, CellChange, Line, Outcome, Report};
use tablee_domain::offer::display::{self, Language};
use tablee_domain::table::{Columns, Plain};

use super::WriteError;
use super::xlsx::{LINKS, can_be_followed, column_number, fitting};

/// A report, and what it takes to tell it.
#[derive(Clone, Copy)]
pub struct ReportBook<'a> {
    /// What the import did.
    pub report: &'a Report,
    /// The columns of the table, which give cells their names and values their words.
    pub columns: &'a Columns,
    /// The language of its words. What people wrote stays as it is.
    pub language: Language,
    /// When the import was made, and by whom, in words.
    pub made: &'a str,
    /// What was done, counted, in words: `3 lignes ajoutées`.
    pub counts: &'a [String],
    /// The page of the import.
    pub source_url: &'a str,
    /// The address of a row by its id and its title.
    pub address: &'a dyn Fn(&RowId, &str) -> String,
    /// The words of the interface by their key (`why.idem`, `not_offer.total`, `lacks.type`,
    /// `conflict_why.moved`, `outcome.added`). Where it knows none, the French ones of the domain stand.
    pub say: &'a dyn Fn(&str) -> Option<String>,
}

/// The words above the columns, and the names of the sheets.
struct Words {
    title: &'static str,
    sheets: [&'static str; 3],
    lines: [&'static str; 6],
    cells: [&'static str; 7],
    doubts: [&'static str; 5],
    written: &'static str,
    missing: &'static str,
}

const FRENCH: Words = Words {
    title: "Rapport de l'import",
    sheets: ["Lignes", "Cellules", "Doutes"],
    lines: ["Onglet", "Ligne", "Intitulé", "Ce qui s'est passé", "Pourquoi", "Adresse"],
    cells: [
        "Onglet",
        "Ligne",
        "Intitulé",
        "Colonne",
        "Avant",
        "Dans le fichier",
        "Ce qui s'est passé",
    ],
    doubts: ["Onglet", "Ligne", "Colonne", "Mots du fichier", "Pourquoi"],
    written: "écrite",
    missing: "n'est plus dans le fichier, reste dans le tableau",
};

const ENGLISH: Words = Words {
    title: "Report of the import",
    sheets: ["Rows", "Cells", "Doubts"],
    lines: ["Sheet", "Row", "Title", "What happened", "Why", "Address"],
    cells: ["Sheet", "Row", "Title", "Column", "Before", "In the file", "What happened"],
    doubts: ["Sheet", "Row", "Column", "Words of the file", "Why"],
    written: "written",
    missing: "not in the file any more, stays in the table",
};

/// The report as a workbook of three sheets. Nothing in it is a formula.
pub fn xlsx(book: &ReportBook<'_>) -> Result<Vec<u8>, WriteError> {
    let words = match book.language {
        Language::French => &FRENCH,
        Language::English => &ENGLISH,
    };
    let mut workbook = Workbook::new();
    let title = format!("{} « {} »", words.title, book.report.file);
    workbook.set_properties(&DocProperties::new().set_title(fitting(&title)));
    let teller = Teller { book, words };

    let mut sheet = Page::new(workbook.add_worksheet(), words.sheets[0])?;
    sheet.above(&title, true)?;
    sheet.above(book.made, false)?;
    sheet.above(&book.counts.join(" · "), false)?;
    sheet.link_above(book.source_url)?;
    sheet.head(&words.lines, &[16.0, 8.0, 60.0, 24.0, 48.0, 60.0])?;
    teller.lines(&mut sheet)?;
    sheet.finish(words.lines.len())?;

    let mut sheet = Page::new(workbook.add_worksheet(), words.sheets[1])?;
    sheet.head(&words.cells, &[16.0, 8.0, 40.0, 24.0, 48.0, 48.0, 32.0])?;
    teller.cells(&mut sheet)?;
    sheet.finish(words.cells.len())?;

    let mut sheet = Page::new(workbook.add_worksheet(), words.sheets[2])?;
    sheet.head(&words.doubts, &[16.0, 8.0, 24.0, 60.0, 48.0])?;
    teller.doubts(&mut sheet)?;
    sheet.finish(words.doubts.len())?;
    Ok(workbook.save_to_buffer()?)
}

struct Teller<'a> {
    book: &'a ReportBook<'a>,
    words: &'static Words,
}

impl Teller<'_> {
    fn lines(&self, page: &mut Page<'_>) -> Result<(), XlsxError> {
        for line in &self.book.report.lines {
            let why = line.why.as_ref().map(|why| self.because(why)).unwrap_or_default();
            let address = line.row.as_ref().map(|row| (self.book.address)(row, &line.title));
            page.place(&line.line)?;
            page.text(2, &line.title)?;
            page.text(3, &self.outcome(line.outcome))?;
            page.text(4, &why)?;
            page.address(5, address.as_deref().unwrap_or_default())?;
            page.next();
        }
        for gone in &self.book.report.missing {
            page.text(0, &gone.sheet)?;
            page.text(2, &gone.title)?;
            page.text(3, self.words.missing)?;
            page.address(5, &(self.book.address)(&gone.row, &gone.title))?;
            page.next();
        }
        Ok(())
    }

    fn cells(&self, page: &mut Page<'_>) -> Result<(), XlsxError> {
        for line in &self.book.report.lines {
            let written = line.cells.iter().map(|cell| (cell, self.words.written.to_owned()));
            let stayed = line.conflicts.iter().map(|conflict| {
                (&conflict.cell, self.say("conflict_why", conflict.why.key(), conflict.why.fr()))
            });
            for (cell, outcome) in written.chain(stayed) {
                page.place(&line.line)?;
                page.text(2, &line.title)?;
                page.text(3, &self.column(cell))?;
                page.text(4, &self.value(cell, &cell.old))?;
                page.text(5, &self.value(cell, &cell.new))?;
                page.text(6, &outcome)?;
                page.next();
            }
        }
        Ok(())
    }

    fn doubts(&self, page: &mut Page<'_>) -> Result<(), XlsxError> {
        for line in &self.book.report.lines {
            for remark in &line.complaints {
                page.place(&line.line)?;
                page.text(2, &remark.column)?;
                page.text(3, &remark.words)?;
                page.text(4, &self.say("why", remark.why.key(), remark.why.fr()))?;
                page.next();
            }
        }
        for complaint in &self.book.report.elsewhere {
            page.place(&Line { sheet: complaint.sheet.clone(), row: complaint.row })?;
            page.text(2, &complaint.column)?;
            page.text(3, &complaint.words)?;
            page.text(4, &self.say("why", complaint.why.key(), complaint.why.fr()))?;
            page.next();
        }
        Ok(())
    }

    fn say(&self, group: &str, key: &str, french: &str) -> String {
        (self.book.say)(&format!("{group}.{key}")).unwrap_or_else(|| french.to_owned())
    }

    fn outcome(&self, outcome: Outcome) -> String {
        self.say("outcome", outcome.key(), outcome.fr())
    }

    fn because(&self, why: &Because) -> String {
        match why {
            Because::Lacks(missing) => {
                let each = missing.iter().map(|it| self.say("lacks", it.key(), it.fr()));
                each.collect::<Vec<_>>().join(", ")
            }
            Because::NotOffer(why) => self.say("not_offer", why.key(), why.fr()),
            other => self.say("because", other.key(), &other.fr()),
        }
    }

    /// The label of the column that a key belongs to.
    fn column(&self, cell: &CellChange) -> String {
        let (column, is_words) = match cell.key.strip_suffix("~said") {
            Some(column) => (column, true),
            None => (cell.key.split('/').next().unwrap_or_default(), false),
        };
        let known = self.book.columns.get(column);
        let label = known.map_or(column, |column| self.book.language.label(&column.label));
        let beside = match self.book.language {
            Language::French => "texte",
            Language::English => "words",
        };
        if is_words { format!("{label} ({beside})") } else { label.to_owned() }
    }

    /// A value as people read it; of a list, its one item.
    fn value(&self, cell: &CellChange, value: &Plain) -> String {
        let (column, item) = cell.key.split_once('/').unwrap_or((&cell.key, ""));
        let Some(column) = self.book.columns.get(column) else {
            return value.as_text().unwrap_or_default().to_owned();
        };
        if item.is_empty() || value.is_empty() {
            return display::value(column, value, self.book.language);
        }
        let one = Plain::Map(BTreeMap::from([(item.to_owned(), value.clone())]));
        display::value(column, &one, self.book.language)
    }
}

/// One sheet, filled line by line.
struct Page<'w> {
    sheet: &'w mut Worksheet,
    row: u32,
    head: u32,
    links: u32,
}

impl<'w> Page<'w> {
    fn new(sheet: &'w mut Worksheet, name: &str) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        Ok(Self { sheet, row: 0, head: 0, links: 0 })
    }

    /// A line over the table.
    fn above(&mut self, text: &str, is_title: bool) -> Result<(), XlsxError> {
        let format =
            if is_title { Format::new().set_bold().set_font_size(14) } else { Format::new() };
        self.sheet.write_string_with_format(self.row, 0, fitting(text), &format)?;
        self.next();
        Ok(())
    }

    fn link_above(&mut self, address: &str) -> Result<(), XlsxError> {
        self.address(0, address)?;
        self.row += 2;
        Ok(())
    }

    fn head<const N: usize>(
        &mut self,
        names: &[&str; N],
        widths: &[f64; N],
    ) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
        for (at, (name, width)) in names.iter().zip(widths).enumerate() {
            let at = column_number(at);
            self.sheet.set_column_width(at, *width)?;
            self.sheet.write_string_with_format(self.row, at, *name, &bold)?;
        }
        self.head = self.row;
        self.sheet.set_freeze_panes(self.row + 1, 0)?;
        self.next();
        Ok(())
    }

    fn finish(&mut self, columns: usize) -> Result<(), XlsxError> {
        let last = self.row.saturating_sub(1).max(self.head);
        self.sheet.autofilter(self.head, 0, last, column_number(columns - 1))?;
        Ok(())
    }

    fn next(&mut self) {
        self.row += 1;
    }

    fn place(&mut self, line: &Line) -> Result<(), XlsxError> {
        self.text(0, &line.sheet)?;
        self.sheet.write_number(self.row, 1, line.row)?;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let text = fitting(text);
        if !text.is_empty() {
            let format = Format::new().set_align(FormatAlign::Top).set_text_wrap();
            self.sheet.write_string_with_format(self.row, column, text, &format)?;
        }
        Ok(())
    }

    fn address(&mut self, column: u16, address: &str) -> Result<(), XlsxError> {
        if self.links >= LINKS || !can_be_followed(address) {
            return self.text(column, address);
        }
        self.links += 1;
        self.sheet.write_url_with_text(self.row, column, Url::new(address), address)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tablee_domain::import::{ConflictWhy, Disagreement, MissingRow, Remark, ReportLine};
    use tablee_domain::reading::Why;
    use tablee_domain::table::defaults;

    use super::*;
    use crate::Limits;
    use crate::read::read;

    fn line(row: u32, title: &str, outcome: Outcome) -> ReportLine {
        ReportLine {
            line: Line { sheet: "Courtes".into(), row },
            title: title.into(),
            row: RowId::new("abc").ok(),
            outcome,
            why: None,
            cells: vec![],
            conflicts: vec![],
            complaints: vec![],
        }
    }

    fn change(key: &str, old: Plain, new: Plain) -> CellChange {
        CellChange { key: key.into(), old, new }
    }

    fn report() -> Report {
        let mut changed = line(4, "=HYPERLINK(\"x\")", Outcome::Changed);
        changed.cells = vec![
            change("intitule", "Animer".into(), "=1+1".into()),
            change("themes/eau", Plain::Null, true.into()),
            change("lieux~said", "partout".into(), Plain::Null),
        ];
        changed.conflicts = vec![Disagreement {
            cell: change("organisme", "Lisode".into(), "Autre".into()),
            why: ConflictWhy::Moved,
        }];
        changed.complaints = vec![Remark {
            column: "Durée".into(),
            letters: "C".into(),
            words: "@idem".into(),
            why: Why::NoteNotTaken,
        }];
        let mut added = line(5, "Débattre", Outcome::Added);
        added.why = Some(Because::Decided);
        let missing = vec![MissingRow {
            row: RowId::new("old").unwrap(),
            title: "Perdue".into(),
            sheet: "Courtes".into(),
        }];
        Report {
            file: "inventaire.xlsx".into(),
            lines: vec![changed, added],
            missing,
            ..Report::default()
        }
    }

    fn written(language: Language) -> Vec<Vec<String>> {
        let columns = Columns::new(defaults::formations());
        let counts = ["1 ligne ajoutée".to_owned(), "3 cellules".to_owned()];
        let english = |key: &str| (key == "outcome.added").then(|| "added".to_owned());
        let bytes = xlsx(&ReportBook {
            report: &report(),
            columns: &columns,
            language,
            made: "le 22 novembre 2026 par Léa",
            counts: &counts,
            source_url: "https://x.fr/import/p1",
            address: &|row, _| format!("https://x.fr/formations/{row}"),
            say: &|key| if language == Language::English { english(key) } else { None },
        })
        .unwrap();
        let book = read(&bytes, &Limits::default()).unwrap();
        assert!(
            book.sheets
                .iter()
                .flat_map(|it| &it.rows)
                .flat_map(|it| &it.cells)
                .all(|it| it.formula.is_none())
        );
        let rows = book.sheets.iter().flat_map(|sheet| &sheet.rows);
        rows.map(|row| row.cells.iter().map(|cell| cell.shown.clone()).collect()).collect()
    }

    #[test]
    fn a_report_tells_every_line_every_cell_and_every_doubt() {
        let rows = written(Language::French);

        let wanted: [&[&str]; 15] = [
            &["Rapport de l'import « inventaire.xlsx »"],
            &["le 22 novembre 2026 par Léa"],
            &["1 ligne ajoutée · 3 cellules"],
            &["https://x.fr/import/p1"],
            &["Onglet", "Ligne", "Intitulé", "Ce qui s'est passé", "Pourquoi", "Adresse"],
            &["Courtes", "4", "=HYPERLINK(\"x\")", "modifiée", "https://x.fr/formations/abc"],
            &[
                "Courtes",
                "5",
                "Débattre",
                "ajoutée",
                "laissée de côté par la personne qui importe",
                "https://x.fr/formations/abc",
            ],
            &[
                "Courtes",
                "Perdue",
                "n'est plus dans le fichier, reste dans le tableau",
                "https://x.fr/formations/old",
            ],
            &FRENCH.cells,
            &["Courtes", "4", "=HYPERLINK(\"x\")", "Intitulé", "Animer", "=1+1", "écrite"],
            &["Courtes", "4", "=HYPERLINK(\"x\")", "Thèmes", "eau et milieux aquatiques", "écrite"],
            &["Courtes", "4", "=HYPERLINK(\"x\")", "Lieux (texte)", "partout", "écrite"],
            &[
                "Courtes",
                "4",
                "=HYPERLINK(\"x\")",
                "Organisme de formation",
                "Lisode",
                "Autre",
                ConflictWhy::Moved.fr(),
            ],
            &FRENCH.doubts,
            &["Courtes", "4", "Durée", "@idem", Why::NoteNotTaken.fr()],
        ];
        for (row, wanted) in rows.iter().zip(wanted) {
            assert_eq!(row, wanted);
        }
        assert_eq!(rows.len(), 15);
    }

    #[test]
    fn a_report_speaks_english_where_the_interface_does() {
        let rows = written(Language::English);

        assert_eq!(rows[6][3], "added");
        assert_eq!(rows[4], ENGLISH.lines);
    }
}
