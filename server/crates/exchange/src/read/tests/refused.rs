//! Files that are refused: hostile ones just past a limit, and honest ones of another kind.
//!
//! None of them would harm a reader without our limits; each is one step past one of them.

use super::build::{Made, each, zipped};

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
        ("document-type.xlsx", || with_text_part(r#"<!DOCTYPE sst [<!ENTITY a "b">]><sst/>"#)),
        ("false-count.xlsx", || with_text_part(r#"<sst uniqueCount="37"><si/></sst>"#)),
        ("false-count-hidden.xlsx", || with_text_part("<sst unique='1' count \n = '38'></sst>")),
    ]
}

fn damaged() -> Vec<Recipe> {
    vec![
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
        ("old.xls", || COMPOUND.to_vec()),
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
