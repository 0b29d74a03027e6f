use std::path::Path;

use crate::tree::{files, root};

/// The targets of `[text](target)` in a page.
fn targets(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut looked_at = 0;
    for (path, text) in files(".", ".md") {
        let path = path.trim_start_matches("./");
        let folder = root().join(Path::new(path).parent().unwrap_or(Path::new("")));
        for target in targets(&text) {
            if target.starts_with("http")
                || target.starts_with('#')
                || target.starts_with("mailto:")
            {
                continue;
            }
            let file = target.split('#').next().unwrap_or_default();
            looked_at += 1;
            assert!(folder.join(file).exists(), "{path} points to {target}, which is not there");
        }
    }
    assert!(looked_at > 5, "the rule must see links");
}
