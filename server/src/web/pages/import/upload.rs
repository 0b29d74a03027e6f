//! `POST /import`: a file is taken in, bounded while it arrives, and its plan waited for on a page of its own.
//!
//! Whatever is wrong with it, all that the browser sends is taken off the line first: an answer in the middle
//! of a large upload would reach nobody, the browser would tell of a broken connection.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::{Stream, StreamExt};
use tablee_storage::import_plans;

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{self, t, tn};
use crate::importing::{ImportError, SourceFile};
use crate::templates::Base;
use crate::templates::import::Upload;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::form::{TOKEN, is_own};
use crate::web::extract::table_access::{Curate, Permission};
use crate::web::extract::{Somebody, TableAccess, Visitor};
use crate::web::middleware::rate_limit::IMPORTS;
use crate::web::urls;

/// Bytes around the file in the form: its name, its token, the lines between.
const AROUND: u64 = 16 << 10;
/// Bytes of a refused upload that are still taken off the line, and how long.
const DRAINED: u64 = 512 << 20;
const DRAINED_WITHIN: Duration = Duration::from_secs(45);
/// A token is shorter.
const LONGEST_TOKEN: usize = 64;
/// Plans among which one of the same person is looked for.
const LOOKED_AT: u32 = 50;

/// What is wrong with a file that was sent, for the form that is shown again.
#[derive(Debug)]
enum Wrong {
    NoFile,
    TooLarge,
    TooMany(Duration),
    Busy,
}

/// `POST /import`.
pub async fn submit(State(app): State<App>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let tap = Tap::on(body);
    let access = {
        use axum::extract::FromRequestParts;
        TableAccess::<Curate>::from_request_parts(&mut parts, &app).await
    };
    let answer = match access {
        Ok(TableAccess { by, .. }) => {
            let base = Base::of(&app, &parts.uri, Some(&by));
            let request = Request::from_parts(parts, Body::from_stream(tap.clone()));
            take_in(&app, &by, base, request).await
        }
        Err(error) => Err(error),
    };
    tap.drain().await;
    answer.into_response()
}

/// Takes in the file of another form than ours, for whoever may send one: the file, or what is wrong with it in
/// words. All that the browser sends is taken off the line.
pub async fn receive<P: Permission>(
    app: &App,
    request: Request,
) -> WebResult<(Somebody, Base, Result<SourceFile, String>)> {
    use axum::extract::FromRequestParts;
    let (mut parts, body) = request.into_parts();
    let tap = Tap::on(body);
    let received = async {
        let TableAccess { by, .. } = TableAccess::<P>::from_request_parts(&mut parts, app).await?;
        let base = Base::of(app, &parts.uri, Some(&by));
        let request = Request::from_parts(parts, Body::from_stream(tap.clone()));
        let taken = read(app, &by, request).await?;
        let taken = taken.map_err(|wrong| told(app, &base, &wrong));
        Ok((by, base, taken))
    };
    let received = received.await;
    tap.drain().await;
    received
}

async fn take_in(app: &App, by: &Somebody, base: Base, request: Request) -> WebResult {
    let taken = read(app, by, request).await?;
    let wrong = match taken {
        Ok(file) => match accept(app, by, file).await? {
            Ok(to) => return Ok(Redirect::to(&base.link(&to)).into_response()),
            Err(wrong) => wrong,
        },
        Err(wrong) => wrong,
    };
    let status = match wrong {
        Wrong::NoFile => StatusCode::UNPROCESSABLE_ENTITY,
        Wrong::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Wrong::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Wrong::Busy => StatusCode::CONFLICT,
    };
    let told = told(app, &base, &wrong);
    let mut answer = super::list(app, base, Some(told), status).await?;
    if let Wrong::TooMany(wait) = wrong {
        let seconds = wait.as_secs().saturating_add(1);
        answer.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

/// The file of the form. Its token comes first and is checked before a byte of the file is kept.
async fn read(app: &App, by: &Somebody, request: Request) -> WebResult<Result<SourceFile, Wrong>> {
    let broken = |error: &MultipartError| WebError::Invalid(error.body_text());
    let mut form = Multipart::from_request(request, app)
        .await
        .map_err(|rejection| WebError::Invalid(rejection.body_text()))?;
    let visitor = Visitor::Known(by.clone());
    let mut is_ours = false;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name() {
            Some(TOKEN) => {
                let token = bounded(field, LONGEST_TOKEN).await.map_err(|error| broken(&error))?;
                let token = token.and_then(|token| String::from_utf8(token).ok());
                is_ours = token.is_some_and(|token| is_own(app, &visitor, &token));
            }
            Some("fichier") if is_ours => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let most = most(app);
                let bytes = bounded(field, most).await.map_err(|error| broken(&error))?;
                return Ok(match bytes {
                    None => Err(Wrong::TooLarge),
                    Some(bytes) if bytes.is_empty() && name.is_empty() => Err(Wrong::NoFile),
                    Some(bytes) => Ok(SourceFile { name, bytes }),
                });
            }
            _ if !is_ours => return Err(WebError::StaleForm),
            _ => {}
        }
    }
    if is_ours { Ok(Err(Wrong::NoFile)) } else { Err(WebError::ForeignOrigin) }
}

/// The bytes of a field; none where there are more.
async fn bounded(mut field: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// Keeps a file to be read; gives the address of its page.
async fn accept(app: &App, by: &Somebody, file: SourceFile) -> WebResult<Result<String, Wrong>> {
    let importer = app.importer();
    let plans = importer.plans(TABLE, LOOKED_AT).await.map_err(super::failure)?;
    let reads = |plan: &import_plans::PlanRecord| {
        plan.actor == Some(by.id) && plan.state == import_plans::State::Reading
    };
    if plans.iter().any(reads) {
        return Ok(Err(Wrong::Busy));
    }
    match app.limits.imports.take(&by.id) {
        Err(WebError::TooMany { wait }) => return Ok(Err(Wrong::TooMany(wait))),
        other => other?,
    }
    match importer.submit(by.actor(), TABLE, file).await {
        Ok(id) => Ok(Ok(urls::import(&id, ""))),
        Err(ImportError::File(_)) => Ok(Err(Wrong::TooLarge)),
        Err(error) => Err(super::failure(error)),
    }
}

/// Bytes of the largest file.
fn most(app: &App) -> usize {
    let most = usize::try_from(tablee_exchange::Limits::default().file_bytes);
    app.config.web.upload_size.0.min(most.unwrap_or(usize::MAX))
}

/// "20 Mo".
fn size(app: &App, base: &Base) -> String {
    let n = i18n::number(base.locale, (most(app) >> 20) as f64);
    base.t1("import.size", "n", &n).into_owned()
}

fn told(app: &App, base: &Base, wrong: &Wrong) -> String {
    match wrong {
        Wrong::NoFile => base.t("import.wrong.no_file").into_owned(),
        Wrong::TooLarge => base.t1("import.wrong.too_large", "size", &size(app, base)).into_owned(),
        Wrong::Busy => base.t("import.wrong.busy").into_owned(),
        Wrong::TooMany(wait) => {
            let minutes = wait.as_secs().div_ceil(60).max(1);
            tn(base.locale, "import.wrong.too_many", minutes as usize, &[])
        }
    }
}

/// The form that sends a file, with what was wrong with the last one.
pub fn form(app: &App, base: &Base, wrong: Option<String>) -> Upload {
    let limits = tablee_exchange::Limits::default();
    let number = |n: u32| i18n::number(base.locale, f64::from(n));
    let (size, rows, columns) = (size(app, base), number(limits.rows), number(limits.columns));
    let args = [("size", size.as_str()), ("rows", &rows), ("columns", &columns)];
    Upload {
        max_bytes: most(app) as u64,
        limits: t(base.locale, "import.limits", &args).into_owned(),
        rate: tn(base.locale, "import.rate", IMPORTS as usize, &[]),
        too_large: base.t1("import.too_large_here", "size", &size).into_owned(),
        wrong,
    }
}

/// The body of a request, which somebody may stop reading half-way.
#[derive(Clone)]
struct Tap(Arc<Mutex<BodyDataStream>>);

impl Tap {
    fn on(body: Body) -> Self {
        Self(Arc::new(Mutex::new(body.into_data_stream())))
    }

    /// Takes what is left off the line, within bounds.
    async fn drain(mut self) {
        let most = DRAINED + AROUND;
        let rest = async {
            let mut drained = 0;
            while let Some(Ok(chunk)) = self.next().await {
                drained += chunk.len() as u64;
                if drained > most {
                    break;
                }
            }
        };
        // Who sends more slowly than that gets no page.
        let _ = tokio::time::timeout(DRAINED_WITHIN, rest).await;
    }
}

impl Stream for Tap {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.poll_next_unpin(cx)
    }
}
