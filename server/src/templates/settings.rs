//! Settings: the page of all of them, facts and ways of the site, texts, vocabularies.

use askama::Template;

use super::prose::Prose;
use super::{Base, HOSTILE, Page};
use crate::i18n::Locale;
use crate::site::prose::read;

/// `GET /reglages`: what can be set, and where.
#[derive(Debug, Template)]
#[template(path = "pages/settings/overview.html")]
pub struct SettingsPage {
    /// What is around it.
    pub base: Base,
    /// What is left to fill in: words and address.
    pub to_do: Vec<(String, String)>,
    /// The pages of settings.
    pub entries: Vec<Entry>,
}

/// One page of settings.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name.
    pub title: String,
    /// Its address.
    pub href: String,
    /// What it is for.
    pub what_for: String,
    /// How things stand there; empty where there is nothing to tell.
    pub state: String,
}

/// `GET /reglages/site`, and its answer to what cannot be kept.
#[derive(Debug, Template)]
#[template(path = "pages/settings/site.html")]
pub struct SitePage {
    /// What is around it.
    pub base: Base,
    /// What was done, or why nothing was.
    pub told: Option<Told>,
    /// The version that the form was filled from.
    pub version: i64,
    /// Facts about the association.
    pub facts: Vec<TextField>,
    /// What is wrong with what was typed: words and the field.
    pub wrong: Vec<(String, String)>,
    /// When members' own offers become public.
    pub publish: Vec<Ticked>,
    /// Months until an entry is stale.
    pub months: TextField,
    /// The hours of a day.
    pub hours: Vec<Ticked>,
    /// Whether visitors are offered English.
    pub english: bool,
    /// What the operator set, which is only shown.
    pub by_operator: Vec<(String, String)>,
    /// What was changed, newest first.
    pub changes: Vec<String>,
}

/// What a page says above all else.
#[derive(Debug, Clone)]
pub struct Told {
    /// In words.
    pub words: String,
    /// Whether it is bad news.
    pub is_wrong: bool,
}

impl Told {
    /// What was done.
    pub fn done(words: impl Into<String>) -> Self {
        Self { words: words.into(), is_wrong: false }
    }

    /// Why nothing was.
    pub fn wrong(words: impl Into<String>) -> Self {
        Self { words: words.into(), is_wrong: true }
    }
}

/// A field of one line.
#[derive(Debug, Clone, Default)]
pub struct TextField {
    /// Its name in the form, and its place on the page.
    pub id: String,
    /// What it asks for.
    pub label: String,
    /// What helps.
    pub help: String,
    /// `text`, `email`, `number`…
    pub kind: &'static str,
    /// What stands in it.
    pub value: String,
    /// What is wrong with that.
    pub wrong: Option<String>,
}

/// Something to choose among others.
#[derive(Debug, Clone)]
pub struct Ticked {
    /// Its word in the form.
    pub value: String,
    /// In words.
    pub label: String,
    /// What it means; empty where the label says it.
    pub help: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// `GET /reglages/textes`.
#[derive(Debug, Template)]
#[template(path = "pages/settings/texts.html")]
pub struct TextsPage {
    /// What is around it.
    pub base: Base,
    /// Group by group.
    pub groups: Vec<TextGroup>,
}

/// Texts that stand in one kind of place.
#[derive(Debug, Clone)]
pub struct TextGroup {
    /// Its name.
    pub title: String,
    /// What it is.
    pub help: String,
    /// Its texts.
    pub texts: Vec<TextLine>,
}

/// One text.
#[derive(Debug, Clone)]
pub struct TextLine {
    /// Its name.
    pub name: String,
    /// Per language: its name, the address where it is changed, whether it was and by whom.
    pub languages: Vec<(String, String, String)>,
}

/// `GET /reglages/textes/{key}`, and its answers to what was typed.
#[derive(Debug, Template)]
#[template(path = "pages/settings/text.html")]
pub struct TextPage {
    /// What is around it.
    pub base: Base,
    /// The name of the text.
    pub name: String,
    /// Where its form goes.
    pub action: String,
    /// What was done, or why nothing was.
    pub told: Option<Told>,
    /// The languages: name, address, whether it is this one.
    pub languages: Vec<(String, String, bool)>,
    /// The language of the text.
    pub language: Locale,
    /// The version that the form was filled from.
    pub version: i64,
    /// What is typed.
    pub typed: String,
    /// Lines of the field.
    pub lines: usize,
    /// What it may be.
    pub shape: Shape,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// The names in braces that may stand in it, and what each says.
    pub names: Vec<(String, String)>,
    /// How it will look, where that was asked.
    pub preview: Option<Preview>,
    /// What somebody else wrote meanwhile.
    pub theirs: Option<String>,
    /// The text of the interface.
    pub original: String,
    /// Whether it stands as it is there.
    pub is_original: bool,
    /// Whether going back to it is to be confirmed.
    pub asks_back: bool,
    /// Who changed it last, and when.
    pub changed: Option<String>,
}

/// What a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Paragraphs, titles, lists and links.
    Page,
    /// Words, in a mail.
    Words,
    /// One line.
    Line,
}

impl Shape {
    fn is_line(self) -> bool {
        self == Self::Line
    }

    fn is_words(self) -> bool {
        self == Self::Words
    }
}

/// How a text will look.
#[derive(Debug)]
pub enum Preview {
    /// On a page.
    Page(Prose),
    /// In a mail.
    Mail(String),
}

/// `GET /reglages/vocabulaires`.
#[derive(Debug, Template)]
#[template(path = "pages/settings/vocabularies.html")]
pub struct VocabulariesPage {
    /// What is around it.
    pub base: Base,
    /// One line for each column of choices.
    pub lines: Vec<VocabularyLine>,
}

/// One column of choices.
#[derive(Debug, Clone)]
pub struct VocabularyLine {
    /// Its name.
    pub label: String,
    /// Where it is worked at.
    pub href: String,
    /// Its choices in use, in words.
    pub options: String,
    /// Rows that choose one, in words.
    pub used: String,
    /// Choices that no row makes.
    pub unused: String,
    /// Its most chosen ones, with counts.
    pub most: String,
}

fn field(words: &str, wrong: bool) -> TextField {
    TextField {
        id: "contact".to_owned(),
        label: words.to_owned(),
        help: words.to_owned(),
        kind: "text",
        value: words.to_owned(),
        wrong: wrong.then(|| words.to_owned()),
    }
}

fn ticked(words: &str) -> Vec<Ticked> {
    let one = |is_chosen| Ticked {
        value: if is_chosen { "oui" } else { "non" }.to_owned(),
        label: words.to_owned(),
        help: words.to_owned(),
        is_chosen,
    };
    vec![one(true), one(false)]
}

impl Page for SettingsPage {
    fn samples() -> Vec<Self> {
        let entry = |words: &str| Entry {
            title: words.to_owned(),
            href: "/reglages/site".to_owned(),
            what_for: words.to_owned(),
            state: words.to_owned(),
        };
        let of = |words: &str| Self {
            base: Base::default(),
            to_do: vec![(words.to_owned(), "/reglages/site#contact".to_owned())],
            entries: vec![entry(words), Entry { state: String::new(), ..entry(words) }],
        };
        vec![of("Le site"), of(HOSTILE), Self { to_do: Vec::new(), ..of("Rien à faire") }]
    }
}

impl Page for SitePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, is_wrong| Self {
            base: Base::default(),
            told: Some(Told { words: words.to_owned(), is_wrong }),
            version: 3,
            facts: vec![field(words, is_wrong)],
            wrong: if is_wrong { vec![(words.into(), "contact".into())] } else { Vec::new() },
            publish: ticked(words),
            months: TextField { id: "mois".to_owned(), ..field(words, is_wrong) },
            hours: ticked(words),
            english: is_wrong,
            by_operator: vec![(words.to_owned(), words.to_owned())],
            changes: vec![words.to_owned()],
        };
        let fresh = Self { told: None, changes: Vec::new(), ..of("", false) };
        vec![of("L'association", false), of(HOSTILE, true), fresh]
    }
}

impl Page for TextsPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            groups: vec![TextGroup {
                title: words.to_owned(),
                help: words.to_owned(),
                texts: vec![TextLine {
                    name: words.to_owned(),
                    languages: vec![(words.to_owned(), "/reglages".to_owned(), words.to_owned())],
                }],
            }],
        };
        vec![of("Mentions"), of(HOSTILE)]
    }
}

impl Page for TextPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            name: words.to_owned(),
            action: "/reglages/textes/site.page.legal?langue=fr".to_owned(),
            told: Some(Told::wrong(words)),
            languages: vec![(words.to_owned(), "/reglages".to_owned(), true)],
            language: Locale::Fr,
            version: 1,
            typed: words.to_owned(),
            lines: 12,
            shape: Shape::Page,
            wrong: Some(words.to_owned()),
            names: vec![("contact".to_owned(), words.to_owned())],
            preview: Some(Preview::Page(Prose { locale: Locale::Fr, blocks: read(words, &[]) })),
            theirs: Some(words.to_owned()),
            original: words.to_owned(),
            is_original: false,
            asks_back: false,
            changed: Some(words.to_owned()),
        };
        let mail = Self {
            preview: Some(Preview::Mail(HOSTILE.to_owned())),
            shape: Shape::Line,
            told: Some(Told::done("Enregistré")),
            wrong: None,
            theirs: None,
            is_original: true,
            changed: None,
            ..of(HOSTILE)
        };
        let asks = Self { asks_back: true, told: None, preview: None, wrong: None, ..of("x") };
        vec![of("Mentions"), of(HOSTILE), mail, asks]
    }
}

impl Page for VocabulariesPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            lines: vec![VocabularyLine {
                label: words.to_owned(),
                href: "/reglages/colonnes/themes".to_owned(),
                options: words.to_owned(),
                used: words.to_owned(),
                unused: words.to_owned(),
                most: words.to_owned(),
            }],
        };
        vec![of("Thèmes"), of(HOSTILE)]
    }
}
