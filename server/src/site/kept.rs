//! How settings and texts are kept: versions, who changed what and when.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::{StoreError, Tx, settings, site_texts};

use super::{Outcome, SiteSettings};
use crate::i18n::Locale;

/// The line that says that something changed; held while it is written.
const VERSION: &str = "site_version";
const SETTINGS: &str = "site";
/// Changes that are told.
const TOLD: usize = 100;

/// Settings and texts at one version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edition {
    /// Goes up with each change of anything.
    pub version: i64,
    /// The settings.
    pub settings: Arc<SiteSettings>,
    /// The version of the settings.
    pub settings_version: i64,
    /// What was changed in them, newest first.
    pub changes: Vec<Change>,
    texts: HashMap<(String, Locale), KeptText>,
}

/// One setting that somebody changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
    /// The name of the field.
    pub field: String,
    /// What it said before.
    pub before: String,
    /// What it says since.
    pub after: String,
}

/// A text that was changed, or changed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptText {
    /// What was written; none where the text of the interface stands again.
    pub text: Option<String>,
    /// Goes up with each change of this text.
    pub version: i64,
    /// Who changed it last.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct SettingsLine {
    version: i64,
    settings: SiteSettings,
    changes: Vec<Change>,
}

/// What is kept for a text that went back to that of the interface: its version counts on.
const ORIGINAL: &str = "";

impl Edition {
    /// What somebody wrote instead of a text of the interface.
    pub fn text(&self, key: &str, locale: Locale) -> Option<String> {
        self.kept(key, locale)?.text.clone()
    }

    /// How many texts stand as somebody wrote them.
    pub fn changed_texts(&self) -> usize {
        self.texts.values().filter(|kept| kept.text.is_some()).count()
    }

    /// The last change of a text.
    pub fn kept(&self, key: &str, locale: Locale) -> Option<&KeptText> {
        // A text is asked for by a borrowed key; the map has few lines.
        self.texts.get(&(key.to_owned(), locale))
    }
}

/// The version of everything.
pub async fn version(tx: &mut Tx) -> Result<i64, StoreError> {
    let line = settings::get(tx, VERSION).await?;
    Ok(line.and_then(|line| line.parse().ok()).unwrap_or_default())
}

/// Reads all of it.
pub async fn load(tx: &mut Tx) -> Result<Edition, StoreError> {
    let version = version(tx).await?;
    let line: SettingsLine = read(tx, SETTINGS).await?;
    let texts = site_texts::all(tx).await?.into_iter().filter_map(|it| {
        let kept = KeptText {
            text: Some(it.text).filter(|text| text != ORIGINAL),
            version: it.version,
            by: it.changed_by,
            at: it.changed_at,
        };
        Some(((it.key, Locale::from_tag(&it.locale)?), kept))
    });
    Ok(Edition {
        version,
        settings: Arc::new(line.settings),
        settings_version: line.version,
        changes: line.changes,
        texts: texts.collect(),
    })
}

/// Sets the settings and notes what is different.
pub async fn set(
    tx: &mut Tx,
    (by, at): (PersonId, Timestamp),
    version: i64,
    to: SiteSettings,
) -> Result<Outcome, StoreError> {
    settings::hold(tx, VERSION).await?;
    let mut line: SettingsLine = read(tx, SETTINGS).await?;
    let pairs = line.settings.told().into_iter().zip(to.told());
    let different = pairs.filter(|((_, before), (_, after))| before != after);
    let changes: Vec<Change> = different
        .map(|((field, before), (_, after))| Change {
            at,
            by,
            field: field.to_owned(),
            before,
            after,
        })
        .collect();
    if changes.is_empty() {
        return Ok(Outcome::Same);
    }
    if line.version != version {
        return Ok(Outcome::Moved);
    }
    line.changes.splice(0..0, changes);
    line.changes.truncate(TOLD);
    line.settings = to;
    line.version += 1;
    write(tx, SETTINGS, &line).await?;
    Ok(Outcome::Done)
}

/// Writes a text, or goes back to that of the interface.
pub async fn set_text(
    tx: &mut Tx,
    (by, at): (PersonId, Timestamp),
    (key, locale): (&str, Locale),
    version: i64,
    to: Option<&str>,
) -> Result<Outcome, StoreError> {
    settings::hold(tx, VERSION).await?;
    let kept = site_texts::get(tx, key, locale.tag()).await?;
    let to = to.unwrap_or(ORIGINAL);
    if kept.as_ref().map_or(ORIGINAL, |kept| &kept.text) == to {
        return Ok(Outcome::Same);
    }
    if !site_texts::set(tx, (key, locale.tag()), to, version, Some(by), at).await? {
        return Ok(Outcome::Moved);
    }
    changed(tx).await?;
    Ok(Outcome::Done)
}

async fn read<T: Default + for<'d> Deserialize<'d>>(
    tx: &mut Tx,
    key: &'static str,
) -> Result<T, StoreError> {
    let line = settings::get(tx, key).await?;
    let Some(line) = line else { return Ok(T::default()) };
    serde_json::from_str(&line).map_err(|_| StoreError::Corrupt {
        table: "settings",
        row: key.to_owned(),
        column: "value".to_owned(),
    })
}

async fn write<T: Serialize>(tx: &mut Tx, key: &str, line: &T) -> Result<(), StoreError> {
    let json = serde_json::to_string(line).expect("settings are JSON");
    settings::set(tx, key, &json).await?;
    changed(tx).await
}

/// Says that something changed.
async fn changed(tx: &mut Tx) -> Result<(), StoreError> {
    let next = version(tx).await? + 1;
    settings::set(tx, VERSION, &next.to_string()).await
}
