//! `tablee sign-in-link EMAIL`: a link for somebody, without a mail. Works beside a running server.

use std::process::ExitCode;

use clap::Args;
use url::Url;

use crate::config::Loaded;
use crate::data_folder::DataFolder;
use crate::sign_in::link_by_command;
use crate::web::urls::PublicUrl;

/// Whose link.
#[derive(Debug, Args)]
pub struct SignInLink {
    /// The e-mail address of a person who is here already
    email: String,
}

/// Runs the command.
pub async fn run(loaded: Loaded, command: SignInLink) -> anyhow::Result<ExitCode> {
    let store = super::open_store(&loaded).await?;
    let (clock, chance) = super::machine();
    let person = super::person_by_email(&mut store.read().await?, &command.email).await?;
    let good_for = loaded.config.sign_in.command_link_for.0;
    let path = link_by_command(&store, (&clock, &chance), person.id, good_for).await?;
    println!("{}", public_url(&loaded)?.join(&path));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The address that was set, or that of the server that runs here, or the one it would listen on.
pub(super) fn public_url(loaded: &Loaded) -> anyhow::Result<PublicUrl> {
    let server = &loaded.config.server;
    if let Some(url) = &server.public_url {
        return Ok(url.clone());
    }
    match DataFolder::address_of_server(&server.data_dir) {
        Some(address) => Ok(PublicUrl::new(&Url::parse(&address)?)),
        None => PublicUrl::of_listener(&server.listen),
    }
}
