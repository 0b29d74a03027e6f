use askama::Template;

use super::about::{AboutPage, RightsPage};
use super::catalogue::HomePage;
use super::columns::{ColumnPage, ColumnsConfirmPage, ColumnsPage};
use super::compare::ComparePage;
use super::desk::{
    DeskPage, FasterPage, MergedPage, ProposalPage, ReasonsPage, RowPage, TwinsPage,
};
use super::erasure::{ErasureFoundPage, ErasurePage};
use super::history::{HistoryPage, RestorePage, RestoredPage};
use super::import::{ClosedPage, ConfirmPage, ImportPage, RefusedPage, ReportPage, WaitPage};
use super::import_plan::{MappingPage, PlanPage};
use super::offer::{GonePage, OfferPage};
use super::people::{
    AddPersonPage, MembersDonePage, MembersFilesPage, MembersPlanPage, PeoplePage, PersonPage,
};
use super::settings::{SettingsPage, SitePage, TextPage, TextsPage, VocabulariesPage};
use super::table::{LiveTablePage, PublicTablePage};
use super::*;
use crate::web::pages::failure::FailurePage;
use crate::web::pages::follow::lost::LostPage;
use crate::web::pages::follow::told::{FollowPage, GonePage as FollowGonePage};
use crate::web::pages::mails::MailsPage;
use crate::web::pages::mine::told::{MinePage, OfferPage as MineOfferPage};
use crate::web::pages::preferences::PreferencesPage;
use crate::web::pages::propose::confirm::ConfirmPage as ConfirmProposalPage;
use crate::web::pages::propose::receipt::ReceiptPage;
use crate::web::pages::propose::view::FormPage;
use crate::web::pages::sign_in::{CodePage, LinkPage, SignInPage};
use crate::web::pages::unsubscribe::UnsubscribePage;

/// Looks at one rendered page: what every page must have, and what none may.
fn check<P: Page>() {
    for (at, page) in P::samples().iter().enumerate() {
        let html = page.render().unwrap();
        let name = format!("{} ({at})", std::any::type_name::<P>());

        assert_eq!(html.matches("<h1").count(), 1, "{name}: one title");
        assert_eq!(html.matches("<main").count(), 1, "{name}: one main");
        assert!(
            html.contains("<html lang=\"fr\">") || html.contains("<html lang=\"en\">"),
            "{name}: language"
        );
        assert!(
            html.contains("href=\"#contenu\"") && html.contains("id=\"contenu\""),
            "{name}: skip link"
        );
        assert_no_markup_from_data(&html, &name);
        assert_forms_hold_a_token(&html, &name);
        assert_well_formed(&html, &name);
    }
}

fn assert_no_markup_from_data(html: &str, name: &str) {
    assert!(!html.contains("<script>"), "{name}: an inline script");
    assert!(!html.contains("<style"), "{name}: an inline style sheet");
    for tag in tags(html) {
        assert!(!tag.contains(" style="), "{name}: an inline style in {tag}");
        assert!(!tag.to_lowercase().contains(" on"), "{name}: a handler in {tag}");
        assert!(!tag.starts_with("img"), "{name}: {tag} came from data");
    }
}

/// Every form that changes something holds the token of whoever it was given to, once.
fn assert_forms_hold_a_token(html: &str, name: &str) {
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        if head.contains("method=\"post\"") {
            assert_eq!(form.matches("name=\"jeton\"").count(), 1, "{name}: <form{head}>");
        }
    }
}

/// What stands between `<` and `>`, values of attributes left out.
fn tags(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let mut tag = String::new();
        let mut quoted = false;
        let mut end = rest.len();
        for (at, letter) in rest[open + 1..].char_indices() {
            match letter {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = open + 1 + at;
                    break;
                }
                _ if !quoted => tag.push(letter),
                _ => {}
            }
        }
        tags.push(tag);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    tags
}

/// Every element that opens is closed, in order; every `id` is there once.
fn assert_well_formed(html: &str, name: &str) {
    const ALONE: [&str; 6] = ["!doctype", "meta", "link", "input", "br", "hr"];
    let mut open: Vec<String> = Vec::new();
    for tag in tags(html) {
        let word =
            tag.split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_owned();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(
                open.pop().as_deref(),
                Some(closed.trim()),
                "{name}: </{closed}> closes another"
            );
        } else if !ALONE.contains(&word.as_str()) {
            open.push(word);
        }
    }
    assert_eq!(open, Vec::<String>::new(), "{name}: left open");
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "{name}: an id stands twice");
}

#[test]
fn every_page_can_show_itself() {
    check::<HomePage>();
    check::<OfferPage>();
    check::<GonePage>();
    check::<ComparePage>();
    check::<LiveTablePage>();
    check::<PublicTablePage>();
    check::<RightsPage>();
    check::<AboutPage>();
    check::<SettingsPage>();
    check::<SitePage>();
    check::<TextsPage>();
    check::<TextPage>();
    check::<VocabulariesPage>();
    check::<PeoplePage>();
    check::<AddPersonPage>();
    check::<PersonPage>();
    check::<MembersFilesPage>();
    check::<MembersPlanPage>();
    check::<MembersDonePage>();
    check::<SignInPage>();
    check::<CodePage>();
    check::<LinkPage>();
    check::<FailurePage>();
    check::<FormPage>();
    check::<ReceiptPage>();
    check::<ConfirmProposalPage>();
    check::<FollowPage>();
    check::<FollowGonePage>();
    check::<LostPage>();
    check::<MinePage>();
    check::<MineOfferPage>();
    check::<MailsPage>();
    check::<PreferencesPage>();
    check::<UnsubscribePage>();
    check::<HistoryPage>();
    check::<RestorePage>();
    check::<RestoredPage>();
    check::<ColumnsPage>();
    check::<ColumnPage>();
    check::<ColumnsConfirmPage>();
    check::<DeskPage>();
    check::<ProposalPage>();
    check::<FasterPage>();
    check::<RowPage>();
    check::<TwinsPage>();
    check::<MergedPage>();
    check::<ReasonsPage>();
    check::<ErasurePage>();
    check::<ErasureFoundPage>();
    check::<ImportPage>();
    check::<WaitPage>();
    check::<RefusedPage>();
    check::<ClosedPage>();
    check::<MappingPage>();
    check::<PlanPage>();
    check::<ConfirmPage>();
    check::<ReportPage>();
}

#[test]
fn what_a_person_wrote_is_text_and_nothing_else() {
    let page = &OfferPage::samples()[1];

    let html = page.render().unwrap();

    assert!(html.contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{html}");
}

#[test]
fn a_link_out_says_that_we_do_not_vouch_for_it() {
    let html = OfferPage::samples()[0].render().unwrap()
        + &PublicTablePage::samples()[0].render().unwrap();

    let out = html.match_indices("<a ").filter_map(|(at, _)| html[at..].split('>').next());
    let out: Vec<&str> = out.filter(|tag| tag.contains("exemple.fr")).collect();
    assert_eq!(out.len(), 3);
    assert!(
        out.iter().all(|tag| tag.contains("rel=\"noopener noreferrer nofollow ugc\"")),
        "{out:?}"
    );
}

#[test]
fn links_stay_in_the_language_of_the_page() {
    let english =
        Base { locale: Locale::En, uri: "/?q=eau&lang=en".parse().unwrap(), ..Base::default() };
    let french = Base { uri: "/?q=eau".parse().unwrap(), ..Base::default() };

    assert_eq!(english.link("/table"), "/table?lang=en");
    assert_eq!(english.link("/?q=a#b"), "/?q=a&lang=en#b");
    assert_eq!(english.switch(), "/?q=eau");
    assert_eq!(french.link("/table"), "/table");
    assert_eq!(french.switch(), "/?q=eau&lang=en");
}
