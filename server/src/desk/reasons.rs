//! Reasons for refusing that pilots send more than once: five, which anybody may change.

use tablee_storage::saved_reasons;

use super::{By, Desk, DeskResult};
use crate::i18n::{Locale, t};

/// What they serve, in the database.
const PURPOSE: &str = "refuse";
/// How many there are.
pub const HOW_MANY: usize = 5;
/// Letters of a name, and of the words.
const LONGEST: (usize, usize) = (80, 2_000);

/// A reason: its name in the list, and what an author reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its name.
    pub name: String,
    /// Its words.
    pub words: String,
}

impl Desk {
    /// The reasons in a language: those that were saved, or those we begin with.
    pub async fn reasons(&self, locale: Locale) -> DeskResult<Vec<Reason>> {
        let saved = saved_reasons::list(&mut self.0.store.read().await?).await?;
        let own = saved.iter().filter(|it| it.purpose == PURPOSE && it.language == locale.tag());
        let own: Vec<Reason> = own.map(|it| read(&it.words)).collect();
        Ok(if own.is_empty() { first(locale) } else { own })
    }

    /// Keeps them in place of what was there.
    pub async fn keep_reasons(&self, by: By, locale: Locale, reasons: &[Reason]) -> DeskResult {
        let at = self.now();
        let mut tx = self.0.store.begin().await?;
        for saved in saved_reasons::list(&mut tx).await? {
            if saved.purpose == PURPOSE && saved.language == locale.tag() {
                saved_reasons::remove(&mut tx, saved.id).await?;
            }
        }
        for reason in reasons.iter().take(HOW_MANY) {
            let cut = |text: &str, most| text.trim().chars().take(most).collect::<String>();
            let (name, words) = (cut(&reason.name, LONGEST.0), cut(&reason.words, LONGEST.1));
            let written = format!("{}\n{words}", name.replace('\n', " "));
            let what = (locale.tag(), PURPOSE, written.as_str());
            saved_reasons::set(&mut tx, None, what, Some(by.id), at).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn read(saved: &str) -> Reason {
    let (name, words) = saved.split_once('\n').unwrap_or(("", saved));
    Reason { name: name.to_owned(), words: words.to_owned() }
}

fn first(locale: Locale) -> Vec<Reason> {
    let of = |name: &str, words: &str| Reason {
        name: t(locale, name, &[]).into_owned(),
        words: t(locale, words, &[]).into_owned(),
    };
    vec![
        of("desk.saved.off_topic", "desk.saved.off_topic_words"),
        of("desk.saved.known", "desk.saved.known_words"),
        of("desk.saved.not_training", "desk.saved.not_training_words"),
        of("desk.saved.too_little", "desk.saved.too_little_words"),
        of("desk.saved.over", "desk.saved.over_words"),
    ]
}
