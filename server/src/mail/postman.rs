//! Who carries mails.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::message::{Mail, Unwritable};
use crate::config::MailConfig;

/// How long a mail server may take for one mail.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Carries mails.
#[async_trait]
pub trait Postman: Send + Sync {
    /// Hands a mail over. When this returns well, somebody else answers for it.
    async fn carry(&self, mail: Mail) -> Result<(), Undelivered>;
}

/// Why a mail was not taken. Holds no word of the mail server's: they often repeat the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// Nobody answers, or not in time: nothing else would be taken now either.
    #[error("the mail server cannot be reached")]
    Away,
    /// The mail server said to come back later.
    #[error("the mail server does not take the mail for now ({0})")]
    NotNow(u16),
    /// The mail server will not take it, now or later.
    #[error("the mail server refuses the mail ({0})")]
    Refused(u16),
    /// The program stopped while it was on its way: it may have been taken.
    #[error("the program stopped meanwhile")]
    CutOff,
    /// It cannot be written.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

impl Undelivered {
    /// Its word in the log of mails, with what the mail server said in figures.
    pub fn word(&self) -> String {
        match self {
            Self::Away => "away".to_owned(),
            Self::NotNow(code) => format!("not-now {code}"),
            Self::Refused(code) => format!("refused {code}"),
            Self::CutOff => "cut-off".to_owned(),
            Self::Unwritable(_) => "unwritable".to_owned(),
        }
    }

    /// Whether trying again may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Away | Self::NotNow(_) | Self::CutOff)
    }
}

impl From<lettre::transport::smtp::Error> for Undelivered {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        match code {
            Some(code) if error.is_permanent() => Self::Refused(code),
            Some(code) => Self::NotNow(code),
            None => Self::Away,
        }
    }
}

/// The postman that the settings ask for.
pub fn postman(config: &MailConfig) -> anyhow::Result<Arc<dyn Postman>> {
    config.from.parse::<Mailbox>().with_context(|| format!("`{}` is not a sender", config.from))?;
    let Some(url) = &config.smtp_url else { return Ok(Arc::new(Printer)) };
    // The parser's words may repeat the password.
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.reveal())
        .map_err(|_| anyhow::anyhow!("the address of the mail server `{url}` is not understood"))?
        .timeout(Some(PATIENCE))
        .build();
    Ok(Arc::new(Smtp(transport)))
}

struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

#[async_trait]
impl Postman for Smtp {
    async fn carry(&self, mail: Mail) -> Result<(), Undelivered> {
        let message = mail.message()?;
        // Its own patience is for each step: a server that answers one letter at a time has no end.
        let sent = tokio::time::timeout(3 * PATIENCE, self.0.send(message)).await;
        sent.map_err(|_| Undelivered::Away)??;
        Ok(())
    }
}

/// Without a mail server: mails are printed, for whoever tries the program out.
struct Printer;

#[async_trait]
impl Postman for Printer {
    async fn carry(&self, mail: Mail) -> Result<(), Undelivered> {
        mail.message()?;
        let text = printed(&mail);
        std::io::stdout().write_all(text.as_bytes()).map_err(|_| Undelivered::Away)
    }
}

/// The text part, each line marked; nothing in it moves a terminal's cursor.
fn printed(mail: &Mail) -> String {
    let plain = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    let mut text = format!("| mail to {}: {}\n", mail.to, mail.subject);
    for line in mail.body.trim_end().lines() {
        text.push_str("| ");
        text.extend(line.chars().map(plain));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::ids::Timestamp;

    #[test]
    fn a_mail_server_that_is_not_understood_is_told_without_its_password() {
        let url = crate::config::Secret::new("gopher://user:hunter2@mail.example.org");
        let config = MailConfig { smtp_url: Some(url), ..MailConfig::default() };

        let complaint = postman(&config).err().unwrap().to_string();

        assert!(
            complaint.contains("mail.example.org") && !complaint.contains("hunter2"),
            "{complaint}"
        );
    }

    #[test]
    fn a_printed_mail_is_lines_of_text_and_moves_no_cursor() {
        let mail = Mail {
            from: String::new(),
            to: "lea@exemple.fr".to_owned(),
            subject: "Lien".to_owned(),
            body: "Bonjour\u{1b}[2J\r\n\nhttps://x/\u{7}\n".to_owned(),
            html: String::new(),
            id: String::new(),
            at: Timestamp(0),
            unsubscribe: None,
        };

        let text = printed(&mail);

        assert_eq!(
            text,
            "| mail to lea@exemple.fr: Lien\n| Bonjour\u{fffd}[2J\n| \n| https://x/\u{fffd}\n"
        );
    }
}
