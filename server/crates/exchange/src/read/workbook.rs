//! Where the sheets of a workbook are, and what hangs on each.

use std::collections::HashMap;

use quick_xml::events::Event;
use tablee_domain::import::grid::RawNote;

use super::archive::Archive;
use super::error::{Damage, Excess, FileError, Lookalike};
use super::facts::Address;
use super::meter::Meter;
use super::xml::{Xml, attribute};
use crate::Limits;

/// A sheet, as the workbook lists it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub part: String,
}

/// What one part says about another.
pub(super) struct Relation {
    pub kind: String,
    pub target: String,
    pub is_outside: bool,
}

/// The relations of a part, by id. A part without any has none.
pub(super) type Relations = HashMap<String, Relation>;

/// The sheets in the order of their tabs. Charts and other things on tabs are left out.
pub(super) fn sheets(archive: &mut Archive<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileError> {
    let workbook = relations(archive, "")?
        .into_values()
        .find(|it| it.kind.ends_with("/officeDocument"))
        .map(|it| resolve("", &it.target))
        .ok_or(FileError::NotAWorkbook(Lookalike::Archive))?;
    if !workbook.to_lowercase().ends_with(".xml") {
        return Err(FileError::NotAWorkbook(Lookalike::Binary));
    }
    let relations = relations(archive, &workbook)?;
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut is_workbook = false;
    let mut xml = Xml::open(archive, &workbook)?;
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        match element.local_name().as_ref() {
            "workbook" => is_workbook = true,
            "sheet" => {
                let (name, id) = (attribute(&element, "name"), attribute(&element, "id"));
                let hidden = matches!(
                    attribute(&element, "state").as_deref(),
                    Some("hidden" | "veryHidden")
                );
                let Some(relation) = id.and_then(|id| relations.get(&id)) else {
                    return Err(xml.damage(Damage::Missing));
                };
                if relation.kind.ends_with("/worksheet") {
                    let part = resolve(&workbook, &relation.target);
                    sheets.push(Sheet { name: name.unwrap_or_default(), hidden, part });
                }
            }
            _ => {}
        }
        if sheets.len() > limits.sheets {
            return Err(FileError::TooLarge(Excess::Sheets(limits.sheets)));
        }
    }
    if !is_workbook {
        return Err(FileError::NotAWorkbook(Lookalike::Archive));
    }
    let mut names: Vec<_> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(xml.damage(Damage::TwoSheetsOneName));
    }
    Ok(sheets)
}

/// What a part says about others; empty where it says nothing.
pub(super) fn relations(archive: &mut Archive<'_>, part: &str) -> Result<Relations, FileError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let path = format!("{folder}{slash}_rels/{file}.rels");
    let mut relations = Relations::new();
    if !archive.has(&path) {
        return Ok(relations);
    }
    let mut xml = Xml::open(archive, &path)?;
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        if element.local_name().as_ref() != "Relationship" {
            continue;
        }
        if let Some(id) = attribute(&element, "Id") {
            let kind = attribute(&element, "Type").unwrap_or_default();
            let target = attribute(&element, "Target").unwrap_or_default();
            let is_outside = attribute(&element, "TargetMode").as_deref() == Some("External");
            relations.insert(id, Relation { kind, target, is_outside });
        }
    }
    Ok(relations)
}

/// The notes that hang on the cells of a sheet. They are shown, never imported: they may name people.
pub(super) fn notes(
    archive: &mut Archive<'_>,
    sheet: &Sheet,
    relations: &Relations,
    meter: &mut Meter<'_>,
) -> Result<Vec<RawNote>, FileError> {
    let mut notes = comments(archive, sheet, relations, ("/comments", "comment"), meter)?;
    let threads =
        comments(archive, sheet, relations, ("/threadedComment", "threadedComment"), meter)?;
    // Where people talked, the old note says only that this program is too old to show it.
    notes.retain(|note| {
        !threads.iter().any(|thread| (thread.row, thread.column) == (note.row, note.column))
    });
    for thread in threads {
        match notes.last_mut() {
            Some(last) if (last.row, last.column) == (thread.row, thread.column) => {
                last.text.push('\n');
                last.text.push_str(&thread.text);
            }
            _ => notes.push(thread),
        }
    }
    Ok(notes)
}

/// The notes of one kind: how their part and their elements are called.
fn comments(
    archive: &mut Archive<'_>,
    sheet: &Sheet,
    relations: &Relations,
    (kind, name): (&str, &str),
    meter: &mut Meter<'_>,
) -> Result<Vec<RawNote>, FileError> {
    let part = relations.values().find(|it| it.kind.ends_with(kind) && !it.is_outside);
    let Some(part) = part.map(|it| resolve(&sheet.part, &it.target)) else { return Ok(Vec::new()) };
    if !archive.has(&part) {
        return Ok(Vec::new());
    }
    let mut notes: Vec<RawNote> = Vec::new();
    let mut at = None;
    let mut xml = Xml::open(archive, &part)?;
    while let Some(event) = xml.next()? {
        let Event::Start(element) = event else { continue };
        match (element.local_name().as_ref(), at) {
            (found, _) if found == name => {
                at = attribute(&element, "ref").and_then(|it| Address::parse(&it));
            }
            ("text", Some(Address { row, column })) => {
                let text = xml.text("text", meter.limits.cell_bytes)?.trim().to_owned();
                let note = RawNote { row, column, text };
                meter.note(&note, notes.len() + 1)?;
                notes.push(note);
                at = None;
            }
            _ => {}
        }
    }
    Ok(notes)
}

/// The name of a part that `from` names by `target`: relative to its folder, or from the top.
fn resolve(from: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(path.pop()),
            "." | "" => {}
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_from_where_they_are_named() {
        assert_eq!(resolve("xl/workbook.xml", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets/sheet1.xml", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolve("xl/workbook.xml", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("xl/workbook.xml", "../../../etc/passwd"), "etc/passwd");
    }
}
