//! Pages and doors, through HTTP, in this process; the clock moves only when a test moves it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

#[path = "../support/mod.rs"]
mod support;

mod canary;
mod catalogue;
mod checks;
mod columns;
mod desk;
mod doors;
mod erasing;
mod exports;
mod folds;
mod following;
mod headers;
mod history;
mod import_pages;
mod importing;
mod live_door;
mod mail_choices;
mod mail_queue;
mod mails;
mod mine;
mod offline;
mod origins;
mod pages;
mod people_pages;
mod program;
mod proposing;
mod restoring;
mod rights_matrix;
mod settings;
mod settings_pages;
mod sign_in;
mod sign_in_limits;
mod suggestions;
mod walk;
mod welcome;
mod workbook_plans;
mod workbooks;
