//! csv as French spreadsheets open it: UTF-8 with its mark, `;`, labels on top, nothing that runs.

use csv::WriterBuilder;

use super::guard::guarded;
use super::{Extract, ID, WriteError, printable};

/// What stands above the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Heading {
    /// What people read, in French.
    #[default]
    Labels,
    /// The keys of the columns, for programs.
    Keys,
}

/// The extract as csv. The last column is the identifier of the row.
pub fn csv(extract: &Extract<'_>, heading: Heading, separator: u8) -> Result<Vec<u8>, WriteError> {
    const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

    let mut writer = WriterBuilder::new()
        .delimiter(separator)
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    let fields = extract.fields();
    let names = fields.iter().map(|field| match heading {
        Heading::Labels => field.label(),
        Heading::Keys => field.key(),
    });
    writer.write_record(names.map(|name| safe(&name)).chain([ID.to_owned()]))?;
    for row in &extract.rows {
        let cells = fields.iter().map(|field| safe(&field.shown(row.row)));
        writer.write_record(cells.chain([row.row.id.to_string()]))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

fn safe(cell: &str) -> String {
    guarded(&printable(cell)).into_owned()
}
