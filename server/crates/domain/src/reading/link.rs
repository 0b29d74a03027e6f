//! Links: addresses of the web, safe to follow, as the person gave them.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{Reading, Why};

/// Reads the address of a page. Only `http` and `https`, never with a name or password inside.
pub fn link(words: &str) -> Reading {
    let pieces: Vec<&str> = words.split_whitespace().collect();
    let (candidates, others): (Vec<&str>, Vec<&str>) =
        pieces.iter().map(|word| bare(word)).partition(|word| looks_like(word));
    let Some(first) = candidates.first() else {
        // An address with spaces inside is still one address.
        return if looks_like(words) { one(words, words) } else { refused(words) };
    };
    if candidates.len() == 1 && has_spaces_inside(&pieces) {
        return one(words, words);
    }
    let reading = one(first, words);
    let joins = |word: &&&str| {
        word.chars().any(char::is_alphanumeric) && !matches!(**word, "et" | "ou" | "puis")
    };
    let beside: Vec<&str> = others.iter().filter(joins).copied().collect();
    let reading = candidates[1..]
        .iter()
        .fold(reading, |reading, other| reading.doubting(Why::SeveralLinks, other));
    let told = beside.is_empty() || reading.value.is_empty();
    if told { reading } else { reading.doubting(Why::UnknownWords, &beside.join(" ")) }
}

/// `https://x.fr/du école/page.html`: the words behind the first go on like an address.
fn has_spaces_inside(pieces: &[&str]) -> bool {
    const FILES: [&str; 5] = [".html", ".htm", ".pdf", ".php", ".aspx"];
    let [first, .., last] = pieces else { return false };
    let lower = last.to_lowercase();
    first.to_lowercase().starts_with("http")
        && (last.contains('/') || FILES.iter().any(|file| lower.ends_with(file)))
        && !last.starts_with(['(', '/'])
}

/// Whether the words look like an address at all.
pub fn looks_like(words: &str) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(https?://\S|www\.\S+\.\S|[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(/\S*)?$)")
            .expect("a fixed pattern")
    });
    SHAPE.is_match(words) && !words.contains('@') || words.to_lowercase().starts_with("http")
}

fn bare(word: &str) -> &str {
    word.trim_start_matches(['<', '(', '"', '«', '“'])
        .trim_end_matches(['>', ')', '"', '»', '”', ',', ';'])
}

fn one(address: &str, words: &str) -> Reading {
    let lower = address.to_lowercase();
    let has_scheme = lower.starts_with("http://") || lower.starts_with("https://");
    let whole = if has_scheme { address.to_owned() } else { format!("https://{address}") };
    let Ok(mut url) = Url::parse(&whole) else { return Reading::unread(words, Why::NotALink) };
    if !matches!(url.scheme(), "http" | "https") {
        return Reading::unread(words, Why::SchemeNotAllowed);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Reading::unread(words, Why::LinkWithPassword);
    }
    if !url.host_str().is_some_and(|host| host.contains('.') || host.contains(':')) {
        return Reading::unread(words, Why::NotALink);
    }
    let short = SHORTENERS.contains(&url.host_str().unwrap_or_default());
    let dropped = drop_tracking(&mut url);
    let plain = dropped.is_empty() && whole.is_ascii() && !whole.contains(char::is_whitespace);
    let value = if plain { whole.clone() } else { String::from(url) };
    let reading = Reading::sure(value.as_str());
    let rewritten = !plain && !whole.is_ascii() || whole.contains(char::is_whitespace);
    let reading =
        if rewritten { reading.doubting(Why::AddressRewritten, address) } else { reading };
    let reading = if value == words { reading } else { reading.keeping(words) };
    let reading = if short { reading.doubting(Why::ShortLink, address) } else { reading };
    dropped.iter().fold(reading, |reading, mark| reading.doubting(Why::TrackingDropped, mark))
}

/// Addresses that lead to another one.
const SHORTENERS: [&str; 10] = [
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "ow.ly",
    "lnkd.in",
    "urlr.me",
    "is.gd",
    "buff.ly",
    "cutt.ly",
];

/// Takes the marks of campaigns out of an address and says which they were.
fn drop_tracking(url: &mut Url) -> Vec<String> {
    let Some(query) = url.query() else { return Vec::new() };
    let is_mark = |pair: &&str| pair.to_ascii_lowercase().starts_with("utm_");
    let (marks, kept): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_mark);
    let (marks, kept): (Vec<String>, String) =
        (marks.into_iter().map(str::to_owned).collect(), kept.join("&"));
    if !marks.is_empty() {
        url.set_query(Some(kept.as_str()).filter(|kept| !kept.is_empty()));
    }
    marks
}

fn refused(words: &str) -> Reading {
    static SCHEME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^[a-z][a-z0-9+.-]*:").expect("a fixed pattern"));
    let why = if SCHEME.is_match(words) { Why::SchemeNotAllowed } else { Why::NotALink };
    Reading::unread(words, why)
}

/// What is left of an address when two writings of it are compared: no scheme, no `www.`, no campaign, no
/// slash at the end.
pub fn match_key(address: &str) -> String {
    let Ok(mut url) = Url::parse(address.trim()) else { return crate::text::fold(address) };
    drop_tracking(&mut url);
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|part| format!("#{part}")).unwrap_or_default();
    format!("{host}{}{query}{fragment}", url.path().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn why(reading: &Reading) -> Vec<Why> {
        reading.doubts.iter().map(|doubt| doubt.why).collect()
    }

    #[test]
    fn an_address_stays_as_it_was_given() {
        for address in ["https://i-cpc.org/?p=15914", "http://a.fr/x#gid=0", "https://x.fr"] {
            assert_eq!(link(address), Reading::sure(address));
        }
    }

    #[test]
    fn an_address_without_scheme_gets_the_safe_one() {
        assert_eq!(link("www.lisode.com").value, "https://www.lisode.com".into());
        assert_eq!(link("lisode.com/formation").value, "https://lisode.com/formation".into());
    }

    #[test]
    fn campaign_marks_go_and_accents_are_written_for_the_web() {
        let marked = link("https://x.fr/p?utm_source=lettre&id=2&utm_medium=mail#suite");
        let accented = link("https://x.fr/du-école");

        assert_eq!(marked.value, "https://x.fr/p?id=2#suite".into());
        assert_eq!(why(&marked), [Why::TrackingDropped, Why::TrackingDropped]);
        assert_eq!(accented.value, "https://x.fr/du-%C3%A9cole".into());
        assert_eq!(accented.words, "https://x.fr/du-école");
    }

    #[test]
    fn dangerous_addresses_are_not_values() {
        for words in
            ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.fr"]
        {
            let reading = link(words);
            assert_eq!(reading.value, crate::table::Plain::Null);
            assert_eq!(why(&reading), [Why::SchemeNotAllowed], "{words}");
        }
        assert_eq!(why(&link("https://moi:secret@x.fr/")), [Why::LinkWithPassword]);
        assert_eq!(why(&link("http://localhost/x")), [Why::NotALink]);
    }

    #[test]
    fn of_several_addresses_the_first_is_taken_and_the_others_are_said() {
        let reading = link("https://a.fr et https://b.fr");

        assert_eq!(reading.value, "https://a.fr".into());
        assert_eq!(why(&reading), [Why::SeveralLinks]);
        assert_eq!(reading.words, "https://a.fr et https://b.fr");
    }

    #[test]
    fn words_are_no_address() {
        assert_eq!(
            link("voir leur catalogue"),
            Reading::unread("voir leur catalogue", Why::NotALink)
        );
    }

    #[test]
    fn two_writings_of_one_address_have_one_key() {
        let key = match_key("https://www.x.fr/a/");

        assert_eq!(match_key("http://x.fr/a?utm_source=b"), key);
        assert_ne!(match_key("http://x.fr/a?id=1"), key);
    }

    proptest! {
        #[test]
        fn a_value_is_always_a_safe_address(words in "\\PC*|(https?://|www\\.|javascript:)[a-z@:./?&=#é]*") {
            let reading = link(&words);
            if let Some(address) = reading.value.as_text() {
                let url = Url::parse(address).unwrap();
                prop_assert!(matches!(url.scheme(), "http" | "https"));
                prop_assert!(url.username().is_empty() && url.password().is_none());
            }
        }

        #[test]
        fn reading_an_address_again_changes_nothing(words in "(https?://|www\\.)[a-z]{2,5}\\.fr/[a-zé?&=#_]*") {
            let once = link(&words).value;
            if let Some(address) = once.as_text() {
                prop_assert_eq!(link(address).value, once);
            }
        }
    }
}
