//! Private words stay private: a word that is nowhere else stands in every private place, and every door that reads is
//! opened as everybody, in search of it.
//!
//! The doors come from the router; one whose address nobody knows here stops the suite. Where somebody may read a
//! word stands in [`may_read`], and that they do is proven too: a word that nobody finds proves nothing.

use std::collections::BTreeSet;
use std::io::Read;

use tablee::mail::Mail;
use tablee::web::doors::Who;
use tablee_exchange::Limits;
use tablee_exchange::read::read;

use crate::support::{Browser, Tab, log};
use crate::walk::{World, canary};

/// All words, with what they are.
const WORDS: [&str; 11] = [
    canary::NAME,
    canary::ADDRESS,
    canary::CONTACT,
    canary::REMARK,
    canary::REMARK_OF_MEMBER,
    canary::QUESTION,
    canary::ANSWER,
    canary::NOTE,
    canary::MEMBER,
    canary::REASON,
    canary::SECRET,
];

/// Somebody at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Visitor,
    /// Whoever was given the links of the visitor's proposals.
    Holder,
    NoLongerOne,
    /// The member whose address and remark are private.
    Nour,
    OtherMember,
    Pilot,
    Admin,
}

impl Role {
    const ALL: [Self; 7] = [
        Self::Visitor,
        Self::Holder,
        Self::NoLongerOne,
        Self::Nour,
        Self::OtherMember,
        Self::Pilot,
        Self::Admin,
    ];

    fn browser(self, world: &World) -> Browser {
        match self {
            Self::Visitor | Self::Holder => world.app.visitor(),
            Self::NoLongerOne => world.roleless.clone(),
            Self::Nour => world.nour.clone(),
            Self::OtherMember => world.other_member.clone(),
            Self::Pilot => world.pilot.clone(),
            Self::Admin => world.admin.clone(),
        }
    }

    fn curates(self) -> bool {
        matches!(self, Self::Pilot | Self::Admin)
    }
}

/// Where somebody may read a word: who at which addresses.
fn may_read(word: &str, role: Role, path: &str) -> bool {
    let at_desk = role.curates() && path.starts_with("/atelier");
    let follows = role == Role::Holder
        && ["/suivi/", "/proposer/recu/", "/proposer/confirmer/"]
            .iter()
            .any(|it| path.starts_with(it));
    let among_mails = role == Role::Admin && path.starts_with("/reglages/courriels");
    match word {
        canary::ADDRESS => at_desk || follows || among_mails,
        canary::NAME | canary::CONTACT | canary::REMARK | canary::QUESTION | canary::ANSWER => {
            at_desk || follows
        }
        canary::REMARK_OF_MEMBER => {
            at_desk || (role == Role::Nour && path.starts_with("/mes-offres/propositions/"))
        }
        canary::NOTE | canary::REASON => at_desk,
        canary::MEMBER => {
            among_mails
                || (role == Role::Admin && path.starts_with("/reglages/personnes"))
                || role == Role::Nour
        }
        _ => false,
    }
}

/// The words that stand in bytes, however they are packed: as they are, in base64, in a gzip or a workbook.
///
/// They hold letters and figures only, so no address, no page and no JSON spells them otherwise.
fn words_in(bytes: &[u8]) -> Vec<&'static str> {
    let mut texts = vec![bytes.to_ascii_lowercase()];
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).expect("it is a gzip");
        texts.push(plain.to_ascii_lowercase());
    }
    if bytes.starts_with(b"PK") {
        let book = read(bytes, &Limits::default()).expect("it is a workbook");
        texts.push(format!("{book:?}").to_ascii_lowercase().into_bytes());
    }
    let holds = |text: &[u8], word: &[u8]| text.windows(word.len()).any(|window| window == word);
    let stands = |word: &&str| {
        texts.iter().any(|text| holds(text, word.as_bytes()))
            || in_base64(word).iter().any(|packed| holds(bytes, packed.as_bytes()))
    };
    WORDS.into_iter().filter(stands).collect()
}

/// What base64 makes of a word, wherever it begins among three bytes.
fn in_base64(word: &str) -> [String; 3] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|shift| {
        let mut bits = vec![0; shift * 8];
        for byte in word.bytes() {
            bits.extend((0..8).rev().map(|at| byte >> at & 1));
        }
        let letters: Vec<char> = bits
            .chunks_exact(6)
            .map(|six| {
                char::from(LETTERS[six.iter().fold(0_usize, |all, bit| all << 1 | *bit as usize)])
            })
            .collect();
        // The first letters hold bits of what stands before the word.
        letters[(shift * 8).div_ceil(6)..].iter().collect()
    })
}

/// What was found, and where.
#[derive(Default)]
struct Found {
    /// Words where nobody may read them.
    leaks: Vec<String>,
    /// Words that were found where they may be.
    seen: BTreeSet<(&'static str, &'static str)>,
    doors: usize,
    answers: usize,
}

impl Found {
    fn look(&mut self, role: Role, path: &str, bytes: &[u8]) {
        self.answers += 1;
        for word in words_in(bytes) {
            if may_read(word, role, path) {
                self.seen.insert((
                    word,
                    match role {
                        Role::Holder => "holder",
                        Role::Nour => "nour",
                        Role::Pilot => "pilot",
                        _ => "admin",
                    },
                ));
            } else {
                self.leaks.push(format!("{word} at {path} as {role:?}"));
            }
        }
    }
}

async fn opens_every_door(world: &World, found: &mut Found) {
    let doors = tablee::web::doors();
    let mut unknown = Vec::new();
    for door in doors.list().iter().filter(|door| door.method == "GET") {
        let Some(addresses) = world.addresses(door.path) else {
            unknown.push(door.path);
            continue;
        };
        found.doors += 1;
        for role in Role::ALL {
            // Whoever was given no link has none; `rights_matrix` guesses.
            if door.who == Who::Holder && role != Role::Holder {
                continue;
            }
            for address in &addresses {
                let mut browser = role.browser(world);
                for headers in [&[][..], &[("accept-language", "en"), ("accept-encoding", "gzip")]]
                {
                    let get = axum::http::Method::GET;
                    let answer = browser.send(get, address, headers, String::new()).await;
                    assert!(answer.status < 500, "{address} as {role:?}: {}", answer.body);
                    found.look(role, address, &answer.bytes);
                    let headers = format!("{:?}", answer.headers);
                    found.look(role, address, headers.as_bytes());
                }
            }
        }
    }
    assert_eq!(unknown, Vec::<&str>::new(), "nobody knows the addresses of these doors here");
}

/// All that a tab of the live table is sent.
async fn opens_the_table(world: &World, role: Role, found: &mut Found) {
    let browser = role.browser(world);
    let cookie = browser.cookie();
    let headers = [("cookie", cookie.as_str()), ("sec-websocket-protocol", "tablee.v1")];
    let mut tab =
        Tab::open(world.app.listens().await, "/live/formations?epoch=1", &headers).await.unwrap();
    // The first step of the protocol, of somebody who has nothing: all of the table is the answer.
    tab.send(vec![0, 0, 1, 0]).await;
    let (mut all, mut has_table) = (Vec::new(), false);
    while !has_table {
        let frame = tab.next().await.expect("the table comes");
        has_table = frame.windows(9).any(|window| window == b"Dialoguer");
        all.extend(frame);
    }
    found.look(role, "/live/formations", &all);
}

fn reads_mails(mails: &[Mail], found: &mut Found) {
    let to_visitor = format!("{}@secret.example", canary::ADDRESS);
    for mail in mails {
        found.answers += 1;
        let all = format!("{}\n{}\n{}\n{}", mail.subject, mail.body, mail.html, mail.id);
        let raw = mail.message().unwrap().formatted();
        let words: BTreeSet<_> =
            words_in(all.as_bytes()).into_iter().chain(words_in(&raw)).collect();
        for word in words {
            let is_own = mail.to == to_visitor
                && [canary::ADDRESS, canary::NAME, canary::QUESTION].contains(&word);
            let is_address = word == canary::MEMBER && mail.to.contains(canary::MEMBER);
            if !is_own && !is_address {
                found.leaks.push(format!("{word} in a mail to {}: {all}", mail.to));
            }
        }
    }
}

#[tokio::test]
async fn no_private_word_is_read_where_it_must_not_be() {
    let log = log::listens(&[]);
    let world = World::lived_in().await;
    let mut found = Found::default();

    opens_every_door(&world, &mut found).await;
    for role in [Role::Nour, Role::OtherMember, Role::Pilot] {
        opens_the_table(&world, role, &mut found).await;
    }
    reads_mails(&world.mails, &mut found);
    world.app.clock.days_pass(1);
    reads_mails(&world.app.mails_by_now().await, &mut found);
    let told = log.told();

    assert_eq!(found.leaks, Vec::<String>::new());
    assert!(
        told.contains("a visitor confirmed a proposal"),
        "the log tells of what was done: {told}"
    );
    assert_eq!(words_in(told.as_bytes()), Vec::<&str>::new(), "in the log");
    for secret in ["follow", "confirm", "free", "sign-in", "unsubscribe"] {
        let secret = world.said(secret).rsplit('/').next().unwrap();
        assert!(!told.contains(secret), "the log holds a secret of an address");
    }
    for (word, who) in [
        (canary::NAME, "pilot"),
        (canary::ADDRESS, "pilot"),
        (canary::CONTACT, "pilot"),
        (canary::REMARK, "pilot"),
        (canary::REMARK_OF_MEMBER, "pilot"),
        (canary::REMARK_OF_MEMBER, "nour"),
        (canary::QUESTION, "holder"),
        (canary::ANSWER, "holder"),
        (canary::REMARK, "holder"),
        (canary::NOTE, "pilot"),
        (canary::REASON, "pilot"),
        (canary::MEMBER, "admin"),
    ] {
        assert!(found.seen.contains(&(word, who)), "{word} never reached the {who}");
    }
    println!("{} doors, {} answers and mails, no private word", found.doors, found.answers);
    world.app.end().await;
}

#[test]
fn a_word_is_found_however_it_is_packed() {
    use std::io::Write;

    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(format!("<p>{}</p>", canary::NOTE.to_uppercase()).as_bytes()).unwrap();

    assert_eq!(words_in(&gzip.finish().unwrap()), [canary::NOTE]);
    // "a" + the word + "!", and the same one letter later.
    for packed in
        ["YXF6eG5vdGU4cGlsb3RlcyE=", "YWFxenhub3RlOHBpbG90ZXMh", "cXp4bm90ZThwaWxvdGVzIQ=="]
    {
        assert_eq!(words_in(format!("x={packed}").as_bytes()), [canary::NOTE], "{packed}");
    }
    assert_eq!(words_in(b"qzxnote8pilote"), Vec::<&str>::new());
}
