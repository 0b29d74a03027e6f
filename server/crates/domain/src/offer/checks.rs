//! What an offer lacks and what seems wrong in it, for those who look after it. Nothing here blocks: a wrong
//! value is kept and flagged. What blocks publishing stands in [`completeness`](super::completeness).
//!
//! To add a warning: its word in [`Warning`], its condition in [`warnings`], its sentence under
//! `checks.warning.` in both languages.

use super::completeness::missing;
use super::session::{Day, sessions};
use super::status::Status;
use crate::ids::Timestamp;
use crate::table::{Plain, Row};

/// Since when an offer counts as stale, unless a site says otherwise.
pub const STALE_AFTER_MONTHS: u32 = 12;
/// The longest summary, in characters.
pub const LONGEST_SUMMARY: usize = 300;
/// More hours than this are no day of training.
const HOURS_A_DAY: f64 = 8.0;

/// When one looks, and what counts as stale then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The day.
    pub today: Day,
    /// Offers that nobody confirmed for so many months are stale.
    pub stale_after_months: u32,
}

impl Now {
    /// A moment at a site that has its own idea of stale.
    pub fn of(at: Timestamp, stale_after_months: u32) -> Self {
        Self { today: Day::of(at), stale_after_months }
    }
}

impl From<Timestamp> for Now {
    fn from(at: Timestamp) -> Self {
        Self::of(at, STALE_AFTER_MONTHS)
    }
}

/// One of the nine things that a serious training body publishes about each offer (Qualiopi, indicator 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The key of its words, under `checks.item.`
    pub key: &'static str,
    /// The columns that can say it, the first being the one to fill.
    pub columns: &'static [&'static str],
    /// Whether one of them does.
    pub met: bool,
}

/// The nine items and the columns that say them.
const QUALIOPI: [(&str, &[&str]); 9] = [
    ("prerequisites", &["prerequis"]),
    ("objectives", &["objectifs"]),
    ("duration", &["duree_texte", "duree_heures", "duree_jours"]),
    ("access", &["acces"]),
    ("prices", &["tarif_texte", "tarifs", "tarif_type"]),
    ("contacts", &["contact_courriel", "contact_tel"]),
    ("methods", &["methodes"]),
    ("assessment", &["evaluation"]),
    ("disability", &["accessibilite"]),
];

/// The nine items, in the order of the reference.
pub fn qualiopi(row: &Row) -> [Item; 9] {
    QUALIOPI.map(|(key, columns)| {
        let met = columns.iter().any(|column| is_known(row, column));
        Item { key, columns, met }
    })
}

/// Whether a cell says something: "inconnu" does not, words that were not understood do.
fn is_known(row: &Row, column: &str) -> bool {
    let says = match row.cell(column) {
        Plain::Text(text) => !text.trim().is_empty() && text != "inconnu",
        other => !other.is_empty(),
    };
    says || row.said.get(column).is_some_and(|said| !said.trim().is_empty())
}

/// Something that seems wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Warning {
    /// The key of its sentence, under `checks.warning.`
    pub key: &'static str,
    /// Where it is seen.
    pub column: &'static str,
    /// How much it matters that somebody looks.
    weight: u32,
}

impl Warning {
    /// All keys, the gravest first.
    pub const KEYS: [&'static str; 9] = [
        "certification-expired",
        "sessions-past",
        "stale",
        "personal-email",
        "never-checked",
        "no-session",
        "hours-a-day",
        "price-without-tax",
        "summary-too-long",
    ];
}

const fn warning(key: &'static str, column: &'static str, weight: u32) -> Warning {
    Warning { key, column, weight }
}

const CERTIFICATION_EXPIRED: Warning = warning("certification-expired", "date_echeance", 40);
const SESSIONS_PAST: Warning = warning("sessions-past", "sessions", 30);
const STALE: Warning = warning("stale", "verifie_le", 25);
const PERSONAL_EMAIL: Warning = warning("personal-email", "contact_courriel", 20);
const NEVER_CHECKED: Warning = warning("never-checked", "verifie_le", 15);
const NO_SESSION: Warning = warning("no-session", "sessions", 8);
const HOURS: Warning = warning("hours-a-day", "duree_heures", 6);
const PRICE_WITHOUT_TAX: Warning = warning("price-without-tax", "tarifs", 4);
const LONG_SUMMARY: Warning = warning("summary-too-long", "resume", 3);

/// What seems wrong in an offer, the gravest first.
pub fn warnings(row: &Row, now: impl Into<Now>) -> Vec<Warning> {
    let now = now.into();
    let freshness = Freshness::of(row, now);
    let to_come = Sessions::of(row, now.today);
    let found = [
        (certification_expired(row, now.today), CERTIFICATION_EXPIRED),
        (to_come == Sessions::AllPast, SESSIONS_PAST),
        (matches!(freshness, Freshness::Stale { .. }), STALE),
        (is_personal(row.text("contact_courriel")), PERSONAL_EMAIL),
        (freshness == Freshness::Never, NEVER_CHECKED),
        (to_come == Sessions::NoneKnown, NO_SESSION),
        (too_many_hours(row), HOURS),
        (price_without_tax(row), PRICE_WITHOUT_TAX),
        (row.text("resume").chars().count() > LONGEST_SUMMARY, LONG_SUMMARY),
    ];
    found.into_iter().filter_map(|(is, warning)| is.then_some(warning)).collect()
}

/// What the sessions of an offer say about its future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sessions {
    /// One comes, or none is needed: one enters at any time or on demand.
    Fine,
    /// There were some, all over.
    AllPast,
    /// Nobody knows of any.
    NoneKnown,
}

impl Sessions {
    fn of(row: &Row, today: Day) -> Self {
        const WITHOUT_DATES: [&str; 2] = ["permanentes", "a_la_demande"];
        let sessions = sessions(row);
        // A session without a date that can be read may well be to come.
        let open = |it: &super::session::Session<'_>| it.dates.is_none() || it.is_to_come(today);
        if WITHOUT_DATES.contains(&row.text("entrees")) || sessions.iter().any(open) {
            Self::Fine
        } else if sessions.is_empty() {
            let said = row.said.get("sessions").is_some_and(|said| !said.trim().is_empty());
            if said { Self::Fine } else { Self::NoneKnown }
        } else {
            Self::AllPast
        }
    }
}

fn certification_expired(row: &Row, today: Day) -> bool {
    Day::last_of(row.text("date_echeance")).is_some_and(|end| end < today)
}

fn too_many_hours(row: &Row) -> bool {
    let number = |column: &str| row.cell(column).as_number();
    let (Some(hours), Some(days)) = (number("duree_heures"), number("duree_jours")) else {
        return false;
    };
    days > 0.0 && hours / days > HOURS_A_DAY
}

/// Whether a sum is asked of which nobody knows if taxes are in it.
fn price_without_tax(row: &Row) -> bool {
    let Some(prices) = row.cell("tarifs").as_map() else { return false };
    let word = |price: &Plain, key: &str| {
        let word = price.as_map().and_then(|price| price.get(key)).and_then(Plain::as_text);
        word.is_some_and(|word| !matches!(word, "" | "?"))
    };
    prices.values().any(|price| {
        let amount = price.as_map().and_then(|price| price.get("montant"));
        amount.and_then(Plain::as_number).is_some_and(|it| it > 0.0) && !word(price, "taxe")
    })
}

/// Whether an address looks like that of a person: a first name and a name, or a mailbox of private people.
fn is_personal(address: &str) -> bool {
    const PRIVATE: [&str; 14] = [
        "gmail.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "hotmail.com",
        "hotmail.fr",
        "outlook.com",
        "outlook.fr",
        "yahoo.fr",
        "yahoo.com",
        "sfr.fr",
        "live.fr",
        "protonmail.com",
    ];
    const OF_A_SERVICE: [&str; 26] = [
        "formation",
        "formations",
        "form",
        "fc",
        "contact",
        "info",
        "infos",
        "accueil",
        "secretariat",
        "inscription",
        "inscriptions",
        "administration",
        "admin",
        "bonjour",
        "hello",
        "master",
        "licence",
        "du",
        "diu",
        "continue",
        "scolarite",
        "service",
        "pole",
        "centre",
        "concertation",
        "participation",
    ];
    let Some((local, host)) = address.trim().rsplit_once('@') else { return false };
    let (local, host) = (local.to_lowercase(), host.to_lowercase());
    let words: Vec<&str> =
        local.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| OF_A_SERVICE.contains(word)) {
        return false;
    }
    let first_and_last_name = local.contains('.') && words.len() == 2;
    first_and_last_name || PRIVATE.contains(&host.as_str()) && words.len() > 1
}

/// How long ago somebody confirmed that an offer is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Not long ago.
    Fresh,
    /// Too long ago.
    Stale {
        /// The day on which it was confirmed.
        since: Day,
    },
    /// Nobody ever did.
    Never,
}

impl Freshness {
    /// The freshness of an offer by the day that stands in it.
    pub fn of(row: &Row, now: impl Into<Now>) -> Self {
        let now = now.into();
        match Day::last_of(row.text("verifie_le")) {
            None => Self::Never,
            Some(since) if since < now.today.months_before(now.stale_after_months) => {
                Self::Stale { since }
            }
            Some(_) => Self::Fresh,
        }
    }
}

/// How urgent it is that a pilot looks at an offer: 0 where nothing is to be done. What visitors read comes
/// before what they do not; drafts are their authors', and the archive rests.
pub fn urgency(row: &Row, now: impl Into<Now>) -> u32 {
    const MISSING: u32 = 60;
    const WAITING: u32 = 50;
    const SEEN: u32 = 2;
    let status = Status::of(row);
    if row.deleted || matches!(status, Status::Draft | Status::Archived) {
        return 0;
    }
    let missing = u32::try_from(missing(row).len()).unwrap_or(u32::MAX).saturating_mul(MISSING);
    let flagged: u32 = warnings(row, now).iter().map(|warning| warning.weight).sum();
    let unmet = qualiopi(row).iter().filter(|item| !item.met).count();
    let wrong = missing + flagged + u32::try_from(unmet).unwrap_or_default();
    match status {
        Status::ToCheck => wrong + WAITING,
        Status::ToUpdate => (wrong + WAITING) * SEEN,
        _ => wrong * SEEN,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::ids::{ColumnId, RowId};
    use crate::table::Columns;
    use crate::table::defaults::formations;

    // 2026-11-22
    const NOW: Timestamp = Timestamp(1_795_348_800_000);

    fn row(cells: &[(&str, Plain)]) -> Row {
        let cells = cells.iter().map(|(key, value)| (ColumnId::new(key).unwrap(), value.clone()));
        Row {
            id: RowId::new("r").unwrap(),
            cells: cells.collect(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }
    }

    fn item(parts: &[(&str, Plain)]) -> Plain {
        let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        Plain::Map([("a".to_owned(), Plain::Map(parts.collect()))].into())
    }

    /// An offer of which nothing is to be said.
    fn fine() -> Vec<(&'static str, Plain)> {
        vec![
            ("intitule", "Animer une réunion publique".into()),
            ("organisme", "Lisode".into()),
            ("type", "formation_courte".into()),
            ("url", "https://lisode.com".into()),
            ("etat", "publiee".into()),
            ("verifie_le", "2026-06-01".into()),
            ("entrees", "permanentes".into()),
            ("prerequis", "Aucun".into()),
            ("objectifs", "Savoir animer".into()),
            ("duree_heures", 14.0.into()),
            ("acces", "15 jours avant".into()),
            ("tarif_type", "sur_devis".into()),
            ("contact_courriel", "formation@lisode.com".into()),
            ("methodes", "Mises en situation".into()),
            ("evaluation", "Quiz".into()),
            ("accessibilite", "sur_demande".into()),
        ]
    }

    fn with(more: &[(&'static str, Plain)]) -> Row {
        let mut cells = fine();
        cells.retain(|(key, _)| !more.iter().any(|(other, _)| key == other));
        cells.extend_from_slice(more);
        row(&cells)
    }

    fn keys(row: &Row) -> Vec<&'static str> {
        warnings(row, NOW).into_iter().map(|warning| warning.key).collect()
    }

    #[test]
    fn an_offer_that_says_all_has_nothing_to_be_done() {
        let row = with(&[]);

        assert!(qualiopi(&row).iter().all(|item| item.met));
        assert_eq!(keys(&row), Vec::<&str>::new());
        assert_eq!(urgency(&row, NOW), 0);
    }

    #[test]
    fn an_empty_offer_lacks_all_nine_items_and_inconnu_is_no_answer() {
        let unknown = row(&[("accessibilite", "inconnu".into()), ("tarif_type", "inconnu".into())]);

        assert!(qualiopi(&unknown).iter().all(|item| !item.met));
    }

    #[test]
    fn own_words_that_were_not_understood_answer_too() {
        let mut row = row(&[]);
        row.said.insert(ColumnId::new("tarifs").unwrap(), "225 euros par jour par centre".into());

        let met: Vec<&str> =
            qualiopi(&row).iter().filter(|item| item.met).map(|item| item.key).collect();
        assert_eq!(met, ["prices"]);
    }

    #[test]
    fn each_thing_that_seems_wrong_is_said_and_where() {
        let cases: [(&str, &[(&'static str, Plain)]); 9] = [
            ("certification-expired", &[("date_echeance", "2026-08".into())]),
            (
                "sessions-past",
                &[("entrees", Plain::Null), ("sessions", item(&[("debut", "2022-10-04".into())]))],
            ),
            ("stale", &[("verifie_le", "2025-11-21".into())]),
            ("personal-email", &[("contact_courriel", "lea.martin@lisode.com".into())]),
            ("never-checked", &[("verifie_le", Plain::Null)]),
            ("no-session", &[("entrees", "dates_fixes".into())]),
            ("hours-a-day", &[("duree_jours", 1.5.into())]),
            (
                "price-without-tax",
                &[("tarifs", item(&[("montant", 1200.0.into()), ("taxe", "?".into())]))],
            ),
            ("summary-too-long", &[("resume", "é".repeat(301).into())]),
        ];

        let columns = Columns::new(formations());
        for (key, cells) in cases {
            let found = warnings(&with(cells), NOW);
            assert_eq!(found.iter().map(|it| it.key).collect::<Vec<_>>(), [key]);
            assert!(columns.get(found[0].column).is_some(), "{key}");
        }
        assert_eq!(cases.map(|(key, _)| key), Warning::KEYS, "the gravest first");
    }

    #[test]
    fn what_is_at_the_edge_is_fine() {
        for cells in [
            ("date_echeance", "2026-11".into()),
            ("verifie_le", "2025-11-22".into()),
            ("verifie_le", "2025-11".into()),
            ("duree_jours", 1.75.into()),
            ("resume", "é".repeat(300).into()),
            ("contact_courriel", "formation.continue@univ-lille.fr".into()),
            ("contact_courriel", "lisode@gmail.com".into()),
            ("tarifs", item(&[("montant", 1200.0.into()), ("taxe", "HT".into())])),
            ("tarifs", item(&[("montant", 0.0.into())])),
        ] {
            assert_eq!(keys(&with(std::slice::from_ref(&cells))), Vec::<&str>::new(), "{cells:?}");
        }
        let soon = [("entrees", Plain::Null), ("sessions", item(&[("debut", "2026-11".into())]))];
        let vague = [("entrees", Plain::Null), ("sessions", item(&[("texte", "à venir".into())]))];
        assert_eq!(keys(&with(&soon)), Vec::<&str>::new());
        assert_eq!(keys(&with(&vague)), Vec::<&str>::new());
    }

    #[test]
    fn a_site_decides_after_how_many_months_an_offer_is_stale() {
        let row = with(&[("verifie_le", "2026-06-01".into())]);

        assert_eq!(Freshness::of(&row, Now::of(NOW, 6)), Freshness::Fresh);
        let stale = Freshness::of(&row, Now::of(NOW, 5));
        assert_eq!(stale, Freshness::Stale { since: Day::first_of("2026-06-01").unwrap() });
        assert_eq!(Freshness::of(&with(&[("verifie_le", "?".into())]), NOW), Freshness::Never);
    }

    #[test]
    fn what_visitors_read_is_more_urgent_and_what_rests_is_not() {
        let stale = ("verifie_le", Plain::from("2020-01-01"));
        let of = |state: &str| urgency(&with(&[stale.clone(), ("etat", state.into())]), NOW);

        assert!(of("a_mettre_a_jour") > of("publiee"));
        assert!(of("a_verifier") > of("publiee"), "an entry that waits for a pilot comes first");
        assert_eq!([of("brouillon"), of("archivee")], [0, 0]);
        let binned = Row { deleted: true, ..with(std::slice::from_ref(&stale)) };
        assert_eq!(urgency(&binned, NOW), 0);
        let nameless = with(&[("organisme", Plain::Null)]);
        assert!(urgency(&nameless, NOW) > of("publiee"), "what blocks counts for more");
    }
}
