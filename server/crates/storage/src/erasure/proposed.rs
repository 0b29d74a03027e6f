//! What proposals hold, and what was written about them.

use tablee_domain::ids::RowId;
use tablee_domain::table::erasure::ERASED;

use super::{Errand, PIECE, judging, to_json};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// A proposal, as far as it concerns us.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
struct Proposed {
    id: i64,
    row_id: Option<String>,
    author_email: Option<String>,
    author_name: Option<String>,
    private: Option<String>,
    payload: String,
    reason: Option<String>,
    decision: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Said {
    id: i64,
    row_id: Option<String>,
    words: String,
}

impl Errand<'_> {
    /// The row of a line that names one.
    pub(super) fn row_of(
        table: &'static str,
        id: i64,
        word: Option<&str>,
    ) -> Result<Option<RowId>, StoreError> {
        let corrupt = |_| StoreError::corrupt(table, &id, "row_id");
        word.map(RowId::new).transpose().map_err(corrupt)
    }

    /// Proposals, and the links by which those are followed whose row or author goes.
    pub(super) async fn proposals(self, tx: &mut Tx) -> Result<(i64, i64), StoreError> {
        const NEXT: &str = "select id, row_id, author_email, author_name, private, payload, reason,
                decision
            from proposals
            where table_id = $1
            and id > $2
            order by id
            limit $3";

        let (mut count, mut links, mut after) = (0, 0, 0);
        loop {
            let piece: Vec<Proposed> = on_engine!(tx, conn => sqlx::query_as(NEXT)
                .bind(self.table.get()).bind(after).bind(PIECE).fetch_all(&mut **conn).await?);
            let Some(last) = piece.last() else { return Ok((count, links)) };
            after = last.id;
            for there in piece {
                let row = Self::row_of("proposals", there.id, there.row_id.as_deref())?;
                let left = self.left_of(row.as_ref(), there.clone())?;
                let loses_row = row.is_some_and(|row| self.what.takes_row(&row));
                if loses_row || left.author_email != there.author_email {
                    links += self.links(tx, there.id).await?;
                }
                if left == there {
                    continue;
                }
                count += 1;
                if self.redacts() {
                    rewrite(tx, left).await?;
                }
            }
        }
    }

    fn left_of(self, row: Option<&RowId>, mut line: Proposed) -> Result<Proposed, StoreError> {
        let id = line.id;
        let mut payload = to_json(&line.payload, "proposals", id, "payload")?;
        if judging::proposal(self.what, row, &mut payload) {
            line.payload = payload.to_string();
        }
        // Part of an address is no address, and neither is it a name.
        let stays = |said: &String| self.what.redacted_text(said).is_none();
        line.author_email = line.author_email.filter(stays);
        line.author_name = line.author_name.filter(stays);
        if let Some(private) = &line.private {
            let mut private = to_json(private, "proposals", id, "private")?;
            if judging::without_words(self.what, &mut private) {
                line.private = Some(private.to_string());
            }
        }
        if let Some(decision) = &line.decision {
            let mut decision = to_json(decision, "proposals", id, "decision")?;
            if judging::chosen(self.what, row.as_slice(), &mut decision) {
                line.decision = Some(decision.to_string());
            }
        }
        if let Some(shorter) = line.reason.as_deref().and_then(|it| self.what.redacted_text(it)) {
            line.reason = Some(shorter);
        }
        if row.is_some_and(|row| self.what.takes_row(row)) {
            (line.author_email, line.author_name, line.private) = (None, None, None);
            line.decision = None;
            line.reason = line.reason.map(|_| ERASED.to_owned());
        }
        Ok(line)
    }

    async fn links(self, tx: &mut Tx, proposal: i64) -> Result<i64, StoreError> {
        const COUNT: &str = "select count(*) from follow_links where proposal_id = $1";
        const REVOKE: &str = "delete from follow_links where proposal_id = $1";

        let count = on_engine!(tx, conn =>
            sqlx::query_scalar(COUNT).bind(proposal).fetch_one(&mut **conn).await?);
        if self.redacts() {
            on_engine!(tx, conn => {
                sqlx::query(REVOKE).bind(proposal).execute(&mut **conn).await?;
            });
        }
        Ok(count)
    }

    /// What authors and pilots wrote to each other.
    pub(super) async fn threads(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const NEXT: &str = "select proposal_events.id, proposals.row_id, proposal_events.words
            from proposal_events
            join proposals on proposals.id = proposal_events.proposal_id
            where proposals.table_id = $1
            and proposal_events.id > $2
            and proposal_events.words is not null
            order by proposal_events.id
            limit $3";
        const REWRITE: &str = "update proposal_events set words = $1 where id = $2";

        let (mut count, mut after) = (0, 0);
        loop {
            let piece: Vec<Said> = on_engine!(tx, conn => sqlx::query_as(NEXT)
                .bind(self.table.get()).bind(after).bind(PIECE).fetch_all(&mut **conn).await?);
            let Some(last) = piece.last() else { return Ok(count) };
            after = last.id;
            for Said { id, row_id, words } in piece {
                let row = Self::row_of("proposals", id, row_id.as_deref())?;
                let goes = row.is_some_and(|row| self.what.takes_row(&row)) && words != ERASED;
                let left = if goes { Some(ERASED.into()) } else { self.what.redacted_text(&words) };
                let Some(left) = left else { continue };
                count += 1;
                if self.redacts() {
                    on_engine!(tx, conn => {
                        sqlx::query(REWRITE).bind(left).bind(id).execute(&mut **conn).await?;
                    });
                }
            }
        }
    }

    /// Sentences that pilots saved: they may name somebody.
    pub(super) async fn saved_reasons(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const ALL: &str = "select id, words from saved_reasons";
        const REWRITE: &str = "update saved_reasons set words = $1 where id = $2";

        let mut count = 0;
        let lines: Vec<(i64, String)> =
            on_engine!(tx, conn => sqlx::query_as(ALL).fetch_all(&mut **conn).await?);
        for (id, words) in lines {
            let Some(left) = self.what.redacted_text(&words) else { continue };
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(REWRITE).bind(left).bind(id).execute(&mut **conn).await?;
                });
            }
        }
        Ok(count)
    }
}

/// Writes what is left of a proposal. Whoever looked at what it was decides on something else: the version says so.
async fn rewrite(tx: &mut Tx, left: Proposed) -> Result<(), StoreError> {
    const REWRITE: &str = "update proposals
        set author_email = $2, author_name = $3, private = $4, payload = $5, reason = $6,
            decision = $7, version = version + 1
        where id = $1";

    on_engine!(tx, conn => {
        sqlx::query(REWRITE)
            .bind(left.id).bind(left.author_email).bind(left.author_name).bind(left.private)
            .bind(left.payload).bind(left.reason).bind(left.decision)
            .execute(&mut **conn).await?;
    });
    Ok(())
}
