//! The page of the form, as its template shows it.

use askama::Template;
use tablee_domain::proposal::read::private_fields;
use tablee_domain::proposal::{Fault, FieldError, fill};
use tablee_domain::table::{Columns, Row};

use super::questions::Questions;
use super::typed::Typed;
use crate::i18n::{t, tn};
use crate::proposing::alike::Near;
use crate::proposing::robots;
use crate::templates::{Base, HOSTILE, Page};
use crate::web::urls;

/// `GET` and `POST /proposer`, and the form of a proposal that nobody has taken yet.
#[derive(Debug, Template, Default)]
#[template(path = "pages/propose.html")]
pub struct FormPage {
    /// What is around it.
    pub base: Base,
    /// Where it is sent.
    pub action: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub intro: String,
    /// The words of the button that sends it.
    pub send: String,
    /// The offer that it is about.
    pub offer: Option<OfferHere>,
    /// What is wrong, in all.
    pub faults_title: String,
    /// What is wrong.
    pub faults: Vec<FaultLine>,
    /// What else is to be said, the most important first.
    pub notices: Vec<Notice>,
    /// Whether visitors are told that they could sign in.
    pub offers_sign_in: bool,
    /// Where the script asks for similar offers.
    pub look_up: Option<String>,
    /// What the asking device calls this proposal.
    pub key: String,
    /// Work for the sender's machine.
    pub riddle: Option<String>,
    /// How much of it.
    pub zeros: u32,
    /// Fields that nobody sees.
    pub hidden: Vec<(&'static str, String)>,
    /// Similar offers, in words.
    pub near_title: String,
    /// Similar offers.
    pub near: Vec<NearOffer>,
    /// Whether they are what the page came back for.
    pub near_first: bool,
    /// Why an offer should go.
    pub removal: Option<Removal>,
    /// The questions.
    pub blocks: Vec<BlockView>,
    /// Who sends it, and what only pilots read.
    pub you: BlockView,
    /// The field that no person fills.
    pub trap: &'static str,
    /// What stands in it.
    pub trapped: String,
    /// The licence.
    pub licence: Licence,
}

/// The offer that a correction is about.
#[derive(Debug, Clone)]
pub struct OfferHere {
    /// Its title.
    pub title: String,
    /// Who gives it.
    pub provider: String,
    /// Its page, where everybody sees it.
    pub href: Option<String>,
}

/// One line of what is wrong.
#[derive(Debug, Clone)]
pub struct FaultLine {
    /// The field.
    pub at: String,
    /// Its name.
    pub label: String,
    /// What is wrong.
    pub words: String,
}

/// Something that is said above the form.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it is about.
    pub title: Option<String>,
    /// One sentence or two.
    pub words: String,
    /// Nothing went wrong.
    pub is_calm: bool,
    /// It is where the reader is put.
    pub is_first: bool,
}

/// An offer that resembles what was typed.
#[derive(Debug, Clone)]
pub struct NearOffer {
    /// Which.
    pub row: String,
    /// Its title.
    pub title: String,
    /// Who gives it.
    pub provider: String,
    /// Its page, where everybody sees it.
    pub href: Option<String>,
    /// In what it resembles.
    pub why: String,
}

/// Why an offer should go.
#[derive(Debug, Clone)]
pub struct Removal {
    /// The reasons.
    pub options: Vec<OptionView>,
    /// Words beside.
    pub words: String,
    /// What is wrong.
    pub error: Option<String>,
}

/// The licence.
#[derive(Debug, Clone, Default)]
pub struct Licence {
    /// Accepted.
    pub is_ticked: bool,
    /// What is wrong.
    pub error: Option<String>,
}

/// Questions that belong together.
#[derive(Debug, Clone, Default)]
pub struct BlockView {
    /// Its word.
    pub key: &'static str,
    /// Its title.
    pub title: String,
    /// The questions at hand.
    pub fields: Vec<FieldView>,
    /// Those that nobody has to answer.
    pub folds: Vec<FoldView>,
}

/// Optional questions behind a line that names them.
#[derive(Debug, Clone)]
pub struct FoldView {
    /// Some of them by their names.
    pub names: String,
    /// Something in it is to be seen.
    pub is_open: bool,
    /// Its questions.
    pub fields: Vec<FieldView>,
}

/// One question.
#[derive(Debug, Clone, Default)]
pub struct FieldView {
    /// Its name in the form: the id of its column.
    pub name: String,
    /// What its label is for.
    pub id: String,
    /// What it holds, by its word: the script reads along with whoever types.
    pub kind: &'static str,
    /// What people read.
    pub label: String,
    /// That it must be answered, in words.
    pub needed: Option<String>,
    /// Whether it must always be answered.
    pub is_required: bool,
    /// What to write.
    pub help: String,
    /// How it is asked, and what stands in it.
    pub asked: Answer,
    /// When it is asked, as JSON.
    pub rule: Option<String>,
    /// The type of its input.
    pub input: &'static str,
    /// What browsers may fill in.
    pub autocomplete: &'static str,
    /// Which keys a telephone shows.
    pub mode: Option<&'static str>,
    /// How high it is.
    pub rows: usize,
    /// The elements that describe it.
    pub described: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// What was understood.
    pub reading: Vec<String>,
    /// What else is to be said.
    pub notes: Vec<String>,
    /// The number of the next item.
    pub next: usize,
    /// The words of the button that adds an item.
    pub add: String,
}

/// How a question is asked, and what stands in it.
#[derive(Debug, Clone)]
pub enum Answer {
    /// One line.
    Line(String),
    /// Several lines.
    Lines(String),
    /// One of some options.
    One(Vec<OptionView>),
    /// Some of some options.
    Some(Vec<OptionView>),
    /// One line for each item.
    Items(Vec<ItemView>),
}

impl Default for Answer {
    fn default() -> Self {
        Self::Line(String::new())
    }
}

/// One option.
#[derive(Debug, Clone)]
pub struct OptionView {
    /// Its id.
    pub value: String,
    /// What people read.
    pub label: String,
    /// It is chosen.
    pub is_chosen: bool,
}

/// One item of a list.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// Its place, from one.
    pub n: usize,
    /// What stands in it.
    pub value: String,
    /// Its name for who does not see it.
    pub label: String,
    /// It was just added.
    pub is_new: bool,
}

/// Similar offers, as the page shows them.
pub fn near_offers(base: &Base, near: &[Near]) -> (String, Vec<NearOffer>) {
    let views = near.iter().map(|near| NearOffer {
        row: near.row.to_string(),
        title: near.title.clone(),
        provider: near.provider.clone(),
        href: near.href.as_ref().map(|href| base.link(href)),
        why: near
            .why
            .iter()
            .map(|why| t(base.locale, &format!("import.likeness.{}", why.key()), &[]).into_owned())
            .collect::<Vec<_>>()
            .join(", "),
    });
    (tn(base.locale, "propose.near.title", near.len(), &[]), views.collect())
}

/// What stands in the form of a row.
pub fn opening(columns: &Columns, row: &Row) -> Typed {
    Typed::from(fill(columns, row))
}

impl Page for FormPage {
    #[expect(clippy::too_many_lines, reason = "a sample fills each field of its page")]
    fn samples() -> Vec<Self> {
        let columns = Columns::new(tablee_domain::table::defaults::formations());
        let page = |typed: &Typed, errors: &[FieldError]| {
            let base = Base::default();
            let questions = Questions {
                locale: base.locale,
                columns: &columns,
                typed,
                read: None,
                before: None,
                now: None,
                errors,
                left: &[],
                added: Some("sessions"),
            };
            Self {
                action: urls::PROPOSE.to_owned(),
                title: t(base.locale, "propose.title", &[]).into_owned(),
                intro: t(base.locale, "propose.intro", &[]).into_owned(),
                send: t(base.locale, "propose.button.send", &[]).into_owned(),
                faults_title: tn(base.locale, "propose.faults.title", errors.len(), &[]),
                faults: questions.faults(),
                blocks: questions.blocks(),
                you: questions.you(true, None),
                trap: robots::TRAP,
                offers_sign_in: true,
                hidden: vec![("cle", "0af3".to_owned())],
                base,
                ..Self::default()
            }
        };
        let plain = page(&Typed::default(), &[]);
        let names =
            ["intitule", "organisme", "resume", "sessions", "sessions", private_fields::REMARK];
        let hostile = Typed::from(names.map(|name| (name.to_owned(), HOSTILE.to_owned())).to_vec());
        let errors = ["themes", "sessions", private_fields::EMAIL].map(|field| FieldError {
            field: field.to_owned(),
            fault: Fault::Missing,
            words: String::new(),
        });
        let wrong = page(&hostile, &errors);
        let removal = Self {
            offer: Some(OfferHere {
                title: HOSTILE.to_owned(),
                provider: HOSTILE.to_owned(),
                href: None,
            }),
            removal: Some(Removal {
                options: vec![OptionView {
                    value: "closed".to_owned(),
                    label: HOSTILE.to_owned(),
                    is_chosen: true,
                }],
                words: HOSTILE.to_owned(),
                error: Some(HOSTILE.to_owned()),
            }),
            near: vec![NearOffer {
                row: "r1".to_owned(),
                title: HOSTILE.to_owned(),
                provider: HOSTILE.to_owned(),
                href: Some("/formations/x-r1".to_owned()),
                why: HOSTILE.to_owned(),
            }],
            notices: vec![Notice {
                title: None,
                words: HOSTILE.to_owned(),
                is_calm: true,
                is_first: true,
            }],
            blocks: Vec::new(),
            ..page(&hostile, &[])
        };
        vec![plain, wrong, removal]
    }
}
