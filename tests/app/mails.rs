//! Mails through a mail server.

use tablee::config::{MailConfig, Secret};
use tablee::mail::{Mail, Undelivered, postman};
use tablee_domain::ids::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that takes one mail and gives it back as it came, or answers `refusal` to its recipient.
async fn takes_one_mail(socket: TcpStream, refusal: Option<&str>) -> String {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut taken = String::new();
    write.write_all(b"220 sink\r\n").await.unwrap();
    while let Some(line) = lines.next_line().await.unwrap() {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reply = match (verb.as_str(), refusal) {
            ("EHLO", _) => "250-sink\r\n250 8BITMIME\r\n".to_owned(),
            ("RCPT", Some(refusal)) => format!("{refusal} lea@exemple.fr is not wanted\r\n"),
            ("DATA", _) => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                while let Some(line) = lines.next_line().await.unwrap().filter(|line| line != ".") {
                    taken.push_str(&line);
                    taken.push('\n');
                }
                "250 taken\r\n".to_owned()
            }
            ("QUIT", _) => return taken,
            _ => "250 ok\r\n".to_owned(),
        };
        write.write_all(reply.as_bytes()).await.unwrap();
        if !taken.is_empty() {
            return taken;
        }
    }
    taken
}

fn mail(to: &str) -> Mail {
    Mail {
        from: "Tablée <tablee@exemple.fr>".to_owned(),
        to: to.to_owned(),
        subject: "Votre lien".to_owned(),
        body: "https://tablee.example.org/connexion/00".to_owned(),
        html: "<p>https://tablee.example.org/connexion/00</p>".to_owned(),
        id: "1.00@tablee.example.org".to_owned(),
        at: Timestamp(1_795_435_200_000),
        unsubscribe: None,
    }
}

fn settings(url: String) -> MailConfig {
    MailConfig { smtp_url: Some(Secret::new(url)), ..MailConfig::default() }
}

async fn sent_to_a_server_that(refusal: Option<&str>) -> (Result<(), Undelivered>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let carrier = postman(&settings(format!("smtp://{}", listener.local_addr().unwrap()))).unwrap();
    let server = async { takes_one_mail(listener.accept().await.unwrap().0, refusal).await };

    tokio::join!(carrier.carry(mail("lea@exemple.fr")), server)
}

#[tokio::test]
async fn a_mail_goes_through_the_mail_server_that_was_set() {
    let (sent, taken) = sent_to_a_server_that(None).await;

    assert_eq!(sent, Ok(()));
    assert!(taken.contains("To: lea@exemple.fr"), "{taken}");
    assert!(taken.contains("/connexion/00") && taken.contains("text/html"), "{taken}");
    assert!(!taken.contains("List-Unsubscribe"), "nobody unsubscribes from what they asked for");
}

#[tokio::test]
async fn a_mail_that_looks_as_if_it_ended_goes_on() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let carrier = postman(&settings(format!("smtp://{}", listener.local_addr().unwrap()))).unwrap();
    let server = async { takes_one_mail(listener.accept().await.unwrap().0, None).await };
    let body = "Bonjour\r\n.\r\nMAIL FROM:<a@exemple.fr>\r\nDATA\n.\nFin".to_owned();

    let smuggled = Mail { body, ..mail("lea@exemple.fr") };
    let (sent, taken) = tokio::join!(carrier.carry(smuggled), server);

    assert_eq!(sent, Ok(()));
    assert!(taken.contains("\n..\n") && taken.contains("\nFin"), "one mail, whole: {taken}");
}

#[tokio::test]
async fn what_a_mail_server_refuses_is_told_in_figures_and_never_with_an_address() {
    for (answer, expected) in [
        ("550", Undelivered::Refused(550)),
        ("451", Undelivered::NotNow(451)),
        ("421", Undelivered::NotNow(421)),
    ] {
        let (sent, _) = sent_to_a_server_that(Some(answer)).await;

        let why = sent.unwrap_err();
        assert_eq!(why, expected);
        assert!(!why.to_string().contains("exemple"), "{why}");
    }
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);

    let sent = postman(&settings(url)).unwrap().carry(mail("lea@exemple.fr")).await;

    assert_eq!(sent, Err(Undelivered::Away));
}

#[tokio::test]
async fn a_recipient_never_brings_a_second_header() {
    let carrier = postman(&settings("smtp://127.0.0.1:1".to_owned())).unwrap();

    for hostile in ["a@exemple.fr\r\nBcc: b@exemple.fr", "a@exemple.fr\nX: y", "a@exemple.fr\0"] {
        let error = carrier.carry(mail(hostile)).await.unwrap_err();
        assert_eq!(error.to_string(), "the recipient is no address", "{hostile:?}");
    }
}
