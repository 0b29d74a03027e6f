//! The archive of a workbook: checked as a whole before anything in it is read.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::error::{Damage, Excess, FileError};
use crate::Limits;

/// The parts of a workbook, by name. Nothing is ever written to a disk, so names are only names.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    by_name: HashMap<String, usize>,
}

/// One part, while it comes out of the archive.
pub(super) type Part<'z, 'a> = BufReader<ZipFile<'z, Cursor<&'a [u8]>>>;

impl<'a> Archive<'a> {
    /// Opens an archive and counts what really comes out of it: the sizes that it declares can lie.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, FileError> {
        let mut zip =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("archive", Damage::Archive))?;
        if zip.len() > limits.parts {
            return Err(FileError::TooLarge(Excess::Parts(limits.parts)));
        }
        // Of two parts with one name the archive shows one: which one a person saw, nobody knows.
        if parts_in_its_list(bytes).is_some_and(|listed| listed != zip.len()) {
            return Err(damaged("archive", Damage::Archive));
        }
        let mut by_name = HashMap::new();
        let mut unpacked = 0;
        for index in 0..zip.len() {
            let mut part = zip.by_index(index).map_err(|error| unreadable(&error))?;
            let name = part.name().map_err(|_| damaged("archive", Damage::Archive))?.into_owned();
            unpacked += check(&name, &mut part, limits.unpacked_bytes - unpacked, limits)?;
            by_name.entry(normal(&name)).or_insert(index);
        }
        Ok(Self { zip, by_name })
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&normal(name))
    }

    /// The names of all parts, in small letters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// A part, unpacked as it is read.
    pub(super) fn part(&mut self, name: &str) -> Result<Part<'_, 'a>, FileError> {
        let index =
            *self.by_name.get(&normal(name)).ok_or_else(|| damaged(name, Damage::Missing))?;
        let part = self.zip.by_index(index).map_err(|_| damaged(name, Damage::Archive))?;
        Ok(BufReader::new(part))
    }
}

/// How many parts the end of an archive says that its list has; none where the number is too large for it.
fn parts_in_its_list(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).rposition(|word| word == b"PK\x05\x06")?;
    let count = bytes.get(end + 10..end + 12)?;
    let count = u16::from_le_bytes([count[0], count[1]]);
    (count != u16::MAX).then_some(usize::from(count))
}

/// A fault of a part of the workbook.
pub(super) fn damaged(part: &str, cause: Damage) -> FileError {
    // The name comes from the file: what a person reads of it stays short and on one line.
    let part = part.chars().filter(|c| !c.is_control()).take(80).collect();
    FileError::Damaged { part, cause }
}

/// Names are compared as Windows does; some writers use its slashes.
fn normal(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

fn unreadable(error: &ZipError) -> FileError {
    match error {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            FileError::Encrypted
        }
        _ => damaged("archive", Damage::Archive),
    }
}

/// Unpacks a part once, within the limits, and looks for what no spreadsheet writes. Gives its size.
fn check(name: &str, part: &mut impl Read, left: u64, limits: &Limits) -> Result<u64, FileError> {
    let is_styles = normal(name).ends_with("styles.xml");
    let own = if is_styles { limits.styles_bytes } else { limits.part_bytes };
    let mut unpacked = Vec::new();
    let most = own.min(left) + 1;
    part.take(most).read_to_end(&mut unpacked).map_err(|_| damaged(name, Damage::Archive))?;
    let size = unpacked.len() as u64;
    if size > own {
        let excess = if is_styles { Excess::Styles(own) } else { Excess::Part(own) };
        return Err(FileError::TooLarge(excess));
    }
    if size > left {
        return Err(FileError::TooLarge(Excess::Unpacked(limits.unpacked_bytes)));
    }
    // Drawings may be whole SVG files with a document type; nobody reads them as part of the workbook. The
    // list of parts of an old OpenDocument names one; whoever reads it here knows no entities.
    let may_declare = normal(name).ends_with("svg") || normal(name) == "meta-inf/manifest.xml";
    if !may_declare && declares_a_document_type(&unpacked) {
        return Err(damaged(name, Damage::Doctype));
    }
    if announces_more_than_it_holds(&unpacked) {
        return Err(damaged(name, Damage::FalseCount));
    }
    Ok(size)
}

fn declares_a_document_type(bytes: &[u8]) -> bool {
    positions(bytes, b"<!").any(|at| {
        bytes.get(at + 2..at + 9).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"))
    })
}

/// Whether an attribute `count` or `uniqueCount` is larger than the part. Readers set memory aside for
/// what it says; each thing counted takes more than one byte, so an honest count is never larger.
fn announces_more_than_it_holds(bytes: &[u8]) -> bool {
    positions(bytes, b"ount").any(|at| {
        let before = &bytes[..at];
        let is_name = before.ends_with(b"c") || before.ends_with(b"uniqueC");
        is_name && quoted_number(&bytes[at + 4..]).is_some_and(|count| count > bytes.len() as u64)
    })
}

/// The number in ` = "123"`, if that is how the bytes begin.
fn quoted_number(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let digits: Vec<_> =
        rest.trim_ascii_start().iter().take_while(|byte| byte.is_ascii_digit()).collect();
    if digits.is_empty() {
        return None;
    }
    // Past 64 bits it is larger than any part.
    Some(digits.iter().fold(0_u64, |number, digit| {
        number.saturating_mul(10).saturating_add(u64::from(**digit - b'0'))
    }))
}

/// Where `word` begins in `bytes`.
fn positions<'b>(bytes: &'b [u8], word: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    /// Stretches without its first letter are passed over at the speed of memory.
    const STRETCH: usize = 4_096;
    let first = word[0];
    let stretches = (0..bytes.len()).step_by(STRETCH);
    let worth_a_look = stretches
        .filter(move |from| bytes[*from..bytes.len().min(from + STRETCH)].contains(&first));
    worth_a_look
        .flat_map(move |from| from..bytes.len().min(from + STRETCH))
        .filter(move |at| bytes[*at] == first && bytes[*at..].starts_with(word))
}
