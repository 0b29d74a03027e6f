use crate::tree::{files, production};

#[test]
fn no_rust_file_has_more_than_500_production_lines() {
    let long: Vec<_> = files("server", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.contains("/tests/"))
        .map(|(path, text)| (path, production(&text).lines().count()))
        .filter(|(_, lines)| *lines > 500)
        .collect();

    assert!(long.is_empty(), "two subjects in one file: {long:?}");
}

#[test]
fn no_typescript_file_has_more_than_400_lines() {
    let mut all = files("client/src", ".ts");
    all.extend(files("client/src", ".tsx"));
    let long: Vec<_> = all
        .into_iter()
        // A dictionary is one long list by nature.
        .filter(|(path, _)| !path.starts_with("client/src/i18n/"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .collect();

    assert!(long.is_empty(), "two subjects in one file: {long:?}");
}
