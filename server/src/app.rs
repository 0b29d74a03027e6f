//! The parts of the program, built once from the settings; how it starts and how it stops.
//!
//! Handlers take the parts they need: `State<Rooms>`, `State<Store>`, `State<PublicUrl>`… each by `FromRef`.
//! To add a part: a field here, built in [`App::build`].

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::FromRef;
use tablee_domain::offer::Status;
use tablee_domain::table::Plain;
use tablee_live::{Chance, Clock, RoomConfig, Rooms};
use tablee_storage::Store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::assets::Assets;
use crate::catalogue::Shelf;
use crate::config::Config;
use crate::desk::Desk;
use crate::erasing::Eraser;
use crate::importing::Importer;
use crate::logins::LoginWatch;
use crate::mail::{MailParts, MailRoom, Postman};
use crate::proposing::{self, Proposing};
use crate::seal::Seal;
use crate::sign_in::{SignInDesk, SignInRules};
use crate::site::Site;
use crate::web::middleware::rate_limit::Limits;
use crate::web::urls::PublicUrl;

/// The clock everybody shares.
pub type SharedClock = Arc<dyn Clock>;
/// The source of chance everybody shares.
pub type SharedChance = Arc<dyn Chance>;

/// Everything a handler may ask for.
#[derive(Clone, FromRef)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The tables that are open.
    pub rooms: Rooms,
    /// What visitors see of them.
    pub shelf: Shelf,
    /// Takes out of them what must go for good.
    pub eraser: Eraser,
    /// Takes files into them.
    pub importer: Importer,
    /// The built files of the client.
    pub assets: Assets,
    /// The time.
    pub clock: SharedClock,
    /// Chance.
    pub chance: SharedChance,
    /// The address people type.
    pub public_url: PublicUrl,
    /// Takes askings for a sign-in mail.
    pub sign_in: SignInDesk,
    /// Where letters are posted.
    pub mails: MailRoom,
    /// Ends the sockets of logins that ended.
    pub logins: LoginWatch,
    /// Who may ask how often.
    pub limits: Limits,
    /// Takes proposals in.
    pub proposing: Proposing,
    /// What proves that words are ours.
    pub seal: Seal,
    /// Settings and texts that administrators change.
    pub site: Site,
    /// Where pilots decide.
    pub desk: Desk,
    /// The work that a stop waits for.
    pub tasks: Tasks,
}

/// What an [`App`] is made of beside its settings: tests give their own.
pub struct Outside {
    /// The database, migrated.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// Chance.
    pub chance: SharedChance,
    /// Who carries mails.
    pub postman: Arc<dyn Postman>,
    /// The address people type.
    pub public_url: PublicUrl,
    /// What proves that words are ours.
    pub seal: Seal,
    /// Settings and texts that administrators change.
    pub site: Site,
    /// This program, which reads files from outside as its own child.
    pub program: PathBuf,
}

impl App {
    /// Builds the parts. Starts the work that goes on in the background.
    #[expect(clippy::too_many_lines, reason = "one paragraph for each part, in their order")]
    pub fn build(config: Config, outside: Outside) -> Self {
        let Outside { store, clock, chance, postman, public_url, seal, site, program } = outside;
        let tasks = Tasks::default();
        let rooms = Rooms::new(
            store.clone(),
            room_config(&config),
            Arc::clone(&clock),
            Arc::clone(&chance),
        );
        let limits = Limits::of(&config, &clock);
        let rules = SignInRules::of(&config.sign_in);
        let sign_in = SignInDesk::open(
            store.clone(),
            (Arc::clone(&clock), Arc::clone(&chance)),
            (Arc::clone(&postman), config.mail.from.clone()),
            (public_url.clone(), rules),
            &tasks,
        );
        let mails = MailRoom::open(MailParts {
            store: store.clone(),
            rooms: rooms.clone(),
            clock: Arc::clone(&clock),
            postman,
            from: config.mail.from.clone(),
            public_url: public_url.clone(),
            seal: seal.clone(),
            site: site.clone(),
            zone: config.web.time_zone.clone(),
        });
        let logins = LoginWatch::start(store.clone(), Arc::clone(&clock), &tasks);
        let eraser = Eraser::new(store.clone(), rooms.clone(), &config.server.data_dir);
        let machine = (Arc::clone(&clock), Arc::clone(&chance));
        let importer = Importer::new(store.clone(), rooms.clone(), machine, program, tasks.clone());
        importer.keep_forgetting();
        site.keep_looking(&tasks);
        let proposing = Proposing::start(
            proposing::Parts {
                store: store.clone(),
                rooms: rooms.clone(),
                clock: Arc::clone(&clock),
                chance: Arc::clone(&chance),
                mails: mails.clone(),
                site: site.clone(),
            },
            &tasks,
        );
        let desk = Desk::new(
            (store.clone(), rooms.clone()),
            (Arc::clone(&clock), Arc::clone(&chance)),
            (mails.clone(), site.clone()),
            tasks.clone(),
        );
        let config = Arc::new(config);
        let (shelf, assets) = (Shelf::new(rooms.clone()), Assets::load());
        Self {
            config,
            store,
            rooms,
            shelf,
            eraser,
            importer,
            assets,
            clock,
            chance,
            public_url,
            sign_in,
            mails,
            logins,
            limits,
            proposing,
            seal,
            site,
            desk,
            tasks,
        }
    }

    /// The way of files into tables.
    pub fn importer(&self) -> &Importer {
        &self.importer
    }

    /// Stops in order: sockets are told to come back later, what rooms hold is written, work ends.
    pub async fn stop(self) -> anyhow::Result<()> {
        let within = self.config.server.stop_within.0;
        let orderly = async {
            self.rooms.stop().await;
            self.tasks.stop().await;
        };
        tokio::time::timeout(within, orderly).await.with_context(|| {
            format!("the stop took longer than {}", self.config.server.stop_within)
        })
    }
}

/// The settings of rooms.
pub fn room_config(config: &Config) -> RoomConfig {
    let defaults = RoomConfig::default();
    let draft = (Status::COLUMN.to_owned(), Plain::text(Status::Draft.as_str()));
    RoomConfig {
        row_starts_with: vec![draft],
        members_edit: config.people.members_edit.into(),
        peer: tablee_live::PeerLimits { peers: config.live.peers, ..defaults.peer },
        snapshot_after: config.live.snapshot_after,
        idle_after: config.live.idle_after.0,
        ..defaults
    }
}

/// Work in the background. Nothing is spawned elsewhere: a stop must know what to wait for.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
}

impl Tasks {
    /// Runs work that ends by itself, such as one socket.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work);
    }

    /// Work that a stop waits for, run by somebody else.
    pub fn track<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        self.tracker.track_future(work)
    }

    /// Resolves when the program stops: loops end then.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Whether it does.
    pub fn are_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Tells all work to end.
    pub fn begin_stop(&self) {
        self.stopping.cancel();
    }

    /// Tells all work to end, and waits for it.
    pub async fn stop(&self) {
        self.begin_stop();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
