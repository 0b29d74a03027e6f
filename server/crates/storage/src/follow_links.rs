//! Links by which somebody without a login confirms or follows a proposal. Only their hashes are kept.

use tablee_domain::ids::{ProposalId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// To say once that the proposal is one's own.
    Confirm,
    /// To see what became of it, to answer, to take it back.
    Follow,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Follow => "follow",
        }
    }
}

/// A link that is good at the moment asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowLink {
    /// The proposal it is about.
    pub proposal: ProposalId,
    /// What it is good for.
    pub scope: Scope,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was used, where it may be used once only.
    pub used_at: Option<Timestamp>,
}

/// Keeps a link by its hash.
pub async fn issue(
    tx: &mut Tx,
    proposal: ProposalId,
    token_hash: &[u8],
    scope: Scope,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    const ISSUE: &str = "insert into follow_links (token_hash, proposal_id, scope, expires_at)
        values ($1, $2, $3, $4)";

    on_engine!(tx, conn => {
        sqlx::query(ISSUE)
            .bind(token_hash).bind(proposal.get()).bind(scope.as_str()).bind(expires_at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// The link with this hash, while it lasts; one that was used says so. Looking uses nothing.
pub async fn find(
    tx: &mut Tx,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<FollowLink>, StoreError> {
    const FIND: &str = "select proposal_id, scope, expires_at, used_at
        from follow_links
        where token_hash = $1
        and expires_at > $2";

    let line: Option<(i64, String, i64, Option<i64>)> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(token_hash).bind(at.get()).fetch_optional(&mut **conn).await?);
    let Some((proposal, scope, expires_at, used_at)) = line else { return Ok(None) };
    let known = [Scope::Confirm, Scope::Follow].into_iter().find(|one| one.as_str() == scope);
    let scope = known.ok_or_else(|| StoreError::corrupt("follow_links", &proposal, "scope"))?;
    Ok(Some(FollowLink {
        proposal: ProposalId(proposal),
        scope,
        expires_at: Timestamp(expires_at),
        used_at: used_at.map(Timestamp),
    }))
}

/// Uses a link to confirm; false where it was used before, or is none. Of two at once one succeeds.
pub async fn use_once(tx: &mut Tx, token_hash: &[u8], at: Timestamp) -> Result<bool, StoreError> {
    const USE: &str = "update follow_links
        set used_at = $2
        where token_hash = $1
        and scope = 'confirm'
        and used_at is null
        and expires_at > $2";

    let changed = on_engine!(tx, conn => sqlx::query(USE)
        .bind(token_hash).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives all links by which a proposal is followed the same end.
pub async fn set_end(
    tx: &mut Tx,
    proposal: ProposalId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    const SET: &str = "update follow_links
        set expires_at = $2
        where proposal_id = $1
        and scope = 'follow'";

    on_engine!(tx, conn => {
        sqlx::query(SET).bind(proposal.get()).bind(expires_at.get()).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Ends all links of a proposal.
pub async fn revoke(tx: &mut Tx, proposal: ProposalId) -> Result<u64, StoreError> {
    const REVOKE: &str = "delete from follow_links where proposal_id = $1";

    Ok(on_engine!(tx, conn => sqlx::query(REVOKE)
        .bind(proposal.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Forgets links that ended.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from follow_links where expires_at <= $1";

    Ok(on_engine!(tx, conn => sqlx::query(FORGET)
        .bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proposals::{Kind, NewProposal};
    use crate::testing::NOON;
    use crate::{both_engines, proposals, tables};
    use tablee_domain::ids::{Epoch, PersonId};

    fn later(hours: i64) -> Timestamp {
        Timestamp(NOON.0 + hours * 3_600_000)
    }

    async fn a_proposal(tx: &mut Tx) -> ProposalId {
        let table = tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id;
        let asked = NewProposal::of_person(Kind::New, PersonId(1), "a", "{}");
        proposals::add(tx, table, &[asked], NOON).await.unwrap()[0].id
    }

    both_engines! {
        async fn a_link_is_good_until_its_end_however_often_it_is_looked_at(db: TestDb) {
            let mut tx = db.begin().await;
            let proposal = a_proposal(&mut tx).await;

            issue(&mut tx, proposal, b"f", Scope::Follow, later(2)).await.unwrap();

            let link = FollowLink {
                proposal, scope: Scope::Follow, expires_at: later(2), used_at: None,
            };
            for _ in 0..3 {
                assert_eq!(find(&mut tx, b"f", later(1)).await, Ok(Some(link)));
            }
            assert_eq!(find(&mut tx, b"f", later(2)).await, Ok(None));
            assert_eq!(find(&mut tx, b"g", later(1)).await, Ok(None));
            assert_eq!(use_once(&mut tx, b"f", later(1)).await, Ok(false), "it confirms nothing");
        }

        async fn a_link_confirms_once(db: TestDb) {
            let mut tx = db.begin().await;
            let proposal = a_proposal(&mut tx).await;
            issue(&mut tx, proposal, b"c", Scope::Confirm, later(2)).await.unwrap();
            issue(&mut tx, proposal, b"late", Scope::Confirm, later(1)).await.unwrap();

            assert_eq!(use_once(&mut tx, b"c", later(1)).await, Ok(true));
            assert_eq!(use_once(&mut tx, b"c", later(1)).await, Ok(false));
            assert_eq!(use_once(&mut tx, b"late", later(1)).await, Ok(false));

            let link = find(&mut tx, b"c", later(1)).await.unwrap().unwrap();
            assert_eq!((link.scope, link.used_at), (Scope::Confirm, Some(later(1))));
        }

        async fn of_two_that_use_a_link_at_once_one_does(db: TestDb) {
            let mut tx = db.begin().await;
            let proposal = a_proposal(&mut tx).await;
            issue(&mut tx, proposal, b"c", Scope::Confirm, later(2)).await.unwrap();
            tx.commit().await.unwrap();

            let both: Vec<_> = (0..2).map(|_| {
                let store = db.store().clone();
                tokio::spawn(async move {
                    let mut tx = store.begin().await?;
                    let used = use_once(&mut tx, b"c", NOON).await?;
                    tx.commit().await?;
                    Ok::<_, StoreError>(used)
                })
            }).collect();
            let mut used = 0;
            for one in both {
                used += usize::from(one.await.unwrap().unwrap());
            }

            assert_eq!(used, 1);
        }

        async fn links_end_when_they_are_told_to(db: TestDb) {
            let mut tx = db.begin().await;
            let proposal = a_proposal(&mut tx).await;
            issue(&mut tx, proposal, b"c", Scope::Confirm, later(1)).await.unwrap();
            issue(&mut tx, proposal, b"f", Scope::Follow, later(9)).await.unwrap();

            set_end(&mut tx, proposal, later(5)).await.unwrap();
            let ends = |link: Option<FollowLink>| link.map(|link| link.expires_at);
            assert_eq!(ends(find(&mut tx, b"c", NOON).await.unwrap()), Some(later(1)));
            assert_eq!(ends(find(&mut tx, b"f", NOON).await.unwrap()), Some(later(5)));
            assert_eq!(forget(&mut tx, later(1)).await, Ok(1));
            assert_eq!(find(&mut tx, b"c", NOON).await, Ok(None));
            assert_eq!(revoke(&mut tx, proposal).await, Ok(1));
            assert_eq!(find(&mut tx, b"f", NOON).await, Ok(None));
        }
    }
}
