//! Signs that a robot wrote a proposal. Nothing is ever dropped for them: a suspicious one costs the sender's
//! machine some work, or waits in a list of its own, where a pilot looks.

use sha2::{Digest, Sha256};
use tablee_domain::ids::Timestamp;

use crate::seal::{Purpose, Seal};

/// The field that no person sees; who fills everything fills it.
pub const TRAP: &str = "site_web_2";
/// From here on the work is asked for.
pub const SUSPICIOUS: f64 = 0.5;
/// How many bits of a hash must be zero: a second of a telephone's time.
pub const ZEROS: u32 = 16;

/// Nobody reads and fills the form faster.
const FASTEST: i64 = 3_000;
/// Some do it that fast.
const HASTY: i64 = 8_000;
const DAY: i64 = 86_400_000;
/// Links that a text about trainings may hold.
const FEW_LINKS: usize = 3;

/// How long the form was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As long as people need.
    Human,
    /// Just about.
    Hasty,
    /// Shorter than anybody needs.
    TooFast,
    /// So long that its page is not the current one, or nobody knows.
    TooOld,
}

/// When the form was shown, under seal.
pub fn shown(seal: &Seal, now: Timestamp) -> String {
    format!("{now}.{on}", on = seal.on(Purpose::Shown, now.to_string().as_bytes()))
}

/// How long the form of this seal was open.
pub fn pace(seal: &Seal, shown: &str, now: Timestamp) -> Pace {
    let Some(at) = sealed(seal, Purpose::Shown, shown) else { return Pace::TooOld };
    match at.parse::<i64>().map(|at| now.get() - at) {
        Ok(open) if open < FASTEST => Pace::TooFast,
        Ok(open) if open < HASTY => Pace::Hasty,
        Ok(open) if open <= DAY => Pace::Human,
        _ => Pace::TooOld,
    }
}

/// What speaks for a robot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent sign")]
pub struct Signs {
    /// The field that no person sees was filled.
    pub trapped: bool,
    /// The form was open for a few seconds only.
    pub hasty: bool,
    /// Half of what this place may send in an hour was sent.
    pub busy: bool,
    /// The texts hold many links.
    pub linking: bool,
}

impl Signs {
    /// From 0, a person, to 1, a robot beyond doubt.
    pub fn score(self) -> f64 {
        let weights =
            [(self.trapped, 1.0), (self.hasty, 0.3), (self.busy, 0.3), (self.linking, 0.5)];
        let sum: f64 =
            weights.into_iter().filter(|(is_so, _)| *is_so).map(|(_, weight)| weight).sum();
        sum.min(1.0)
    }
}

/// Whether texts hold more links than texts about trainings do.
pub fn are_linking<'t>(texts: impl IntoIterator<Item = &'t str>) -> bool {
    let links = texts.into_iter().map(|text| {
        let text = text.to_lowercase();
        text.matches("://").count() + text.matches("[url").count() + text.matches("<a ").count()
    });
    links.sum::<usize>() > FEW_LINKS
}

/// Work for the sender's machine, good for one proposal.
pub fn riddle(seal: &Seal, key: &str) -> String {
    format!("{key}.{on}", on = seal.on(Purpose::Riddle, key.as_bytes()))
}

/// Whether the work for this proposal was done: the hash of `riddle:proof` begins with enough zeros.
pub fn is_solved(seal: &Seal, key: &str, riddle: &str, proof: &str) -> bool {
    let is_ours = sealed(seal, Purpose::Riddle, riddle).is_some_and(|of| of == key);
    is_ours && proof.len() <= 32 && zeros(&Sha256::digest(format!("{riddle}:{proof}"))) >= ZEROS
}

fn zeros(hash: &[u8]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    let rest = hash.get(whole).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(whole * 8).unwrap_or(u32::MAX).saturating_add(rest)
}

/// The words under a seal that is ours.
fn sealed<'w>(seal: &Seal, purpose: Purpose, words: &'w str) -> Option<&'w str> {
    let (words, on) = words.rsplit_once('.')?;
    seal.is_on(purpose, words.as_bytes(), on).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_795_435_200_000);

    fn after(milliseconds: i64) -> Timestamp {
        Timestamp(NOON.get() + milliseconds)
    }

    #[test]
    fn a_form_is_sent_by_nobody_within_three_seconds_and_is_old_after_a_day() {
        let seal = Seal::for_tests();
        let open = shown(&seal, NOON);

        for (passed, told) in [
            (0, Pace::TooFast),
            (2_999, Pace::TooFast),
            (3_000, Pace::Hasty),
            (8_000, Pace::Human),
            (DAY, Pace::Human),
            (DAY + 1, Pace::TooOld),
        ] {
            assert_eq!(pace(&seal, &open, after(passed)), told, "{passed}");
        }
    }

    #[test]
    fn nobody_says_for_themselves_when_the_form_was_shown() {
        let seal = Seal::for_tests();
        let earlier = shown(&seal, NOON).replace(&NOON.to_string(), &after(-60_000).to_string());

        for forged in [earlier.as_str(), "", ".", "1795435100000", "x.y"] {
            assert_eq!(pace(&seal, forged, after(10_000)), Pace::TooOld, "{forged}");
        }
    }

    #[test]
    fn one_weak_sign_is_no_reason_to_ask_for_work_and_the_trap_is() {
        let hasty = Signs { hasty: true, ..Signs::default() };
        let trapped = Signs { trapped: true, ..hasty };

        assert!(hasty.score() < SUSPICIOUS);
        assert!(Signs { busy: true, ..hasty }.score() >= SUSPICIOUS);
        assert!(Signs { linking: true, ..Signs::default() }.score() >= SUSPICIOUS);
        assert!((trapped.score() - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_text_may_name_its_pages_and_no_more() {
        let page = "Voir https://exemple.fr/a";

        assert!(!are_linking([page, page, page]));
        assert!(are_linking([page, page, "http://a.example [URL=http://b.example]"]));
    }

    #[test]
    fn work_is_good_for_the_proposal_it_was_asked_for() {
        let seal = Seal::for_tests();
        let asked = riddle(&seal, "0af3");
        let proof = (0u32..u32::MAX)
            .map(|try_| try_.to_string())
            .find(|proof| zeros(&Sha256::digest(format!("{asked}:{proof}"))) >= ZEROS);
        let proof = proof.unwrap();

        assert!(is_solved(&seal, "0af3", &asked, &proof));
        assert!(!is_solved(&seal, "0af4", &asked, &proof));
        assert!(!is_solved(&seal, "0af3", &asked, "x"));
        assert!(!is_solved(&seal, "0af3", "0af3.00", &proof));
    }

    #[test]
    fn zeros_are_counted_bit_by_bit() {
        assert_eq!(zeros(&[0, 0b0001_0000, 0]), 11);
        assert_eq!(zeros(&[0xff]), 0);
        assert_eq!(zeros(&[0, 0]), 16);
    }
}
