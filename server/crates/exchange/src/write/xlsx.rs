//! Workbooks in which everything is what it is: texts are texts, numbers are numbers, links can be followed.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};
use tablee_domain::table::{Kind, Plain, Row};

use super::{Extract, Field, ID, WriteError, iso, printable};

/// Characters (as UTF-16 counts them) that one cell can hold.
const LONGEST: usize = 32_767;
/// Stands at the end of a text that was longer.
const CUT: &str = "… [coupé]";
/// Links that one sheet can hold, and the characters of one.
pub(super) const LINKS: u32 = 65_000;
const LONGEST_LINK: usize = 2_000;

/// The extract as a workbook of one sheet. Nothing in it is a formula. The identifiers of the rows stand in
/// a hidden last column, so that the file can come back as an update.
pub fn xlsx(extract: &Extract<'_>) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(extract));
    let sheet = workbook.add_worksheet();
    sheet.set_name(tab(extract.title))?;
    let mut writer = SheetWriter { sheet, links: 0 };
    let fields = extract.fields();
    writer.head(&fields)?;
    let last_column = column_number(fields.len());
    for (at, row) in (1..).zip(&extract.rows) {
        for (column_at, field) in fields.iter().enumerate() {
            writer.cell(at, column_number(column_at), *field, row.row)?;
        }
        writer.text(at, last_column, row.row.id.as_str(), Kind::Code)?;
    }
    let last_row = u32::try_from(extract.rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(workbook.save_to_buffer()?)
}

struct SheetWriter<'w> {
    sheet: &'w mut Worksheet,
    links: u32,
}

impl SheetWriter<'_> {
    fn head(&mut self, fields: &[Field<'_>]) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
        for (at, field) in fields.iter().enumerate() {
            let at = column_number(at);
            self.sheet.set_column_width(at, width(kind(*field)))?;
            self.sheet.write_string_with_format(0, at, fitting(&field.label()), &bold)?;
        }
        let last = column_number(fields.len());
        self.sheet.write_string_with_format(0, last, ID, &bold)?;
        self.sheet.set_column_hidden(last)?;
        self.sheet.set_freeze_panes(1, 1)?;
        Ok(())
    }

    fn cell(&mut self, row: u32, at: u16, field: Field<'_>, values: &Row) -> Result<(), XlsxError> {
        let Field::Value(column) = field else {
            return self.text(row, at, &field.shown(values), kind(field));
        };
        match (column.kind, values.cell(column.id.as_str())) {
            (_, Plain::Number(number)) if number.is_finite() => {
                self.sheet.write_number_with_format(row, at, *number, &plain(column.kind))?;
                Ok(())
            }
            (Kind::Date, Plain::Text(day)) => match whole_day(day) {
                Some(day) => {
                    let format = plain(Kind::Date).set_num_format("dd/mm/yyyy");
                    self.sheet.write_datetime_with_format(row, at, day, &format)?;
                    Ok(())
                }
                // A month or a year alone is no day.
                None => self.text(row, at, day, column.kind),
            },
            (Kind::Url, Plain::Text(address)) if self.links < LINKS && can_be_followed(address) => {
                self.links += 1;
                self.sheet.write_url_with_text(row, at, Url::new(address), address)?;
                Ok(())
            }
            _ => self.text(row, at, &field.shown(values), column.kind),
        }
    }

    fn text(&mut self, row: u32, at: u16, text: &str, kind: Kind) -> Result<(), XlsxError> {
        let text = fitting(text);
        if !text.is_empty() {
            self.sheet.write_string_with_format(row, at, text, &plain(kind))?;
        }
        Ok(())
    }
}

pub(super) fn column_number(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// How cells of a kind look. Codes are marked as text, so that nobody's spreadsheet makes numbers of them.
fn plain(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        Kind::Code | Kind::Phone => format.set_num_format("@"),
        Kind::Number | Kind::Duration | Kind::Date | Kind::Boolean => format,
        _ => format.set_text_wrap(),
    }
}

/// What the cells of a field are like. Own words are words.
fn kind(field: Field<'_>) -> Kind {
    match field {
        Field::Value(column) => column.kind,
        Field::Words(_) => Kind::Text,
    }
}

fn width(kind: Kind) -> f64 {
    match kind {
        Kind::LongText => 60.0,
        Kind::Text | Kind::Url | Kind::Prices | Kind::Sessions | Kind::Choices => 36.0,
        Kind::Email | Kind::Places | Kind::Choice => 24.0,
        Kind::Number | Kind::Duration | Kind::Date | Kind::Phone | Kind::Boolean | Kind::Code => {
            14.0
        }
    }
}

/// Whether a link reaches the file unchanged. The writer encodes some characters again, `%` among them: such
/// an address stands as text, which is better than one that leads elsewhere.
pub(super) fn can_be_followed(address: &str) -> bool {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let changes = |c: char| c.is_whitespace() || c.is_control() || "%\"<>[]^`{}".contains(c);
    is_web && !address.contains(changes) && address.len() <= LONGEST_LINK
}

/// The day in `2026-09-30`, where spreadsheets know it.
fn whole_day(day: &str) -> Option<ExcelDateTime> {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let year = year.parse().ok().filter(|year| (1901..=9999).contains(year))?;
    ExcelDateTime::from_ymd(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The text as a cell can hold it.
pub(super) fn fitting(text: &str) -> String {
    let text = printable(text);
    if text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let kept = first_units(&text, LONGEST - CUT.encode_utf16().count());
    format!("{kept}{CUT}")
}

/// The beginning of a text that fits in so many units of UTF-16.
fn first_units(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// The name of the tab: spreadsheets refuse some letters, and more than 31.
fn tab(title: &str) -> String {
    let is_kept = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let title: String =
        printable(title).chars().filter(is_kept).filter(|c| !c.is_control()).collect();
    let name = first_units(&title, 31);
    let name = name.trim();
    if name.is_empty() { "Table".to_owned() } else { name.to_owned() }
}

fn properties(extract: &Extract<'_>) -> DocProperties {
    let (licence, source) = (fitting(extract.licence), fitting(extract.source_url));
    let date = iso(extract.generated);
    let about = format!("Licence : {licence}\nSource : {source}\nDate : {date}");
    let properties = DocProperties::new()
        .set_title(fitting(extract.title))
        .set_comment(about)
        .set_custom_property("Licence", licence)
        .set_custom_property("Source", source)
        .set_custom_property("Date", date);
    match ExcelDateTime::from_timestamp(extract.generated.get().div_euclid(1_000)) {
        Ok(made) => properties.set_creation_datetime(&made),
        Err(_) => properties,
    }
}
