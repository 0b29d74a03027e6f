//! Allowed: what a frame would do, judged by admission and by the rules, and done to the private document.

use tablee_document::Applied;
use tablee_document::admission::{Judgement, Limits, Refusal};
use tablee_document::layout;
use tablee_domain::ids::{ColumnId, PersonId, Revision, RowId, Writer};
use tablee_domain::people::{self, Forbidden, RowFacts};
use tablee_domain::table::{Action, Change, Origin, Place};

use super::{Batch, ColumnNote, ColumnRequest, Ending, Outcome, Request, Room};
use crate::commit::{Pending, made_rows};
use crate::peer::PeerIdentity;
use crate::presence::PeerNumber;
use crate::protocol::RefusedCell;

/// Cells named in a refusal.
const CELLS_NAMED: usize = 100;

/// Bytes of history that cost a tab as much as one step of the engine.
const BYTES_OF_A_STEP: u64 = 8;

const MISSING: &str = "missing";

impl Room {
    /// Judges and applies what writes; gives back what only reads.
    pub(super) fn admit(
        &mut self,
        batch: &mut Batch,
        request: Request,
    ) -> Result<Option<Request>, Ending> {
        match request {
            Request::Frame { peer, number, whole, bytes, held: _held } => {
                self.admit_frame(batch, peer, (number, whole), &bytes)?;
            }
            Request::MakeText { peer, row, column } => {
                self.admit_text(batch, peer, row, column)?;
            }
            Request::Write { actor, origin, work } => {
                let result = self.document.write(work);
                let (finish, applied) = result.map_err(|broken| broken_by(None, &broken))?;
                self.push(batch, None, actor.person(), origin, applied);
                // Revisions have no gaps, so its own is known: others may be written after it in one commit,
                // and whoever takes this back must not take back theirs.
                let revision = Revision(self.head.get() + batch.updates.len() as i64);
                batch.outcomes.push(Outcome::Done { revision, work: finish });
            }
            Request::Columns(request) => self.admit_columns(batch, *request)?,
            Request::Owns { row, person } => {
                self.owners.insert(row, person);
            }
            reader => return Ok(Some(reader)),
        }
        Ok(None)
    }

    fn admit_frame(
        &mut self,
        batch: &mut Batch,
        peer: PeerNumber,
        (frame, whole): (u64, bool),
        bytes: &[u8],
    ) -> Result<(), Ending> {
        let Some(seat) = self.seats.get_mut(&peer).filter(|_| !batch.refused.contains(&peer))
        else {
            return Ok(());
        };
        let person = seat.who.person;
        let config = &self.parts.config;
        let limits = if whole { &config.step2 } else { &config.update };
        let judged = self.judge(peer, bytes, &limits.clone());
        let refusal = match judged {
            Ok(judgement) => {
                let seat = self.seats.get_mut(&peer).expect("the seat was found above");
                seat.outbox.charge(judgement.cost);
                seat.asked_again &= !whole;
                let silent = seat.asked_again;
                if !judgement.is_noop() {
                    self.claim(&judgement.claims, person);
                    let applied = self.document.apply(bytes, judgement);
                    let applied = applied.map_err(|broken| broken_by(Some(peer), &broken))?;
                    let made = applied.made_rows.clone();
                    self.charge_history(peer, &applied);
                    self.push(batch, Some(peer), Some(person), Origin::Table, applied);
                    self.start_rows(batch, person, &made)?;
                }
                if !silent {
                    batch.outcomes.push(Outcome::Saved { peer, frame });
                }
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        let seat = self.seats.get_mut(&peer).expect("the seat was found above");
        if refusal.reason == MISSING && !(whole && seat.asked_again) {
            if !std::mem::replace(&mut seat.asked_again, true) {
                batch.outcomes.push(Outcome::AskAgain(peer));
            }
            return Ok(());
        }
        let Refused { cells, reason } = refusal;
        batch.refused.push(peer);
        batch.outcomes.push(Outcome::Refused { peer, frame, cells, reason });
        Ok(())
    }

    /// History keeps each text whole, before and after: whoever rewrites long ones again and again with a few
    /// letters is read as slowly as if they had sent them.
    fn charge_history(&self, peer: PeerNumber, applied: &Applied) {
        let kept = applied.edits.iter().map(|edit| edit.before.bytes() + edit.after.bytes());
        if let Some(seat) = self.seats.get(&peer) {
            seat.outbox.charge(kept.sum::<usize>() as u64 / BYTES_OF_A_STEP);
        }
    }

    /// Gives new rows what they start with: a state, say, that their maker may not write.
    fn start_rows(
        &mut self,
        batch: &mut Batch,
        person: PersonId,
        made: &[RowId],
    ) -> Result<(), Ending> {
        let starts_with = &self.parts.config.row_starts_with;
        if made.is_empty() || starts_with.is_empty() {
            return Ok(());
        }
        let written = self.document.write(|writing| {
            for (row, (key, value)) in
                made.iter().flat_map(|row| starts_with.iter().map(move |start| (row, start)))
            {
                if writing.cell(row, key).is_empty() {
                    writing.set(row, key, value.clone());
                }
            }
        });
        let ((), applied) = written.map_err(|broken| broken_by(None, &broken))?;
        self.push(batch, None, Some(person), Origin::Program, applied);
        Ok(())
    }

    /// Admission, then the rules: all changes of a frame are allowed, or the whole frame is refused.
    fn judge(&self, peer: PeerNumber, bytes: &[u8], limits: &Limits) -> Result<Judgement, Refused> {
        let who = &self.seats[&peer].who;
        let judgement = self.document.judge(bytes, who.person, limits)?;
        if !judgement.claims.is_empty() && self.quota_is_used_up(who.person, judgement.claims.len())
        {
            return Err(Refusal::WriterQuota.into());
        }
        let mut cells = Vec::new();
        let mut reason = None;
        for change in &judgement.changes {
            if let Err(forbidden) = self.allows(who, change) {
                reason.get_or_insert(forbidden);
                if cells.len() < CELLS_NAMED {
                    let column = layout::key_of(&change.place);
                    cells.push(RefusedCell { row: change.row.clone(), column });
                }
            }
        }
        match reason {
            None => Ok(judgement),
            Some(forbidden) => Err(Refused { cells, reason: forbidden.key() }),
        }
    }

    fn allows(&self, who: &PeerIdentity, change: &Change) -> Result<(), Forbidden> {
        let facts = RowFacts {
            owner: self.owners.get(&change.row).copied(),
            binned_by: self.binned.get(&change.row).copied(),
        };
        let members_edit = self.parts.config.members_edit;
        let columns = self.document.columns();
        people::allows((who.person, who.role), members_edit, columns, facts, change)
    }

    /// Makes the text of a cell for an editor: in the server's own transaction, so that two people who open
    /// one cell at once get one text.
    fn admit_text(
        &mut self,
        batch: &mut Batch,
        peer: PeerNumber,
        row: RowId,
        column: ColumnId,
    ) -> Result<(), Ending> {
        let Some(seat) = self.seats.get(&peer).filter(|_| !batch.refused.contains(&peer)) else {
            return Ok(());
        };
        let person = seat.who.person;
        let change = Change {
            row: row.clone(),
            place: Place::Cell(column.clone()),
            action: Action::MakeText,
            in_new_row: false,
        };
        let is_text = self
            .document
            .columns()
            .get(column.as_str())
            .is_some_and(|column| column.kind.is_text());
        let reason = match self.allows(&seat.who, &change) {
            Err(forbidden) => Some(forbidden.key()),
            Ok(()) if !is_text || self.document.row(&row).is_none() => Some("shape"),
            Ok(()) => None,
        };
        if let Some(reason) = reason {
            batch.outcomes.push(Outcome::TextRefused { peer, row, column, reason });
            return Ok(());
        }
        if !self.document.has_text(&row, &column) {
            let made = self.document.write(|writing| writing.make_text(&row, &column));
            let (_, applied) = made.map_err(|broken| broken_by(None, &broken))?;
            self.push(batch, None, Some(person), Origin::MakeText, applied);
        }
        batch.outcomes.push(Outcome::TextMade { peer, row, column });
        Ok(())
    }

    /// Does work at columns, cells included, or none of it.
    fn admit_columns(&mut self, batch: &mut Batch, request: ColumnRequest) -> Result<(), Ending> {
        let ColumnRequest { actor, note, work, reply } = request;
        let result = self.document.write(work);
        let (changed, applied) = result.map_err(|broken| broken_by(None, &broken))?;
        let before = batch.updates.len();
        self.push(batch, None, actor.person(), Origin::Columns, applied);
        if let Some(pending) = batch.updates.get_mut(before) {
            let cells = changed.as_ref().map_or(0, |changed| changed.cells);
            pending.note = Some(ColumnNote { cells, ..note });
        }
        let revision = Revision(self.head.get() + batch.updates.len() as i64);
        let work: Box<dyn FnOnce(Revision) + Send> = Box::new(move |revision| {
            // Whoever asked may have left; the work is done all the same.
            let _ = reply.send((changed, revision));
        });
        batch.outcomes.push(Outcome::Done { revision, work });
        Ok(())
    }

    fn push(
        &mut self,
        batch: &mut Batch,
        author: Option<PeerNumber>,
        actor: Option<PersonId>,
        origin: Origin,
        applied: Applied,
    ) {
        if applied.update.is_empty() {
            return;
        }
        let at = self.parts.clock.now();
        let pending = Pending { author, actor, origin, at, applied, note: None };
        // A row may be made and changed again before the commit: its owner is known at once.
        let made = std::slice::from_ref(&pending);
        self.owners.extend(made_rows(made).map(|(row, person)| (row.clone(), person)));
        for edit in &pending.applied.edits {
            if edit.key == layout::DELETED {
                // Who marks a row that was in the bin already did not put it there, and takes nothing back.
                let did = |person: &PersonId| {
                    edit.before.is_empty() || self.binned.get(&edit.row) == Some(person)
                };
                match pending.actor.filter(did).filter(|_| !edit.after.is_empty()) {
                    Some(person) => self.binned.insert(edit.row.clone(), person),
                    None => self.binned.remove(&edit.row),
                };
            }
        }
        batch.updates.push(pending);
    }

    pub(super) fn claim(&mut self, claims: &[Writer], person: PersonId) {
        let now = self.parts.clock.now();
        for writer in claims {
            self.document.claim(*writer, Some(person));
            self.claims.push((*writer, Some(person)));
            self.quota.count(person, now);
        }
    }

    pub(super) fn quota_is_used_up(&self, person: PersonId, more: usize) -> bool {
        let used = self.quota.used(person, self.parts.clock.now());
        used + more > self.parts.config.writers_a_day
    }
}

/// A frame that is not taken in, in words that a tab understands.
struct Refused {
    cells: Vec<RefusedCell>,
    reason: &'static str,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { cells: Vec::new(), reason: refusal.key() }
    }
}

fn broken_by(by: Option<PeerNumber>, cause: &impl std::fmt::Display) -> Ending {
    Ending::Broken { by, cause: cause.to_string() }
}
