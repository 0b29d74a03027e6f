//! Typed addresses: routes, templates and redirects get their links here.

use std::fmt;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, ImportId, PersonId, PlanId, ProposalId, Revision, RowId};
use url::Url;

use crate::i18n::Locale;

/// The catalogue.
pub const HOME: &str = "/";
/// One offer.
pub const OFFER: &str = "/formations/{slug_and_id}";
/// Two to four offers side by side.
pub const COMPARE: &str = "/comparer";
/// The addresses of all offers, for machines that look for pages.
pub const SITEMAP: &str = "/sitemap.xml";
/// Sign-in: the form that asks for an address.
pub const SIGN_IN: &str = "/connexion";
/// Sign-in: the six figures of the mail.
pub const SIGN_IN_CODE: &str = "/connexion/code";
/// Sign-in: what the link of the mail opens.
pub const SIGN_IN_LINK: &str = "/connexion/{token}";
/// Signing out.
pub const SIGN_OUT: &str = "/deconnexion";
/// The live table.
pub const TABLE: &str = "/table";
/// The socket of a live table.
pub const LIVE: &str = "/live/{table}";
/// The live table without anybody's name, for a device that is offline.
pub const OFFLINE: &str = "/table/hors-ligne";
/// What keeps the shell of the table on a device.
pub const SERVICE_WORKER: &str = "/sw.js";
/// What was done, by whom and when.
pub const HISTORY: &str = "/historique";
/// Something earlier, to be written again: asks first.
pub const RESTORE: &str = "/historique/retablir";
/// What was written again.
pub const RESTORED: &str = "/historique/retabli";
/// All that can be set.
pub const SETTINGS: &str = "/reglages";
/// Facts and ways of the site.
pub const SITE: &str = "/reglages/site";
/// Texts that can be changed.
pub const TEXTS: &str = "/reglages/textes";
/// One of them.
pub const TEXT: &str = "/reglages/textes/{key}";
/// The choices of columns.
pub const VOCABULARIES: &str = "/reglages/vocabulaires";
/// Who may come in.
pub const PEOPLE: &str = "/reglages/personnes";
/// Adding somebody.
pub const ADD_PERSON: &str = "/reglages/personnes/ajouter";
/// One person.
pub const PERSON: &str = "/reglages/personnes/{person}";
/// All that is kept of one person.
pub const PERSON_DATA: &str = "/reglages/personnes/{person}/donnees.json";
/// Lists of members, and the form that sends one.
pub const MEMBERS_FILES: &str = "/reglages/personnes/importer";
/// One list of members: its plan, or what became of it.
pub const MEMBERS_FILE: &str = "/reglages/personnes/importer/{file}";
/// Work at columns.
pub const COLUMNS: &str = "/reglages/colonnes";
/// All that can be done to one column.
pub const COLUMN: &str = "/reglages/colonnes/{column}";
/// What must go for good.
pub const ERASURE: &str = "/reglages/effacement";
/// Files on their way into the table, and the form that sends one.
pub const IMPORT: &str = "/import";
/// One file: its plan, or what became of it.
pub const IMPORT_PLAN: &str = "/import/{plan}";
/// How far a file is, for the script of its page.
pub const IMPORT_STATE: &str = "/import/{plan}/etat";
/// Where the columns of a file go.
pub const IMPORT_MAPPING: &str = "/import/{plan}/correspondances";
/// Which of its rows and cells are taken.
pub const IMPORT_ROWS: &str = "/import/{plan}/lignes";
/// Writing it into the table.
pub const IMPORT_APPLY: &str = "/import/{plan}/appliquer";
/// Making its plan anew.
pub const IMPORT_AGAIN: &str = "/import/{plan}/refaire";
/// Giving it up.
pub const IMPORT_DROP: &str = "/import/{plan}/abandonner";
/// What became of each of its rows, as a file.
pub const IMPORT_REPORT: &str = "/import/{plan}/rapport.xlsx";
/// History, for programs.
pub const API_HISTORY: &str = "/api/v1/tables/{table}/history";
/// What a row lacks and what seems wrong in it, for programs.
pub const API_CHECKS: &str = "/api/v1/tables/{table}/rows/{row}/checks";
/// Restoring, for programs.
pub const API_RESTORE: &str = "/api/v1/tables/{table}/restore";
/// Work at columns, for programs.
pub const API_COLUMNS: &str = "/api/v1/tables/{table}/columns";
/// Edits that a tab may not make, for the pilots to decide.
pub const API_SUGGESTIONS: &str = "/api/v1/tables/{table}/suggestions";
/// Offers that resemble one, for whoever is writing it.
pub const API_DUPLICATES: &str = "/api/v1/tables/{table}/duplicates";
/// The form of a new offer, a correction or a removal.
pub const PROPOSE: &str = "/proposer";
/// The receipt of what was just sent.
pub const PROPOSED: &str = "/proposer/recu/{receipt}";
/// What the mail opens that asks a visitor to confirm a proposal.
pub const PROPOSE_CONFIRM: &str = "/proposer/confirmer/{token}";
/// A follow-up link that was lost.
pub const FOLLOW_LOST: &str = "/suivi";
/// What became of a proposal.
pub const FOLLOW: &str = "/suivi/{token}";
/// The form of a proposal that nobody has taken yet.
pub const FOLLOW_EDIT: &str = "/suivi/{token}/modifier";
/// What a member proposed, and the offers they look after.
pub const MINE: &str = "/mes-offres";
/// One offer that a member looks after.
pub const MINE_OFFER: &str = "/mes-offres/{row}";
/// What became of a proposal, for its signed-in author.
pub const MINE_PROPOSAL: &str = "/mes-offres/propositions/{receipt}";
/// The form of a proposal that nobody has taken yet, for its signed-in author.
pub const MINE_PROPOSAL_EDIT: &str = "/mes-offres/propositions/{receipt}/modifier";
/// What waits for the pilots.
pub const DESK: &str = "/atelier";
/// Who looks at something on the desk, for its script.
pub const DESK_PRESENCE: &str = "/atelier/presence";
/// Reasons for refusing that are sent more than once.
pub const DESK_REASONS: &str = "/atelier/motifs";
/// A proposal on the desk, or somebody's suggestions about a row.
pub const DESK_PROPOSAL: &str = "/atelier/proposition/{id}";
/// A row on the desk.
pub const DESK_ROW: &str = "/atelier/ligne/{row}";
/// Two rows that may be one.
pub const DESK_TWINS: &str = "/atelier/doublons/{one}/{other}";
/// Two rows that were made one.
pub const DESK_MERGE: &str = "/atelier/fusions/{id}";
/// Mails: what became of them.
pub const MAILS: &str = "/reglages/courriels";
/// When somebody wants to hear of what.
pub const PREFERENCES: &str = "/preferences";
/// Ends mails about one topic without a login.
pub const UNSUBSCRIBE: &str = "/desabonnement/{token}";
/// The list as a file; the name ends with the format.
pub const EXPORTS: &str = "/exports/{file}";
/// Who may do what.
pub const RIGHTS: &str = "/a-propos/droits";
/// How accessible the site is.
pub const ACCESSIBILITY: &str = "/accessibilite";
/// Legal notice.
pub const LEGAL: &str = "/mentions";
/// What is kept of people, and why.
pub const PRIVACY: &str = "/confidentialite";
/// The built files of the client.
pub const ASSETS: &str = "/assets/{*path}";
/// The sign of the site.
pub const FAVICON: &str = "/favicon.svg";
/// The sign of the site, where browsers of old look for it.
pub const FAVICON_ICO: &str = "/favicon.ico";
/// What robots may read.
pub const ROBOTS: &str = "/robots.txt";
/// Whether the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// Whether it can do its work.
pub const HEALTH_READY: &str = "/health/ready";

/// The page of an offer. A wrong slug redirects, the id decides.
pub fn offer(slug: &str, row: &RowId) -> String {
    if slug.is_empty() { format!("/formations/{row}") } else { format!("/formations/{slug}-{row}") }
}

/// The calendar of an offer, beside its page.
pub fn offer_calendar(page: &str) -> String {
    format!("{page}.ics")
}

/// What was done to a row.
pub fn history_of(row: &RowId) -> String {
    format!("{HISTORY}?row={row}")
}

/// What an update of the log restored.
pub fn restored(revision: Revision) -> String {
    format!("{RESTORED}?revision={revision}")
}

/// The page of one column.
pub fn column(id: &str) -> String {
    format!("{COLUMNS}/{id}")
}

/// The page of one column, after a change.
pub fn column_done(id: &ColumnId, change: Option<i64>) -> String {
    with_change(&column(id.as_str()), change)
}

/// The page of columns after a change, at one of them.
pub fn columns_done(change: Option<i64>, at: Option<&ColumnId>) -> String {
    let page = with_change(COLUMNS, change);
    at.map_or_else(|| page.clone(), |column| format!("{page}#colonne-{column}"))
}

fn with_change(page: &str, change: Option<i64>) -> String {
    change.map_or_else(|| page.to_owned(), |change| format!("{page}?fait={change}"))
}

/// One setting of the site.
pub fn site_setting(field: &str) -> String {
    format!("{SITE}#{field}")
}

/// Where a text is changed, in one of its languages.
pub fn site_text(key: &str, locale: Locale) -> String {
    format!("{TEXTS}/{key}?langue={}", locale.tag())
}

/// One person.
pub fn person(id: PersonId) -> String {
    format!("{PEOPLE}/{id}")
}

/// One list of members.
pub fn members_file(id: i64) -> String {
    format!("{MEMBERS_FILES}/{id}")
}

/// The receipt of an erasure.
pub fn erased(id: i64) -> String {
    format!("{ERASURE}?recu={id}")
}

/// The page of a file on its way into the table, or what hangs on it (`/lignes`).
pub fn import(plan: &PlanId, part: &str) -> String {
    format!("{IMPORT}/{plan}{part}")
}

/// What an import did.
pub fn history_of_import(import: ImportId) -> String {
    format!("{HISTORY}?import={import}")
}

/// The list as a file of this format.
pub fn export(format: &str) -> String {
    format!("/exports/formations.{format}")
}

/// The receipt of what was just sent, for whoever holds the seal on it.
pub fn proposed(receipt: &str, seal: &str) -> String {
    format!("{PROPOSE}/recu/{receipt}-{seal}")
}

/// What the mail opens that asks a visitor to confirm a proposal.
pub fn propose_confirm(token: &str) -> String {
    format!("{PROPOSE}/confirmer/{token}")
}

/// The form that corrects an offer.
pub fn correct(row: &RowId) -> String {
    format!("{PROPOSE}?corriger={row}")
}

/// The form that asks for an offer to be taken out.
pub fn ask_removal(row: &RowId) -> String {
    format!("{PROPOSE}?retirer={row}")
}

/// What became of a proposal.
pub fn follow(token: &str) -> String {
    format!("{FOLLOW_LOST}/{token}")
}

/// One offer that a member looks after.
pub fn mine_offer(row: &RowId) -> String {
    format!("{MINE}/{row}")
}

/// What became of a proposal, for its signed-in author.
pub fn mine_proposal(receipt: &str) -> String {
    format!("{MINE}/propositions/{receipt}")
}

/// A list of the desk.
pub fn desk_list(list: &str, page: usize) -> String {
    match (list, page) {
        ("tout", 1) => DESK.to_owned(),
        (list, 1) => format!("{DESK}?quoi={list}"),
        (list, page) => format!("{DESK}?quoi={list}&page={page}"),
    }
}

/// A list of the desk, after something was done to something.
pub fn desk_done(list: &str, done: &str, on: &str) -> String {
    format!("{DESK}?quoi={list}&fait={done}&sur={on}")
}

/// A proposal on the desk.
pub fn desk_proposal(id: ProposalId) -> String {
    format!("{DESK}/proposition/{}", id.get())
}

/// A row on the desk.
pub fn desk_row(row: &RowId) -> String {
    format!("{DESK}/ligne/{row}")
}

/// Two rows that may be one.
pub fn desk_twins(one: &RowId, other: &RowId) -> String {
    format!("{DESK}/doublons/{one}/{other}")
}

/// Two rows that were made one.
pub fn desk_merge(id: i64) -> String {
    format!("{DESK}/fusions/{id}")
}

/// What the link of a mail opens.
pub fn sign_in_link(token: &str) -> String {
    format!("{SIGN_IN}/{token}")
}

/// What the link below a mail opens.
pub fn unsubscribe(token: &str) -> String {
    format!("/desabonnement/{token}")
}

/// The socket of a table.
pub fn live(table: &str) -> String {
    format!("/live/{table}")
}

/// A page of ours to go to after signing in. A closed list: no address is ever taken from a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Next {
    /// The live table.
    #[default]
    Table,
    /// The catalogue.
    Home,
    /// The form of a new offer.
    Propose,
    /// What the person proposed, and the offers they look after.
    Mine,
}

impl Next {
    const ALL: [Self; 4] = [Self::Table, Self::Home, Self::Propose, Self::Mine];

    /// The page that a parameter names; the live table for anything else.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|next| next.as_word() == word).unwrap_or_default()
    }

    /// The word in the parameter `suite`.
    pub fn as_word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Home => "accueil",
            Self::Propose => "proposer",
            Self::Mine => "mes-offres",
        }
    }

    /// The address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Table => TABLE,
            Self::Home => HOME,
            Self::Propose => PROPOSE,
            Self::Mine => MINE,
        }
    }
}

/// The address people type, without a final slash. It stands in mails and exports.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicUrl {
    origin: String,
    authority: String,
    is_https: bool,
    is_loopback: bool,
}

impl PublicUrl {
    /// Takes an address whose scheme, host and port count, and nothing else.
    pub fn new(url: &Url) -> Self {
        let host = url.host_str().unwrap_or("localhost");
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let is_loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => true,
        };
        let origin = format!("{}://{authority}", url.scheme());
        Self { origin, authority, is_https: url.scheme() == "https", is_loopback }
    }

    /// The address of a listener: what people type when nothing else was set. A listener on all addresses is
    /// reached on this machine's own.
    pub fn of_listener(listen: &str) -> anyhow::Result<Self> {
        let (host, port) = listen.rsplit_once(':').unwrap_or((listen, "80"));
        let host = match host {
            "0.0.0.0" | "" => "127.0.0.1",
            "[::]" => "[::1]",
            host => host,
        };
        let url = Url::parse(&format!("http://{host}:{port}"));
        Ok(Self::new(&url.with_context(|| format!("`{listen}` is no address to listen on"))?))
    }

    /// The whole address of one of our paths.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// What a mail of ours is known by, without its brackets.
    pub fn message_id(&self, mark: &str) -> String {
        let host = self.authority.split(':').next().filter(|host| !host.is_empty());
        format!("{mark}@{}", host.unwrap_or("localhost"))
    }

    /// Whether browsers reach us by TLS: cookies are `Secure` then.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether a request with this `Host` is for us. On a loopback address any name is.
    pub fn serves_host(&self, host: &str) -> bool {
        self.is_loopback || host.eq_ignore_ascii_case(&self.authority) || self.is_default_port(host)
    }

    /// Whether pages of this `Origin` are ours. On a loopback address, those of the host that was asked.
    pub fn is_own_origin(&self, origin: &str, host: Option<&str>) -> bool {
        origin.eq_ignore_ascii_case(&self.origin)
            || self.is_loopback
                && host.is_some_and(|host| {
                    origin.strip_prefix("http://").is_some_and(|own| own.eq_ignore_ascii_case(host))
                })
    }

    fn is_default_port(&self, host: &str) -> bool {
        let port = if self.is_https { ":443" } else { ":80" };
        host.strip_suffix(port).is_some_and(|name| name.eq_ignore_ascii_case(&self.authority))
    }
}

/// What cannot be the address people type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be the public address: write `https://host`, without a path")]
pub struct NotPublic(String);

impl TryFrom<String> for PublicUrl {
    type Error = NotPublic;
    fn try_from(written: String) -> Result<Self, NotPublic> {
        let url = Url::parse(written.trim()).map_err(|_| NotPublic(written.clone()))?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_open = url.username().is_empty() && url.password().is_none();
        if is_bare && is_web && is_open { Ok(Self::new(&url)) } else { Err(NotPublic(written)) }
    }
}

impl From<PublicUrl> for String {
    fn from(url: PublicUrl) -> String {
        url.origin
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(url: &str) -> PublicUrl {
        PublicUrl::new(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_public_address_knows_its_own_host_and_origin_only() {
        let url = public("https://tablee.example.org");

        assert!(url.serves_host("Tablee.example.org") && url.serves_host("tablee.example.org:443"));
        assert!(
            !url.serves_host("evil.example.org") && !url.serves_host("tablee.example.org:8443")
        );
        assert!(url.is_own_origin("https://tablee.example.org", None));
        for foreign in [
            "null",
            "",
            "http://tablee.example.org",
            "https://tablee.example.org.evil.example",
            "https://evil-tablee.example.org",
            "https://sub.tablee.example.org",
            "https://tablee.example.org:8443",
            "https://tablee.example.org/",
        ] {
            assert!(!url.is_own_origin(foreign, Some("tablee.example.org")), "{foreign}");
        }
    }

    #[test]
    fn on_a_loopback_address_the_origin_must_be_the_host_that_was_asked() {
        let url = public("http://127.0.0.1:8080");

        assert!(url.is_own_origin("http://localhost:8080", Some("localhost:8080")));
        assert!(!url.is_own_origin("http://localhost:8081", Some("localhost:8080")));
        assert!(!url.is_own_origin("http://evil.example", Some("127.0.0.1:8080")));
    }

    #[test]
    fn no_parameter_leads_away_from_our_pages() {
        for word in ["https://evil.example", "//evil.example", "/\\evil.example", "", "table", "x"]
        {
            assert_eq!(Next::from_word(word).path(), "/table", "{word}");
        }
        assert_eq!(Next::from_word("accueil").path(), "/");
        assert_eq!(Next::from_word("mes-offres").path(), "/mes-offres");
    }
}
