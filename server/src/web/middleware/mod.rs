//! What every request passes before and after its handler. Their order stands in [`super::router`].

pub mod host;
pub mod origin;
pub mod rate_limit;
pub mod request_id;
pub mod security_headers;
pub mod show_failures;
pub mod typed_words;
