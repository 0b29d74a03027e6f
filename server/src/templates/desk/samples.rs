//! The pages of the desk with something in them, for what is asked of every page.

use super::{
    DeskPage, Done, EntryView, EventView, FasterPage, FieldView, Head, ListLink, MergedPage,
    ProposalPage, ReasonsPage, RowPage, TwinField, TwinRow, TwinView, TwinsPage, Typed, Undo,
};
use crate::history::diff::{Fate, Piece};
use crate::i18n::Locale;
use crate::templates::{Base, HOSTILE, Page};

fn done(words: &str) -> Done {
    Done {
        words: words.to_owned(),
        undo: Some(Undo {
            action: "/atelier/proposition/3".to_owned(),
            version: "3.4".to_owned(),
            until: "Pendant dix minutes.".to_owned(),
        }),
        link: Some(("/atelier".to_owned(), words.to_owned())),
    }
}

fn pieces(words: &str) -> Vec<Piece> {
    let of = |fate| Piece { fate, words: words.to_owned() };
    vec![of(Fate::Stays), of(Fate::Gone), of(Fate::Came)]
}

fn head(words: &str) -> Head {
    Head {
        title: words.to_owned(),
        kind: words.to_owned(),
        done: Some(done(words)),
        wrong: Some(words.to_owned()),
        facts: vec![(words.to_owned(), words.to_owned())],
        presence: "/atelier/presence?sur=p3".to_owned(),
        known: "1".to_owned(),
        who: words.to_owned(),
        back: "/atelier".to_owned(),
        keys: vec![("a", words.to_owned())],
    }
}

fn twin(words: &str) -> TwinView {
    TwinView {
        title: words.to_owned(),
        why: words.to_owned(),
        href: "/atelier/doublons/a/b".to_owned(),
    }
}

impl Page for DeskPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| Self {
            base: Base { locale, ..Base::default() },
            done: Some(done(words)),
            lists: vec![ListLink {
                label: words.to_owned(),
                count: "3".to_owned(),
                href: "/atelier?quoi=nouvelles".to_owned(),
                is_here: true,
            }],
            counted: words.to_owned(),
            help: words.to_owned(),
            entries: vec![EntryView {
                id: "p3".to_owned(),
                title: words.to_owned(),
                href: "/atelier/proposition/3".to_owned(),
                kind: words.to_owned(),
                facts: vec![words.to_owned(), words.to_owned()],
                why: words.to_owned(),
                badges: vec![words.to_owned()],
                who: words.to_owned(),
            }],
            empty: (words.to_owned(), words.to_owned()),
            previous: Some("/atelier?page=1".to_owned()),
            next: Some("/atelier?page=3".to_owned()),
            where_in_pages: words.to_owned(),
            keys: vec![("j", words.to_owned())],
        };
        let calm = Self { done: None, entries: vec![], ..of("rien", Locale::Fr) };
        vec![of("Animer une réunion", Locale::Fr), of(HOSTILE, Locale::En), calm]
    }
}

impl Page for ProposalPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| {
            let field = |n, choice, can_edit| FieldView {
                n,
                key: "intitule".to_owned(),
                label: words.to_owned(),
                now: words.to_owned(),
                proposed: pieces(words),
                becomes: pieces(words),
                result: words.to_owned(),
                seen: format!("\"{}\"", words.len()),
                choice,
                doubt: (n == 1).then(|| words.to_owned()),
                can_edit,
                lines: 2,
            };
            Self {
                base: Base::default(),
                head: head(words),
                version: "3.3".to_owned(),
                action: "/atelier/proposition/3".to_owned(),
                is_open: true,
                is_taken: false,
                can_ask: true,
                is_new: false,
                fields: vec![field(0, "accepter", true), field(1, "refuser", false)],
                accepts: vec![("publier", words.to_owned(), "Enter a")],
                all: words.to_owned(),
                more: words.to_owned(),
                leaves_some: true,
                lacks: vec![words.to_owned()],
                twins: vec![twin(words)],
                thread: vec![EventView {
                    who: words.to_owned(),
                    when: words.to_owned(),
                    what: words.to_owned(),
                    words: words.to_owned(),
                    is_private: true,
                }],
                reasons: vec![(words.to_owned(), words.to_owned())],
                typed: Typed { reason: words.to_owned(), ..Typed::default() },
            }
        };
        let closed = Self { is_open: false, is_taken: true, fields: vec![], ..of("fermée") };
        let new = Self { is_new: true, is_taken: true, ..of("nouvelle") };
        vec![of("Animer une réunion"), of(HOSTILE), closed, new]
    }
}

impl Page for FasterPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            title: words.to_owned(),
            told: words.to_owned(),
            typed: vec![(words.to_owned(), words.to_owned())],
            href: "/atelier/proposition/3".to_owned(),
        };
        vec![of("Léa a accepté"), of(HOSTILE), Self { typed: vec![], ..of("rien") }]
    }
}

impl Page for RowPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            head: head(words),
            action: "/atelier/ligne/r1".to_owned(),
            seen: "a_verifier".to_owned(),
            items: vec![(words.to_owned(), true), (words.to_owned(), false)],
            told: words.to_owned(),
            warnings: vec![words.to_owned()],
            twins: vec![twin(words)],
            acts: vec![("publier", words.to_owned(), "Enter")],
            cells: vec![(words.to_owned(), words.to_owned())],
            links: vec![(words.to_owned(), "/table".to_owned())],
        };
        let calm = Self { warnings: vec![], twins: vec![], ..of("complète") };
        vec![of("Animer une réunion"), of(HOSTILE), calm]
    }
}

impl Page for TwinsPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| {
            let row = |id: &str| TwinRow {
                title: words.to_owned(),
                state: words.to_owned(),
                href: "/atelier/ligne/r1".to_owned(),
                id: id.to_owned(),
                seen: "7".to_owned(),
            };
            let field = |n, choice, both: Option<&str>| TwinField {
                n,
                key: "intitule".to_owned(),
                label: words.to_owned(),
                words: [words.to_owned(), words.to_owned()],
                both: both.map(str::to_owned),
                choice,
            };
            Self {
                base: Base::default(),
                head: head(words),
                action: "/atelier/doublons/a/b".to_owned(),
                rows: [row("a"), row("b")],
                keeps: 0,
                bins: true,
                fields: vec![field(0, "un", Some(words)), field(1, "deux", None)],
                same: words.to_owned(),
                why: words.to_owned(),
            }
        };
        vec![of("Animer une réunion"), of(HOSTILE)]
    }
}

impl Page for MergedPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            title: words.to_owned(),
            wrong: Some(words.to_owned()),
            by: words.to_owned(),
            rows: [0, 1].map(|_| (words.to_owned(), "/atelier/ligne/r1".to_owned())),
            kept: vec![words.to_owned()],
            unmerge: Some("/atelier/fusions/1".to_owned()),
            back: "/atelier".to_owned(),
        };
        vec![of("Animer une réunion"), of(HOSTILE), Self { unmerge: None, kept: vec![], ..of("x") }]
    }
}

impl Page for ReasonsPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            is_saved: true,
            wrong: Some(words.to_owned()),
            reasons: vec![(words.to_owned(), words.to_owned())],
            action: "/atelier/motifs".to_owned(),
            back: "/atelier".to_owned(),
        };
        vec![of("Hors sujet"), of(HOSTILE)]
    }
}
