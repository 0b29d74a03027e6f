//! Why a file was not read: one clear sentence each.

use serde::{Deserialize, Serialize};
use tablee_domain::import::grid::column_letters;

/// Why a file was not read. It crosses the pipe of the child process as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More of something than we accept.
    #[error("the file is too large: {0}")]
    TooLarge(Excess),
    /// Not a file that we read, by what it seems to be.
    #[error("{0}")]
    NotAWorkbook(Lookalike),
    /// It opens with a password.
    #[error("the workbook is protected by a password: save it without one")]
    Encrypted,
    /// It begins like a workbook, but a part of it cannot be read.
    #[error("the workbook is damaged: `{part}` {cause}")]
    Damaged {
        /// The part of the archive.
        part: String,
        /// What is wrong with it.
        cause: Damage,
    },
    /// One cell that must stop the reading.
    #[error("sheet `{sheet}`, cell {}{row}: {cause}", column_letters(*.column))]
    At {
        /// The name on the sheet's tab.
        sheet: String,
        /// The row, from 1.
        row: u32,
        /// The column, from 0.
        column: u32,
        /// What is wrong there.
        cause: Excess,
    },
    /// The reader did not come to an end.
    #[error("the file could not be read: {0}")]
    Stopped(Stop),
}

impl FileError {
    /// The name under which the interface keeps its sentence about this.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge(_) => "too-large",
            Self::NotAWorkbook(_) => "not-a-workbook",
            Self::Encrypted => "encrypted",
            Self::Damaged { .. } => "damaged",
            Self::At { .. } => "at-cell",
            Self::Stopped(_) => "stopped",
        }
    }
}

/// What there is too much of, with what we accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Excess {
    /// Bytes of the file.
    #[error("more than {} MiB", .0 >> 20)]
    File(u64),
    /// Parts of the archive.
    #[error("more than {0} parts in its archive")]
    Parts(usize),
    /// Bytes of one part.
    #[error("a part of its archive unpacks to more than {} MiB", .0 >> 20)]
    Part(u64),
    /// Bytes of all parts.
    #[error("its archive unpacks to more than {} MiB", .0 >> 20)]
    Unpacked(u64),
    /// Bytes of the styles.
    #[error("its styles unpack to more than {} MiB", .0 >> 20)]
    Styles(u64),
    /// Sheets.
    #[error("more than {0} sheets")]
    Sheets(usize),
    /// A row beyond the last that we take.
    #[error("a cell beyond row {0}")]
    Rows(u32),
    /// A column beyond the last that we take.
    #[error("a cell beyond column {}", column_letters(.0.saturating_sub(1)))]
    Columns(u32),
    /// Cells in all.
    #[error("more than {0} cells")]
    Cells(usize),
    /// Cells that hold something, in all.
    #[error("more than {0} filled cells")]
    Filled(usize),
    /// Text in one cell.
    #[error("more than {} KiB of text in one cell", .0 >> 10)]
    CellText(usize),
    /// Text in all cells.
    #[error("more than {} MiB of text", .0 >> 20)]
    Text(usize),
    /// Merged ranges of a sheet.
    #[error("more than {0} merged ranges in one sheet")]
    Merges(usize),
    /// Links of a sheet.
    #[error("more than {0} links in one sheet")]
    Links(usize),
    /// Links of a sheet that hang on several cells each.
    #[error("more than {0} links over several cells in one sheet")]
    WideLinks(usize),
    /// Notes of a sheet.
    #[error("more than {0} notes in one sheet")]
    Notes(usize),
}

/// What a file that we do not read seems to be, and what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lookalike {
    /// A document of Office before 2007, but no workbook.
    #[error(
        "the file is a document of old Office, but not a workbook: give an .xlsx, .ods or .csv"
    )]
    OldOffice,
    /// `.xls` of Excel before 1997.
    #[error("the workbook is in the format of Excel before 1997: save it as .xlsx")]
    OldExcel,
    /// `.odt` and others of its family, but not `.ods`.
    #[error("the file is an OpenDocument, but not a workbook: give an .ods, .xlsx or .csv")]
    OpenDocument,
    /// `.xlsb`.
    #[error("the file is a binary workbook (.xlsb): save it as .xlsx")]
    Binary,
    /// `.xlsm`.
    #[error("the workbook holds macros: save it as .xlsx, without macros")]
    Macros,
    /// An archive of something else, such as a text document.
    #[error("the file is an archive, but not a workbook")]
    Archive,
    /// A PDF document.
    #[error("the file is a PDF: give the workbook it was printed from")]
    Pdf,
    /// A web page, such as a table that was saved with a name in `.xls`.
    #[error("the file is a web page or XML, not a workbook: save it as .xlsx")]
    Markup,
    /// Anything else.
    #[error("the file is neither a workbook (.xlsx) nor a table of text (.csv)")]
    Other,
}

/// What is wrong with a part of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// The archive ends early, or its sums are wrong.
    #[error("cannot be unpacked")]
    Archive,
    /// It is named by another part, and not there.
    #[error("is missing")]
    Missing,
    /// It is not the XML that it should be.
    #[error("is not well formed")]
    Xml,
    /// It declares entities. No spreadsheet does; those who want to read our files do.
    #[error("declares a document type, which no spreadsheet does")]
    Doctype,
    /// It ends in the middle of something.
    #[error("is cut off")]
    CutOff,
    /// It says that it holds more things than it has bytes.
    #[error("announces more than it holds")]
    FalseCount,
    /// A cell has an address that no spreadsheet has.
    #[error("has a cell without a proper address")]
    Address,
    /// Rows do not come in their order.
    #[error("has rows that are not in their order")]
    Order,
    /// Two sheets have one name.
    #[error("names two sheets alike")]
    TwoSheetsOneName,
    /// A cell names a shared text that is not there.
    #[error("names a text that is not there")]
    MissingText,
}

/// How the process that read a file ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// It used its time.
    #[error("it takes too long")]
    Time,
    /// It asked for more memory than it may have.
    #[error("it needs too much memory")]
    Memory,
    /// It gave more than we take in.
    #[error("it holds too much")]
    Volume,
    /// It stopped for another reason.
    #[error("the reader stopped")]
    Crash,
}
