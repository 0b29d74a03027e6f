//! The import before and after its plan: the form, the wait, the refusal, the question, the report.

use askama::Template;

use super::import_plan::Frame;
use super::{Base, HOSTILE, Page};
use crate::i18n::Locale;

/// The form that sends a file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Bytes of the largest file, for the script.
    pub max_bytes: u64,
    /// What is taken, in a sentence.
    pub limits: String,
    /// How often, in a sentence.
    pub rate: String,
    /// What is said of a file that is too large before it is sent.
    pub too_large: String,
    /// What was wrong with the last one.
    pub wrong: Option<String>,
}

/// `GET /import`.
#[derive(Debug, Template)]
#[template(path = "pages/import.html")]
pub struct ImportPage {
    /// What is around it.
    pub base: Base,
    /// The form.
    pub upload: Upload,
    /// Files on their way.
    pub open: Vec<OpenPlan>,
    /// Files that are in the table.
    pub done: Vec<PastImport>,
    /// How many more there are.
    pub older: Option<String>,
}

/// A file on its way.
#[derive(Debug)]
pub struct OpenPlan {
    /// Its page.
    pub href: String,
    /// Its name.
    pub file: String,
    /// Who and when.
    pub by: String,
    /// How far it is.
    pub state: String,
}

/// A file that is in the table.
#[derive(Debug)]
pub struct PastImport {
    /// The number of the import.
    pub number: i64,
    /// Number and name.
    pub title: String,
    /// Who and when.
    pub by: String,
    /// What was done; nothing where it did not come to its end.
    pub counts: Vec<String>,
    /// Its report's page.
    pub report: Option<String>,
    /// Its report as a file.
    pub xlsx: Option<String>,
    /// Its changes in history.
    pub history: String,
}

/// `GET /import/{plan}` while the program works on it.
#[derive(Debug, Template)]
#[template(path = "pages/import_wait.html")]
pub struct WaitPage {
    /// What is around it.
    pub base: Base,
    /// What goes on.
    pub title: String,
    /// The name of the file.
    pub file: String,
    /// What that means for whoever waits.
    pub text: String,
    /// Where the script asks.
    pub state_href: String,
    /// This page.
    pub page_href: String,
    /// The word of the state: when it changes, the wait is over.
    pub word: &'static str,
    /// Rows that are written.
    pub done: i64,
    /// Rows that will be; 0 where nobody knows.
    pub total: i64,
    /// How far it is, in words.
    pub told: String,
    /// Where the form leads that gives it up.
    pub drop: Option<String>,
}

/// `GET /import/{plan}` of a file that was not read.
#[derive(Debug, Template)]
#[template(path = "pages/import_refused.html")]
pub struct RefusedPage {
    /// What is around it.
    pub base: Base,
    /// The name of the file.
    pub file: String,
    /// Why, in a sentence.
    pub why: String,
    /// What helps, where that does not say it.
    pub help: Option<String>,
    /// The form for another file.
    pub upload: Upload,
}

/// `GET /import/{plan}` of a plan that was given up, or that broke off.
#[derive(Debug, Template)]
#[template(path = "pages/import_closed.html")]
pub struct ClosedPage {
    /// What is around it.
    pub base: Base,
    /// What became of it.
    pub title: String,
    /// The name of the file.
    pub file: String,
    /// What to do.
    pub text: String,
    /// The import that can be taken back.
    pub import: Option<i64>,
}

/// `GET /import/{plan}` before it is applied: what exactly would be written.
#[derive(Debug, Template)]
#[template(path = "pages/import_confirm.html")]
pub struct ConfirmPage {
    /// What is around it.
    pub base: Base,
    /// Steps and notices.
    pub frame: Frame,
    /// Which file.
    pub intro: String,
    /// What would be written.
    pub counts: Vec<String>,
    /// What would not.
    pub left: String,
    /// Whether it can be applied.
    pub is_ready: bool,
    /// Where the form leads.
    pub action: String,
    /// The plan.
    pub back: String,
}

/// `GET /import/{plan}` of a file that is in the table.
#[derive(Debug, Template)]
#[template(path = "pages/import_report.html")]
pub struct ReportPage {
    /// What is around it.
    pub base: Base,
    /// Which file, and when.
    pub intro: String,
    /// By whom.
    pub by: String,
    /// What was done.
    pub counts: Vec<String>,
    /// Cells that were left alone since somebody wrote there.
    pub conflicts: Vec<String>,
    /// How many more of them.
    pub more: Option<String>,
    /// The number of the import.
    pub number: i64,
    /// The report as a file.
    pub xlsx: Option<String>,
    /// The changes in history.
    pub history: String,
}

impl Upload {
    fn sample(words: &str, wrong: Option<&str>) -> Self {
        Self {
            max_bytes: 20 << 20,
            limits: words.to_owned(),
            rate: words.to_owned(),
            too_large: words.to_owned(),
            wrong: wrong.map(str::to_owned),
        }
    }
}

impl Page for ImportPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| Self {
            base: Base { locale, ..Base::default() },
            upload: Upload::sample(words, Some(words)),
            open: vec![OpenPlan {
                href: "/import/p1".to_owned(),
                file: words.to_owned(),
                by: words.to_owned(),
                state: words.to_owned(),
            }],
            done: vec![
                PastImport {
                    number: 2,
                    title: words.to_owned(),
                    by: words.to_owned(),
                    counts: vec![words.to_owned()],
                    report: Some("/import/p2".to_owned()),
                    xlsx: Some("/import/p2/rapport.xlsx".to_owned()),
                    history: "/historique?import=2".to_owned(),
                },
                PastImport {
                    number: 1,
                    title: words.to_owned(),
                    by: words.to_owned(),
                    counts: vec![],
                    report: None,
                    xlsx: None,
                    history: "/historique?import=1".to_owned(),
                },
            ],
            older: Some(words.to_owned()),
        };
        let empty = Self {
            upload: Upload::sample("20 Mo", None),
            open: vec![],
            done: vec![],
            ..of("eau", Locale::Fr)
        };
        vec![of("inventaire.xlsx", Locale::Fr), of(HOSTILE, Locale::En), empty]
    }
}

impl Page for WaitPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, total| Self {
            base: Base::default(),
            title: words.to_owned(),
            file: words.to_owned(),
            text: words.to_owned(),
            state_href: "/import/p1/etat".to_owned(),
            page_href: "/import/p1".to_owned(),
            word: "reading",
            done: total / 2,
            total,
            told: words.to_owned(),
            drop: (total == 0).then(|| "/import/p1/abandonner".to_owned()),
        };
        vec![of("Lecture", 0), of(HOSTILE, 200)]
    }
}

impl Page for RefusedPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            file: words.to_owned(),
            why: words.to_owned(),
            help: Some(words.to_owned()),
            upload: Upload::sample(words, None),
        };
        vec![of("Le fichier est vide."), of(HOSTILE)]
    }
}

impl Page for ClosedPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, import| Self {
            base: Base::default(),
            title: words.to_owned(),
            file: words.to_owned(),
            text: words.to_owned(),
            import,
        };
        vec![of("Import abandonné", None), of(HOSTILE, Some(3))]
    }
}

impl Page for ConfirmPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            frame: Frame::sample(words),
            intro: words.to_owned(),
            counts: vec![words.to_owned()],
            left: words.to_owned(),
            is_ready: true,
            action: "/import/p1/appliquer".to_owned(),
            back: "/import/p1?etape=plan".to_owned(),
        };
        let nothing = Self { counts: vec![], left: String::new(), is_ready: false, ..of("rien") };
        vec![of("3 lignes ajoutées"), of(HOSTILE), nothing]
    }
}

impl Page for ReportPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            intro: words.to_owned(),
            by: words.to_owned(),
            counts: vec![words.to_owned()],
            conflicts: vec![words.to_owned()],
            more: Some(words.to_owned()),
            number: 4,
            xlsx: Some("/import/p1/rapport.xlsx".to_owned()),
            history: "/historique?import=4".to_owned(),
        };
        let calm = Self { conflicts: vec![], more: None, xlsx: None, ..of("rien") };
        vec![of("3 lignes ajoutées"), of(HOSTILE), calm]
    }
}
