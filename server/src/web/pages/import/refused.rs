//! Why a file was not read, in one sentence, and what helps, in another.

use serde::Serialize;
use tablee_domain::import::grid::column_letters;
use tablee_exchange::FileError;
use tablee_exchange::read::Excess;

use crate::i18n::{self, Locale, t};
use crate::importing::Failure;
use crate::wording::one_line;

/// Longer names of sheets and parts are cut.
const LONGEST: usize = 60;

/// The sentences about a file that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: String,
    /// What helps.
    pub help: String,
}

impl Refusal {
    /// The sentences for an error.
    pub fn of(locale: Locale, error: &FileError) -> Self {
        let why = match error {
            FileError::Empty => t(locale, "import.refused.empty", &[]).into_owned(),
            FileError::Encrypted => t(locale, "import.refused.encrypted", &[]).into_owned(),
            FileError::TooLarge(excess) => sentence(&excess_words(locale, *excess)),
            FileError::NotAWorkbook(lookalike) => variant(locale, "lookalike", lookalike),
            FileError::Stopped(stop) => variant(locale, "stop", stop),
            FileError::Damaged { part, cause } => {
                let (part, cause) = (name(part), variant(locale, "damage", cause));
                let args = [("part", part.as_str()), ("cause", &cause)];
                t(locale, "import.refused.damaged", &args).into_owned()
            }
            FileError::At { sheet, row, column, cause } => {
                let cell = format!("{}{row}", column_letters(*column));
                let (sheet, cause) = (name(sheet), excess_words(locale, *cause));
                let args = [("sheet", sheet.as_str()), ("cell", &cell), ("cause", &cause)];
                t(locale, "import.refused.at-cell", &args).into_owned()
            }
        };
        let help = t(locale, &format!("import.refused.help.{}", error.key()), &[]).into_owned();
        Self { why, help }
    }

    /// The sentences for what is kept of a failure; general ones for what is no fault of the file.
    pub fn of_failure(locale: Locale, failure: Option<&Failure>) -> Self {
        if let Some(Failure::File(error)) = failure {
            return Self::of(locale, error);
        }
        Self {
            why: t(locale, "import.refused.unknown", &[]).into_owned(),
            help: t(locale, "import.refused.help.again", &[]).into_owned(),
        }
    }
}

fn name(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A clause becomes a sentence of its own.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// The text about a variant without fields, by the word under which it is stored.
fn variant(locale: Locale, group: &str, variant: &impl Serialize) -> String {
    let word = serde_json::to_value(variant).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or("unknown");
    text_of(locale, group, word).into_owned()
}

/// A reason that is newer than the texts is told in general.
fn text_of(locale: Locale, group: &str, word: &str) -> std::borrow::Cow<'static, str> {
    let key = format!("import.refused.{group}.{word}");
    let text = t(locale, &key, &[]);
    if text == key { t(locale, &format!("import.refused.{group}.unknown"), &[]) } else { text }
}

fn excess_words(locale: Locale, excess: Excess) -> String {
    let json = serde_json::to_value(excess).unwrap_or_default();
    let found = json.as_object().and_then(|fields| fields.iter().next());
    let Some((word, most)) = found else {
        return text_of(locale, "excess", "unknown").into_owned();
    };
    let most = most.as_u64().unwrap_or_default();
    let shown = match excess {
        Excess::File(_)
        | Excess::Part(_)
        | Excess::Unpacked(_)
        | Excess::Styles(_)
        | Excess::Text(_) => most >> 20,
        Excess::CellText(_) => most >> 10,
        _ => most,
    };
    let n = i18n::number(locale, shown as f64);
    let text = text_of(locale, "excess", word);
    text.replace("{n}", &n)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tablee_exchange::read::{Damage, Lookalike, Stop};

    use super::*;

    fn errors() -> Vec<FileError> {
        let excesses = [
            Excess::File(20 << 20),
            Excess::Parts(512),
            Excess::Part(64 << 20),
            Excess::Unpacked(128 << 20),
            Excess::Styles(16 << 20),
            Excess::Sheets(50),
            Excess::Rows(60_000),
            Excess::Columns(256),
            Excess::Cells(3_000_000),
            Excess::CellText(64 << 10),
            Excess::Text(128 << 20),
            Excess::Merges(20_000),
            Excess::Links(20_000),
            Excess::WideLinks(200),
            Excess::Notes(20_000),
        ];
        let lookalikes = [
            Lookalike::OldOffice,
            Lookalike::OpenDocument,
            Lookalike::Binary,
            Lookalike::Macros,
            Lookalike::Archive,
            Lookalike::Pdf,
            Lookalike::Markup,
            Lookalike::Other,
        ];
        let damages = [
            Damage::Archive,
            Damage::Missing,
            Damage::Xml,
            Damage::Doctype,
            Damage::FalseCount,
            Damage::Address,
            Damage::Order,
            Damage::TwoSheetsOneName,
            Damage::MissingText,
        ];
        let at = |cause| FileError::At { sheet: "Avril".into(), row: 7, column: 2, cause };
        let damaged = |cause| FileError::Damaged { part: "xl/workbook.xml".into(), cause };
        let stops = [Stop::Time, Stop::Memory, Stop::Volume, Stop::Crash];
        let mut all = vec![FileError::Empty, FileError::Encrypted];
        all.extend(excesses.map(FileError::TooLarge));
        all.extend(lookalikes.map(FileError::NotAWorkbook));
        all.extend(damages.map(damaged));
        all.extend(stops.map(FileError::Stopped));
        all.push(at(Excess::CellText(64 << 10)));
        all
    }

    #[test]
    fn each_reason_to_refuse_a_file_has_its_own_sentence_and_a_help() {
        for locale in Locale::ALL {
            let told: Vec<Refusal> = errors().iter().map(|it| Refusal::of(locale, it)).collect();

            let different: BTreeSet<&str> = told.iter().map(|it| it.why.as_str()).collect();
            assert_eq!(different.len(), told.len(), "{told:#?}");
            for Refusal { why, help } in &told {
                assert!(why.ends_with('.') && help.ends_with('.'), "{why} {help}");
                assert!(!why.contains("import.") && !help.contains("import."), "{why} {help}");
                assert!(!why.contains(['{', '}']), "{why}");
            }
        }
    }

    #[test]
    fn the_cell_and_the_limit_are_named_as_people_name_them() {
        let at = FileError::At {
            sheet: "Avril\u{202e}".into(),
            row: 7,
            column: 2,
            cause: Excess::CellText(64 << 10),
        };

        assert_eq!(
            Refusal::of(Locale::Fr, &at).why,
            "Onglet «\u{a0}Avril\u{a0}», cellule C7\u{a0}: une cellule contient plus de 64 ko de texte."
        );
        assert_eq!(
            Refusal::of(Locale::Fr, &FileError::TooLarge(Excess::Rows(60_000))).why,
            "Un onglet dépasse la ligne 60\u{202f}000."
        );
    }

    #[test]
    fn a_fault_of_ours_is_still_a_sentence() {
        assert_eq!(
            Refusal::of_failure(Locale::Fr, Some(&Failure::Table)).why,
            "Le fichier n’a pas pu être lu."
        );
    }
}
