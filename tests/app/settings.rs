//! Settings: where they come from, and what is said when they are wrong.

use std::collections::HashMap;
use std::path::PathBuf;

use tablee::config::sources::{Origin, SETTINGS, example};
use tablee::config::{Flags, Loaded, Secret};

use crate::support::Folder;

fn read(flags: &Flags, file: Option<&str>, variables: &[(&str, &str)]) -> Result<Loaded, String> {
    let folder = Folder::fresh();
    let mut variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if let Some(text) = file {
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, text).unwrap();
        variables.insert("TABLEE_CONFIG".to_owned(), path.display().to_string());
    }
    Loaded::read(flags, &|name| variables.get(name).cloned()).map_err(|error| error.to_string())
}

#[test]
fn a_flag_wins_over_the_environment_the_environment_over_the_file() {
    let file = "[server]\nlisten = \"file:1\"\ndata_dir = \"from-file\"\n[people]\nmembers_edit = \"own\"\n";
    let variables = [("TABLEE_LISTEN", "variable:2"), ("TABLEE_DATA_DIR", "from-variable")];
    let flags = Flags { listen: Some("flag:3".to_owned()), ..Flags::default() };

    let loaded = read(&flags, Some(file), &variables).unwrap();

    assert_eq!(loaded.config.server.listen, "flag:3");
    assert_eq!(loaded.config.server.data_dir, PathBuf::from("from-variable"));
    assert_eq!(loaded.origin("server.listen"), Origin::Flag);
    assert_eq!(loaded.origin("server.data_dir"), Origin::Variable("TABLEE_DATA_DIR"));
    assert_eq!(loaded.origin("people.members_edit"), Origin::File);
    assert_eq!(loaded.origin("log.filter"), Origin::Default);
    assert_eq!(loaded.config.database_url(), "sqlite://from-variable/tablee.db");
}

#[test]
fn what_is_not_understood_is_told_with_its_name() {
    for (file, word) in [
        ("[server]\nlisten_on = \"x\"\n", "listen_on"),
        ("[serveur]\n", "serveur"),
        ("[server]\nstop_within = \"soon\"\n", "soon"),
        ("[server]\npublic_url = \"ftp://x\"\n", "ftp://x"),
        ("[server]\npublic_url = \"https://x/path\"\n", "https://x/path"),
        ("[people]\nmembers_edit = \"some\"\n", "some"),
        ("[server\n", "not understood"),
    ] {
        let complaint = read(&Flags::default(), Some(file), &[]).unwrap_err();
        assert!(complaint.contains(word), "{file}: {complaint}");
        assert!(!complaint.contains('\n'), "{file}: {complaint}");
    }
    let flags = Flags { config: Some("nowhere.toml".into()), ..Flags::default() };
    assert!(read(&flags, None, &[]).unwrap_err().contains("nowhere.toml"));
}

#[test]
fn a_password_is_shown_nowhere() {
    let variables = [
        ("TABLEE_DATABASE_URL", "postgres://tablee:hunter2@db.example.org/tablee"),
        ("TABLEE_SMTP_URL", "smtps://tablee:hunter2@mail.example.org"),
    ];

    let loaded = read(&Flags::default(), None, &variables).unwrap();
    let told = format!("{:?} {:?}", loaded.config, loaded.shown());

    assert!(!told.contains("hunter2"), "{told}");
    assert!(told.contains("db.example.org") && told.contains("mail.example.org"), "{told}");
    assert_eq!(Secret::new("hunter2").to_string(), "***");
    assert!(loaded.config.database_url().contains("hunter2"), "the program itself knows it");
}

#[test]
fn the_example_file_is_what_the_defaults_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tablee.example.toml");
    if std::env::vars().any(|(name, _)| name == "WRITE_EXAMPLE") {
        std::fs::write(path, example()).unwrap();
    }

    let written = std::fs::read_to_string(path).unwrap();

    assert_eq!(written, example(), "run the test once with WRITE_EXAMPLE=1");
}

#[test]
fn the_example_file_holds_every_setting_and_can_be_used_as_it_is() {
    let uncommented: String = example()
        .lines()
        .filter_map(|line| match line.strip_prefix("# ") {
            Some(setting)
                if setting.split_once(" = ").is_some_and(|(name, _)| !name.contains(' ')) =>
            {
                Some(format!("{setting}\n"))
            }
            Some(_) => None,
            None => Some(format!("{line}\n")),
        })
        .collect();

    let loaded = read(&Flags::default(), Some(&uncommented), &[]).unwrap();

    for setting in SETTINGS {
        assert_eq!(loaded.origin(setting.key), Origin::File, "{}", setting.key);
    }
}
