//! `tablee serve`: starts, listens, and stops in order.

use std::fmt::Write as _;
use std::future::IntoFuture;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{App, Outside};
use crate::config::Loaded;
use crate::data_folder::DataFolder;
use crate::first_start;
use crate::importing::this_program;
use crate::mail::postman;
use crate::seal::Seal;
use crate::site::Site;
use crate::web::router;
use crate::web::urls::PublicUrl;

/// Runs the command until it is told to stop.
pub async fn run(loaded: Loaded) -> anyhow::Result<ExitCode> {
    let config = loaded.config.clone();
    // Whatever could be wrong is found before anything is changed: folder, port, mail, database.
    let mut folder = DataFolder::take(&config.server.data_dir)?;
    let postman = postman(&config.mail)?;
    let listen = &config.server.listen;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on `{listen}`"))?;
    let here = PublicUrl::of_listener(&listener.local_addr()?.to_string())?;
    let public_url = config.server.public_url.clone().unwrap_or_else(|| here.clone());
    let store = super::open_store(&loaded).await?;
    let (clock, chance) = super::machine();
    let program = this_program()?;
    let seal = Seal::of(&store, &*chance).await?;
    let site = Site::of(&store).await?;
    let outside =
        Outside { store: store.clone(), clock, chance, postman, public_url, seal, site, program };
    let app = App::build(config, outside);
    let links = first_start::prepare(&app).await?;
    // A database that is older than the journal of erasures never opens its doors with what was erased.
    app.eraser.catch_up().await?;
    // After the erasures: none of what is taken up again may bring back what must go.
    app.importer.resume_all().await?;
    app.desk.resume_all().await?;
    app.mails.start(&app.tasks).await?;
    if let Err(error) = app.rooms.rub_out_what_is_owed().await {
        tracing::error!(%error, "erased words may stand in free space of the disk until the next start");
    }
    let stop = stop_signal()?;
    folder.tell_address(&here.to_string())?;
    let mut told = format!("Tablée listens on {here}\n");
    for (role, link) in links {
        let _ = writeln!(told, "{:<6}  {link}", role.as_str());
    }
    say(&told);
    let outcome = serve_until(app, listener, stop).await;
    store.close().await;
    drop(folder);
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Whoever started us may have left: that is no reason to stop serving.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Resolves when an operator or the system asks for a stop.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Serves; then stops accepting, says goodbye to sockets, and waits for what is under way.
async fn serve_until(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let router: Router = router(app.clone());
    let quick = listener.tap_io(|socket| {
        // Frames are small and somebody waits for each.
        let _ = socket.set_nodelay(true);
    });
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    let tasks = app.tasks.clone();
    let told = async move {
        stop.await;
        tracing::info!("stopping");
        tasks.begin_stop();
    };
    let within = app.config.server.stop_within.0;
    let (tasks, serving) =
        (app.tasks.clone(), axum::serve(quick, make).with_graceful_shutdown(told));
    let requests = async {
        let patience = async {
            tasks.stopping().await;
            tokio::time::sleep(within).await;
        };
        tokio::select! {
            ended = serving.into_future() => {
                // Where it ended by itself, the rest must stop too.
                tasks.begin_stop();
                return ended.context("the server stopped listening");
            }
            () = patience => tracing::warn!("some requests were still under way and were cut off"),
        }
        Ok(())
    };
    let tables = async {
        tasks.stopping().await;
        app.stop().await
    };
    let (answered, stopped) = tokio::join!(requests, tables);
    stopped.and(answered)
}
