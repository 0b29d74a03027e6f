//! How many writers each person used in a day.

use std::collections::{HashMap, VecDeque};

use tablee_domain::ids::{PersonId, Timestamp};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Claims of the last day, by person.
#[derive(Debug, Default)]
pub(super) struct Quota(HashMap<PersonId, VecDeque<Timestamp>>);

impl Quota {
    /// The moment before which nothing counts any more.
    pub fn since(now: Timestamp) -> Timestamp {
        Timestamp(now.get() - DAY)
    }

    /// Counts a claim, and forgets those that no longer count.
    pub fn count(&mut self, person: PersonId, now: Timestamp) {
        let times = self.0.entry(person).or_default();
        while times.front().is_some_and(|time| *time <= Self::since(now)) {
            times.pop_front();
        }
        times.push_back(now);
    }

    /// How many writers a person claimed in the last day.
    pub fn used(&self, person: PersonId, now: Timestamp) -> usize {
        let times = self.0.get(&person);
        times.map_or(0, |times| times.iter().filter(|time| **time > Self::since(now)).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEA: PersonId = PersonId(1);

    #[test]
    fn what_was_claimed_a_day_ago_counts_no_more_and_is_not_kept() {
        let mut quota = Quota::default();
        quota.count(LEA, Timestamp(1));
        quota.count(LEA, Timestamp(DAY));

        assert_eq!(quota.used(LEA, Timestamp(DAY)), 2);
        assert_eq!(quota.used(LEA, Timestamp(DAY + 1)), 1);
        quota.count(LEA, Timestamp(DAY + 1));
        assert_eq!(quota.0[&LEA].len(), 2);
        assert_eq!(quota.used(PersonId(2), Timestamp(DAY)), 0);
    }
}
