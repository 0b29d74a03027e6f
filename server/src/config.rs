//! Every setting, in one struct of sections, each default beside its field.
//!
//! A value comes from the first of: a flag of the command line, the environment, `tablee.toml`, the default.
//! This is the only file that reads the environment.
//!
//! To add a setting: add the field with its default here, and its line to [`sources::SETTINGS`]; then write
//! `tablee.example.toml` anew as its test says.

pub mod sources;
pub mod units;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tablee_domain::people::MembersEdit;
use url::Url;

use crate::i18n::Zone;
use crate::web::urls::PublicUrl;
pub use sources::{ConfigError, Flags, Loaded, environment};
use units::{Size, Span};

/// All settings. Split at start: each part of the program is given its own section only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Addresses and folders.
    pub server: ServerConfig,
    /// Where tables are kept.
    pub database: DatabaseConfig,
    /// How mails leave.
    pub mail: MailConfig,
    /// What roles may do.
    pub people: PeopleConfig,
    /// Tables and their first content.
    pub tables: TablesConfig,
    /// Links, codes and logins.
    pub sign_in: SignInConfig,
    /// What requests may ask for.
    pub web: WebConfig,
    /// Open tables.
    pub live: LiveConfig,
    /// What is told to operators.
    pub log: LogConfig,
}

/// Addresses and folders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on.
    pub listen: String,
    /// The address people type; it stands in mails and decides which origins may write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<PublicUrl>,
    /// The folder that holds everything this server keeps.
    pub data_dir: PathBuf,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long an orderly stop may take.
    pub stop_within: Span,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            data_dir: PathBuf::from("data"),
            trusted_proxies: Vec::new(),
            stop_within: Span::seconds(15),
        }
    }
}

/// Where tables are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://…` or `postgres://…`; without it `tablee.db` in the data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Secret>,
}

/// How mails leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// `smtp://…` or `smtps://…`; without it mails are printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<Secret>,
    /// Who the mails come from.
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self { smtp_url: None, from: "Tablée <tablee@localhost>".to_owned() }
    }
}

/// What roles may do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleConfig {
    /// Whose rows a member may change.
    pub members_edit: WhoseRows,
}

/// [`MembersEdit`], as a setting writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoseRows {
    /// Any row.
    #[default]
    All,
    /// Their own.
    Own,
}

impl From<WhoseRows> for MembersEdit {
    fn from(whose: WhoseRows) -> Self {
        match whose {
            WhoseRows::All => Self::All,
            WhoseRows::Own => Self::Own,
        }
    }
}

/// Tables and their first content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TablesConfig {
    /// A workbook that the very first start imports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_import: Option<PathBuf>,
}

/// Links, codes and logins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInConfig {
    /// How long a mailed link and its code are good.
    pub mail_link_for: Span,
    /// How long a link printed by a command is good.
    pub command_link_for: Span,
    /// How long a browser stays signed in without being used.
    pub login_for: Span,
    /// Mails to one address in an hour.
    pub mails_per_address: u32,
    /// Askings from one place (an IPv4 address, an IPv6 /64) in an hour.
    pub askings_per_place: u32,
    /// Askings in all in an hour.
    pub askings_in_all: u32,
}

impl Default for SignInConfig {
    fn default() -> Self {
        Self {
            mail_link_for: Span::seconds(10 * 60),
            command_link_for: Span::seconds(24 * 3600),
            login_for: Span::seconds(30 * 24 * 3600),
            mails_per_address: 5,
            askings_per_place: 20,
            askings_in_all: 500,
        }
    }
}

/// What requests may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebConfig {
    /// The largest form.
    pub form_size: Size,
    /// The largest workbook that may be uploaded.
    pub upload_size: Size,
    /// Requests from one place, sustained.
    pub requests_per_second: u32,
    /// Requests from one place at once.
    pub requests_burst: u32,
    /// Proposals of visitors from one place in an hour.
    pub proposals_per_place: u32,
    /// Proposals of visitors in all in a day.
    pub proposals_in_all: u32,
    /// Whose clocks the hours of pages are those of.
    pub time_zone: Zone,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            form_size: Size(64 << 10),
            upload_size: Size(20 << 20),
            requests_per_second: 200,
            requests_burst: 2_000,
            proposals_per_place: 5,
            proposals_in_all: 100,
            time_zone: Zone::default(),
        }
    }
}

/// Open tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveConfig {
    /// Tabs in one table.
    pub peers: usize,
    /// A snapshot is made when this many updates were written since the last.
    pub snapshot_after: usize,
    /// A table that nobody has open leaves memory after this long.
    pub idle_after: Span,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self { peers: 500, snapshot_after: 500, idle_after: Span::seconds(600) }
    }
}

/// What is told to operators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged: `info`, `debug`, or `tablee=debug,info`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl Config {
    /// The database: the one that was set, or the file in the data folder.
    pub fn database_url(&self) -> String {
        match &self.database.url {
            Some(url) => url.reveal().to_owned(),
            None => format!("sqlite://{}", self.server.data_dir.join("tablee.db").display()),
        }
    }
}

/// A setting that must not be read over somebody's shoulder: `Debug` and `Display` hide it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that uses it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address shows its scheme and host; anything else shows nothing.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Url::parse(&self.0) {
            Ok(url)
                if url.password().is_none()
                    && url.username().is_empty()
                    && url.query().is_none() =>
            {
                f.write_str(url.as_str())
            }
            Ok(url) => write!(f, "{}://***@{}", url.scheme(), url.host_str().unwrap_or_default()),
            Err(_) => f.write_str("***"),
        }
    }
}
