//! What letters say: a subject, a text part and an HTML part that say the same.
//!
//! A letter is a few blocks, made once; both parts are made of them, so that neither can tell more than the
//! other. What somebody typed stands in quotes and titles only, and never in a subject.

use askama::Template;
use serde::{Deserialize, Serialize};
use tablee_domain::people::Role;

use super::letter::{LetterKind, RowChanged, Waiting};
use crate::i18n::{Locale, is_singular, number, t};
use crate::site::Site;
use crate::templates::in_language;
use crate::web::urls::{self, PublicUrl};

/// A mail in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part, whole.
    pub html: String,
}

/// One piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// What one of several letters in a mail is about.
    Title(String),
    /// A paragraph of ours.
    Words(String),
    /// Somebody's words, line by line.
    Quote(Vec<String>),
    /// The one thing to do.
    Button {
        /// What it is called.
        label: String,
        /// The whole address.
        url: String,
    },
    /// Figures to be typed elsewhere.
    Code(String),
    /// A list, each line with an address or without.
    List(Vec<(String, Option<String>)>),
}

/// Blocks in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The language.
    pub locale: Locale,
    /// What is said.
    pub blocks: Vec<Block>,
}

#[derive(Template)]
#[template(path = "mails/blocks.html")]
struct Fragment<'s> {
    sections: &'s [Section],
}

/// What people wrote was escaped when it was rendered: the frame takes it as it stands.
impl askama::filters::HtmlSafe for Fragment<'_> {}

/// A line below the words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// What it says.
    pub words: String,
    /// What its link is called, and where it leads.
    pub link: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "mails/frame.html")]
struct Frame<'m> {
    locale: Locale,
    subject: &'m str,
    blocks: Fragment<'m>,
    footer: &'m [Below],
}

/// Where letters lead, for one reader.
#[derive(Clone, Copy)]
pub struct Pen<'u> {
    /// The address people type.
    pub public_url: &'u PublicUrl,
    /// Texts that administrators wrote; without, those of the interface.
    pub site: Option<&'u Site>,
    /// The language of the reader.
    pub locale: Locale,
}

impl Written {
    /// A letter in the language of its reader, with what stands below it.
    pub fn letter(
        (subject, mut blocks): (String, Vec<Block>),
        pen: Pen<'_>,
        footer: &[Below],
    ) -> Self {
        blocks.insert(0, Block::Words(pen.say("mails.hello")));
        let section = Section { locale: pen.locale, blocks };
        Self::of(&subject, &[section], pen.locale, footer)
    }

    /// A mail of these sections, the first language first, with what stands below them.
    pub fn of(subject: &str, sections: &[Section], locale: Locale, footer: &[Below]) -> Self {
        let subject = one_line(subject);
        let blocks = Fragment { sections };
        let html = Frame { locale, subject: &subject, blocks, footer }.render();
        let html = html.unwrap_or_else(|error| {
            // The text part says the same.
            tracing::error!(%error, "the HTML part of a mail could not be rendered");
            String::new()
        });
        let said: Vec<String> = sections.iter().map(Section::text).collect();
        let mut text = said.join("\n\n-- \n\n");
        if !footer.is_empty() {
            let lines: Vec<String> = footer.iter().map(Below::text).collect();
            text.push_str("\n\n-- \n");
            text.push_str(&lines.join("\n"));
        }
        text.push('\n');
        Self { subject, text, html }
    }
}

/// A subject is one line, whatever stands in it. Spaces that must not break stay.
pub fn one_line(words: &str) -> String {
    let ends_a_line =
        |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let words = words.split(|letter| letter == ' ' || ends_a_line(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Below {
    fn text(&self) -> String {
        match &self.link {
            Some((label, url)) if self.words.is_empty() => format!("{label}\n{url}"),
            Some((label, url)) => format!("{}\n{label}\n{url}", self.words),
            None => self.words.clone(),
        }
    }
}

impl Section {
    fn text(&self) -> String {
        let blocks: Vec<String> = self.blocks.iter().map(Block::text).collect();
        blocks.join("\n\n")
    }
}

impl Block {
    /// Words that somebody typed: their lines, without those that are blank at the ends.
    fn quote(words: &str) -> Self {
        Self::Quote(words.trim().lines().map(|line| line.trim_end().to_owned()).collect())
    }

    fn text(&self) -> String {
        match self {
            Self::Title(words) | Self::Words(words) | Self::Code(words) => words.clone(),
            Self::Quote(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| format!("> {line}")).collect();
                lines.join("\n")
            }
            Self::Button { label, url } => format!("{label}\n{url}"),
            Self::List(lines) => {
                let line = |(words, url): &(String, Option<String>)| match url {
                    Some(url) => format!("- {words}\n  {url}"),
                    None => format!("- {words}"),
                };
                lines.iter().map(line).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

impl Pen<'_> {
    /// A text of ours.
    pub fn say(self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// The same with arguments.
    pub fn fill(self, key: &str, args: &[(&str, &str)]) -> String {
        match self.site {
            Some(site) => site.text_with(key, self.locale, args),
            None => t(self.locale, key, args).into_owned(),
        }
    }

    /// The same for a number of things.
    fn count(self, key: &str, n: usize, args: &[(&str, &str)]) -> String {
        let form = if is_singular(self.locale, n) { "one" } else { "other" };
        let n = number(self.locale, n as f64);
        let mut all = vec![("n", n.as_str())];
        all.extend_from_slice(args);
        self.fill(&format!("{key}.{form}"), &all)
    }

    fn words(self, key: &str, args: &[(&str, &str)]) -> Block {
        Block::Words(self.fill(key, args))
    }

    /// A page of ours in the language of the reader.
    pub fn url(self, path: &str) -> String {
        self.public_url.join(&in_language(self.locale, path))
    }

    fn button(self, key: &str, path: &str) -> Block {
        Block::Button { label: self.say(key), url: self.url(path) }
    }

    fn list<'l>(self, lines: impl IntoIterator<Item = (String, Option<&'l str>)>) -> Block {
        let line = |(words, path): (String, Option<&str>)| {
            (one_line(&words), path.map(|path| self.url(path)))
        };
        Block::List(lines.into_iter().map(line).collect())
    }

    /// The subject of a letter, and what it says.
    pub fn write(self, kind: &LetterKind) -> (String, Vec<Block>) {
        match kind {
            LetterKind::ConfirmProposal { .. }
            | LetterKind::Received { .. }
            | LetterKind::Question { .. }
            | LetterKind::FollowLinks { .. } => self.on_the_way(kind),
            LetterKind::Accepted { .. }
            | LetterKind::Published { .. }
            | LetterKind::Removed { .. }
            | LetterKind::Refused { .. } => self.decided(kind),
            LetterKind::Invitation { link, hours } => self.invitation(link, *hours),
            LetterKind::Welcome { role, address } => self.welcome(*role, address),
            LetterKind::RowsChanged { rows } => self.rows_changed(rows),
            LetterKind::StillRight { offers, link } => self.still_right(offers, link),
            LetterKind::Submitted { receipt, link } | LetterKind::Answered { receipt, link } => (
                self.say("mails.news.subject"),
                vec![
                    self.words("mails.news.intro", &[("receipt", receipt)]),
                    self.button("mails.digest.button", link),
                ],
            ),
            LetterKind::Digest { waiting, link } => self.digest(waiting, link),
        }
    }

    /// Before a decision.
    fn on_the_way(self, kind: &LetterKind) -> (String, Vec<Block>) {
        let subject = |key, receipt: &str| self.fill(key, &[("receipt", receipt)]);
        match kind {
            LetterKind::ConfirmProposal { link, receipt } => (
                subject("mails.confirm.subject", receipt),
                vec![
                    self.words("mails.confirm.intro", &[]),
                    self.button("mails.confirm.button", link),
                    self.words("mails.confirm.after", &[("receipt", receipt)]),
                    self.words("mails.confirm.not_you", &[]),
                ],
            ),
            LetterKind::Received { receipt, link } => (
                subject("mails.received.subject", receipt),
                vec![
                    self.words("mails.received.intro", &[]),
                    self.button("mails.received.button", link),
                    self.words("mails.received.keep", &[("receipt", receipt)]),
                ],
            ),
            LetterKind::Question { receipt, link, words } => (
                subject("mails.question.subject", receipt),
                vec![
                    self.words("mails.question.intro", &[("receipt", receipt)]),
                    Block::quote(words),
                    self.button("mails.question.button", link),
                    self.words("mails.question.after", &[]),
                ],
            ),
            LetterKind::FollowLinks { proposals } => (
                self.say("mails.links.subject"),
                vec![
                    self.words("mails.links.intro", &[]),
                    self.list(proposals.iter().map(|(receipt, link)| {
                        let words = self.fill("mails.links.item", &[("receipt", receipt)]);
                        (words, Some(link.as_str()))
                    })),
                    self.words("mails.links.not_you", &[]),
                ],
            ),
            _ => unreachable!("only called for these"),
        }
    }

    fn invitation(self, link: &str, hours: usize) -> (String, Vec<Block>) {
        let hours = number(self.locale, hours as f64);
        (
            self.say("mails.invitation.subject"),
            vec![
                self.words("mails.invitation.intro", &[]),
                self.button("mails.invitation.button", link),
                self.words("mails.invitation.after", &[("hours", &hours)]),
                self.words("mails.invitation.not_you", &[]),
            ],
        )
    }

    fn welcome(self, role: Role, address: &str) -> (String, Vec<Block>) {
        let settings = self.site.map(Site::get).unwrap_or_default();
        let name = self.say("site.name");
        let site = if settings.association.is_empty() { &name } else { &settings.association };
        let may = match role {
            Role::Member => "mails.welcome.member",
            Role::Pilot => "mails.welcome.pilot",
            Role::Admin => "mails.welcome.admin",
        };
        let mut blocks = vec![
            self.words("mails.welcome.intro", &[("site", site)]),
            self.words(may, &[]),
            self.words("mails.welcome.how", &[("address", address)]),
            self.button("mails.welcome.button", urls::SIGN_IN),
            self.words("mails.welcome.not_you", &[]),
        ];
        if !settings.contact.is_empty() {
            blocks.push(self.words("mails.welcome.contact", &[("contact", &settings.contact)]));
        }
        (self.say("mails.welcome.subject"), blocks)
    }

    /// After a decision.
    fn decided(self, kind: &LetterKind) -> (String, Vec<Block>) {
        let subject = |key, receipt: &str| self.fill(key, &[("receipt", receipt)]);
        let told = |key, receipt: &str, title: &str| {
            let title = one_line(title);
            self.words(key, &[("receipt", receipt), ("title", &title)])
        };
        match kind {
            LetterKind::Accepted { receipt, title, offer, retouched } => {
                let mut blocks = vec![told("mails.accepted.intro", receipt, title)];
                blocks.extend(retouched.then(|| self.words("mails.accepted.retouched", &[])));
                blocks.push(match offer {
                    Some(offer) => self.button("mails.offer_button", offer),
                    None => self.words("mails.accepted.later", &[]),
                });
                blocks.push(self.words("mails.thanks", &[]));
                (subject("mails.accepted.subject", receipt), blocks)
            }
            LetterKind::Published { receipt, title, offer } => (
                subject("mails.published.subject", receipt),
                vec![
                    told("mails.published.intro", receipt, title),
                    self.button("mails.offer_button", offer),
                    self.words("mails.thanks", &[]),
                ],
            ),
            LetterKind::Removed { receipt, title } => (
                subject("mails.removed.subject", receipt),
                vec![told("mails.removed.intro", receipt, title), self.words("mails.thanks", &[])],
            ),
            LetterKind::Refused { receipt, reason, words } => {
                let mut blocks = vec![
                    self.words("mails.refused.intro", &[("receipt", receipt)]),
                    Block::quote(reason),
                ];
                if !words.trim().is_empty() {
                    blocks.push(self.words("mails.refused.more", &[]));
                    blocks.push(Block::quote(words));
                }
                blocks.push(self.words("mails.refused.after", &[]));
                (subject("mails.refused.subject", receipt), blocks)
            }
            _ => unreachable!("only called for these"),
        }
    }

    fn rows_changed(self, rows: &[RowChanged]) -> (String, Vec<Block>) {
        let lines = rows.iter().map(|row| {
            let args = [("title", row.title.as_str()), ("name", row.by.as_str())];
            let words = self.count("mails.rows_changed.item", row.cells, &args);
            (words, Some(row.link.as_str()))
        });
        let blocks = vec![
            self.words("mails.rows_changed.intro", &[]),
            self.list(lines),
            self.words("mails.rows_changed.after", &[]),
        ];
        (self.count("mails.rows_changed.subject", rows.len(), &[]), blocks)
    }

    fn still_right(self, offers: &[(String, String)], link: &str) -> (String, Vec<Block>) {
        let blocks = vec![
            self.words("mails.still_right.intro", &[]),
            self.list(offers.iter().map(|(title, page)| (title.clone(), Some(page.as_str())))),
            self.button("mails.still_right.button", link),
            self.words("mails.thanks", &[]),
        ];
        (self.count("mails.still_right.subject", offers.len(), &[]), blocks)
    }

    fn digest(self, waiting: &[(Waiting, usize)], link: &str) -> (String, Vec<Block>) {
        let all = waiting.iter().map(|(_, many)| many).sum();
        let lines = waiting.iter().map(|(what, many)| {
            let key = match what {
                Waiting::Received => "mails.digest.received",
                Waiting::Taken => "mails.digest.taken",
                Waiting::Suggestions => "mails.digest.suggestions",
                Waiting::ToCheck => "mails.digest.to_check",
                Waiting::ToUpdate => "mails.digest.to_update",
            };
            (self.count(key, *many, &[]), None)
        });
        let blocks = vec![
            self.words("mails.digest.intro", &[]),
            self.list(lines),
            self.button("mails.digest.button", link),
        ];
        (self.count("mails.digest.subject", all, &[]), blocks)
    }
}

#[cfg(test)]
#[path = "writing_tests.rs"]
mod tests;
