//! What mails hold, whether they wait or left.

use tablee_domain::table::erasure::ERASED;

use super::{Errand, PIECE};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
struct Letter {
    id: i64,
    row_id: Option<String>,
    table_id: Option<i64>,
    recipient: String,
    subject: String,
    body_text: Option<String>,
    body_html: Option<String>,
    is_over: i64,
}

#[derive(sqlx::FromRow)]
struct Piece {
    id: i64,
    row_id: Option<String>,
    table_id: Option<i64>,
    words: String,
}

/// What stays of a mail or a piece of news.
enum Left<L> {
    /// All of it.
    All,
    /// Nothing: it is of no use any more.
    Nothing,
    /// This.
    Some(L),
}

impl Errand<'_> {
    /// Mails have no table: words go out of all of them, and what is about a row with its proposal.
    pub(super) async fn mails(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const NEXT: &str = "select mails.id, proposals.row_id, proposals.table_id, mails.recipient,
                mails.subject, mails.body_text, mails.body_html,
                cast(case when mails.ended_at is null then 0 else 1 end as bigint) as is_over
            from mails
            left join proposals on proposals.id = mails.proposal_id
            where mails.id > $1
            order by mails.id
            limit $2";
        const REWRITE: &str = "update mails
            set subject = $2, body_text = $3, body_html = $4
            where id = $1";
        const DROP: &str = "delete from mails where id = $1";

        let (mut count, mut after) = (0, 0);
        loop {
            let piece: Vec<Letter> = on_engine!(tx, conn => sqlx::query_as(NEXT)
                .bind(after).bind(PIECE).fetch_all(&mut **conn).await?);
            let Some(last) = piece.last() else { return Ok(count) };
            after = last.id;
            for letter in piece {
                let id = letter.id;
                let left = self.left_of_letter(&letter)?;
                count += i64::from(!matches!(left, Left::All));
                match left {
                    Left::Some(left) if self.redacts() => on_engine!(tx, conn => {
                        sqlx::query(REWRITE)
                            .bind(id).bind(left.subject).bind(left.body_text).bind(left.body_html)
                            .execute(&mut **conn).await?;
                    }),
                    Left::Nothing if self.redacts() => on_engine!(tx, conn => {
                        sqlx::query(DROP).bind(id).execute(&mut **conn).await?;
                    }),
                    _ => {}
                }
            }
        }
    }

    fn takes_row_of(
        self,
        id: i64,
        row_id: Option<&str>,
        table_id: Option<i64>,
    ) -> Result<bool, StoreError> {
        let row = Self::row_of("proposals", id, row_id)?;
        Ok(table_id == Some(self.table.get()) && row.is_some_and(|row| self.what.takes_row(&row)))
    }

    fn left_of_letter(self, there: &Letter) -> Result<Left<Letter>, StoreError> {
        if self.what.redacted_text(&there.recipient).is_some() {
            return Ok(Left::Nothing);
        }
        let mut letter = there.clone();
        if self.takes_row_of(there.id, there.row_id.as_deref(), there.table_id)? {
            if there.is_over == 0 {
                return Ok(Left::Nothing);
            }
            ERASED.clone_into(&mut letter.subject);
            (letter.body_text, letter.body_html) = (None, None);
        } else {
            let shorter = |text: &str| self.what.redacted_text(text);
            letter.subject = shorter(&there.subject).unwrap_or(letter.subject);
            if let Some(text) = there.body_text.as_deref().and_then(shorter) {
                letter.body_text = Some(text);
                // The same words may be spelled otherwise between tags: what is read as text is enough.
                letter.body_html = None;
            }
            if let Some(html) = letter.body_html.as_deref().and_then(shorter) {
                letter.body_html = Some(html);
            }
        }
        Ok(if letter == *there { Left::All } else { Left::Some(letter) })
    }

    /// News that wait for a digest.
    pub(super) async fn news(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const NEXT: &str =
            "select mail_news.id, proposals.row_id, proposals.table_id, mail_news.words
            from mail_news
            left join proposals on proposals.id = mail_news.proposal_id
            where mail_news.id > $1
            order by mail_news.id
            limit $2";
        const DROP: &str = "delete from mail_news where id = $1";

        let (mut count, mut after) = (0, 0);
        loop {
            let piece: Vec<Piece> = on_engine!(tx, conn => sqlx::query_as(NEXT)
                .bind(after).bind(PIECE).fetch_all(&mut **conn).await?);
            let Some(last) = piece.last() else { return Ok(count) };
            after = last.id;
            for Piece { id, row_id, table_id, words } in piece {
                // Part of a piece of news would be no news: whoever is concerned reads the desk.
                let goes = self.what.redacted_text(&words).is_some()
                    || self.takes_row_of(id, row_id.as_deref(), table_id)?;
                if !goes {
                    continue;
                }
                count += 1;
                if self.redacts() {
                    on_engine!(tx, conn => {
                        sqlx::query(DROP).bind(id).execute(&mut **conn).await?;
                    });
                }
            }
        }
    }
}
