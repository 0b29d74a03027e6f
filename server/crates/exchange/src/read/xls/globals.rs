//! What stands before the sheets: their names, the shared texts, the formats of numbers.

use std::collections::HashMap;

use super::STREAM;
use super::compound::u32_at;
use super::records::{Record, Records, cut_off};
use crate::Limits;
use crate::read::archive::damaged;
use crate::read::clean;
use crate::read::error::{Damage, Excess, FileError, Lookalike};
use crate::read::serial::DayZero;
use crate::read::shown::Format;

/// What the workbook says for all its sheets.
pub(super) struct Globals {
    pub sheets: Vec<Bound>,
    pub texts: Vec<Box<str>>,
    pub zero: DayZero,
    /// By number of the cell's style, that of its format.
    styles: Vec<u16>,
    formats: HashMap<u16, Format>,
}

/// A sheet, as the workbook lists it.
pub(super) struct Bound {
    pub name: String,
    pub hidden: bool,
    /// Charts and programs stand on tabs too.
    pub is_worksheet: bool,
    pub offset: u32,
}

/// The version of the records that Excel writes since 1997.
const SINCE_1997: u16 = 0x0600;

impl Globals {
    /// The format of cells of this style.
    pub(super) fn format(&self, style: u16) -> Option<&Format> {
        self.formats.get(self.styles.get(usize::from(style))?)
    }
}

/// Reads the records up to the first sheet.
pub(super) fn read(stream: &[u8], limits: &Limits) -> Result<Globals, FileError> {
    let mut globals = Globals {
        sheets: Vec::new(),
        texts: Vec::new(),
        zero: DayZero::Of1900,
        styles: Vec::new(),
        formats: built_in(),
    };
    let mut records = Records::new(stream);
    let is_known = match records.next()? {
        Some(Record { kind: 0x0809, data, .. }) => data.starts_with(&SINCE_1997.to_le_bytes()),
        _ => return Err(damaged(STREAM, Damage::CutOff)),
    };
    if !is_known {
        return Err(FileError::NotAWorkbook(Lookalike::OldExcel));
    }
    while let Some(record) = records.next()? {
        match record.kind {
            0x000a => break,
            0x002f => return Err(FileError::Encrypted),
            0x0022 if record.u16(0)? == 1 => globals.zero = DayZero::Of1904,
            0x0085 => {
                if globals.sheets.len() >= limits.sheets * 4 {
                    return Err(FileError::TooLarge(Excess::Sheets(limits.sheets)));
                }
                globals.sheets.push(bound(record)?);
            }
            0x00e0 => globals.styles.push(record.u16(2)?),
            0x041e => {
                let code = record.from(2).text().ok_or_else(cut_off)?;
                globals.formats.insert(record.u16(0)?, format(record.u16(0)?, &code));
            }
            0x00fc => globals.texts = texts(record, limits)?,
            _ => {}
        }
    }
    Ok(globals)
}

fn bound(record: Record<'_>) -> Result<Bound, FileError> {
    let offset = u32_at(record.data, 0).ok_or_else(cut_off)?;
    let mut rest = record.from(4);
    let mut read = || {
        let (state, kind) = (rest.byte()?, rest.byte()?);
        let (count, how) = (rest.byte()?, rest.byte()?);
        Some((state, kind, rest.letters(usize::from(count), how)?))
    };
    let (state, kind, name) = read().ok_or_else(cut_off)?;
    Ok(Bound { name: clean(&name), hidden: state & 3 != 0, is_worksheet: kind == 0, offset })
}

/// The shared texts. How many there are is not believed: each is read.
fn texts(record: Record<'_>, limits: &Limits) -> Result<Vec<Box<str>>, FileError> {
    let count = u32_at(record.data, 4).ok_or_else(cut_off)?;
    let mut rest = record.from(8);
    let mut texts = Vec::new();
    for _ in 0..count {
        // Whoever names one that is not there is told so; many writers count wrong.
        let Some(text) = rest.rich_text() else { break };
        if texts.len() >= limits.cells {
            return Err(FileError::TooLarge(Excess::Cells(limits.cells)));
        }
        texts.push(clean(&text).into_boxed_str());
    }
    Ok(texts)
}

fn format(id: u16, code: &str) -> Format {
    Format::new(code, Some(u32::from(id)))
}

/// The formats that every workbook has without saying so.
fn built_in() -> HashMap<u16, Format> {
    let codes = [
        (1, "0"),
        (2, "0.00"),
        (3, "#,##0"),
        (4, "#,##0.00"),
        (5, ""),
        (6, ""),
        (7, ""),
        (8, ""),
        (9, "0%"),
        (10, "0.00%"),
        (11, "0.00E+00"),
        (12, "# ?/?"),
        (13, "# ??/??"),
        (14, ""),
        (15, "d\\-mmm\\-yy"),
        (16, "d\\-mmm"),
        (17, "mmm\\-yy"),
        (18, "h:mm AM/PM"),
        (19, "h:mm:ss AM/PM"),
        (20, "h:mm"),
        (21, "h:mm:ss"),
        (22, ""),
        (37, "#,##0;-#,##0"),
        (38, "#,##0;-#,##0"),
        (39, "#,##0.00;-#,##0.00"),
        (40, "#,##0.00;-#,##0.00"),
        (41, "#,##0"),
        (42, ""),
        (43, "#,##0.00"),
        (44, ""),
        (45, "mm:ss"),
        (46, "[h]:mm:ss"),
        (47, "mm:ss"),
        (48, "0.0E+0"),
        (49, "@"),
    ];
    codes.into_iter().map(|(id, code)| (id, format(id, code))).collect()
}
