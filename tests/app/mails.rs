//! Mails through a mail server.

use tablee::config::{MailConfig, Secret};
use tablee::mail::{Mail, postman};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that takes one mail and gives it back as it came.
async fn takes_one_mail(socket: TcpStream) -> String {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut taken = String::new();
    write.write_all(b"220 sink\r\n").await.unwrap();
    while let Some(line) = lines.next_line().await.unwrap() {
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let reply: &[u8] = match verb.as_str() {
            "EHLO" => b"250-sink\r\n250 8BITMIME\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                while let Some(line) = lines.next_line().await.unwrap().filter(|line| line != ".") {
                    taken.push_str(&line);
                    taken.push('\n');
                }
                b"250 taken\r\n"
            }
            "QUIT" => return taken,
            _ => b"250 ok\r\n",
        };
        write.write_all(reply).await.unwrap();
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
    }
}

#[tokio::test]
async fn a_mail_goes_through_the_mail_server_that_was_set() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let config = MailConfig { smtp_url: Some(Secret::new(url)), ..MailConfig::default() };
    let server = async { takes_one_mail(listener.accept().await.unwrap().0).await };

    let carrier = postman(&config).unwrap();
    let (sent, taken) = tokio::join!(carrier.carry(mail("lea@exemple.fr")), server);

    sent.unwrap();
    assert!(taken.contains("To: lea@exemple.fr"), "{taken}");
    assert!(taken.contains("/connexion/00"), "{taken}");
}

#[tokio::test]
async fn a_recipient_never_brings_a_second_header() {
    let config =
        MailConfig { smtp_url: Some(Secret::new("smtp://127.0.0.1:1")), ..MailConfig::default() };
    let carrier = postman(&config).unwrap();

    for hostile in ["a@exemple.fr\r\nBcc: b@exemple.fr", "a@exemple.fr\nX: y", "a@exemple.fr\0"] {
        let error = carrier.carry(mail(hostile)).await.unwrap_err();
        assert_eq!(error.to_string(), "the recipient is no address", "{hostile:?}");
    }
}
