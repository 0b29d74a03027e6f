//! The cells of one row: what they show, what they are, and what hangs on them.

use quick_xml::events::{BytesStart, Event};
use tablee_domain::import::grid::{Range, RawCell, RawNote};

use super::repetitions;
use super::styles::Styles;
use super::values::{Content, Head, cell, head};
use crate::read::clean;
use crate::read::error::{Damage, Excess, FileError};
use crate::read::meter::{Meter, at};
use crate::read::xml::{Xml, attribute, reference};

/// Reads the cells of a row that has begun.
pub(super) struct RowReader<'r, 'l, 'z, 'a> {
    pub xml: &'r mut Xml<'z, 'a>,
    pub styles: &'r Styles,
    pub meter: &'r mut Meter<'l>,
}

/// A row, before it is known how often it stands there.
#[derive(Default)]
pub(super) struct ReadRow {
    pub cells: Vec<RawCell>,
    pub merges: Vec<Range>,
    pub notes: Vec<RawNote>,
}

impl RowReader<'_, '_, '_, '_> {
    /// Reads to the end of the row.
    pub(super) fn read(&mut self, sheet: &str, row: u32) -> Result<ReadRow, FileError> {
        let mut read = ReadRow::default();
        let mut column = 0_u32;
        loop {
            let head = match self.xml.next()? {
                Some(Event::Start(element)) => match element.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => Some(head(&element, self.styles)),
                    _ => None,
                },
                Some(Event::End(_)) => return Ok(read),
                Some(_) => continue,
                None => return Err(self.xml.damage(Damage::Xml)),
            };
            let Some(head) = head else {
                self.xml.pass_over()?;
                continue;
            };
            self.meter.walk()?;
            let content = self.content()?;
            self.put(&mut read, (sheet, row, column), &head, content)?;
            column = column.saturating_add(head.times);
        }
    }

    fn put(
        &mut self,
        read: &mut ReadRow,
        (sheet, row, column): (&str, u32, u32),
        head: &Head,
        content: Content,
    ) -> Result<(), FileError> {
        let limits = self.meter.limits;
        let end = column.saturating_add(head.times);
        if !content.note.trim().is_empty() && column < limits.columns {
            read.notes.push(RawNote { row, column, text: clean(content.note.trim()) });
        }
        if (head.right > 1 || head.down > 1) && column < limits.columns {
            let last_column = column.saturating_add(head.right - 1).min(limits.columns - 1);
            let last_row = row.saturating_add(head.down - 1);
            read.merges.push(Range { first_row: row, first_column: column, last_row, last_column });
        }
        let cell = cell(head, content);
        if cell.is_empty() && cell.formula.is_none() {
            return Ok(());
        }
        if end > limits.columns {
            let column = column.max(limits.columns);
            return Err(at(sheet, row, column, Excess::Columns(limits.columns)));
        }
        // Long text is refused here, before it is written out as often as it stands there.
        if cell.shown.len() > limits.cell_bytes {
            return Err(at(sheet, row, column, Excess::CellText(limits.cell_bytes)));
        }
        read.cells.extend((column..end).map(|column| RawCell { column, ..cell.clone() }));
        Ok(())
    }

    /// Reads a cell to its end.
    fn content(&mut self) -> Result<Content, FileError> {
        let most = self.meter.limits.cell_bytes + 1;
        let mut content = Content::default();
        // How deep we are in the cell, in a paragraph of it, and in a note.
        let (mut depth, mut paragraph, mut note) = (1_usize, None, None);
        loop {
            match self.xml.next()? {
                Some(Event::Start(element)) => {
                    depth += 1;
                    let words = if note.is_some() { &mut content.note } else { &mut content.text };
                    match element.local_name().as_ref() {
                        "p" | "h" if paragraph.is_none() => {
                            paragraph = Some(depth);
                            begin_paragraph(words, most);
                        }
                        "annotation" if note.is_none() => note = Some(depth),
                        "a" if note.is_none() => content.links.extend(target(&element, most)),
                        "s" => {
                            let count = repetitions(attribute(&element, "c").as_deref()) as usize;
                            let room = most.saturating_sub(words.len());
                            words.extend(std::iter::repeat_n(' ', count.min(room)));
                        }
                        "tab" => words.push('\t'),
                        "line-break" => words.push('\n'),
                        name if is_aside(name, &element) => {
                            self.xml.pass_over()?;
                            depth -= 1;
                        }
                        _ => {}
                    }
                }
                Some(Event::End(_)) => {
                    paragraph = paragraph.filter(|from| *from < depth);
                    note = note.filter(|from| *from < depth);
                    depth -= 1;
                    if depth == 0 {
                        return Ok(content);
                    }
                }
                Some(event) => {
                    let words = if note.is_some() { &mut content.note } else { &mut content.text };
                    if paragraph.is_some() && words.len() < most {
                        push(words, &event);
                    }
                }
                None => return Err(self.xml.damage(Damage::Xml)),
            }
        }
    }
}

fn begin_paragraph(words: &mut String, most: usize) {
    if !words.is_empty() && words.len() < most {
        words.push('\n');
    }
}

/// Where a link leads, if out of the workbook.
fn target(element: &BytesStart<'_>, most: usize) -> Option<String> {
    let target = attribute(element, "href")?;
    let target = target.trim();
    (!target.is_empty() && !target.starts_with('#') && target.len() < most).then(|| clean(target))
}

/// Pictures, shapes and tables in a cell are no words of it; nor is who wrote a note, and when.
fn is_aside(name: &str, element: &BytesStart<'_>) -> bool {
    let prefix = element.name().prefix().map(|prefix| prefix.as_ref().to_owned());
    matches!(
        name,
        "table" | "creator" | "date-string" | "creator-initials" | "event-listeners" | "detective"
    ) || matches!(prefix.as_deref(), Some("draw" | "dr3d" | "svg" | "dc" | "form"))
}

/// Adds words; spaces and line breaks of the XML itself count as one space.
fn push(words: &mut String, event: &Event<'_>) {
    let text = match event {
        Event::Text(text) => text.xml10_content(),
        Event::CData(text) => text.xml10_content(),
        Event::GeneralRef(name) => {
            words.extend(reference(name));
            return;
        }
        _ => return,
    };
    for letter in text.chars() {
        if !matches!(letter, ' ' | '\t' | '\n' | '\r') {
            words.push(letter);
        } else if !words.is_empty() && !words.ends_with([' ', '\n']) {
            words.push(' ');
        }
    }
}
