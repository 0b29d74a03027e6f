//! Mails, and who carries them.

use std::io::Write;

use anyhow::Context;
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::MailConfig;

/// A mail of plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who writes, as `Name <address>`.
    pub from: String,
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// A mail holds a way in: logs tell only that there was one.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail(..)")
    }
}

/// Carries mails.
#[async_trait]
pub trait Postman: Send + Sync {
    /// Hands a mail over. When this returns well, somebody else answers for it.
    async fn carry(&self, mail: Mail) -> anyhow::Result<()>;
}

/// The postman that the settings ask for.
pub fn postman(config: &MailConfig) -> anyhow::Result<std::sync::Arc<dyn Postman>> {
    config.from.parse::<Mailbox>().with_context(|| format!("`{}` is not a sender", config.from))?;
    let Some(url) = &config.smtp_url else { return Ok(std::sync::Arc::new(Printer)) };
    // The parser's words may repeat the password.
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.reveal())
        .map_err(|_| anyhow::anyhow!("the address of the mail server `{url}` is not understood"))?
        .timeout(Some(std::time::Duration::from_secs(10)))
        .build();
    Ok(std::sync::Arc::new(Smtp(transport)))
}

/// Whether a text is one address that a mail can be sent to.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|letter| letter.is_control() || letter.is_whitespace())
        && text.parse::<lettre::Address>().is_ok()
}

struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

#[async_trait]
impl Postman for Smtp {
    async fn carry(&self, mail: Mail) -> anyhow::Result<()> {
        let message = Message::builder()
            .from(mail.from.parse().context("the sender is no address")?)
            .to(mail.to.parse().map_err(|_| anyhow::anyhow!("the recipient is no address"))?)
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body)?;
        self.0.send(message).await.context("the mail server did not take the mail")?;
        Ok(())
    }
}

/// Without a mail server: mails are printed, for whoever tries the program out.
struct Printer;

#[async_trait]
impl Postman for Printer {
    async fn carry(&self, mail: Mail) -> anyhow::Result<()> {
        let body = mail.body.trim_end().replace('\n', "\n| ");
        let text = format!("| mail to {}: {}\n| {body}\n", mail.to, mail.subject);
        Ok(std::io::stdout().write_all(text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_bring_a_second_header_along() {
        for hostile in [
            "lea@exemple.fr\r\nBcc: all@exemple.fr",
            "lea@exemple.fr\nSubject: x",
            "lea@exemple.fr,nour@exemple.fr",
            "Léa <lea@exemple.fr>",
            "lea@exemple.fr ",
            "lea",
            "",
            "@exemple.fr",
            "lea@exemple.fr\0",
        ] {
            assert!(!is_address(hostile), "{hostile:?}");
        }
        assert!(is_address("lea.dupont+tablee@exemple.fr"));
        assert!(!is_address(&format!("{}@exemple.fr", "a".repeat(300))));
    }

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
}
