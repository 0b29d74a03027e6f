//! Where the columns of a file go: the page, and what its form says as decisions.

use std::collections::BTreeSet;

use tablee_domain::ids::ColumnId;
use tablee_domain::import::{
    Blank, ColumnPlan, Decisions, ImportPlan, MapIssue, MapTo, MappedBy, NewColumn, SheetPlan,
};
use tablee_domain::table::{Columns, Kind};

use super::look::Look;
use crate::i18n::{self, Locale, t, tn};
use crate::templates::history::Choice;
use crate::templates::import_plan::{ColumnView, MappingPage, SheetView};
use crate::web::extract::Fields;
use crate::wording::{label, one_line};

/// How the one sheet of a table of text is named by what reads it.
const TEXT: &str = "csv";
/// Columns on a page at most, and at least.
const MOST: usize = 40;
const FEWEST: usize = 8;
/// Options of all columns on a page, roughly: each column offers all columns of the table.
const OPTIONS: usize = 2_400;

/// The page of one sheet's columns.
pub fn page(
    look: Look<'_>,
    plan: &ImportPlan,
    columns: &Columns,
    (sheet, from): (usize, usize),
) -> MappingPage {
    let locale = look.base.locale;
    let nothing = SheetPlan::default();
    let here = sheet.min(plan.sheets.len().saturating_sub(1));
    let sheets: Vec<SheetPlan> =
        plan.sheets.iter().map(|sheet| with_choices(sheet, look.unsaved)).collect();
    let sheet = sheets.get(here).unwrap_or(&nothing);
    let view = Mapping { look: &look, locale };
    let targets = targets(locale, columns);
    let on_a_page = (OPTIONS / targets.len().max(1)).clamp(FEWEST, MOST);
    let from = from.min(sheet.columns.len().saturating_sub(1)) / on_a_page * on_a_page;
    let shown = sheet.columns.iter().skip(from).take(on_a_page);
    let name = view.name(sheet);
    let (beside, targets): (Vec<Choice>, Vec<Choice>) =
        targets.into_iter().partition(|choice| choice.value.starts_with('~'));
    MappingPage {
        action: look.address("/correspondances", &[]),
        sheets: sheets.iter().enumerate().map(|(at, it)| view.sheet(at, it, here)).collect(),
        here,
        heading: t(locale, "import.mapping.columns_of", &[("sheet", &name)]).into_owned(),
        lines: view.lines(sheet),
        columns: shown.map(|column| view.column(column)).collect(),
        counted: tn(locale, "import.mapping.shown", sheet.columns.len(), &[]),
        targets,
        beside,
        kinds: Kind::ALL.into_iter().map(|kind| kind_choice(locale, kind)).collect(),
        from,
        previous: from.checked_sub(on_a_page),
        next: Some(from + on_a_page).filter(|next| *next < sheet.columns.len()),
        frame: look.frame("correspondances"),
        base: look.base,
    }
}

/// A sheet with what somebody chose and could not save, since somebody else was faster.
fn with_choices(sheet: &SheetPlan, unsaved: Option<&Decisions>) -> SheetPlan {
    let mut shown = sheet.clone();
    let Some(unsaved) = unsaved else { return shown };
    let chosen = unsaved.sheets.get(&sheet.name);
    shown.take = chosen.and_then(|it| it.take).unwrap_or(sheet.take);
    for column in &mut shown.columns {
        if let Some(target) = chosen.and_then(|it| it.mapping.get(&column.at)) {
            (column.target, column.by) = (Some(target.clone()), MappedBy::Person);
        }
        if let Some(MapTo::Column(id) | MapTo::New(NewColumn { id, .. })) = &column.target
            && let Some(blank) = unsaved.blanks.get(id)
        {
            column.blank = *blank;
        }
    }
    shown
}

/// What was decided before, with what the form says. `fresh` makes the identifier of a new column.
pub fn decided(
    plan: &ImportPlan,
    before: &Decisions,
    fields: &Fields,
    mut fresh: impl FnMut() -> ColumnId,
) -> Decisions {
    let mut decisions = before.clone();
    let taken: BTreeSet<&str> = fields.all("prendre").collect();
    for (at, sheet) in plan.sheets.iter().enumerate() {
        let take = taken.contains(at.to_string().as_str());
        if take != sheet.take {
            decisions.sheets.entry(sheet.name.clone()).or_default().take = Some(take);
        }
    }
    let here = fields.number("onglet").and_then(|at: usize| plan.sheets.get(at));
    let Some(sheet) = here else { return decisions };
    let line: Option<u32> = fields.number("titres");
    if line.is_some() && line != sheet.header_line() {
        // Another header makes other columns: what was said of these is about nothing.
        let decided = decisions.sheets.entry(sheet.name.clone()).or_default();
        (decided.header_line, decided.take) = (line, Some(true));
        decided.mapping.clear();
        return decisions;
    }
    let clears: BTreeSet<&str> = fields.all("vide").collect();
    for column in &sheet.columns {
        let at = column.at.to_string();
        if !fields.has(&format!("m{at}")) {
            continue;
        }
        let target = target_of(column, fields, &mut fresh);
        if let Some(target) = &target {
            let decided = decisions.sheets.entry(sheet.name.clone()).or_default();
            decided.mapping.insert(column.at, target.clone());
        }
        let blank = if clears.contains(at.as_str()) { Blank::Clear } else { Blank::Keep };
        let goes_to = target.as_ref().or(column.target.as_ref());
        if blank != column.blank
            && let Some(MapTo::Column(id) | MapTo::New(NewColumn { id, .. })) = goes_to
        {
            decisions.blanks.insert(id.clone(), blank);
        }
    }
    decisions
}

/// Where the form sends a column; none where that is what is proposed.
fn target_of(
    column: &ColumnPlan,
    fields: &Fields,
    fresh: &mut impl FnMut() -> ColumnId,
) -> Option<MapTo> {
    let at = column.at;
    let asked = fields.one(&format!("m{at}"));
    let now = column.target.as_ref().map_or("-".to_owned(), word_of);
    if asked == "+" {
        let label = one_line(fields.one(&format!("n{at}")));
        let label = if label.is_empty() { name_of(column) } else { label };
        let label: String = label.chars().take(80).collect();
        let kind = Kind::of_word(fields.one(&format!("g{at}"))).unwrap_or(Kind::Text);
        let known = match &column.target {
            Some(MapTo::New(known)) if known.label == label && known.kind == kind => return None,
            // Another kind is another column: cells that were read for one are nothing to the other.
            Some(MapTo::New(known)) if known.kind == kind => Some(known.id.clone()),
            _ => None,
        };
        return Some(MapTo::New(NewColumn { id: known.unwrap_or_else(fresh), label, kind }));
    }
    if asked == now {
        return None;
    }
    let column = |word: &str| ColumnId::new(word).ok();
    match asked.split_at_checked(1)? {
        ("-", "") => Some(MapTo::Ignore),
        ("=", word) => column(word).map(MapTo::Column),
        ("~", word) => column(word).map(MapTo::Said),
        _ => None,
    }
}

/// A target as the form says it.
fn word_of(target: &MapTo) -> String {
    match target {
        MapTo::Ignore => "-".to_owned(),
        MapTo::Column(column) => format!("={column}"),
        MapTo::Said(column) => format!("~{column}"),
        MapTo::New(_) => "+".to_owned(),
    }
}

fn kind_choice(locale: Locale, kind: Kind) -> Choice {
    let value = kind.as_str().to_owned();
    let label = t(locale, &format!("import.kinds.{value}"), &[]).into_owned();
    Choice { value, label, is_chosen: false }
}

/// The columns of the table, and those beside which words can be kept: beside values, never beside a text.
fn targets(locale: Locale, columns: &Columns) -> Vec<Choice> {
    let choice = |value: String, label: String| Choice { value, label, is_chosen: false };
    let label = |column: &tablee_domain::table::Column| label(locale, &column.label);
    let cells = columns.in_use().map(|it| choice(format!("={}", it.id), label(it)));
    let beside = columns.in_use().filter(|it| !it.kind.is_text());
    let beside = beside.map(|it| choice(format!("~{}", it.id), label(it)));
    cells.chain(beside).collect()
}

fn name_of(column: &ColumnPlan) -> String {
    let words = one_line(&column.words);
    if words.is_empty() { column.letters.clone() } else { words }
}

/// What sheets and columns are shown with.
struct Mapping<'a> {
    look: &'a Look<'a>,
    locale: Locale,
}

impl Mapping<'_> {
    fn t(&self, key: &str, args: &[(&str, &str)]) -> String {
        t(self.locale, key, args).into_owned()
    }

    /// What a sheet is called: a table of text has no sheets, and goes by the name of its file.
    fn name(&self, sheet: &SheetPlan) -> String {
        let name = if sheet.name == TEXT { &self.look.view.record.file_name } else { &sheet.name };
        one_line(name)
    }

    fn sheet(&self, at: usize, sheet: &SheetPlan, here: usize) -> SheetView {
        let name = self.name(sheet);
        let mut told = Vec::new();
        match sheet.why_not {
            Some(why) => told.push(self.t(&format!("import.not_taken.{}", why.key()), &[])),
            None => told.push(tn(self.locale, "import.mapping.sheet_offers", sheet.offers, &[])),
        }
        if sheet.hidden {
            told.push(self.t("import.mapping.sheet_hidden", &[]));
        }
        SheetView {
            at,
            label: self.t("import.mapping.take_named", &[("sheet", &name)]),
            name,
            told: told.join(", "),
            take: sheet.take,
            href: self
                .look
                .address("", &[("etape", "correspondances"), ("onglet", &at.to_string())]),
            is_here: at == here,
        }
    }

    fn lines(&self, sheet: &SheetPlan) -> Vec<Choice> {
        let chosen = sheet.header_line();
        let mut lines = Vec::new();
        if chosen.is_none_or(|line| !sheet.head.iter().any(|(number, _)| *number == line)) {
            let value = chosen.map(|line| line.to_string()).unwrap_or_default();
            let label = match chosen {
                Some(line) => {
                    let words = sheet.header.iter().flat_map(|it| &it.columns).map(|it| &it.words);
                    let words: Vec<String> = words.map(|it| one_line(it)).collect();
                    self.line(line, &words.join(" | "))
                }
                None => self.t("import.mapping.header_none", &[]),
            };
            lines.push(Choice { value, label, is_chosen: true });
        }
        lines.extend(sheet.head.iter().map(|(number, words)| Choice {
            value: number.to_string(),
            label: self.line(*number, words),
            is_chosen: chosen == Some(*number),
        }));
        lines
    }

    fn line(&self, number: u32, words: &str) -> String {
        let words: String = one_line(words).chars().take(120).collect();
        let number = i18n::number(self.locale, f64::from(number));
        self.t("import.mapping.header_line", &[("line", &number), ("words", &words)])
    }

    fn column(&self, column: &ColumnPlan) -> ColumnView {
        let words = one_line(&column.words);
        let words = if words.is_empty() { self.t("import.mapping.nameless", &[]) } else { words };
        let letters = self.t("import.mapping.letters", &[("letters", &column.letters)]);
        let filled = if column.filled == 0 {
            self.t("import.mapping.no_sample", &[])
        } else {
            tn(self.locale, "import.mapping.filled", column.filled, &[])
        };
        let new = match &column.target {
            Some(MapTo::New(new)) => Some(new),
            _ => None,
        };
        let args = [("letters", column.letters.as_str()), ("words", &words)];
        let words_for_new = new.map_or_else(|| name_of(column), |new| one_line(&new.label));
        ColumnView {
            at: column.at,
            label: self.t("import.mapping.target_of", &args),
            told: [filled, self.sureness(column)].join(" · "),
            samples: column.samples.iter().map(|it| one_line(it)).collect(),
            issue: column.issue.as_ref().map(|issue| self.issue(issue)),
            target: column.target.as_ref().map_or("-".to_owned(), word_of),
            new_name: words_for_new.chars().take(80).collect(),
            new_kind: new.map_or(Kind::Text, |new| new.kind).as_str().to_owned(),
            clears: column.blank == Blank::Clear,
            letters,
            words,
        }
    }

    /// How surely a column was recognised, in words and figures.
    fn sureness(&self, column: &ColumnPlan) -> String {
        let label = self.t("import.mapping.confidence", &[]);
        let word = match column.by {
            MappedBy::Person => "import.mapping.by_hand",
            MappedBy::Recalled => "import.mapping.by_memory",
            MappedBy::Header if column.target.is_none() => "import.mapping.none",
            MappedBy::Header if column.confidence >= 0.95 => "import.mapping.sure",
            MappedBy::Header if column.confidence >= 0.75 => "import.mapping.probable",
            MappedBy::Header => "import.mapping.unsure",
        };
        let word = self.t(word, &[]);
        if column.by != MappedBy::Header || column.target.is_none() {
            return self.t("import.mapping.sureness", &[("label", &label), ("word", &word)]);
        }
        let percent = i18n::number(self.locale, (column.confidence * 100.0).round());
        let args = [("label", label.as_str()), ("word", &word), ("percent", &percent)];
        self.t("import.mapping.sureness_percent", &args)
    }

    fn issue(&self, issue: &MapIssue) -> String {
        let with = match issue {
            MapIssue::TwoForOne { with } => with.as_str(),
            _ => "",
        };
        self.t(&format!("import.map_issue.{}", issue.key()), &[("with", with)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(at: u32, target: Option<MapTo>) -> ColumnPlan {
        let words = format!("Titre {at}");
        ColumnPlan { at, words, letters: "A".to_owned(), target, ..ColumnPlan::default() }
    }

    fn id(word: &str) -> ColumnId {
        ColumnId::new(word).unwrap()
    }

    fn plan() -> ImportPlan {
        let columns = vec![
            column(0, Some(MapTo::Column(id("intitule")))),
            column(1, None),
            column(4, Some(MapTo::Column(id("url")))),
        ];
        let sheet = |name: &str| SheetPlan {
            name: name.to_owned(),
            take: true,
            columns: columns.clone(),
            ..SheetPlan::default()
        };
        ImportPlan { sheets: vec![sheet("Avril"), sheet("Mai")], ..ImportPlan::default() }
    }

    fn decide(plan: &ImportPlan, before: &Decisions, pairs: &[(&str, &str)]) -> Decisions {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        decided(plan, before, &pairs.into(), || id("fresh"))
    }

    const AS_PROPOSED: [(&str, &str); 6] = [
        ("prendre", "0"),
        ("prendre", "1"),
        ("onglet", "0"),
        ("m0", "=intitule"),
        ("m1", "-"),
        ("m4", "=url"),
    ];

    #[test]
    fn a_form_that_says_what_is_proposed_decides_nothing() {
        assert_eq!(decide(&plan(), &Decisions::default(), &AS_PROPOSED), Decisions::default());
    }

    #[test]
    fn columns_go_where_somebody_sends_them_and_a_new_one_gets_a_name() {
        let form = [
            ("prendre", "0"),
            ("onglet", "0"),
            ("m0", "-"),
            ("m1", "+"),
            ("n1", "  Suivi \u{202e} par "),
            ("g1", "long_text"),
            ("m4", "~type"),
            ("m9", "=url"),
        ];

        let after = decide(&plan(), &Decisions::default(), &form);

        let new = NewColumn { id: id("fresh"), label: "Suivi par".into(), kind: Kind::LongText };
        let mapping = [(0, MapTo::Ignore), (1, MapTo::New(new)), (4, MapTo::Said(id("type")))];
        assert_eq!(after.sheets["Avril"].mapping, mapping.into());
        assert_eq!(after.sheets["Mai"].take, Some(false));
        assert_eq!(after.sheets["Mai"].mapping.len(), 0);
    }

    #[test]
    fn an_empty_cell_clears_only_where_somebody_said_so() {
        let clear = [&AS_PROPOSED[..], &[("vide", "4")]].concat();

        let after = decide(&plan(), &Decisions::default(), &clear);
        let mut cleared = plan();
        cleared.sheets[0].columns[2].blank = Blank::Clear;
        let back = decide(&cleared, &after, &AS_PROPOSED);

        assert_eq!(after.blanks, [(id("url"), Blank::Clear)].into());
        assert_eq!(back.blanks, [(id("url"), Blank::Keep)].into());
    }

    #[test]
    fn another_header_forgets_what_was_said_of_the_columns_of_this_one() {
        let before = decide(&plan(), &Decisions::default(), &[("onglet", "0"), ("m0", "-")]);
        let form = [&AS_PROPOSED[..], &[("titres", "3"), ("m4", "-")]].concat();

        let after = decide(&plan(), &before, &form);

        assert_eq!(after.sheets["Avril"].header_line, Some(3));
        assert_eq!(after.sheets["Avril"].mapping.len(), 0);
    }

    #[test]
    fn words_that_are_no_column_send_nothing_anywhere() {
        for word in ["", "=", "=É", "x", "éa", "=../x", "-x"] {
            let form = [&AS_PROPOSED[..3], &[("m0", word)]].concat();
            assert_eq!(
                decide(&plan(), &Decisions::default(), &form),
                Decisions::default(),
                "{word}"
            );
        }
    }
}
