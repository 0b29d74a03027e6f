//! Tables of text (`.csv`, `.tsv`): what separates the cells and how letters are kept is found out, and told.

use csv::{ReaderBuilder, StringRecord};
use tablee_domain::import::grid::{FileKind, RawCell, RawRow, ReadAs};

use super::error::{FileError, Lookalike};
use super::letters::decoded;
use super::meter::Meter;
use super::{Piece, Take, clean};
use crate::Limits;
use crate::write::guard::unguarded;

/// What may stand between cells; where several fit alike, the first: French spreadsheets write `;`.
const SEPARATORS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// Rows that are looked at to find the separator.
const LOOKED_AT: usize = 100;
/// The name of the one sheet of such a file.
const SHEET: &str = "csv";

/// How the cells of a text stand apart.
#[derive(Debug, Clone, Copy)]
struct Layout {
    separator: u8,
    /// Quotation marks hold cells together. They do not where one of them is never closed: it would
    /// swallow the rest of the file.
    quotes: bool,
}

/// Reads a table of text, row by row.
pub(super) fn read(bytes: &[u8], limits: &Limits, take: Take<'_>) -> Result<(), FileError> {
    let (text, encoding) = decoded(bytes)?;
    if text.trim().is_empty() {
        return Err(FileError::Empty);
    }
    // One kind of line ends, so that rows are counted as a spreadsheet counts them.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (named, text, first) = match announced(&text) {
        Some((separator, rest)) => (Some(separator), rest, 2),
        None => (None, text.as_str(), 1),
    };
    let layout = Layout::of(text, named);
    let separates = named.is_some() || agreement(text, layout).0 > 0;
    take(Piece::Book(ReadAs {
        kind: FileKind::Csv,
        encoding: Some(encoding),
        separator: separates.then(|| char::from(layout.separator)),
        unclosed_quote: !layout.quotes,
    }))?;
    take(Piece::Sheet { name: SHEET.to_owned(), hidden: false })?;
    read_rows(text, layout, first, limits, take)?;
    take(Piece::EndOfSheet { merges: vec![], notes: vec![], hidden_columns: vec![] })
}

fn read_rows(
    text: &str,
    layout: Layout,
    first: u32,
    limits: &Limits,
    take: Take<'_>,
) -> Result<(), FileError> {
    let mut meter = Meter::new(limits);
    let mut reader = layout.records(text);
    let mut record = StringRecord::new();
    let mut number = first - 1;
    let mut start = 0;
    while reader.read_record(&mut record).map_err(|_| FileError::NotAWorkbook(Lookalike::Other))? {
        let end = reader.position().byte() as usize;
        // The reader skips empty lines; a spreadsheet counts them.
        let empty = text.as_bytes()[start..end].iter().take_while(|byte| **byte == b'\n').count();
        start = end;
        number = number.saturating_add(1 + empty as u32);
        let row = row(number, &record, &mut meter)?;
        if !row.cells.is_empty() {
            take(Piece::Row(row))?;
        }
    }
    Ok(())
}

fn row(number: u32, record: &StringRecord, meter: &mut Meter<'_>) -> Result<RawRow, FileError> {
    let mut row = RawRow { number, ..RawRow::default() };
    for (column, words) in (0..).zip(record.iter()) {
        meter.walk()?;
        if !words.is_empty() {
            let cell = RawCell::text(column, clean(unguarded(words)));
            meter.keep(SHEET, number, &cell)?;
            row.cells.push(cell);
        }
    }
    Ok(row)
}

impl Layout {
    /// How this text is laid out; `named` where it names its separator itself.
    fn of(text: &str, named: Option<u8>) -> Self {
        let with = |quotes| match named {
            Some(separator) => Self { separator, quotes },
            None => Self::best(text, quotes),
        };
        let quoted = with(true);
        if closes_its_quotes(text, quoted.separator) { quoted } else { with(false) }
    }

    /// The separator on which most rows agree.
    fn best(text: &str, quotes: bool) -> Self {
        let layouts = SEPARATORS.map(|separator| Self { separator, quotes });
        // Of equals the last is taken, and the first is meant.
        let best = layouts.into_iter().rev().max_by_key(|layout| agreement(text, *layout));
        best.unwrap_or(layouts[0])
    }

    fn records(self, text: &str) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .delimiter(self.separator)
            .quoting(self.quotes)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
    }
}

/// How many of the first rows this layout divides, and how many of those have the same width.
fn agreement(text: &str, layout: Layout) -> (usize, usize) {
    let widths: Vec<usize> = layout
        .records(text)
        .records()
        .take(LOOKED_AT)
        .filter_map(Result::ok)
        .map(|record| record.len())
        .filter(|width| *width > 1)
        .collect();
    let agreeing = |width: usize| widths.iter().filter(|other| **other == width).count();
    let most = widths.iter().map(|width| agreeing(*width)).max().unwrap_or_default();
    (widths.len(), most)
}

/// The separator that Excel's own first line `sep=;` names, and the text after that line.
fn announced(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_matches('"');
    let named =
        line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match named.as_bytes() {
        [separator] if *separator == b'\t' || separator.is_ascii_punctuation() => {
            Some((*separator, rest))
        }
        _ => None,
    }
}

/// Whether each quotation mark that opens a cell has one that closes it.
fn closes_its_quotes(text: &str, separator: u8) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted => quoted = bytes.next_if_eq(&b'"').is_some(),
            b'"' if at_start => quoted = true,
            _ => {}
        }
        at_start = !quoted && (byte == separator || byte == b'\n');
    }
    !quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separator(text: &str) -> char {
        char::from(Layout::of(text, None).separator)
    }

    #[test]
    fn the_separator_is_the_one_on_which_rows_agree() {
        assert_eq!(separator("Intitulé;Prix\nAnimer;1,5\nDébattre;2,5\n"), ';');
        assert_eq!(separator("1,5;2,5;3\n1,5;2,5;3\n"), ';');
        assert_eq!(separator("Intitulé,Prix\n\"a;b\",1\n\"c;d\",2\n"), ',');
        assert_eq!(separator("Intitulé\tPrix\nle 2, le 3; le 4\t1\nle 5, le 6\t2\n"), '\t');
        assert_eq!(separator("Intitulé|Prix\na, b|1\nc|2\n"), '|');
        assert_eq!(separator("un seul mot par ligne\nencore\n"), ';');
    }

    #[test]
    fn rows_of_unequal_length_do_not_hide_their_separator() {
        let text = "A;B;C;D\nun, deux;2\ntrois, quatre;4;5\ncinq, six;6;7;8\n";

        assert_eq!(separator(text), ';');
    }

    #[test]
    fn a_quotation_mark_never_closed_swallows_nothing() {
        let text = "a;b\n\"c;d\ne;f\n";
        let layout = Layout::of(text, None);

        let rows: Vec<_> = layout.records(text).records().map(Result::unwrap).collect();

        assert!(!layout.quotes);
        assert_eq!(rows, [vec!["a", "b"], vec!["\"c", "d"], vec!["e", "f"]]);
        assert!(closes_its_quotes("\"a\"\"b\nc\";d \"e\n", b';'));
    }
}
