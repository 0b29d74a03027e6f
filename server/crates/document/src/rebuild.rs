//! A new epoch: the same values in a new document, without tombstones and without what must be forgotten.

use tablee_domain::ids::{Epoch, Writer};
use tablee_domain::table::{Column, Columns, Place, Plain, Row};

use crate::document::TableDocument;
use crate::layout::key_of;
use crate::outcome::{Applied, Broken};

impl TableDocument {
    /// The first writer of the epoch after this one: above all that were ever used, so that nothing of a tab
    /// that lived in this epoch is taken for news in the next.
    pub fn first_writer_of_next_epoch(&self) -> Writer {
        Writer(self.greatest_writer().0 + 1)
    }

    /// A new document of the next epoch that says what this one says, but for the rows that `forget` names
    /// and whatever else `redact` takes out of a row. The server writes it as `server`, which must be above
    /// all writers of this epoch.
    pub fn rebuild(
        &self,
        server: Writer,
        forget: impl Fn(&Row) -> bool,
        redact: impl Fn(&mut Row),
    ) -> Result<(Self, Applied), Broken> {
        self.rebuild_under(self.columns(), server, forget, redact)
    }

    /// As [`TableDocument::rebuild`], under these columns: the same, with other words.
    pub fn rebuild_under(
        &self,
        columns: &Columns,
        server: Writer,
        forget: impl Fn(&Row) -> bool,
        redact: impl Fn(&mut Row),
    ) -> Result<(Self, Applied), Broken> {
        let epoch = Epoch(self.epoch().get() + 1);
        let columns: Vec<Column> = columns.iter().cloned().collect();
        let (mut next, first) = Self::create(epoch, server, &columns);
        let deleted = self.deletion_marks();
        let ((), rows) = next.write(|writing| {
            let slots = slots_of(&columns);
            let n = writing.add_slots(&slots.iter().map(key_of).collect::<Vec<_>>());
            for mut row in self.values().rows.into_iter().filter(|row| !forget(row)) {
                redact(&mut row);
                let base = slots.iter().map(|slot| value_in(&row, slot)).collect();
                let mark = deleted.get(&row.id).filter(|_| row.deleted);
                let overlay = mark.map(|mark| (key_of(&Place::Deleted), mark.clone()));
                writing.add_row(
                    &row.id,
                    &row.order,
                    Some((n, base)),
                    overlay.into_iter().collect(),
                );
            }
        })?;
        let whole = Applied { update: next.snapshot(), ..rows };
        debug_assert!(!first.update.is_empty(), "the columns are part of the whole");
        Ok((next, whole))
    }
}

/// A slot for each column, and one for the words beside each that is no text.
fn slots_of(columns: &[Column]) -> Vec<Place> {
    let cells = columns.iter().map(|column| Place::Cell(column.id.clone()));
    let said = columns.iter().filter(|column| !column.kind.is_text());
    cells.chain(said.map(|column| Place::Said(column.id.clone()))).collect()
}

fn value_in(row: &Row, slot: &Place) -> Plain {
    match slot {
        Place::Cell(column) => row.cell(column.as_str()).clone(),
        Place::Said(column) => row.said.get(column).cloned().map(Plain::Text).unwrap_or_default(),
        _ => unreachable!("slots are cells and words"),
    }
}
