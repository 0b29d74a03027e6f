//! Where settings come from, and which source won.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Config;

/// One setting: its key in the file, its name in the environment, and why it exists.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// The variable that sets it, if any.
    pub variable: Option<&'static str>,
    /// What the example file says about it.
    pub why: &'static str,
    /// What the example file shows where there is no default.
    pub example: Option<&'static str>,
}

const fn setting(key: &'static str, why: &'static str) -> Setting {
    Setting { key, variable: None, why, example: None }
}

impl Setting {
    const fn variable(self, name: &'static str) -> Self {
        Self { variable: Some(name), ..self }
    }

    const fn example(self, words: &'static str) -> Self {
        Self { example: Some(words), ..self }
    }
}

/// Every setting, in the order of the example file.
pub const SETTINGS: &[Setting] = &[
    setting("server.listen", "Address and port to listen on.").variable("TABLEE_LISTEN"),
    setting(
        "server.public_url",
        "The address people type. It stands in mails and exports, and only pages of this origin may\n\
         write. Without it: the address listened on.",
    )
    .variable("TABLEE_PUBLIC_URL")
    .example("https://tablee.example.org"),
    setting("server.data_dir", "The folder that holds everything this server keeps. One process per folder.")
        .variable("TABLEE_DATA_DIR"),
    setting("server.trusted_proxies", "Reverse proxies whose `X-Forwarded-For` is believed, as IP addresses."),
    setting("server.stop_within", "How long an orderly stop may take."),
    setting(
        "database.url",
        "`sqlite://path` or `postgres://…`. Without it: tablee.db in the data folder.",
    )
    .variable("TABLEE_DATABASE_URL")
    .example("sqlite://data/tablee.db"),
    setting(
        "mail.smtp_url",
        "`smtp://user:password@host:587?tls=required` or `smtps://…`. Without it mails are printed,\n\
         their sign-in links too: for a trial only.",
    )
    .variable("TABLEE_SMTP_URL")
    .example("smtps://user:password@mail.example.org"),
    setting("mail.from", "Who the mails come from."),
    setting("people.members_edit", "Whose rows members may change: `all`, or only their `own`.")
        .variable("TABLEE_MEMBERS_EDIT"),
    setting("tables.first_import", "A workbook that the very first start imports into `formations`.")
        .variable("TABLEE_FIRST_IMPORT")
        .example("fixtures/inventaire.xlsx"),
    setting("sign_in.mail_link_for", "How long a mailed link and its code are good."),
    setting("sign_in.command_link_for", "How long a link printed by `tablee sign-in-link` is good."),
    setting("sign_in.login_for", "How long a browser stays signed in without being used."),
    setting("sign_in.mails_per_address", "Sign-in mails to one address in an hour."),
    setting(
        "sign_in.askings_per_place",
        "Sign-in mails asked from one place (an IPv4 address, an IPv6 /64) in an hour.",
    ),
    setting("sign_in.askings_in_all", "Sign-in mails in all in an hour."),
    setting("web.form_size", "The largest form."),
    setting("web.upload_size", "The largest workbook that may be uploaded."),
    setting("web.requests_per_second", "Requests from one place in a second, sustained."),
    setting("web.requests_burst", "Requests from one place at once."),
    setting(
        "web.proposals_per_place",
        "Proposals of visitors from one place (an IPv4 address, an IPv6 /64) in an hour.",
    ),
    setting("web.proposals_in_all", "Proposals of visitors in all in a day."),
    setting("web.time_zone", "The clocks by which pages tell the hour, by their name in the IANA list."),
    setting("live.peers", "Tabs in one table."),
    setting("live.snapshot_after", "A snapshot is made when this many updates were written since the last."),
    setting("live.idle_after", "A table that nobody has open leaves memory after this long."),
    setting("log.filter", "What is logged: `info`, `debug`, or by module as in `tablee=debug,info`.")
        .variable("TABLEE_LOG"),
    setting("log.format", "`text` for people, `json` for machines."),
];

/// Settings given on the command line. They win over everything else.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// The file of settings [default: tablee.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The address people type
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// `sqlite://…` or `postgres://…`
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The folder that holds everything this server keeps
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// `smtp://…` or `smtps://…`
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
}

impl Flags {
    fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("server.listen", &self.listen),
            ("server.public_url", &self.public_url),
            ("database.url", &self.database_url),
            ("server.data_dir", &self.data_dir),
            ("mail.smtp_url", &self.smtp_url),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)))
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file of settings.
    File,
    /// A variable of the environment.
    Variable(&'static str),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("file"),
            Self::Variable(name) => f.write_str(name),
            Self::Flag => f.write_str("command line"),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there, or cannot be read.
    #[error("the file of settings `{}` cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the file of settings `{}` is not understood: {cause}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        cause: String,
    },
    /// A value does not fit its setting, or no setting has this name.
    #[error("the settings are not understood: {0}")]
    Unfit(String),
}

/// The settings, and where each came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    origins: BTreeMap<&'static str, Origin>,
}

impl Loaded {
    /// Reads all sources. `variable` is the environment.
    pub fn read(
        flags: &Flags,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let named = flags.config.clone().or_else(|| variable("TABLEE_CONFIG").map(PathBuf::from));
        let (file, written) = read_file(named)?;
        let mut origins = BTreeMap::new();
        let mut values = Table::try_from(Config::default()).expect("the defaults are TOML");
        for setting in SETTINGS {
            if find(&written, setting.key).is_some() {
                origins.insert(setting.key, Origin::File);
            }
        }
        merge(&mut values, written);
        for setting in SETTINGS {
            let Some(name) = setting.variable else { continue };
            if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
                put(&mut values, setting.key, value);
                origins.insert(setting.key, Origin::Variable(name));
            }
        }
        for (key, value) in flags.given() {
            put(&mut values, key, value.to_owned());
            origins.insert(key, Origin::Flag);
        }
        let config: Config = values.try_into().map_err(|error: toml::de::Error| {
            ConfigError::Unfit(error.to_string().trim().replace('\n', ": "))
        })?;
        Ok(Self { config, file, origins })
    }

    /// Where the value of `key` came from.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }

    /// Every setting with its value as it may be shown, and its origin.
    pub fn shown(&self) -> Vec<(&'static str, String, Origin)> {
        let values = Table::try_from(&self.config).expect("settings are TOML");
        let show = |setting: &Setting| match setting.key {
            "database.url" => super::Secret::new(self.config.database_url()).to_string(),
            "mail.smtp_url" => {
                self.config.mail.smtp_url.as_ref().map(ToString::to_string).unwrap_or_default()
            }
            key => find(&values, key).map(ToString::to_string).unwrap_or_default(),
        };
        SETTINGS
            .iter()
            .map(|setting| (setting.key, show(setting), self.origin(setting.key)))
            .collect()
    }
}

/// The environment of this process.
#[expect(clippy::disallowed_methods, reason = "this is the file that reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The example file: every setting with its default, its variable and its reason.
pub fn example() -> String {
    let defaults = Table::try_from(Config::default()).expect("the defaults are TOML");
    let mut text = String::from(
        "# Every setting of Tablée with its default. Copy what you change into tablee.toml.\n\
         # A flag of the command line wins over the environment, the environment over this file.\n",
    );
    let mut section = "";
    for setting in SETTINGS {
        let (of, name) = setting.key.split_once('.').expect("keys are section.name");
        if of != section {
            section = of;
            let _ = writeln!(text, "\n[{of}]");
        }
        for line in setting.why.lines() {
            let _ = writeln!(text, "# {line}");
        }
        if let Some(variable) = setting.variable {
            let _ = writeln!(text, "# Environment: {variable}");
        }
        let default = find(&defaults, setting.key).map(ToString::to_string);
        let shown = default.or_else(|| setting.example.map(|words| format!("\"{words}\"")));
        let _ = writeln!(text, "# {name} = {}", shown.unwrap_or_default());
    }
    text
}

fn read_file(named: Option<PathBuf>) -> Result<(Option<PathBuf>, Table), ConfigError> {
    let path = match named {
        Some(path) => path,
        None if Path::new("tablee.toml").exists() => PathBuf::from("tablee.toml"),
        None => return Ok((None, Table::new())),
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|cause| ConfigError::Unreadable { path: path.clone(), cause })?;
    let table = text.parse::<Table>().map_err(|cause| ConfigError::NotToml {
        path: path.clone(),
        cause: cause.to_string().trim().replace('\n', ": "),
    })?;
    Ok((Some(path), table))
}

fn find<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    let (section, name) = key.split_once('.')?;
    table.get(section)?.as_table()?.get(name)
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(known)), Value::Table(written)) => merge(known, written),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Puts a text where a setting stands; numbers keep their kind, as a file would write them.
fn put(values: &mut Table, key: &str, text: String) {
    let Some((section, name)) = key.split_once('.') else { return };
    let section = values.entry(section).or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(section) = section {
        section.insert(name.to_owned(), Value::String(text));
    }
}
