//! The frames on the wire, as closed enums.
//!
//! The framing is that of y-protocols v1, so that a stock `y-websocket` provider works: a number that says the
//! kind (0 sync, 1 awareness, 3 query awareness), then its body. Tabs that offered the subprotocol
//! [`SUBPROTOCOL`] also exchange frames of kind 100 whose body is one JSON text.
//!
//! To add a frame: add its variant here, its line to `fixtures/frames`, and its mirror to the client's
//! `sync/protocol.ts`.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, Epoch, PersonId, Revision, RowId, Timestamp, Writer};
use tablee_domain::people::Role;
use yrs::encoding::read::{Cursor, Read};
use yrs::encoding::write::Write;

/// The subprotocol that our own tabs offer.
pub const SUBPROTOCOL: &str = "tablee.v1";

const SYNC: u32 = 0;
const AWARENESS: u32 = 1;
const QUERY_AWARENESS: u32 = 3;
const OURS: u32 = 100;
const STEP_1: u32 = 0;
const STEP_2: u32 = 1;
const UPDATE: u32 = 2;

/// Entries that one awareness message may hold: a stock provider repeats what it heard of others.
const AWARENESS_ENTRIES: usize = 1_000;

/// Writers have 53 bits: a browser reads no more, and neither does the log.
const WRITERS_END: u64 = 1 << 53;

/// How a socket is closed. Those of 44xx are final: a stock provider does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The server stops; try again.
    Restarting,
    /// This peer was too slow; try again and sync anew.
    TooSlow,
    /// The login ended.
    LoginEnded,
    /// An update was refused.
    Refused,
    /// The document has another epoch.
    OtherEpoch,
    /// A frame was larger than the limits.
    TooLarge,
    /// The room closed and will be opened again; try again.
    RoomClosed,
}

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        match self {
            Self::Restarting => 1012,
            Self::TooSlow => 1013,
            Self::LoginEnded => 4401,
            Self::Refused => 4403,
            Self::OtherEpoch => 4409,
            Self::TooLarge => 4413,
            Self::RoomClosed => 4500,
        }
    }

    /// A word for people who read network logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Restarting => "restarting",
            Self::TooSlow => "too slow",
            Self::LoginEnded => "login ended",
            Self::Refused => "refused",
            Self::OtherEpoch => "other epoch",
            Self::TooLarge => "too large",
            Self::RoomClosed => "room closed",
        }
    }
}

/// What a tab sends.
#[derive(Debug, PartialEq)]
pub enum FromTab {
    /// "This is what I have": asks for the rest.
    Step1(Vec<u8>),
    /// "This is what you lack."
    Step2(Vec<u8>),
    /// An edit.
    Update(Vec<u8>),
    /// Where the tab is.
    Awareness(Vec<AwarenessEntry>),
    /// Asks where everybody is.
    QueryAwareness,
    /// A frame of ours.
    Ours(TabSays),
}

/// The JSON frames of a tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TabSays {
    /// Asks the server to make the text of a cell.
    MakeText {
        /// The row.
        row: RowId,
        /// A column of a text kind.
        column: ColumnId,
    },
}

/// The JSON frames of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerSays {
    /// The first frame of all.
    Hello(Hello),
    /// Counts the step 2 and update frames of this socket that are durable.
    Saved {
        /// How many, from the first.
        upto: u64,
    },
    /// A frame was refused whole; the socket closes after it.
    Refused {
        /// Its number among the step 2 and update frames of this socket, from 1.
        frame: u64,
        /// The cells that were not allowed.
        cells: Vec<RefusedCell>,
        /// The key of the reason.
        reason: String,
    },
    /// The text that was asked for is there.
    TextMade {
        /// The row.
        row: RowId,
        /// The column.
        column: ColumnId,
    },
    /// The tab must load anew.
    Reload {
        /// The key of the reason.
        reason: String,
    },
    /// Something to tell the person.
    Notice(Notice),
}

/// Something to tell a person. What does not apply is left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Notice {
    /// The key of the sentence.
    pub key: String,
    /// The row it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<RowId>,
    /// The column it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnId>,
    /// The key of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The name of who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How many cells it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<usize>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Who you are here, and how much you may send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The life of the document.
    pub epoch: Epoch,
    /// A Yjs client id reserved for this person.
    pub writer: Writer,
    /// What the person may do.
    pub role: Role,
    /// The person.
    pub person: PersonId,
    /// The name that others see.
    pub name: String,
    /// The colour that others see, 0 to 11.
    pub colour: u8,
    /// The last durable update.
    pub revision: Revision,
    /// Sizes, in bytes.
    pub limits: HelloLimits,
}

/// Sizes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloLimits {
    /// One update.
    pub update: usize,
    /// One answer to sync step 1.
    pub step2: usize,
    /// One plain value.
    pub cell: usize,
    /// One text.
    pub text: usize,
}

/// A cell that was not allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCell {
    /// The row.
    pub row: RowId,
    /// The key in the row's map; empty for the row itself.
    pub column: String,
}

/// One entry of an awareness message, its state still as the bytes that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwarenessEntry {
    /// The tab it speaks of.
    pub writer: Writer,
    /// Grows with every change.
    pub clock: u32,
    /// A JSON text; `null` when the tab left.
    pub state: String,
}

/// Bytes that are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a frame: {0}")]
pub struct NotAFrame(pub &'static str);

impl From<yrs::encoding::read::Error> for NotAFrame {
    fn from(_: yrs::encoding::read::Error) -> Self {
        Self("truncated")
    }
}

/// Reads one message of the socket, which holds one frame.
///
/// Nothing is allocated on a declared length: what is declared must be there.
pub fn decode(bytes: &[u8]) -> Result<FromTab, NotAFrame> {
    let mut cursor = Cursor::new(bytes);
    let frame = match cursor.read_var::<u32>()? {
        SYNC => {
            let step = cursor.read_var::<u32>()?;
            let body = body(&mut cursor)?.to_vec();
            match step {
                STEP_1 => FromTab::Step1(body),
                STEP_2 => FromTab::Step2(body),
                UPDATE => FromTab::Update(body),
                _ => return Err(NotAFrame("unknown sync step")),
            }
        }
        AWARENESS => FromTab::Awareness(decode_awareness(body(&mut cursor)?)?),
        QUERY_AWARENESS => FromTab::QueryAwareness,
        OURS => {
            let says = serde_json::from_slice(body(&mut cursor)?);
            FromTab::Ours(says.map_err(|_| NotAFrame("unknown request"))?)
        }
        _ => return Err(NotAFrame("unknown kind")),
    };
    if cursor.has_content() { Err(NotAFrame("trailing bytes")) } else { Ok(frame) }
}

/// Whether bytes say of themselves that they are an awareness message. Cheap: nothing is taken apart.
pub fn is_awareness(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|kind| u32::from(*kind) == AWARENESS)
}

/// Takes a length and as many bytes, checked against what is there before anything is added up.
fn body<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], NotAFrame> {
    let length = cursor.read_var::<u32>()? as usize;
    let rest = &cursor.buf[cursor.next..];
    let body = rest.get(..length).ok_or(NotAFrame("truncated"))?;
    cursor.next += length;
    Ok(body)
}

fn decode_awareness(bytes: &[u8]) -> Result<Vec<AwarenessEntry>, NotAFrame> {
    let mut cursor = Cursor::new(bytes);
    let count = cursor.read_var::<u32>()? as usize;
    if count > AWARENESS_ENTRIES || count > bytes.len() {
        return Err(NotAFrame("too many awareness entries"));
    }
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let writer = Writer(cursor.read_var::<u64>()?);
        if writer.0 >= WRITERS_END {
            return Err(NotAFrame("writer over 53 bits"));
        }
        let clock = cursor.read_var::<u32>()?;
        let state = std::str::from_utf8(body(&mut cursor)?).map_err(|_| NotAFrame("not UTF-8"))?;
        entries.push(AwarenessEntry { writer, clock, state: state.to_owned() });
    }
    if cursor.has_content() { Err(NotAFrame("trailing bytes")) } else { Ok(entries) }
}

/// Sync step 1: "this is what I have".
pub fn step1(state_vector: &[u8]) -> Bytes {
    sync(STEP_1, state_vector)
}

/// Sync step 2: "this is what you lack".
pub fn step2(update: &[u8]) -> Bytes {
    sync(STEP_2, update)
}

/// An edit that is durable.
pub fn update(update: &[u8]) -> Bytes {
    sync(UPDATE, update)
}

fn sync(step: u32, body: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(body.len() + 8);
    frame.write_var(SYNC);
    frame.write_var(step);
    frame.write_buf(body);
    frame.into()
}

/// Where people are.
pub fn awareness<'a>(entries: impl ExactSizeIterator<Item = &'a AwarenessEntry>) -> Bytes {
    let mut body = Vec::new();
    body.write_var(entries.len() as u32);
    for entry in entries {
        body.write_var(entry.writer.0);
        body.write_var(entry.clock);
        body.write_string(&entry.state);
    }
    let mut frame = Vec::with_capacity(body.len() + 8);
    frame.write_var(AWARENESS);
    frame.write_buf(&body);
    frame.into()
}

/// A frame of ours.
pub fn ours(says: &ServerSays) -> Bytes {
    let text = serde_json::to_string(says).expect("our frames are plain data");
    let mut frame = Vec::with_capacity(text.len() + 4);
    frame.write_var(OURS);
    frame.write_string(&text);
    frame.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_cut_anywhere_is_no_frame() {
        let whole = update(&[1, 2, 3, 4]);

        for cut in 0..whole.len() {
            assert!(decode(&whole[..cut]).is_err(), "cut at {cut}");
        }

        assert_eq!(decode(&whole), Ok(FromTab::Update(vec![1, 2, 3, 4])));
    }

    #[test]
    fn a_declared_count_is_believed_only_when_the_bytes_are_there() {
        for lie in [
            vec![1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f],
            vec![0, 2, 0xff, 0xff, 0xff, 0xff, 0x0f],
            vec![1, 1, 100],
        ] {
            assert!(decode(&lie).is_err(), "{lie:?}");
        }
    }

    #[test]
    fn unknown_kinds_steps_and_requests_are_no_frames() {
        let mut unknown_request = vec![100];
        unknown_request.write_string(r#"{"type":"make-coffee"}"#);

        assert_eq!(decode(&[9]), Err(NotAFrame("unknown kind")));
        assert_eq!(decode(&[0, 9, 0]), Err(NotAFrame("unknown sync step")));
        assert_eq!(decode(&unknown_request), Err(NotAFrame("unknown request")));
        assert_eq!(decode(&[]), Err(NotAFrame("truncated")));
        assert_eq!(decode(&[3, 0]), Err(NotAFrame("trailing bytes")));
    }

    #[test]
    fn a_tab_can_ask_for_a_text() {
        let mut frame = vec![100];
        frame.write_string(r#"{"type":"make-text","row":"r1","column":"intitule"}"#);

        let says = decode(&frame).unwrap();

        let row = RowId::new("r1").unwrap();
        let column = ColumnId::new("intitule").unwrap();
        assert_eq!(says, FromTab::Ours(TabSays::MakeText { row, column }));
    }

    #[test]
    fn a_writer_that_no_browser_can_read_is_no_writer() {
        let said = |writer| {
            let entry = AwarenessEntry { writer: Writer(writer), clock: 1, state: "{}".into() };
            decode(&awareness([entry].iter()))
        };

        assert!(said((1 << 53) - 1).is_ok());
        for writer in [1 << 53, u64::MAX] {
            assert_eq!(said(writer), Err(NotAFrame("writer over 53 bits")));
        }
    }

    #[test]
    fn awareness_reads_back_as_it_was_written() {
        let entries =
            vec![AwarenessEntry { writer: Writer(7), clock: 3, state: r#"{"at":null}"#.into() }];

        let frame = awareness(entries.iter());

        assert_eq!(decode(&frame), Ok(FromTab::Awareness(entries)));
    }
}
