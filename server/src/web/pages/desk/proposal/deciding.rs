//! `POST /atelier/proposition/{id}`: a decision, or a step towards one.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use tablee_domain::ids::ProposalId;
use tablee_domain::offer::completeness::missing_in;
use tablee_domain::table::Plain;
use tablee_storage::proposals::{Proposal, State as Stage};

use super::super::choices;
use super::super::{Names, at_desk, by, failure, stale, titled, to, with_status, written};
use super::{Beside, Looking, found, list_of, page};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::desk::case::{Case, case_of};
use crate::desk::deciding::{Choices, Way};
use crate::desk::{By, DeskError, versions};
use crate::history::places::Places;
use crate::i18n::t;
use crate::templates::desk::{FasterPage, Typed};
use crate::templates::{Base, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess, TypedFields};
use crate::web::urls;
use crate::wording::one_line;

/// Does what the pressed button says.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    TypedFields { fields, is_ours }: TypedFields,
) -> WebResult {
    let case = found(&app, &id).await?;
    let seen = versions(fields.one("version"));
    if seen.is_empty() {
        return Err(WebError::Invalid("form: version".to_owned()));
    }
    let who = by(&access);
    let looking = Looking { base: at_desk(&app, base), access, list: list_of(&uri) };
    let deciding = Deciding { app: &app, case, seen, by: who, fields: &fields };
    if !is_ours {
        let wrong = Some(stale(&looking.base));
        return deciding
            .again(looking, Beside { wrong, ..Beside::default() }, StatusCode::FORBIDDEN)
            .await;
    }
    let done = deciding.act(&looking.base).await;
    deciding.answer(looking, done).await
}

struct Deciding<'a> {
    app: &'a App,
    case: Case,
    seen: Vec<(ProposalId, i64)>,
    by: By,
    fields: &'a Fields,
}

/// What came of it.
enum Outcome {
    /// A decision: the list says so.
    Decided(&'static str),
    /// A step: the page says so.
    Stepped(&'static str),
    /// Nothing, and why.
    Wrong(Box<Beside>),
}

fn wrong(base: &Base, key: &str) -> Outcome {
    let wrong = Some(base.t(key).into_owned());
    Outcome::Wrong(Box::new(Beside { wrong, ..Beside::default() }))
}

impl Deciding<'_> {
    async fn act(&self, base: &Base) -> Result<Outcome, DeskError> {
        let desk = &self.app.desk;
        let way = match self.fields.one("action") {
            "publier" => Way::Publish,
            "a-verifier" => Way::ToCheck,
            "accepter" => Way::Write,
            "archiver" => Way::Archive,
            "corbeille" => Way::Bin,
            "refuser" => return self.refuse(base).await,
            "demander" => {
                let words = written(self.fields.one("question"));
                if words.is_empty() {
                    return Ok(wrong(base, "desk.ask.needs"));
                }
                desk.ask(self.by, &self.seen, &words).await?;
                return Ok(Outcome::Decided("demandee"));
            }
            "noter" => {
                let words = written(self.fields.one("note"));
                if words.is_empty() {
                    return Ok(wrong(base, "desk.note.needs"));
                }
                desk.note(self.by, self.case.first().id, &words).await?;
                return Ok(Outcome::Stepped("notee"));
            }
            "prendre" => {
                desk.take(self.by, &self.seen).await?;
                return Ok(Outcome::Stepped("prise"));
            }
            "rendre" => {
                desk.give_back(self.by, &self.seen).await?;
                return Ok(Outcome::Stepped("rendue"));
            }
            "annuler" => {
                desk.undo(self.by, &self.seen).await?;
                return Ok(Outcome::Decided("annulee"));
            }
            _ => return Ok(wrong(base, "error.invalid")),
        };
        self.accept(base, way).await
    }

    async fn accept(&self, base: &Base, way: Way) -> Result<Outcome, DeskError> {
        // Who decides on another version hears that first, and not what the row says by now.
        let mut tx = self.app.store.read().await?;
        let case = self.app.desk.case_of_versions(&mut tx, &self.seen).await?;
        drop(tx);
        let moved =
            case.proposals.iter().zip(&self.seen).find(|(it, (_, seen))| it.version != *seen);
        if let Some((now, _)) = moved {
            return Err(DeskError::Faster(Box::new(now.clone())));
        }
        let visible = self.app.rooms.values(TABLE).await?;
        let row = case.row_in(&visible.values);
        match choices::read(&case, &visible.values.columns, row, self.fields) {
            Ok(choices) if way == Way::Publish && lacks(&case, &choices) => {
                Ok(wrong(base, "desk.wrong.lacks"))
            }
            Ok(choices) => {
                let choices = Choices { reason: self.reason(base).await?, ..choices };
                self.app.desk.accept(self.by, &self.seen, way, choices).await?;
                Ok(Outcome::Decided("acceptee"))
            }
            Err(it) => {
                let key = if it.is_refusal {
                    "desk.wrong.all_refused"
                } else if it.moved.is_empty() {
                    "desk.wrong.unread"
                } else {
                    "desk.wrong.moved"
                };
                let wrong = Some(base.t(key).into_owned());
                Ok(Outcome::Wrong(Box::new(Beside {
                    wrong,
                    moved: it.moved,
                    unread: it.unread,
                    ..Beside::default()
                })))
            }
        }
    }

    async fn refuse(&self, base: &Base) -> Result<Outcome, DeskError> {
        let words = self.reason(base).await?;
        if words.is_empty() {
            return Ok(wrong(base, "desk.refuse.needs"));
        }
        self.app.desk.refuse(self.by, &self.seen, &words).await?;
        Ok(Outcome::Decided("refusee"))
    }

    /// Why something is refused, in own words or saved ones. Without script a chosen reason does not fill the words.
    async fn reason(&self, base: &Base) -> Result<String, DeskError> {
        let words = written(self.fields.one("motif-mots"));
        let Some(number) = self.fields.number::<usize>("motif").filter(|_| words.is_empty()) else {
            return Ok(words);
        };
        let reasons = self.app.desk.reasons(base.locale).await?;
        let chosen = number.checked_sub(1).and_then(|at| reasons.get(at).cloned());
        Ok(chosen.map(|reason| reason.words).unwrap_or_default())
    }

    async fn answer(&self, looking: Looking, done: Result<Outcome, DeskError>) -> WebResult {
        let base = looking.base.clone();
        let first = self.case.first().id;
        let list = looking.list.word();
        let say = |key: &str| Beside { wrong: Some(base.t(key).into_owned()), ..Beside::default() };
        match done {
            Ok(Outcome::Decided(word)) => {
                let on: Vec<String> =
                    self.seen.iter().map(|(id, _)| id.get().to_string()).collect();
                let address = urls::desk_done(list, word, &on.join("-"));
                Ok(to(&base.link(&address)))
            }
            Ok(Outcome::Stepped(word)) => {
                let page = urls::desk_proposal(first);
                Ok(to(&base.link(&format!("{page}?liste={list}&fait={word}"))))
            }
            Ok(Outcome::Wrong(beside)) => {
                let status = if beside.moved.is_empty() {
                    StatusCode::UNPROCESSABLE_ENTITY
                } else {
                    StatusCode::CONFLICT
                };
                self.again(looking, *beside, status).await
            }
            Err(DeskError::Faster(now)) => self.faster(&base, &now).await,
            Err(DeskError::Moved(moved)) => {
                let beside = Beside { moved, ..say("desk.wrong.moved") };
                self.again(looking, beside, StatusCode::CONFLICT).await
            }
            Err(DeskError::RowGone) => {
                self.again(looking, say("desk.wrong.row_gone"), StatusCode::CONFLICT).await
            }
            Err(DeskError::TooLate) => {
                self.again(looking, say("desk.wrong.too_late"), StatusCode::CONFLICT).await
            }
            Err(DeskError::TooMany) => {
                self.again(looking, say("desk.wrong.too_many"), StatusCode::UNPROCESSABLE_ENTITY)
                    .await
            }
            Err(DeskError::WorkedIn) => {
                self.again(looking, say("desk.wrong.worked_in"), StatusCode::CONFLICT).await
            }
            Err(error) => Err(failure(error)),
        }
    }

    /// The page again, as things are now, with all that was typed.
    async fn again(&self, looking: Looking, beside: Beside, status: StatusCode) -> WebResult {
        let id = self.case.first().id.get().to_string();
        let case = found(self.app, &id).await?;
        let typed = Typed {
            reason: written(self.fields.one("motif-mots")),
            question: written(self.fields.one("question")),
            note: written(self.fields.one("note")),
        };
        let beside = Beside { fields: Some(self.fields.clone()), typed, ..beside };
        page(self.app, looking, &case, beside, status).await
    }

    /// Who decided what, and what this pilot had written.
    async fn faster(&self, base: &Base, now: &Proposal) -> WebResult {
        let visible = self.app.rooms.values(TABLE).await?;
        let case = case_of(vec![now.clone()]);
        let made = case.would_be(&visible.values.columns, case.row_in(&visible.values));
        let mut tx = self.app.store.read().await?;
        let names = Names::of(&mut tx).await?;
        drop(tx);
        let zone = &self.app.config.web.time_zone;
        let decided = now.decided.or(now.taken);
        let at = decided.map_or(now.changed_at, |(_, at)| at);
        let (when, who) =
            (zone.moment(base.locale, at), names.name(base, decided.and_then(|(who, _)| who)));
        let by = |key| t(base.locale, key, &[("who", &who), ("when", &when)]).into_owned();
        let alone = |key| t(base.locale, key, &[("when", &when)]).into_owned();
        let told = match now.state {
            Stage::Accepted | Stage::Accepting => by("desk.faster.accepted"),
            Stage::Refused => by("desk.faster.refused"),
            Stage::Asked => by("desk.faster.asked"),
            Stage::Taken => by("desk.faster.taken"),
            Stage::Withdrawn => alone("desk.faster.withdrawn"),
            Stage::Received if now.version > 1 => alone("desk.faster.edited"),
            Stage::Received | Stage::Unconfirmed => alone("desk.faster.changed"),
        };
        let places = Places { columns: &visible.values.columns, locale: base.locale };
        let page = FasterPage {
            title: titled(base, made.text("intitule")),
            told,
            typed: self.typed(base, &places),
            href: base.link(&urls::desk_proposal(now.id)),
            base: base.clone(),
        };
        Ok(conflict(page.into_page()))
    }

    /// The words that would be lost with the page.
    fn typed(&self, base: &Base, places: &Places<'_>) -> Vec<(String, String)> {
        let mut typed = Vec::new();
        for (_, key) in self.fields.beginning("cle-") {
            if choices::choice(self.fields, key) == "modifier"
                && let Some(words) = choices::typed(self.fields, key)
            {
                typed.push((places.label(key), words));
            }
        }
        let own = [
            ("motif-mots", "desk.faster.reason"),
            ("question", "desk.faster.question"),
            ("note", "desk.faster.note"),
        ];
        for (name, label) in own {
            let words = written(self.fields.one(name));
            if !one_line(&words).is_empty() {
                typed.push((base.t(label).into_owned(), words));
            }
        }
        typed
    }
}

/// Whether a new offer would lack what publishing needs.
fn lacks(case: &Case, choices: &Choices) -> bool {
    let of = case.first().id;
    let said = |column: &str| {
        let mut own = choices.cells.iter().filter(|chosen| chosen.of == of);
        own.find(|chosen| chosen.key == column).map_or(&Plain::Null, |chosen| &chosen.result)
    };
    !missing_in(said).is_empty()
}

fn conflict(page: Response) -> Response {
    with_status(page, StatusCode::CONFLICT)
}
