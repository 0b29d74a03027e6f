//! A text that people wrote, on a page.

use askama::Template;

use super::in_language;
use crate::i18n::{Locale, t};
use crate::site::prose::{Block, Run};

/// A text as a page shows it: `{{ text }}` in a template. What people wrote is words and links, never markup.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/prose.html")]
pub struct Prose {
    /// The language of the page: its links stay in it.
    pub locale: Locale,
    /// The pieces.
    pub blocks: Vec<Block>,
}

/// Its own template escaped each word of it.
impl askama::filters::HtmlSafe for Prose {}

impl Prose {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    fn link(&self, address: &str) -> String {
        in_language(self.locale, address)
    }

    fn missing(&self, what: &str) -> String {
        t(self.locale, "site.fact.missing", &[("what", what)]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteSettings;
    use crate::site::prose::read;
    use crate::templates::HOSTILE;

    fn html(locale: Locale, text: &str) -> String {
        let facts = SiteSettings::default().facts(locale);
        Prose { locale, blocks: read(text, &facts) }.to_string()
    }

    #[test]
    fn a_text_becomes_paragraphs_lists_titles_and_links() {
        let html =
            html(Locale::En, "## Rights\na\nb [c](/mentions#d) https://e.fr\n\n- f\n- g@h.fr");

        assert_eq!(
            html,
            "<h2>Rights</h2>\n<p>a<br>b <a href=\"/mentions?lang=en#d\">c</a> \
             <a href=\"https://e.fr\" rel=\"noopener noreferrer\">https://e.fr</a></p>\n\
             <ul>\n<li>f</li>\n<li><a href=\"mailto:g@h.fr\">g@h.fr</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn what_is_missing_is_marked_in_words() {
        let html = html(Locale::Fr, "Écrire à {contact}.");

        let gap = "<mark>[à compléter\u{a0}: adresse de courriel de contact]</mark>";
        assert_eq!(html, format!("<p>Écrire à {gap}.</p>\n"));
    }

    #[test]
    fn nothing_that_people_write_becomes_markup() {
        for text in [HOSTILE.to_owned(), format!("## {HOSTILE}"), format!("- [{HOSTILE}](/x\"y)")] {
            let html = html(Locale::Fr, &text);

            assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
            assert!(!html.contains("href=\"/x\"y"), "{html}");
        }
    }
}
