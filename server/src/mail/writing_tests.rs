use super::*;
use crate::templates::HOSTILE;

fn public() -> PublicUrl {
    PublicUrl::try_from("https://tablee.example.org".to_owned()).unwrap()
}

fn written(kind: &LetterKind, locale: Locale) -> Written {
    let public_url = public();
    let pen = Pen { public_url: &public_url, site: None, locale };
    Written::letter(pen.write(kind), pen, &[])
}

/// All letters in both languages.
fn every_letter(words: &str) -> impl Iterator<Item = (String, Written)> {
    LetterKind::samples(words).into_iter().flat_map(|kind| {
        Locale::ALL.map(|locale| (format!("{} {kind:?}", locale.tag()), written(&kind, locale)))
    })
}

/// The HTML part without its markup.
fn plain(html: &str) -> String {
    let html = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut words = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        rest = rest[open..].split_once('>').map(|(_, rest)| rest).unwrap_or_default();
        words.push(' ');
    }
    words.push_str(rest);
    words.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'")
}

#[test]
fn each_letter_says_the_same_as_text_and_as_html() {
    for (name, written) in every_letter("Animer un débat public") {
        let html = plain(&written.html);
        for line in written.text.lines() {
            let line = line.trim_start_matches(['>', '-', ' ']);
            let is_address = line.starts_with("https://");
            let said = if is_address { written.html.contains(line) } else { html.contains(line) };
            assert!(said, "{name}: `{line}` is missing in\n{}", written.html);
        }
        assert!(!written.subject.is_empty() && written.text.len() > 60, "{name}");
        for part in [&written.subject, &written.text, &html] {
            assert!(!part.contains("mails.") && !part.contains('{'), "{name}: {part}");
        }
    }
}

#[test]
fn what_somebody_typed_stands_in_no_subject_and_makes_no_markup() {
    let typed = format!("{HOSTILE}\r\nBcc: tous@exemple.fr\n\n.\n");
    for (name, written) in every_letter(&typed) {
        assert!(!written.subject.contains("alert") && !written.subject.contains("Bcc"), "{name}");
        assert!(!written.subject.contains(char::is_control), "{name}");
        assert!(!written.html.contains("<script") && !written.html.contains("<img"), "{name}");
    }
}

#[test]
fn an_address_that_nobody_confirmed_reads_no_word_that_a_visitor_typed() {
    let kind = LetterKind::ConfirmProposal {
        link: "/proposer/confirmer/00ff".to_owned(),
        receipt: "P-12-KD".to_owned(),
    };

    // It has no place for any: a letter that gets one must be looked at here.
    let LetterKind::ConfirmProposal { link: _, receipt: _ } = &kind else { unreachable!() };
    let written = written(&kind, Locale::Fr);

    assert!(written.text.contains("https://tablee.example.org/proposer/confirmer/00ff"));
    assert_eq!(written.html.matches("<a ").count(), 2, "one address, as a button and in full");
}

#[test]
fn links_lead_to_our_own_pages_in_the_language_of_the_reader() {
    let links = |written: &Written| -> Vec<String> {
        let parts = written.html.split("href=\"").skip(1);
        parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };

    for (name, written) in every_letter("https://evil.example javascript:alert(1)") {
        for link in links(&written) {
            assert!(link.starts_with("https://tablee.example.org/"), "{name}: {link}");
            assert_eq!(link.contains("lang=en"), name.starts_with("en"), "{name}: {link}");
        }
    }
}

#[test]
fn a_list_of_one_is_told_as_one() {
    let waiting = vec![(Waiting::Received, 1)];
    let digest = LetterKind::Digest { waiting, link: "/atelier".to_owned() };

    assert_eq!(written(&digest, Locale::Fr).subject, "À l’atelier\u{a0}: 1 chose à faire");
    assert_eq!(written(&digest, Locale::En).subject, "At the desk: 1 thing to do");
}

#[test]
fn a_mail_holds_its_words_then_why_it_came() {
    let kind = LetterKind::Removed { receipt: "P-1-AA".to_owned(), title: "Débattre".to_owned() };
    let public_url = public();
    let pen = Pen { public_url: &public_url, site: None, locale: Locale::Fr };
    let link = Some(("Ne plus".to_owned(), "https://x/d".to_owned()));
    let footer = [
        Below { words: "Parce que <vous>.".to_owned(), link: None },
        Below { words: String::new(), link },
    ];

    let mail = Written::letter(pen.write(&kind), pen, &footer);

    assert!(mail.text.starts_with("Bonjour,\n\n"), "{}", mail.text);
    let end = "\n\n-- \nParce que <vous>.\nNe plus\nhttps://x/d\n";
    assert!(mail.text.ends_with(end), "{}", mail.text);
    assert!(mail.html.contains("Parce que &#60;vous&#62;."), "{}", mail.html);
    assert!(mail.html.starts_with("<!doctype html>") && mail.html.contains("<html lang=\"fr\">"));
    assert!(mail.html.len() < 4_000, "{}", mail.html.len());
}
