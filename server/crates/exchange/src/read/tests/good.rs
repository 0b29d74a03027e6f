//! Files as French offices keep them, one habit each.

use super::build::Made;

/// The files by name.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("titre-et-fusions.xlsx", title_and_merges()),
        ("caches.xlsx", hidden_things()),
        ("liens.xlsx", links()),
        ("dates-1900.xlsx", dates("")),
        ("dates-1904.xlsx", dates(r#"date1904="1""#)),
        ("nombres-et-codes.xlsx", numbers()),
        ("erreurs.xlsx", errors()),
        ("notes.xlsx", notes()),
        ("textes.xlsx", texts()),
        ("google.xlsx", google()),
        ("strict.xlsx", strict()),
        ("sans-adresses.xlsx", without_addresses()),
        ("fils-de-discussion.xlsx", threads()),
        ("noms-de-parties.xlsx", part_names()),
        ("classeur.ods", super::ods::good()),
        ("classeur.xls", super::xls::good()),
        ("excel.csv", "\u{feff}Intitulé;Organisme\r\n\"Débattre ; décider\";Scop l'Orage\r\n\r\n\"deux\r\nlignes\";x\r\n".into()),
        ("guillemet-ouvert.csv", "Intitulé;Lieu\n\"Animer;Lyon\nDébattre;Lille\n".into()),
        ("macintosh.csv", b"Intitul\x8e;Co\x9et\r\x83lus \x88 c\x99t\x8e;12 \xdb\r".to_vec()),
        ("barres.csv", "Intitulé|Lieu\nAnimer, débattre|Lyon\nDécider|Lille\n".into()),
        ("windows.csv", b"Intitul\xe9;Co\xfbt\n\xc9lu\xb7es;1 200 \x80\n".to_vec()),
        ("virgules.csv", "Intitulé,Dates\nAnimer,\"le 12, le 13\"\n".into()),
        ("unicode-tabulations.csv", utf16("Intitulé\tCoût\r\nŒuvrer\t12 €\r\n")),
        ("annonce.csv", "sep=,\nIntitulé,Lieu\n'=1+1,\"a;b\"\n".into()),
    ]
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn text(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn title_and_merges() -> Vec<u8> {
    let rows = format!(
        r#"<row r="1">{}</row><row r="4">{}{}</row><row r="5">{}{}</row><row r="6">{}</row>"#,
        text("A1", "Inventaire des formations"),
        text("A4", "Organisme"),
        text("B4", "Intitulé"),
        text("A5", "Scop l'Orage"),
        text("B5", "Animer"),
        text("B6", "Débattre"),
    );
    let merges = r#"<mergeCells count="3"><mergeCell ref="A1:C1"/><mergeCell ref="A5:A6"/><mergeCell ref="E1:E1048576"/></mergeCells>"#;
    Made::default()
        .sheet(
            "Formations",
            &format!("<dimension ref=\"A1:B6\"/><sheetData>{rows}</sheetData>{merges}"),
        )
        .bytes()
}

fn hidden_things() -> Vec<u8> {
    let sheet = format!(
        r#"<cols><col min="2" max="3" width="0" hidden="1"/><col min="20" max="16384" hidden="true"/></cols><sheetData><row r="1">{}{}</row><row r="2" hidden="1">{}</row><row r="3">{}</row></sheetData>"#,
        text("A1", "vu"),
        text("B1", "colonne cachée"),
        text("A2", "ligne cachée"),
        text("A3", "vu")
    );
    let other = format!(r#"<sheetData><row r="1">{}</row></sheetData>"#, text("A1", "x"));
    Made::default()
        .sheet("Visible", &sheet)
        .sheet("Cachée", &other)
        .in_state("hidden")
        .sheet("Très cachée", &other)
        .in_state("veryHidden")
        .bytes()
}

fn links() -> Vec<u8> {
    let rows = format!(
        r#"<row r="1">{}{}{}{}</row><row r="2"><c r="A2" t="str"><f>HYPERLINK("https://x.fr/?a=1&amp;b=2","ici")</f><v>ici</v></c><c r="B2" t="str"><f>HYPERLINK("https://"&amp;A1,"là")</f><v>là</v></c><c r="C2" s="0"/></row>"#,
        text("A1", "Lien"),
        text("B1", "Programme"),
        text("C1", "Courriel"),
        text("D1", "Onglet"),
    );
    let links = r#"<hyperlinks><hyperlink ref="A1" r:id="l1"/><hyperlink ref="B1" r:id="l1" location="programme"/><hyperlink ref="C1:C2" r:id="l2"/><hyperlink ref="D1" location="'Autre'!A1"/></hyperlinks>"#;
    Made::default()
        .sheet("Liens", &format!("<sheetData>{rows}</sheetData>{links}"))
        .relation("l1", "hyperlink", "https://x.fr/page?a=1&amp;b=2")
        .relation("l2", "hyperlink", "mailto:formation@x.fr")
        .bytes()
}

fn dates(properties: &str) -> Vec<u8> {
    let rows = r#"<row r="1"><c r="A1" s="1"><v>45728</v></c><c r="B1" s="2"><v>45717</v></c><c r="C1" s="3"><v>45728.583333333336</v></c><c r="D1" s="4"><v>0.39583333333333331</v></c><c r="E1" s="5"><v>1.4583333333333333</v></c><c r="F1" s="1"><v>60</v></c><c r="G1" s="1"><v>-5</v></c><c r="H1" t="d" s="1"><v>2025-03-12T00:00:00</v></c><c r="I1"><v>45728</v></c></row>"#;
    Made::of_rows(rows)
        .properties(properties)
        .formats(&["dd/mm/yyyy", "mmmm yyyy", "dd/mm/yy hh:mm", "hh:mm", "[h]:mm"])
        .bytes()
}

fn numbers() -> Vec<u8> {
    let rows = r#"<row r="1"><c r="A1"><v>1200</v></c><c r="B1" s="1"><v>1200</v></c><c r="C1" s="2"><v>0.2</v></c><c r="D1"><v>2.5</v></c><c r="E1"><v>1.2345678901234E+13</v></c><c r="F1" s="3"><v>1000</v></c><c r="G1" t="s"><v>0</v></c><c r="H1" t="b"><v>1</v></c><c r="I1"><f>A1*2</f><v>2400</v></c><c r="J1"><f>A1</f></c><c r="K1" s="4"><v>3</v></c></row>"#;
    Made::of_rows(rows)
        .texts(&["<t>00123</t>"])
        .formats(&[r#"#,##0\ "€""#, "0%", "00000", r#"0" jours""#])
        .bytes()
}

fn errors() -> Vec<u8> {
    let rows = format!(
        r#"<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><f>FOO()</f><v>#FOO!</v></c><c r="C1" t="n"><v>abc</v></c><c r="D1" t="zz"><v>7</v></c><c r="E1" t="b"><v>peut-être</v></c>{}</row>"#,
        text("F1", "le reste est lu")
    );
    Made::of_rows(&rows).bytes()
}

fn notes() -> Vec<u8> {
    let comments = r#"<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>Louise</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>Louise:</t></r><r><t xml:space="preserve">
vérifié par tél &amp; courriel</t></r></text></comment></commentList></comments>"#;
    Made::of_rows(&format!(r#"<row r="2">{}</row>"#, text("B2", "Animer")))
        .relation("c1", "comments", "../comments1.xml")
        .part("xl/comments1.xml", comments)
        .bytes()
}

fn texts() -> Vec<u8> {
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c></row>"#;
    Made::of_rows(rows)
        .texts(&[
            "<r><t>gras</t></r><r><t xml:space=\"preserve\"> et maigre</t></r>",
            "<t>deux\nlignes 🌱 &lt;b&gt; &amp;amp; &#233;</t>",
            "<t>_x0041_ et _x0000_ et _x000D_\n</t>",
            "<t>=1+1</t>",
            "<t/>",
            "<t>e\u{301}lu·es 1\u{a0}200\u{202f}€</t>",
        ])
        .bytes()
}

/// As the export of Google Sheets writes: no dimension, styles on empty cells far away.
fn google() -> Vec<u8> {
    let far = r#"<row r="1000"><c r="A1000" s="0"/><c r="ZZ1000" s="0"/></row><row r="70000"><c r="A70000" s="0"/></row>"#;
    Made::of_rows(&format!(r#"<row r="1">{}</row>{far}"#, text("A1", "Intitulé"))).bytes()
}

/// Names are only names: nothing is written anywhere.
fn part_names() -> Vec<u8> {
    Made::of_rows(&format!("<row>{}<c><v>7</v></c></row>", text("A1", "x")))
        .part("../../../../tmp/tablee-was-here", "x")
        .part("/etc/passwd", "x")
        .part("xl\\media\\image1.svg", "<!DOCTYPE svg><svg/>")
        .bytes()
}

/// As Excel writes it where "Strict Open XML" is chosen.
fn strict() -> Vec<u8> {
    let rows = format!(
        r#"<row r="1">{}<c r="B1" t="d" s="1"><v>2025-03-12</v></c><c r="C1" s="2"><v>0.2</v></c><c r="D1" t="s"><v>0</v></c></row>"#,
        text("A1", "Intitulé")
    );
    Made::of_rows(&rows).texts(&["<t>partagé</t>"]).formats(&["dd/mm/yyyy", "0%"]).strict().bytes()
}

/// Some writers leave out where a row and a cell stand: each follows the one before.
fn without_addresses() -> Vec<u8> {
    let cell = |text: &str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = format!(
        r#"<row>{}{}</row><row/><row>{}<c/>{}</row><row r="7">{}{}</row>"#,
        cell("A1"),
        cell("B1"),
        cell("A3"),
        cell("C3"),
        cell("A7"),
        r#"<c r="F7"><f t="shared" si="0">A1</f><v>2</v></c><c><f t="shared" si="0"/><v>3</v></c>"#
    );
    Made::of_rows(&rows).bytes()
}

/// What people said to each other of a cell, and the note that stands there for older programs.
fn threads() -> Vec<u8> {
    let old = r#"<comments><commentList><comment ref="A1"><text><t>[Commentaire à thread] Votre version…</t></text></comment><comment ref="B1"><text><t>une note</t></text></comment></commentList></comments>"#;
    let threads = r#"<ThreadedComments><threadedComment ref="A1" id="1"><text>Est-ce à jour ?</text></threadedComment><threadedComment ref="A1" id="2" parentId="1"><text>Oui, vérifié.</text></threadedComment></ThreadedComments>"#;
    Made::of_rows(&format!(r#"<row r="1">{}{}</row>"#, text("A1", "Animer"), text("B1", "x")))
        .relation("c1", "comments", "../comments1.xml")
        .relation("c2", "threadedComment", "../threadedComments/threadedComment1.xml")
        .part("xl/comments1.xml", old)
        .part("xl/threadedComments/threadedComment1.xml", threads)
        .bytes()
}
