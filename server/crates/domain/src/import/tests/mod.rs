//! What plans promise, with the files of people in mind.

mod plans;
mod support;
