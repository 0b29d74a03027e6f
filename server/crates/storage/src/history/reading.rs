//! History as people read it: one statement and one reader of lines, whatever is asked.

use std::collections::HashSet;

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{
    ColumnId, ImportId, PersonId, ProposalId, Revision, RowId, TableId, Timestamp,
};
use tablee_domain::table::{Edit, Origin};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::history::{RUN, column_of};

use crate::words;

/// One line of history: an edit, or a run of one person's typing in one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number: newer entries have larger ones. Where a page ends, the next one begins.
    pub id: i64,
    /// The revision with which the run began; the edit's own where it is no run.
    pub first_revision: Revision,
    /// When the run began.
    pub began_at: Timestamp,
    /// The first value before, the last one after, and the end of the run.
    pub edit: Edit,
}

/// Bytes of values on a page: the entry that goes beyond is the last. One holds a text of 256 KiB twice at most.
const PAGE: i64 = 4 << 20;

/// Through what edits came, whichever import it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// Typed in the live table.
    Table,
    /// A text that the server made for an editor.
    MakeText,
    /// Any import.
    Import,
    /// Any proposal that was accepted.
    Proposal,
    /// Two rows that were made one.
    Merge,
    /// Something earlier, written again.
    Restore,
    /// Work at columns.
    Columns,
    /// A command of the operator.
    Command,
    /// The program itself.
    Program,
}

impl Through {
    fn word(self) -> &'static str {
        let one = match self {
            Self::Table => Origin::Table,
            Self::MakeText => Origin::MakeText,
            Self::Import => Origin::Import(ImportId(0)),
            Self::Proposal => Origin::Proposal(ProposalId(0)),
            Self::Merge => Origin::Merge,
            Self::Restore => Origin::Restore,
            Self::Columns => Origin::Columns,
            Self::Command => Origin::Command,
            Self::Program => Origin::Program,
        };
        words::of_origin(one).word
    }
}

/// Which entries of a table are asked for: those of which all that is given is true.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this row.
    pub row: Option<RowId>,
    /// Of exactly this key (`lieux/x1`, `~deleted`; empty for the row itself).
    pub key: Option<String>,
    /// Of this column, its items and its own words.
    pub column: Option<ColumnId>,
    /// Of this import.
    pub import: Option<ImportId>,
    /// Of this person.
    pub actor: Option<PersonId>,
    /// Through this.
    pub through: Option<Through>,
    /// That ended at this moment or later.
    pub since: Option<Timestamp>,
    /// That began before this moment.
    pub until: Option<Timestamp>,
    /// Only values that lost to others written at the same time.
    pub lost_only: bool,
}

impl Filter {
    /// The entries of a row.
    pub fn of_row(row: &RowId) -> Self {
        Self { row: Some(row.clone()), ..Self::default() }
    }

    /// The entries of one key of a row.
    pub fn of_cell(row: &RowId, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::of_row(row) }
    }

    fn conditions(&self, table: TableId) -> Result<Conditions, StoreError> {
        let mut all = Conditions::of(table);
        if let Some(row) = &self.row {
            all.and("row_id =", Bound::Text(row.as_str().to_owned()));
        }
        if let Some(key) = &self.key {
            all.and("key =", Bound::Text(words::storable(key, "edits.key")?.to_owned()));
            all.and("column_id =", Bound::Text(column_of(key).to_owned()));
        }
        if let Some(column) = &self.column {
            all.and("column_id =", Bound::Text(column.as_str().to_owned()));
        }
        if let Some(import) = self.import {
            all.and("import_id =", Bound::Number(import.get()));
        }
        if let Some(person) = self.actor {
            all.and("actor =", Bound::Number(person.get()));
        }
        if let Some(through) = self.through {
            all.and("origin =", Bound::Text(through.word().to_owned()));
            if through != Through::Table {
                // The words of the index, so that it is taken: nearly all edits are typed.
                all.text.push_str(" and origin <> 'table'");
            }
        }
        if let Some(moment) = self.since {
            all.and("made_at >=", Bound::Number(moment.get()));
        }
        if let Some(moment) = self.until {
            all.and("began_at <", Bound::Number(moment.get()));
        }
        if self.lost_only {
            all.text.push_str(" and lost = 1");
        }
        Ok(all)
    }
}

#[derive(Clone)]
enum Bound {
    Number(i64),
    Text(String),
}

/// What follows `where`, with what its parameters stand for.
#[derive(Clone)]
struct Conditions {
    text: String,
    bound: Vec<Bound>,
}

impl Conditions {
    fn of(table: TableId) -> Self {
        Self { text: "table_id = $1".to_owned(), bound: vec![Bound::Number(table.get())] }
    }

    /// Another condition: words of ours, that end where the parameter stands.
    fn and(&mut self, words: &str, value: Bound) {
        self.text.push_str(" and ");
        self.then(words, value);
    }

    fn then(&mut self, words: &str, value: Bound) {
        self.bound.push(value);
        self.text.push_str(words);
        self.text.push_str(" $");
        self.text.push_str(&self.bound.len().to_string());
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    first_revision: i64,
    revision: i64,
    row_id: String,
    key: String,
    value_before: String,
    value_after: String,
    actor: Option<i64>,
    origin: String,
    import_id: Option<i64>,
    proposal_id: Option<i64>,
    began_at: i64,
    made_at: i64,
    lost: i64,
}

impl TryFrom<Line> for Entry {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("edits", &line.id, column);
        let edit = Edit {
            revision: Revision(line.revision),
            row: RowId::new(&line.row_id).map_err(|_| corrupt("row_id"))?,
            before: words::to_plain(&line.value_before).ok_or_else(|| corrupt("value_before"))?,
            after: words::to_plain(&line.value_after).ok_or_else(|| corrupt("value_after"))?,
            actor: line.actor.map(PersonId),
            origin: words::to_origin(&line.origin, line.import_id, line.proposal_id)
                .ok_or_else(|| corrupt("origin"))?,
            at: Timestamp(line.made_at),
            key: line.key,
            lost: line.lost != 0,
        };
        Ok(Self {
            id: line.id,
            first_revision: Revision(line.first_revision),
            began_at: Timestamp(line.began_at),
            edit,
        })
    }
}

/// What is bound to the parameters of a statement.
macro_rules! bound {
    ($query:expr, $bound:expr) => {
        $bound.into_iter().fold($query, |query, value| match value {
            Bound::Number(number) => query.bind(number),
            Bound::Text(text) => query.bind(text),
        })
    };
}

/// The one reader of lines.
async fn read(tx: &mut Tx, asked: Conditions) -> Result<Vec<Entry>, StoreError> {
    const READ: &str =
        "select id, first_revision, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, proposal_id, began_at, made_at, lost
        from edits
        where ";

    let Conditions { text, bound } = asked;
    let text = format!("{READ}{text}");
    let lines: Vec<Line> = on_engine!(tx, conn =>
        bound!(sqlx::query_as(AssertSqlSafe(text)), bound).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Entry::try_from).collect()
}

/// A page of a table's history, newest first, at most `limit` entries: those older than the entry `before`, or
/// the newest. Ask again before the last one; none means the end.
///
/// Entries that hold long texts make a page shorter: what is read at once is a few MiB, whoever wrote what.
/// Entries that are added meanwhile move no page.
pub async fn page(
    tx: &mut Tx,
    table: TableId,
    filter: &Filter,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let Some((first, last)) = span(tx, table, filter).await? else { return Ok(Vec::new()) };
    let mut asked = filter.conditions(table)?;
    if let Some(first) = first {
        asked.and("id >=", Bound::Number(first));
    }
    if let Some(last) = last {
        asked.and("id <=", Bound::Number(last));
    }
    if let Some(before) = before {
        asked.and("id <", Bound::Number(before));
    }
    let mut looked = asked.clone();
    looked.then(" order by id desc limit", Bound::Number(i64::from(limit)));
    let Some(end) = end_of_page(tx, looked).await? else { return Ok(Vec::new()) };
    asked.and("id >=", Bound::Number(end));
    asked.then(" order by id desc limit", Bound::Number(i64::from(limit)));
    read(tx, asked).await
}

/// The oldest entry that has its place on a page, by its size alone: no value is read.
async fn end_of_page(tx: &mut Tx, asked: Conditions) -> Result<Option<i64>, StoreError> {
    const SIZES: &str =
        "select id, cast(octet_length(value_before) + octet_length(value_after) as bigint)
        from edits
        where ";

    let Conditions { text, bound } = asked;
    let text = format!("{SIZES}{text}");
    let sizes: Vec<(i64, i64)> = on_engine!(tx, conn =>
        bound!(sqlx::query_as(AssertSqlSafe(text)), bound).fetch_all(&mut **conn).await?);
    let mut left = PAGE;
    let fits = sizes.iter().take_while(|(_, size)| {
        let has_room = left > 0;
        left -= size;
        has_room
    });
    Ok(fits.last().map(|(id, _)| *id))
}

/// The first and the last entry that can be of the time asked; none where none can. Entries follow each other
/// in time, or nearly so: a page of last year is not looked for among those of today.
async fn span(
    tx: &mut Tx,
    table: TableId,
    filter: &Filter,
) -> Result<Option<(Option<i64>, Option<i64>)>, StoreError> {
    // A run that ended then began at most so long before.
    const FIRST: &str = "select min(id) from edits where table_id = $1 and began_at >= $2";
    const LAST: &str = "select max(id) from edits where table_id = $1 and began_at < $2";

    let since = filter.since.map(|moment| (FIRST, moment.get().saturating_sub(RUN)));
    let until = filter.until.map(|moment| (LAST, moment.get()));
    let mut ends = [None, None];
    for (end, asked) in ends.iter_mut().zip([since, until]) {
        let Some((text, moment)) = asked else { continue };
        *end = on_engine!(tx, conn => sqlx::query_scalar(text)
            .bind(table.get()).bind(moment).fetch_one(&mut **conn).await?);
        if end.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(ends.into()))
}

/// The entry of this number, if it is one of this table.
pub async fn entry(tx: &mut Tx, table: TableId, id: i64) -> Result<Option<Entry>, StoreError> {
    let mut asked = Conditions::of(table);
    asked.and("id =", Bound::Number(id));
    Ok(read(tx, asked).await?.pop())
}

/// All that an import did, in the order in which it was done.
pub async fn of_import(tx: &mut Tx, import: ImportId) -> Result<Vec<Edit>, StoreError> {
    let mut asked = Conditions { text: String::new(), bound: Vec::new() };
    asked.then("import_id =", Bound::Number(import.get()));
    asked.text.push_str(" order by id");
    Ok(read(tx, asked).await?.into_iter().map(|entry| entry.edit).collect())
}

/// All that accepting a proposal did, in the order in which it was done.
pub async fn of_proposal(tx: &mut Tx, proposal: ProposalId) -> Result<Vec<Edit>, StoreError> {
    let mut asked = Conditions { text: String::new(), bound: Vec::new() };
    asked.then("proposal_id =", Bound::Number(proposal.get()));
    asked.text.push_str(" order by id");
    Ok(read(tx, asked).await?.into_iter().map(|entry| entry.edit).collect())
}

/// The places that an import wrote to: row and key, an empty key for a row that it made.
pub async fn places_of_import(
    tx: &mut Tx,
    import: ImportId,
) -> Result<HashSet<(RowId, String)>, StoreError> {
    const PLACES: &str = "select row_id, key from edits where import_id = $1";

    let lines: Vec<(String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(PLACES).bind(import.get()).fetch_all(&mut **conn).await?);
    let place = |(row, key): (String, String)| {
        let row = RowId::new(&row).map_err(|_| StoreError::corrupt("edits", &row, "row_id"))?;
        Ok((row, key))
    };
    lines.into_iter().map(place).collect()
}

/// Whether an import wrote to a table after a revision.
pub async fn was_imported_since(
    tx: &mut Tx,
    table: TableId,
    revision: Revision,
) -> Result<bool, StoreError> {
    const SINCE: &str = "select exists (
        select 1 from edits where table_id = $1 and revision > $2 and import_id is not null
    )";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(SINCE)
        .bind(table.get()).bind(revision.get()).fetch_one(&mut **conn).await?))
}

/// All that was done from one revision to another, both included, in the order in which it was done.
///
/// A run of typing that began before, or went on after, is somebody's other work: it is left out.
pub async fn of_revisions(
    tx: &mut Tx,
    table: TableId,
    from: Revision,
    to: Revision,
) -> Result<Vec<Edit>, StoreError> {
    let mut asked = Conditions::of(table);
    asked.and("revision >=", Bound::Number(from.get()));
    asked.and("revision <=", Bound::Number(to.get()));
    asked.and("first_revision >=", Bound::Number(from.get()));
    asked.text.push_str(" order by id");
    Ok(read(tx, asked).await?.into_iter().map(|entry| entry.edit).collect())
}

/// Whether anybody did anything to a row after a revision. Work at a column goes through all rows alike: it is
/// nobody's work in this one.
pub async fn since_revision(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    revision: Revision,
) -> Result<bool, StoreError> {
    const SINCE: &str = "select exists (
        select 1
        from edits
        where table_id = $1
        and row_id = $2
        and revision > $3
        and lost = 0
        and origin <> 'columns'
    )";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(SINCE)
        .bind(table.get()).bind(row.as_str()).bind(revision.get())
        .fetch_one(&mut **conn).await?))
}

/// Everybody who changed something in a table, whoever they are today.
pub async fn actors(tx: &mut Tx, table: TableId) -> Result<Vec<PersonId>, StoreError> {
    // From one number to the next by the index: a table of many edits has few people.
    const ACTORS: &str = "with recursive actors (actor) as (
            select min(actor) from edits where table_id = $1
            union all
            select (select min(edits.actor) from edits
                where edits.table_id = $1 and edits.actor > actors.actor)
            from actors
            where actors.actor is not null
        )
        select actor from actors where actor is not null order by actor";

    let numbers: Vec<i64> = on_engine!(tx, conn =>
        sqlx::query_scalar(ACTORS).bind(table.get()).fetch_all(&mut **conn).await?);
    Ok(numbers.into_iter().map(PersonId).collect())
}
