//! Pages and doors, through HTTP, in this process; the clock moves only when a test moves it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

#[path = "../support/mod.rs"]
mod support;

mod columns;
mod doors;
mod erasing;
mod exports;
mod headers;
mod history;
mod import_pages;
mod importing;
mod live_door;
mod mails;
mod offline;
mod origins;
mod pages;
mod program;
mod restoring;
mod settings;
mod sign_in;
mod sign_in_limits;
mod suggestions;
mod workbook_plans;
mod workbooks;
