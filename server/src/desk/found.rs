//! What a machine sees in the rows: which to check, alike, stale, incomplete. Kept until the table changes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tablee_domain::ids::{Epoch, Revision, RowId};
use tablee_domain::offer::checks::{Freshness, Now, qualiopi, urgency, warnings};
use tablee_domain::offer::duplicate::{Kin, Likeness, Traits};
use tablee_domain::offer::session::Day;
use tablee_domain::offer::{Missing, Status, missing};
use tablee_domain::table::Row;
use tablee_live::Visible;

/// The items that an offer is expected to say.
pub const EXPECTED: usize = 9;
/// An offer that says fewer is incomplete.
const FEW: usize = 5;

/// What is seen of one row.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The row.
    pub id: RowId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// How many of the expected items it says.
    pub met: usize,
    /// What keeps it from being published.
    pub missing: Vec<Missing>,
    /// The keys of what does not hold, the gravest first.
    pub warnings: Vec<&'static str>,
    /// Whether somebody confirmed it lately.
    pub freshness: Freshness,
    /// How much it matters that somebody looks.
    pub urgency: u32,
}

/// Two rows that may tell of one offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// One; the smaller word.
    pub one: RowId,
    /// The other.
    pub other: RowId,
    /// From 0 to 1.
    pub score: f64,
    /// In what they resemble each other.
    pub why: Vec<Likeness>,
}

/// All that is seen at one revision.
#[derive(Debug, Default)]
pub struct Found {
    /// The rows that are not in the bin, drafts and archive left out.
    pub rows: Vec<Looked>,
    /// Rows that resemble each other, the nearest first.
    pub pairs: Vec<Pair>,
    kin: Kin,
    compared: Vec<RowId>,
}

/// Which state of the table, on which day, by which idea of stale.
type Of = (Epoch, Revision, Day, u32);

/// Keeps what was found last.
#[derive(Clone, Default)]
pub struct Finder(Arc<Mutex<Option<Last>>>);

/// What was found last, and in what.
type Last = (Of, Arc<Found>);

impl Finder {
    /// What is seen in the table now.
    pub async fn look(&self, visible: Arc<Visible>, now: Now) -> Arc<Found> {
        let of = (visible.epoch, visible.revision, now.today, now.stale_after_months);
        if let Some((known, found)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && *known == of
        {
            return Arc::clone(found);
        }
        // Comparing thousands of rows takes its time: away from the threads that serve people.
        let looking = tokio::task::spawn_blocking(move || Found::of(&visible, now));
        let found = Arc::new(looking.await.unwrap_or_default());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((of, Arc::clone(&found)));
        found
    }
}

impl Looked {
    fn of(row: &Row, now: Now) -> Self {
        Self {
            id: row.id.clone(),
            title: row.text("intitule").to_owned(),
            status: Status::of(row),
            met: met(row),
            missing: missing(row),
            warnings: warnings(row, now).into_iter().map(|warning| warning.key).collect(),
            freshness: Freshness::of(row, now),
            urgency: urgency(row, now),
        }
    }

    /// Whether it lacks what visitors look for. Whoever confirmed it lately knew that.
    pub fn is_incomplete(&self) -> bool {
        let is_unseen = self.freshness != Freshness::Fresh;
        self.status.is_public() && (!self.missing.is_empty() || is_unseen && self.met < FEW)
    }

    /// Whether somebody should say that it is still right.
    pub fn is_stale(&self) -> bool {
        let is_known = self.status == Status::ToUpdate;
        self.status.is_public()
            && !self.is_incomplete()
            && (is_known || self.freshness != Freshness::Fresh)
    }
}

impl Found {
    fn of(visible: &Visible, now: Now) -> Self {
        let rests = |row: &&Row| matches!(Status::of(row), Status::Archived);
        let present: Vec<&Row> = visible.values.present().filter(|row| !rests(row)).collect();
        // A draft is nobody's business but its author's, until it lacks nothing: then somebody may publish it.
        let waits = |row: &&&Row| Status::of(row) != Status::Draft || missing(row).is_empty();
        let rows = present.iter().filter(waits).map(|row| Looked::of(row, now)).collect();
        let kin = Kin::of(present.iter().map(|row| traits(row)).collect());
        let compared: Vec<RowId> = present.iter().map(|row| row.id.clone()).collect();
        let mut found = Self { rows, pairs: Vec::new(), kin, compared };
        found.pairs = found.all_pairs(&present);
        found
    }

    fn all_pairs(&self, present: &[&Row]) -> Vec<Pair> {
        let (mut pairs, mut seen) = (Vec::new(), BTreeSet::new());
        for row in present {
            for (other, score, why) in self.alike(&traits(row), Some(&row.id)) {
                let (one, other) = ordered(row.id.clone(), other);
                if seen.insert((one.clone(), other.clone())) {
                    pairs.push(Pair { one, other, score, why });
                }
            }
        }
        pairs.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.one.cmp(&b.one)));
        pairs
    }

    /// The rows that resemble an offer, the nearest first; `but` itself left out.
    pub fn alike(&self, of: &Traits, but: Option<&RowId>) -> Vec<(RowId, f64, Vec<Likeness>)> {
        let near = self.kin.of_one(of).into_iter();
        let near = near.map(|it| (self.compared[it.place].clone(), it.score, it.why));
        near.filter(|(row, ..)| Some(row) != but).collect()
    }
}

/// What an offer is compared by.
pub fn traits(row: &Row) -> Traits {
    Traits::of(row.text("intitule"), row.text("organisme"), row.text("url"))
}

/// How many of the expected items a row says.
pub fn met(row: &Row) -> usize {
    qualiopi(row).iter().filter(|item| item.met).count()
}

/// A pair in the order in which it is kept.
pub fn ordered(one: RowId, other: RowId) -> (RowId, RowId) {
    if one <= other { (one, other) } else { (other, one) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use tablee_domain::ids::{ColumnId, Timestamp};
    use tablee_domain::table::{Plain, TableValues};

    // 2026-11-22
    const NOW: Timestamp = Timestamp(1_795_305_600_000);

    fn row(id: &str, cells: &[(&str, &str)]) -> Row {
        let cell = |(key, text): &(&str, &str)| (ColumnId::new(key).unwrap(), Plain::from(*text));
        Row {
            id: RowId::new(id).unwrap(),
            cells: cells.iter().map(cell).collect(),
            said: BTreeMap::new(),
            order: id.to_owned(),
            deleted: false,
        }
    }

    fn found(rows: Vec<Row>) -> Found {
        let values = TableValues { rows, ..TableValues::default() };
        let visible = Visible { revision: Revision(1), epoch: Epoch(1), values, at: NOW };
        Found::of(&visible, Now::from(NOW))
    }

    #[test]
    fn two_rows_that_resemble_each_other_are_one_pair_and_the_archive_rests() {
        let of = |id, etat| {
            let cells =
                [("intitule", "Animer une réunion"), ("organisme", "Lisode"), ("etat", etat)];
            row(id, &cells)
        };

        let found = found(vec![of("b", "publiee"), of("a", "a_verifier"), of("c", "archivee")]);

        let pairs: Vec<_> =
            found.pairs.iter().map(|it| (it.one.as_str(), it.other.as_str())).collect();
        assert_eq!(pairs, [("a", "b")]);
        assert_eq!(found.rows.len(), 2);
    }

    #[test]
    fn a_draft_waits_for_a_pilot_once_it_lacks_nothing() {
        let whole =
            [("intitule", "A"), ("organisme", "B"), ("type", "autre"), ("url", "https://x.fr")];
        let draft = |id, cells: &[_]| row(id, &[cells, &[("etat", "brouillon")]].concat());

        let found = found(vec![draft("whole", &whole), draft("begun", &whole[..2])]);

        assert_eq!(found.rows.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["whole"]);
    }

    #[test]
    fn what_somebody_confirmed_lately_is_left_in_peace() {
        let published =
            [("intitule", "A"), ("organisme", "B"), ("type", "autre"), ("url", "https://x.fr")];
        let with = |id: &str, more: &[(&str, &str)]| row(id, &[&published[..], more].concat());

        let found = found(vec![
            with("never", &[("etat", "publiee")]),
            with("fresh", &[("etat", "publiee"), ("verifie_le", "2026-11-01")]),
            row("bare", &[("etat", "publiee"), ("verifie_le", "2026-11-01")]),
            with("known", &[("etat", "a_mettre_a_jour"), ("verifie_le", "2026-11-01")]),
        ]);

        let told: Vec<_> = found
            .rows
            .iter()
            .map(|it| (it.id.as_str(), it.is_incomplete(), it.is_stale()))
            .collect();
        assert_eq!(
            told,
            [
                ("never", true, false),
                ("fresh", false, false),
                ("bare", true, false),
                ("known", false, true)
            ]
        );
    }
}
