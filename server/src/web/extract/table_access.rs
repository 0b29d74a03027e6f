//! Proof that whoever asks may do something in a table.
//!
//! To add a permission: a type, and its line of [`Permission::is_given_to`].

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tablee_domain::people::Role;

use super::Somebody;
use crate::app::App;
use crate::web::error::WebError;

/// Something that a role may do.
pub trait Permission: Send + Sync + 'static {
    /// Whether the role may.
    fn is_given_to(role: Role) -> bool;
}

/// Reading all rows, drafts included, and working in the live table.
#[derive(Debug)]
pub struct Work;

/// Deciding: state, order, restoring, merging, importing.
#[derive(Debug)]
pub struct Curate;

/// Looking after people and settings.
#[derive(Debug)]
pub struct Administer;

impl Permission for Work {
    fn is_given_to(role: Role) -> bool {
        match role {
            Role::Member | Role::Pilot | Role::Admin => true,
        }
    }
}

impl Permission for Curate {
    fn is_given_to(role: Role) -> bool {
        role.can_curate()
    }
}

impl Permission for Administer {
    fn is_given_to(role: Role) -> bool {
        role.can_administer()
    }
}

/// Proof that the person behind this request may do `P`.
///
/// The only way to hold one is to have been checked, so a handler that asks for `TableAccess<Curate>` cannot
/// forget to: 401 where nobody is signed in, 403 where the role does not allow it.
#[derive(Debug, Clone)]
pub struct TableAccess<P: Permission> {
    /// Who was checked.
    pub by: Somebody,
    checked: PhantomData<fn() -> P>,
}

impl<P: Permission> TableAccess<P> {
    /// Checks a person.
    pub fn check(by: Somebody) -> Result<Self, WebError> {
        if P::is_given_to(by.role) {
            Ok(Self { by, checked: PhantomData })
        } else {
            Err(WebError::Forbidden)
        }
    }
}

impl<P: Permission> FromRequestParts<App> for TableAccess<P> {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        Self::check(<Somebody as FromRequestParts<App>>::from_request_parts(parts, app).await?)
    }
}
