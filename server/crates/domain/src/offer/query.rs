//! What a visitor asks of the catalogue, and its form in an address.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::ColumnId;
use crate::table::Columns;
use crate::text::fold::{fold, key, singular};

/// The order of the offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum Sort {
    /// By title.
    #[default]
    Title,
    /// By provider.
    Provider,
    /// The latest checked first.
    Recent,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::Title, Self::Provider, Self::Recent];

    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "titre",
            Self::Provider => "organisme",
            Self::Recent => "recent",
        }
    }

    /// The order that a word names; by title for any other.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word).unwrap_or_default()
    }
}

/// A query. Its address holds `q`, one parameter per facet, `tri` and `page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words that must all be there.
    pub q: String,
    /// Option ids by column: one of each column's must be there.
    pub facets: BTreeMap<ColumnId, BTreeSet<String>>,
    /// The order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self { q: String::new(), facets: BTreeMap::new(), sort: Sort::Title, page: 1 }
    }
}

impl Query {
    /// The longest search that is looked at, in characters.
    pub const LONGEST: usize = 200;

    /// Reads the parameters of an address. What it does not know is left out; an option may be named by its
    /// id or by its French label.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        columns: &Columns,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            let value = value.as_ref().trim();
            match name.as_ref() {
                "q" => query.q = value.chars().take(Self::LONGEST).collect(),
                "tri" => query.sort = Sort::parse(value),
                "page" => query.page = value.parse().unwrap_or(1).max(1),
                name => query.add_facet(columns, name, value),
            }
        }
        query
    }

    fn add_facet(&mut self, columns: &Columns, name: &str, value: &str) {
        let column = columns.get(name).filter(|column| column.public && !column.archived);
        let Some(column) = column else { return };
        let folded = fold(value);
        let by_label = || column.options.iter().find(|option| fold(&option.label.fr) == folded);
        if let Some(option) = column.option(value).or_else(by_label) {
            let options = self.facets.entry(column.id.clone()).or_default();
            options.insert(option.id.as_str().to_owned());
        }
    }

    /// The parameters of its address, without those that say nothing; always in the same order.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.q.is_empty() {
            pairs.push(("q".to_owned(), self.q.clone()));
        }
        for (column, options) in &self.facets {
            pairs.extend(options.iter().map(|option| (column.to_string(), option.clone())));
        }
        if self.sort != Sort::default() {
            pairs.push(("tri".to_owned(), self.sort.as_str().to_owned()));
        }
        if self.page > 1 {
            pairs.push(("page".to_owned(), self.page.to_string()));
        }
        pairs
    }

    /// The same query with an option put in or taken out, from the first page.
    #[must_use]
    pub fn toggled(&self, column: &ColumnId, option: &str) -> Self {
        let mut query = Self { page: 1, ..self.clone() };
        let options = query.facets.entry(column.clone()).or_default();
        if !options.remove(option) {
            options.insert(option.to_owned());
        }
        query.facets.retain(|_, options| !options.is_empty());
        query
    }

    /// The same query at another page.
    #[must_use]
    pub fn at_page(&self, page: usize) -> Self {
        Self { page, ..self.clone() }
    }

    /// Whether it asks for this option.
    pub fn asks_for(&self, column: &ColumnId, option: &str) -> bool {
        self.facets.get(column).is_some_and(|options| options.contains(option))
    }

    /// Whether it asks for less than everything.
    pub fn narrows(&self) -> bool {
        !self.q.trim().is_empty() || !self.facets.is_empty()
    }

    /// The words to look for.
    pub(super) fn words(&self) -> Vec<Word> {
        let folded = fold(&self.q);
        folded.split(' ').filter(|word| !word.is_empty()).map(Word::new).collect()
    }
}

/// One word that must be there: as written, or without its plural and inclusive endings.
pub(super) struct Word(Vec<String>);

impl Word {
    fn new(folded: &str) -> Self {
        let trimmed = folded.trim_matches(|c: char| !c.is_alphanumeric());
        let word = if trimmed.is_empty() { folded } else { trimmed };
        let mut forms = vec![word.to_owned(), singular(word).into_owned()];
        // `l'eau` has the key `l eau`: two words, which would never be found as one.
        forms.extend(Some(key(word)).filter(|key| !key.is_empty() && !key.contains(' ')));
        forms.dedup();
        Self(forms)
    }

    /// Whether a word of the folded text starts like one of the forms.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.iter().any(|form| {
            text.match_indices(form.as_str())
                .any(|(at, _)| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::defaults::formations;

    #[test]
    fn an_address_is_read_and_written_alike() {
        let columns = Columns::new(formations());
        let pairs =
            [("q", "eau"), ("themes", "eau"), ("type", "mooc"), ("tri", "recent"), ("page", "2")];

        let query = Query::from_pairs(&columns, pairs);

        let written = query.pairs();
        let written: Vec<(&str, &str)> =
            written.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(written, pairs);
    }

    #[test]
    fn what_an_address_makes_up_is_left_out() {
        let columns = Columns::new(formations());
        let pairs = [("type", "jamais_vu"), ("inconnu", "x"), ("tri", "prix"), ("page", "-3")];

        assert_eq!(Query::from_pairs(&columns, pairs), Query::default());
    }

    #[test]
    fn an_option_may_be_named_by_its_label() {
        let columns = Columns::new(formations());

        let query = Query::from_pairs(&columns, [("modalite", "Présentiel")]);

        assert!(query.asks_for(&ColumnId::new("modalite").unwrap(), "presentiel"));
    }

    #[test]
    fn choosing_an_option_twice_gives_the_query_back() {
        let query = Query { page: 1, q: "eau".into(), ..Query::default() };
        let column = ColumnId::new("type").unwrap();

        let once = query.at_page(4).toggled(&column, "mooc");

        assert_eq!(once.page, 1);
        assert_eq!(once.toggled(&column, "mooc"), query);
    }

    proptest! {
        #[test]
        fn no_address_makes_it_fail(pairs in prop::collection::vec((".*", ".*"), 0..6), text in ".*") {
            let query = Query::from_pairs(&Columns::new(formations()), pairs);

            for word in query.words() {
                word.is_in(&text);
            }
        }
    }
}
