//! What a proposal asks for, in words.

use std::collections::BTreeSet;

use tablee_domain::proposal::{Kind, Payload};
use tablee_domain::table::{Columns, Plain};

use super::sheet::REASONS;
use crate::i18n::{Locale, t};
use crate::wording::{Words, label, one_line, words};

/// One thing that is asked for.
#[derive(Debug, Clone)]
pub struct Line {
    /// The name of the column.
    pub label: String,
    /// What it would say; none where it would be emptied.
    pub words: Option<Words>,
    /// The author's own words beside.
    pub said: Option<String>,
    /// What it said when the form was opened, where that is shown.
    pub was: Option<String>,
}

/// What a proposal asks for, in the order of the columns.
pub fn lines(locale: Locale, columns: &Columns, payload: &Payload) -> Vec<Line> {
    if payload.kind == Kind::Removal {
        return reason(locale, payload.reason.as_deref().unwrap_or_default());
    }
    let touched: BTreeSet<&str> =
        payload.cells.keys().map(|key| key.strip_suffix("~said").unwrap_or(key)).collect();
    let told = columns.iter().filter(|column| touched.contains(column.id.as_str())).map(|column| {
        let id = column.id.as_str();
        let said_key = format!("{id}~said");
        let said = payload.cells.get(&said_key).and_then(Plain::as_text).map(in_one_line);
        let value = payload.cells.get(id);
        let base = payload.base.get(id).and_then(|value| words(locale, column, value));
        let base_said = payload.base.get(&said_key).and_then(Plain::as_text).map(one_line);
        let was = (payload.kind == Kind::Correction).then(|| {
            base.map(|words| words.in_one_line())
                .or(base_said)
                .unwrap_or_else(|| t(locale, "propose.empty", &[]).into_owned())
        });
        let read = value.and_then(|value| words(locale, column, value));
        let is_more = read.as_ref().map(Words::in_one_line) != said;
        Line {
            label: label(locale, &column.label),
            words: read,
            said: said.filter(|said| !said.is_empty() && is_more),
            was,
        }
    });
    told.collect()
}

/// Own words on one line, the lines of a list apart.
fn in_one_line(said: &str) -> String {
    let lines = said.lines().map(one_line).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ; ")
}

fn reason(locale: Locale, reason: &str) -> Vec<Line> {
    let (option, more) = reason.split_once(' ').unwrap_or((reason, ""));
    let label = |key: &str| t(locale, key, &[]).into_owned();
    let mut lines = Vec::new();
    if REASONS.contains(&option) {
        let words = Words::Line(label(&format!("propose.removal.{option}")));
        let label = label("propose.removal.legend");
        lines.push(Line { label, words: Some(words), said: None, was: None });
    }
    if !more.is_empty() {
        let words = Words::Prose(more.split("\n\n").map(str::to_owned).collect());
        let label = label("propose.removal.words");
        lines.push(Line { label, words: Some(words), said: None, was: None });
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use tablee_domain::table::defaults::formations;

    #[test]
    fn a_proposal_is_told_as_its_author_would_say_it() {
        let cells = [
            ("intitule".to_owned(), Plain::from("Débattre")),
            ("type".to_owned(), Plain::from("mooc")),
            ("lieux~said".to_owned(), Plain::from("près de Lyon")),
            ("resume".to_owned(), Plain::Null),
        ];
        let base = BTreeMap::from([("intitule".to_owned(), Plain::from("Debattre"))]);
        let (kind, cells) = (Kind::Correction, cells.into());
        let payload = Payload { kind, row: None, cells, base, reason: None };

        let told = lines(Locale::Fr, &Columns::new(formations()), &payload);

        let labels: Vec<&str> = told.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["Intitulé", "Type de formation", "En une phrase", "Lieux"]);
        assert_eq!(told[0].was.as_deref(), Some("Debattre"));
        assert_eq!((told[2].words.as_ref(), told[2].was.as_deref()), (None, Some("(vide)")));
        assert_eq!(told[3].said.as_deref(), Some("près de Lyon"));
    }

    #[test]
    fn the_reason_of_a_removal_is_told_with_its_words() {
        let payload = Payload {
            kind: Kind::Removal,
            row: None,
            cells: BTreeMap::new(),
            base: BTreeMap::new(),
            reason: Some("closed depuis 2024".to_owned()),
        };

        let told = lines(Locale::Fr, &Columns::default(), &payload);

        let words: Vec<String> =
            told.iter().filter_map(|line| Some(line.words.as_ref()?.in_one_line())).collect();
        assert_eq!(words, ["Elle n’est plus proposée", "depuis 2024"]);
    }
}
