//! Files that are refused: hostile ones just past a limit, and honest ones of another kind.
//!
//! None of them would harm a reader without our limits; each is one step past one of them.

use super::build::{Made, each, zipped};
use super::{ods, xls};

/// The name of a file and how it is made.
pub type Recipe = (&'static str, fn() -> Vec<u8>);

const MIB: usize = 1 << 20;

/// The files by name.
pub fn files() -> Vec<Recipe> {
    let mut files = hostile();
    files.extend(damaged());
    files.extend(of_another_kind());
    files
}

fn hostile() -> Vec<Recipe> {
    vec![
        ("513-parts.xlsx", || parts(513 - 4)),
        ("part-over-64-mib.xlsx", || one().part("xl/media/a.bin", spaces(64 * MIB + 1)).bytes()),
        ("unpacks-over-128-mib.xlsx", || large_in_all()),
        ("styles-over-16-mib.xlsx", || one().part("xl/styles.xml", spaces(16 * MIB + 1)).bytes()),
        ("row-60001.xlsx", || Made::of_rows(&number(60_001, "A60001")).bytes()),
        ("column-257.xlsx", || Made::of_rows(&number(1, "IW1")).bytes()),
        ("3000001-cells.xlsx", || many_cells()),
        ("cell-over-64-kib.xlsx", || {
            Made::of_rows(&text("A1", &"a".repeat(64 * 1024 + 1))).bytes()
        }),
        ("text-over-32-mib.xlsx", || much_text()),
        ("51-sheets.xlsx", || sheets(51)),
        ("20001-merges.xlsx", || merges()),
        ("20001-links.xlsx", || links(20_001, "A")),
        ("201-wide-links.xlsx", || links(201, "A1:B")),
        ("20001-notes.xlsx", || notes()),
        ("row-a-million-times.ods", || {
            let row = ods::row(&ods::text("", "x"));
            let many = r#"<table:table-row table:number-rows-repeated="1048576""#;
            ods::workbook("", &ods::sheet("F", &row.replace("<table:table-row", many)))
        }),
        ("cell-sixteen-thousand-times.ods", || {
            let many = ods::text(r#"table:number-columns-repeated="16384""#, "x");
            ods::workbook("", &ods::sheet("F", &ods::row(&many)))
        }),
        ("text-many-times.ods", || {
            let long = ods::text("", &"a".repeat(60_000));
            let many = r#"<table:table-row table:number-rows-repeated="60000""#;
            let row = ods::row(&long).replace("<table:table-row", many);
            ods::workbook("", &ods::sheet("F", &row))
        }),
        ("spaces-without-end.ods", || {
            let spaces = ods::text("", r#"x<text:s text:c="4294967295"/>x"#);
            ods::workbook("", &ods::sheet("F", &ods::row(&spaces)))
        }),
        ("51-sheets.ods", || {
            ods::workbook("", &each(0..51, |at| ods::sheet(&format!("S{at}"), "")))
        }),
        ("document-type.ods", || {
            let content = r#"<!DOCTYPE a [<!ENTITY a "b">]><office:spreadsheet/>"#;
            zipped(&[part("mimetype", "x"), part("content.xml", content)])
        }),
        ("last-corner.xls", || xls::workbook(&xls::number(65_535, 255, 0, 1.0))),
        ("500001-filled-cells.xls", || many_numbers()),
        ("text-many-times.xls", || one_text_many_times()),
        ("document-type.xlsx", || with_text_part(r#"<!DOCTYPE sst [<!ENTITY a "b">]><sst/>"#)),
        ("false-count.xlsx", || with_text_part(r#"<sst uniqueCount="37"><si/></sst>"#)),
        ("false-count-hidden.xlsx", || with_text_part("<sst unique='1' count \n = '38'></sst>")),
    ]
}

fn damaged() -> Vec<Recipe> {
    vec![
        ("header-alone.xls", || COMPOUND.to_vec()),
        ("chain-in-circles.xls", || in_circles()),
        ("sheet-beyond-the-end.xls", || {
            let bound = xls::record(0x0085, b"\0\0\xff\x7f\0\0\x01\0F");
            xls::compound("Workbook", &xls::stream(&bound, &[]))
        }),
        ("record-cut-off.xls", || xls::workbook(&xls::record(0x0203, &[0; 9]))),
        ("text-that-is-not-there.xls", || xls::workbook(&xls::record(0x00fd, &[0; 10]))),
        ("sheet-cut-off.ods", || {
            zipped(&[
                part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                part("content.xml", "<a><office:spreadsheet><table:table><table:table-row>"),
            ])
        }),
        ("two-sheets-of-one-name.ods", || {
            ods::workbook("", &[ods::sheet("F", ""), ods::sheet("F", "")].concat())
        }),
        ("truncated.xlsx", || cut_off(one().bytes())),
        ("address-without-row.xlsx", || Made::of_rows(&number(1, "A0")).bytes()),
        ("address-beyond-the-format.xlsx", || Made::of_rows(&number(1, "XFE1")).bytes()),
        ("row-without-number.xlsx", || Made::of_rows(r#"<row r="x"/>"#).bytes()),
        ("dimension-upside-down.xlsx", || {
            Made::default().sheet("F", r#"<dimension ref="B2:A1"/><sheetData/>"#).bytes()
        }),
        ("rows-out-of-order.xlsx", || {
            Made::of_rows(&format!("{}{}", number(2, "A2"), number(1, "A1"))).bytes()
        }),
        ("two-sheets-of-one-name.xlsx", || one().sheet("Formations", "<sheetData/>").bytes()),
        ("text-that-is-not-there.xlsx", || {
            Made::of_rows(r#"<row r="1"><c r="A1" t="s"><v>9</v></c></row>"#).bytes()
        }),
        ("sheet-cut-off.xlsx", || {
            one().part("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c>").bytes()
        }),
        ("sheet-missing.xlsx", || sheet_missing()),
        ("not-xml.xlsx", || one().part("xl/worksheets/sheet1.xml", "<a <b").bytes()),
    ]
}

fn of_another_kind() -> Vec<Recipe> {
    vec![
        ("empty.csv", Vec::new),
        ("blank.csv", || b"\xef\xbb\xbf \r\n".to_vec()),
        ("protected.xlsx", || {
            let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
            COMPOUND.iter().copied().chain(name).collect()
        }),
        ("old.doc", || xls::compound("WordDocument", b"x")),
        ("excel-95.xls", || xls::compound("Book", b"x")),
        ("protected.xls", || {
            let locked = xls::record(0x002f, &[1, 0]);
            xls::compound("Workbook", &xls::stream(&locked, &[("F", 0, vec![])]))
        }),
        ("protected.ods", || ods::with_manifest("", "", "<manifest:encryption-data/>")),
        ("text.odt", || zipped(&[part("mimetype", "application/x"), part("content.xml", "<a/>")])),
        ("binary.xlsb", || zipped(&[part("xl/workbook.bin", "x")])),
        ("macros.xlsm", || one().part("xl/vbaProject.bin", "x").bytes()),
        ("text.docx", || zipped(&[part("word/document.xml", "<a/>")])),
        ("print.pdf", || b"%PDF-1.7\n".to_vec()),
        ("page.xls", || b"<html><table></table></html>".to_vec()),
        ("binary.csv", || b"a;b\0c".to_vec()),
    ]
}

/// What the files of Office before 2007 begin with.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn part(name: &str, content: &str) -> (String, Vec<u8>) {
    (name.to_owned(), content.as_bytes().to_vec())
}

fn one() -> Made {
    Made::of_rows(&number(1, "A1"))
}

fn number(row: u32, at: &str) -> String {
    format!(r#"<row r="{row}"><c r="{at}"><v>1</v></c></row>"#)
}

fn text(at: &str, text: &str) -> String {
    format!(r#"<row r="1"><c r="{at}" t="inlineStr"><is><t>{text}</t></is></c></row>"#)
}

fn spaces(count: usize) -> Vec<u8> {
    vec![b' '; count]
}

fn parts(count: usize) -> Vec<u8> {
    (0..count).fold(one(), |made, at| made.part(&format!("xl/media/{at}"), "")).bytes()
}

fn large_in_all() -> Vec<u8> {
    let third = spaces(43 * MIB);
    one().part("a", third.clone()).part("b", third.clone()).part("c", third).bytes()
}

/// 12,000 rows of 250 cells, and one more.
fn many_cells() -> Vec<u8> {
    let row = format!("<row>{}</row>", "<c/>".repeat(250));
    Made::of_rows(&(row.repeat(12_000) + "<row><c/></row>")).bytes()
}

/// One text of 64 KiB, shown 2,049 times.
fn much_text() -> Vec<u8> {
    let row = r#"<row><c t="s"><v>0</v></c></row>"#.repeat(2_049);
    Made::of_rows(&row).texts(&[&format!("<t>{}</t>", "a".repeat(64 * 1024))]).bytes()
}

fn sheets(count: usize) -> Vec<u8> {
    (0..count)
        .fold(Made::default(), |made, at| made.sheet(&format!("S{at}"), "<sheetData/>"))
        .bytes()
}

fn merges() -> Vec<u8> {
    let merges = each(1..=20_001, |row| format!(r#"<mergeCell ref="A{row}:B{row}"/>"#));
    Made::default().sheet("F", &format!("<sheetData/><mergeCells>{merges}</mergeCells>")).bytes()
}

fn links(count: u32, from: &str) -> Vec<u8> {
    let links = each(1..=count, |row| format!(r#"<hyperlink ref="{from}{row}" r:id="l"/>"#));
    // A range whose last row is 1 is one cell.
    let links = links.replace("A1:B1\"", "A1:B2\"");
    Made::default()
        .sheet("F", &format!("<sheetData/><hyperlinks>{links}</hyperlinks>"))
        .relation("l", "hyperlink", "https://x.fr")
        .bytes()
}

fn notes() -> Vec<u8> {
    let notes =
        each(1..=20_001, |row| format!(r#"<comment ref="A{row}"><text><t>n</t></text></comment>"#));
    one()
        .relation("c", "comments", "../comments1.xml")
        .part(
            "xl/comments1.xml",
            format!("<comments><commentList>{notes}</commentList></comments>"),
        )
        .bytes()
}

/// Without the last of its list of parts.
fn cut_off(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 30);
    bytes
}

fn with_text_part(xml: &str) -> Vec<u8> {
    one().part("xl/sharedStrings.xml", xml).bytes()
}

fn sheet_missing() -> Vec<u8> {
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let none = format!(r#"<Relationships xmlns="{package}"></Relationships>"#);
    one().part("xl/_rels/workbook.xml.rels", none).bytes()
}

/// One sheet of forty rows of 256 numbers, on 49 tabs.
fn many_numbers() -> Vec<u8> {
    let cells = [0, 0, 6, 0, 0, 0].repeat(256);
    let row = |row: u16| {
        xls::record(0x00bd, &[xls::words(&[row, 0]), cells.clone(), xls::words(&[255])].concat())
    };
    let rows: Vec<u8> = (0..40).flat_map(row).collect();
    xls::compound("Workbook", &xls::one_sheet_on_many_tabs(49, &rows))
}

/// One text of 32,767 letters, shown 2,000 times.
fn one_text_many_times() -> Vec<u8> {
    let letters = "é".repeat(8_000);
    let long = [vec![1, 0, 0, 0, 1, 0, 0, 0], xls::words(&[32_000]), vec![0]].concat();
    let latin: Vec<u8> = letters.chars().map(|_| 0xe9).collect();
    let more = [vec![0], latin.clone()].concat();
    let texts =
        [xls::record(0x00fc, &[long, latin].concat()), xls::record(0x003c, &more).repeat(3)];
    let cell = |row: u16| xls::record(0x00fd, &[xls::words(&[row, 0, 0]), vec![0; 4]].concat());
    let cells: Vec<u8> = (0..2_000).flat_map(cell).collect();
    xls::compound("Workbook", &xls::stream(&texts.concat(), &[("F", 0, cells)]))
}

/// A file whose list of sectors leads back to its beginning.
fn in_circles() -> Vec<u8> {
    let mut bytes = xls::workbook(&xls::number(0, 0, 0, 1.0));
    // The table is the last sector; its second number says what follows the first sector of the stream,
    // which claims to be very long.
    let table = bytes.len() - 512;
    bytes[table + 8..table + 12].copy_from_slice(&1_u32.to_le_bytes());
    bytes[512 + 128 + 120..512 + 128 + 124].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    bytes
}
