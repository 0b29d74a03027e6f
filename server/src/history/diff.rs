//! What changed from one text to another, word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words compared at most, as the product of both sides: beyond it the whole middle is shown as replaced.
/// Nobody reads a comparison of ten thousand words.
const MOST: usize = 1_000_000;
/// The same for all changes of one page together: the last of many long ones are shown as replaced too.
const MOST_OF_A_PAGE: usize = 4 * MOST;
/// A change of a few lines is compared on any page.
const ALWAYS: usize = 10_000;
/// Letters of a stretch that did not change that are shown beside a change.
const AROUND: usize = 80;

/// What became of a stretch of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stayed.
    Stays,
    /// It was taken away.
    Gone,
    /// It was written.
    Came,
}

/// A stretch of words and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub fate: Fate,
    /// The words, with the space around them.
    pub words: String,
}

/// What is left of the work that one page may cost.
#[derive(Debug)]
pub struct Effort(usize);

impl Default for Effort {
    fn default() -> Self {
        Self(MOST_OF_A_PAGE)
    }
}

impl Effort {
    fn allows(&mut self, work: usize) -> bool {
        let is_allowed = work <= MOST.min(self.0) || work <= ALWAYS;
        self.0 = self.0.saturating_sub(if is_allowed { work } else { 0 });
        is_allowed
    }
}

/// The way from `before` to `after`. What stayed and stands far from any change is cut short.
pub fn words(before: &str, after: &str, effort: &mut Effort) -> Vec<Piece> {
    let (old, new) = (split(before), split(after));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, tail) = old_rest.split_at(old_rest.len() - end);
    let new_middle = &new_rest[..new_rest.len() - end];

    let mut pieces = Pieces::default();
    pieces.add(Fate::Stays, &old[..start]);
    if effort.allows(old_middle.len().saturating_mul(new_middle.len())) {
        pieces.compare(old_middle, new_middle);
    } else {
        pieces.add(Fate::Gone, old_middle);
        pieces.add(Fate::Came, new_middle);
    }
    pieces.add(Fate::Stays, tail);
    pieces.told()
}

/// Words and the space between them, nothing left out.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_space = first.is_whitespace();
        let end = rest.find(|letter: char| letter.is_whitespace() != is_space);
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        parts.push(part);
        rest = after;
    }
    parts
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    gone: String,
    came: String,
}

impl Pieces {
    fn compare(&mut self, old: &[&str], new: &[&str]) {
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            match op {
                DiffOp::Equal { old_index, len, .. } => {
                    self.add(Fate::Stays, &old[old_index..old_index + len]);
                }
                DiffOp::Delete { old_index, old_len, .. } => {
                    self.add(Fate::Gone, &old[old_index..old_index + old_len]);
                }
                DiffOp::Insert { new_index, new_len, .. } => {
                    self.add(Fate::Came, &new[new_index..new_index + new_len]);
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    self.add(Fate::Gone, &old[old_index..old_index + old_len]);
                    self.add(Fate::Came, &new[new_index..new_index + new_len]);
                }
            }
        }
    }

    fn add(&mut self, fate: Fate, words: &[&str]) {
        let words = words.concat();
        match fate {
            _ if words.is_empty() => {}
            Fate::Gone => self.gone.push_str(&words),
            Fate::Came => self.came.push_str(&words),
            // A space between two changes belongs to both: they read as one.
            Fate::Stays if self.is_changing() && words.trim().is_empty() => {
                self.gone.push_str(&words);
                self.came.push_str(&words);
            }
            Fate::Stays => {
                self.settle();
                self.done.push(Piece { fate, words });
            }
        }
    }

    fn is_changing(&self) -> bool {
        !self.gone.is_empty() || !self.came.is_empty()
    }

    fn settle(&mut self) {
        for (fate, words) in [(Fate::Gone, &mut self.gone), (Fate::Came, &mut self.came)] {
            if !words.is_empty() {
                self.done.push(Piece { fate, words: std::mem::take(words) });
            }
        }
    }

    fn told(mut self) -> Vec<Piece> {
        self.settle();
        let last = self.done.len().saturating_sub(1);
        for (at, piece) in self.done.iter_mut().enumerate() {
            if piece.fate == Fate::Stays && last > 0 {
                shorten(&mut piece.words, at > 0, at < last);
            }
        }
        self.done
    }
}

/// Keeps what stands beside a change: the head of a stretch after one, the tail of a stretch before one.
fn shorten(words: &mut String, after_change: bool, before_change: bool) {
    let letters: Vec<char> = words.chars().collect();
    let head = if after_change { AROUND } else { 0 };
    let tail = if before_change { AROUND } else { 0 };
    if letters.len() <= head + tail + AROUND {
        return;
    }
    let head_end = letters[..head].iter().rposition(|c| c.is_whitespace()).unwrap_or(head);
    let tail_start = letters.len() - tail;
    let first_space = letters[tail_start..].iter().position(|c| c.is_whitespace());
    let tail_start = tail_start + first_space.unwrap_or(0);
    let [head, tail] = [&letters[..head_end], &letters[tail_start..]].map(String::from_iter);
    *words = format!("{head} […]{tail}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let pieces = words(before, after, &mut Effort::default()).into_iter().map(|piece| {
            match piece.fate {
                Fate::Stays => piece.words,
                Fate::Gone => format!("[-{}-]", piece.words),
                Fate::Came => format!("[+{}+]", piece.words),
            }
        });
        pieces.collect()
    }

    #[test]
    fn a_changed_word_stands_out_of_the_sentence() {
        assert_eq!(
            told("Animer une réunion publique", "Animer un débat public à Lyon"),
            "Animer [-une réunion publique-][+un débat public à Lyon+]"
        );
        assert_eq!(
            told("deux jours à Lyon", "trois jours à Lyon"),
            "[-deux-][+trois+] jours à Lyon"
        );
        assert_eq!(told("", "Lyon"), "[+Lyon+]");
        assert_eq!(told("Lyon", ""), "[-Lyon-]");
        assert_eq!(told("Lyon", "Lyon"), "Lyon");
        assert_eq!(told("", ""), "");
    }

    #[test]
    fn all_the_words_of_both_sides_are_there() {
        let pairs = [
            ("a b c d e", "a x c y e"),
            ("été\n\nhiver", "été\nhiver"),
            ("🌞 d'hier", "🌞 de demain"),
            ("  ", " "),
            ("un deux trois", "trois deux un"),
        ];
        for (before, after) in pairs {
            let pieces = words(before, after, &mut Effort::default());
            let side = |other: Fate| -> String {
                pieces.iter().filter(|p| p.fate != other).map(|p| p.words.as_str()).collect()
            };
            assert_eq!(side(Fate::Came), before);
            assert_eq!(side(Fate::Gone), after);
        }
    }

    #[test]
    fn what_did_not_change_is_cut_short_far_from_the_change() {
        let long = "mot ".repeat(500);

        let told = told(&format!("{long}avant {long}"), &format!("{long}après {long}"));

        assert!(told.contains("[-avant-][+après+]"), "{told}");
        assert!(told.starts_with(" […]") && told.ends_with(" […]") && told.len() < 400, "{told}");
    }

    #[test]
    fn two_texts_of_ten_thousand_words_are_told_as_replaced() {
        let pieces = words(&numbered(10_000, 0), &numbered(10_000, 1), &mut Effort::default());

        let fates: Vec<Fate> = pieces.iter().map(|piece| piece.fate).collect();
        assert_eq!(fates, [Fate::Gone, Fate::Came]);
    }

    #[test]
    fn a_page_of_many_long_changes_compares_the_first_and_shows_all() {
        let mut effort = Effort::default();
        let (before, after) = (numbered(200, 0), numbered(200, 1));
        let (before, after) = (format!("{before} fin {before}"), format!("{after} fin {after}"));

        let told: Vec<_> = (0..200).map(|_| words(&before, &after, &mut effort)).collect();

        let compared = told.iter().filter(|pieces| pieces.len() > 2).count();
        assert!((1..10).contains(&compared), "{compared} of 200 were compared word by word");
        assert_eq!(told[199][1].words, after);
        let spent = words("un deux", "un trois", &mut Effort(0));
        assert_eq!(spent.len(), 3, "a short one always is");
    }

    fn numbered(count: usize, start: usize) -> String {
        let words = (0..count).map(|n| format!("m{}", n * 2 + start));
        words.collect::<Vec<_>>().join(" ")
    }
}
