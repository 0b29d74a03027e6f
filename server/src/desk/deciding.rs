//! Fixing a decision, on the version that its pilot saw.

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ProposalId, Revision, RowId, Timestamp};
use tablee_domain::offer::Status;
use tablee_domain::table::{Plain, order};
use tablee_live::Visible;
use tablee_storage::proposal_events::{self, By as EventBy, Event};
use tablee_storage::proposals::{self, Change, Kind, Proposal, State};
use tablee_storage::{Tx, history};

use super::case::{BIN, Case, ROW};
use super::{By, Desk, DeskError, DeskResult, UNDO};
use crate::catalogue::TABLE;
use crate::i18n::{Locale, t};
use crate::importing::fresh_id;

/// How a case is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A new row that everybody sees.
    Publish,
    /// A new row that somebody looks at again.
    ToCheck,
    /// What is wanted of the row.
    Write,
    /// The row is archived.
    Archive,
    /// The row goes to the bin.
    Bin,
}

/// What a pilot chose for one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The proposal that asked for it.
    pub of: ProposalId,
    /// The place.
    pub key: String,
    /// What stood there when the pilot decided.
    pub seen: Plain,
    /// What shall stand there.
    pub result: Plain,
}

/// What is written of an accepted case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices {
    /// What is taken.
    pub cells: Vec<Chosen>,
    /// Why the others are not, in words for the author: what suggests them is refused. Empty where the pilot
    /// said nothing: the author then reads that the value was kept.
    pub reason: String,
    /// The pilot changed something in it, or left something out.
    pub retouched: bool,
}

/// What is done when a decision is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The row is written.
    Write,
    /// What was written is taken back.
    TakeBack,
}

/// A decision as it is kept: all that whoever carries it out needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What is done.
    pub act: Act,
    /// The row.
    pub row: RowId,
    /// Where it stands in the table, where it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What is written.
    pub cells: Vec<Cell>,
    /// The last update before it was fixed: what history names of the proposal after it was done by it.
    pub after: Revision,
    /// The pilot changed something.
    pub retouched: bool,
    /// Whether its author is told; of several that are decided at once, the first tells.
    pub tells: bool,
    /// The update that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Revision>,
}

/// One place of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The place.
    pub key: String,
    /// What stood there when it was decided.
    pub seen: Plain,
    /// What shall stand there.
    pub result: Plain,
}

impl Decision {
    /// The decision of a proposal, where there is one.
    pub fn of(proposal: &Proposal) -> Option<Self> {
        serde_json::from_str(proposal.decision.as_deref()?).ok()
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a decision has a JSON")
    }
}

/// The key under which the mail about a decision waits.
pub fn mail_key(id: ProposalId) -> String {
    format!("decision-{id}", id = id.get())
}

impl Desk {
    /// Accepts what a pilot saw, and writes it. Gives the proposals as they are then.
    pub async fn accept(
        &self,
        by: By,
        seen: &[(ProposalId, i64)],
        way: Way,
        choices: Choices,
    ) -> DeskResult<Vec<Proposal>> {
        let (desk, seen) = (self.clone(), seen.to_vec());
        self.apart(async move { desk.accept_now(by, &seen, way, choices).await }).await
    }

    async fn accept_now(
        &self,
        by: By,
        seen: &[(ProposalId, i64)],
        way: Way,
        choices: Choices,
    ) -> DeskResult<Vec<Proposal>> {
        let visible = self.0.rooms.values(TABLE).await?;
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        let case = self.case_of_versions(&mut tx, seen).await?;
        let fixing = Fixing { desk: self, by, way, visible: &visible, case: &case, choices };
        let decisions = fixing.decisions()?;
        for (id, version) in seen {
            let taken = decisions.iter().find(|(of, _)| of == id);
            let is_done = if let Some((_, decision)) = taken {
                let json = Some(decision.to_json());
                let change = Change { decision: json, ..Change::by(Some(by.id), at) };
                let (from, to) = (&State::OPEN, State::Accepting);
                proposals::transition(&mut tx, *id, *version, from, to, &change).await?
            } else {
                let reason = fixing.reason_of(*id);
                self.refuse_one(&mut tx, by, (*id, *version), &reason, at).await?
            };
            if !is_done {
                tx.rollback().await?;
                return Err(self.faster(*id).await?);
            }
        }
        tx.commit().await?;
        self.0.presence.changed();
        let ids: Vec<ProposalId> = seen.iter().map(|(id, _)| *id).collect();
        self.carry_out(&ids).await
    }

    /// Refuses what a pilot saw, in words that its author reads.
    pub async fn refuse(
        &self,
        by: By,
        seen: &[(ProposalId, i64)],
        reason: &str,
    ) -> DeskResult<Vec<Proposal>> {
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        let case = self.case_of_versions(&mut tx, seen).await?;
        for (id, version) in seen {
            if !self.refuse_one(&mut tx, by, (*id, *version), reason, at).await? {
                tx.rollback().await?;
                return Err(self.faster(*id).await?);
            }
        }
        self.tell_refused(&mut tx, case.first(), reason, at).await?;
        self.done(tx, seen).await
    }

    async fn refuse_one(
        &self,
        tx: &mut Tx,
        by: By,
        (id, version): (ProposalId, i64),
        reason: &str,
        at: Timestamp,
    ) -> DeskResult<bool> {
        let change = Change {
            reason: Some(reason.to_owned()),
            not_before: Some(Timestamp(at.get() + UNDO)),
            ..Change::by(Some(by.id), at)
        };
        let is_done =
            proposals::transition(tx, id, version, &State::OPEN, State::Refused, &change).await?;
        if is_done {
            let event = Event::Refused { reason: reason.to_owned() };
            proposal_events::add(tx, id, at, EventBy::Pilot(by.id), &event).await?;
        }
        Ok(is_done)
    }

    /// Asks the author of what a pilot saw.
    pub async fn ask(
        &self,
        by: By,
        seen: &[(ProposalId, i64)],
        words: &str,
    ) -> DeskResult<Vec<Proposal>> {
        let at = self.now();
        let not_before = Some(Timestamp(at.get() + UNDO));
        let mut tx = self.0.store.begin().await?;
        let case = self.case_of_versions(&mut tx, seen).await?;
        let change = Change { not_before, ..Change::by(Some(by.id), at) };
        self.all_step(&mut tx, seen, &State::OPEN, State::Asked, &change).await?;
        let first = case.first();
        let event = Event::Asked(words.to_owned());
        proposal_events::add(&mut tx, first.id, at, EventBy::Pilot(by.id), &event).await?;
        self.tell_asked(&mut tx, first, words, at).await?;
        self.done(tx, seen).await
    }

    /// Looks after what a pilot saw.
    pub async fn take(&self, by: By, seen: &[(ProposalId, i64)]) -> DeskResult<Vec<Proposal>> {
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        let change = Change::by(Some(by.id), at);
        self.all_step(&mut tx, seen, &State::OPEN, State::Taken, &change).await?;
        for (id, _) in seen {
            proposal_events::add(&mut tx, *id, at, EventBy::Pilot(by.id), &Event::Taken).await?;
        }
        self.done(tx, seen).await
    }

    /// Leaves it to others.
    pub async fn give_back(&self, by: By, seen: &[(ProposalId, i64)]) -> DeskResult<Vec<Proposal>> {
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        let from = [State::Taken];
        let change = Change::by(Some(by.id), at);
        self.all_step(&mut tx, seen, &from, State::Received, &change).await?;
        self.done(tx, seen).await
    }

    /// Notes something that only pilots read.
    pub async fn note(&self, by: By, id: ProposalId, words: &str) -> DeskResult {
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        proposals::find(&mut tx, id).await?.ok_or(DeskError::Unknown)?;
        let event = Event::Noted(words.to_owned());
        proposal_events::add(&mut tx, id, at, EventBy::Pilot(by.id), &event).await?;
        tx.commit().await?;
        self.0.presence.changed();
        Ok(())
    }

    /// Takes a decision back before its author is told.
    pub async fn undo(&self, by: By, seen: &[(ProposalId, i64)]) -> DeskResult<Vec<Proposal>> {
        let (desk, seen) = (self.clone(), seen.to_vec());
        self.apart(async move { desk.undo_now(by, &seen).await }).await
    }

    async fn undo_now(&self, by: By, seen: &[(ProposalId, i64)]) -> DeskResult<Vec<Proposal>> {
        let at = self.now();
        let table = self.table().await?;
        let mut tx = self.0.store.begin().await?;
        for (id, version) in seen {
            let found = proposals::find(&mut tx, *id).await?.ok_or(DeskError::Unknown)?;
            let in_time = found.not_before.is_some_and(|until| at < until);
            let can_be = matches!(found.state, State::Accepted | State::Refused | State::Asked);
            if found.version != *version || !can_be {
                tx.rollback().await?;
                return Err(DeskError::Faster(Box::new(found)));
            }
            if !in_time {
                tx.rollback().await?;
                return Err(DeskError::TooLate);
            }
            let mut change = Change::by(Some(by.id), at);
            let mut to = State::Taken;
            if found.state == State::Accepted
                && let Some(decision) = Decision::of(&found)
            {
                if let Some(written) = decision.written.filter(|_| decision.order.is_some())
                    && history::since_revision(&mut tx, table, &decision.row, written).await?
                {
                    tx.rollback().await?;
                    return Err(DeskError::WorkedIn);
                }
                to = State::Accepting;
                let back = Decision { act: Act::TakeBack, ..decision };
                change.decision = Some(back.to_json());
            }
            self.0.mails.drop_by_key(&mut tx, &mail_key(*id)).await?;
            if !proposals::transition(&mut tx, *id, *version, &[found.state], to, &change).await? {
                tx.rollback().await?;
                return Err(self.faster(*id).await?);
            }
            if to == State::Taken {
                let undone = &Event::Undone;
                proposal_events::add(&mut tx, *id, at, EventBy::Pilot(by.id), undone).await?;
            }
        }
        tx.commit().await?;
        self.0.presence.changed();
        // Later suggestions stand on earlier ones: the last goes first.
        let ids: Vec<ProposalId> = seen.iter().rev().map(|(id, _)| *id).collect();
        self.carry_out(&ids).await
    }

    /// Takes all of a case one step on, or none of it.
    async fn all_step(
        &self,
        tx: &mut Tx,
        seen: &[(ProposalId, i64)],
        from: &[State],
        to: State,
        change: &Change,
    ) -> DeskResult {
        if seen.is_empty() {
            return Err(DeskError::Unknown);
        }
        for (id, version) in seen {
            if !proposals::transition(tx, *id, *version, from, to, change).await? {
                return match proposals::find(tx, *id).await? {
                    Some(now) => Err(DeskError::Faster(Box::new(now))),
                    None => Err(DeskError::Unknown),
                };
            }
        }
        Ok(())
    }

    /// Keeps a step, tells whoever looks, and gives the proposals as they are then.
    async fn done(&self, tx: Tx, seen: &[(ProposalId, i64)]) -> DeskResult<Vec<Proposal>> {
        tx.commit().await?;
        self.0.presence.changed();
        let ids: Vec<ProposalId> = seen.iter().map(|(id, _)| *id).collect();
        self.as_they_are(&ids).await
    }

    pub(super) async fn as_they_are(&self, ids: &[ProposalId]) -> DeskResult<Vec<Proposal>> {
        let mut tx = self.0.store.read().await?;
        let mut found = Vec::new();
        for id in ids {
            found.push(proposals::find(&mut tx, *id).await?.ok_or(DeskError::Unknown)?);
        }
        Ok(found)
    }

    /// Why somebody's decision does not count: it stands otherwise by now.
    async fn faster(&self, id: ProposalId) -> DeskResult<DeskError> {
        let now = proposals::find(&mut self.0.store.read().await?, id).await?;
        Ok(now.map_or(DeskError::Unknown, |now| DeskError::Faster(Box::new(now))))
    }
}

/// What is needed to fix the decisions of a case.
struct Fixing<'a> {
    desk: &'a Desk,
    by: By,
    way: Way,
    visible: &'a Visible,
    case: &'a Case,
    choices: Choices,
}

impl Fixing<'_> {
    /// The decision of each proposal that is accepted.
    fn decisions(&self) -> DeskResult<Vec<(ProposalId, Decision)>> {
        if self.case.kind() == Kind::Suggestion {
            return Ok(self.suggestions());
        }
        let id = self.case.first().id;
        let decision = match self.case.kind() {
            Kind::New => self.new_row(),
            Kind::Removal => self.removal()?,
            _ => self.of_row(self.case.row.clone().ok_or(DeskError::RowGone)?, self.cells(id)),
        };
        Ok(vec![(id, decision)])
    }

    fn cells(&self, of: ProposalId) -> Vec<Cell> {
        let own = self.choices.cells.iter().filter(|chosen| chosen.of == of);
        let cells = own.map(|it| Cell {
            key: it.key.clone(),
            seen: it.seen.clone(),
            result: it.result.clone(),
        });
        cells.collect()
    }

    fn of_row(&self, row: RowId, cells: Vec<Cell>) -> Decision {
        Decision {
            act: Act::Write,
            row,
            order: None,
            cells,
            after: self.visible.revision,
            retouched: self.choices.retouched,
            tells: true,
            written: None,
        }
    }

    fn new_row(&self) -> Decision {
        let row =
            RowId::new(&fresh_id(&*self.desk.0.chance)).expect("a word of letters and figures");
        let status = if self.way == Way::Publish { Status::Published } else { Status::ToCheck };
        let mut cells = self.cells(self.case.first().id);
        let own =
            |key: &str, result: Plain| Cell { key: key.to_owned(), seen: Plain::Null, result };
        cells.retain(|cell| cell.key != Status::COLUMN && cell.key != super::rows::CHECKED);
        cells.push(own(Status::COLUMN, status.into()));
        if self.way == Way::Publish {
            cells.push(own(super::rows::CHECKED, super::rows::today(self.desk.now())));
        }
        Decision { order: Some(self.last_place()), ..self.of_row(row, cells) }
    }

    fn removal(&self) -> DeskResult<Decision> {
        let row = self.case.row_in(&self.visible.values).ok_or(DeskError::RowGone)?;
        if row.deleted {
            return Err(DeskError::RowGone);
        }
        let cell = if self.way == Way::Bin {
            Cell { key: BIN.to_owned(), seen: false.into(), result: true.into() }
        } else {
            Cell {
                key: Status::COLUMN.to_owned(),
                seen: row.cell(Status::COLUMN).clone(),
                result: Status::Archived.into(),
            }
        };
        Ok(self.of_row(row.id.clone(), vec![cell]))
    }

    /// Each suggestion of which something is taken, and those that are a part of it.
    fn suggestions(&self) -> Vec<(ProposalId, Decision)> {
        let Some(row) = self.case.row.clone() else { return Vec::new() };
        let mut decisions: Vec<(ProposalId, Decision)> = Vec::new();
        for proposal in &self.case.proposals {
            let wish = self.case.wishes.iter().find(|wish| wish.all_of.contains(&proposal.id));
            let taken = |of| self.choices.cells.iter().any(|chosen| chosen.of == of);
            let Some(wish) = wish.filter(|wish| taken(wish.of)) else { continue };
            let cells = self.cells(proposal.id);
            let makes = cells.iter().find(|cell| cell.key == ROW);
            let order = makes.map(|cell| match cell.result.as_text() {
                Some(order) if !order.is_empty() => order.to_owned(),
                _ => self.last_place(),
            });
            let mut cells = cells;
            cells.retain(|cell| cell.key != ROW);
            if order.is_some() {
                let status = Status::ToCheck.into();
                let key = Status::COLUMN.to_owned();
                cells.push(Cell { key, seen: Plain::Null, result: status });
            }
            debug_assert!(wish.all_of.contains(&wish.of));
            let tells = decisions.is_empty();
            let decision = Decision { order, tells, ..self.of_row(row.clone(), cells) };
            decisions.push((proposal.id, decision));
        }
        decisions
    }

    /// Why one is not taken, in words that its author reads, in their language where they are ours.
    fn reason_of(&self, id: ProposalId) -> String {
        if !self.choices.reason.is_empty() {
            return self.choices.reason.clone();
        }
        let found = self.case.proposals.iter().find(|it| it.id == id);
        let locale = found.and_then(|it| Locale::from_tag(&it.language)).unwrap_or_default();
        t(locale, "desk.refuse.kept_now", &[]).into_owned()
    }

    /// The end of the table.
    fn last_place(&self) -> String {
        let last = self.visible.values.rows.iter().map(|row| row.order.as_str()).max();
        let key = order::keys_after(last, 1).pop();
        tracing::debug!(person.id = self.by.id.get(), "a row is to be made");
        key.expect("one key was asked for")
    }
}
