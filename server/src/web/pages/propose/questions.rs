//! The questions of the form: how each is asked, what stands in it, what was understood, what is wrong.

use tablee_domain::proposal::{Asked, Fault, Field, FieldError, Filled, Form, Requirement};
use tablee_domain::proposal::{FieldsOf, read::private_fields};
use tablee_domain::reading::Weight;
use tablee_domain::table::{Column, Columns, Kind, Row};

use super::folding;
use super::typed::Typed;
use super::view::{Answer, BlockView, FaultLine, FieldView, FoldView, ItemView, OptionView};
use crate::i18n::{self, Locale, t};
use crate::proposing::robots;
use crate::wording::{Words, label, one_line, words};

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
        let blocks = form.blocks.iter().map(|block| {
            let (at_hand, optional) = folding::parted(&form, block);
            let fold = |fields: &Vec<&Field<'_>>| {
                let is_shown = fields.iter().map(|field| field.column.shown).collect();
                Self::fold(is_shown, fields.iter().map(|field| self.field(field)).collect())
            };
            BlockView {
                key: block.key.as_str(),
                title: t(self.locale, &format!("propose.block.{}", block.key.as_str()), &[])
                    .into_owned(),
                fields: at_hand.into_iter().map(|field| self.field(field)).collect(),
                folds: optional.iter().map(fold).collect(),
            }
        });
        blocks.collect()
    }

    fn fold(is_shown: Vec<bool>, fields: Vec<FieldView>) -> FoldView {
        let labels = fields.iter().map(|field| field.label.as_str());
        let labels: Vec<(bool, &str)> = is_shown.into_iter().zip(labels).collect();
        FoldView {
            names: folding::names(&labels),
            is_open: fields.iter().any(folding::is_to_be_seen),
            fields,
        }
    }

    /// The faults in the order of the page, each with the name of its question.
    pub fn faults(&self) -> Vec<FaultLine> {
        let form = Form::of(self.columns);
        let parted = form.blocks.iter().map(|block| folding::parted(&form, block));
        let asked = parted.flat_map(|(at_hand, folds)| at_hand.into_iter().chain(folds.concat()));
        let asked: Vec<&str> =
            asked.map(Field::name).chain(self.private_names().concat()).collect();
        let place = |error: &&FieldError| match error.field.as_str() {
            "motif" => 0,
            field => 1 + asked.iter().position(|it| *it == field).unwrap_or(asked.len()),
        };
        let mut errors: Vec<&FieldError> = self.errors.iter().collect();
        errors.sort_by_key(place);
        let line = |error: &FieldError| FaultLine {
            at: self.target(error),
            label: self.label(&error.field),
            words: self.sentence(error),
        };
        errors.into_iter().map(line).collect()
    }

    fn target(&self, error: &FieldError) -> String {
        let items =
            Form::of(self.columns).field(&error.field).map(|it| it.asked) == Some(Asked::Items);
        if items { format!("{}-1", error.field) } else { id_of(&error.field) }
    }

    fn label(&self, field: &str) -> String {
        if let Some(column) = self.columns.get(field) {
            return label(self.locale, &column.label);
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
            label: label(self.locale, &column.label),
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
        let mut help = label(self.locale, &column.help);
        // Once is enough: the help of a column may count the letters itself.
        let most = field.most.to_string();
        let is_counted = help.split(|letter: char| !letter.is_ascii_digit()).any(|it| it == most);
        let mut say = |words: &str| {
            if !help.is_empty() {
                help.push(' ');
            }
            help.push_str(words);
        };
        if column.kind.is_text() && field.most <= 300 && !is_counted {
            say(&t(self.locale, "propose.letters", &[("n", &most)]));
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
            let label = label(self.locale, &option.label);
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
        let label = label(self.locale, &column.label);
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
            let is_wrong = self.errors.iter().any(|error| error.field == name);
            let is_kept = !column.kind.is_text() && !column.kind.has_options() && !is_wrong;
            if reading.understood.is_empty() && is_kept {
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
        let number = |n: usize| i18n::number(self.locale, n as f64);
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

    /// The last block: who sends it, and what only pilots read.
    pub fn you(&self, asks_email: bool, meant: Option<&str>) -> BlockView {
        let [at_hand, optional] = self.private_names();
        let is_asked = |name: &&str| {
            asks_email || ![private_fields::NAME, private_fields::EMAIL].contains(name)
        };
        let ask = |names: Vec<&'static str>| -> Vec<FieldView> {
            let asked = names.into_iter().filter(is_asked);
            asked.map(|name| self.private_field(name, meant)).collect()
        };
        let optional = ask(optional);
        let folds =
            (!optional.is_empty()).then(|| Self::fold(vec![false; optional.len()], optional));
        BlockView {
            key: "vous",
            title: t(self.locale, "propose.block.vous", &[]).into_owned(),
            fields: ask(at_hand),
            folds: folds.into_iter().collect(),
        }
    }

    /// The private questions at hand, and those that are folded. Whoever corrects an offer or wants it gone often has
    /// something to say beside.
    fn private_names(&self) -> [Vec<&'static str>; 2] {
        let who = [private_fields::NAME, private_fields::EMAIL];
        let beside = [private_fields::CONTACT, private_fields::REMARK];
        match self.before {
            None => [who.to_vec(), beside.to_vec()],
            Some(_) => [[beside, who].concat(), Vec::new()],
        }
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
