use crate::tree::files;

/// Names that say nothing.
const VAGUE: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"];

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let mut all = files("server", ".rs");
    all.extend(files("client/src", ".ts"));
    all.extend(files("tests", ".rs"));
    all.extend(files("tests", ".ts"));

    for (path, _) in all {
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        let vague = stem.split('_').any(|word| VAGUE.contains(&word)) || stem.starts_with("new_");
        assert!(!vague, "{path}: name the subject");
    }
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    let mut all = files("server", ".rs");
    all.extend(files("client/src", ".ts"));
    all.extend(files("client/src", ".tsx"));

    for (path, text) in all {
        for (line, words) in text.lines().enumerate() {
            let left = words.contains("TODO") || words.contains("FIXME") || words.contains("XXX");
            assert!(!left, "{path}:{}: {words}", line + 1);
        }
    }
}

#[test]
fn statements_are_written_in_lower_case_with_numbered_parameters() {
    const LOUD: [&str; 6] =
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "CREATE TABLE", "WHERE "];
    // The templates of statements, and the sentences of the database in tests, stand elsewhere.
    for (path, text) in files("server/crates/storage/src", ".rs") {
        for word in LOUD {
            assert!(!text.contains(word), "{path}: `{word}` in capitals");
        }
        assert!(!text.contains("values (?"), "{path}: parameters are `$1`, for both engines");
    }
}

#[test]
fn the_browser_never_gets_a_text_as_html() {
    let mut all = files("client/src", ".ts");
    all.extend(files("client/src", ".tsx"));

    for (path, text) in all {
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "dangerouslySetInnerHTML"] {
            assert!(!text.contains(way), "{path}: {way}");
        }
    }
}

#[test]
fn templates_hold_no_script_and_no_style() {
    for (path, text) in files("server/templates", ".html") {
        // Programs that show mails read no other style; no page is made of these.
        let is_mail = path.starts_with("server/templates/mails/");
        assert!(!text.contains("<style"), "{path}: inline style");
        assert!(is_mail || !text.contains(" style="), "{path}: inline style");
        assert!(
            !text.contains(" onclick=") && !text.contains("javascript:"),
            "{path}: inline script"
        );
        assert!(!text.contains("|safe"), "{path}: what people wrote is always escaped");
    }
}
