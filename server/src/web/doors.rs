//! The list of doors: every method of every address, with who may pass, beside what answers.
//!
//! Routes are made here and nowhere else, so that the list is whole: tests walk through it as each role, from
//! foreign pages, with wrong tokens, in search of private words, and a new door cannot be forgotten.
//!
//! To add a door: its address in [`urls`](super::urls), and its line in the `routes` of its page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use crate::app::App;

/// Who may pass a door. The handler's own arguments decide; this says what they must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Everybody.
    Everybody,
    /// Whoever holds the secret that stands in the address.
    Holder,
    /// Whoever is signed in, with a role or without.
    SignedIn,
    /// Members, pilots and administrators.
    Member,
    /// Pilots and administrators.
    Pilot,
    /// Administrators.
    Admin,
}

/// One method of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with its parameters in braces.
    pub path: &'static str,
    /// Who may pass.
    pub who: Who,
}

/// Doors on their way to a router.
#[derive(Default)]
pub struct Doors {
    router: Router<App>,
    list: Vec<Door>,
}

impl Doors {
    /// No door yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A door that only reads.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.door(Door { method: "GET", path, who }, handler)
    }

    /// A door that changes something.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.door(Door { method: "POST", path, who }, handler)
    }

    /// A door that changes something and takes bodies of up to so many bytes; `None` where the handler bounds
    /// them itself.
    #[must_use]
    pub fn post_up_to<H, T>(
        self,
        path: &'static str,
        who: Who,
        most: Option<usize>,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let limit = most.map_or_else(DefaultBodyLimit::disable, DefaultBodyLimit::max);
        self.door(Door { method: "POST", path, who }, handler.layer(limit))
    }

    /// Those of another list.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        Self { router: self.router.merge(other.router), list: self.list }
    }

    fn door<H, T>(mut self, door: Door, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let method = if door.method == "GET" { MethodFilter::GET } else { MethodFilter::POST };
        self.list.push(door);
        Self { router: self.router.route(door.path, on(method, handler)), list: self.list }
    }

    /// The list.
    pub fn list(&self) -> &[Door] {
        &self.list
    }

    /// The router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}
