//! `/suivi/{token}`, and the same for signed-in authors under `/mes-offres/propositions`: what became of a
//! proposal, the thread with the pilots, changing it, taking it back. Looking changes nothing.

pub mod edit;
pub mod lost;
pub mod told;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::proposing::follow::{Did, LONGEST_MESSAGE, MESSAGES};
use crate::proposing::{Followed, Holder};
use crate::templates::{Base, Page};
use crate::web::doors::Doors;
use crate::web::doors::Who::{self, Everybody, Member};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{Fields, Somebody};
use crate::web::pages::propose;
use crate::web::pages::propose::receipt::private;
use crate::web::urls;
use told::{FollowPage, GonePage};

/// The doors of the follow-up.
pub fn routes() -> Doors {
    let largest = Some(propose::LARGEST);
    Doors::new()
        .get(urls::FOLLOW_LOST, Everybody, lost::show)
        .post(urls::FOLLOW_LOST, Everybody, lost::submit)
        .get(urls::FOLLOW, Who::Holder, show)
        .post(urls::FOLLOW, Who::Holder, act)
        .get(urls::FOLLOW_EDIT, Who::Holder, edit::show)
        .post_up_to(urls::FOLLOW_EDIT, Who::Holder, largest, edit::submit)
        .get(urls::MINE_PROPOSAL, Member, show_mine)
        .post(urls::MINE_PROPOSAL, Member, act_mine)
        .get(urls::MINE_PROPOSAL_EDIT, Member, edit::show_mine)
        .post_up_to(urls::MINE_PROPOSAL_EDIT, Member, largest, edit::submit_mine)
}

/// Who follows, and where.
pub struct Thread {
    app: App,
    base: Base,
    holder: Holder,
    /// The address of the page.
    path: String,
}

impl Thread {
    fn of_token(app: App, base: Base, token: String) -> Self {
        let path = urls::follow(&token);
        Self { app, base, path, holder: Holder::Token(token) }
    }

    fn of_author(app: App, base: Base, by: &Somebody, receipt: String) -> Self {
        let path = urls::mine_proposal(&receipt);
        Self { app, base, path, holder: Holder::Author(by.id, receipt) }
    }

    /// What is followed; the page that says that the link is not good, where it is not.
    async fn followed(&self) -> Result<Followed, WebResult> {
        match self.app.proposing.follow(&self.holder).await {
            Ok(Some(followed)) => Ok(followed),
            Ok(None) => Err(self.gone()),
            Err(error) => Err(Err(error.into())),
        }
    }

    fn gone(&self) -> WebResult {
        match self.holder {
            Holder::Token(_) => {
                let page = GonePage { base: self.base.clone() };
                Ok(private(page.into_page_with(StatusCode::NOT_FOUND)))
            }
            Holder::Author(..) => Err(WebError::NotFound),
        }
    }

    async fn show(self) -> WebResult {
        let followed = match self.followed().await {
            Ok(followed) => followed,
            Err(answer) => return answer,
        };
        let mut page = FollowPage::of(&self.app, self.base.clone(), &self.path, &followed).await;
        page.notice = said(&self.base);
        Ok(private(page.into_page()))
    }

    async fn act(self, fields: Fields) -> WebResult {
        let followed = match self.followed().await {
            Ok(followed) => followed,
            Err(answer) => return answer,
        };
        match fields.one("action") {
            "message" => self.message(&followed, fields.one("message")).await,
            "retirer" => {
                let base = self.base.clone();
                let mut page = FollowPage::of(&self.app, base, &self.path, &followed).await;
                page.asks_withdrawal = page.can_withdraw;
                Ok(private(page.into_page()))
            }
            "retirer-oui" => {
                let did = self.app.proposing.withdraw(&self.holder, fields.version()?).await?;
                self.done(did, "retiree").await
            }
            _ => Err(WebError::Invalid("follow: action".to_owned())),
        }
    }

    async fn message(self, followed: &Followed, words: &str) -> WebResult {
        let words = words.replace("\r\n", "\n");
        let words = words.trim();
        let locale = self.base.locale;
        let wrong = if words.is_empty() {
            Some(self.base.t("follow.empty").into_owned())
        } else if words.chars().count() > LONGEST_MESSAGE {
            let most = crate::i18n::number(locale, LONGEST_MESSAGE as f64);
            Some(self.base.t1("follow.too_long", "n", &most).into_owned())
        } else if words.contains('\0') {
            Some(self.base.t("follow.empty").into_owned())
        } else {
            None
        };
        if wrong.is_some() {
            let mut page = FollowPage::of(&self.app, self.base, &self.path, followed).await;
            (page.error, page.typed) = (wrong, words.to_owned());
            return Ok(private(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY)));
        }
        match self.app.proposing.answer(&self.holder, words).await? {
            Some(Did::TooLate) => self.too_late(words).await,
            Some(Did::TooMany) => self.too_many(followed, words).await,
            did => self.done(did, "message").await,
        }
    }

    /// The proposal went on meanwhile: it is shown as it is, and no word is lost.
    async fn too_late(self, words: &str) -> WebResult {
        let followed = match self.followed().await {
            Ok(followed) => followed,
            Err(answer) => return answer,
        };
        let wrong = self.base.t("follow.too_late").into_owned();
        let mut page = FollowPage::of(&self.app, self.base, &self.path, &followed).await;
        words.clone_into(&mut page.typed);
        page.error = Some(wrong);
        Ok(private(page.into_page_with(StatusCode::CONFLICT)))
    }

    async fn too_many(self, followed: &Followed, words: &str) -> WebResult {
        let most = MESSAGES.to_string();
        let wrong = self.base.t1("follow.too_many", "n", &most).into_owned();
        let mut page = FollowPage::of(&self.app, self.base, &self.path, followed).await;
        (page.error, page.typed) = (Some(wrong), words.to_owned());
        Ok(private(page.into_page_with(StatusCode::TOO_MANY_REQUESTS)))
    }

    async fn done(self, did: Option<Did>, word: &str) -> WebResult {
        match did {
            Some(Did::Done) => {
                let to = self.base.link(&format!("{}?fait={word}", self.path));
                Ok(Redirect::to(&to).into_response())
            }
            Some(Did::TooLate | Did::TooMany) => self.too_late("").await,
            None => self.gone(),
        }
    }
}

/// What was just done, as the address says.
fn said(base: &Base) -> Option<String> {
    let query = base.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let has = |name: &str, value: &str| pairs.iter().any(|(n, v)| n == name && v == value);
    let key = if has("confirmee", "1") {
        "propose.confirm.done"
    } else if has("fait", "message") {
        "follow.sent"
    } else if has("fait", "modifiee") {
        "follow.saved"
    } else if has("fait", "retiree") {
        "follow.withdrawn"
    } else {
        return None;
    };
    Some(base.t(key).into_owned())
}

/// `GET /suivi/{token}`.
pub async fn show(State(app): State<App>, base: Base, Path(token): Path<String>) -> WebResult {
    Thread::of_token(app, base, token).show().await
}

/// `POST /suivi/{token}`.
pub async fn act(
    State(app): State<App>,
    base: Base,
    Path(token): Path<String>,
    fields: Fields,
) -> WebResult<Response> {
    Thread::of_token(app, base, token).act(fields).await
}

/// `GET /mes-offres/propositions/{receipt}`.
pub async fn show_mine(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Path(receipt): Path<String>,
) -> WebResult {
    Thread::of_author(app, base, &by, receipt).show().await
}

/// `POST /mes-offres/propositions/{receipt}`.
pub async fn act_mine(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Path(receipt): Path<String>,
    fields: Fields,
) -> WebResult {
    Thread::of_author(app, base, &by, receipt).act(fields).await
}
