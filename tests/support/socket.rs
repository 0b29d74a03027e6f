//! A tab's socket, frame by frame.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(10);

/// One open socket.
pub struct Tab(WebSocketStream<TcpStream>);

/// Refused before the upgrade.
#[derive(Debug, PartialEq, Eq)]
pub struct TabRefused {
    pub status: u16,
}

impl Tab {
    /// Opens a socket with these headers.
    pub async fn open(
        server: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, TabRefused> {
        let mut request = format!("ws://{server}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(server).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(TabRefused { status: answer.status().as_u16() }),
            Err(error) => panic!("the socket failed: {error}"),
        }
    }

    /// The next binary message; `None` when the socket ended.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message comes")? {
                Ok(Message::Binary(bytes)) => return Some(bytes.to_vec()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub async fn send(&mut self, bytes: Vec<u8>) {
        self.0.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// Sends although nobody may listen, and says with which code the socket ended meanwhile.
    pub async fn closed_while_sending(self, bytes: Vec<u8>) -> Option<u16> {
        let (mut send, mut receive) = self.0.split();
        let sending = async {
            let _ = send.send(Message::Binary(bytes.into())).await;
        };
        let ending = async {
            loop {
                match receive.next().await? {
                    Ok(Message::Close(Some(frame))) => return Some(frame.code.into()),
                    Ok(Message::Close(None)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        };
        let both = async { tokio::join!(sending, ending).1 };
        tokio::time::timeout(PATIENCE, both).await.expect("the socket ends")
    }

    /// Waits for the end and says with which code.
    pub async fn closed_with(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("the socket ends")? {
                Ok(Message::Close(Some(CloseFrame { code, .. }))) => return Some(code.into()),
                Ok(Message::Close(None)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
