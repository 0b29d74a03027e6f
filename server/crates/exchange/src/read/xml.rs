//! The XML parts of a workbook, one event after another, never as a tree.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::archive::{Archive, Part, damaged};
use super::error::{Damage, FileError};

/// One part, read from its beginning to its end.
pub(super) struct Xml<'z, 'a> {
    reader: Reader<Part<'z, 'a>>,
    part: String,
    buffer: Vec<u8>,
}

impl<'z, 'a> Xml<'z, 'a> {
    /// Opens a part.
    pub(super) fn open(archive: &'z mut Archive<'a>, part: &str) -> Result<Self, FileError> {
        let mut reader = Reader::from_reader(archive.part(part)?);
        let config = reader.config_mut();
        // An element without content gives both its events too.
        config.expand_empty_elements = true;
        // As calamine does: writers exist that are careless here.
        config.check_end_names = false;
        Ok(Self { reader, part: part.to_owned(), buffer: Vec::new() })
    }

    /// The next event; none at the end of the part.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, FileError> {
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event)),
            Err(_) => Err(damaged(&self.part, Damage::Xml)),
        }
    }

    /// The text up to the end of the element `name`, which has begun; elements in it are left out.
    pub(super) fn text(&mut self, name: &str, most: usize) -> Result<String, FileError> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Some(Event::Text(words)) => text.push_str(&words.xml10_content()),
                Some(Event::CData(words)) => text.push_str(&words.xml10_content()),
                Some(Event::GeneralRef(name)) => text.extend(reference(&name)),
                Some(Event::End(end)) if end.local_name().as_ref() == name => return Ok(text),
                Some(_) => {}
                None => return Err(self.damage(Damage::Xml)),
            }
            if text.len() > most {
                cut(&mut text, most);
            }
        }
    }

    /// Goes to the end of the element that has begun, whatever stands in it.
    pub(super) fn pass_over(&mut self) -> Result<(), FileError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Some(Event::Start(_)) => depth += 1,
                Some(Event::End(_)) => depth -= 1,
                Some(_) => {}
                None => return Err(self.damage(Damage::Xml)),
            }
        }
        Ok(())
    }

    /// A fault of this part.
    pub(super) fn damage(&self, cause: Damage) -> FileError {
        damaged(&self.part, cause)
    }
}

/// An attribute by its name without prefix, decoded.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // Looking for names given twice takes time that grows with their square.
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    let value = attributes.find(|it| it.key.local_name().as_ref() == name)?.value;
    Some(unescape(&value).map_or_else(|_| value.to_string(), std::borrow::Cow::into_owned))
}

/// An attribute by its prefix and name, decoded: for names that several vocabularies use.
pub(super) fn prefixed(element: &BytesStart<'_>, prefix: &str, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    let is_it = |key: &str| key.split_once(':') == Some((prefix, name));
    let value = attributes.find(|it| is_it(it.key.as_ref()))?.value;
    Some(unescape(&value).map_or_else(|_| value.to_string(), std::borrow::Cow::into_owned))
}

/// Whether an attribute says yes.
pub(super) fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    matches!(attribute(element, name).as_deref(), Some("1" | "true" | "on"))
}

/// The character that a reference means. Spreadsheets know the five of XML and numbers, nothing else.
pub(super) fn reference(name: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return Some(c);
    }
    match &*name.xml10_content() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn cut(text: &mut String, most: usize) {
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}
