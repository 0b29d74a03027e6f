//! One table's document with its index: judged, applied, read.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use tablee_domain::ids::{Epoch, PersonId, RowId, Writer};
use tablee_domain::table::{Action, Change, Column, Columns, Place, Plain, Row, TableValues};
use yrs::updates::decoder::Decode;
use yrs::{
    ClientID, Doc, Map, OffsetKind, Options, ReadTxn, StateVector, Transact, Update, WriteTxn,
};

use crate::admission::{
    Index, Judgement, Limits, Question, Refusal, judge, place_trusted, read_state_vector,
};
use crate::engine::{finish, in_transaction, words_of};
use crate::layout::{self, COLUMNS, EPOCH_KEY, FORMAT, FORMAT_KEY, META, ROWS};
use crate::outcome::{Applied, Broken, CellEdit, LoadError};
use crate::read::{Frame, Reading, Slots, read_frame};
use crate::value::to_any;
use crate::write::{Writing, Written};

/// A place that an update or a transaction touches.
pub(crate) struct Touched {
    pub(crate) row: RowId,
    pub(crate) place: Place,
    /// What stood there.
    pub(crate) before: Plain,
    /// Values that it would put there.
    pub(crate) asked: Vec<Plain>,
}

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
    retired: HashSet<Writer>,
    /// Grows with each change, so that a judgement is applied to what it judged.
    generation: u64,
    snapshot: OnceLock<Vec<u8>>,
    broken: bool,
}

impl TableDocument {
    /// A new document: its format, epoch and columns, as the server's first update.
    pub fn create(epoch: Epoch, server: Writer, columns: &[Column]) -> (Self, Applied) {
        let mut document = Self::empty(epoch, server);
        let ((), applied) = document
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
            retired: HashSet::new(),
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
    /// program. A claim stands for the epoch: a later one for the same writer changes nothing, nor does one
    /// for a writer of an earlier epoch.
    pub fn claim(&mut self, writer: Writer, owner: Option<PersonId>) {
        if !self.retired.contains(&writer) {
            self.claims.entry(writer).or_insert(owner);
        }
    }

    /// Says which writers lived in earlier epochs: nothing of theirs is news here.
    pub fn retire(&mut self, writers: impl IntoIterator<Item = Writer>) {
        self.retired.extend(writers.into_iter().filter(|writer| *writer != self.server));
    }

    /// Whom a writer belongs to; none if nobody claimed it, `Some(None)` if it is the program's or if it is
    /// taken since an earlier epoch.
    pub fn owner_of(&self, writer: Writer) -> Option<Option<PersonId>> {
        let taken = self.retired.contains(&writer).then_some(None);
        taken.or_else(|| self.claims.get(&writer).copied())
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
            owner_of: &|writer| self.owner_of(writer),
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
        let made = changes.iter().filter(|change| change.action == Action::MakeRow);
        let made_rows = made.map(|change| change.row.clone()).collect();
        let touched = self.before(changes);
        let doc = self.doc.clone();
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
        Ok(Applied { update, edits, made_rows, columns: Vec::new() })
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
        let Written { txn, columns, slots, touched, made, work } = writing.finish();
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
        let edits = self.edits(touched);
        Ok((result, Applied { update, edits, made_rows: made, columns: work }))
    }

    /// What stands in the places of changes, each once, and what they would put there.
    fn before(&self, changes: Vec<Change>) -> Vec<Touched> {
        let txn = self.usable().transact();
        let reading = Reading::new(&txn, &self.slots);
        let mut touched: Vec<Touched> = Vec::with_capacity(changes.len());
        for Change { row, place, action, .. } in changes {
            // Changes of one place follow each other.
            if touched.last().is_none_or(|last| (&last.row, &last.place) != (&row, &place)) {
                let before = reading.place(&row, &place);
                touched.push(Touched { row, place, before, asked: Vec::new() });
            }
            if let (Action::Set(value), Some(last)) = (action, touched.last_mut()) {
                last.asked.push(value);
            }
        }
        touched
    }

    fn changed(&mut self) {
        self.generation += 1;
        self.snapshot = OnceLock::new();
    }

    /// The keys whose value is another than before, and the values that did not come to stand.
    fn edits(&self, touched: Vec<Touched>) -> Vec<CellEdit> {
        let txn = self.usable().transact();
        let reading = Reading::new(&txn, &self.slots);
        let mut edits = Vec::with_capacity(touched.len());
        for Touched { row, place, before, mut asked } in touched {
            let stands = reading.place(&row, &place);
            let key = layout::key_of(&place);
            if before != stands {
                let (row, key, after) = (row.clone(), key.clone(), stands.clone());
                edits.push(CellEdit { row, key, before, after, lost: false });
            }
            // Where one of several values of an update stands, none of them lost to anybody else. In a row
            // that is gone nothing stands, and nothing is lost that could be had again.
            if !asked.contains(&stands)
                && reading.map(&row).is_some()
                && let Some(after) = asked.pop()
            {
                edits.push(CellEdit { row, key, before: stands, after, lost: true });
            }
        }
        edits
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
        let clocks = read_state_vector(state_vector, &Limits::default())?;
        if clocks.is_empty() {
            return Ok(self.snapshot());
        }
        let clocks = clocks.into_iter().map(|(writer, clock)| (ClientID::new(writer), clock));
        Ok(self.usable().transact().encode_diff_v1(&clocks.collect()))
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
        let claimed = self.claims.keys().chain(&self.retired).map(|writer| writer.0);
        let claimed = claimed.max().unwrap_or_default();
        Writer(claimed.max(self.index.greatest_writer()))
    }
}
