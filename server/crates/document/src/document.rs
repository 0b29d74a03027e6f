//! One table's document with its index: judged, applied, read.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use tablee_domain::ids::{Epoch, PersonId, RowId, Writer};
use tablee_domain::table::{Action, Column, Columns, Place, Plain, Row, TableValues};
use yrs::updates::decoder::Decode;
use yrs::{
    ClientID, Doc, IdSet, Map, OffsetKind, Options, ReadTxn, StateVector, Transact, TransactionMut,
    Update, WriteTxn,
};

use crate::admission::{
    Index, Judgement, Limits, Question, Refusal, check_state_vector, judge, place_trusted,
};
use crate::layout::{self, COLUMNS, EPOCH_KEY, FORMAT, FORMAT_KEY, META, ROWS};
use crate::read::{Frame, Reading, Slots, read_frame};
use crate::value::to_any;
use crate::write::{Writing, Written};

/// A table inside a Y.Doc, with the index that admission needs.
///
/// It is private to whoever owns it: what it says becomes visible to others only after the log has it.
pub struct TableDocument {
    doc: Doc,
    index: Index,
    columns: Columns,
    slots: Slots,
    epoch: Epoch,
    server: Writer,
    claims: HashMap<Writer, Option<PersonId>>,
    /// Grows with each change, so that a judgement is applied to what it judged.
    generation: u64,
    snapshot: OnceLock<Vec<u8>>,
    broken: bool,
}

/// What an update or a transaction did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Applied {
    /// The update as the engine wrote it anew, for the log and for the others. Empty: nothing happened.
    pub update: Vec<u8>,
    /// Each key whose value is another one now.
    pub edits: Vec<CellEdit>,
    /// Rows made.
    pub made_rows: Vec<RowId>,
}

/// A value that became another.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEdit {
    /// The row.
    pub row: RowId,
    /// The key in the row's map; empty for the row itself, which goes from null to true.
    pub key: String,
    /// The value before, the base included.
    pub before: Plain,
    /// The value after.
    pub after: Plain,
}

/// The document cannot be trusted any more: discard it and load the log anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The engine panicked.
    #[error("the engine panicked: {0}")]
    Panicked(String),
    /// The engine refused what admission had let pass.
    #[error("the engine refused an admitted update: {0}")]
    Engine(String),
    /// Something was left waiting for what never comes.
    #[error("an admitted update left something pending")]
    Pending,
    /// The engine wrote what the index cannot place.
    #[error("the index lost its way: {0}")]
    Index(Refusal),
    /// The judgement is about an earlier state.
    #[error("the judgement is about another state of the document")]
    Stale,
    /// It was broken before.
    #[error("the document was broken before")]
    Already,
}

/// A stored document could not be read. Fatal: an empty document must never take its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Neither snapshot nor updates.
    #[error("nothing is stored")]
    Nothing,
    /// The engine cannot read an update, or what it made of it.
    #[error("a stored update cannot be read: {0}")]
    Unreadable(String),
    /// An update in the middle is missing.
    #[error("stored updates have a hole")]
    Hole,
    /// It says of itself that it is another document.
    #[error("the stored document is of format {format:?} and epoch {epoch:?}")]
    AnotherDocument {
        /// Its format.
        format: Option<i64>,
        /// Its epoch.
        epoch: Option<i64>,
    },
    /// A column is not readable.
    #[error("column `{0}` cannot be read")]
    Column(String),
}

impl TableDocument {
    /// A new document: its format, epoch and columns, as the server's first update.
    pub fn create(epoch: Epoch, server: Writer, columns: &[Column]) -> (Self, Applied) {
        let mut document = Self::empty(epoch, server);
        let (_, applied) = document
            .write(|writing| {
                let txn = writing.txn_mut();
                let meta = txn.get_or_insert_map(META);
                meta.insert(txn, FORMAT_KEY, to_any(&Plain::Number(FORMAT)));
                meta.insert(txn, EPOCH_KEY, to_any(&Plain::Number(epoch.get() as f64)));
                writing.add_columns(columns);
            })
            .expect("an empty document takes its first columns");
        (document, applied)
    }

    /// The document that a snapshot and the updates after it tell.
    pub fn load<'a>(
        epoch: Epoch,
        server: Writer,
        snapshot: Option<&'a [u8]>,
        tail: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, LoadError> {
        let mut document = Self::empty(epoch, server);
        let stored: Vec<&[u8]> = snapshot.into_iter().chain(tail).collect();
        if stored.is_empty() {
            return Err(LoadError::Nothing);
        }
        let unreadable = |error: &dyn std::fmt::Display| LoadError::Unreadable(error.to_string());
        let doc = document.doc.clone();
        let deleted = in_transaction(doc.transact_mut(), |txn| {
            for update in stored {
                let update = Update::decode_v1(update).map_err(|error| unreadable(&error))?;
                txn.apply_update(update).map_err(|error| unreadable(&error))?;
            }
            txn.commit();
            if txn.has_missing_updates() {
                return Err(LoadError::Hole);
            }
            Ok(txn.snapshot().delete_set)
        })
        .map_err(|panic| unreadable(&panic))??;
        let frame = read_frame(&doc.transact()).map_err(LoadError::Column)?;
        document.take_frame(frame)?;
        let snapshot = document.snapshot();
        let additions =
            place_trusted(&document.index, &snapshot).map_err(|refusal| unreadable(&refusal))?;
        document.index.learn(additions, &deleted);
        Ok(document)
    }

    fn empty(epoch: Epoch, server: Writer) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(ClientID::new(server.0))
        });
        let mut txn = doc.transact_mut();
        for root in [ROWS, COLUMNS, META] {
            txn.get_or_insert_map(root);
        }
        drop(txn);
        Self {
            doc,
            index: Index::default(),
            columns: Columns::default(),
            slots: Slots::default(),
            epoch,
            server,
            claims: HashMap::from([(server, None)]),
            generation: 0,
            snapshot: OnceLock::new(),
            broken: false,
        }
    }

    fn take_frame(&mut self, frame: Frame) -> Result<(), LoadError> {
        let (format, epoch) = (frame.format, frame.epoch);
        if format != Some(FORMAT) || epoch != Some(self.epoch.get() as f64) {
            let whole = |number: f64| number as i64;
            return Err(LoadError::AnotherDocument {
                format: format.map(whole),
                epoch: epoch.map(whole),
            });
        }
        (self.columns, self.slots) = (frame.columns, frame.slots);
        Ok(())
    }

    /// Says to whom a writer belongs, as the log, a `hello` or an awareness entry knows; none for the
    /// program. A claim stands for the epoch: a later one for the same writer changes nothing.
    pub fn claim(&mut self, writer: Writer, owner: Option<PersonId>) {
        self.claims.entry(writer).or_insert(owner);
    }

    /// Whom a writer belongs to; none if nobody claimed it, `Some(None)` if it is the program's.
    pub fn owner_of(&self, writer: Writer) -> Option<Option<PersonId>> {
        self.claims.get(&writer).copied()
    }

    /// All claims.
    pub fn claims(&self) -> impl Iterator<Item = (Writer, Option<PersonId>)> {
        self.claims.iter().map(|(writer, owner)| (*writer, *owner))
    }

    /// The writer of the server's own transactions.
    pub fn server(&self) -> Writer {
        self.server
    }

    /// Says what an update would do, or why it may not enter. Pure: nothing is touched.
    pub fn judge(
        &self,
        update: &[u8],
        sender: PersonId,
        limits: &Limits,
    ) -> Result<Judgement, Refusal> {
        let text_len = |row: &RowId, key: &str| {
            Reading::new(&self.usable().transact(), &self.slots).text_len(row, key)
        };
        let question = Question {
            index: &self.index,
            columns: &self.columns,
            claims: &self.claims,
            sender,
            limits,
            generation: self.generation,
            text_len: &text_len,
        };
        judge(&question, update)
    }

    /// Does what was judged and allowed, and says what became of it.
    pub fn apply(&mut self, update: &[u8], judgement: Judgement) -> Result<Applied, Broken> {
        if self.broken {
            return Err(Broken::Already);
        }
        if judgement.generation != self.generation {
            return self.break_with(Broken::Stale);
        }
        if judgement.is_noop() {
            return Ok(Applied::default());
        }
        let Judgement { changes, claims, sender, additions, .. } = judgement;
        let mut touched: Vec<(RowId, Place, Plain)> = Vec::with_capacity(changes.len());
        let mut made_rows = Vec::new();
        let doc = self.doc.clone();
        let txn = doc.transact();
        let reading = Reading::new(&txn, &self.slots);
        for change in changes {
            if change.action == Action::MakeRow {
                made_rows.push(change.row.clone());
            }
            // Changes of one place follow each other.
            if touched
                .last()
                .is_none_or(|(row, place, _)| (row, place) != (&change.row, &change.place))
            {
                let before = reading.place(&change.row, &change.place);
                touched.push((change.row, change.place, before));
            }
        }
        drop(txn);
        let decoded = catch_unwind(|| Update::decode_v1(update).map_err(|error| error.to_string()));
        let decoded = match decoded {
            Ok(Ok(decoded)) => decoded,
            Ok(Err(error)) => return self.break_with(Broken::Engine(error)),
            Err(panic) => return self.break_with(Broken::Panicked(words_of(&*panic))),
        };
        let taken = in_transaction(doc.transact_mut(), |txn| {
            txn.apply_update(decoded).map_err(|error| Broken::Engine(error.to_string()))?;
            finish(txn)
        });
        let (update, deleted) = match taken.map_err(Broken::Panicked).and_then(|done| done) {
            Ok(taken) => taken,
            Err(broken) => return self.break_with(broken),
        };
        self.index.learn(additions, &deleted);
        for writer in claims {
            self.claim(writer, Some(sender));
        }
        self.changed();
        let edits = self.edits(touched);
        Ok(Applied { update, edits, made_rows })
    }

    /// Takes in an update of the log that another node admitted.
    pub fn apply_logged(&mut self, update: &[u8]) -> Result<(), Broken> {
        if self.broken {
            return Err(Broken::Already);
        }
        let additions = match place_trusted(&self.index, update) {
            Ok(additions) => additions,
            Err(refusal) => return self.break_with(Broken::Index(refusal)),
        };
        let doc = self.doc.clone();
        let taken = in_transaction(doc.transact_mut(), |txn| {
            let engine = |error: &dyn std::fmt::Display| Broken::Engine(error.to_string());
            let update = Update::decode_v1(update).map_err(|error| engine(&error))?;
            txn.apply_update(update).map_err(|error| engine(&error))?;
            let (_, deleted) = finish(txn)?;
            let frame = additions.touch_frame().then(|| read_frame(txn)).transpose();
            Ok((deleted, frame.map_err(|column| engine(&column))?))
        });
        let (deleted, frame) = match taken.map_err(Broken::Panicked).and_then(|done| done) {
            Ok(taken) => taken,
            Err(broken) => return self.break_with(broken),
        };
        self.index.learn(additions, &deleted);
        if let Some(frame) = frame {
            (self.columns, self.slots) = (frame.columns, frame.slots);
        }
        self.changed();
        Ok(())
    }

    /// Does the server's own work in one transaction.
    pub fn write<R>(
        &mut self,
        work: impl FnOnce(&mut Writing<'_>) -> R,
    ) -> Result<(R, Applied), Broken> {
        if self.broken {
            return Err(Broken::Already);
        }
        let doc = self.doc.clone();
        let mut writing =
            Writing::new(doc.transact_mut(), self.columns.clone(), self.slots.clone());
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut writing)));
        let Written { txn, columns, slots, before, made } = writing.finish();
        let taken = match done {
            Ok(result) => {
                in_transaction(txn, finish).map(|taken| taken.map(|taken| (result, taken)))
            }
            Err(panic) => {
                std::mem::forget(txn);
                Err(words_of(&*panic))
            }
        };
        let (result, (update, deleted)) =
            match taken.map_err(Broken::Panicked).and_then(|done| done) {
                Ok(taken) => taken,
                Err(broken) => return self.break_with(broken),
            };
        if update == Update::EMPTY_V1 {
            return Ok((result, Applied::default()));
        }
        match place_trusted(&self.index, &update) {
            Ok(additions) => self.index.learn(additions, &deleted),
            Err(refusal) => return self.break_with(Broken::Index(refusal)),
        }
        (self.columns, self.slots) = (columns, slots);
        self.changed();
        let edits = self.edits(before);
        Ok((result, Applied { update, edits, made_rows: made }))
    }

    fn changed(&mut self) {
        self.generation += 1;
        self.snapshot = OnceLock::new();
    }

    /// The keys whose value is another than before.
    fn edits(&self, touched: Vec<(RowId, Place, Plain)>) -> Vec<CellEdit> {
        let txn = self.usable().transact();
        let reading = Reading::new(&txn, &self.slots);
        touched
            .into_iter()
            .filter_map(|(row, place, before)| {
                let after = reading.place(&row, &place);
                let key = layout::key_of(&place);
                (before != after).then_some(CellEdit { row, key, before, after })
            })
            .collect()
    }

    /// A transaction that panicked keeps its lock for ever: the document goes with it.
    fn break_with<R>(&mut self, why: Broken) -> Result<R, Broken> {
        tracing::error!(epoch = self.epoch.get(), "a document broke: {why}");
        self.broken = true;
        self.doc = Doc::new();
        Err(why)
    }

    fn usable(&self) -> &Doc {
        assert!(!self.broken, "a broken document is discarded, never read");
        &self.doc
    }

    /// What the document has, for sync step 1.
    pub fn state_vector(&self) -> Vec<u8> {
        use yrs::updates::encoder::Encode;
        self.usable().transact().state_vector().encode_v1()
    }

    /// What the holder of a state vector lacks, for sync step 2.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Vec<u8>, Refusal> {
        check_state_vector(state_vector, &Limits::default())?;
        let state_vector =
            StateVector::decode_v1(state_vector).map_err(|_| Refusal::Malformed("state vector"))?;
        if state_vector.is_empty() {
            return Ok(self.snapshot());
        }
        Ok(self.usable().transact().encode_diff_v1(&state_vector))
    }

    /// The whole document as one update. Made once per state.
    pub fn snapshot(&self) -> Vec<u8> {
        let encode = || self.usable().transact().encode_diff_v1(&StateVector::default());
        self.snapshot.get_or_init(encode).clone()
    }

    /// The table as values.
    pub fn values(&self) -> TableValues {
        Reading::new(&self.usable().transact(), &self.slots).table(&self.columns)
    }

    /// One row as values.
    pub fn row(&self, id: &RowId) -> Option<Row> {
        Reading::new(&self.usable().transact(), &self.slots).row(id)
    }

    /// The marks of the rows in the bin.
    pub(crate) fn deletion_marks(&self) -> HashMap<RowId, Plain> {
        let txn = self.usable().transact();
        let reading = Reading::new(&txn, &self.slots);
        let binned = reading.rows().into_iter().filter(|row| row.deleted);
        binned.map(|row| (row.id.clone(), reading.place(&row.id, &Place::Deleted))).collect()
    }

    /// Writer and clock of the element that made a row.
    #[cfg(test)]
    pub(crate) fn entry_of(&self, row: &str) -> Option<(u64, u32)> {
        let entry = self.index.live_entry(self.index.row_number(row)?)?;
        Some((entry.writer, entry.clock))
    }

    /// Writer and clock of the element that made a text.
    #[cfg(test)]
    pub(crate) fn text_of(&self, row: &str, key: &str) -> Option<(u64, u32)> {
        let (row, key) = (self.index.row_number(row)?, self.index.key_number(key)?);
        let text = self.index.text(crate::admission::Spot { row, key })?;
        Some((text.writer, text.clock))
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Whether the text of this cell was made.
    pub fn has_text(&self, row: &RowId, column: &tablee_domain::ids::ColumnId) -> bool {
        self.index.has_text(row.as_str(), column.as_str())
    }

    /// The epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Elements that were deleted and are remembered: what a new epoch would save.
    pub fn tombstones(&self) -> u64 {
        self.index.tombstones()
    }

    /// Segments of the index: its size.
    pub fn index_segments(&self) -> usize {
        self.index.segments()
    }

    /// The greatest writer that wrote or was claimed here. A new epoch begins above it.
    pub fn greatest_writer(&self) -> Writer {
        let claimed = self.claims.keys().map(|writer| writer.0).max().unwrap_or_default();
        Writer(claimed.max(self.index.greatest_writer()))
    }
}

/// Commits and says what was done; nothing may be left waiting.
fn finish(txn: &mut TransactionMut<'_>) -> Result<(Vec<u8>, IdSet), Broken> {
    txn.commit();
    if txn.has_missing_updates() {
        return Err(Broken::Pending);
    }
    Ok((txn.encode_update_v1(), txn.delete_set().clone()))
}

/// Works in a transaction. Should the engine panic, the transaction is forgotten: its drop would commit.
fn in_transaction<'d, R>(
    mut txn: TransactionMut<'d>,
    work: impl FnOnce(&mut TransactionMut<'d>) -> R,
) -> Result<R, String> {
    match catch_unwind(AssertUnwindSafe(|| work(&mut txn))) {
        Ok(result) => {
            drop(txn);
            Ok(result)
        }
        Err(panic) => {
            std::mem::forget(txn);
            Err(words_of(&*panic))
        }
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
