//! A whole program in this process, and people who use it through its doors.
//!
//! To add a helper: it acts as a browser or an operator would. The few that write to the database themselves
//! start with `db_`.

mod browser;
pub mod log;
mod machine;
mod socket;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use tablee::app::{App, Outside};
use tablee::config::Config;
use tablee::first_start;
use tablee::mail::carrying::Round;
use tablee::mail::{Mail, Postman, Undelivered};
use tablee::seal::Seal;
use tablee::sign_in::link_by_command;
use tablee::site::Site;
use tablee::web;
use tablee::web::logins::key_of;
use tablee::web::urls::PublicUrl;
use tablee_domain::people::Role;
use tablee_storage::{Store, people};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub use browser::{Answer, Browser, Forms};
pub use machine::{Folder, TestChance, TestClock};
pub use socket::{Tab, TabRefused};

/// The program, with a database of its own and a clock that only tests move.
pub struct TestApp {
    pub app: App,
    pub clock: Arc<TestClock>,
    router: Router,
    mails: tokio::sync::Mutex<mpsc::UnboundedReceiver<Mail>>,
    mail_server: MailServer,
    address: Mutex<Option<std::net::SocketAddr>>,
    folder: Folder,
}

impl TestApp {
    /// Starts as a first start does, without an import, on a loopback address.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with other settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(Folder::fresh(), change).await
    }

    /// Starts over what stands in a folder.
    pub async fn start_in(folder: Folder, change: impl FnOnce(&mut Config)) -> Self {
        let app = Self::start_asleep(folder, 7, change).await;
        app.wakes().await;
        app
    }

    /// Starts with another reader of files.
    pub async fn start_reading_with(program: std::path::PathBuf) -> Self {
        Self::start_of(Folder::fresh(), 7, program, |_| {}).await
    }

    /// Starts over what stands in a folder with other chance, and takes nothing up that was under way there.
    pub async fn start_asleep(
        folder: Folder,
        chance: u64,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        Self::start_of(folder, chance, env!("CARGO_BIN_EXE_tablee").into(), change).await
    }

    async fn start_of(
        folder: Folder,
        chance: u64,
        program: std::path::PathBuf,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config::default();
        config.server.data_dir = folder.path().to_owned();
        change(&mut config);
        let store = Store::connect(&config.database_url()).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(TestClock::at_noon());
        let (letters, mails) = mpsc::unbounded_channel();
        let mail_server = MailServer::default();
        let public_url = config.server.public_url.clone();
        let chance = Arc::new(TestChance::seeded(chance));
        let seal = Seal::of(&store, &*chance).await.unwrap();
        let site = Site::of(&store).await.unwrap();
        let outside = Outside {
            site,
            store,
            clock: Arc::clone(&clock) as _,
            chance,
            postman: Arc::new(Letterbox(letters, Arc::clone(&mail_server))),
            public_url: public_url.unwrap_or_else(|| address("http://127.0.0.1:8080")),
            seal,
            program,
        };
        let app = App::build(config, outside);
        first_start::prepare(&app).await.unwrap();
        app.eraser.catch_up().await.unwrap();
        app.mails.start(&app.tasks).await.unwrap();
        let router = web::router(app.clone());
        let mails = tokio::sync::Mutex::new(mails);
        Self { app, clock, router, mails, mail_server, address: Mutex::default(), folder }
    }

    /// Takes up what an earlier run left under way, as a start does before its doors open.
    pub async fn wakes(&self) {
        self.app.importer.resume_all().await.unwrap();
        self.app.desk.resume_all().await.unwrap();
    }

    /// Stops, however that goes, and leaves what it kept.
    pub async fn leaves_its_folder(self) -> Folder {
        let store = self.app.store.clone();
        // Where nothing can be kept any more, that is said; here it is meant.
        let _ = self.app.stop().await;
        store.close().await;
        self.folder
    }

    /// The folder that holds all it keeps.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone(), self.app.public_url.to_string(), forms_of(&self.app))
    }

    /// A member who has signed in.
    pub async fn member(&self, name: &str) -> Browser {
        self.person(name, Role::Member).await
    }

    /// A pilot who has signed in.
    pub async fn pilot(&self, name: &str) -> Browser {
        self.person(name, Role::Pilot).await
    }

    /// A person who has signed in by a link of the operator's.
    pub async fn person(&self, name: &str, role: Role) -> Browser {
        self.signs_in(&self.db_person(name, role).await).await
    }

    /// Somebody who is known, in a browser of their own.
    pub async fn signs_in(&self, email: &str) -> Browser {
        let path = self.link_for(email).await;
        let mut browser = self.visitor();
        let answer = browser.post(&path, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// Adds a person as `tablee person add` does; returns the address.
    pub async fn db_person(&self, name: &str, role: Role) -> String {
        let email = format!("{}@exemple.fr", name.to_lowercase());
        let mut tx = self.app.store.begin().await.unwrap();
        people::add(&mut tx, &email, name, role, self.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        email
    }

    /// Gives a person another role as `tablee person role` does, beside the server.
    pub async fn db_gives_role(&self, email: &str, role: Role) {
        let mut tx = self.app.store.begin().await.unwrap();
        let person = people::find_by_email(&mut tx, email).await.unwrap().unwrap();
        people::set_role(&mut tx, person.id, Some(role)).await.unwrap();
        tablee::logins::announce(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Removes a person as `tablee person remove` does, beside the server.
    pub async fn db_removes(&self, email: &str) {
        let mut tx = self.app.store.begin().await.unwrap();
        let person = people::find_by_email(&mut tx, email).await.unwrap().unwrap();
        people::remove(&mut tx, person.id).await.unwrap();
        tablee::logins::announce(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The path of a link as `tablee sign-in-link` prints it.
    pub async fn link_for(&self, email: &str) -> String {
        let mut tx = self.app.store.read().await.unwrap();
        let person = people::find_by_email(&mut tx, email).await.unwrap().unwrap();
        drop(tx);
        let good_for = self.app.config.sign_in.command_link_for.0;
        let machine = (&self.app.clock, &self.app.chance);
        link_by_command(&self.app.store, machine, person.id, good_for).await.unwrap()
    }

    /// The next mail that was sent.
    pub async fn mail(&self) -> Mail {
        let mut mails = self.mails.lock().await;
        let patience = std::time::Duration::from_secs(10);
        tokio::time::timeout(patience, mails.recv()).await.expect("a mail comes").expect("a mail")
    }

    /// What the mail server answers from now on; `None`: it takes what it gets.
    pub fn mail_server_is(&self, trouble: Option<Undelivered>) {
        *self.mail_server.lock().unwrap() = trouble;
    }

    /// The carrier goes round once; returns when all that is due was tried.
    pub async fn carries(&self) -> Round {
        self.app.mails.round(&self.app.tasks).await.unwrap()
    }

    /// The mails that left and were not looked at, once the carrier went round.
    pub async fn mails_by_now(&self) -> Vec<Mail> {
        self.carries().await;
        let mut mails = self.mails.lock().await;
        std::iter::from_fn(|| mails.try_recv().ok()).collect()
    }

    /// The mails that were sent and not looked at.
    pub async fn waiting_mails(&self) -> usize {
        self.mails.lock().await.len()
    }

    /// Where it listens for sockets.
    pub async fn listens(&self) -> std::net::SocketAddr {
        let known = *self.address.lock().unwrap();
        if let Some(address) = known {
            return address;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        *self.address.lock().unwrap() = Some(address);
        let make =
            self.router.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, make).await });
        address
    }

    /// Stops in order, and checks that what is on disk is what was shown.
    pub async fn end(self) {
        let store = self.app.store.clone();
        self.app.stop().await.unwrap();
        tablee_live::verify::verify(&store, first_start::FORMATIONS).await.unwrap();
        store.close().await;
        drop(self.folder);
    }
}

/// How pages of this program give tokens to their forms.
pub fn forms_of(app: &App) -> Forms {
    let (seal, clock) = (app.seal.clone(), app.clock.clone());
    Arc::new(move |cookie| {
        let login = cookie.and_then(|cookie| cookie.parse().ok()).map(|id| key_of(&id));
        let logins = [None, login.as_ref()].into_iter().take(1 + usize::from(login.is_some()));
        logins.map(|login| seal.form_token(login, clock.now())).collect()
    })
}

/// A public address.
pub fn address(url: &str) -> PublicUrl {
    PublicUrl::try_from(url.to_owned()).unwrap()
}

/// What the mail server of a test does with mails.
pub type MailServer = Arc<Mutex<Option<Undelivered>>>;

struct Letterbox(mpsc::UnboundedSender<Mail>, MailServer);

#[async_trait]
impl Postman for Letterbox {
    async fn carry(&self, mail: Mail) -> Result<(), Undelivered> {
        if let Some(trouble) = self.1.lock().unwrap().clone() {
            return Err(trouble);
        }
        // A test that ended takes no more mails.
        self.0.send(mail).map_err(|_| Undelivered::Away)
    }
}
