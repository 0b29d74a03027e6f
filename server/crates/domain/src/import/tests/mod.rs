//! What plans promise, with the files of people in mind.

mod decided;
mod differences;
mod extracts;
mod matches;
mod plans;
mod properties;
mod reports;
mod support;
