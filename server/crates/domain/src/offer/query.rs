//! What a visitor asks of the catalogue, and its form in an address.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::ColumnId;
use crate::table::Columns;
use crate::text::fold::fold;

/// The order of the offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Those that answer the words best first.
    Relevance,
    /// The next session first; offers without one to come after all others.
    Dates,
    /// By title.
    Title,
    /// By provider.
    Provider,
    /// The latest checked first.
    Recent,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 5] =
        [Self::Relevance, Self::Dates, Self::Title, Self::Provider, Self::Recent];

    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "pertinence",
            Self::Dates => "dates",
            Self::Title => "titre",
            Self::Provider => "organisme",
            Self::Recent => "recent",
        }
    }

    /// The order that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// A query. Its address holds `q`, one parameter per facet, `tri` and `page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Words that must all be there.
    pub q: String,
    /// Option ids by column: one of each column's must be there.
    pub facets: BTreeMap<ColumnId, BTreeSet<String>>,
    /// Only offers with a session to come.
    pub to_come: bool,
    /// The order that was asked for; see [`Query::order`].
    pub sort: Option<Sort>,
    /// The page, from 1.
    pub page: usize,
}

/// The column of dates, by which offers with a session to come are asked for, and the word for that.
pub const SESSIONS: &str = "sessions";
/// See [`SESSIONS`].
pub const TO_COME: &str = "a_venir";

impl Default for Query {
    fn default() -> Self {
        Self { q: String::new(), facets: BTreeMap::new(), to_come: false, sort: None, page: 1 }
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
                SESSIONS => query.to_come |= value == TO_COME,
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
        if self.to_come {
            pairs.push((SESSIONS.to_owned(), TO_COME.to_owned()));
        }
        if let Some(sort) = self.sort.filter(|sort| *sort != self.usual_order()) {
            pairs.push(("tri".to_owned(), sort.as_str().to_owned()));
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

    /// The same query with and without offers whose sessions are over, from the first page.
    #[must_use]
    pub fn toggled_to_come(&self) -> Self {
        Self { to_come: !self.to_come, page: 1, ..self.clone() }
    }

    /// The order of what it finds: the one that was asked for, else the usual one.
    pub fn order(&self) -> Sort {
        self.sort.filter(|sort| *sort != Sort::Relevance).unwrap_or_else(|| self.usual_order())
    }

    /// The order where none is asked for: by how well the words are answered, or by date where there are none.
    pub fn usual_order(&self) -> Sort {
        if self.has_words() { Sort::Relevance } else { Sort::Dates }
    }

    /// Whether words are looked for.
    pub fn has_words(&self) -> bool {
        self.q.chars().any(char::is_alphanumeric)
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
        !self.q.trim().is_empty() || !self.facets.is_empty() || self.to_come
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
        let pairs = [
            ("q", "eau"),
            ("themes", "eau"),
            ("type", "mooc"),
            ("sessions", "a_venir"),
            ("tri", "recent"),
            ("page", "2"),
        ];

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
    fn the_usual_order_goes_without_saying_and_needs_words_to_be_by_relevance() {
        let columns = Columns::new(formations());
        let of = |pairs: &[(&str, &str)]| Query::from_pairs(&columns, pairs.iter().copied());

        assert_eq!(of(&[]).order(), Sort::Dates);
        assert_eq!(of(&[("q", "eau")]).order(), Sort::Relevance);
        assert_eq!(of(&[("tri", "pertinence")]).order(), Sort::Dates);
        assert_eq!(of(&[("q", "eau"), ("tri", "dates")]).order(), Sort::Dates);
        assert_eq!(of(&[("q", "eau"), ("tri", "pertinence")]).pairs().len(), 1);
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
        fn any_address_is_read_and_written_alike(pairs in prop::collection::vec((".*", ".*"), 0..6)) {
            let query = Query::from_pairs(&Columns::new(formations()), pairs);

            let again = Query::from_pairs(&Columns::new(formations()), query.pairs());
            prop_assert_eq!(again.pairs(), query.pairs());
        }
    }
}
