//! OpenDocument workbooks made by hand.

use super::build::zipped;

/// A workbook of these sheets (`<table:table …>…</table:table>`), with styles of its own.
pub fn workbook(styles: &str, sheets: &str) -> Vec<u8> {
    with_manifest(styles, sheets, "")
}

/// The same with something in its list of parts.
pub fn with_manifest(styles: &str, sheets: &str, manifest: &str) -> Vec<u8> {
    let names = |uses: &[(&str, &str)]| {
        let names = uses.iter().map(|(prefix, name)| {
            format!(r#" xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0""#)
        });
        names.collect::<Vec<_>>().concat()
    };
    let uses = names(&[
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("number", "datastyle"),
    ]);
    let others = r#" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0""#;
    let content = format!(
        r"<office:document-content{uses}{others}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    );
    with_parts(content.into_bytes(), manifest)
}

/// A workbook of this content.
pub fn of_content(content: Vec<u8>) -> Vec<u8> {
    with_parts(content, "")
}

fn with_parts(content: Vec<u8>, manifest: &str) -> Vec<u8> {
    let manifest = format!(
        r#"<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><manifest:manifest><manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry></manifest:manifest>"#
    );
    zipped(&[
        part("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml".to_owned(), content),
        part("META-INF/manifest.xml", &manifest),
    ])
}

fn part(name: &str, content: &str) -> (String, Vec<u8>) {
    (name.to_owned(), content.as_bytes().to_vec())
}

/// What stands in the good one.
pub fn good_content() -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(good())).unwrap();
    let mut content = Vec::new();
    std::io::copy(&mut zip.by_name("content.xml").unwrap(), &mut content).unwrap();
    content
}

/// A sheet of these rows.
pub fn sheet(name: &str, rows: &str) -> String {
    format!(r#"<table:table table:name="{name}">{rows}</table:table>"#)
}

/// A row of these cells.
pub fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

/// A cell of text, with more attributes.
pub fn text(attributes: &str, text: &str) -> String {
    format!(
        r#"<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>"#
    )
}

/// A cell of a value, with what it shows.
pub fn value(kind: &str, attributes: &str, shown: &str) -> String {
    format!(
        r#"<table:table-cell office:value-type="{kind}" {attributes}><text:p>{shown}</text:p></table:table-cell>"#
    )
}

/// Numbers, days and times in each way in which such a file keeps them.
fn numbers() -> String {
    row(&[
        value("float", r#"office:value="1200""#, "1200"),
        value("currency", r#"office:value="1500.5""#, "1,500.50 €"),
        value("percentage", r#"office:value="0.2""#, "20 %"),
        value("date", r#"office:date-value="2025-03-12""#, "12/03/25"),
        value("date", r#"office:date-value="2025-03-12T14:00:00""#, "12 mars 2025 à 14 h"),
        value("date", r#"office:date-value="1899-12-30""#, "30/12/1899"),
        value("time", r#"office:time-value="PT07H30M00S""#, "07:30"),
        value("time", r#"table:style-name="ce1" office:time-value="PT07H30M00S""#, "07:30"),
        value("boolean", r#"office:boolean-value="true""#, "WAHR"),
        value("float", r#"office:value="2.5""#, ""),
        value("float", r#"office:value="abc""#, "abc"),
    ]
    .concat())
}

/// Everything that a French office puts into such a file, one habit a row.
pub fn good() -> Vec<u8> {
    let styles = r#"<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style><number:time-style style:name="N1" number:truncate-on-overflow="false"/><style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>"#;
    let links = format!(
        "<table:table-row>{}{}{}</table:table-row>",
        text("", r#"<text:a xlink:href="https://x.fr/?a=1&amp;b=2">ici</text:a>"#),
        text(
            "",
            r##"<text:a xlink:href="https://a.fr">un</text:a> ou <text:a xlink:href="https://b.fr">deux</text:a> (<text:a xlink:href="#Autre.A1">onglet</text:a>)"##
        ),
        text(r#"table:formula="of:=HYPERLINK(&quot;https://c.fr&quot;;&quot;là&quot;)""#, "là"),
    );
    let numbers = numbers();
    let errors = row(&[
        value(
            "string",
            r#"office:string-value="" calcext:value-type="error" table:formula="of:=1/0""#,
            "#DIV/0 !",
        ),
        value("string", r#"table:formula="of:=X()""#, "Err:508"),
        text("", "#N/A"),
        text(r#"table:formula="of:=SUM([.A1])""#, "total"),
    ]
    .concat());
    let words = row(&[
        r#"<table:table-cell office:value-type="string"><text:p>deux</text:p><text:p>lignes<text:line-break/>et <text:span>gras</text:span><text:s text:c="2"/>|<text:tab/>|
        &amp; &#233;</text:p></table:table-cell>"#.to_owned(),
        r#"<table:table-cell office:value-type="string"><office:annotation><dc:creator>Louise</dc:creator><dc:date>2025-01-01</dc:date><text:p>vérifié</text:p><text:p>par tél</text:p></office:annotation><draw:frame><draw:text-box><text:p>dessin</text:p></draw:text-box></draw:frame><text:p>Animer</text:p></table:table-cell>"#.to_owned(),
        r#"<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>deux fois</text:p></table:table-cell>"#.to_owned(),
        r#"<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1048576" office:value-type="string"><text:p>fusion</text:p></table:table-cell><table:covered-table-cell/>"#.to_owned(),
    ]
    .concat());
    let hidden = format!(
        r#"<table:table-row table:visibility="collapse">{}</table:table-row><table:table-row table:visibility="filter" table:number-rows-repeated="2">{}</table:table-row><table:table-row-group table:display="false">{}</table:table-row-group>{}"#,
        text("", "cachée"),
        text("", "filtrée"),
        row(&text("", "repliée")),
        row(&text("", "vue"))
    );
    let columns = r#"<table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/><table:table-column table:number-columns-repeated="16381"/>"#;
    let aside = r#"<table:tracked-changes><table:table-row><table:table-cell office:value-type="string"><text:p>ancien</text:p></table:table-cell></table:table-row></table:tracked-changes>"#;
    let many = r#"<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let first = sheet(
        "Formations",
        &format!(
            "<table:shapes><draw:frame/></table:shapes>{columns}{links}{numbers}{errors}{words}{hidden}{many}"
        ),
    );
    let second = sheet("Listes", &row(&text("", "x")))
        .replace("<table:table ", r#"<table:table table:style-name="ta2" "#);
    workbook(styles, &format!("{aside}{first}{second}"))
}
