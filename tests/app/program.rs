//! The program itself: what it says when it cannot start, how it stops, and its commands beside a server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::support::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tablee");

/// The program as a server: it runs until it is told to stop.
fn server(folder: &Path) -> Command {
    in_folder(Command::new(PROGRAM), folder, &["serve"])
}

/// The program as a command. One that should end and does not is ended, with another exit code.
fn tablee(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("/usr/bin/timeout");
    command.args(["--signal=KILL", "60", PROGRAM]);
    in_folder(command, folder, words)
}

fn in_folder(mut command: Command, folder: &Path, words: &[&str]) -> Command {
    command.args(words).current_dir(folder).env_clear();
    command.env("TABLEE_DATA_DIR", folder.join("data")).env("TABLEE_LISTEN", "127.0.0.1:0");
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    tablee(folder, words).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Failed with 2 and one clear line.
fn refused(output: &Output, word: &str) {
    let (code, _, told) = said(output);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.starts_with("tablee: ") && told.contains(word), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

/// A server that listens; killed when the test ends.
struct Server {
    child: Child,
    told: Vec<String>,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child =
            server(folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = vec![lines.next().expect("it starts").unwrap()];
        // Links, where there are some, come with the first line.
        if !folder.join("data/started").exists() {
            told.extend(lines.by_ref().take(2).map(Result::unwrap));
            std::fs::write(folder.join("data/started"), "").unwrap();
        }
        Self { child, told }
    }

    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_first_start_prints_where_it_listens_and_two_links_and_a_second_does_not() {
    let folder = Folder::fresh();
    let server = Server::start(folder.path());

    let listens = server.told[0].strip_prefix("Tablée listens on ").unwrap().to_owned();
    for (line, role) in server.told[1..].iter().zip(["pilot ", "member"]) {
        assert!(
            line.starts_with(role) && line.contains(&format!("  {listens}/connexion/")),
            "{line}"
        );
    }
    assert_eq!(server.stop(), Some(0));
    let again = Server::start(folder.path());

    assert_eq!(again.told.len(), 1);
    let (_, people, _) = said(&run(folder.path(), &["person", "list"]));
    assert_eq!(people.lines().count(), 2, "{people}");
    assert_eq!(again.stop(), Some(0));
}

#[test]
fn what_keeps_it_from_starting_is_told_in_one_line() {
    let (folder, other) = (Folder::fresh(), Folder::fresh());
    let server = Server::start(folder.path());
    let listens = server.told[0].rsplit('/').next().unwrap().to_owned();

    refused(&run(folder.path(), &["serve"]), "in use by another tablee");
    refused(&run(folder.path(), &["migrate"]), "in use by another tablee");
    let taken = tablee(other.path(), &["serve", "--listen", &listens]).output().unwrap();
    refused(&taken, "cannot listen on");
    let file = other.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let unwritable = tablee(other.path(), &["serve"])
        .env("TABLEE_DATA_DIR", file.join("data"))
        .output()
        .unwrap();
    refused(&unwritable, "cannot be made");
    let no_database =
        tablee(other.path(), &["serve", "--database-url", "mysql://x"]).output().unwrap();
    refused(&no_database, "sqlite://");
    let no_smtp = tablee(other.path(), &["serve", "--smtp-url", "gopher://x"]).output().unwrap();
    refused(&no_smtp, "not understood");
}

#[test]
fn what_is_not_understood_is_told_in_one_line() {
    let folder = Folder::fresh();

    for words in [
        &["backup", "x"][..],
        &["serve", "--nonsense"],
        &["person", "add", "lea@exemple.fr", "--role", "queen"],
        &["person", "add", "not an address", "--role", "member"],
        &["sign-in-link", "nobody@exemple.fr"],
        &["person", "remove", "nobody@exemple.fr"],
    ] {
        let (code, _, told) = said(&run(folder.path(), words));
        assert_eq!(code, Some(2), "{words:?}: {told}");
        assert!(told.starts_with("tablee: ") && told.lines().count() == 1, "{words:?}: {told}");
    }
    std::fs::write(folder.path().join("tablee.toml"), "[server]\nlissten = \"x\"\n").unwrap();
    refused(&run(folder.path(), &["doctor"]), "lissten");
}

#[test]
fn commands_about_people_work_beside_a_server() {
    let folder = Folder::fresh();
    let server = Server::start(folder.path());
    let listens = server.told[0].strip_prefix("Tablée listens on ").unwrap().to_owned();

    let add = ["person", "add", " Lea@Exemple.fr ", "--role", "member", "--name", "Léa"];
    assert_eq!(said(&run(folder.path(), &add)).0, Some(0));
    refused(&run(folder.path(), &add), "already");
    let (code, link, _) = said(&run(folder.path(), &["sign-in-link", "lea@exemple.fr"]));
    assert_eq!(code, Some(0));
    assert!(link.starts_with(&format!("{listens}/connexion/")), "{link}");
    assert_eq!(
        said(&run(folder.path(), &["person", "role", "lea@exemple.fr", "pilot"])).0,
        Some(0)
    );
    let (_, people, _) = said(&run(folder.path(), &["person", "list"]));
    assert!(people.contains("pilot\tlea@exemple.fr\tLéa"), "{people}");
    assert_eq!(said(&run(folder.path(), &["person", "remove", "lea@exemple.fr"])).0, Some(0));
    let (code, verified, _) = said(&run(folder.path(), &["verify"]));

    assert_eq!(code, Some(0));
    assert!(verified.starts_with("formations: ok, 0 rows, 1 update"), "{verified}");
    assert!(verified.contains("formations: epoch 1, 1 updates from revision 1 to 1"), "{verified}");
    assert_eq!(said(&run(folder.path(), &["doctor"])).0, Some(0));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn whoever_takes_the_last_administrator_away_is_told_how_to_make_another_one() {
    let folder = Folder::fresh();
    let server = Server::start(folder.path());
    assert_eq!(server.stop(), Some(0));
    let person = |words: &[&str]| said(&run(folder.path(), &[&["person"], words].concat()));
    let left = "no administrator is left: `tablee person add ADDRESS --role admin` makes one";
    for name in ["ines", "max"] {
        let email = format!("{name}@exemple.fr");
        assert_eq!(person(&["add", &email, "--role", "admin"]).0, Some(0));
    }

    for (words, is_told) in [
        (&["role", "max@exemple.fr", "pilot"][..], false),
        (&["role", "ines@exemple.fr", "member"], true),
        (&["role", "ines@exemple.fr", "admin"], false),
        (&["remove", "max@exemple.fr"], false),
        (&["remove", "ines@exemple.fr"], true),
    ] {
        let (code, _, told) = person(words);

        assert_eq!(code, Some(0), "{words:?}: it is done");
        assert_eq!(told.contains(left), is_told, "{words:?}: {told}");
    }
    let (_, people, _) = person(&["list"]);
    assert!(!people.contains("admin\t") && !people.contains("ines@"), "{people}");
    assert_eq!(person(&["add", "zoe@exemple.fr", "--role", "admin"]).0, Some(0));
}

#[test]
fn the_doctor_tells_every_limit_and_follows_the_settings() {
    let folder = Folder::fresh();
    std::fs::write(
        folder.path().join("tablee.toml"),
        "[web]\nform_size = \"9 KiB\"\n[live]\npeers = 77\n",
    )
    .unwrap();

    let (code, told, _) = said(&run(folder.path(), &["doctor"]));

    assert_eq!(code, Some(0), "{told}");
    let (_, limits) = told.split_once("limits:\n").unwrap();
    let line = |name: &str| limits.lines().find(|line| line.trim_start().starts_with(name));
    assert!(line("web.form_size ").is_some_and(|line| line.contains(" 9216 bytes")), "{told}");
    assert!(line("peer.peers ").is_some_and(|line| line.contains(" 77 tabs")), "{told}");
    for limit in tablee_live::limits::table() {
        assert!(line(&format!("{} ", limit.name)).is_some(), "{}: {told}", limit.name);
    }
}

#[test]
fn erasing_shows_where_it_stands_needs_the_folder_for_itself_and_leaves_nothing() {
    let folder = Folder::fresh();
    let file = folder.path().join("offres.csv");
    std::fs::write(&file, "Intitulé;Organisme\nParler d'eau;Zoé Ferrandelle\n").unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(said(&run(folder.path(), &["import", file, "--apply"])).0, Some(0));
    std::fs::remove_file(file).unwrap();
    let erase = ["erase", "--words", "zoé ferrandelle"];
    let all = || said(&run(folder.path(), &["export", "--format", "json", "--all"])).1;
    std::fs::write(folder.path().join("data/started"), "").unwrap();

    let server = Server::start(folder.path());
    let (code, places, _) = said(&run(folder.path(), &erase));
    refused(&run(folder.path(), &[&erase[..], &["--apply"]].concat()), "in use by another tablee");
    assert_eq!(server.stop(), Some(0));
    assert_eq!(code, Some(0), "{places}");
    assert!(places.contains("history") && places.contains("nothing was erased"), "{places}");
    assert!(all().contains("Ferrandelle"));
    let (code, done, _) = said(&run(folder.path(), &[&erase[..], &["--apply", "--json"]].concat()));

    assert_eq!(code, Some(0), "{done}");
    let done: serde_json::Value = serde_json::from_str(&done).unwrap();
    assert_eq!(done["erasure"]["id"], 1);
    assert!(
        done["places"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["what"] == "live" && it["count"] == 1)
    );
    assert!(!all().contains("Ferrandelle") && all().contains("Parler d'eau"));
    for file in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("ferrandelle"), "{}", path.display());
    }
    let (code, verified, _) = said(&run(folder.path(), &["verify"]));
    assert_eq!(code, Some(0), "{verified}");
    assert!(verified.contains("epoch 2") && !verified.contains("epoch 1"), "{verified}");
    for (words, told) in [
        (&["erase"][..], "nothing to erase was named"),
        (&["erase", "--words", " "], "nothing to erase was named"),
        (&["erase", "--row", "pas une"], "no identifier"),
        (&["erase", "--cell", "r1"], "ROW:COLUMN"),
        (&["erase", "--row", "r1", "--table", "inconnue"], "no table"),
    ] {
        refused(&run(folder.path(), words), told);
    }
}
