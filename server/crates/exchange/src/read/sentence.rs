//! What people are told about a file that was not read: one sentence each, with what helps.

use tablee_domain::import::grid::column_letters;
use tablee_domain::offer::display::Language;

use super::error::{Damage, Excess, FileError, Lookalike, Stop};

impl FileError {
    /// One sentence for people: what is the matter, and what helps.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::French => french(&self.in_french()),
            Language::English => self.in_english(),
        }
    }

    fn in_french(&self) -> String {
        match self {
            Self::Empty => "Ce fichier est vide : choisissez celui qui contient votre liste.".to_owned(),
            Self::TooLarge(excess) => too_large_fr(*excess),
            Self::NotAWorkbook(lookalike) => not_a_workbook_fr(*lookalike).to_owned(),
            Self::Encrypted => "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe, puis réessayez.".to_owned(),
            Self::Damaged { part, cause } => format!(
                "Ce classeur est abîmé (« {part} » {}) : ouvrez-le dans votre tableur, enregistrez-le à nouveau au format .xlsx, puis réessayez.",
                damage_fr(*cause)
            ),
            Self::At { sheet, row, column, cause } => {
                let place = format!("Dans l'onglet « {sheet} », la cellule {}{row}", column_letters(*column));
                match cause {
                    Excess::Rows(last) => format!("{place} est au-delà de la ligne {} : supprimez les lignes qui ne servent pas, ou partagez la liste en plusieurs fichiers.", grouped(*last)),
                    Excess::Columns(last) => format!("{place} est au-delà de la colonne {} : supprimez les colonnes qui ne servent pas.", column_letters(last.saturating_sub(1))),
                    Excess::CellText(bytes) => format!("{place} contient plus de {} Ko de texte : raccourcissez-la, ou vérifiez qu'il n'y manque pas un guillemet fermant.", bytes >> 10),
                    other => too_large_fr(*other),
                }
            }
            Self::Stopped(stop) => match stop {
                Stop::Time => "La lecture de ce fichier prend trop de temps : copiez seulement votre tableau dans un nouveau classeur, puis réessayez.",
                Stop::Memory => "La lecture de ce fichier demande trop de mémoire : copiez seulement votre tableau dans un nouveau classeur, puis réessayez.",
                Stop::Volume => "Ce fichier contient trop de choses : partagez la liste en plusieurs fichiers.",
                Stop::Crash => "Ce fichier n'a pas pu être lu : ouvrez-le dans votre tableur, enregistrez-le à nouveau au format .xlsx, puis réessayez.",
            }
            .to_owned(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Empty => "This file is empty: choose the one that holds your list.".to_owned(),
            Self::TooLarge(excess) => too_large_en(*excess),
            Self::NotAWorkbook(lookalike) => not_a_workbook_en(*lookalike).to_owned(),
            Self::Encrypted => "This workbook is protected by a password: save it without one, then try again.".to_owned(),
            Self::Damaged { part, cause } => format!(
                "This workbook is damaged (“{part}” {cause}): open it in your spreadsheet program, save it again as .xlsx, then try again."
            ),
            Self::At { sheet, row, column, cause } => {
                let place = format!("On the sheet “{sheet}”, cell {}{row}", column_letters(*column));
                match cause {
                    Excess::Rows(last) => format!("{place} is beyond row {last}: delete the rows that are not needed, or split the list into several files."),
                    Excess::Columns(last) => format!("{place} is beyond column {}: delete the columns that are not needed.", column_letters(last.saturating_sub(1))),
                    Excess::CellText(bytes) => format!("{place} holds more than {} KB of text: shorten it, or check that no closing quotation mark is missing.", bytes >> 10),
                    other => too_large_en(*other),
                }
            }
            Self::Stopped(stop) => match stop {
                Stop::Time => "Reading this file takes too long: copy just your table into a new workbook, then try again.",
                Stop::Memory => "Reading this file needs too much memory: copy just your table into a new workbook, then try again.",
                Stop::Volume => "This file holds too much: split the list into several files.",
                Stop::Crash => "This file could not be read: open it in your spreadsheet program, save it again as .xlsx, then try again.",
            }
            .to_owned(),
        }
    }
}

fn too_large_fr(excess: Excess) -> String {
    match excess {
        Excess::File(bytes) => format!(
            "Ce fichier dépasse {} Mo : enregistrez-le sans ses images, ou partagez la liste en plusieurs fichiers.",
            bytes >> 20
        ),
        Excess::Parts(most) => format!(
            "Ce classeur est fait de plus de {most} éléments (images, objets…) : copiez seulement votre tableau dans un nouveau classeur."
        ),
        Excess::Part(bytes) | Excess::Unpacked(bytes) => format!(
            "Décompressé, ce classeur dépasse {} Mo : copiez seulement votre tableau dans un nouveau classeur.",
            bytes >> 20
        ),
        Excess::Styles(bytes) => format!(
            "Les mises en forme de ce classeur dépassent {} Mo : collez les valeurs de votre tableau, sans leur mise en forme, dans un nouveau classeur.",
            bytes >> 20
        ),
        Excess::Sheets(most) => format!(
            "Ce classeur a plus de {most} onglets : supprimez ceux qui ne servent pas à l'inventaire."
        ),
        Excess::Rows(last) => format!(
            "Ce fichier a plus de {} lignes : partagez la liste en plusieurs fichiers.",
            grouped(last)
        ),
        Excess::Columns(last) => {
            format!("Ce fichier a plus de {last} colonnes : supprimez celles qui ne servent pas.")
        }
        Excess::Cells(most) => format!(
            "Ce classeur a plus de {} cellules, vides comprises : copiez seulement votre tableau dans un nouveau classeur.",
            grouped(most)
        ),
        Excess::Filled(most) => format!(
            "Ce fichier a plus de {} cellules remplies : partagez la liste en plusieurs fichiers.",
            grouped(most)
        ),
        Excess::CellText(bytes) => {
            format!("Une cellule contient plus de {} Ko de texte : raccourcissez-la.", bytes >> 10)
        }
        Excess::Text(bytes) => format!(
            "Ce fichier contient plus de {} Mo de texte : partagez la liste en plusieurs fichiers.",
            bytes >> 20
        ),
        Excess::Merges(most) => format!(
            "Un onglet a plus de {} groupes de cellules fusionnées : annulez ces fusions, puis réessayez.",
            grouped(most)
        ),
        Excess::Links(most) => format!(
            "Un onglet a plus de {} liens : partagez la liste en plusieurs fichiers.",
            grouped(most)
        ),
        Excess::WideLinks(most) => format!(
            "Un onglet a plus de {most} liens posés sur plusieurs cellules à la fois : posez chaque lien sur une seule cellule."
        ),
        Excess::Notes(most) => format!(
            "Un onglet a plus de {} commentaires : supprimez-les, puis réessayez.",
            grouped(most)
        ),
    }
}

fn too_large_en(excess: Excess) -> String {
    match excess {
        Excess::File(bytes) => format!(
            "This file is larger than {} MB: save it without its pictures, or split the list into several files.",
            bytes >> 20
        ),
        Excess::Parts(most) => format!(
            "This workbook is made of more than {most} parts (pictures, objects…): copy just your table into a new workbook."
        ),
        Excess::Part(bytes) | Excess::Unpacked(bytes) => format!(
            "Unpacked, this workbook is larger than {} MB: copy just your table into a new workbook.",
            bytes >> 20
        ),
        Excess::Styles(bytes) => format!(
            "The formatting of this workbook takes more than {} MB: paste the values of your table, without their formatting, into a new workbook.",
            bytes >> 20
        ),
        Excess::Sheets(most) => format!(
            "This workbook has more than {most} sheets: delete those that the inventory does not need."
        ),
        Excess::Rows(last) => {
            format!("This file has more than {last} rows: split the list into several files.")
        }
        Excess::Columns(last) => {
            format!("This file has more than {last} columns: delete those that are not needed.")
        }
        Excess::Cells(most) => format!(
            "This workbook has more than {most} cells, empty ones included: copy just your table into a new workbook."
        ),
        Excess::Filled(most) => format!(
            "This file has more than {most} filled cells: split the list into several files."
        ),
        Excess::CellText(bytes) => {
            format!("A cell holds more than {} KB of text: shorten it.", bytes >> 10)
        }
        Excess::Text(bytes) => format!(
            "This file holds more than {} MB of text: split the list into several files.",
            bytes >> 20
        ),
        Excess::Merges(most) => {
            format!("A sheet has more than {most} merged ranges: unmerge them, then try again.")
        }
        Excess::Links(most) => {
            format!("A sheet has more than {most} links: split the list into several files.")
        }
        Excess::WideLinks(most) => format!(
            "A sheet has more than {most} links that lie on several cells each: put each link on one cell."
        ),
        Excess::Notes(most) => {
            format!("A sheet has more than {most} comments: delete them, then try again.")
        }
    }
}

fn not_a_workbook_fr(lookalike: Lookalike) -> &'static str {
    match lookalike {
        Lookalike::OldOffice => {
            "Ce fichier est un document d'un ancien Office, mais pas un classeur : donnez un fichier .xlsx, .ods, .xls ou .csv."
        }
        Lookalike::OldExcel => {
            "Ce classeur date d'avant Excel 97 : enregistrez-le au format .xlsx, puis réessayez."
        }
        Lookalike::OpenDocument => {
            "Ce fichier est un document OpenDocument, mais pas un classeur : donnez un fichier .ods, .xlsx, .xls ou .csv."
        }
        Lookalike::Binary => {
            "Ce classeur est au format binaire (.xlsb) : enregistrez-le au format .xlsx, puis réessayez."
        }
        Lookalike::Macros => {
            "Ce classeur contient des macros : enregistrez-le au format .xlsx, sans macros, puis réessayez."
        }
        Lookalike::Archive => {
            "Ce fichier est une archive ou un document, mais pas un classeur : donnez un fichier .xlsx, .ods, .xls ou .csv."
        }
        Lookalike::Pdf => "Ce fichier est un PDF : donnez le classeur dont il est tiré.",
        Lookalike::Markup => {
            "Ce fichier est une page web, même si son nom dit autre chose : ouvrez-le dans un tableur et enregistrez-le au format .xlsx."
        }
        Lookalike::Other => {
            "Ce fichier n'est ni un classeur (.xlsx, .ods, .xls) ni un tableau de texte (.csv, .tsv) : vérifiez que c'est le bon."
        }
    }
}

fn not_a_workbook_en(lookalike: Lookalike) -> &'static str {
    match lookalike {
        Lookalike::OldOffice => {
            "This file is a document of an old Office, but not a workbook: give an .xlsx, .ods, .xls or .csv file."
        }
        Lookalike::OldExcel => {
            "This workbook is older than Excel 97: save it as .xlsx, then try again."
        }
        Lookalike::OpenDocument => {
            "This file is an OpenDocument, but not a workbook: give an .ods, .xlsx, .xls or .csv file."
        }
        Lookalike::Binary => {
            "This workbook is in the binary format (.xlsb): save it as .xlsx, then try again."
        }
        Lookalike::Macros => {
            "This workbook holds macros: save it as .xlsx, without macros, then try again."
        }
        Lookalike::Archive => {
            "This file is an archive or a document, but not a workbook: give an .xlsx, .ods, .xls or .csv file."
        }
        Lookalike::Pdf => "This file is a PDF: give the workbook that it was printed from.",
        Lookalike::Markup => {
            "This file is a web page, whatever its name says: open it in a spreadsheet program and save it as .xlsx."
        }
        Lookalike::Other => {
            "This file is neither a workbook (.xlsx, .ods, .xls) nor a table of text (.csv, .tsv): check that it is the right one."
        }
    }
}

fn damage_fr(cause: Damage) -> &'static str {
    match cause {
        Damage::Archive => "ne peut pas être décompressé",
        Damage::Missing => "manque",
        Damage::Xml => "est mal formé",
        Damage::Doctype => "déclare un type de document, ce qu'aucun tableur ne fait",
        Damage::CutOff => "est coupé",
        Damage::FalseCount => "annonce plus qu'il ne contient",
        Damage::Address => "a une cellule sans adresse valable",
        Damage::Order => "a des lignes dans le désordre",
        Damage::TwoSheetsOneName => "donne le même nom à deux onglets",
        Damage::MissingText => "renvoie à un texte qui n'y est pas",
    }
}

/// `60 000`, or as it is below a thousand.
fn grouped(number: impl std::fmt::Display + Copy) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// The spaces and apostrophes of French, which the sentences above leave out to stay readable.
fn french(sentence: &str) -> String {
    let sentence =
        sentence.replace(" :", "\u{a0}:").replace("« ", "«\u{a0}").replace(" »", "\u{a0}»");
    sentence.replace(" Mo", "\u{a0}Mo").replace(" Ko", "\u{a0}Ko").replace('\'', "’")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_is_the_matter_and_what_helps() {
        let cell = FileError::At {
            sheet: "Courtes".into(),
            row: 60_001,
            column: 1,
            cause: Excess::Rows(60_000),
        };

        assert_eq!(
            FileError::Encrypted.sentence(Language::French),
            "Ce classeur est protégé par un mot de passe\u{a0}: enregistrez-le sans mot de passe, puis réessayez."
        );
        assert_eq!(
            cell.sentence(Language::French),
            "Dans l’onglet «\u{a0}Courtes\u{a0}», la cellule B60001 est au-delà de la ligne 60\u{202f}000\u{a0}: supprimez les lignes qui ne servent pas, ou partagez la liste en plusieurs fichiers."
        );
        assert_eq!(
            FileError::TooLarge(Excess::File(20 << 20)).sentence(Language::English),
            "This file is larger than 20 MB: save it without its pictures, or split the list into several files."
        );
    }
}
