//! What a pilot chose on the page of a proposal, field by field.

use tablee_domain::offer::words::vocabulary;
use tablee_domain::proposal::{Outcome, merge};
use tablee_domain::reading::{self, print};
use tablee_domain::table::{Columns, Plain, Row};

use crate::desk::case::{BIN, Case, ORDER, ROW, Wish, standing, together};
use crate::desk::deciding::{Choices, Chosen};
use crate::web::extract::Fields;

/// Why nothing is written of it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Cells that say another thing by now.
    pub moved: Vec<String>,
    /// Cells whose words are not understood.
    pub unread: Vec<String>,
    /// Every field is refused.
    pub is_refusal: bool,
}

impl Wrong {
    fn is_nothing(&self) -> bool {
        self.moved.is_empty() && self.unread.is_empty() && !self.is_refusal
    }
}

/// The number under which the page shows a key; none where it did not.
pub fn place(fields: &Fields, key: &str) -> Option<String> {
    let mut all = fields.beginning("cle-");
    all.find(|(_, known)| *known == key).map(|(n, _)| n.to_owned())
}

/// What was chosen for a key: `accepter` where the page did not ask.
pub fn choice(fields: &Fields, key: &str) -> &'static str {
    let name = place(fields, key).map(|n| format!("choix-{n}")).unwrap_or_default();
    match fields.one(&name) {
        "refuser" => "refuser",
        "modifier" => "modifier",
        _ => "accepter",
    }
}

/// The words that were typed as the result of a key.
pub fn typed(fields: &Fields, key: &str) -> Option<String> {
    let name = format!("resultat-{}", place(fields, key)?);
    fields.has(&name).then(|| fields.one(&name).replace("\r\n", "\n"))
}

/// What is taken of a case, beside the row as it stands now.
pub fn read(
    case: &Case,
    columns: &Columns,
    row: Option<&Row>,
    fields: &Fields,
) -> Result<Choices, Wrong> {
    let (mut choices, mut wrong) = (Choices::default(), Wrong::default());
    for wish in &case.wishes {
        if !wish.is_known || choice(fields, &wish.key) == "refuser" {
            choices.retouched = true;
            continue;
        }
        let now = row.map(|row| standing(row, &wish.key)).unwrap_or_default();
        let seen = seen(fields, &wish.key).unwrap_or_else(|| now.clone());
        let shown = together(columns, wish, seen.clone()).result;
        let wanted = match edited(columns, wish, &shown, fields) {
            Edited::No => shown,
            Edited::To(value) => {
                choices.retouched = true;
                value
            }
            Edited::Unread => {
                wrong.unread.push(wish.key.clone());
                continue;
            }
        };
        match settled(columns, &wish.key, (&seen, &now, wanted)) {
            Some(result) => {
                let (of, key) = (wish.of, wish.key.clone());
                choices.cells.push(Chosen { of, key, seen: now, result });
            }
            None => wrong.moved.push(wish.key.clone()),
        }
    }
    wrong.is_refusal = choices.cells.is_empty() && !case.wishes.is_empty() && wrong.is_nothing();
    if wrong.is_nothing() { Ok(choices) } else { Err(wrong) }
}

/// What the page said that it showed.
fn seen(fields: &Fields, key: &str) -> Option<Plain> {
    let name = format!("vu-{}", place(fields, key)?);
    serde_json::from_str(fields.one(&name)).ok()
}

/// What both meant, where the cell moved since it was shown; none where somebody must say.
fn settled(
    columns: &Columns,
    key: &str,
    (seen, now, wanted): (&Plain, &Plain, Plain),
) -> Option<Plain> {
    let same = |one: &Plain, other: &Plain| one == other || one.is_empty() && other.is_empty();
    let is_whole = matches!(key, ROW | BIN | ORDER);
    if is_whole || same(seen, now) || same(now, &wanted) {
        return Some(wanted);
    }
    match merge::at(columns, key, seen, now, &wanted) {
        Outcome::Same => Some(now.clone()),
        Outcome::Take(value) | Outcome::Merged(value) => Some(value),
        Outcome::Conflict { .. } => None,
    }
}

/// What a pilot made of a result.
enum Edited {
    /// Nothing.
    No,
    /// Another value.
    To(Plain),
    /// Words that are no value of the column.
    Unread,
}

fn edited(columns: &Columns, wish: &Wish, shown: &Plain, fields: &Fields) -> Edited {
    let is_asked = choice(fields, &wish.key) == "modifier";
    let Some(words) = typed(fields, &wish.key).filter(|_| is_asked) else { return Edited::No };
    if words.trim() == words_of(columns, &wish.key, shown).trim() {
        return Edited::No;
    }
    let Some(column) = columns.get(&wish.key) else {
        return Edited::To(Plain::Text(words.trim().to_owned()));
    };
    if column.kind.is_text() {
        return Edited::To(Plain::Text(words.trim().to_owned()));
    }
    let value = reading::read(column, &vocabulary(column), &words).value;
    if value.is_empty() && !words.trim().is_empty() {
        return Edited::Unread;
    }
    Edited::To(reading::items(&value))
}

/// Whether the result of a key can be changed as words.
pub fn can_edit(columns: &Columns, key: &str) -> bool {
    columns.get(key).is_some_and(|column| !column.archived) || key.ends_with("~said")
}

/// A value as words that can be read back.
pub fn words_of(columns: &Columns, key: &str, value: &Plain) -> String {
    match columns.get(key) {
        Some(column) if !column.kind.is_text() => print::print(column, value),
        _ => value.as_text().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::table::defaults::formations;

    fn columns() -> Columns {
        Columns::new(formations())
    }

    fn says(key: &str, seen: &str, now: &str, wanted: &str) -> Option<Plain> {
        let of = |text: &str| Plain::text(text);
        settled(&columns(), key, (&of(seen), &of(now), of(wanted)))
    }

    #[test]
    fn a_text_that_moved_keeps_both_and_another_cell_is_a_question() {
        let both =
            says("intitule", "Animer un débat", "Animer un débat public", "Animer un grand débat");
        assert_eq!(both, Some(Plain::text("Animer un grand débat public")));
        assert_eq!(says("url", "https://a.fr", "https://b.fr", "https://c.fr"), None);
        assert_eq!(
            says("url", "https://a.fr", "https://a.fr", "https://c.fr"),
            Some("https://c.fr".into())
        );
        assert_eq!(
            says("url", "https://a.fr", "https://c.fr", "https://c.fr"),
            Some("https://c.fr".into())
        );
    }

    #[test]
    fn two_hands_over_the_same_words_are_a_question() {
        assert_eq!(
            says("intitule", "Animer un débat", "Animer un forum", "Animer un atelier"),
            None
        );
    }
}
