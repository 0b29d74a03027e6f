//! The pages that say what this site is: rights, accessibility, legal notice.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use tablee_domain::ids::{ColumnId, PersonId, RowId};
use tablee_domain::people::{MembersEdit, Role, RowFacts, allows};
use tablee_domain::table::{Action, Change, Columns, Place, Plain, defaults};

use crate::config::Config;
use crate::i18n::{Locale, t};
use crate::site::{Site, texts};
use crate::templates::about::{AboutPage, RightsLine, RightsPage};
use crate::templates::{Base, Page};
use crate::web::extract::table_access::{Administer, Curate, Permission, Work};
use crate::web::urls;

/// `GET /a-propos/droits`: what the rules answer, asked one by one.
pub async fn rights(base: Base, State(config): State<Arc<Config>>) -> Response {
    let locale = base.locale;
    let lines = lines(locale, config.people.members_edit.into());
    let role = |word: &str| t(locale, &format!("role.{word}"), &[]).into_owned();
    let roles = std::iter::once("visitor").chain(Role::ALL.map(Role::as_str)).map(role).collect();
    RightsPage { base, roles, lines }.into_page()
}

/// `GET /accessibilite`.
pub async fn accessibility(base: Base, State(site): State<Site>) -> Response {
    let state = base.t("accessibility.state").into_owned();
    let page = text(base, &site, "accessibility.title", texts::ACCESSIBILITY);
    AboutPage { state: Some(state), ..page }.into_page()
}

/// `GET /mentions`.
pub async fn legal(base: Base, State(site): State<Site>) -> Response {
    text(base, &site, "legal.title", texts::LEGAL).into_page()
}

/// `GET /confidentialite`.
pub async fn privacy(base: Base, State(site): State<Site>) -> Response {
    text(base, &site, "site.about.privacy", texts::PRIVACY).into_page()
}

/// A page of one text, with what it lacks for those who can give it.
fn text(base: Base, site: &Site, title: &str, key: &str) -> AboutPage {
    let settings = site.get();
    let written = site.text(key, base.locale);
    let names = texts::names_in(&written);
    let missing = settings.missing(base.locale).into_iter();
    let missing = missing.filter(|fact| names.contains(fact.name));
    AboutPage {
        title: base.t(title).into_owned(),
        state: None,
        text: site.prose(key, base.locale),
        missing: missing
            .map(|fact| (fact.label, base.link(&urls::site_setting(fact.name))))
            .collect(),
        edit: base.link(&urls::site_text(key, base.locale)),
        base,
    }
}

/// Whose the row in question is.
#[derive(Clone, Copy)]
enum Whose {
    Own,
    Others,
    New,
}

/// One question to the rules.
struct Question {
    key: &'static str,
    whose: Whose,
    place: Place,
    action: Action,
}

fn questions() -> Vec<Question> {
    let column = |id: &str| ColumnId::new(id).expect("a word");
    let cell = || Place::Cell(column("intitule"));
    let state = || Place::Cell(column("etat"));
    let typed = || Action::EditText { inserted: 1, deleted: 0 };
    let set = || Action::Set(Plain::from(true));
    let asked = |key, whose, place, action| Question { key, whose, place, action };
    vec![
        asked("add", Whose::New, Place::Row, Action::MakeRow),
        asked("change_own", Whose::Own, cell(), typed()),
        asked("change_other", Whose::Others, cell(), typed()),
        asked("curated", Whose::Own, state(), Action::Set(Plain::from("publiee"))),
        asked("order", Whose::Own, Place::Order, Action::Set(Plain::from("a0"))),
        asked("bin_own", Whose::Own, Place::Deleted, set()),
        asked("bin_other", Whose::Others, Place::Deleted, set()),
        asked("restore_other", Whose::Others, Place::Deleted, Action::Set(Plain::Null)),
    ]
}

fn lines(locale: Locale, members_edit: MembersEdit) -> Vec<RightsLine> {
    let columns = Columns::new(defaults::formations());
    let action = |key: &str| t(locale, &format!("rights.may.{key}"), &[]).into_owned();
    let works = Role::ALL.map(Work::is_given_to);
    let mut lines = vec![
        RightsLine { action: action("read"), may: vec![true; 1 + works.len()] },
        RightsLine { action: action("open"), may: [vec![false], works.to_vec()].concat() },
    ];
    let doors = [
        ("propose", true, [true; 3]),
        ("keep_own", false, Role::ALL.map(Work::is_given_to)),
        ("decide", false, Role::ALL.map(Curate::is_given_to)),
        ("read_history", false, Role::ALL.map(Work::is_given_to)),
        // Whoever may write a cell may write into it what it said before.
        ("restore_cell", false, Role::ALL.map(Work::is_given_to)),
        ("restore", false, Role::ALL.map(Curate::is_given_to)),
        ("import", false, Role::ALL.map(Curate::is_given_to)),
        ("columns", false, Role::ALL.map(Curate::is_given_to)),
        // Signed in is enough, with a role or without.
        ("suggest", false, [true; 3]),
        ("erase", false, Role::ALL.map(Administer::is_given_to)),
        ("settings", false, Role::ALL.map(Administer::is_given_to)),
    ];
    for question in questions() {
        // A visitor has no way to the live table, so every change is refused before a rule is asked.
        let mut may = vec![false];
        may.extend(Role::ALL.map(|role| may_do(role, members_edit, &columns, &question)));
        lines.push(RightsLine { action: action(question.key), may });
    }
    lines.extend(doors.map(|(key, visitor, roles)| RightsLine {
        action: action(key),
        may: [&[visitor][..], &roles].concat(),
    }));
    lines
}

fn may_do(role: Role, members_edit: MembersEdit, columns: &Columns, question: &Question) -> bool {
    let (me, somebody) = (PersonId(1), PersonId(2));
    let owner = match question.whose {
        Whose::Own => Some(me),
        Whose::Others => Some(somebody),
        Whose::New => None,
    };
    let change = Change {
        row: RowId::new("row").expect("a word"),
        place: question.place.clone(),
        action: question.action.clone(),
        in_new_row: matches!(question.whose, Whose::New),
    };
    allows((me, role), members_edit, columns, RowFacts { owner, ..RowFacts::default() }, &change)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(members_edit: MembersEdit, key: &str) -> Vec<bool> {
        let action = t(Locale::Fr, &format!("rights.may.{key}"), &[]);
        lines(Locale::Fr, members_edit).into_iter().find(|line| line.action == action).unwrap().may
    }

    #[test]
    fn the_page_says_what_the_rules_say() {
        assert_eq!(may(MembersEdit::All, "read"), [true; 4]);
        assert_eq!(may(MembersEdit::All, "open"), [false, true, true, true]);
        assert_eq!(may(MembersEdit::All, "curated"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "bin_own"), [false, true, true, true]);
        assert_eq!(may(MembersEdit::All, "bin_other"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "restore_other"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "read_history"), [false, true, true, true]);
        assert_eq!(may(MembersEdit::All, "restore"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "import"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "columns"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::All, "erase"), [false, false, false, true]);
    }

    #[test]
    fn every_line_of_the_page_has_its_words() {
        for locale in Locale::ALL {
            let lines = lines(locale, MembersEdit::All);
            assert!(lines.iter().all(|line| !line.action.contains("rights.")), "a key is shown");
        }
    }

    #[test]
    fn the_page_follows_the_setting_on_whose_rows_members_change() {
        assert_eq!(may(MembersEdit::All, "change_other"), [false, true, true, true]);
        assert_eq!(may(MembersEdit::Own, "change_other"), [false, false, true, true]);
        assert_eq!(may(MembersEdit::Own, "change_own"), [false, true, true, true]);
    }
}
