//! The page of the form: questions with what stands in them, what was understood, what is wrong.

use askama::Template;
use tablee_domain::proposal::{Asked, Fault, Field, FieldError, Filled, Form, Requirement, fill};
use tablee_domain::proposal::{FieldsOf, read::private_fields};
use tablee_domain::reading::Weight;
use tablee_domain::table::{Column, Columns, Kind, Row};

use super::typed::Typed;
use crate::i18n::{Locale, t, tn};
use crate::proposing::alike::Near;
use crate::proposing::robots;
use crate::templates::{Base, HOSTILE, Page};
use crate::web::urls;
use crate::wording::{Words, one_line, words};

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
    /// What only pilots read.
    pub private: Vec<FieldView>,
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
#[derive(Debug, Clone)]
pub struct BlockView {
    /// Its word.
    pub key: &'static str,
    /// Its title.
    pub title: String,
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

/// What the questions are made from.
pub struct Questions<'a> {
    /// The language.
    pub locale: Locale,
    /// The columns that may be seen and written.
    pub columns: &'a Columns,
    /// What was typed, or what stands in the row.
    pub typed: &'a Typed,
    /// What was understood of it, where that is shown.
    pub read: Option<&'a Filled>,
    /// The row as it was when the form opened.
    pub before: Option<&'a Row>,
    /// The same row now, where it moved meanwhile.
    pub now: Option<&'a Row>,
    /// What is wrong.
    pub errors: &'a [FieldError],
    /// What was typed and could not be carried over, by column.
    pub left: &'a [(String, String)],
    /// The question to which a line was added.
    pub added: Option<&'a str>,
}

impl Questions<'_> {
    /// The blocks of the form.
    pub fn blocks(&self) -> Vec<BlockView> {
        let form = Form::of(self.columns);
        let blocks = form.blocks.iter().map(|block| BlockView {
            key: block.key.as_str(),
            title: t(self.locale, &format!("propose.block.{}", block.key.as_str()), &[])
                .into_owned(),
            fields: block.fields.iter().map(|field| self.field(field)).collect(),
        });
        blocks.collect()
    }

    /// The faults in the order of the page, each with the name of its question.
    pub fn faults(&self) -> Vec<FaultLine> {
        let line = |error: &FieldError| FaultLine {
            at: self.target(error),
            label: self.label(&error.field),
            words: self.sentence(error),
        };
        self.errors.iter().map(line).collect()
    }

    fn target(&self, error: &FieldError) -> String {
        let items =
            Form::of(self.columns).field(&error.field).map(|it| it.asked) == Some(Asked::Items);
        if items { format!("{}-1", error.field) } else { id_of(&error.field) }
    }

    fn label(&self, field: &str) -> String {
        if let Some(column) = self.columns.get(field) {
            return one_line(self.locale.label(&column.label));
        }
        let key = private_key(field).unwrap_or("licence_short");
        t(self.locale, &format!("propose.private.{key}"), &[]).into_owned()
    }

    fn field(&self, field: &Field<'_>) -> FieldView {
        let name = field.name();
        let column = field.column;
        let error = self.errors.iter().find(|error| error.field == name);
        let error = error.map(|error| self.sentence(error));
        let reading = self.reading(column);
        let answer = self.answer(field);
        let help = self.help(field);
        let mut view = FieldView {
            name: name.to_owned(),
            id: id_of(name),
            label: one_line(self.locale.label(&column.label)),
            needed: self.needed(&field.required),
            is_required: field.required == Requirement::Always,
            rule: field.shown_if_json(),
            rows: rows(name, column.kind, &answer),
            next: items_of(&answer) + 1,
            add: self.add(column.kind),
            notes: self.notes(column),
            asked: answer,
            help,
            error,
            reading,
            ..of_kind(column.kind)
        };
        view.described = described(&view);
        view
    }

    fn needed(&self, required: &Requirement) -> Option<String> {
        let key = match required {
            Requirement::No => return None,
            Requirement::Always => "propose.needed",
            Requirement::When(_) => "propose.needed_either",
        };
        Some(t(self.locale, key, &[]).into_owned())
    }

    fn help(&self, field: &Field<'_>) -> String {
        let column = field.column;
        let mut help = one_line(self.locale.label(&column.help));
        let mut say = |words: &str| {
            if !help.is_empty() {
                help.push(' ');
            }
            help.push_str(words);
        };
        if column.kind.is_text() && field.most <= 300 {
            say(&t(self.locale, "propose.letters", &[("n", &field.most.to_string())]));
        }
        if field.shown_if.is_some() {
            say(&t(self.locale, "propose.only_if", &[]));
        }
        // Last, for it ends without a full stop: an address would take it along.
        if !field.example.is_empty() {
            say(&t(self.locale, "propose.example", &[("example", field.example)]));
        }
        help
    }

    fn answer(&self, field: &Field<'_>) -> Answer {
        let name = field.name();
        let typed = self.typed.all(name);
        let first = || typed.first().cloned().unwrap_or_default();
        match field.asked {
            Asked::Line => Answer::Line(first()),
            Asked::Lines => Answer::Lines(typed.join("\n")),
            Asked::Choice => Answer::One(self.options(field.column, &typed)),
            Asked::Choices => Answer::Some(self.options(field.column, &typed)),
            Asked::Items => Answer::Items(self.items(field.column, &typed)),
        }
    }

    /// Options on offer, and those that are chosen though they no longer are.
    fn options(&self, column: &Column, chosen: &[String]) -> Vec<OptionView> {
        let views = column.options.iter().filter_map(|option| {
            let is_chosen = chosen.iter().any(|id| id == option.id.as_str());
            let label = one_line(self.locale.label(&option.label));
            (is_chosen || !option.archived).then(|| OptionView {
                value: option.id.to_string(),
                label,
                is_chosen,
            })
        });
        views.collect()
    }

    fn items(&self, column: &Column, typed: &[String]) -> Vec<ItemView> {
        let is_added = self.added == Some(column.id.as_str());
        let mut lines = typed.to_vec();
        if lines.is_empty() {
            lines.push(String::new());
        }
        let last = lines.len();
        let label = one_line(self.locale.label(&column.label));
        let view = |(at, value): (usize, String)| ItemView {
            n: at + 1,
            label: t(
                self.locale,
                "propose.item",
                &[("label", &label), ("n", &(at + 1).to_string())],
            )
            .into_owned(),
            is_new: is_added && at + 1 == last,
            value,
        };
        lines.into_iter().enumerate().map(view).collect()
    }

    fn add(&self, kind: Kind) -> String {
        let key = match kind {
            Kind::Prices => "propose.add_prices",
            Kind::Sessions => "propose.add_sessions",
            Kind::Places => "propose.add_places",
            _ => "propose.add",
        };
        t(self.locale, key, &[]).into_owned()
    }

    /// What was understood of an answer, where that is shown: the words of texts need no echo.
    fn reading(&self, column: &Column) -> Vec<String> {
        let Some(read) = self.read else { return Vec::new() };
        let name = column.id.as_str();
        let Some(reading) = read.readings.get(name) else { return Vec::new() };
        if column.kind.has_options() {
            return Vec::new();
        }
        let told =
            read.cells.get(name).filter(|_| self.locale == Locale::En && name != "duree_texte");
        match told.and_then(|value| words(self.locale, column, value)) {
            Some(Words::List(lines)) => lines,
            Some(other) if !column.kind.is_text() => vec![other.in_one_line()],
            _ => reading.understood.clone(),
        }
    }

    fn notes(&self, column: &Column) -> Vec<String> {
        let name = column.id.as_str();
        let mut notes = Vec::new();
        if let Some(reading) = self.read.and_then(|read| read.readings.get(name)) {
            let doubts = reading.doubts.iter().filter(|doubt| doubt.why.weight() != Weight::Lost);
            notes.extend(doubts.map(|doubt| self.unread(&doubt.words, doubt.why.key())));
            if reading.understood.is_empty() && !column.kind.is_text() && !column.kind.has_options()
            {
                notes.push(t(self.locale, "propose.not_read", &[]).into_owned());
            }
        }
        let left = self.left.iter().filter(|(of, _)| of == name);
        notes.extend(left.map(|(_, words)| {
            t(self.locale, "propose.you_wrote", &[("words", words)]).into_owned()
        }));
        if let (Some(before), Some(now)) = (self.before, self.now) {
            let (then, now) = (before.cell(name), now.cell(name));
            if then != now {
                let now = words(self.locale, column, now).map(|words| words.in_one_line());
                let now = now.unwrap_or_else(|| t(self.locale, "propose.empty", &[]).into_owned());
                notes.push(t(self.locale, "propose.moved", &[("words", &now)]).into_owned());
            }
        }
        notes
    }

    fn unread(&self, words: &str, why: &str) -> String {
        let why = t(self.locale, &format!("import.why.{why}"), &[]);
        t(self.locale, "propose.fault.unread", &[("words", &one_line(words)), ("why", &why)])
            .into_owned()
    }

    /// What is wrong with an answer, in a sentence.
    fn sentence(&self, error: &FieldError) -> String {
        let number = |n: usize| n.to_string();
        let say = |key: &str, args: &[(&str, &str)]| t(self.locale, key, args).into_owned();
        match error.fault {
            Fault::Missing if error.field == private_fields::EMAIL => {
                say("propose.fault.email_needed", &[])
            }
            Fault::Missing if error.field == LICENCE => say("propose.fault.licence", &[]),
            Fault::Missing => match self.columns.get(&error.field).map(|column| column.kind) {
                Some(Kind::Choice) => say("propose.fault.missing_choice", &[]),
                Some(Kind::Choices) => say("propose.fault.missing_choices", &[]),
                _ => say("propose.fault.missing", &[]),
            },
            Fault::PageOrContact => say("propose.fault.page_or_contact", &[]),
            Fault::TooLong(most) => say("propose.fault.too_long", &[("n", &number(most))]),
            Fault::TooMany(most) => say("propose.fault.too_many", &[("n", &number(most))]),
            Fault::NotAsked => say("propose.fault.not_asked", &[]),
            Fault::Unread(why) => self.unread(&error.words, why.key()),
        }
    }

    /// What only pilots read.
    pub fn private(&self, asks_email: bool, meant: Option<&str>) -> Vec<FieldView> {
        let mut names = vec![private_fields::CONTACT, private_fields::REMARK, private_fields::NAME];
        if asks_email {
            names.push(private_fields::EMAIL);
        } else {
            names.truncate(2);
        }
        names.into_iter().map(|name| self.private_field(name, meant)).collect()
    }

    fn private_field(&self, name: &str, meant: Option<&str>) -> FieldView {
        let key = private_key(name).expect("only private fields are asked for");
        let is_email = name == private_fields::EMAIL;
        let typed = self.typed.all(name).into_iter().next().unwrap_or_default();
        let say = |key: &str| t(self.locale, key, &[]).into_owned();
        let error = self.errors.iter().find(|error| error.field == name);
        let error = error.map(|error| self.sentence(error));
        let meant = meant.filter(|_| is_email).map(|address| {
            t(self.locale, "propose.fault.address_typo", &[("address", address)]).into_owned()
        });
        let mut view = FieldView {
            name: name.to_owned(),
            id: id_of(name),
            label: say(&format!("propose.private.{key}")),
            help: say(&format!("propose.private.{key}_help")),
            needed: is_email.then(|| say("propose.needed")),
            is_required: is_email,
            asked: match name {
                private_fields::REMARK => Answer::Lines(typed),
                _ => Answer::Line(typed),
            },
            rows: 4,
            input: if is_email { "email" } else { "text" },
            autocomplete: match name {
                private_fields::EMAIL => "email",
                private_fields::NAME => "name",
                _ => "off",
            },
            mode: is_email.then_some("email"),
            error: error.or(meant),
            ..FieldView::default()
        };
        view.described = described(&view);
        view
    }
}

/// What the label of a question is for. Other parts of the page have names of their own.
fn id_of(name: &str) -> String {
    const TAKEN: [&str; 8] =
        ["contenu", "retour", "proposition", "proches", "raison", "motif", "licence", robots::TRAP];
    let is_ours = [LICENCE, "motif"].contains(&name);
    if TAKEN.contains(&name) && !is_ours { format!("champ-{name}") } else { name.to_owned() }
}

/// The name of the box that accepts the licence.
pub const LICENCE: &str = "licence";

fn private_key(field: &str) -> Option<&'static str> {
    Some(match field {
        private_fields::CONTACT => "contact_nom",
        private_fields::REMARK => "remark",
        private_fields::NAME => "name",
        private_fields::EMAIL => "email",
        _ => return None,
    })
}

fn items_of(answer: &Answer) -> usize {
    if let Answer::Items(items) = answer { items.len() } else { 0 }
}

fn rows(name: &str, kind: Kind, answer: &Answer) -> usize {
    const HIGHEST: usize = 14;
    let least = match (name, kind) {
        ("resume", _) => 3,
        (_, Kind::LongText) => 4,
        _ => 1,
    };
    let Answer::Lines(words) = answer else { return least };
    let lines = words.lines().map(|line| 1 + line.chars().count() / 80).sum::<usize>();
    lines.clamp(least, HIGHEST)
}

/// How browsers ask for a kind. Types that throw away what they do not understand are not used.
fn of_kind(kind: Kind) -> FieldView {
    let (input, mode) = match kind {
        Kind::Url => ("text", Some("url")),
        Kind::Email => ("text", Some("email")),
        Kind::Phone => ("tel", Some("tel")),
        Kind::Number | Kind::Duration => ("text", Some("decimal")),
        _ => ("text", None),
    };
    FieldView { kind: kind.as_str(), input, mode, autocomplete: "off", ..FieldView::default() }
}

fn described(view: &FieldView) -> Option<String> {
    let parts = [
        (view.error.is_some(), "erreur"),
        (!view.help.is_empty(), "aide"),
        (!view.reading.is_empty(), "lu"),
    ];
    let ids: Vec<String> = parts
        .into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, part)| format!("{}-{part}", view.name))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
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
                private: questions.private(true, None),
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
