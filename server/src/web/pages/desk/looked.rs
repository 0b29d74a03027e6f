//! What a page of the desk hears while it is open.

use tablee_domain::ids::PersonId;
use tablee_storage::people;
use tablee_storage::proposals::{self, State};

use super::who_looks;
use crate::app::App;
use crate::desk::list::Thing;
use crate::i18n::t;
use crate::templates::Base;
use crate::web::error::{WebError, WebResult};
use crate::wording::one_line;

/// What is told of a thing.
pub struct Told {
    /// The answer in a few letters: another one is news.
    pub known: String,
    /// Who else looks.
    pub who: String,
    /// That it was decided.
    pub moved: String,
}

/// What there is to tell whoever looks at a thing.
pub async fn told(app: &App, base: &Base, thing: &Thing, me: PersonId) -> WebResult<Told> {
    let names = app.desk.presence().others(&thing.word(), me, app.clock.now());
    let who = who_looks(base, &names);
    let Thing::Case(id) = thing else {
        return Ok(Told { known: names.join("\n"), who, moved: String::new() });
    };
    let mut tx = app.store.read().await?;
    let found = proposals::find(&mut tx, *id).await?.ok_or(WebError::NotFound)?;
    let decided = found.decided.and_then(|(person, _)| person).filter(|person| *person != me);
    let name = match decided {
        Some(person) => people::find(&mut tx, person).await?.map(|it| one_line(&it.name)),
        None => None,
    };
    let by =
        |key| t(base.locale, key, &[("who", name.as_deref().unwrap_or_default())]).into_owned();
    let moved = match (found.state, &name) {
        (State::Accepted, Some(_)) => by("desk.presence.accepted"),
        (State::Refused, Some(_)) => by("desk.presence.refused"),
        _ => String::new(),
    };
    Ok(Told { known: format!("{} {}", found.version, names.join("\n")), who, moved })
}
