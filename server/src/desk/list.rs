//! All that waits for a decision, by urgency.
//!
//! Ordering and counting need no word of what is asked: only what a page shows is read, and told, whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tablee_domain::ids::{PersonId, ProposalId, RowId, Timestamp};
use tablee_domain::offer::Status;
use tablee_domain::offer::checks::Now;
use tablee_domain::offer::duplicate::Likeness;
use tablee_live::Visible;
use tablee_storage::proposals::{self, Kind, Outline, Proposal, State};
use tablee_storage::{StoreError, Tx, desk_items, not_duplicates};

use super::case::{AT_ONCE, Case, case_of, row_of};
use super::found::{Found, Looked, met, ordered, traits};
use super::{Desk, DeskResult};
use crate::catalogue::TABLE;

/// From this score on a proposal waits in the second queue.
pub const SUSPECT: f64 = crate::proposing::robots::SUSPICIOUS;

/// One of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    /// All but what is suspect or put aside.
    #[default]
    All,
    /// New offers.
    New,
    /// Corrections of rows.
    Correction,
    /// Rows that should go.
    Removal,
    /// Edits that were refused.
    Suggestion,
    /// Rows that nobody sees yet.
    ToCheck,
    /// Rows that may be one.
    Twins,
    /// Rows that nobody confirmed lately.
    Stale,
    /// Rows that lack much.
    Incomplete,
    /// What the person who looks has taken.
    Mine,
    /// What looks like spam.
    Spam,
    /// What somebody put aside.
    Aside,
}

impl List {
    /// All lists, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::All,
        Self::New,
        Self::Correction,
        Self::Removal,
        Self::Suggestion,
        Self::ToCheck,
        Self::Twins,
        Self::Stale,
        Self::Incomplete,
        Self::Mine,
        Self::Spam,
        Self::Aside,
    ];

    /// Its word in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "tout",
            Self::New => "nouvelles",
            Self::Correction => "corrections",
            Self::Removal => "retraits",
            Self::Suggestion => "suggestions",
            Self::ToCheck => "a-verifier",
            Self::Twins => "doublons",
            Self::Stale => "a-confirmer",
            Self::Incomplete => "incompletes",
            Self::Mine => "miennes",
            Self::Spam => "indesirables",
            Self::Aside => "plus-tard",
        }
    }

    /// The list with this word; all for any other.
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|list| list.word() == word).unwrap_or_default()
    }

    /// Whether an entry stands in it, for whoever looks.
    pub fn holds(self, entry: &Entry, me: PersonId) -> bool {
        match self {
            Self::Aside => return entry.aside.is_some(),
            Self::Spam => return entry.is_suspect && entry.aside.is_none(),
            _ if entry.is_suspect || entry.aside.is_some() => return false,
            _ => {}
        }
        match self {
            Self::All => true,
            Self::Mine => entry.taken_by == Some(me),
            Self::New => entry.kind == EntryKind::New,
            Self::Correction => entry.kind == EntryKind::Correction,
            Self::Removal => entry.kind == EntryKind::Removal,
            Self::Suggestion => entry.kind == EntryKind::Suggestion,
            Self::ToCheck => entry.kind == EntryKind::ToCheck,
            Self::Twins => entry.kind == EntryKind::Twins,
            Self::Stale => entry.kind == EntryKind::Stale,
            Self::Incomplete => entry.kind == EntryKind::Incomplete,
            Self::Spam | Self::Aside => false,
        }
    }
}

/// What an entry asks, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A new offer.
    New,
    /// A correction.
    Correction,
    /// A removal.
    Removal,
    /// Edits that were refused.
    Suggestion,
    /// A row to check.
    ToCheck,
    /// Two rows that may be one.
    Twins,
    /// A row that nobody confirmed lately.
    Stale,
    /// A row that lacks much.
    Incomplete,
}

/// What an entry leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// A proposal, or somebody's suggestions about a row, by the first of them.
    Case(ProposalId),
    /// A row.
    Row(RowId),
    /// Two rows, in the order in which they are kept.
    Twins(RowId, RowId),
}

impl Thing {
    /// Its word, by which it is put aside and looked at.
    pub fn word(&self) -> String {
        match self {
            Self::Case(id) => format!("p{}", id.get()),
            Self::Row(row) => format!("l-{row}"),
            Self::Twins(one, other) => format!("d-{one}-{other}"),
        }
    }

    /// What a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        if let Some(id) = word.strip_prefix('p') {
            return Some(Self::Case(ProposalId(id.parse().ok()?)));
        }
        if let Some(row) = word.strip_prefix("l-") {
            return Some(Self::Row(RowId::new(row).ok()?));
        }
        let (one, other) = word.strip_prefix("d-")?.split_once('-')?;
        let (one, other) = ordered(RowId::new(one).ok()?, RowId::new(other).ok()?);
        Some(Self::Twins(one, other))
    }
}

/// One entry of the list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it leads to.
    pub thing: Thing,
    /// What it asks.
    pub kind: EntryKind,
    /// The proposals that it is made of.
    pub of: Vec<ProposalId>,
    /// The titles of what it is about: two where two rows may be one.
    pub titles: Vec<String>,
    /// When it came in.
    pub at: Option<Timestamp>,
    /// Who asks: a person, or whoever has no account.
    pub author: Option<Option<PersonId>>,
    /// Where a proposal stands.
    pub state: Option<State>,
    /// Who looks after it.
    pub taken_by: Option<PersonId>,
    /// How many of the expected items it says.
    pub met: Option<usize>,
    /// How many edits are suggested.
    pub edits: usize,
    /// What is missing, by key.
    pub missing: Vec<&'static str>,
    /// What does not hold, by key.
    pub warnings: Vec<&'static str>,
    /// How near two rows are, and in what.
    pub alike: Option<(f64, Vec<Likeness>)>,
    /// It may be there already.
    pub has_twin: bool,
    /// It looks like spam.
    pub is_suspect: bool,
    /// Until when it is put aside.
    pub aside: Option<Timestamp>,
    urgency: u32,
}

/// All entries, and what they were made of.
pub struct Everything {
    /// The entries, the most urgent first.
    pub entries: Vec<Entry>,
    /// The table.
    pub visible: Arc<Visible>,
    /// What was seen in its rows.
    pub found: Arc<Found>,
}

impl Desk {
    /// What the rows show now.
    pub async fn found(&self, visible: &Arc<Visible>) -> Arc<Found> {
        let now = Now::of(self.now(), self.0.site.get().stale_after_months);
        self.0.finder.look(Arc::clone(visible), now).await
    }

    /// All that waits.
    pub async fn everything(&self) -> DeskResult<Everything> {
        let visible = self.0.rooms.values(TABLE).await?;
        let found = self.found(&visible).await;
        let table = self.table().await?;
        let mut tx = self.0.store.read().await?;
        let aside = desk_items::snoozed(&mut tx, table, self.now()).await?;
        let not_twins = not_duplicates::all(&mut tx, table).await?;
        let waiting = proposals::outlines(&mut tx, table, &State::OPEN).await?;
        let makes_row = |it: &&Outline| it.kind == Kind::Suggestion && it.row.is_none();
        let made: Vec<ProposalId> = waiting.iter().filter(makes_row).map(|it| it.id).collect();
        let made = proposals::those(&mut tx, &made).await?;
        drop(tx);
        let made = made.iter().map(|it| (it.id, row_of(it))).collect();
        let mut entries = cases(&waiting, &made);
        entries.extend(found.rows.iter().filter_map(of_row));
        entries.extend(pairs(&found, &not_twins));
        for entry in &mut entries {
            entry.aside = aside.get(&entry.thing.word()).copied();
        }
        entries.sort_by_cached_key(|entry| {
            let waits_for_author = entry.state == Some(State::Asked);
            let age = entry.at.unwrap_or(Timestamp(i64::MAX));
            let urgency = std::cmp::Reverse(entry.urgency);
            (
                waits_for_author,
                entry.kind,
                age,
                urgency,
                entry.of.first().copied(),
                entry.thing.word(),
            )
        });
        Ok(Everything { entries, visible, found })
    }

    /// The same entries with what is told of them on a page: what is asked is read for these only.
    pub async fn told(
        &self,
        all: &Everything,
        entries: impl IntoIterator<Item = &Entry>,
    ) -> DeskResult<Vec<Entry>> {
        let mut entries: Vec<Entry> = entries.into_iter().cloned().collect();
        let of_page = entries.iter().flat_map(|entry| entry.of.iter().take(AT_ONCE));
        let of_page: Vec<ProposalId> = of_page.copied().collect();
        let read = proposals::those(&mut self.0.store.read().await?, &of_page).await?;
        let (visible, found) = (Arc::clone(&all.visible), Arc::clone(&all.found));
        let telling = tokio::task::spawn_blocking(move || {
            let mut read: HashMap<ProposalId, Proposal> =
                read.into_iter().map(|it| (it.id, it)).collect();
            for entry in &mut entries {
                let of: Vec<Proposal> = entry.of.iter().filter_map(|id| read.remove(id)).collect();
                if !of.is_empty() {
                    entry.tell(&case_of(of), &visible, &found);
                }
            }
            entries
        });
        telling.await.map_err(|gone| StoreError::Unavailable(gone.to_string()).into())
    }

    /// Whether somebody said that two rows are not one.
    pub async fn not_twins(&self, tx: &mut Tx) -> DeskResult<BTreeSet<(RowId, RowId)>> {
        let table = self.table().await?;
        Ok(not_duplicates::all(tx, table).await?)
    }
}

/// What hangs together as entries, in the order of the first of each; `made` says which rows are to be added.
fn cases(waiting: &[Outline], made: &HashMap<ProposalId, Option<RowId>>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<(PersonId, Option<RowId>), usize> = HashMap::new();
    for outline in waiting {
        let row = || made.get(&outline.id).cloned().unwrap_or_else(|| outline.row.clone());
        let group = match (outline.kind, outline.author) {
            (Kind::Suggestion, Some(author)) => Some((author, row())),
            _ => None,
        };
        if let Some(place) = group.as_ref().and_then(|group| places.get(group)) {
            entries[*place].of.push(outline.id);
            continue;
        }
        if let Some(group) = group {
            places.insert(group, entries.len());
        }
        entries.push(of_case(outline));
    }
    entries
}

fn of_case(first: &Outline) -> Entry {
    let kind = match first.kind {
        Kind::New => EntryKind::New,
        Kind::Correction => EntryKind::Correction,
        Kind::Removal => EntryKind::Removal,
        Kind::Suggestion => EntryKind::Suggestion,
    };
    Entry {
        of: vec![first.id],
        at: Some(first.at),
        author: Some(first.author),
        state: Some(first.state),
        taken_by: first.taken_by,
        is_suspect: first.score >= SUSPECT,
        ..Entry::of(Thing::Case(first.id), kind)
    }
}

impl Entry {
    fn of(thing: Thing, kind: EntryKind) -> Self {
        Self {
            thing,
            kind,
            of: Vec::new(),
            titles: Vec::new(),
            at: None,
            author: None,
            state: None,
            taken_by: None,
            met: None,
            edits: 0,
            missing: Vec::new(),
            warnings: Vec::new(),
            alike: None,
            has_twin: false,
            is_suspect: false,
            aside: None,
            urgency: 0,
        }
    }

    /// What its case says, beside the table.
    fn tell(&mut self, case: &Case, visible: &Visible, found: &Found) {
        let row = case.row_in(&visible.values);
        let made = case.would_be(&visible.values.columns, row);
        let title = row.map_or_else(|| made.text("intitule"), |row| row.text("intitule"));
        self.titles = vec![title.to_owned()];
        if self.kind == EntryKind::Suggestion {
            let unread = self.of.len().saturating_sub(case.proposals.len());
            self.edits = case.wishes.len() + unread;
        }
        if case.makes_row() {
            self.met = Some(met(&made));
            self.has_twin = !found.alike(&traits(&made), None).is_empty();
        }
    }
}

fn of_row(row: &Looked) -> Option<Entry> {
    let kind = if matches!(row.status, Status::Draft | Status::ToCheck) {
        EntryKind::ToCheck
    } else if row.is_incomplete() {
        EntryKind::Incomplete
    } else if row.is_stale() {
        EntryKind::Stale
    } else {
        return None;
    };
    Some(Entry {
        titles: vec![row.title.clone()],
        met: Some(row.met),
        missing: row.missing.iter().map(|missing| missing.key()).collect(),
        warnings: row.warnings.clone(),
        urgency: row.urgency,
        ..Entry::of(Thing::Row(row.id.clone()), kind)
    })
}

fn pairs(found: &Found, not_twins: &BTreeSet<(RowId, RowId)>) -> Vec<Entry> {
    let titles: BTreeMap<&RowId, &str> =
        found.rows.iter().map(|row| (&row.id, row.title.as_str())).collect();
    let title = |row: &RowId| titles.get(row).copied().unwrap_or_default().to_owned();
    let asked = found
        .pairs
        .iter()
        .filter(|pair| !not_twins.contains(&(pair.one.clone(), pair.other.clone())))
        // Drafts are their authors' until they give them away.
        .filter(|pair| titles.contains_key(&pair.one) && titles.contains_key(&pair.other));
    let entry = |pair: &super::found::Pair| Entry {
        titles: vec![title(&pair.one), title(&pair.other)],
        alike: Some((pair.score, pair.why.clone())),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
        urgency: (pair.score * 1_000.0) as u32,
        ..Entry::of(Thing::Twins(pair.one.clone(), pair.other.clone()), EntryKind::Twins)
    };
    asked.map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_by_its_word() {
        let row = |id| RowId::new(id).unwrap();
        for thing in [
            Thing::Case(ProposalId(12)),
            Thing::Row(row("abc")),
            Thing::Twins(row("abc"), row("abd")),
        ] {
            assert_eq!(Thing::of_word(&thing.word()), Some(thing));
        }
        for word in ["", "p", "px", "l-", "l-A", "d-a", "d--", "q3"] {
            assert_eq!(Thing::of_word(word), None, "{word}");
        }
    }

    #[test]
    fn every_list_has_its_word() {
        for list in List::ALL {
            assert_eq!(List::of_word(list.word()), list);
        }
        assert_eq!(List::of_word("autre"), List::All);
    }
}
