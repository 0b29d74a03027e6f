//! What one proposal, or somebody's suggestions about one row, would do to the row as it stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablee_document::layout::parse_key;
use tablee_domain::ids::{ProposalId, RowId};
use tablee_domain::proposal::{Outcome, Payload, merge};
use tablee_domain::table::{Columns, Place, Plain, Row, TableValues};
use tablee_storage::proposals::{self, Kind, Proposal, State};
use tablee_storage::{StoreError, Tx};

use super::{Desk, DeskError, DeskResult};

/// The key of a row that would be made; the words of its place in the table are its value.
pub const ROW: &str = "";
/// The key of the bin.
pub const BIN: &str = "~deleted";
/// The key of the place of a row.
pub const ORDER: &str = "~order";
/// Suggestions of one person about one row that are decided at once; the others wait until then.
pub const AT_ONCE: usize = 200;

/// One or more proposals that are looked at together.
#[derive(Debug, Clone)]
pub struct Case {
    /// The proposals, oldest first: one, or all that a person suggests about a row.
    pub proposals: Vec<Proposal>,
    /// The row they are about, or would make.
    pub row: Option<RowId>,
    /// What they would write.
    pub wishes: Vec<Wish>,
    /// Why a row should go.
    pub reason: Option<String>,
    /// Suggestions that hang together with these and wait until these are decided.
    pub more: usize,
}

/// What is wanted of one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The proposal that is written with it.
    pub of: ProposalId,
    /// All that ask for it, in their order: the last one is written, the others are in it.
    pub all_of: Vec<ProposalId>,
    /// The place.
    pub key: String,
    /// What stood there when it was written.
    pub base: Plain,
    /// What is wanted.
    pub proposed: Plain,
    /// Whether it can be written at all.
    pub is_known: bool,
}

/// A wish beside the row as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What stands there now.
    pub now: Plain,
    /// What would stand there.
    pub result: Plain,
    /// Both sides changed the same: somebody must look.
    pub is_conflict: bool,
}

impl Case {
    /// The first proposal, which names the case.
    pub fn first(&self) -> &Proposal {
        self.proposals.first().expect("a case is made of a proposal")
    }

    /// What is asked.
    pub fn kind(&self) -> Kind {
        self.first().kind
    }

    /// Whether it waits for a decision.
    pub fn is_open(&self) -> bool {
        self.proposals.iter().any(|it| State::OPEN.contains(&it.state))
    }

    /// Whether a row is made by it.
    pub fn makes_row(&self) -> bool {
        self.kind() == Kind::New || self.wishes.iter().any(|wish| wish.key == ROW)
    }

    /// The row, where it is in the table.
    pub fn row_in<'v>(&self, values: &'v TableValues) -> Option<&'v Row> {
        let id = self.row.as_ref()?;
        values.rows.iter().find(|row| row.id == *id)
    }

    /// A wish beside the row.
    pub fn seen(&self, wish: &Wish, columns: &Columns, row: Option<&Row>) -> Seen {
        let now = row.map(|row| standing(row, &wish.key)).unwrap_or_default();
        together(columns, wish, now)
    }

    /// What the row would be, for whoever looks at what it lacks or resembles.
    pub fn would_be(&self, columns: &Columns, row: Option<&Row>) -> Row {
        let id = RowId::new("proposition").expect("a word of letters");
        let empty = Row {
            id,
            cells: BTreeMap::new(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        };
        let mut made = row.cloned().unwrap_or(empty);
        for wish in self.wishes.iter().filter(|wish| wish.is_known) {
            let result = self.seen(wish, columns, row).result;
            put(&mut made, &wish.key, result);
        }
        made
    }
}

/// What becomes of a place, whatever stands there.
pub fn together(columns: &Columns, wish: &Wish, now: Plain) -> Seen {
    let is_whole = matches!(wish.key.as_str(), ROW | BIN | ORDER) || !wish.is_known;
    if is_whole {
        return Seen { now, result: wish.proposed.clone(), is_conflict: false };
    }
    match merge::at(columns, &wish.key, &wish.base, &now, &wish.proposed) {
        Outcome::Same => Seen { result: now.clone(), now, is_conflict: false },
        Outcome::Take(result) | Outcome::Merged(result) => Seen { now, result, is_conflict: false },
        Outcome::Conflict { now, proposed, both } => {
            Seen { now, result: both.unwrap_or(proposed), is_conflict: true }
        }
    }
}

/// What stands under a key of a row.
pub fn standing(row: &Row, key: &str) -> Plain {
    match parse_key(key) {
        Some(Place::Cell(column)) => row.cell(column.as_str()).clone(),
        Some(Place::Item(column, item)) => {
            let items = row.cell(column.as_str()).as_map();
            items.and_then(|items| items.get(item.as_str())).cloned().unwrap_or_default()
        }
        Some(Place::Said(column)) => {
            row.said.get(&column).map(|said| Plain::text(said.as_str())).unwrap_or_default()
        }
        Some(Place::Order) => Plain::text(row.order.as_str()),
        Some(Place::Deleted) => Plain::Bool(row.deleted),
        Some(Place::Row | Place::Base) | None => Plain::Null,
    }
}

fn put(row: &mut Row, key: &str, value: Plain) {
    match parse_key(key) {
        Some(Place::Cell(column)) if value.is_empty() => drop(row.cells.remove(&column)),
        Some(Place::Cell(column)) => drop(row.cells.insert(column, value)),
        Some(Place::Said(column)) => {
            let said = value.as_text().unwrap_or_default().to_owned();
            drop(row.said.insert(column, said));
        }
        Some(Place::Item(column, item)) => {
            let mut items = row.cell(column.as_str()).as_map().cloned().unwrap_or_default();
            if value.is_empty() {
                items.remove(item.as_str());
            } else {
                items.insert(item.as_str().to_owned(), value);
            }
            drop(row.cells.insert(column, Plain::Map(items)));
        }
        _ => {}
    }
}

/// What a device sent that could not write it: see the door of suggestions.
#[derive(Debug, Deserialize)]
struct Suggested {
    row: RowId,
    what: String,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    value: Option<Plain>,
    #[serde(default)]
    before: Option<Plain>,
    #[serde(default)]
    from: Option<Plain>,
    #[serde(default)]
    to: Option<Plain>,
}

impl Desk {
    /// What hangs together with a proposal. None where nobody may see it: its visitor has not confirmed it.
    pub async fn case(&self, tx: &mut Tx, id: ProposalId) -> DeskResult<Case> {
        let found = proposals::find(tx, id).await?.ok_or(DeskError::Unknown)?;
        if found.state == State::Unconfirmed {
            return Err(DeskError::Unknown);
        }
        let (beside, more) = if found.kind == Kind::Suggestion {
            siblings(tx, &found).await?
        } else {
            (vec![found], 0)
        };
        Ok(Case { more, ..case_of(beside) })
    }

    /// The proposals that a page saw, as they are now, if they hang together.
    pub async fn case_of_versions(
        &self,
        tx: &mut Tx,
        seen: &[(ProposalId, i64)],
    ) -> DeskResult<Case> {
        if seen.len() > AT_ONCE {
            return Err(DeskError::TooMany);
        }
        let mut found = Vec::new();
        for (id, _) in seen {
            found.push(proposals::find(tx, *id).await?.ok_or(DeskError::Unknown)?);
        }
        let first = found.first().ok_or(DeskError::Unknown)?;
        let (author, row, kind) = (first.author, row_of(first), first.kind);
        let is_one = |it: &Proposal| {
            it.kind == kind && it.author == author && row_of(it) == row && kind == Kind::Suggestion
        };
        let hang_together = found.len() == 1 || found.iter().all(is_one);
        let are_seen = found.iter().all(|it| it.state != State::Unconfirmed);
        if hang_together && are_seen { Ok(case_of(found)) } else { Err(DeskError::Unknown) }
    }
}

/// What the author of a suggestion suggests about its row and that waits, and how many there are beside those that
/// are decided at once; itself where it does not wait.
async fn siblings(tx: &mut Tx, one: &Proposal) -> Result<(Vec<Proposal>, usize), StoreError> {
    let (Some(author), true) = (one.author, State::OPEN.contains(&one.state)) else {
        return Ok((vec![one.clone()], 0));
    };
    let row = row_of(one);
    let mut all = proposals::of_author(tx, one.table, author, 2_000).await?;
    all.retain(|it| {
        it.kind == Kind::Suggestion && State::OPEN.contains(&it.state) && row_of(it) == row
    });
    all.sort_by_key(|it| it.id);
    // Whoever opens one of those that would wait finds it on the page, in the place of another.
    let at = all.iter().position(|it| it.id == one.id);
    match at {
        Some(at) if at >= AT_ONCE => all.swap(AT_ONCE - 1, at),
        Some(_) => {}
        None => all.insert(all.len().min(AT_ONCE - 1), one.clone()),
    }
    let more = all.len().saturating_sub(AT_ONCE);
    all.truncate(AT_ONCE);
    Ok((all, more))
}

/// The row that a proposal is about: a suggested one that was never added is named by its payload.
pub fn row_of(proposal: &Proposal) -> Option<RowId> {
    match proposal.kind {
        Kind::Suggestion => {
            let suggested: Option<Suggested> = serde_json::from_str(&proposal.payload).ok();
            suggested.map(|it| it.row).or_else(|| proposal.row.clone())
        }
        _ => proposal.row.clone(),
    }
}

/// Proposals that hang together, read.
pub fn case_of(proposals: Vec<Proposal>) -> Case {
    let first = proposals.first().expect("a case is made of a proposal");
    let row = row_of(first);
    if first.kind != Kind::Suggestion {
        let payload: Option<Payload> = serde_json::from_str(&first.payload).ok();
        let of = first.id;
        let (cells, base, reason) =
            payload.map(|it| (it.cells, it.base, it.reason)).unwrap_or_default();
        let wishes = cells.into_iter().map(|(key, proposed)| {
            let base = base.get(&key).cloned().unwrap_or_default();
            let is_known = is_of_a_cell(&key);
            Wish { of, all_of: vec![of], key, base, proposed, is_known }
        });
        let wishes = wishes.collect();
        return Case { proposals, row, wishes, reason, more: 0 };
    }
    let mut wishes: Vec<Wish> = Vec::new();
    for proposal in &proposals {
        let Some(wish) = suggested(proposal) else { continue };
        // What somebody wrote on from their own words is one wish, from the first words to the last.
        match wishes.iter_mut().find(|known| known.key == wish.key) {
            Some(known) => {
                known.of = wish.of;
                known.all_of.push(wish.of);
                known.proposed = wish.proposed;
                known.is_known &= wish.is_known;
            }
            None => wishes.push(wish),
        }
    }
    Case { proposals, row, wishes, reason: None, more: 0 }
}

fn suggested(proposal: &Proposal) -> Option<Wish> {
    let it: Suggested = serde_json::from_str(&proposal.payload).ok()?;
    let value = it.value.unwrap_or_default();
    let (key, base, proposed) = match it.what.as_str() {
        "add-row" => (ROW.to_owned(), Plain::Null, value),
        "bin" => (BIN.to_owned(), Plain::Null, value),
        "move" => (ORDER.to_owned(), Plain::Null, value),
        "text" => (it.key?, it.from.unwrap_or_default(), it.to.unwrap_or_default()),
        "set" => (it.key?, it.before.unwrap_or_default(), value),
        // The value below is not known here: only whoever opens the table sees what would show again.
        _ => (it.key?, it.before.unwrap_or_default(), Plain::Null),
    };
    let is_whole = matches!(key.as_str(), ROW | BIN | ORDER);
    let is_known = it.what != "unset" && (is_whole || is_of_a_cell(&key));
    let of = proposal.id;
    Some(Wish { of, all_of: vec![of], key, base, proposed, is_known })
}

/// Whether a key is one of a cell: no proposal writes anything else.
fn is_of_a_cell(key: &str) -> bool {
    matches!(parse_key(key), Some(Place::Cell(_) | Place::Item(..) | Place::Said(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::ids::{TableId, Timestamp};
    use tablee_domain::table::defaults::formations;

    fn suggestion(id: i64, payload: &str) -> Proposal {
        Proposal {
            id: ProposalId(id),
            table: TableId(1),
            receipt: format!("P-{id}"),
            kind: Kind::Suggestion,
            state: State::Received,
            author: None,
            author_email: None,
            author_name: None,
            private: None,
            language: "fr".into(),
            key_of_client: id.to_string(),
            row: RowId::new("r1").ok(),
            payload: payload.to_owned(),
            score: 0.0,
            at: Timestamp(0),
            changed_at: Timestamp(0),
            taken: None,
            decided: None,
            reason: None,
            decision: None,
            not_before: None,
            version: 1,
        }
    }

    #[test]
    fn what_somebody_wrote_on_from_their_own_words_is_one_wish() {
        let first = r#"{"row":"r1","what":"text","key":"intitule","from":"Animer","to":"Animer un débat","reason":"role","at":1}"#;
        let second = r#"{"row":"r1","what":"text","key":"intitule","from":"Animer un débat","to":"Animer un débat public","reason":"role","at":2}"#;

        let case = case_of(vec![suggestion(1, first), suggestion(2, second)]);

        assert_eq!(case.wishes.len(), 1);
        let wish = &case.wishes[0];
        assert_eq!(
            (wish.of, wish.base.as_text(), wish.proposed.as_text()),
            (ProposalId(2), Some("Animer"), Some("Animer un débat public"))
        );
    }

    #[test]
    fn words_that_others_wrote_meanwhile_stay_in_the_result() {
        let text = r#"{"row":"r1","what":"text","key":"intitule","from":"Animer un débat","to":"Animer un grand débat","reason":"role","at":1}"#;
        let case = case_of(vec![suggestion(1, text)]);
        let columns = Columns::new(formations());

        let seen = together(&columns, &case.wishes[0], Plain::text("Animer un débat public"));

        assert_eq!(seen.result, Plain::text("Animer un grand débat public"));
        assert!(!seen.is_conflict);
    }

    #[test]
    fn no_proposal_writes_what_is_the_servers_own() {
        for key in ["~base", "", "~deleted", "a/b/c", "~order"] {
            assert!(!is_of_a_cell(key), "{key}");
        }
        assert!(
            is_of_a_cell("intitule") && is_of_a_cell("themes/eau") && is_of_a_cell("lieux~said")
        );
    }
}
