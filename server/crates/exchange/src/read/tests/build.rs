//! Workbooks made by hand, so that each holds one thing and nothing else.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook in the making. Texts are XML as it stands in the file.
#[derive(Clone, Default)]
pub struct Made {
    sheets: Vec<Sheet>,
    properties: String,
    is_strict: bool,
    parts: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Default)]
struct Sheet {
    name: String,
    state: String,
    xml: String,
    relations: Vec<(String, String, String)>,
}

impl Made {
    /// A workbook of one sheet with these rows (`<row …>…</row>`).
    pub fn of_rows(rows: &str) -> Self {
        Self::default().sheet("Formations", &format!("<sheetData>{rows}</sheetData>"))
    }

    /// One more sheet: what stands between `<worksheet>` and its end.
    pub fn sheet(mut self, name: &str, xml: &str) -> Self {
        self.sheets.push(Sheet { name: name.to_owned(), xml: xml.to_owned(), ..Sheet::default() });
        self
    }

    /// The last sheet is `hidden` or `veryHidden`.
    pub fn in_state(mut self, state: &str) -> Self {
        self.last().state = format!(r#" state="{state}""#);
        self
    }

    /// The last sheet says this of another part: id, kind, target.
    pub fn relation(mut self, id: &str, kind: &str, target: &str) -> Self {
        self.last().relations.push((id.to_owned(), kind.to_owned(), target.to_owned()));
        self
    }

    /// What stands in `<workbookPr …/>`.
    pub fn properties(mut self, properties: &str) -> Self {
        self.properties = properties.to_owned();
        self
    }

    /// Written by the strict rules of the standard, with other names for everything.
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// One more part. The first of a name counts.
    pub fn part(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.parts.push((name.to_owned(), content.into()));
        self
    }

    /// Shared texts: what stands in each `<si>`.
    pub fn texts(self, texts: &[&str]) -> Self {
        let items = each(texts, |text| format!("<si>{text}</si>"));
        let count = texts.len();
        let xml =
            format!(r#"<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>"#);
        self.part("xl/sharedStrings.xml", xml)
    }

    /// The formats of cells: `s="1"` is the first, and so on.
    pub fn formats(self, codes: &[&str]) -> Self {
        let numbered: Vec<(usize, String)> =
            (164..).zip(codes.iter().map(|code| code.replace('"', "&quot;"))).collect();
        let formats = each(&numbered, |(number, code)| {
            format!(r#"<numFmt numFmtId="{number}" formatCode="{code}"/>"#)
        });
        let cells = each(&numbered, |(number, _)| format!(r#"<xf numFmtId="{number}"/>"#));
        let xml = format!(
            r#"<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>"#
        );
        self.part("xl/styles.xml", xml)
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut parts = self.parts.clone();
        let numbered: Vec<(usize, &Sheet)> = (1..).zip(&self.sheets).collect();
        for (number, Sheet { xml, relations, .. }) in &numbered {
            let xml =
                format!(r#"<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{xml}</worksheet>"#);
            parts.push((format!("xl/worksheets/sheet{number}.xml"), xml.into_bytes()));
            if !relations.is_empty() {
                let relations = each(relations, |(id, kind, to)| relation(id, kind, to));
                let name = format!("xl/worksheets/_rels/sheet{number}.xml.rels");
                parts.push((name, of_relations(&relations).into_bytes()));
            }
        }
        let list = each(&numbered, |(number, Sheet { name, state, .. })| {
            format!(r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>"#)
        });
        let relations = each(&numbered, |(number, _)| {
            relation(&format!("r{number}"), "worksheet", &format!("worksheets/sheet{number}.xml"))
        });
        let workbook = format!(
            r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr {}/><sheets>{list}</sheets></workbook>"#,
            self.properties
        );
        parts.push(("xl/workbook.xml".to_owned(), workbook.into_bytes()));
        parts
            .push(("xl/_rels/workbook.xml.rels".to_owned(), of_relations(&relations).into_bytes()));
        let top = relation("r1", "officeDocument", "xl/workbook.xml");
        parts.push(("_rels/.rels".to_owned(), of_relations(&top).into_bytes()));
        if self.is_strict {
            for (_, content) in &mut parts {
                let strict = String::from_utf8_lossy(content)
                    .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
                    .replace(RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships");
                *content = strict.into_bytes();
            }
        }
        zipped(&parts)
    }

    fn last(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a sheet was made before")
    }
}

/// What `write` makes of each, one after another.
pub fn each<T>(things: impl IntoIterator<Item = T>, write: impl Fn(T) -> String) -> String {
    things.into_iter().map(write).collect::<Vec<_>>().concat()
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    let outside = if kind == "hyperlink" { r#" TargetMode="External""# } else { "" };
    format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"{outside}/>"#)
}

fn of_relations(relations: &str) -> String {
    format!(r#"<Relationships xmlns="{PACKAGE}">{relations}</Relationships>"#)
}

/// An archive of these parts; of two with one name the first.
pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut seen: Vec<&str> = Vec::new();
    for (name, content) in parts {
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
