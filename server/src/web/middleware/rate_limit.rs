//! Who may ask how often. A place is an IPv4 address or an IPv6 /64: whoever has one has all of it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use tablee_domain::ids::PersonId;

use crate::app::{App, SharedClock};
use crate::config::Config;
use crate::web::error::WebError;

/// Places that one limiter remembers before it forgets those that are as good as new.
const REMEMBERED: usize = 20_000;

/// Requests of one person in an hour that leave suggestions: each may hold all that a long absence refused.
pub const SUGGESTIONS: u32 = 60;

/// KiB of suggestions that one person may leave in an hour.
pub const SUGGESTED: u32 = 32 << 10;

/// Files that one person may send in an hour to be imported.
pub const IMPORTS: u32 = 5;

/// Proposals of one signed-in person in an hour: after a meeting, somebody types all that was named there.
pub const PROPOSALS_OF_ONE: u32 = 60;

/// Follow-up links asked from one place in an hour.
const LOST_LINKS: u32 = 10;

/// Times in a second that a form asks for offers like the one being typed, and its reserve.
const LOOKED_UP: (u32, u32) = (4, 30);

/// All limits of the web.
#[derive(Clone)]
pub struct Limits {
    /// Requests of any kind.
    pub requests: Limit<IpAddr>,
    /// Askings for a sign-in mail from one place.
    pub askings: Limit<IpAddr>,
    /// Askings for a sign-in mail in all.
    pub askings_in_all: Limit<()>,
    /// Codes typed from one place: five for each mail that may be asked for.
    pub codes: Limit<IpAddr>,
    /// Requests of one person that leave suggestions.
    pub suggestions: Limit<PersonId>,
    /// What one person leaves in suggestions, in KiB.
    pub suggested: Limit<PersonId>,
    /// Files of one person that are to be imported.
    pub imports: Limit<PersonId>,
    /// Proposals of one signed-in person.
    pub proposals_of_one: Limit<PersonId>,
    /// Follow-up links asked from one place.
    pub lost_links: Limit<IpAddr>,
    /// Questions from one place for offers like one that is being typed.
    pub looked_up: Limit<IpAddr>,
}

impl Limits {
    /// The limits that the settings ask for.
    pub fn of(config: &Config, clock: &SharedClock) -> Self {
        let (web, sign_in) = (&config.web, &config.sign_in);
        Self {
            requests: Limit::a_second(web.requests_per_second, web.requests_burst, clock),
            askings: Limit::an_hour(sign_in.askings_per_place, clock),
            askings_in_all: Limit::an_hour(sign_in.askings_in_all, clock),
            codes: Limit::an_hour(sign_in.askings_per_place.saturating_mul(5), clock),
            suggestions: Limit::an_hour(SUGGESTIONS, clock),
            suggested: Limit::an_hour(SUGGESTED, clock),
            imports: Limit::an_hour(IMPORTS, clock),
            proposals_of_one: Limit::an_hour(PROPOSALS_OF_ONE, clock),
            lost_links: Limit::an_hour(LOST_LINKS, clock),
            looked_up: Limit::a_second(LOOKED_UP.0, LOOKED_UP.1, clock),
        }
    }
}

/// One limit, counted for each key apart.
pub struct Limit<K: Key>(Arc<Limiter<K>>);

/// What can be counted.
pub trait Key: std::hash::Hash + Eq + Clone + Send + Sync + 'static {}
impl<K: std::hash::Hash + Eq + Clone + Send + Sync + 'static> Key for K {}

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, OurClock, NoOpMiddleware<Duration>>;

impl<K: Key> Clone for Limit<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Key> Limit<K> {
    /// So many in an hour, all at once if need be.
    pub fn an_hour(most: u32, clock: &SharedClock) -> Self {
        let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
        Self::new(Quota::per_hour(most), clock)
    }

    /// So many in a second, with a reserve.
    pub fn a_second(sustained: u32, burst: u32, clock: &SharedClock) -> Self {
        let [sustained, burst] =
            [sustained, burst].map(|most| NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN));
        Self::new(Quota::per_second(sustained).allow_burst(burst), clock)
    }

    fn new(quota: Quota, clock: &SharedClock) -> Self {
        Self(Arc::new(RateLimiter::dashmap_with_clock(quota, OurClock(Arc::clone(clock)))))
    }

    /// Counts one; refuses when it is one too many.
    pub fn take(&self, key: &K) -> Result<(), WebError> {
        self.take_many(key, 1)
    }

    /// Counts so many at once, all or none.
    pub fn take_many(&self, key: &K, many: usize) -> Result<(), WebError> {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        let many = u32::try_from(many).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        // More than the limit ever holds will never be taken.
        let counted = self.0.check_key_n(key, many).map_err(|_| WebError::TooLarge)?;
        counted.map_err(|refused| {
            let now = self.0.clock().now();
            WebError::TooMany { wait: refused.wait_time_from(now) }
        })
    }
}

/// The program's clock, as the limiter wants it.
#[derive(Clone)]
struct OurClock(SharedClock);

impl GovernorClock for OurClock {
    type Instant = Duration;
    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now().get()).unwrap_or_default())
    }
}

/// Where a request comes from, for limits only: never a proof of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub IpAddr);

impl FromRequestParts<App> for Place {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        Ok(place_of(peer, &parts.headers, &app.config.server.trusted_proxies))
    }
}

/// Refuses a place that asks far too often.
pub async fn check(
    State(limits): State<Limits>,
    place: Place,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    limits.requests.take(&place.0)?;
    Ok(next.run(request).await)
}

/// The first hop from the right that is not one of our proxies: anything further left can be forged.
fn place_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> Place {
    let forwarded = headers.get_all("x-forwarded-for").iter();
    let hops: Vec<&str> =
        forwarded.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).collect();
    let mut from = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        if !trusted.contains(&from) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        from = address.to_canonical();
    }
    Place(match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn forwarded(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| ("x-forwarded-for".parse().unwrap(), line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_forged_header_changes_nothing_unless_a_proxy_of_ours_sent_it() {
        let headers = forwarded(&["1.1.1.1, 2.2.2.2"]);

        assert_eq!(place_of(ip("9.9.9.9"), &headers, &[]).0, ip("9.9.9.9"));
        assert_eq!(place_of(ip("9.9.9.9"), &headers, &[ip("9.9.9.9")]).0, ip("2.2.2.2"));
        assert_eq!(
            place_of(ip("9.9.9.9"), &headers, &[ip("9.9.9.9"), ip("2.2.2.2")]).0,
            ip("1.1.1.1")
        );
        assert_eq!(
            place_of(ip("9.9.9.9"), &forwarded(&["1.1.1.1", "garbage"]), &[ip("9.9.9.9")]).0,
            ip("9.9.9.9")
        );
    }

    #[test]
    fn all_addresses_of_one_network_are_one_place() {
        let one = place_of(ip("2001:db8:1:2:3:4:5:6"), &HeaderMap::new(), &[]);
        let other = place_of(ip("2001:db8:1:2:ffff::1"), &HeaderMap::new(), &[]);
        let elsewhere = place_of(ip("2001:db8:1:3::1"), &HeaderMap::new(), &[]);

        assert_eq!(one, other);
        assert_ne!(one, elsewhere);
        assert_eq!(place_of(ip("::ffff:1.2.3.4"), &HeaderMap::new(), &[]).0, ip("1.2.3.4"));
    }
}
