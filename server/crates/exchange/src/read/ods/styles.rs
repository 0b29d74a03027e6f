//! The few things that the styles of an OpenDocument workbook say about its content.

use std::collections::{HashMap, HashSet};

use quick_xml::events::Event;

use crate::read::archive::Archive;
use crate::read::error::FileError;
use crate::read::xml::{Xml, attribute};

/// Which sheets are hidden, and which cells count hours beyond a day.
#[derive(Default)]
pub(super) struct Styles {
    hidden_tables: HashSet<String>,
    /// By the style of a cell, that of its number.
    numbers: HashMap<String, String>,
    /// Styles of numbers in which 35 hours are 35 hours, and not eleven in the morning.
    elapsed: HashSet<String>,
}

impl Styles {
    /// Reads the styles of a part, which come before its content.
    pub(super) fn read(&mut self, archive: &mut Archive<'_>, part: &str) -> Result<(), FileError> {
        let mut xml = Xml::open(archive, part)?;
        let mut name = String::new();
        while let Some(event) = xml.next()? {
            let Event::Start(element) = event else { continue };
            match element.local_name().as_ref() {
                "body" => break,
                "style" => {
                    name = attribute(&element, "name").unwrap_or_default();
                    if let Some(number) = attribute(&element, "data-style-name") {
                        self.numbers.insert(name.clone(), number);
                    }
                }
                "table-properties"
                    if attribute(&element, "display").as_deref() == Some("false") =>
                {
                    self.hidden_tables.insert(name.clone());
                }
                "time-style"
                    if attribute(&element, "truncate-on-overflow").as_deref() == Some("false") =>
                {
                    self.elapsed.extend(attribute(&element, "name"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether sheets of this style are not shown.
    pub(super) fn hides(&self, table_style: &str) -> bool {
        self.hidden_tables.contains(table_style)
    }

    /// Whether cells of this style show a length of time.
    pub(super) fn is_elapsed(&self, cell_style: &str) -> bool {
        self.numbers.get(cell_style).is_some_and(|number| self.elapsed.contains(number))
    }
}
