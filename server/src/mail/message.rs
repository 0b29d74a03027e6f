//! A mail as it leaves: addresses checked, headers that say it is a program that writes, both parts.
//!
//! Nothing that a person typed becomes a header: addresses are parsed, a subject is one line, whatever else
//! stands there is ours.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use tablee_domain::ids::Timestamp;

use super::writing::one_line;

/// A mail, ready to be carried.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who writes, as `Name <address>`.
    pub from: String,
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text part.
    pub body: String,
    /// The HTML part, whole.
    pub html: String,
    /// What it is known by, without its brackets: the same each time it is tried, so that whoever receives it
    /// twice sees it once.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// Where one press ends such mails (RFC 8058), where it tells news.
    pub unsubscribe: Option<String>,
}

/// A mail holds a way in: logs tell only that there was one.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail(..)")
    }
}

/// Why a mail cannot be written. Trying again cannot help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The sender of the settings is none.
    #[error("the sender is no address")]
    Sender,
    /// What stands as the recipient is none.
    #[error("the recipient is no address")]
    Recipient,
    /// Another part of it is no part of a mail.
    #[error("the mail cannot be written")]
    Words,
}

/// Whether a text is one address that a mail can be sent to. Its domain has a dot: what is only the name of a
/// machine was not typed to its end.
pub fn is_address(text: &str) -> bool {
    address(text).is_some()
}

fn address(text: &str) -> Option<Address> {
    let is_plain = text.len() <= 254
        && !text.chars().any(|letter| letter.is_control() || letter.is_whitespace())
        && !text.contains(['"', '<', '>', ',', ';', '[']);
    let is_whole = text.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    (is_plain && is_whole).then(|| text.parse().ok())?
}

impl Mail {
    /// The mail as it goes over the wire.
    pub fn message(&self) -> Result<Message, Unwritable> {
        let from: Mailbox = self.from.parse().map_err(|_| Unwritable::Sender)?;
        let to = address(&self.to).ok_or(Unwritable::Recipient)?;
        let at =
            UNIX_EPOCH + Duration::from_millis(u64::try_from(self.at.get()).unwrap_or_default());
        let mut message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(one_line(&self.subject))
            .date(at)
            .message_id(Some(format!("<{}>", self.id)))
            .raw_header(header("Auto-Submitted", "auto-generated")?)
            .raw_header(header("X-Auto-Response-Suppress", "All")?);
        if let Some(url) = &self.unsubscribe {
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{url}>"))?)
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        let (body, html) = (whole_lines(&self.body), whole_lines(&self.html));
        // Of a mail that an erasure shortened only the text is left.
        let written = if html.is_empty() {
            message.singlepart(SinglePart::plain(body))
        } else {
            message.multipart(MultiPart::alternative_plain_html(body, html))
        };
        written.map_err(|_| Unwritable::Words)
    }
}

/// A half of a line end is none: mail servers differ on what it means, and that is how mails are smuggled.
fn whole_lines(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\n' | '\t' => letter,
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.replace("\r\n", "\n").replace('\r', "\n").chars().map(plain).collect()
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue, Unwritable> {
    if value.chars().any(char::is_control) {
        return Err(Unwritable::Words);
    }
    Ok(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            from: "Tablée <tablee@exemple.fr>".to_owned(),
            to: "lea@exemple.fr".to_owned(),
            subject: "Votre proposition est reçue".to_owned(),
            body: "Bonjour,\n\nhttps://tablee.example.org/suivi/00".to_owned(),
            html: "<p>Bonjour, é</p>".to_owned(),
            id: "12.00ff@tablee.example.org".to_owned(),
            at: Timestamp(1_795_435_200_000),
            unsubscribe: Some("https://tablee.example.org/desabonnement/00".to_owned()),
        }
    }

    fn raw(mail: &Mail) -> String {
        String::from_utf8(mail.message().unwrap().formatted()).unwrap()
    }

    /// The names of the headers: what stands before the first empty line.
    fn names(raw: &str) -> Vec<&str> {
        let head = raw.split("\r\n\r\n").next().unwrap();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap()).collect()
    }

    /// Ways to bring a second header along.
    const FORMS: [&str; 20] = [
        "\r\nBcc: tous@exemple.fr",
        "\nBcc: tous@exemple.fr",
        "\rBcc: tous@exemple.fr",
        "\r\n Bcc: tous@exemple.fr",
        "\r\n\tBcc: tous@exemple.fr",
        "\n\nBcc: tous@exemple.fr",
        "\r\n\r\nBcc: tous@exemple.fr",
        "\n\r\nBcc: tous@exemple.fr",
        "\r\r\nBcc: tous@exemple.fr",
        "\0\r\nBcc: tous@exemple.fr",
        "\u{b}Bcc: tous@exemple.fr",
        "\u{c}Bcc: tous@exemple.fr",
        "\u{1c}Bcc: tous@exemple.fr",
        "\u{85}Bcc: tous@exemple.fr",
        "\u{2028}Bcc: tous@exemple.fr",
        "\u{2029}Bcc: tous@exemple.fr",
        "%0d%0aBcc: tous@exemple.fr",
        "\u{560d}\u{560a}Bcc: tous@exemple.fr",
        "=?utf-8?q?=0d=0aBcc=3a tous=40exemple.fr?=",
        "\r\n.\r\nMAIL FROM:<a@exemple.fr>\r\nRCPT TO:<tous@exemple.fr>\r\nDATA\r\n",
    ];

    #[test]
    fn a_mail_says_that_a_program_wrote_it_and_how_to_end_it() {
        let raw = raw(&mail());

        for line in [
            "Date: Mon, 23 Nov 2026 12:00:00 +0000",
            "Message-ID: <12.00ff@tablee.example.org>",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://tablee.example.org/desabonnement/00>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Content-Type: multipart/alternative;",
            "To: lea@exemple.fr",
        ] {
            assert!(raw.contains(line), "{line}:\n{raw}");
        }
        let (text, html) = (raw.find("text/plain").unwrap(), raw.find("text/html").unwrap());
        assert!(text < html, "the last part is the one that is preferred");
    }

    #[test]
    fn a_mail_without_html_is_its_text() {
        let raw = raw(&Mail { html: String::new(), ..mail() });

        assert!(raw.contains("Content-Type: text/plain; charset=utf-8"), "{raw}");
        assert!(!raw.contains("multipart") && !raw.contains("text/html"), "{raw}");
    }

    #[test]
    fn no_form_of_line_end_makes_a_header_of_words() {
        let expected = names(&raw(&mail())).join(" ");

        for form in FORMS {
            for (what, hostile) in [
                ("subject", Mail { subject: format!("Bonjour{form}"), ..mail() }),
                ("text", Mail { body: format!("Bonjour{form}"), ..mail() }),
                ("html", Mail { html: format!("<p>Bonjour{form}</p>"), ..mail() }),
            ] {
                let raw = raw(&hostile);
                assert_eq!(names(&raw).join(" "), expected, "{what} {form:?}:\n{raw}");
                assert!(
                    !raw.replace("\r\n", "").contains(['\r', '\n']),
                    "{what} {form:?}: a line end that is half of one"
                );
            }
            let id = Mail { id: format!("1{form}@exemple.fr"), ..mail() };
            let end = Mail { unsubscribe: Some(format!("https://x{form}")), ..mail() };
            for hostile in [id, end] {
                if let Ok(message) = hostile.message() {
                    let raw = String::from_utf8(message.formatted()).unwrap();
                    assert_eq!(names(&raw).join(" "), expected, "{form:?}:\n{raw}");
                }
            }
        }
    }

    #[test]
    fn an_address_brings_no_second_one_along() {
        let hostile = [
            "lea@exemple.fr,nour@exemple.fr",
            "lea@exemple.fr;nour@exemple.fr",
            "Léa <lea@exemple.fr>",
            "<lea@exemple.fr>",
            "\"lea\"@exemple.fr",
            "lea@[127.0.0.1]",
            "lea@exemple.fr ",
            "lea",
            "",
            "@exemple.fr",
            "lea@",
            "lea@exemple.fr\0",
        ];
        let forms = FORMS.iter().map(|form| format!("lea@exemple.fr{form}"));
        for address in hostile.into_iter().map(str::to_owned).chain(forms) {
            assert!(!is_address(&address), "{address:?}");
            let to = Mail { to: address.clone(), ..mail() }.message();
            assert_eq!(to.err(), Some(Unwritable::Recipient), "{address:?}");
        }
        assert!(is_address("lea.dupont+tablee@exemple.fr"));
        assert!(!is_address(&format!("{}@exemple.fr", "a".repeat(300))));
    }

    #[test]
    fn a_mail_holds_a_way_in_and_logs_tell_only_that_there_was_one() {
        assert_eq!(format!("{:?}", mail()), "Mail(..)");
    }
}
