//! Every door that changes something, asked by everybody, from everywhere, with every kind of token.
//!
//! The doors come from the router. What a form of ours would send to each stands below ([`sample`]): a door that has
//! no line there stops the suite. A request that may not pass leaves the database as it was, line by line; one that
//! may does something, so the others were refused something.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::json;
use tablee::web::doors::{Door, Who};
use tablee_storage::testing::contents;

use crate::history::WATER;
use crate::support::{Answer, Browser, TestApp};
use crate::walk::{FILE, World, file_form, form_with};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What a browser sends.
enum Sends {
    /// These fields.
    Fields(Vec<(&'static str, String)>),
    /// The form of a page that holds a word, or that leads to the door, with a button and other fields.
    OnPage {
        page: String,
        word: &'static str,
        action: &'static str,
        typed: Vec<(&'static str, &'static str)>,
    },
    /// A file.
    File(&'static str),
    /// A program's words, which need no token: no form of another page can send them.
    Json(serde_json::Value),
}

/// What is sent to a door so that it does something.
struct Sample {
    sends: Sends,
    /// What it does is seen in the database.
    changes: bool,
    /// It is about something of one member: others of the same role and above may be refused too.
    personal: bool,
}

impl Sample {
    fn of(sends: Sends) -> Self {
        Self { sends, changes: true, personal: false }
    }

    fn fields(fields: &[(&'static str, &str)]) -> Self {
        Self::of(Sends::Fields(
            fields.iter().map(|(name, value)| (*name, (*value).into())).collect(),
        ))
    }

    fn on_page(page: &str, word: &'static str, action: &'static str) -> Self {
        Self::on_page_with(page, word, action, &[])
    }

    fn on_page_with(
        page: &str,
        word: &'static str,
        action: &'static str,
        typed: &[(&'static str, &'static str)],
    ) -> Self {
        Self::of(Sends::OnPage { page: page.to_owned(), word, action, typed: typed.into() })
    }

    fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    fn unseen(self) -> Self {
        Self { changes: false, ..self }
    }
}

/// What stands in the table of bodies; `to` is the address of the door.
fn sample(door: &Door, to: &str, world: &World) -> Option<Sample> {
    let path = door.path;
    of_people(path, world)
        .or_else(|| of_settings(path, to, world))
        .or_else(|| of_desk(path, to))
        .or_else(|| of_files(path, to, world))
        .or_else(|| of_proposals(path, to, world))
        .or_else(|| of_programs(path))
}

fn of_people(path: &str, world: &World) -> Option<Sample> {
    Some(match path {
        // What it does is done after the answer, whose time tells nobody who is known.
        "/connexion" => Sample::fields(&[("adresse", "max@exemple.fr")]).unseen(),
        // Nobody asked for a code in these browsers.
        "/connexion/code" => Sample::fields(&[("code", "123456")]).unseen(),
        "/connexion/{token}" | "/desabonnement/{token}" => Sample::fields(&[]),
        // Ends a login, which is no part of what is compared.
        "/deconnexion" => Sample::fields(&[]).unseen(),
        "/historique/retablir" => {
            let line = world.said("line");
            Sample::fields(&[("quoi", "value"), ("entree", line), ("confirme", "oui")])
        }
        "/preferences" => Sample::fields(&[("proposals", "weekly"), ("queue", "weekly")]),
        _ => return None,
    })
}

fn of_settings(path: &str, to: &str, world: &World) -> Option<Sample> {
    Some(match path {
        "/reglages/colonnes" => {
            Sample::fields(&[("quoi", "add"), ("nom", "Une de plus"), ("type", "text")])
        }
        "/reglages/effacement" => Sample::fields(&[("mots", "introuvable"), ("etape", "effacer")]),
        "/reglages/personnes/ajouter" => Sample::fields(&[
            ("courriel", "neuve@exemple.fr"),
            ("nom", "Neuve"),
            ("role", "member"),
            ("inviter", "non"),
        ]),
        "/reglages/personnes/{person}" => Sample::fields(&[("quoi", "nom"), ("nom", "Maxime")]),
        "/reglages/site" => {
            Sample::on_page_with(to, "name=\"version\"", "", &[("association", "Les Passeurs")])
        }
        "/reglages/textes/{key}" => {
            Sample::on_page_with(to, "name=\"texte\"", "garder", &[("texte", "Un texte à nous.")])
        }
        "/reglages/courriels" => Sample::fields(&[("courriel", world.said("mail"))]),
        _ => return None,
    })
}

fn of_desk(path: &str, to: &str) -> Option<Sample> {
    Some(match path {
        "/atelier/motifs" => Sample::fields(&[("nom", "Doublon"), ("mots", "C'est un doublon.")]),
        "/atelier/proposition/{id}" => {
            Sample::on_page_with(to, "id=\"decision\"", "noter", &[("note", "vu ce matin")])
        }
        "/atelier/ligne/{row}" => Sample::on_page(to, "name=\"vu\"", "confirmer"),
        "/atelier/doublons/{one}/{other}" => {
            Sample::on_page(to, "class=\"deciding\"", "distinctes")
        }
        "/atelier/fusions/{id}" => Sample::fields(&[]),
        _ => return None,
    })
}

fn of_files(path: &str, to: &str, world: &World) -> Option<Sample> {
    let plan = |name: &str, step: &str| format!("{}?etape={step}", world.said(name));
    Some(match path {
        "/reglages/personnes/importer" => {
            Sample::of(Sends::File("Nom;Courriel\nUne Autre;une@exemple.fr\n"))
        }
        "/reglages/personnes/importer/{file}" => Sample::on_page(to, "name=\"vues\"", "appliquer"),
        "/import" => Sample::of(Sends::File("Titre;Organisme\nCourir;Les Pas\n")),
        "/import/{plan}/correspondances" => {
            Sample::on_page_with(&plan("plan", "correspondances"), "", "", &[("m1", "=resume")])
        }
        "/import/{plan}/lignes" => {
            Sample::on_page_with(&plan("plan", "plan"), "", "", &[("l", "")])
        }
        "/import/{plan}/appliquer" => Sample::on_page(&plan("plan-to-apply", "appliquer"), "", ""),
        "/import/{plan}/refaire" => {
            Sample::on_page(&plan("plan-to-redo", "plan"), "id=\"choix\"", "")
        }
        "/import/{plan}/abandonner" => {
            Sample::on_page(&plan("plan-to-drop", "plan"), "id=\"choix\"", "")
        }
        _ => return None,
    })
}

fn of_proposals(path: &str, to: &str, world: &World) -> Option<Sample> {
    Some(match path {
        "/proposer" => Sample::on_page_with(
            "/proposer",
            "id=\"proposition\"",
            "envoyer",
            &[
                ("intitule", "Semer à la volée"),
                ("organisme", "Les Graines"),
                ("type", "formation_courte"),
                ("resume", "Deux jours dans un champ."),
                ("themes", "eau"),
                ("url", "https://graines.example/semer"),
                ("licence", "oui"),
                ("vous-courriel", "semeuse@ailleurs.example"),
                ("vus", "oui"),
            ],
        ),
        "/proposer/confirmer/{token}" => Sample::fields(&[]),
        // After the answer too.
        "/suivi" => {
            let receipt = world.said("receipt");
            let address = format!("{}@secret.example", crate::walk::canary::ADDRESS);
            Sample::fields(&[("courriel", &address), ("recu", receipt)]).unseen()
        }
        "/suivi/{token}" => Sample::on_page_with(
            to,
            "name=\"message\"",
            "message",
            &[("message", "Encore un mot.")],
        ),
        "/suivi/{token}/modifier" => Sample::on_page_with(
            to,
            "id=\"proposition\"",
            "envoyer",
            &[("resume", "Un autre résumé.")],
        ),
        "/mes-offres/{row}" => Sample::fields(&[("action", "toujours")]).personal(),
        "/mes-offres/propositions/{receipt}" => {
            let word = [("message", "Un mot de plus.")];
            Sample::on_page_with(to, "name=\"message\"", "message", &word).personal()
        }
        "/mes-offres/propositions/{receipt}/modifier" => {
            let word = [("resume", "Mon autre résumé.")];
            Sample::on_page_with(to, "id=\"proposition\"", "envoyer", &word).personal()
        }
        _ => return None,
    })
}

fn of_programs(path: &str) -> Option<Sample> {
    Some(match path {
        "/api/v1/tables/{table}/columns" => {
            let label = json!({ "fr": "Cadence", "en": "" });
            let work = json!({ "what": "rename", "column": "rythme", "label": label });
            Sample::of(Sends::Json(json!({ "work": work })))
        }
        "/api/v1/tables/{table}/restore" => {
            Sample::of(Sends::Json(json!({ "what": "moment", "at": 1_795_435_230_000_i64 })))
        }
        "/api/v1/tables/{table}/suggestions" => Sample::of(Sends::Json(json!({ "suggestions": [
            { "id": "s1", "row": WATER, "what": "bin", "reason": "not-own-row", "at": 1 },
        ] }))),
        _ => return None,
    })
}

/// Somebody at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Visitor,
    NoLongerOne,
    /// The member whose row and proposal the samples are about.
    Member,
    OtherMember,
    Pilot,
    Admin,
}

impl Role {
    const ALL: [Self; 6] = [
        Self::Visitor,
        Self::NoLongerOne,
        Self::Member,
        Self::OtherMember,
        Self::Pilot,
        Self::Admin,
    ];

    fn may_pass(self, who: Who) -> bool {
        match who {
            Who::Everybody | Who::Holder => true,
            Who::SignedIn => self >= Self::NoLongerOne,
            Who::Member => self >= Self::Member,
            Who::Pilot => self >= Self::Pilot,
            Who::Admin => self >= Self::Admin,
        }
    }

    fn browser(self, world: &World) -> Browser {
        match self {
            Self::Visitor => world.visitor.clone(),
            Self::NoLongerOne => world.roleless.clone(),
            Self::Member => world.nour.clone(),
            Self::OtherMember => world.other_member.clone(),
            Self::Pilot => world.pilot.clone(),
            Self::Admin => world.admin.clone(),
        }
    }
}

/// The token in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Right,
    Missing,
    Made,
    OfAnotherLogin,
    /// The one that visitors get, in the browser of somebody who is signed in; the one of a login that gives no role.
    OfNobody,
}

/// From which page a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Own,
    Foreign,
    Null,
}

/// The fields that a form has when its page is opened by whoever may open it.
async fn fields(
    (sample, to): (&Sample, &str),
    by: &mut Browser,
    app: &TestApp,
) -> Vec<(String, String)> {
    match &sample.sends {
        Sends::Fields(fields) => {
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
        }
        Sends::OnPage { page, word, action, typed } => {
            let opened = by.get(page).await;
            assert_eq!(opened.status, 200, "{page}: {}", opened.body);
            // Whoever reads a form takes a while.
            app.clock.minutes_pass(1);
            let action_of_form = format!("action=\"{to}\"");
            let word = if word.is_empty() { &action_of_form } else { *word };
            let mut fields = form_with(&opened, word);
            fields.retain(|(name, _)| name != "action" && !typed.iter().any(|(it, _)| it == name));
            fields.extend(typed.iter().map(|(name, value)| ((*name).into(), (*value).into())));
            if !action.is_empty() {
                fields.push(("action".to_owned(), (*action).to_owned()));
            }
            fields
        }
        Sends::File(_) | Sends::Json(_) => Vec::new(),
    }
}

/// The tokens of a kind for somebody's browser; none where there is no such thing.
fn token(kind: Token, role: Role, by: &Browser, others: &Browser) -> Option<String> {
    let all = by.tokens();
    // Whoever has a login and no role sees the pages of visitors, and their forms.
    let (nobodys, own) = (all.first()?, all.last()?);
    let (right, wrong) = if role == Role::NoLongerOne { (nobodys, own) } else { (own, nobodys) };
    match kind {
        Token::Right => Some(right.clone()),
        Token::Missing => Some(String::new()),
        Token::Made => Some(right.chars().rev().collect()),
        Token::OfAnotherLogin => others.tokens().last().cloned(),
        Token::OfNobody => (role != Role::Visitor).then(|| wrong.clone()),
    }
}

async fn sends(
    by: &mut Browser,
    to: &str,
    (sample, fields): (&Sample, &[(String, String)]),
    token: &str,
    from: From,
) -> Answer {
    let (kind, body) = match &sample.sends {
        Sends::Json(words) => (JSON, words.to_string()),
        Sends::File(csv) => (FILE, file_form(csv, token)),
        Sends::Fields(_) | Sends::OnPage { .. } => {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(fields).append_pair("jeton", token);
            (FORM, body.finish())
        }
    };
    let own = by.origin().to_owned();
    let origin = match from {
        From::Own => own.as_str(),
        From::Foreign => "https://ailleurs.example",
        From::Null => "null",
    };
    by.send(Method::POST, to, &[("content-type", kind), ("origin", origin)], body).await
}

/// What the database holds but for the moments at which people were last seen.
async fn held(world: &World) -> BTreeMap<String, Vec<String>> {
    contents(&world.app.app.store, &["logins", "people.seen_at", "proposal_viewers"]).await
}

/// The lines that are in one moment and not in the other.
fn differences(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let lines = |of: &BTreeMap<String, Vec<String>>, table: &str| {
        of.get(table).cloned().unwrap_or_default()
    };
    let mut told = Vec::new();
    for table in before.keys().chain(after.keys()) {
        let (old, new) = (lines(before, table), lines(after, table));
        let gone = old.iter().filter(|line| !new.contains(line));
        let come = new.iter().filter(|line| !old.contains(line));
        told.extend(gone.map(|line| format!("- {table}: {line}")));
        told.extend(come.map(|line| format!("+ {table}: {line}")));
    }
    told.truncate(6);
    told
}

/// Whoever needs the least to pass opens the form for those who may not.
fn lowest(who: Who, sample: &Sample) -> Role {
    match who {
        Who::Everybody | Who::Holder => Role::Visitor,
        Who::SignedIn => Role::NoLongerOne,
        Who::Member => Role::Member,
        Who::Pilot => Role::Pilot,
        Who::Admin => Role::Admin,
    }
    .max(if sample.personal { Role::Member } else { Role::Visitor })
}

/// Everything that must be refused is refused, and leaves the database as it was.
async fn refuses(world: &World, door: &Door, to: &str, surprises: &mut Vec<String>) -> usize {
    let sample = sample(door, to, world).expect("it has a line");
    let is_json = matches!(sample.sends, Sends::Json(_));
    let mut opener = lowest(door.who, &sample).browser(world);
    let fields = fields((&sample, to), &mut opener, &world.app).await;
    let before = held(world).await;
    let mut asked = 0;
    for role in Role::ALL {
        let other = if role == Role::Pilot { &world.admin } else { &world.pilot };
        let may = role.may_pass(door.who);
        for from in [From::Own, From::Foreign, From::Null] {
            for kind in
                [Token::Right, Token::Missing, Token::Made, Token::OfAnotherLogin, Token::OfNobody]
            {
                let is_good = kind == Token::Right || is_json;
                let mut by = role.browser(world);
                let Some(token) = token(kind, role, &by, other) else { continue };
                if from == From::Own && may && is_good {
                    continue;
                }
                let answer = sends(&mut by, to, (&sample, &fields), &token, from).await;
                asked += 1;
                let is_refused = match (from, may) {
                    (From::Own, false) => matches!(answer.status, 401 | 403),
                    _ => answer.status == 403,
                };
                if !is_refused {
                    let status = answer.status;
                    surprises.push(format!(
                        "{} by {role:?} from {from:?}, {kind:?}: {status}",
                        door.path
                    ));
                }
            }
        }
    }
    let changed = differences(&before, &held(world).await);
    if !changed.is_empty() {
        surprises.push(format!("{} was refused, and changed {changed:#?}", door.path));
    }
    asked
}

/// Whoever may pass does, and does something.
async fn passes(world: &World, door: &Door, to: &str, surprises: &mut Vec<String>) -> usize {
    let sample = sample(door, to, world).expect("it has a line");
    let mut asked = 0;
    let first = lowest(door.who, &sample);
    for role in Role::ALL {
        if !role.may_pass(door.who) || role < first {
            continue;
        }
        let mut by = role.browser(world);
        let fields = if role == first {
            fields((&sample, to), &mut by, &world.app).await
        } else {
            // What was done needs no second form; these only come in.
            match &sample.sends {
                Sends::Fields(_) => fields((&sample, to), &mut by, &world.app).await,
                _ => Vec::new(),
            }
        };
        let before = held(world).await;
        let token = token(Token::Right, role, &by, &world.pilot).expect("everybody has one");
        let answer = sends(&mut by, to, (&sample, &fields), &token, From::Own).await;
        asked += 1;
        let is_kept_out = matches!(answer.status, 401 | 403);
        let may_be_kept_out = sample.personal && role != Role::Member;
        if (is_kept_out && !may_be_kept_out) || answer.status >= 500 {
            surprises.push(format!("{} keeps {role:?} out: {}", door.path, answer.status));
        }
        let changed = differences(&before, &held(world).await);
        if role == first && sample.changes && changed.is_empty() {
            let (status, body) = (answer.status, answer.body);
            surprises.push(format!("{} did nothing for {role:?}: {status} {body}", door.path));
        }
    }
    asked
}

#[tokio::test]
async fn every_door_that_changes_something_opens_for_whom_it_is_made_and_for_nobody_else() {
    let world = World::lived_in().await;
    let doors = tablee::web::doors();
    let mut posts: Vec<&Door> = doors.list().iter().filter(|door| door.method == "POST").collect();
    // A plan is applied to the columns for which it was made. What ends logins and rewrites the table comes last.
    let late = |door: &&Door| {
        ["/deconnexion", "/reglages/effacement", "/api/v1/tables/{table}/restore"]
            .iter()
            .position(|path| *path == door.path)
    };
    let first = "/import/{plan}/appliquer";
    posts.sort_by_key(|door| (door.path != first, late(door).map_or(0, |at| 3 - at)));

    let (mut asked, mut surprises, mut unknown) = (0, Vec::new(), Vec::new());
    let mut known = Vec::new();
    for door in posts {
        let to = world.addresses(door.path).map(|mut addresses| addresses.remove(0));
        match to {
            Some(to) if sample(door, &to, &world).is_some() => known.push((door, to)),
            _ => unknown.push(door.path),
        }
    }
    assert_eq!(unknown, Vec::<&str>::new(), "these doors have no sample here");
    for (door, to) in &known {
        asked += refuses(&world, door, to, &mut surprises).await;
    }
    for (door, to) in &known {
        asked += passes(&world, door, to, &mut surprises).await;
    }

    assert_eq!(surprises, Vec::<String>::new(), "of {asked} requests to {} doors", known.len());
    println!("{} doors, {asked} requests, no surprise", known.len());
    world.app.end().await;
}

#[tokio::test]
async fn whoever_guesses_the_secret_of_an_address_passes_no_door_that_needs_one() {
    let world = World::lived_in().await;
    let doors = tablee::web::doors();
    let holders = doors.list().iter().filter(|door| door.who == Who::Holder);
    let before = held(&world).await;

    let mut passed = Vec::new();
    for door in holders {
        let address = world.addresses(door.path).expect("it is known").remove(0);
        let (secret, rest) = match address.strip_suffix("/modifier") {
            Some(secret) => (secret.to_owned(), "/modifier"),
            None => (address, ""),
        };
        for role in Role::ALL {
            let mut by = role.browser(&world);
            for guess in guesses(&secret) {
                let to = format!("{guess}{rest}");
                let answer = match door.method {
                    "GET" => by.get(&to).await,
                    _ => by.post(&to, &[("action", "message"), ("message", "x")]).await,
                };
                if !matches!(answer.status, 400 | 403 | 404 | 410 | 422) {
                    passed.push(format!(
                        "{} {} as {role:?}: {}",
                        door.method, door.path, answer.status
                    ));
                }
            }
        }
    }

    assert_eq!(passed, Vec::<String>::new());
    assert_eq!(differences(&before, &held(&world).await), Vec::<String>::new());
    world.app.end().await;
}

/// The secret of an address with its last letter changed, cut short, and none.
fn guesses(address: &str) -> [String; 3] {
    let cut = &address[..address.len() - 1];
    let other = if address.ends_with('0') { '1' } else { '0' };
    let folder = &address[..=address.rfind('/').unwrap()];
    [format!("{cut}{other}"), cut.to_owned(), format!("{folder}x")]
}
