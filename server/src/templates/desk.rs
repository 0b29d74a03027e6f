//! The pilots' desk: the list, a proposal, a row, two rows that may be one, saved reasons.

mod samples;

use askama::Template;

use super::Base;
use crate::history::diff::Piece;

/// What was just done, and the form that takes it back.
#[derive(Debug, Clone)]
pub struct Done {
    /// What was done, in a sentence.
    pub words: String,
    /// The way back.
    pub undo: Option<Undo>,
    /// What was made: a link and its words.
    pub link: Option<(String, String)>,
}

/// A form that undoes what was just done.
#[derive(Debug, Clone)]
pub struct Undo {
    /// Where it leads.
    pub action: String,
    /// The version of what it undoes; empty where there is none.
    pub version: String,
    /// How long there is for it; empty where it may always be done.
    pub until: String,
}

/// A list of the desk, as its link shows it.
#[derive(Debug)]
pub struct ListLink {
    /// Its name.
    pub label: String,
    /// How many entries it holds.
    pub count: String,
    /// Its address.
    pub href: String,
    /// It is the one that is shown.
    pub is_here: bool,
}

/// A key and what it does.
pub type KeyHelp = (&'static str, String);

/// `GET /atelier`.
#[derive(Debug, Template)]
#[template(path = "pages/desk.html")]
pub struct DeskPage {
    /// What is around it.
    pub base: Base,
    /// What was just done.
    pub done: Option<Done>,
    /// The lists, in the order of urgency.
    pub lists: Vec<ListLink>,
    /// How many entries there are, in words.
    pub counted: String,
    /// What the list is for.
    pub help: String,
    /// The entries of this page.
    pub entries: Vec<EntryView>,
    /// What is said where there are none, and what to do then.
    pub empty: (String, String),
    /// Where pages before and after are.
    pub previous: Option<String>,
    /// Where the page after this one is.
    pub next: Option<String>,
    /// "Page 2 sur 3"; empty where there is one.
    pub where_in_pages: String,
    /// The keys.
    pub keys: Vec<KeyHelp>,
}

/// One entry of the list.
#[derive(Debug)]
pub struct EntryView {
    /// The identifier of its element.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What it asks.
    pub kind: String,
    /// Age, author, state.
    pub facts: Vec<String>,
    /// Why it is here, where that is not plain.
    pub why: String,
    /// Its badges: completeness, duplicate.
    pub badges: Vec<String>,
    /// Who looks at it.
    pub who: String,
}

/// What the page of one thing has at its head.
#[derive(Debug)]
pub struct Head {
    /// What it is about.
    pub title: String,
    /// What it asks, and where it stands.
    pub kind: String,
    /// What was just done, or what went wrong.
    pub done: Option<Done>,
    /// What kept it from being done.
    pub wrong: Option<String>,
    /// Facts: name and words.
    pub facts: Vec<(String, String)>,
    /// Where the script asks who is there.
    pub presence: String,
    /// What the server told of that last.
    pub known: String,
    /// Who else looks at it.
    pub who: String,
    /// The list it came from.
    pub back: String,
    /// The keys.
    pub keys: Vec<KeyHelp>,
}

/// `GET /atelier/proposition/{id}`.
#[derive(Debug, Template)]
#[template(path = "pages/desk_proposal.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a page shows or not")]
pub struct ProposalPage {
    /// What is around it.
    pub base: Base,
    /// Its head.
    pub head: Head,
    /// The versions that are shown.
    pub version: String,
    /// Where the form leads.
    pub action: String,
    /// Whether it waits for a decision.
    pub is_open: bool,
    /// Whether somebody took it.
    pub is_taken: bool,
    /// Whether its author can be asked.
    pub can_ask: bool,
    /// Whether nothing stands in the table yet.
    pub is_new: bool,
    /// The fields.
    pub fields: Vec<FieldView>,
    /// What accepts it: the word of the button, what it says, and its keys.
    pub accepts: Vec<(&'static str, String, &'static str)>,
    /// What accepts all at once, in words; empty where nothing can be accepted.
    pub all: String,
    /// How much more waits that hangs together with it; empty where nothing does.
    pub more: String,
    /// Whether what is left out of it is refused by itself.
    pub leaves_some: bool,
    /// What the row would lack.
    pub lacks: Vec<String>,
    /// Rows that resemble it.
    pub twins: Vec<TwinView>,
    /// What was said and done.
    pub thread: Vec<EventView>,
    /// Saved reasons: their names, and their words.
    pub reasons: Vec<(String, String)>,
    /// What was typed and not done.
    pub typed: Typed,
}

/// What somebody typed and nothing was done of.
#[derive(Debug, Default, Clone)]
pub struct Typed {
    /// The reason of a refusal.
    pub reason: String,
    /// The question.
    pub question: String,
    /// The note.
    pub note: String,
}

/// One field of a proposal.
#[derive(Debug)]
pub struct FieldView {
    /// Its number on the page.
    pub n: usize,
    /// The key of its place.
    pub key: String,
    /// The name of its column.
    pub label: String,
    /// What stands in the table.
    pub now: String,
    /// What was proposed, compared with that.
    pub proposed: Vec<Piece>,
    /// What it would become, compared with that; empty where it is what was proposed.
    pub becomes: Vec<Piece>,
    /// The same as words that can be changed.
    pub result: String,
    /// The value in the table that this page shows, for whoever decides later.
    pub seen: String,
    /// `accepter`, `refuser` or `modifier`.
    pub choice: &'static str,
    /// What must be looked at: both changed the same words, or the cell moved.
    pub doubt: Option<String>,
    /// Whether its words can be changed here.
    pub can_edit: bool,
    /// Lines of the field in which they are.
    pub lines: usize,
}

/// A row that resembles another.
#[derive(Debug)]
pub struct TwinView {
    /// Its title.
    pub title: String,
    /// In what.
    pub why: String,
    /// The page where both stand beside each other, or the row.
    pub href: String,
}

/// What somebody said or did.
#[derive(Debug)]
pub struct EventView {
    /// Who.
    pub who: String,
    /// When.
    pub when: String,
    /// What.
    pub what: String,
    /// What they wrote.
    pub words: String,
    /// Only pilots see it.
    pub is_private: bool,
}

/// What is answered to whoever was not the first: who decided what, and what they had typed.
#[derive(Debug, Template)]
#[template(path = "pages/desk_faster.html")]
pub struct FasterPage {
    /// What is around it.
    pub base: Base,
    /// What it is about.
    pub title: String,
    /// Who decided what.
    pub told: String,
    /// What was typed: name and words.
    pub typed: Vec<(String, String)>,
    /// The thing itself.
    pub href: String,
}

/// `GET /atelier/ligne/{row}`.
#[derive(Debug, Template)]
#[template(path = "pages/desk_row.html")]
pub struct RowPage {
    /// What is around it.
    pub base: Base,
    /// Its head.
    pub head: Head,
    /// Where the form leads.
    pub action: String,
    /// The state that is shown.
    pub seen: String,
    /// The nine items: name, and whether they are there.
    pub items: Vec<(String, bool)>,
    /// "6 sur 9".
    pub told: String,
    /// What does not hold.
    pub warnings: Vec<String>,
    /// Rows that resemble it.
    pub twins: Vec<TwinView>,
    /// What can be done: the word of the button, what it says, and its key.
    pub acts: Vec<(&'static str, String, &'static str)>,
    /// What it says: names and words.
    pub cells: Vec<(String, String)>,
    /// Other places where it stands: words and address.
    pub links: Vec<(String, String)>,
}

/// `GET /atelier/doublons/{one}/{other}`.
#[derive(Debug, Template)]
#[template(path = "pages/desk_twins.html")]
pub struct TwinsPage {
    /// What is around it.
    pub base: Base,
    /// Its head.
    pub head: Head,
    /// Where the form leads.
    pub action: String,
    /// Both rows: title, state, address, identifier.
    pub rows: [TwinRow; 2],
    /// Which of them stays.
    pub keeps: usize,
    /// Whether the other goes to the bin, and not to the archive.
    pub bins: bool,
    /// The fields in which they differ.
    pub fields: Vec<TwinField>,
    /// How many say the same in both.
    pub same: String,
    /// Why they may be one.
    pub why: String,
}

/// One of two rows.
#[derive(Debug)]
pub struct TwinRow {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// Its page on the desk.
    pub href: String,
    /// Its identifier.
    pub id: String,
    /// What it says, as the page shows it.
    pub seen: String,
}

/// A field in which two rows differ.
#[derive(Debug)]
pub struct TwinField {
    /// Its number on the page.
    pub n: usize,
    /// The column.
    pub key: String,
    /// Its name.
    pub label: String,
    /// What each says.
    pub words: [String; 2],
    /// What both say together, where that makes sense.
    pub both: Option<String>,
    /// `un`, `deux` or `unis`.
    pub choice: &'static str,
}

/// `GET /atelier/fusions/{id}`.
#[derive(Debug, Template)]
#[template(path = "pages/desk_merged.html")]
pub struct MergedPage {
    /// What is around it.
    pub base: Base,
    /// What was done.
    pub title: String,
    /// Why nothing was done.
    pub wrong: Option<String>,
    /// By whom, and when.
    pub by: String,
    /// The row that stayed, and that which went: title and address.
    pub rows: [(String, String); 2],
    /// What could not be brought back.
    pub kept: Vec<String>,
    /// Where the form leads that takes it back.
    pub unmerge: Option<String>,
    /// The list.
    pub back: String,
}

/// `GET /atelier/motifs`.
#[derive(Debug, Template)]
#[template(path = "pages/desk_reasons.html")]
pub struct ReasonsPage {
    /// What is around it.
    pub base: Base,
    /// They were just kept.
    pub is_saved: bool,
    /// Why they were not.
    pub wrong: Option<String>,
    /// The reasons: names and words.
    pub reasons: Vec<(String, String)>,
    /// Where the form leads.
    pub action: String,
    /// The list.
    pub back: String,
}
