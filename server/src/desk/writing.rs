//! Carrying a decision out, once: the row is written, then the proposal says so, then its mail waits.

use std::collections::BTreeMap;

use tablee_document::Writing;
use tablee_domain::ids::{PersonId, ProposalId, Revision, RowId, Timestamp};
use tablee_domain::offer::{Status, slug};
use tablee_domain::people::{Actor, Role};
use tablee_domain::proposal::{Outcome, merge};
use tablee_domain::table::{Origin, Plain, Row};
use tablee_live::{Restore, RoomHandle};
use tablee_storage::follow_links::Scope;
use tablee_storage::proposal_events::{self, By as EventBy, Event};
use tablee_storage::proposals::{self, Change, Kind, Proposal, State};
use tablee_storage::{Tx, history, owners};

use super::case::{BIN, standing};
use super::deciding::{Act, Decision, mail_key};
use super::{Desk, DeskError, DeskResult, UNDO};
use crate::catalogue::TABLE;
use crate::i18n::Locale;
use crate::mail::letter::{Letter, LetterKind, Recipient};
use crate::proposing::issue_link;
use crate::web::urls;

/// Why the row was not written.
#[derive(Debug)]
enum Stays {
    /// These places say something else by now, and nobody can say what both mean.
    Moved(Vec<String>),
    /// The row is not there.
    Gone,
}

impl Desk {
    /// Takes up what an earlier run left under way. Before doors open.
    pub async fn resume_all(&self) -> DeskResult {
        self.settle_now().await
    }

    /// Carries out what somebody fixed and nobody carried out, if that is so.
    pub async fn settle(&self, id: ProposalId) -> DeskResult {
        let desk = self.clone();
        self.apart(async move { desk.settle_one(id).await }).await
    }

    async fn settle_one(&self, id: ProposalId) -> DeskResult {
        match self.carry_out(&[id]).await {
            // Somebody moved a cell meanwhile: the proposal waits again, and its page says so.
            Ok(_) | Err(DeskError::Moved(_) | DeskError::RowGone | DeskError::WorkedIn) => {
                tracing::info!(
                    proposal.id = id.get(),
                    "a decision that was left under way was settled"
                );
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Carries out all that somebody fixed and nobody carried out, merges too: the table may have been closed just
    /// then, or the database away.
    pub async fn settle_all(&self) -> DeskResult {
        let desk = self.clone();
        self.apart(async move { desk.settle_now().await }).await
    }

    async fn settle_now(&self) -> DeskResult {
        let under_way =
            proposals::in_state(&mut self.0.store.read().await?, State::Accepting).await?;
        for proposal in under_way {
            self.settle_one(proposal.id).await?;
        }
        self.settle_merges().await
    }

    /// Carries out what was fixed, one after the other. Where one cannot be written the others are.
    pub(super) async fn carry_out(&self, ids: &[ProposalId]) -> DeskResult<Vec<Proposal>> {
        let _turn = self.0.turn.lock().await;
        let mut wrong = None;
        for id in ids {
            match self.carry_one(*id).await {
                Ok(()) => {}
                Err(error @ (DeskError::Moved(_) | DeskError::RowGone | DeskError::WorkedIn)) => {
                    wrong = wrong.or(Some(error));
                }
                Err(error) => return Err(error),
            }
        }
        self.0.presence.changed();
        match wrong {
            Some(error) => Err(error),
            None => self.as_they_are(ids).await,
        }
    }

    async fn carry_one(&self, id: ProposalId) -> DeskResult {
        // The room first: an erasure closes it, and what must not come back is not written through it.
        let room = self.0.rooms.open(TABLE).await?;
        let found = proposals::find(&mut self.0.store.read().await?, id).await?;
        let Some(found) = found.filter(|it| it.state == State::Accepting) else { return Ok(()) };
        let by = found.decided.and_then(|(by, _)| by);
        let Some(decision) = Decision::of(&found) else {
            // Its words were erased: there is nothing left to write.
            let change = Change::by(by, self.now());
            return self.back_to(&found, State::Taken, &change).await;
        };
        match decision.act {
            Act::Write => self.write(&room, &found, by, decision).await,
            Act::TakeBack => self.take_back(&room, &found, by, decision).await,
        }
    }

    async fn write(
        &self,
        room: &RoomHandle,
        found: &Proposal,
        by: Option<PersonId>,
        decision: Decision,
    ) -> DeskResult {
        let id = found.id;
        let edits = history::of_proposal(&mut self.0.store.read().await?, id).await?;
        let last = edits.iter().map(|edit| edit.revision).max();
        let written = match last.filter(|revision| *revision > decision.after) {
            // An earlier run wrote it, all of it: one update holds all of a decision.
            Some(revision) => Ok(Some(revision)),
            None => self.write_row(room, id, by, &decision).await?,
        };
        match written {
            Ok(written) => self.written(room, found, by, Decision { written, ..decision }).await,
            Err(stays) => {
                let change = Change::by(by, self.now());
                self.back_to(found, State::Taken, &change).await?;
                Err(match stays {
                    Stays::Moved(keys) => DeskError::Moved(keys),
                    Stays::Gone => DeskError::RowGone,
                })
            }
        }
    }

    async fn write_row(
        &self,
        room: &RoomHandle,
        id: ProposalId,
        by: Option<PersonId>,
        decision: &Decision,
    ) -> DeskResult<Result<Option<Revision>, Stays>> {
        let (actor, at) = (actor(by), self.now());
        let decision = decision.clone();
        let work = move |writing: &mut Writing<'_>| write_all(writing, &decision, at);
        let (done, revision) = room.write(actor, Origin::Proposal(id), work).await?;
        // Nothing was different: the update is somebody else's.
        Ok(done.map(|changed| changed.then_some(revision)))
    }

    /// It stands in the table: the proposal says so, and the mail waits, or none of both.
    async fn written(
        &self,
        room: &RoomHandle,
        found: &Proposal,
        by: Option<PersonId>,
        decision: Decision,
    ) -> DeskResult {
        let (at, id) = (self.now(), found.id);
        let visible = room.values().await?;
        let row = visible.values.rows.iter().find(|row| row.id == decision.row);
        let mut tx = self.0.store.begin().await?;
        let not_before = Timestamp(at.get() + UNDO);
        let change = Change {
            decision: Some(decision.to_json()),
            not_before: Some(not_before),
            row: Some(decision.row.clone()),
            ..Change::by(by, at)
        };
        let from = [State::Accepting];
        if !proposals::transition(&mut tx, id, found.version, &from, State::Accepted, &change)
            .await?
        {
            tx.rollback().await?;
            return Ok(());
        }
        let event = Event::Accepted { retouched: decision.retouched };
        proposal_events::add(&mut tx, id, at, event_by(by, found.author), &event).await?;
        let owner = found.author.filter(|_| decision.order.is_some());
        if let Some(author) = owner {
            owners::set(&mut tx, room.table(), &decision.row, author).await?;
        }
        if decision.tells {
            self.tell_accepted(&mut tx, found, &decision, row, not_before).await?;
        }
        tx.commit().await?;
        if let Some(author) = owner {
            room.owns(&decision.row, author).await;
        }
        tracing::info!(proposal.id = id.get(), row.id = %decision.row, "a proposal was accepted");
        Ok(())
    }

    /// What was written is taken back, where nobody wrote since.
    async fn take_back(
        &self,
        room: &RoomHandle,
        found: &Proposal,
        by: Option<PersonId>,
        decision: Decision,
    ) -> DeskResult {
        let (at, id) = (self.now(), found.id);
        if let Some(written) = decision.written {
            let what = Restore::TakeBack { from: written, to: written };
            room.restore(actor(by), what, false).await?;
        }
        let visible = room.values().await?;
        let row = visible.values.rows.iter().find(|row| row.id == decision.row);
        let stays = decision.order.is_some() && row.is_some_and(|row| !row.deleted);
        if stays {
            // Somebody worked in the row between our look and our turn: it stands, and so does the decision.
            let standing = Decision { act: Act::Write, ..decision.clone() };
            let change = Change { decision: Some(standing.to_json()), ..Change::by(by, at) };
            let mut tx = self.0.store.begin().await?;
            let from = [State::Accepting];
            let to = State::Accepted;
            if proposals::transition(&mut tx, id, found.version, &from, to, &change).await? {
                if standing.tells {
                    let until = found.not_before.unwrap_or(at);
                    self.tell_accepted(&mut tx, found, &standing, row, until).await?;
                }
                tx.commit().await?;
            }
            return Err(DeskError::WorkedIn);
        }
        let mut tx = self.0.store.begin().await?;
        let change = Change::by(by, at);
        let from = [State::Accepting];
        if proposals::transition(&mut tx, id, found.version, &from, State::Taken, &change).await? {
            proposal_events::add(&mut tx, id, at, event_by(by, found.author), &Event::Undone)
                .await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn back_to(&self, found: &Proposal, to: State, change: &Change) -> DeskResult {
        let mut tx = self.0.store.begin().await?;
        let from = [State::Accepting];
        proposals::transition(&mut tx, found.id, found.version, &from, to, change).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_accepted(
        &self,
        tx: &mut Tx,
        found: &Proposal,
        decision: &Decision,
        row: Option<&Row>,
        not_before: Timestamp,
    ) -> DeskResult {
        let title = row.map(|row| row.text("intitule").trim().to_owned()).unwrap_or_default();
        let receipt = found.receipt.clone();
        let public = row.filter(|row| !row.deleted && Status::of(row).is_public());
        let kind = if found.kind == Kind::Removal {
            LetterKind::Removed { receipt, title }
        } else {
            let offer = public.map(|row| urls::offer(&slug(&title), &row.id));
            LetterKind::Accepted { receipt, title, offer, retouched: decision.retouched }
        };
        self.tell(tx, found, kind, not_before).await
    }

    pub(super) async fn tell_refused(
        &self,
        tx: &mut Tx,
        found: &Proposal,
        reason: &str,
        at: Timestamp,
    ) -> DeskResult {
        let (receipt, reason) = (found.receipt.clone(), reason.to_owned());
        let kind = LetterKind::Refused { receipt, reason, words: String::new() };
        self.tell(tx, found, kind, Timestamp(at.get() + UNDO)).await
    }

    pub(super) async fn tell_asked(
        &self,
        tx: &mut Tx,
        found: &Proposal,
        words: &str,
        at: Timestamp,
    ) -> DeskResult {
        let link = self.follow_link(tx, found).await?;
        let (receipt, words) = (found.receipt.clone(), words.to_owned());
        let kind = LetterKind::Question { receipt, link, words };
        self.tell(tx, found, kind, Timestamp(at.get() + UNDO)).await
    }

    /// Where an author follows a proposal. Of the link they have only its hash is known: this is another one.
    async fn follow_link(&self, tx: &mut Tx, found: &Proposal) -> DeskResult<String> {
        if found.author.is_some() {
            return Ok(urls::mine_proposal(&found.receipt));
        }
        let machine = (&self.0.clock, &self.0.chance);
        Ok(urls::follow(&issue_link(tx, machine, found.id, Scope::Follow).await?))
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        found: &Proposal,
        kind: LetterKind,
        not_before: Timestamp,
    ) -> DeskResult {
        let to = match (found.author, &found.author_email) {
            (Some(person), _) => Recipient::Person(person),
            (None, Some(address)) => {
                let language = Locale::from_tag(&found.language).unwrap_or_default();
                Recipient::Visitor { address: address.clone(), language }
            }
            (None, None) => return Ok(()),
        };
        let key = mail_key(found.id);
        // A question was told under it before, or waits: the decision is news of its own.
        self.0.mails.free_key(tx, &key).await?;
        let letter = Letter::new(to, kind).under_key(key).not_before(not_before);
        self.0.mails.post(tx, letter).await?;
        Ok(())
    }
}

/// Whoever decided could; their role may have ended since.
fn actor(by: Option<PersonId>) -> Actor {
    by.map_or(Actor::Program, |person| Actor::Person(person, Role::Pilot))
}

/// Who did it, as its thread tells: whoever publishes their own offer is no pilot there.
fn event_by(by: Option<PersonId>, author: Option<PersonId>) -> EventBy {
    match by {
        None => EventBy::Program,
        Some(by) if author == Some(by) => EventBy::Author,
        Some(by) => EventBy::Pilot(by),
    }
}

/// Writes all of a decision, or nothing of it. Says whether anything is different now.
fn write_all(writing: &mut Writing<'_>, decision: &Decision, at: Timestamp) -> Result<bool, Stays> {
    if let Some(order) = &decision.order {
        let cells = decision.cells.iter().filter(|cell| !cell.result.is_empty());
        let overlay: BTreeMap<String, Plain> =
            cells.map(|cell| (cell.key.clone(), cell.result.clone())).collect();
        return Ok(writing.add_row(&decision.row, order, None, overlay));
    }
    if decision.cells.is_empty() {
        return Ok(false);
    }
    let row = writing.row(&decision.row).ok_or(Stays::Gone)?;
    let is_about_the_bin = decision.cells.iter().all(|cell| cell.key == BIN);
    if row.deleted && !is_about_the_bin {
        return Err(Stays::Gone);
    }
    let same = |one: &Plain, other: &Plain| one == other || one.is_empty() && other.is_empty();
    let (mut writes, mut moved) = (Vec::new(), Vec::new());
    for cell in &decision.cells {
        let now = standing(&row, &cell.key);
        if same(&now, &cell.result) {
            continue;
        }
        if same(&now, &cell.seen) {
            writes.push((&cell.key, cell.result.clone()));
            continue;
        }
        // Somebody wrote here since the pilot decided: what both meant, or a question.
        match merge::at(writing.columns(), &cell.key, &cell.seen, &now, &cell.result) {
            Outcome::Same => {}
            Outcome::Take(value) | Outcome::Merged(value) => writes.push((&cell.key, value)),
            Outcome::Conflict { .. } => moved.push(cell.key.clone()),
        }
    }
    if !moved.is_empty() {
        return Err(Stays::Moved(moved));
    }
    let mut changed = false;
    for (key, value) in writes {
        changed |= put(writing, &decision.row, key, value, at);
    }
    Ok(changed)
}

fn put(writing: &mut Writing<'_>, row: &RowId, key: &str, value: Plain, at: Timestamp) -> bool {
    if key == BIN {
        let goes = value == Plain::Bool(true);
        writing.set_deleted(row, goes.then_some(at))
    } else {
        writing.set(row, key, value)
    }
}
