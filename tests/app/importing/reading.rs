//! Who is read when: two files at a time, and each person's one after the other.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::support::Folder;

/// A reader that notes when it begins and when it ends, with what the file says.
fn a_noting_reader(folder: &Folder) -> PathBuf {
    let (program, log) = (folder.path().join("reader"), folder.path().join("log"));
    let script = format!(
        "#!/bin/sh\nread -r who\necho \"+$who\" >> {log}\n\
        at=0; while [ $at -lt 30000 ]; do at=$((at + 1)); done\n\
        echo \"-$who\" >> {log}\necho '\"end\"'\n",
        log = log.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    program
}

#[tokio::test]
async fn two_files_are_read_at_a_time_and_each_persons_one_after_the_other() {
    let tools = Folder::fresh();
    let app = TestApp::start_reading_with(a_noting_reader(&tools)).await;
    let mut plans = Vec::new();
    for name in ["Léa", "Nour", "Zoé"] {
        let who = pilot(&app, name).await;
        for _ in 0..2 {
            let file = SourceFile { name: "x.csv".into(), bytes: format!("{name}\n").into() };
            plans.push(app.app.importer.submit(who, FORMATIONS, file).await.unwrap());
        }
    }

    for id in &plans {
        app.app.importer.wait_for(id).await.unwrap();
    }

    let log = std::fs::read_to_string(tools.path().join("log")).unwrap();
    let (mut reading, mut most) = (Vec::new(), 0);
    for line in log.lines() {
        let (sign, who) = line.split_at(1);
        if sign == "+" {
            assert!(!reading.contains(&who), "{who} is read twice at once:\n{log}");
            reading.push(who);
        } else {
            reading.retain(|other| *other != who);
        }
        most = most.max(reading.len());
    }
    // Other tests of this process read, too.
    assert!(log.lines().count() == 12 && most <= 2, "{log}");
    app.end().await;
}
