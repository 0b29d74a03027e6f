//! The program: everything that knows HTTP, the environment or the command line.
//!
//! - [`config`], [`clock`], [`telemetry`]: what the machine gives.
//! - [`app`]: the parts, built once, and their orderly stop. [`data_folder`], [`first_start`]: before that.
//! - [`logins`]: ends sockets whose login or role ended.
//! - [`commands`]: one file per subcommand.
//! - [`sign_in`], [`mail`]: links, codes, and the mails that carry them. [`seal`]: words that only we can have written.
//! - [`digest`]: news that wait for their hour, and the morning's mails.
//! - [`people`]: who comes in, and who does not any more.
//! - [`site`]: what administrators set without a developer.
//! - [`proposing`]: what is proposed with the form, as its authors know it.
//! - [`desk`]: what pilots decide, and how it comes into the table.
//! - [`importing`]: a file becomes a plan, a plan becomes rows.
//! - [`history`], [`restoring`], [`erasing`]: what was done, something earlier written again, what must go for good.
//! - [`web`]: pages, the JSON API, the live door.
//! - [`catalogue`]: what visitors may see, once per revision.
//! - [`templates`], [`wording`], [`i18n`], [`assets`]: pages, the words of cells, what the interface says, built files.

pub mod config;

pub mod clock;
pub mod telemetry;

pub mod app;
pub mod data_folder;
pub mod first_start;
pub mod logins;

pub mod commands;

pub mod digest;
pub mod mail;
pub mod seal;
pub mod sign_in;
pub mod site;

pub mod people;

pub mod proposing;

pub mod desk;
pub mod importing;

pub mod erasing;
pub mod history;
pub mod restoring;

pub mod web;

pub mod assets;
pub mod catalogue;
pub mod i18n;
pub mod templates;
pub mod wording;
